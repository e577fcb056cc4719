/// A message of the schema: a plain value with its protobuf encoding.
///
/// Encoding is canonical: fields in number order, defaults left out. Decoding takes what any protobuf writer may send: fields in any
/// order, the last one winning, numbers packed or not, unknown fields skipped.
public protocol RecordMessage: Equatable, Sendable {
    init()

    /// - Throws: `RecordError` when the bytes are not this message; nothing is made then.
    init(decoding bytes: RawSpan) throws(RecordError)

    /// Becomes the message of `bytes` and keeps the memory of its lists, so that a value that is decoded into again and again allocates
    /// nothing.
    ///
    /// - Throws: as `init(decoding:)`; what the value is then means nothing.
    mutating func decode(_ bytes: RawSpan) throws(RecordError)

    /// Sets every field to its default and keeps the memory of the lists.
    mutating func clear()

    /// At least the number of bytes that encoding takes, and cheap to know.
    var sizeBound: Int { get }

    /// Appends the encoding.
    func encode(into writer: inout RecordWriter)

    /// Appends the encoding of a record where it stands; a large one would be copied to be handed to `encode(into:)`.
    static func encode(_ record: UnsafePointer<Self>, into writer: inout RecordWriter)
}

extension RecordMessage {
    @inlinable
    @inline(__always)
    public static func encode(_ record: UnsafePointer<Self>, into writer: inout RecordWriter) {
        record.pointee.encode(into: &writer)
    }

    /// The encoding in an array of its own.
    public var encoded: [UInt8] {
        var writer = RecordWriter(capacity: sizeBound)
        encode(into: &writer)
        return writer.array
    }

    /// The exact number of bytes that encoding takes, found by encoding.
    public var encodedSize: Int {
        var writer = RecordWriter(capacity: sizeBound)
        encode(into: &writer)
        return writer.count
    }

    /// - Throws: `RecordError` when the bytes are not this message.
    public init(decoding bytes: [UInt8]) throws(RecordError) {
        try self.init(decoding: bytes.span.bytes)
    }
}

/// The records of one topic: one message type each, numbered by its field in the schema's union message.
public protocol RecordUnion: Equatable, Sendable {
    /// The name of each record type, by its number.
    static var typeNames: [UInt32: String] { get }

    /// - Parameter payload: the member's own encoding.
    /// - Throws: `RecordError.unknownType` where no member has the number; else what the member throws.
    init(type: UInt32, payload: RawSpan) throws(RecordError)

    /// The number of the member's field, which stands beside the payload in an envelope.
    var type: UInt32 { get }

    /// At least the number of bytes that the payload takes.
    var payloadSizeBound: Int { get }

    /// Appends the member's own encoding, without its number.
    func encodePayload(into writer: inout RecordWriter)
}

extension RecordUnion {
    /// - Throws: as `init(type:payload:)` of a span.
    public init(type: UInt32, payload: [UInt8]) throws(RecordError) {
        try self.init(type: type, payload: payload.span.bytes)
    }
}
