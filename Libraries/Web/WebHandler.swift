import Network

/// What an application does with requests. All calls come on the server's loop and must not block it.
public protocol WebHandler: AnyObject {
    /// A request. It is lent for the call; answer through `exchange`, now or later.
    func handle(_ request: borrowing HTTPRequest, _ exchange: HTTPExchange)

    /// A well-formed request to open a WebSocket.
    ///
    /// - Returns: who handles the WebSocket; nil to refuse, then `exchange` gets the answer, now or later.
    func upgrade(_ request: borrowing HTTPRequest, _ exchange: HTTPExchange) -> (any WebSocketHandler)?

    /// Bytes that are no request, or one beyond a limit: the answer through `exchange` is the connection's last.
    ///
    /// - Parameter status: 400, 413, 414, 431, 501 or 505.
    func refused(_ status: HTTPStatus, from peer: PeerAddress, _ exchange: HTTPExchange)
}

extension WebHandler {
    /// Refuses with 404.
    public func upgrade(_ request: borrowing HTTPRequest, _ exchange: HTTPExchange) -> (any WebSocketHandler)? {
        exchange.respond(.notFound)
        return nil
    }

    /// Answers with the status alone.
    public func refused(_ status: HTTPStatus, from peer: PeerAddress, _ exchange: HTTPExchange) {
        exchange.respond(status)
    }
}

/// What an application does with one WebSocket or with many; on the socket's loop.
public protocol WebSocketHandler: AnyObject {
    /// The handshake is done; messages can be sent.
    func opened(_ socket: WebSocket)

    /// A whole message; text is valid UTF-8. The bytes are valid during the call.
    func received(_ socket: WebSocket, _ message: WebSocketMessage)

    /// A ping or pong has come (a ping is answered by the socket itself). Here a server limits control frames, by
    /// closing with 1008.
    func receivedControl(_ socket: WebSocket, _ kind: WebSocketControl)

    /// Everything that was waiting to be sent has been taken by the socket.
    func drained(_ socket: WebSocket)

    /// The WebSocket has ended; nothing comes after this. Called once.
    ///
    /// - Parameters:
    ///   - code: the close code that ended it, from either side; 1005 when the peer gave none, 1006 when the connection
    ///     broke without a close frame.
    ///   - reason: the text that came or was sent with it.
    func closed(_ socket: WebSocket, code: UInt16, reason: String)
}

extension WebSocketHandler {
    public func opened(_ socket: WebSocket) {}
    public func receivedControl(_ socket: WebSocket, _ kind: WebSocketControl) {}
    public func drained(_ socket: WebSocket) {}
    public func closed(_ socket: WebSocket, code: UInt16, reason: String) {}
}

public enum WebSocketControl: Sendable {
    case ping
    case pong
}

/// A received message; valid during the call that hands it over.
public struct WebSocketMessage {
    public let isText: Bool
    public let bytes: UnsafeRawBufferPointer

    public var text: String { String(decoding: bytes, as: UTF8.self) }
}
