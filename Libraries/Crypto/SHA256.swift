import COpenSSL

/// SHA-256 (FIPS 180-4), fed piece by piece. One thread at a time.
public final class SHA256 {
    private let context: OpaquePointer

    public init() throws(CryptoError) {
        guard let context = EVP_MD_CTX_new() else { throw .fromOpenSSL("create SHA-256") }
        self.context = context
        guard EVP_DigestInit_ex2(context, Algorithms.sha256, nil) == 1 else { throw .fromOpenSSL("start SHA-256") }
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    public func update(_ bytes: RawSpan) throws(CryptoError) {
        let updated = bytes.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        guard updated == 1 else { throw .fromOpenSSL("update SHA-256") }
    }

    public func update(_ bytes: [UInt8]) throws(CryptoError) {
        try update(bytes.span.bytes)
    }

    /// The digest of everything fed since the start or the last call; the next `update` begins a new message.
    public func finish() throws(CryptoError) -> Digest256 {
        let digest = try Digest256 { (output: UnsafeMutableRawBufferPointer) throws(CryptoError) in
            let target = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
            guard EVP_DigestFinal_ex(context, target, nil) == 1 else { throw .fromOpenSSL("finish SHA-256") }
        }
        guard EVP_DigestInit_ex2(context, nil, nil) == 1 else { throw .fromOpenSSL("restart SHA-256") }
        return digest
    }

    /// The digest of one message.
    public static func digest(of bytes: RawSpan) throws(CryptoError) -> Digest256 {
        try Digest256 { (output: UnsafeMutableRawBufferPointer) throws(CryptoError) in
            let target = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
            let hashed = bytes.withUnsafeBytes {
                EVP_Digest($0.baseAddress, $0.count, target, nil, Algorithms.sha256, nil)
            }
            guard hashed == 1 else { throw .fromOpenSSL("SHA-256") }
        }
    }

    /// The digest of one message.
    public static func digest(of bytes: [UInt8]) throws(CryptoError) -> Digest256 {
        try digest(of: bytes.span.bytes)
    }
}

/// SHA-1, broken as a signature and here only because the WebSocket handshake (RFC 6455, section 4.2.2) asks for it.
public enum SHA1 {
    /// - Returns: 20 bytes.
    public static func digest(of bytes: [UInt8]) throws(CryptoError) -> [UInt8] {
        let hashed = [UInt8](unsafeUninitializedCapacity: 20) { output, count in
            let done = bytes.withUnsafeBytes {
                EVP_Digest($0.baseAddress, $0.count, output.baseAddress, nil, Algorithms.sha1, nil)
            }
            count = done == 1 ? 20 : 0
        }
        guard !hashed.isEmpty else { throw .fromOpenSSL("SHA-1") }
        return hashed
    }
}

/// Algorithms fetched once a process: a fetch costs more than hashing a request.
///
/// They are immutable and their reference counts are atomic, so that every thread may use them.
enum Algorithms {
    nonisolated(unsafe) static let sha256: OpaquePointer? = EVP_MD_fetch(nil, "SHA256", nil)
    nonisolated(unsafe) static let sha1: OpaquePointer? = EVP_MD_fetch(nil, "SHA1", nil)
    nonisolated(unsafe) static let hmac: OpaquePointer? = EVP_MAC_fetch(nil, "HMAC", nil)
    nonisolated(unsafe) static let aes256GCM: OpaquePointer? = EVP_CIPHER_fetch(nil, "AES-256-GCM", nil)
}
