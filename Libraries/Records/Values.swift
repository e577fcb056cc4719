import TradingCore

// How the types of TradingCore stand in records.

extension RecordStore {
    /// An ASCII text with its length. All forty bytes are stored and the cursor moves past the text only.
    @inline(__always)
    package static func ascii(_ text: ASCIIText, _ cursor: inout UnsafeMutableRawPointer) {
        byte(UInt8(truncatingIfNeeded: text.count), &cursor)
        cursor.storeBytes(of: text, as: ASCIIText.self)
        cursor += text.count
    }
}

extension RecordReader {
    @inline(__always)
    package mutating func ascii() throws(RecordError) -> ASCIIText {
        let field = try delimited()
        guard let text = ASCIIText(UnsafeRawBufferPointer(start: field.cursor, count: field.remaining)) else {
            throw field.remaining > ASCIIText.capacity
                ? .tooLong(count: field.remaining, limit: ASCIIText.capacity) : .invalidText
        }
        return text
    }

    /// Reads a number that must be one of the enum's; `field` is named in the error.
    @inline(__always)
    package mutating func enumeration<Value: RawRepresentable<UInt8>>(_ field: UInt32) throws(RecordError) -> Value {
        let number = try varint()
        guard number <= 255, let value = Value(rawValue: UInt8(truncatingIfNeeded: number)) else {
            throw .unknownEnumValue(field: field, value: number)
        }
        return value
    }
}
