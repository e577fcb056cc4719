import Glibc
import Network
import Testing

@testable import Web

extension EventLoop {
    /// Turns the loop until the condition holds; gives up after 30 s, so that a broken test ends.
    func run(until condition: () -> Bool) {
        let end = MonotonicClock.milliseconds() + 30_000
        while !condition(), MonotonicClock.milliseconds() < end { runTurn(maximumWaitMilliseconds: 20) }
        #expect(condition())
    }
}

/// A seed printed with the test and taken back from an environment variable.
func seed(_ name: String = "WEB_TEST_SEED") -> UInt64 {
    let seed = getenv(name).flatMap { UInt64(String(cString: $0)) } ?? SystemRandom.uint64()
    print("\(name)=\(seed)")
    return seed
}

func environmentNumber(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }

/// Answers with what it was asked; `/later` waits until the test answers; WebSockets echo.
final class EchoApplication: WebHandler, WebSocketHandler {
    var later: [HTTPExchange] = []
    var requests: [String] = []
    var sockets: [WebSocket] = []
    var closes: [(code: UInt16, reason: String)] = []
    var controls: [WebSocketControl] = []
    var echoes = true

    func handle(_ request: borrowing HTTPRequest, _ exchange: HTTPExchange) {
        let line = "\(request.methodName) \(request.pathText)?\(request.queryText) \(request.bodyText)"
        requests.append(line)
        if request.pathStarts(with: "/later") { return later.append(exchange) }
        if request.isPath("/large") {
            return exchange.respond(.ok, contentType: .octetStream, body: [UInt8](repeating: 120, count: 300_000))
        }
        exchange.respond(.ok, contentType: .text) { $0.append(line) }
    }

    func upgrade(_ request: borrowing HTTPRequest, _ exchange: HTTPExchange) -> (any WebSocketHandler)? {
        if request.isPath("/no") {
            exchange.respond(.forbidden, contentType: .text, body: "not here")
            return nil
        }
        return self
    }

    func opened(_ socket: WebSocket) { sockets.append(socket) }

    func received(_ socket: WebSocket, _ message: WebSocketMessage) {
        guard echoes else { return }
        if message.isText { socket.send(text: message.bytes) } else { socket.send(binary: message.bytes) }
    }

    func receivedControl(_ socket: WebSocket, _ kind: WebSocketControl) { controls.append(kind) }

    func closed(_ socket: WebSocket, code: UInt16, reason: String) { closes.append((code, reason)) }
}

/// A server and the means to talk to it byte by byte, all on one loop.
final class Bench {
    let loop: EventLoop
    let application = EchoApplication()
    let server: WebServer
    let port: UInt16
    private let listener: TCPListener

    init(_ limits: HTTPLimits = HTTPLimits(), _ webSocketLimits: WebSocketLimits = WebSocketLimits()) throws {
        loop = try EventLoop()
        listener = try TCPListener(address: "127.0.0.1", port: 0)
        port = listener.port
        server = WebServer(on: loop, limits: limits, webSocketLimits: webSocketLimits, handler: application)
        try server.listen(on: listener)
    }

    func connect() throws -> RawClient { try RawClient(port: port, loop: loop) }

    /// Sends the parts one turn apart and returns everything that came until the server closed or, when `expecting` is
    /// given, until that much text had come.
    func exchange(_ parts: [[UInt8]], until isComplete: (RawClient) -> Bool = { $0.hasEnded }) throws -> RawClient {
        let client = try connect()
        loop.run { client.isOpen }
        for part in parts {
            client.send(part)
            loop.runTurn(maximumWaitMilliseconds: 0)
            loop.runTurn(maximumWaitMilliseconds: 0)
        }
        loop.run { isComplete(client) }
        return client
    }
}

final class RawClient: ConnectionDelegate {
    let connection: Connection
    var received: [UInt8] = []
    var isOpen = false
    var hasEnded = false

    init(port: UInt16, loop: EventLoop) throws {
        connection = try Connection.connect(to: "127.0.0.1", port: port, on: loop)
        connection.delegate = self
    }

    /// What came, without the lines that change with the time of day.
    var text: String {
        var lines = String(decoding: received, as: UTF8.self).components(separatedBy: "\r\n")
        lines.removeAll { $0.hasPrefix("Date: ") }
        return lines.joined(separator: "\r\n")
    }

    var statuses: [Int] {
        String(decoding: received, as: UTF8.self).components(separatedBy: "HTTP/1.1 ").dropFirst()
            .map { Int($0.prefix(3)) ?? 0 }
    }

    func send(_ bytes: [UInt8]) { connection.write { $0.append(bytes) } }
    func send(_ text: String) { send(Array(text.utf8)) }

    func connectionOpened(_ connection: Connection) { isOpen = true }
    func connection(_ connection: Connection, received bytes: UnsafeMutableRawBufferPointer) -> Int {
        received.append(contentsOf: bytes)
        return bytes.count
    }
    func connectionReachedEnd(_ connection: Connection) { connection.close() }
    func connectionEnded(_ connection: Connection, _ reason: ConnectionEnd) { hasEnded = true }
}

extension String {
    func components(separatedBy separator: String) -> [String] {
        var parts: [String] = []
        var rest = Substring(self)
        while let range = rest.firstRange(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        parts.append(String(rest))
        return parts
    }
}

/// A masked client frame.
func frame(
    _ opcode: UInt8, _ payload: [UInt8], final: Bool = true, masked: Bool = true, reserved: UInt8 = 0
) -> [UInt8] {
    var bytes = [(final ? 0x80 : 0) | reserved << 4 | opcode]
    let flag: UInt8 = masked ? 0x80 : 0
    switch payload.count {
    case ...125: bytes.append(flag | UInt8(payload.count))
    case ...65_535: bytes += [flag | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
    default: bytes += [flag | 127] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
    }
    guard masked else { return bytes + payload }
    let mask: [UInt8] = [0x12, 0x34, 0x56, 0x78]
    return bytes + mask + payload.enumerated().map { $1 ^ mask[$0 & 3] }
}

let upgradeRequest = Array(
    """
    GET /ws?a=b HTTP/1.1\r
    Host: x\r
    Upgrade: websocket\r
    Connection: keep-alive, Upgrade\r
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
    Sec-WebSocket-Version: 13\r
    Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r
    \r

    """.utf8)
