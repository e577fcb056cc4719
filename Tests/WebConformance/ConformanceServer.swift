import Crypto
import Glibc
import Network
import Web

/// A server for clients that others wrote: answers each request with what it asked, echoes WebSocket messages.
///
///     web-conformance-server [certificate.pem key.pem]
///
/// Prints `port N` when it listens on 127.0.0.1, and ends by SIGTERM after an orderly stop.
@main enum ConformanceServer {
    static func main() throws {
        try Signal.block()
        let arguments = CommandLine.arguments
        let tls =
            arguments.count == 3
            ? try TLSContext(certificateFile: arguments[1], privateKeyFile: arguments[2]) : nil
        let loop = try EventLoop()
        let listener = try TCPListener(address: "127.0.0.1", port: 0)
        var limits = WebSocketLimits()
        limits.messageBytes = 1 << 20
        limits.unsentBytes = 8 << 20
        let server = WebServer(on: loop, webSocketLimits: limits, tls: tls, handler: Echo())
        try server.listen(on: listener)
        try loop.onSignal { _ in
            server.drain()
            stopWhenIdle(loop, server)
        }
        print("port \(listener.port)")
        // Standard output is buffered when it is a pipe; the line must not wait there.
        fflush(nil)
        loop.run()
    }

    private static func stopWhenIdle(_ loop: EventLoop, _ server: WebServer) {
        guard server.connectionCount > 0 else { return loop.stop() }
        loop.schedule(afterMilliseconds: 10) { stopWhenIdle(loop, server) }
    }
}

private final class Echo: WebHandler, WebSocketHandler {
    func handle(_ request: borrowing HTTPRequest, _ exchange: HTTPExchange) {
        if request.isPath("/hello") {
            return exchange.respond(.ok, contentType: .text, body: "hello")
        }
        exchange.respond(.ok, contentType: .text) { answer in
            answer.append("\(request.methodName) \(request.pathText)?\(request.queryText)\n")
            for index in 0..<request.headerCount {
                answer.append("\(request.headerName(at: index)): \(request.headerText(at: index))\n")
            }
            answer.append("\n")
            answer.append(request.body)
        }
    }

    func upgrade(_ request: borrowing HTTPRequest, _ exchange: HTTPExchange) -> (any WebSocketHandler)? { self }

    func received(_ socket: WebSocket, _ message: WebSocketMessage) {
        if message.isText { socket.send(text: message.bytes) } else { socket.send(binary: message.bytes) }
    }
}
