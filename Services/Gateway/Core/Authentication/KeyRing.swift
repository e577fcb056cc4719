import Crypto
import Network
import TradingCore

/// A key ready to verify with, on one loop.
public final class KeyEntry {
    public let key: ApiKey
    private let mac: HMACSHA256?
    let weight: WeightCounter

    init(_ key: ApiKey, weight: WeightCounter) throws(CryptoError) {
        self.key = key
        self.weight = weight
        if case .hmac(let secret) = key.secret {
            mac = try HMACSHA256(key: secret)
        } else {
            mac = nil
        }
    }

    /// Whether `signature`, as it was sent, signs `payload`.
    ///
    /// - Returns: 64 bits of the signature, by which a repeated one is known; nil when it does not sign the payload.
    func verify(_ payload: [UInt8], signature: UnsafeRawBufferPointer) throws(CryptoError) -> UInt64? {
        switch key.secret {
        case .hmac:
            guard let mac, let sent = Digest256(hex: signature.bytes) else { return nil }
            guard try mac.authenticate(payload) == sent else { return nil }
            return sent.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
        case .ed25519(let publicKey):
            // A plus sign that was sent bare has been read as a space.
            let text = signature.map { $0 == UInt8(ascii: " ") ? UInt8(ascii: "+") : $0 }
            guard let sent = Base64.decode(text.span.bytes), sent.count == Ed25519.signatureLength else { return nil }
            guard try publicKey.isValid(signature: sent, of: payload) else { return nil }
            return sent.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
        }
    }
}

/// One loop's keys: an entry is made once and used until the store says that some key has changed.
public final class KeyRing {
    /// Entries kept at most; beyond it all are made again when next used.
    public static let maximumEntries = 10_000

    public enum Found {
        case entry(KeyEntry)
        case absent
        case notLoaded
    }

    private let store: any ApiKeyStore
    private let limiter: RequestLimiter
    private var entries: [String: KeyEntry] = [:]
    private var generation: UInt64 = 0
    private var last: (bytes: [UInt8], entry: KeyEntry)?

    public init(store: any ApiKeyStore, limiter: RequestLimiter) {
        self.store = store
        self.limiter = limiter
    }

    /// The entry of the key with these bytes. The one used last is found without a hash: requests come in runs.
    public func find(_ key: UnsafeRawBufferPointer) throws(ApiError) -> Found {
        if store.generation != generation {
            generation = store.generation
            entries.removeAll()
            last = nil
        }
        if let last, last.bytes.elementsEqual(key) { return .entry(last.entry) }
        let text = String(decoding: key, as: UTF8.self)
        if let entry = entries[text] {
            last = (Array(key), entry)
            return .entry(entry)
        }
        switch store.lookup(text) {
        case .absent: return .absent
        case .notLoaded, .unavailable: return .notLoaded
        case .known(let found):
            let entry: KeyEntry
            do throws(CryptoError) {
                entry = try KeyEntry(found, weight: limiter.counter(key: text))
            } catch {
                throw ApiError(.disconnected)
            }
            if entries.count >= KeyRing.maximumEntries { entries.removeAll() }
            entries[text] = entry
            last = (Array(key), entry)
            return .entry(entry)
        }
    }
}
