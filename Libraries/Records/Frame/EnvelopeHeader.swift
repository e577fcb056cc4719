import TradingCore

/// W3C trace context in its binary form: 25 bytes in an envelope.
public struct TraceContext: Hashable, Sendable {
    /// Bytes of the encoding: trace id 16, parent span id 8, flags 1.
    public static let size = 25

    public var traceIDHigh: UInt64
    public var traceIDLow: UInt64
    public var parentSpanID: UInt64
    public var flags: UInt8

    public init(traceIDHigh: UInt64, traceIDLow: UInt64, parentSpanID: UInt64, flags: UInt8) {
        self.traceIDHigh = traceIDHigh
        self.traceIDLow = traceIDLow
        self.parentSpanID = parentSpanID
        self.flags = flags
    }
}

/// All of an envelope but its payload, without memory of its own: what the log protocol needs to number, order and answer a record.
public struct EnvelopeHeader: Equatable, Sendable {
    /// The record's type: a field number of the topic's union message.
    public var type: UInt32
    public var writer: Writer
    /// Dense from 1 for this writer and epoch in this partition; 0 for a fact that may be repeated.
    public var number: UInt64
    /// XXH64 of the payload, seeded with the hash of the writer's record before.
    public var hash: UInt64
    /// A gateway's epoch; 0 for a processor.
    public var epoch: UInt64
    /// The input that caused this record: its writer and number in the inbox of this record's writer.
    public var causeWriter: Writer
    public var causeNumber: UInt64
    /// The client's or operator's record that began it.
    public var origin: Origin
    public var schemaVersion: UInt32
    /// Present when the request is traced.
    public var traceContext: TraceContext?

    public init(
        type: UInt32 = 0, writer: Writer = Writer(rawValue: 0), number: UInt64 = 0, hash: UInt64 = 0,
        epoch: UInt64 = 0, causeWriter: Writer = Writer(rawValue: 0), causeNumber: UInt64 = 0,
        origin: Origin = .none, schemaVersion: UInt32 = 0, traceContext: TraceContext? = nil
    ) {
        self.type = type
        self.writer = writer
        self.number = number
        self.hash = hash
        self.epoch = epoch
        self.causeWriter = causeWriter
        self.causeNumber = causeNumber
        self.origin = origin
        self.schemaVersion = schemaVersion
        self.traceContext = traceContext
    }
}

extension EnvelopeHeader {
    /// Bytes that an envelope takes at most without its payload: 129 with its tag and length in a frame, and what a store may touch.
    static let bound = 144

    /// Stores the fields in front of the payload and gives where the hash stands, or nil where there is none.
    ///
    /// - Parameter isChained: leaves room for a hash that is known only once the payload stands.
    @inline(__always)
    func encodeFront(_ cursor: inout UnsafeMutableRawPointer, isChained: Bool) -> UnsafeMutableRawPointer? {
        Self.number(type, tag: 8, &cursor)
        Self.number(writer.rawValue, tag: 16, &cursor)
        Self.fixed(number, tag: 25, &cursor)
        var hashPlace: UnsafeMutableRawPointer?
        if isChained || hash != 0 {
            RecordStore.byte(33, &cursor)
            hashPlace = cursor
            RecordStore.fixed64(hash, &cursor)
        }
        Self.fixed(epoch, tag: 41, &cursor)
        Self.number(causeWriter.rawValue, tag: 48, &cursor)
        Self.fixed(causeNumber, tag: 57, &cursor)
        Self.number(origin.writer.rawValue, tag: 64, &cursor)
        Self.fixed(origin.epoch, tag: 73, &cursor)
        Self.fixed(origin.number, tag: 81, &cursor)
        Self.number(origin.log, tag: 88, &cursor)
        return hashPlace
    }

    /// Stores the fields behind the payload.
    @inline(__always)
    func encodeBack(_ cursor: inout UnsafeMutableRawPointer) {
        Self.number(schemaVersion, tag: 104, &cursor)
        guard let traceContext else { return }
        RecordStore.byte(114, &cursor)
        RecordStore.byte(UInt8(TraceContext.size), &cursor)
        // Network byte order, as in the traceparent header's text.
        RecordStore.fixed64(traceContext.traceIDHigh.byteSwapped, &cursor)
        RecordStore.fixed64(traceContext.traceIDLow.byteSwapped, &cursor)
        RecordStore.fixed64(traceContext.parentSpanID.byteSwapped, &cursor)
        RecordStore.byte(traceContext.flags, &cursor)
    }

    @inline(__always)
    private static func number(_ value: UInt32, tag: UInt8, _ cursor: inout UnsafeMutableRawPointer) {
        guard value != 0 else { return }
        RecordStore.byte(tag, &cursor)
        RecordStore.varint(UInt64(value), &cursor)
    }

    @inline(__always)
    private static func fixed(_ value: UInt64, tag: UInt8, _ cursor: inout UnsafeMutableRawPointer) {
        guard value != 0 else { return }
        RecordStore.byte(tag, &cursor)
        RecordStore.fixed64(value, &cursor)
    }
}

extension EnvelopeHeader {
    /// Reads an envelope and where its payload stands; the payload is not looked into.
    ///
    /// - Returns: the payload, empty where the envelope has none.
    @inline(__always)
    mutating func merge(
        from start: UnsafeRawPointer, to end: UnsafeRawPointer
    ) throws(RecordError) -> RecordReader {
        var reader = RecordReader(from: start, to: end)
        var payload = RecordReader(from: start, to: start)
        if reader.take(8 as UInt8) { type = try reader.uint32() }
        if reader.take(16 as UInt8) { writer = Writer(rawValue: try reader.uint32()) }
        if reader.take(25 as UInt8) { number = try reader.fixed64() }
        if reader.take(33 as UInt8) { hash = try reader.fixed64() }
        if reader.take(41 as UInt8) { epoch = try reader.fixed64() }
        if reader.take(48 as UInt8) { causeWriter = Writer(rawValue: try reader.uint32()) }
        if reader.take(57 as UInt8) { causeNumber = try reader.fixed64() }
        if reader.take(64 as UInt8) { origin.writer = Writer(rawValue: try reader.uint32()) }
        if reader.take(73 as UInt8) { origin.epoch = try reader.fixed64() }
        if reader.take(81 as UInt8) { origin.number = try reader.fixed64() }
        if reader.take(88 as UInt8) { origin.log = try reader.uint32() }
        if reader.take(98 as UInt8) { payload = try reader.delimited() }
        if reader.take(104 as UInt8) { schemaVersion = try reader.uint32() }
        if reader.take(114 as UInt8) { traceContext = TraceContext(try reader.delimited()) }
        if reader.isAtEnd { return payload }
        return try mergeAnyOrder(from: reader.cursor, to: end, payload)
    }

    @inline(never)
    private mutating func mergeAnyOrder(
        from start: UnsafeRawPointer, to end: UnsafeRawPointer, _ earlier: RecordReader
    ) throws(RecordError) -> RecordReader {
        var reader = RecordReader(from: start, to: end)
        var payload = earlier
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case 8: type = try reader.uint32()
            case 16: writer = Writer(rawValue: try reader.uint32())
            case 25: number = try reader.fixed64()
            case 33: hash = try reader.fixed64()
            case 41: epoch = try reader.fixed64()
            case 48: causeWriter = Writer(rawValue: try reader.uint32())
            case 57: causeNumber = try reader.fixed64()
            case 64: origin.writer = Writer(rawValue: try reader.uint32())
            case 73: origin.epoch = try reader.fixed64()
            case 81: origin.number = try reader.fixed64()
            case 88: origin.log = try reader.uint32()
            case 98: payload = try reader.delimited()
            case 104: schemaVersion = try reader.uint32()
            case 114: traceContext = TraceContext(try reader.delimited())
            default: try reader.skip(tag)
            }
        }
        return payload
    }
}

extension TraceContext {
    /// Nil unless the field has its 25 bytes: a trace context that cannot be read is left out, it refuses no record.
    fileprivate init?(_ field: RecordReader) {
        guard field.remaining == Self.size else { return nil }
        let start = field.cursor
        self.init(
            traceIDHigh: UInt64(bigEndian: start.loadUnaligned(as: UInt64.self)),
            traceIDLow: UInt64(bigEndian: start.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
            parentSpanID: UInt64(bigEndian: start.loadUnaligned(fromByteOffset: 16, as: UInt64.self)),
            flags: start.load(fromByteOffset: 24, as: UInt8.self))
    }
}
