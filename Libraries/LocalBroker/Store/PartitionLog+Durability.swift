/// The index of a segment that waits to be durable under a temporary name.
struct PendingIndex {
    let segment: Segment
    let path: String
    let covers: SegmentPoint
    /// The end of the log in the work that synchronises it; nil before there is one.
    var workEnd: Int64?
}

extension PartitionLog {
    /// What must be synchronised so that everything appended until now is durable; nil when it is, and without sync.
    /// Handed to `SyncThread.submit`, at best once a turn of the loop.
    func takeSyncWork() -> SyncWork? {
        guard options.sync, failure == nil else { return nil }
        let end = Mark(active.point)
        // Each work has an end of its own, so that a result names one work. Other files wait for the next append.
        guard end.offset > (marks.last ?? shown).offset else { return nil }
        var files = otherFiles
        do throws(StoreError) { files.append(try active.log()) } catch {
            failure = error
            return nil
        }
        for place in pendingIndexes.indices where pendingIndexes[place].workEnd == nil {
            pendingIndexes[place].workEnd = end.offset
        }
        otherFiles = []
        marks.append(end)
        return SyncWork(log: identifier, upTo: end.offset, files: files)
    }

    /// Shows what lies below `offset`, which came with a `SyncResult` of this log.
    func markDurable(upTo offset: Int64) {
        guard failure == nil else { return }
        var passed = 0
        while passed < marks.count, marks[passed].offset <= offset {
            shown = marks[passed]
            passed += 1
        }
        marks.removeFirst(passed)
        guard !pendingIndexes.isEmpty else { return }
        let ready = pendingIndexes.filter { $0.workEnd.map { $0 <= offset } ?? false }
        pendingIndexes.removeAll { $0.workEnd.map { $0 <= offset } ?? false }
        for pending in ready { publish(pending) }
    }

    /// Takes the log offline until it is opened again. Called with the failure of a `SyncResult`: what the system has
    /// once failed to write may be lost though a second attempt succeeds.
    ///
    /// Everything that is not durable is cut off, since it may look whole as long as the machine runs and be gone later;
    /// none of it was acknowledged.
    func markFailed(_ error: StoreError) {
        guard failure == nil else { return }
        failure = error
        do throws(StoreError) {
            while let last = segments.last, last.baseOffset > shown.segment {
                try last.removeFiles()
                segments.removeLast()
            }
            active = segments[segments.count - 1]
            try active.log().truncate(to: shown.position)
            try active.log().synchronize()
        } catch {
            failure = .offline(reason: "\(failure?.description ?? ""); then \(error)")
        }
    }

    /// Writes the index of a segment as of now. A failure leaves the one before: the next start reads more of the
    /// segment.
    func saveIndex(of segment: Segment) {
        if segment === active { savedPosition = segment.point.position }
        // A name of its own: one that is being synchronised must not be written to.
        indexesWritten += 1
        let path = "\(segment.indexPath).\(indexesWritten)\(StorePath.temporarySuffix)"
        do throws(StoreError) {
            let file = try StoreFile(path, .replace, calls: options.files)
            try file.writeAll(encodedIndex(of: segment, isDurable: options.sync))
            let pending = PendingIndex(segment: segment, path: path, covers: segment.point)
            if options.sync {
                otherFiles.append(file)
                pendingIndexes.append(pending)
            } else {
                publish(pending)
            }
        } catch {
            discard(path)
        }
    }

    /// The index of a segment, and the producers, as they are now.
    func encodedIndex(of segment: Segment, isDurable: Bool) -> [UInt8] {
        var index = SegmentIndex(point: segment.point, isDurable: isDurable, entries: segment.entries)
        index.producers = producers.producers.map { ($0.key, $0.value) }
        return index.encoded(boot: options.boot)
    }

    /// Gives an index its name.
    func publish(_ pending: PendingIndex) {
        let segment = pending.segment
        // Retention may have removed the segment meanwhile.
        guard segments.contains(where: { $0 === segment }) else { return discard(pending.path) }
        do throws(StoreError) {
            try StorePath.rename(pending.path, to: segment.indexPath)
        } catch {
            return discard(pending.path)
        }
        guard segment !== active, pending.covers == segment.point else { return }
        segment.isDurable = options.sync
        segment.indexIsStored()
    }

    func discard(_ path: String) {
        // One that cannot be removed now is removed at the next start.
        do throws(StoreError) { try StorePath.remove(path) } catch {}
    }
}
