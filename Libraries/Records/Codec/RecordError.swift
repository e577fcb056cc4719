/// Why bytes are not a record. Every value is a fixed refusal: the same bytes always give the same error.
public enum RecordError: Error, Equatable, Sendable {
    /// The bytes end inside a field, or a length points past the end.
    case truncated
    /// A varint of more than ten bytes, or a tag of more than five.
    case malformedVarint
    /// A field number of 0 or a wire type that proto3 does not use (groups).
    case invalidTag(UInt64)
    /// A string that is not UTF-8, or an ASCII text with a byte above 127.
    case invalidText
    /// A text, record or frame longer than its limit, in bytes.
    case tooLong(count: Int, limit: Int)
    /// A required field, by number, is absent.
    case missingField(UInt32)
    /// An enum field holds a number that this schema does not know.
    case unknownEnumValue(field: UInt32, value: UInt64)
    /// The record type is not a member of the topic's union.
    case unknownType(UInt32)
}
