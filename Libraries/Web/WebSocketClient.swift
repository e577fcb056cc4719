import Crypto
import Network

/// Opens a WebSocket from the client's side; the result is a `WebSocket` like the server's, with masked frames.
public final class WebSocketClient: ConnectionDelegate {
    public typealias Failure = (HTTPClientError) -> Void

    private let connection: Connection
    private let handler: any WebSocketHandler
    private let limits: WebSocketLimits
    private let failed: Failure
    private let request: [UInt8]
    private let expectedAccept: [UInt8]
    private var parser = HTTPResponseParser(bodyLimit: HTTPClient.bodyBytes)
    private var failure: HTTPClientError?

    /// Starts to connect and shakes hands; `handler.opened` is called when the WebSocket is there.
    ///
    /// - Parameters:
    ///   - address: numeric.
    ///   - target: path and query, percent-encoded.
    ///   - failed: called instead of `handler.opened`, once.
    @discardableResult
    public static func connect(
        to address: String, port: UInt16, target: String, headers: HTTPHeaders = .none,
        limits: WebSocketLimits = .client, on loop: EventLoop, tls: TLSContext? = nil, serverName: String? = nil,
        handler: any WebSocketHandler, failed: @escaping Failure = { _ in }
    ) throws(NetworkError) -> WebSocketClient {
        let connection = try Connection.connect(
            to: address, port: port, on: loop, tls: tls, serverName: serverName)
        let host = "\(address.contains(":") ? "[\(address)]" : address):\(port)"
        let client = WebSocketClient(connection, host, target, headers, limits, handler, failed)
        connection.delegate = client
        return client
    }

    private init(
        _ connection: Connection, _ host: String, _ target: String, _ headers: HTTPHeaders, _ limits: WebSocketLimits,
        _ handler: any WebSocketHandler, _ failed: @escaping Failure
    ) {
        self.connection = connection
        self.handler = handler
        self.limits = limits
        self.failed = failed
        var nonce = [UInt8](repeating: 0, count: 16)
        nonce.withUnsafeMutableBytes { SystemRandom.fill($0) }
        let key = Array(Base64.encode(nonce).utf8)
        expectedAccept = key.withUnsafeBytes { WebSocketHandshake.accept(key: $0) } ?? []
        var buffer = ByteBuffer(capacity: 512)
        buffer.append("GET ")
        buffer.append(target)
        buffer.append(" HTTP/1.1\r\nHost: ")
        buffer.append(host)
        buffer.append("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n")
        buffer.append("Sec-WebSocket-Key: ")
        buffer.append(key)
        buffer.append("\r\n")
        buffer.append(headers.lines)
        buffer.append("\r\n")
        request = buffer.array()
    }

    public func cancel() { connection.close() }

    public func connectionOpened(_ connection: Connection) {
        connection.write { $0.append(request) }
    }

    public func connection(_ connection: Connection, received bytes: UnsafeMutableRawBufferPointer) -> Int {
        var consumed = 0
        do throws(HTTPClientError) {
            while consumed < bytes.count {
                let rest = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[consumed...])
                let (used, response) = try parser.take(rest, isHead: false)
                consumed += used
                if let response {
                    try open(response)
                    return consumed
                }
                if used == 0 { break }
            }
            return consumed
        } catch {
            failure = error
            connection.close()
            return bytes.count
        }
    }

    private func open(_ response: HTTPClientResponse) throws(HTTPClientError) {
        guard response.status == 101 else { throw .notUpgraded(response.status) }
        guard response.header("sec-websocket-accept").map({ Array($0.utf8) }) == expectedAccept else {
            throw .malformedAnswer("Sec-WebSocket-Accept")
        }
        let socket = WebSocket(
            connection, role: .client, limits: limits, handler: handler, server: nil, id: nil)
        connection.delegate = socket
        socket.start()
    }

    public func connectionReachedEnd(_ connection: Connection) { connection.close() }

    public func connectionEnded(_ connection: Connection, _ reason: ConnectionEnd) {
        if case .failed(let text) = reason { return failed(.connectionEnded(text)) }
        failed(failure ?? .connectionEnded("closed"))
    }
}
