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
    /// Reads an ASCII text to where it belongs: handed out, it would be stored in words and loaded again in larger ones, which waits.
    @inline(__always)
    package mutating func ascii(into text: inout ASCIIText) throws(RecordError) {
        let field = try delimited()
        try Self.store(field.cursor, field.remaining, end, &text)
    }

    /// Copies `count` bytes at `start`; forty are loaded at once where the message has them.
    @inline(never)
    private static func store(
        _ start: UnsafeRawPointer, _ count: Int, _ end: UnsafeRawPointer, _ text: inout ASCIIText
    ) throws(RecordError) {
        guard end - start >= 40, count <= ASCIIText.capacity else {
            text = try lastASCII(RecordReader(from: start, to: start + count))
            return
        }
        let words = (
            word(start, count), word(start + 8, count - 8), word(start + 16, count - 16), word(start + 24, count - 24),
            word(start + 32, count - 32)
        )
        guard text.assign(words: words, count: count) else { throw .invalidText }
    }

    package mutating func ascii() throws(RecordError) -> ASCIIText { try Self.lastASCII(try delimited()) }

    @inline(never)
    private static func lastASCII(_ field: RecordReader) throws(RecordError) -> ASCIIText {
        let count = field.remaining
        guard count <= ASCIIText.capacity else { throw .tooLong(count: count, limit: ASCIIText.capacity) }
        guard let text = ASCIIText(UnsafeRawBufferPointer(start: field.cursor, count: count)) else {
            throw .invalidText
        }
        return text
    }

    /// Eight bytes, those past the first `count` as zero.
    @inline(__always)
    private static func word(_ place: UnsafeRawPointer, _ count: Int) -> UInt64 {
        let unused = 64 - 8 * min(max(count, 0), 8)
        return UInt64(littleEndian: place.loadUnaligned(as: UInt64.self)) & (UInt64.max >> UInt64(unused))
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
