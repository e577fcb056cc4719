/// Puts records into one frame, the value of one Kafka message: all that a writer has ready for a partition, up to a limit.
public struct FrameWriter: ~Copyable {
    /// The most bytes of a frame, 256 KiB.
    public static let limit = 262_144

    private var writer: RecordWriter
    private let limit: Int
    /// Records in the frame.
    public private(set) var recordCount = 0

    /// - Parameter limit: bytes; a topic's `max.message.bytes` is above it.
    public init(limit: Int = FrameWriter.limit) {
        self.limit = limit
        writer = RecordWriter(capacity: 4096)
    }

    /// Bytes of the frame.
    public var count: Int { writer.count }

    public var isEmpty: Bool { recordCount == 0 }

    /// Begins the next frame in the same memory.
    public mutating func clear() {
        writer.clear()
        recordCount = 0
    }

    /// Appends a numbered record: takes its type from `record` and lets its hash run on from the writer's record before.
    ///
    /// - Parameter previous: the hash of that record; 0 for the first.
    /// - Returns: the record's hash, or nil when the frame has no room for it: nothing changed then. An empty frame that has no room
    ///   means that the record can never be written.
    public mutating func append<Record: RecordUnion>(
        _ header: EnvelopeHeader, _ record: Record, after previous: UInt64
    ) -> UInt64? {
        var header = header
        header.type = record.type
        let start = writer.count
        var cursor = writer.reserve(EnvelopeHeader.bound)
        RecordStore.byte(10, &cursor)
        cursor += Self.lengthGap
        let hashPlace = header.encodeFront(&cursor, isChained: true)
        RecordStore.byte(98, &cursor)
        cursor += 1
        let hashOffset = hashPlace.map { writer.offset(of: $0) } ?? start
        let payloadOffset = writer.offset(of: cursor)
        writer.commit(to: cursor)

        record.encodePayload(into: &writer)

        let payloadCount = writer.count - payloadOffset
        _ = writer.reserve(EnvelopeHeader.bound)
        let payload = writer.pointer(at: payloadOffset)
        let hash = XXH64.hash(UnsafeRawBufferPointer(start: payload, count: payloadCount), seed: previous)
        var place = writer.pointer(at: hashOffset)
        RecordStore.fixed64(hash, &place)
        if payloadCount == 0 {
            cursor = payload - 2
        } else {
            cursor = payload + payloadCount
            RecordStore.closeDelimited(from: payload - 1, &cursor)
        }
        return close(header, start, cursor) ? hash : nil
    }

    /// Appends a record whose payload stands already; the header is written as it is.
    ///
    /// - Returns: false when the frame has no room for it; nothing changed then.
    public mutating func append(_ header: EnvelopeHeader, payload: RawSpan) -> Bool {
        let start = writer.count
        var cursor = writer.reserve(EnvelopeHeader.bound + payload.byteCount)
        RecordStore.byte(10, &cursor)
        cursor += Self.lengthGap
        _ = header.encodeFront(&cursor, isChained: false)
        if payload.byteCount > 0 {
            RecordStore.byte(98, &cursor)
            RecordStore.varint(UInt64(payload.byteCount), &cursor)
            payload.withUnsafeBytes { source in
                if let base = source.baseAddress { cursor.copyMemory(from: base, byteCount: source.count) }
            }
            cursor += payload.byteCount
        }
        return close(header, start, cursor)
    }

    /// Gives the frame without a copy, valid inside `body`.
    public func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try writer.withBytes(body)
    }

    /// Gives the frame as a buffer for C, valid inside `body`.
    public func withUnsafeBytes<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try writer.withUnsafeBytes(body)
    }

    /// The frame, copied.
    public var array: [UInt8] { writer.array }

    /// Most envelopes have 128 to 16,383 bytes, so room for a length of two is left in front.
    private static let lengthGap = 2

    /// Writes what stands behind the payload and the envelope's length, or takes the envelope back.
    private mutating func close(
        _ header: EnvelopeHeader, _ start: Int, _ payloadEnd: UnsafeMutableRawPointer
    ) -> Bool {
        var cursor = payloadEnd
        header.encodeBack(&cursor)
        let length = writer.pointer(at: start) + 1
        RecordStore.closeDelimited(from: length, gap: Self.lengthGap, &cursor)
        guard writer.offset(of: cursor) <= limit else {
            writer.truncate(to: start)
            return false
        }
        writer.commit(to: cursor)
        recordCount += 1
        return true
    }
}
