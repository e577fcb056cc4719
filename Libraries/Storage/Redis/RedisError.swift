/// Why Redis did not do something.
public enum RedisError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The URL or another setting is wrong.
    case malformedConfiguration(String)
    /// No connection, and the reason of the last attempt: nothing was sent.
    case notConnected(reason: String)
    /// The connection broke: the command may have been carried out or not.
    case connectionLost(reason: String)
    /// The server was silent too long, and the connection was closed: the command may have been carried out or not.
    case timedOut(milliseconds: Int)
    /// The server's error, such as `WRONGTYPE Operation against a key…`.
    case refused(String)
    /// The server answered with another kind of value than the command gives.
    case unexpectedReply(String)
    /// Too much waits for Redis already: nothing was sent.
    case queueFull(limit: Int)
    case closed

    /// Whether the same command may succeed later, unchanged.
    public var isRetryable: Bool {
        switch self {
        case .notConnected, .connectionLost, .timedOut, .queueFull: true
        case .refused(let message):
            ["LOADING", "BUSY", "TRYAGAIN", "CLUSTERDOWN", "MASTERDOWN", "READONLY"].contains { message.hasPrefix($0) }
        case .malformedConfiguration, .unexpectedReply, .closed: false
        }
    }

    public var description: String {
        switch self {
        case .malformedConfiguration(let reason): "Redis configuration: \(reason)"
        case .notConnected(let reason): "Redis is not connected: \(reason)"
        case .connectionLost(let reason): "connection to Redis lost: \(reason)"
        case .timedOut(let milliseconds): "Redis was silent for \(milliseconds) ms"
        case .refused(let message): "Redis refused: \(message)"
        case .unexpectedReply(let found): "Redis answered \(found)"
        case .queueFull(let limit): "\(limit) commands or bytes wait for Redis already"
        case .closed: "the Redis client has been closed"
        }
    }
}
