/// One field of an encoded message, read without a schema.
package struct WireField {
    package enum Value {
        case number(UInt64)
        case bytes([UInt8])
    }

    package let number: UInt32
    package let value: Value

    /// All fields of a message in the order in which they stand.
    package static func all(in message: [UInt8]) throws(RecordError) -> [WireField] {
        var reader = RecordReader(message.span.bytes)
        var fields: [WireField] = []
        while !reader.isAtEnd {
            let tag = try reader.tag()
            let value: Value =
                switch tag & 7 {
                case 0: .number(try reader.varint())
                case 1: .number(try reader.fixed64())
                case 2: .bytes(try reader.bytes())
                case 5: .number(UInt64(try reader.fixed32()))
                default: throw .invalidTag(UInt64(tag))
                }
            fields.append(WireField(number: tag >> 3, value: value))
        }
        return fields
    }
}
