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
        try Self.store(field.cursor, field.remaining, &text)
    }

    package mutating func ascii() throws(RecordError) -> ASCIIText {
        var text = ASCIIText()
        try ascii(into: &text)
        return text
    }

    /// Copies `count` bytes at `start`, eight at a time.
    @inline(never)
    private static func store(
        _ start: UnsafeRawPointer, _ count: Int, _ text: inout ASCIIText
    ) throws(RecordError) {
        var words: (UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0)
        switch count &>> 3 {
        case 0:
            words.0 = tail(start, count)
        case 1:
            words = (word(start), tail(start + 8, count - 8), 0, 0, 0)
        case 2:
            words = (word(start), word(start + 8), tail(start + 16, count - 16), 0, 0)
        case 3:
            words = (word(start), word(start + 8), word(start + 16), tail(start + 24, count - 24), 0)
        case 4:
            words = (word(start), word(start + 8), word(start + 16), word(start + 24), tail(start + 32, count - 32))
        default:
            throw .tooLong(count: count, limit: ASCIIText.capacity)
        }
        guard text.assign(words: words, count: count) else { throw .invalidText }
    }

    @inline(__always)
    private static func word(_ place: UnsafeRawPointer) -> UInt64 {
        UInt64(littleEndian: place.loadUnaligned(as: UInt64.self))
    }

    /// The 0 to 7 bytes at `place` as the low bytes of a word, by loads that may overlap but read nothing else.
    @inline(__always)
    private static func tail(_ place: UnsafeRawPointer, _ count: Int) -> UInt64 {
        if count >= 4 {
            let low = UInt64(UInt32(littleEndian: place.loadUnaligned(as: UInt32.self)))
            let high = UInt64(UInt32(littleEndian: (place + count - 4).loadUnaligned(as: UInt32.self)))
            return low | high &<< UInt64(8 &* (count &- 4))
        }
        guard count > 0 else { return 0 }
        let first = UInt64(place.load(as: UInt8.self))
        let middle = UInt64((place + count / 2).load(as: UInt8.self)) &<< UInt64(8 &* (count / 2))
        let last = UInt64((place + count - 1).load(as: UInt8.self)) &<< UInt64(8 &* (count &- 1))
        return first | middle | last
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
