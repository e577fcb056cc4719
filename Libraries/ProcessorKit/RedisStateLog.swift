import ServiceKit
import Storage
import Synchronization

/// Logs how a service's connection to Redis changes: a reason to be away once, until there is another or the connection is back.
public final class RedisStateLog: Sendable {
    private let logger: Logger
    private let last = Mutex<RedisClient.State?>(nil)

    public init(_ logger: Logger) { self.logger = logger }

    /// For `RedisClient`'s `onStateChange`.
    public func note(_ state: RedisClient.State) {
        let isNew = last.withLock { last in
            defer { last = state }
            return last != state
        }
        guard isNew else { return }
        switch state {
        case .connected: logger.info("redis is connected")
        case .away(let error): logger.warning("redis is away, work goes on without it", ["error": .string("\(error)")])
        case .closed: break
        }
    }
}
