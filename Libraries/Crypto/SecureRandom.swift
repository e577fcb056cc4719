import COpenSSL

public enum SecureRandom {
    /// Bytes for keys, nonces and identifiers, from OpenSSL's generator, which the kernel seeds.
    public static func bytes(count: Int) throws(CryptoError) -> [UInt8] {
        guard count > 0 else { return [] }
        let random = [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
            initialized = RAND_bytes(output.baseAddress, Int32(clamping: count)) == 1 ? count : 0
        }
        guard random.count == count, count <= Int(Int32.max) else { throw .fromOpenSSL("random bytes") }
        return random
    }
}
