extension PartitionLog {
    /// Moves the log's start to `offset` (nowhere when it is there or beyond already) and removes the segments that lie
    /// below. The start is on the disk when this returns.
    ///
    /// - Throws: `StoreError.offsetOutOfRange` above `shownOffset`.
    func deleteRecords(before offset: Int64) throws(StoreError) {
        try checkOnline()
        guard offset <= shownOffset, offset >= 0 else {
            throw .offsetOutOfRange(offset: offset, start: start, end: shownOffset)
        }
        guard offset > start else { return }
        try moveStart(to: offset)
        try removeBelowStart()
    }

    /// Removes whole segments by age and size, as the configuration asks, and producers that have been silent too long.
    /// An active segment whose records are all shown and too old is closed and removed, too.
    func retain(now: Int64) throws(StoreError) {
        try checkOnline()
        producers.forget(silentSince: now - options.producerExpiryMilliseconds)
        if shownOffset == endOffset, active.point.position > 0, isExpired(active, now: now) {
            try roll()
            shown = Mark(active.point)
        }
        let shownSegments = segments.dropLast().prefix { $0.point.endOffset <= shownOffset }
        var count = shownSegments.prefix { isExpired($0, now: now) }.count
        count = max(count, excessSegments(of: shownSegments.count))
        try moveStart(to: segments[count].baseOffset)
        try removeBelowStart()
    }

    private func isExpired(_ segment: Segment, now: Int64) -> Bool {
        guard configuration.retentionMilliseconds >= 0 else { return false }
        let newest = segment.point.newest >= 0 ? segment.point.newest : segment.point.firstAppend
        return now - newest > configuration.retentionMilliseconds
    }

    /// How many of the first segments can go while what stays has as many bytes as are to be kept.
    private func excessSegments(of limit: Int) -> Int {
        guard configuration.retentionBytes >= 0 else { return 0 }
        var rest = byteCount
        var count = 0
        while count < limit, rest - Int64(segments[count].point.position) >= configuration.retentionBytes {
            rest -= Int64(segments[count].point.position)
            count += 1
        }
        return count
    }

    private func moveStart(to offset: Int64) throws(StoreError) {
        guard offset > start else { return }
        try LogStart.write(offset, folder, calls: options.files)
        start = offset
    }

    /// Removes the files of segments below the start. One stays as long as the segment behind it has no index of its own,
    /// since its index has the producers then.
    private func removeBelowStart() throws(StoreError) {
        while segments.count > 1, segments[1].baseOffset <= start {
            guard try hasIndex(segments[1]) else { return }
            let segment = segments[0]
            if lastRead === segment { lastRead = nil }
            closedBytes -= Int64(segment.point.position)
            segments.removeFirst()
            try segment.removeFiles()
        }
    }

    /// Whether the segment has an index in the folder; the active one gets it here if everything is durable.
    private func hasIndex(_ segment: Segment) throws(StoreError) -> Bool {
        if StorePath.exists(segment.indexPath) { return true }
        guard segment === active, shownOffset == endOffset else { return false }
        try StorePath.replace(
            segment.indexPath, with: encodedIndex(of: segment, isDurable: options.sync), durable: options.sync,
            calls: options.files)
        return true
    }
}
