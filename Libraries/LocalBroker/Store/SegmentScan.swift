/// Reads a segment's file from its point on, batch by batch, as long as they are whole and follow each other; the point
/// and the index move along.
struct SegmentScan: ~Copyable {
    private static let chunkBytes = 1 << 20

    private let file: StoreFile
    private let segment: Segment
    private let length: Int
    private let indexInterval: Int
    private let now: Int64
    private var buffer: UnsafeMutableRawBufferPointer
    /// The file's bytes from `bufferStart` on.
    private var bufferStart: Int
    private var bufferCount = 0
    /// Whether there is something else than zeros behind the last whole batch.
    private(set) var stoppedAtData = false

    init(_ file: StoreFile, _ segment: Segment, length: Int, indexInterval: Int, now: Int64) {
        self.file = file
        self.segment = segment
        self.length = length
        self.indexInterval = indexInterval
        self.now = now
        bufferStart = segment.point.position
        let rest = max(length - segment.point.position, RecordBatch.headerBytes)
        buffer = .allocate(byteCount: min(Self.chunkBytes, rest), alignment: 16)
    }

    deinit { buffer.deallocate() }

    /// The next batch, which the point has passed then; valid until the next call. Nil where the whole ones end.
    mutating func next() throws(StoreError) -> RecordBatch? {
        let position = segment.point.position
        guard let header = try bytes(at: position, count: RecordBatch.headerBytes) else {
            stoppedAtData = length > position
            return nil
        }
        let size = RecordBatch(unchecked: header).totalBytes
        guard size >= RecordBatch.headerBytes, let whole = try bytes(at: position, count: size) else {
            stoppedAtData = header.contains { $0 != 0 }
            return nil
        }
        let batch = RecordBatch(unchecked: whole)
        guard batch.isStored(at: segment.point.endOffset) else {
            stoppedAtData = true
            return nil
        }
        segment.indexNext(interval: indexInterval)
        segment.point.pass(batch, time: now)
        return batch
    }

    /// A piece of the file; nil when the file is too short for it.
    private mutating func bytes(at position: Int, count: Int) throws(StoreError) -> UnsafeRawBufferPointer? {
        guard count <= length - position else { return nil }
        if position + count > bufferStart + bufferCount { try fill(from: position, count: count) }
        guard position + count <= bufferStart + bufferCount else { return nil }
        let start = position - bufferStart
        return UnsafeRawBufferPointer(rebasing: buffer[start..<start + count])
    }

    private mutating func fill(from position: Int, count: Int) throws(StoreError) {
        if buffer.count < count {
            buffer.deallocate()
            buffer = .allocate(byteCount: count, alignment: 16)
        }
        bufferStart = position
        let wanted = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, length - position)])
        bufferCount = try file.read(wanted, at: position)
    }
}
