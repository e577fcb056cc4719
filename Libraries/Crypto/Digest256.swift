/// 32 bytes that a hash or a MAC gave, kept inline: making, copying and comparing one allocates nothing.
///
/// `==` takes the same time wherever the first difference is, so a digest may be compared with what a client sent.
public struct Digest256: Hashable, Sendable, CustomStringConvertible {
    /// The bytes in memory order, eight to a word.
    private var words: (UInt64, UInt64, UInt64, UInt64)

    public static let byteCount = 32

    /// A digest whose bytes `fill` writes; `fill` gets exactly 32 zeroed bytes.
    init(filledBy fill: (UnsafeMutableRawBufferPointer) throws(CryptoError) -> Void) throws(CryptoError) {
        words = (0, 0, 0, 0)
        var failure: CryptoError?
        withUnsafeMutableBytes(of: &words) { bytes in
            do throws(CryptoError) { try fill(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// - Returns: `nil` unless `bytes` are exactly 32.
    public init?(_ bytes: RawSpan) {
        guard bytes.byteCount == Digest256.byteCount else { return nil }
        words = (
            bytes.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self),
            bytes.unsafeLoadUnaligned(fromByteOffset: 8, as: UInt64.self),
            bytes.unsafeLoadUnaligned(fromByteOffset: 16, as: UInt64.self),
            bytes.unsafeLoadUnaligned(fromByteOffset: 24, as: UInt64.self)
        )
    }

    /// - Returns: `nil` unless `hex` is exactly 64 hexadecimal digits, of either case.
    public init?(hex: RawSpan) {
        guard hex.byteCount == 2 * Digest256.byteCount else { return nil }
        words = (0, 0, 0, 0)
        let isHex = withUnsafeMutableBytes(of: &words) { Hex.decode(hex, into: $0) }
        guard isHex else { return nil }
    }

    /// - Returns: `nil` unless `hex` is exactly 64 hexadecimal digits, of either case.
    public init?(hex: String) {
        self.init(hex: Array(hex.utf8).span.bytes)
    }

    public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    /// 64 lower-case hexadecimal digits.
    public var hex: String { withUnsafeBytes { Hex.encode($0.bytes) } }

    public var description: String { hex }

    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        Swift.withUnsafeBytes(of: words, body)
    }

    public static func == (left: Digest256, right: Digest256) -> Bool {
        let difference =
            (left.words.0 ^ right.words.0) | (left.words.1 ^ right.words.1) | (left.words.2 ^ right.words.2)
            | (left.words.3 ^ right.words.3)
        return difference == 0
    }

    public func hash(into hasher: inout Hasher) {
        // A hash is uniform already, so one word tells digests apart.
        hasher.combine(words.0)
    }
}
