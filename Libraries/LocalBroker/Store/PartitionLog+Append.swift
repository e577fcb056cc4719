import Network

extension PartitionLog {
    /// Appends the one batch that `bytes` holds: checks it (sizes, checksum, records, stamps, the producer's sequence),
    /// gives it the next offsets and, by the topic's timestamp type, the time of the append.
    ///
    /// - Parameter now: milliseconds since the Unix epoch.
    /// - Throws: the reason; nothing has changed then. After `storage` with a full disk the log goes on when there is
    ///   room.
    func append(_ bytes: UnsafeRawBufferPointer, now: Int64) throws(AppendRefusal) -> Appended {
        let batch: RecordBatch
        let newest: Int64
        do throws(BatchFault) {
            guard bytes.count <= configuration.maxMessageBytes else {
                throw .tooLarge(bytes: bytes.count, limit: configuration.maxMessageBytes)
            }
            batch = try RecordBatch(validating: bytes)
            newest = try checkedNewestStamp(of: batch, now: now)
        } catch {
            throw .batch(error)
        }
        let stamped = configuration.timestampType == .logAppend
        var appended = Appended(
            baseOffset: endOffset, lastOffset: endOffset + Int64(batch.lastOffsetDelta),
            appendTime: stamped ? now : RecordBatch.noTimestamp, logStartOffset: start, isDuplicate: false)
        do throws(StoreError) { try checkOnline() } catch { throw .storage(error) }
        if batch.producerID >= 0, case .duplicate(let offset) = try producers.check(batch) {
            appended.baseOffset = offset
            appended.lastOffset = offset + Int64(batch.lastOffsetDelta)
            appended.isDuplicate = true
            return appended
        }
        do throws(StoreError) {
            try write(batch, appendTime: stamped ? now : nil, newest: newest, now: now)
        } catch {
            throw .storage(error)
        }
        if batch.producerID >= 0 { producers.add(batch, at: appended.baseOffset, time: now) }
        finishAppend()
        return appended
    }

    /// - Returns: the largest stamp of the batch's records.
    private func checkedNewestStamp(of batch: RecordBatch, now: Int64) throws(BatchFault) -> Int64 {
        let stamps = try batch.stamps()
        guard configuration.timestampType == .create else { return stamps.newest }
        let (limit, overflow) = now.addingReportingOverflow(configuration.timestampAfterMaximumMilliseconds)
        guard overflow || stamps.newest <= limit else {
            throw .invalidTimestamp("\(stamps.newest) lies after the broker's \(now)")
        }
        let earliest = now - configuration.timestampBeforeMaximumMilliseconds
        guard stamps.oldest >= earliest || stamps.oldest == RecordBatch.noTimestamp else {
            throw .invalidTimestamp("\(stamps.oldest) lies before the broker's \(now)")
        }
        return stamps.newest
    }

    private func write(
        _ batch: RecordBatch, appendTime: Int64?, newest: Int64, now: Int64
    ) throws(StoreError) {
        let size = batch.bytes.count
        if mustRoll(before: batch, now: now) { try roll() }
        let file = try active.log()
        try allocate(size, in: file)
        let room = tail.room(for: size)
        room.copyMemory(from: batch.bytes)
        RecordBatch.place(room, at: endOffset, appendTime: appendTime, newest: newest)
        let position = active.point.position
        do throws(StoreError) {
            try file.write(UnsafeRawBufferPointer(room), at: position)
        } catch {
            try cutBack(file, to: position)
            throw error
        }
        tail.commit(size)
        active.isDurable = false
        active.indexNext(interval: configuration.indexIntervalBytes)
        active.point.pass(RecordBatch(unchecked: UnsafeRawBufferPointer(room)), time: now)
    }

    /// A part of a batch in the file would be in the way of the next one, so the log stops where it cannot be cut.
    private func cutBack(_ file: StoreFile, to position: Int) throws(StoreError) {
        do throws(StoreError) {
            try file.truncate(to: position)
            active.allocated = position
        } catch {
            failure = error
            throw error
        }
    }

    /// Gives the file blocks ahead of what is written: `fdatasync` has less to do then, and a full disk is noticed before
    /// anything is written. The step doubles with the file, so that small logs stay small.
    private func allocate(_ size: Int, in file: StoreFile) throws(StoreError) {
        let end = active.point.position + size
        guard end > active.allocated else { return }
        let smallestStep = 64 << 10
        let step = max(smallestStep, min(active.allocated, options.preallocationBytes))
        let segmentEnd = max(end, min(configuration.segmentBytes, end + step))
        do throws(StoreError) {
            try file.allocate(from: active.allocated, count: segmentEnd - active.allocated)
            active.allocated = segmentEnd
        } catch {
            guard error.isDiskFull, segmentEnd > end else { throw error }
            try file.allocate(from: active.allocated, count: end - active.allocated)
            active.allocated = end
        }
    }

    private func finishAppend() {
        if !options.sync { shown = Mark(active.point) }
        guard active.point.position - savedPosition >= options.recoveryPointBytes else { return }
        saveIndex(of: active)
    }

    // MARK: Rolling

    private func mustRoll(before batch: RecordBatch, now: Int64) -> Bool {
        let point = active.point
        guard point.position > 0 else { return false }
        let limit = min(configuration.segmentBytes, Int(Int32.max))
        return point.position + batch.bytes.count > limit
            || point.endOffset - point.baseOffset + Int64(batch.lastOffsetDelta) > Int64(Int32.max)
            || now - max(point.firstAppend, 0) > configuration.segmentMilliseconds
    }

    /// Closes the active segment and begins the next one.
    func roll() throws(StoreError) {
        let old = active
        let folderFile = options.sync ? try StoreFile(folder, .folder, calls: options.files) : nil
        let oldFile = try old.log()
        let fresh = Segment(
            folder: folder, point: SegmentPoint(baseOffset: endOffset), entries: [], isDurable: false,
            calls: options.files)
        try fresh.create()
        if old.allocated > old.point.position {
            // Where this fails the file ends with zeros, which end it as well.
            do throws(StoreError) {
                try oldFile.truncate(to: old.point.position)
                old.allocated = old.point.position
            } catch {}
        }
        segments.append(fresh)
        active = fresh
        closedBytes += Int64(old.point.position)
        savedPosition = 0
        tail.restart(at: 0)
        if let folderFile { otherFiles += [oldFile, folderFile] }
        saveIndex(of: old)
        old.closeFiles()
    }
}
