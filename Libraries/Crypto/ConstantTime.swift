import COpenSSL

public enum ConstantTime {
    /// Whether both are the same bytes, in a time that depends on their lengths only.
    public static func equal(_ left: RawSpan, _ right: RawSpan) -> Bool {
        guard left.byteCount == right.byteCount else { return false }
        guard left.byteCount > 0 else { return true }
        return left.withUnsafeBytes { left in
            right.withUnsafeBytes { right in CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0 }
        }
    }

    public static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        equal(left.span.bytes, right.span.bytes)
    }
}
