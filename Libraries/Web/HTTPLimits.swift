/// Bounds of every length, count and wait of an HTTP connection.
public struct HTTPLimits: Sendable, Hashable {
    /// Method, target and version; a longer one is answered 414.
    public var requestLineBytes = 8_192
    /// The whole head, request line included; more is answered 431.
    public var headBytes = 16_384
    /// Header fields of a request (and of a trailer); more are answered 431.
    public var headerCount = 64
    /// A request's body, decoded; more is answered 413.
    public var bodyBytes = 65_536
    /// Requests of a connection that are not answered yet; further ones wait unread.
    public var pipelinedRequests = 64
    /// Answers a connection has not taken; while there are more, its requests wait unread.
    public var unsentBytes = 1 << 20
    /// Connections of a server (a loop); more are closed at once.
    public var connections = 16_384
    /// A connection without a request on its way is closed after this.
    public var idleMilliseconds = 75_000
    /// From the first byte of a request to the end of its head.
    public var headMilliseconds = 10_000
    /// From the end of a head to the end of its body.
    public var bodyMilliseconds = 30_000
    /// A request that the handler leaves unanswered ends its connection after this.
    public var answerMilliseconds = 60_000
    /// A client that takes nothing of what is sent to it loses its connection after this.
    public var stalledWriteMilliseconds = 30_000

    public init() {}
}

/// Bounds and waits of a WebSocket connection.
public struct WebSocketLimits: Sendable, Hashable {
    /// A message, all fragments together; a larger one is answered by close 1009.
    public var messageBytes = 65_536
    /// Fragments of a message; more are answered by close 1008.
    public var fragments = 1_024
    /// What a slow consumer may have waiting; what goes beyond is answered by close 1008.
    public var unsentBytes = 1 << 20
    /// How often this side sends a ping; 0 for never.
    public var pingMilliseconds = 20_000
    /// A peer that has answered no ping for this long is closed with 1008.
    public var pongMilliseconds = 60_000
    /// How long to wait for the answer to a close frame.
    public var closeMilliseconds = 5_000

    public init() {}

    /// For clients: larger messages, no pings of their own.
    public static var client: WebSocketLimits {
        var limits = WebSocketLimits()
        limits.messageBytes = 16 << 20
        limits.unsentBytes = 16 << 20
        limits.fragments = 1 << 20
        limits.pingMilliseconds = 0
        return limits
    }
}
