import COpenSSL

/// AES-256-GCM (NIST SP 800-38D): encryption that notices any change.
///
/// A sealed message is nonce (12 bytes), ciphertext (as long as the plaintext), tag (16 bytes). Nonces are random, so
/// one key should seal fewer than 2³² messages.
public struct AESGCM: Sendable {
    public static let keyLength = 32
    public static let nonceLength = 12
    public static let tagLength = 16

    private let key: [UInt8]

    /// - Parameter key: 32 bytes.
    public init(key: [UInt8]) throws(CryptoError) {
        guard key.count == AESGCM.keyLength else {
            throw CryptoError(operation: "AES-256-GCM key", reason: "\(key.count) bytes instead of 32")
        }
        self.key = key
    }

    /// - Parameter associatedData: not encrypted and not part of the result, but opening asks for the same bytes.
    public func seal(_ plaintext: [UInt8], associatedData: [UInt8] = []) throws(CryptoError) -> [UInt8] {
        try seal(plaintext, associatedData: associatedData, nonce: SecureRandom.bytes(count: AESGCM.nonceLength))
    }

    /// - Throws: `CryptoError` when the message, its nonce, its tag or the associated data is not what was sealed.
    public func open(_ sealed: [UInt8], associatedData: [UInt8] = []) throws(CryptoError) -> [UInt8] {
        let overhead = AESGCM.nonceLength + AESGCM.tagLength
        guard sealed.count >= overhead else {
            throw CryptoError(
                operation: "open AES-256-GCM", reason: "\(sealed.count) bytes, at least \(overhead) needed")
        }
        let nonce = Array(sealed[..<AESGCM.nonceLength])
        let ciphertext = Array(sealed[AESGCM.nonceLength..<(sealed.count - AESGCM.tagLength)])
        var tag = Array(sealed[(sealed.count - AESGCM.tagLength)...])
        let cipher = try Cipher(key: key, nonce: nonce, encrypts: false)
        try cipher.authenticate(associatedData)
        let plaintext = try cipher.transform(ciphertext)
        guard EVP_CIPHER_CTX_ctrl(cipher.context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1, cipher.finish()
        else {
            ERR_clear_error()
            throw CryptoError(operation: "open AES-256-GCM", reason: "the message or its associated data was changed")
        }
        return plaintext
    }

    /// Sealing under a nonce of the caller's, which must never repeat: for published vectors.
    func seal(_ plaintext: [UInt8], associatedData: [UInt8], nonce: [UInt8]) throws(CryptoError) -> [UInt8] {
        let cipher = try Cipher(key: key, nonce: nonce, encrypts: true)
        try cipher.authenticate(associatedData)
        let ciphertext = try cipher.transform(plaintext)
        var tag = [UInt8](repeating: 0, count: AESGCM.tagLength)
        guard cipher.finish(),
            EVP_CIPHER_CTX_ctrl(cipher.context, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), &tag) == 1
        else { throw .fromOpenSSL("seal AES-256-GCM") }
        return nonce + ciphertext + tag
    }
}

/// One pass over one message.
private final class Cipher {
    let context: OpaquePointer

    init(key: [UInt8], nonce: [UInt8], encrypts: Bool) throws(CryptoError) {
        precondition(nonce.count == AESGCM.nonceLength)
        guard let context = EVP_CIPHER_CTX_new() else { throw .fromOpenSSL("create AES-256-GCM") }
        self.context = context
        guard EVP_CipherInit_ex2(context, Algorithms.aes256GCM, key, nonce, encrypts ? 1 : 0, nil) == 1 else {
            throw .fromOpenSSL("start AES-256-GCM")
        }
    }

    deinit {
        EVP_CIPHER_CTX_free(context)
    }

    func authenticate(_ bytes: [UInt8]) throws(CryptoError) {
        guard !bytes.isEmpty else { return }
        var written: Int32 = 0
        guard let length = Int32(exactly: bytes.count),
            EVP_CipherUpdate(context, nil, &written, bytes, length) == 1
        else { throw .fromOpenSSL("associated data of AES-256-GCM") }
    }

    func transform(_ bytes: [UInt8]) throws(CryptoError) -> [UInt8] {
        guard !bytes.isEmpty else { return [] }
        let output = [UInt8](unsafeUninitializedCapacity: bytes.count) { output, count in
            var written: Int32 = 0
            if let length = Int32(exactly: bytes.count),
                EVP_CipherUpdate(context, output.baseAddress, &written, bytes, length) == 1
            {
                count = Int(written)
            }
        }
        guard output.count == bytes.count else { throw .fromOpenSSL("AES-256-GCM") }
        return output
    }

    /// False when the tag of an opened message is wrong.
    func finish() -> Bool {
        var rest = [UInt8](repeating: 0, count: AESGCM.tagLength)
        var written: Int32 = 0
        return EVP_CipherFinal_ex(context, &rest, &written) == 1
    }
}
