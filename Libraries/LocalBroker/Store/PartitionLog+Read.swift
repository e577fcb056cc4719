import Network

extension PartitionLog {
    /// Appends to `buffer` whole batches from the one that holds `offset` on, of those below `shownOffset`.
    ///
    /// The first batch may begin below `offset`: readers skip. A read ends with its segment at the latest.
    ///
    /// - Parameters:
    ///   - maximumBytes: the most bytes.
    ///   - atLeastOne: gives the first batch whole even if it is larger than `maximumBytes`.
    /// - Returns: how many bytes; 0 at `shownOffset` and above.
    /// - Throws: `StoreError.offsetOutOfRange` below `startOffset` and above `endOffset`.
    func read(
        from offset: Int64, maximumBytes: Int, atLeastOne: Bool, into buffer: inout ByteBuffer
    ) throws(StoreError) -> Int {
        try checkOnline()
        guard offset >= start, offset <= endOffset else {
            throw .offsetOutOfRange(offset: offset, start: start, end: endOffset)
        }
        guard offset < shownOffset else { return 0 }
        let segment = segment(holding: offset)
        let position = try locate(offset, in: segment)
        let rest = shownPosition(of: segment) - position
        let first = try header(in: segment, at: position).totalBytes
        guard first <= maximumBytes || atLeastOne else { return 0 }
        let wanted = min(rest, max(maximumBytes, first))
        let before = buffer.count
        try appendBatches(of: segment, from: position, count: wanted, to: &buffer)
        guard wanted < rest else { return wanted }
        let whole = buffer.withUnsafeBytes {
            Self.wholeBatches(in: UnsafeRawBufferPointer(rebasing: $0[before...]))
        }
        buffer.truncate(to: before + whole)
        return whole
    }

    /// Appends a piece of a segment, from memory where it is there.
    func appendBatches(
        of segment: Segment, from position: Int, count: Int, to buffer: inout ByteBuffer
    ) throws(StoreError) {
        if segment === active, position >= tail.start {
            buffer.append(tail.bytes(from: position, count: count))
            return
        }
        let file = try openForReading(segment)
        let before = buffer.count
        var result = Result<Int, StoreError>.success(0)
        buffer.append(size: count) { bytes in
            result = Result { () throws(StoreError) in try file.read(bytes, at: position) }
        }
        do throws(StoreError) {
            guard try result.get() == count else {
                throw .damaged(path: segment.logPath, position: position, reason: "the file ends")
            }
        } catch {
            buffer.truncate(to: before)
            throw error
        }
    }

    /// How many of the bytes are whole batches.
    private static func wholeBatches(in bytes: UnsafeRawBufferPointer) -> Int {
        var position = 0
        while bytes.count - position >= RecordBatch.headerBytes {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
            let size = RecordBatch(unchecked: rest).totalBytes
            guard size <= rest.count, size >= RecordBatch.headerBytes else { break }
            position += size
        }
        return position
    }

    // MARK: Finding the place

    /// The segment in which `offset`, which is in the log, lies.
    func segment(holding offset: Int64) -> Segment {
        if offset >= active.baseOffset { return active }
        var low = 0
        var high = segments.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if segments[middle].baseOffset <= offset { low = middle } else { high = middle - 1 }
        }
        return segments[low]
    }

    /// The end of what is shown of a segment.
    func shownPosition(of segment: Segment) -> Int {
        if segment.baseOffset == shown.segment { return shown.position }
        return segment.baseOffset < shown.segment ? segment.point.position : 0
    }

    /// The position of the batch that holds `offset`.
    func locate(_ offset: Int64, in segment: Segment) throws(StoreError) -> Int {
        let relative = offset - segment.baseOffset
        var position = Int(try segment.lastEntry { Int64($0.offset) <= relative }.position)
        while position < segment.point.position {
            let batch = try header(in: segment, at: position)
            if batch.lastOffset >= offset { return position }
            position += batch.totalBytes
        }
        throw .damaged(path: segment.logPath, position: position, reason: "offset \(offset) is missing")
    }

    /// The header of the batch that begins at `position`; valid until the next call.
    func header(in segment: Segment, at position: Int) throws(StoreError) -> RecordBatch {
        let batch: RecordBatch
        if segment === active, position >= tail.start {
            batch = RecordBatch(unchecked: tail.bytes(from: position, count: RecordBatch.headerBytes))
        } else {
            let bytes = try window.bytes(
                of: openForReading(segment), segment: segment.baseOffset, at: position,
                count: RecordBatch.headerBytes, end: segment.point.position)
            batch = RecordBatch(unchecked: bytes)
        }
        guard batch.totalBytes >= RecordBatch.headerBytes,
            position + batch.totalBytes <= segment.point.position, batch.lastOffsetDelta >= 0
        else { throw .damaged(path: segment.logPath, position: position, reason: "no batch begins here") }
        return batch
    }

    /// The segment's file. Of the closed segments only the one that was read last stays open.
    private func openForReading(_ segment: Segment) throws(StoreError) -> StoreFile {
        if segment !== active, segment !== lastRead {
            lastRead?.closeFiles()
            lastRead = segment
        }
        return try segment.log()
    }
}

/// A piece of a segment's file in memory, so that walking over headers takes one system call for many of them. What lies
/// before a segment's point never changes.
final class ReadWindow {
    private static let size = 16_384

    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
    private var segment: Int64 = -1
    private var start = 0
    private var count = 0

    deinit { buffer.deallocate() }

    /// - Parameter end: where what is known of the segment ends.
    func bytes(
        of file: StoreFile, segment: Int64, at position: Int, count wanted: Int, end: Int
    ) throws(StoreError) -> UnsafeRawBufferPointer {
        if segment != self.segment || position < start || position + wanted > start + count {
            count = 0
            self.segment = segment
            start = position
            let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<max(min(Self.size, end - position), 0)])
            count = try file.read(piece, at: position)
        }
        guard position + wanted <= start + count else {
            throw .damaged(path: file.path, position: position, reason: "the file ends")
        }
        let from = position - start
        return UnsafeRawBufferPointer(rebasing: buffer[from..<from + wanted])
    }
}
