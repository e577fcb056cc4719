import COpenSSL

/// Signatures of RFC 8032 (pure Ed25519).
public enum Ed25519 {
    public static let signatureLength = 64
    public static let rawKeyLength = 32

    /// A key that signs. Any thread may use it: OpenSSL changes only its atomic reference count.
    public final class PrivateKey: @unchecked Sendable {
        private let key: OpaquePointer

        /// - Parameter seed: the 32 bytes that RFC 8032 calls the private key.
        public init(seed: [UInt8]) throws(CryptoError) {
            guard seed.count == rawKeyLength else {
                throw CryptoError(operation: "Ed25519 seed", reason: "\(seed.count) bytes instead of 32")
            }
            guard let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count) else {
                throw .fromOpenSSL("Ed25519 seed")
            }
            self.key = key
        }

        /// A new key from secure random bytes.
        public convenience init() throws(CryptoError) {
            try self.init(seed: SecureRandom.bytes(count: rawKeyLength))
        }

        deinit {
            EVP_PKEY_free(key)
        }

        /// - Returns: 64 bytes.
        public func sign(_ message: [UInt8]) throws(CryptoError) -> [UInt8] {
            guard let context = EVP_MD_CTX_new() else { throw .fromOpenSSL("sign Ed25519") }
            defer { EVP_MD_CTX_free(context) }
            var signature = [UInt8](repeating: 0, count: signatureLength)
            var length = signature.count
            guard EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
                EVP_DigestSign(context, &signature, &length, message, message.count) == 1
            else { throw .fromOpenSSL("sign Ed25519") }
            return signature
        }

        public func publicKey() throws(CryptoError) -> PublicKey {
            var raw = [UInt8](repeating: 0, count: rawKeyLength)
            var length = raw.count
            guard EVP_PKEY_get_raw_public_key(key, &raw, &length) == 1 else { throw .fromOpenSSL("Ed25519 public key") }
            return try PublicKey(raw: raw)
        }
    }

    /// A key that verifies. Any thread may use it: OpenSSL changes only its atomic reference count.
    public final class PublicKey: @unchecked Sendable {
        private let key: OpaquePointer

        /// The 32 bytes of RFC 8032.
        public let raw: [UInt8]

        public init(raw: [UInt8]) throws(CryptoError) {
            guard raw.count == rawKeyLength else {
                throw CryptoError(operation: "Ed25519 public key", reason: "\(raw.count) bytes instead of 32")
            }
            guard let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, raw, raw.count) else {
                throw .fromOpenSSL("Ed25519 public key")
            }
            self.key = key
            self.raw = raw
        }

        /// A key as SubjectPublicKeyInfo in DER (RFC 8410), which has exactly one form for Ed25519.
        public convenience init(spkiDER der: [UInt8]) throws(CryptoError) {
            guard der.count == spkiPrefix.count + rawKeyLength, der.starts(with: spkiPrefix) else {
                throw CryptoError(operation: "Ed25519 public key", reason: "not a SubjectPublicKeyInfo of Ed25519")
            }
            try self.init(raw: Array(der[spkiPrefix.count...]))
        }

        /// A key as SubjectPublicKeyInfo in base64: the body of a `PUBLIC KEY` PEM file, or the whole file.
        public convenience init(spkiBase64 text: String) throws(CryptoError) {
            let body = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-----") }.joined()
            guard let der = Base64.decode(body) else {
                throw CryptoError(operation: "Ed25519 public key", reason: "not base64")
            }
            try self.init(spkiDER: der)
        }

        deinit {
            EVP_PKEY_free(key)
        }

        public var spkiDER: [UInt8] { spkiPrefix + raw }

        public var spkiBase64: String { Base64.encode(spkiDER) }

        /// Whether `signature` is this key's over `message`; false also for a signature of a wrong length.
        public func isValid(signature: [UInt8], of message: [UInt8]) throws(CryptoError) -> Bool {
            guard signature.count == signatureLength else { return false }
            guard let context = EVP_MD_CTX_new() else { throw .fromOpenSSL("verify Ed25519") }
            defer { EVP_MD_CTX_free(context) }
            guard EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1 else { throw .fromOpenSSL("verify Ed25519") }
            let verified = EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
            ERR_clear_error()
            return verified
        }
    }

    /// SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING of 32 bytes }, up to the key itself.
    private static let spkiPrefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
}
