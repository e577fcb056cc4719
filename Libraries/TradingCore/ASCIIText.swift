/// ASCII text of at most 39 bytes, kept inline: client order ids, symbols, references.
///
/// Comparing two costs five word compares; copying touches no reference count.
@frozen
public struct ASCIIText: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The longest text.
    public static let capacity = 39

    // Bytes in memory order, the unused ones zero; the last byte of the last word is the length.
    @usableFromInline var words: (UInt64, UInt64, UInt64, UInt64, UInt64)

    @inlinable
    public init() { words = (0, 0, 0, 0, 0) }

    /// Copies `bytes`; nil when they are more than `capacity` or not ASCII.
    @inlinable
    public init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count <= ASCIIText.capacity else { return nil }
        words = (0, 0, 0, 0, 0)
        if let base = bytes.baseAddress {
            withUnsafeMutableBytes(of: &words) { target in
                target.baseAddress.unsafelyUnwrapped.copyMemory(from: base, byteCount: bytes.count)
            }
        }
        guard (words.0 | words.1 | words.2 | words.3 | words.4) & 0x8080_8080_8080_8080 == 0 else { return nil }
        words.4 |= UInt64(bytes.count) << 56
    }

    /// Becomes the text of `count` bytes, at most `capacity`, that stand in `words` in memory order, the unused ones zero.
    ///
    /// - Returns: false when a byte is not ASCII; nothing changes then.
    @inlinable
    public mutating func assign(words: (UInt64, UInt64, UInt64, UInt64, UInt64), count: Int) -> Bool {
        precondition(count >= 0 && count <= ASCIIText.capacity, "an ASCII text has at most 39 bytes")
        guard (words.0 | words.1 | words.2 | words.3 | words.4) & 0x8080_8080_8080_8080 == 0 else { return false }
        self.words.0 = words.0
        self.words.1 = words.1
        self.words.2 = words.2
        self.words.3 = words.3
        self.words.4 = words.4 | UInt64(truncatingIfNeeded: count) << 56
        return true
    }

    /// The text of `string`; nil when it is longer than `capacity` or not ASCII.
    public init?(_ string: String) {
        var copy = string
        let text = copy.withUTF8 { ASCIIText(UnsafeRawBufferPointer($0)) }
        guard let text else { return nil }
        self = text
    }

    /// Stops the program when the literal does not fit.
    public init(stringLiteral value: String) {
        guard let text = ASCIIText(value) else { preconditionFailure("not ASCII of at most 39 bytes: \(value)") }
        self = text
    }

    @inlinable
    public var count: Int { Int(words.4 >> 56) }

    @inlinable
    public var isEmpty: Bool { words.4 >> 56 == 0 }

    /// Whether every byte is from 0x20 to 0x7E.
    @inlinable
    public var isPrintable: Bool {
        if isEmpty { return true }
        // Bytes are below 0x80 and the unused ones zero, so no sum carries into the next byte, and as many bytes must reach 0x20 as the text
        // has. They are counted by byte of the words and then summed up by a multiplication.
        let last = words.4 & 0x00FF_FFFF_FFFF_FFFF
        let counts =
            printables(words.0) &+ printables(words.1) &+ printables(words.2) &+ printables(words.3)
            &+ printables(last)
        return (counts &* 0x0101_0101_0101_0101) &>> 56 == words.4 &>> 56
    }

    /// 1 in each byte that is from 0x20 to 0x7E.
    @inlinable
    @inline(__always)
    func printables(_ word: UInt64) -> UInt64 {
        let isFromSpace = word &+ 0x6060_6060_6060_6060
        let isDelete = word &+ 0x0101_0101_0101_0101
        return (isFromSpace & ~isDelete & 0x8080_8080_8080_8080) &>> 7
    }

    /// Calls `body` with the bytes.
    @inlinable
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let length = count
        return withUnsafeBytes(of: words) { body(UnsafeRawBufferPointer(rebasing: $0[..<length])) }
    }

    public var description: String { withBytes { String(decoding: $0, as: UTF8.self) } }

    @inlinable
    public static func == (left: ASCIIText, right: ASCIIText) -> Bool {
        (left.words.0 ^ right.words.0) | (left.words.1 ^ right.words.1) | (left.words.2 ^ right.words.2)
            | (left.words.3 ^ right.words.3) | (left.words.4 ^ right.words.4) == 0
    }

    @inlinable
    public func hash(into hasher: inout Hasher) { hasher.combine(mixed) }

    /// A 64-bit mix of the text, the same in every process; for hash tables of the state machines.
    @inlinable
    public var mixed: UInt64 {
        var hash = words.0 &* 0x9E37_79B9_7F4A_7C15
        hash = (hash ^ (hash >> 32) ^ words.1) &* 0xC2B2_AE3D_27D4_EB4F
        hash = (hash ^ (hash >> 32) ^ words.2) &* 0x9E37_79B9_7F4A_7C15
        hash = (hash ^ (hash >> 32) ^ words.3) &* 0xC2B2_AE3D_27D4_EB4F
        hash = (hash ^ (hash >> 32) ^ words.4) &* 0x9E37_79B9_7F4A_7C15
        return hash ^ (hash >> 29)
    }
}
