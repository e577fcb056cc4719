import Network

extension PartitionLog {
    /// The first record that is stamped `timestamp` or later, of those shown; for a compressed batch stamped by its
    /// producer its first record, with the batch's first stamp or `timestamp`, whichever is later.
    func find(timestamp: Int64) throws(StoreError) -> (offset: Int64, timestamp: Int64)? {
        try checkOnline()
        for segment in segments where segment.point.newest >= timestamp {
            let end = shownPosition(of: segment)
            var position = Int(try segment.lastEntry { $0.newestBefore < timestamp }.position)
            while position < end {
                let batch = try header(in: segment, at: position)
                let size = batch.totalBytes
                if batch.maxTimestamp >= timestamp, batch.lastOffset >= start,
                    let found = try find(timestamp, in: segment, at: position, count: size)
                {
                    return found
                }
                position += size
            }
        }
        return nil
    }

    /// The first record with the largest stamp of all that are shown; for a compressed batch stamped by its producer its
    /// first record.
    func findLargestTimestamp() throws(StoreError) -> (offset: Int64, timestamp: Int64)? {
        try checkOnline()
        var largest = RecordBatch.noTimestamp
        for segment in segments { largest = max(largest, try newestShown(in: segment)) }
        guard largest > RecordBatch.noTimestamp else { return nil }
        return try find(timestamp: largest)
    }

    private func find(
        _ timestamp: Int64, in segment: Segment, at position: Int, count: Int
    ) throws(StoreError) -> (offset: Int64, timestamp: Int64)? {
        var whole = ByteBuffer(capacity: count)
        try appendBatches(of: segment, from: position, count: count, to: &whole)
        let start = start
        return whole.withUnsafeBytes {
            RecordBatch(unchecked: $0).find(timestamp: timestamp, from: start)
        }
    }

    /// The largest stamp of what is shown of a segment.
    private func newestShown(in segment: Segment) throws(StoreError) -> Int64 {
        let end = shownPosition(of: segment)
        let isWhole = segment.baseOffset >= start
        if isWhole, end == segment.point.position { return segment.point.newest }
        guard end > 0 else { return RecordBatch.noTimestamp }
        let entry = isWhole ? try segment.lastEntry { Int($0.position) <= end } : IndexEntry.start
        var newest = isWhole ? entry.newestBefore : RecordBatch.noTimestamp
        var position = Int(entry.position)
        while position < end {
            let batch = try header(in: segment, at: position)
            if batch.lastOffset >= start { newest = max(newest, batch.maxTimestamp) }
            position += batch.totalBytes
        }
        return newest
    }
}
