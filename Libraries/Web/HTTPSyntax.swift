import Glibc

/// Character classes of RFC 9110 and 9112.
enum HTTPSyntax {
    // Bit n of the pair is set when the byte n is a `tchar`: ALPHA / DIGIT / !#$%&'*+-.^_`|~
    private static let tokenLow: UInt64 = 0x03ff_6cfa_0000_0000
    private static let tokenHigh: UInt64 = 0x57ff_ffff_c7ff_fffe

    @inline(__always)
    static func isToken(_ byte: UInt8) -> Bool {
        guard byte < 128 else { return false }
        let mask = byte < 64 ? tokenLow : tokenHigh
        return mask >> UInt64(byte & 63) & 1 != 0
    }

    /// Visible ASCII without the fragment mark.
    @inline(__always)
    static func isTarget(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7f && byte != UInt8(ascii: "#") }

    /// What a field value may hold: visible characters, space, tab, bytes above ASCII.
    @inline(__always)
    static func isValue(_ byte: UInt8) -> Bool { (byte >= 0x20 && byte != 0x7f) || byte == 0x09 }

    static func isHost(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: StaticBytes.contains("-._~%!$&'()*+,;=:[]", byte)
        }
    }

    /// Whether all bytes may stand in a field value; 8 at a time, a byte at a time only where one is suspicious.
    /// (The standard library's `SIMD16` comparisons made this thirty times slower, measured.)
    @inline(__always)
    static func isFieldValue(_ start: UnsafeRawPointer, _ count: Int) -> Bool {
        var index = 0
        while index + 8 <= count {
            let block = start.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if hasControl(block), !isFieldValueByByte(start + index, 8) { return false }
            index += 8
        }
        return isFieldValueByByte(start + index, count - index)
    }

    /// Whether one of the eight bytes is below 0x20 or is 0x7f.
    /// Source: Anderson, "Bit Twiddling Hacks", "Determine if a word has a byte less than n".
    @inline(__always)
    private static func hasControl(_ block: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        let below = (block &- ones &* 0x20) & ~block
        let flipped = block ^ ones &* 0x7f
        let delete = (flipped &- ones) & ~flipped
        return (below | delete) & tops != 0
    }

    @inline(__always)
    private static func isFieldValueByByte(_ start: UnsafeRawPointer, _ count: Int) -> Bool {
        for index in 0..<count where !isValue(start.load(fromByteOffset: index, as: UInt8.self)) { return false }
        return true
    }

    static func hexValue(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }

    /// Digits only, at most 18 of them, so that no sum overflows.
    static func decimal(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard !bytes.isEmpty, bytes.count <= 18 else { return nil }
        var value = 0
        for byte in bytes {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }
}

/// Comparisons of received bytes with literals.
enum StaticBytes {
    @inline(__always)
    static func equal(_ bytes: UnsafeRawBufferPointer, _ literal: StaticString) -> Bool {
        guard bytes.count == literal.utf8CodeUnitCount, let start = bytes.baseAddress else {
            return bytes.isEmpty && literal.utf8CodeUnitCount == 0
        }
        return memcmp(start, literal.utf8Start, bytes.count) == 0
    }

    /// ASCII letters compare without case. Only letters, digits and hyphens may stand in the literal.
    @inline(__always)
    static func equalIgnoringCase(_ bytes: UnsafeRawBufferPointer, _ literal: StaticString) -> Bool {
        guard bytes.count == literal.utf8CodeUnitCount else { return false }
        let other = literal.utf8Start
        for index in 0..<bytes.count where lower(bytes[index]) != lower(other[index]) { return false }
        return true
    }

    @inline(__always)
    static func lower(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    static func contains(_ literal: StaticString, _ byte: UInt8) -> Bool {
        UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount).contains(byte)
    }

    /// Calls `body` with every member of a comma-separated list, white space around it and empty members left out.
    static func forEachListMember(_ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
        var start = 0
        for index in 0...bytes.count where index == bytes.count || bytes[index] == UInt8(ascii: ",") {
            let member = trimmed(UnsafeRawBufferPointer(rebasing: bytes[start..<index]))
            if !member.isEmpty { body(member) }
            start = index + 1
        }
    }

    static func trimmed(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var start = 0
        var end = bytes.count
        while start < end, isBlank(bytes[start]) { start += 1 }
        while end > start, isBlank(bytes[end - 1]) { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
