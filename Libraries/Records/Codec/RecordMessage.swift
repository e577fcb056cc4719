/// A message of the schema: a plain value with its protobuf encoding.
///
/// Encoding is canonical: fields in number order, defaults left out. Decoding takes what any protobuf writer may send: fields in any
/// order, the last one winning, numbers packed or not, unknown fields skipped.
public protocol RecordMessage: Equatable, Sendable {
    init()

    /// - Throws: `RecordError` when the bytes are not this message; nothing is made then.
    init(decoding bytes: RawSpan) throws(RecordError)

    /// At least the number of bytes that encoding takes, and cheap to know.
    var sizeBound: Int { get }

    /// Appends the encoding.
    func encode(into writer: inout RecordWriter)
}

extension RecordMessage {
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
