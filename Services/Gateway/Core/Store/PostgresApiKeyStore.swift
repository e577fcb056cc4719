import Crypto
import Network
import Storage
import Synchronization
import TradingCore

/// API keys from PostgreSQL, kept in memory: known keys go on working while the database is away, and a revoked one is refused as soon as
/// `reference-data` names it.
public final class PostgresApiKeyStore: ApiKeyStore {
    /// Keys that do not exist, remembered so that asking for them again costs the database nothing.
    static let maximumAbsent = 10_000
    static let absentMilliseconds: Int64 = 5_000

    private struct State {
        var keys: [String: ApiKey] = [:]
        /// Until when a key counts as absent without asking again; milliseconds.
        var absent: [String: Int64] = [:]
        var revoked: [String: UInt64] = [:]
    }

    private let table: ApiKeyTable
    private let state = Mutex(State())
    private let changes = Atomic<UInt64>(1)

    public init(table: ApiKeyTable) { self.table = table }

    public var generation: UInt64 { changes.load(ordering: .acquiring) }

    public func lookup(_ key: String) -> KeyLookup {
        state.withLock { state in
            if let known = state.keys[key] { return .known(known) }
            if state.revoked[key] != nil { return .absent }
            if let until = state.absent[key], WallClock.milliseconds() < until { return .absent }
            return .notLoaded
        }
    }

    public func load(_ key: String, _ completion: @escaping @Sendable (KeyLookup) -> Void) {
        let table = table
        Task {
            do {
                if let stored = try await table.find(key), let found = try PostgresApiKeyStore.key(stored) {
                    self.remember(found)
                } else {
                    self.rememberAbsent(key)
                }
                completion(self.lookup(key))
            } catch {
                completion(.unavailable)
            }
        }
    }

    public func changed(_ key: String, revision: UInt64, isRevoked: Bool) {
        state.withLock { state in
            if isRevoked {
                state.keys[key]?.isEnabled = false
                state.revoked[key] = revision
            } else if let known = state.keys[key], known.revision < revision {
                state.keys[key] = nil
            }
            state.absent[key] = nil
        }
        changes.add(1, ordering: .releasing)
    }

    private func remember(_ key: ApiKey) {
        state.withLock { state in
            var key = key
            if state.revoked[key.key] != nil { key.isEnabled = false }
            state.keys[key.key] = key
            state.absent[key.key] = nil
        }
        changes.add(1, ordering: .releasing)
    }

    private func rememberAbsent(_ key: String) {
        state.withLock { state in
            if state.absent.count >= PostgresApiKeyStore.maximumAbsent { state.absent.removeAll() }
            state.absent[key] = WallClock.milliseconds() + PostgresApiKeyStore.absentMilliseconds
        }
    }

    /// - Returns: nil for a key with an address that cannot be read: it could be used from nowhere.
    private static func key(_ stored: StoredApiKey) throws -> ApiKey? {
        let secret: KeySecret
        switch stored.credential {
        case .hmac(let bytes): secret = .hmac(bytes)
        case .ed25519(let raw): secret = .ed25519(try Ed25519.PublicKey(raw: raw))
        }
        var addresses: [IPAddress] = []
        for text in stored.ipAllowList {
            guard let address = AddressText.parse(text) else { return nil }
            addresses.append(address)
        }
        return ApiKey(
            key: stored.key, account: stored.account, secret: secret, permissions: stored.permissions,
            allowedAddresses: addresses, isEnabled: !stored.isRevoked, revision: stored.revision)
    }
}

/// Numeric addresses as text.
enum AddressText {
    /// `192.0.2.1` or `2001:db8::1`; nil for anything else.
    static func parse(_ text: String) -> IPAddress? {
        text.contains(":") ? version6(text) : version4(text)
    }

    private static func version4(_ text: String) -> IPAddress? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var number: UInt64 = 0
        for part in parts {
            guard part.count <= 3, let value = UInt8(part) else { return nil }
            number = number << 8 | UInt64(value)
        }
        return IPAddress(high: 0, low: 0xffff << 32 | number)
    }

    private static func version6(_ text: String) -> IPAddress? {
        let halves = text.components(at: "::")
        guard halves.count <= 2 else { return nil }
        guard let front = groups(halves[0]) else { return nil }
        guard let back = halves.count == 2 ? groups(halves[1]) : [] else { return nil }
        let missing = 8 - front.count - back.count
        guard halves.count == 2 ? missing >= 1 : missing == 0 else { return nil }
        let all = front + Array(repeating: 0, count: missing) + back
        let high = all[..<4].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
        let low = all[4...].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
        return IPAddress(high: high, low: low)
    }

    private static func groups(_ text: Substring) -> [UInt16]? {
        if text.isEmpty { return [] }
        var groups: [UInt16] = []
        for part in text.split(separator: ":", omittingEmptySubsequences: false) {
            guard part.count <= 4, let value = UInt16(part, radix: 16) else { return nil }
            groups.append(value)
        }
        return groups
    }
}

extension String {
    /// The parts around a separator.
    fileprivate func components(at separator: String) -> [Substring] {
        var parts: [Substring] = []
        var rest = self[...]
        while let found = rest.firstRange(of: separator) {
            parts.append(rest[..<found.lowerBound])
            rest = rest[found.upperBound...]
        }
        parts.append(rest)
        return parts
    }
}
