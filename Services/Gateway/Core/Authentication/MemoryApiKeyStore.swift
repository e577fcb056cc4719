import Synchronization

/// API keys that are in memory only.
public final class MemoryApiKeyStore: ApiKeyStore {
    private struct State {
        var keys: [String: ApiKey] = [:]
        var generation: UInt64 = 1
    }

    private let state = Mutex(State())

    public init(_ keys: [ApiKey] = []) {
        for key in keys { set(key) }
    }

    public func set(_ key: ApiKey) {
        state.withLock {
            $0.keys[key.key] = key
            $0.generation += 1
        }
    }

    public func lookup(_ key: String) -> KeyLookup { state.withLock { $0.keys[key].map { .known($0) } ?? .absent } }

    public func load(_ key: String, _ completion: @escaping @Sendable (KeyLookup) -> Void) { completion(lookup(key)) }

    public var generation: UInt64 { state.withLock { $0.generation } }

    public func changed(_ key: String, revision: UInt64, isRevoked: Bool) {
        state.withLock {
            if isRevoked { $0.keys[key]?.isEnabled = false }
            $0.generation += 1
        }
    }
}
