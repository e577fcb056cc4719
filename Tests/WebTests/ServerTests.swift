import Network
import Testing

@testable import Web

final class EchoHandler: WebHandler, WebSocketHandler {
    func handle(_ request: borrowing HTTPRequest, _ exchange: HTTPExchange) {
        let text = "\(request.methodName) \(request.pathText) ?\(request.queryText) \(request.bodyText)"
        exchange.respond(.ok, contentType: .text, body: text)
    }
    func upgrade(_ request: borrowing HTTPRequest, _ exchange: HTTPExchange) -> (any WebSocketHandler)? { self }
    func received(_ socket: WebSocket, _ message: WebSocketMessage) { socket.send(text: "echo " + message.text) }
}

final class Collector: WebSocketHandler {
    var messages: [String] = []
    var code: UInt16?
    var socket: WebSocket?
    func opened(_ socket: WebSocket) {
        self.socket = socket
        socket.send(text: "hello")
    }
    func received(_ socket: WebSocket, _ message: WebSocketMessage) { messages.append(message.text) }
    func closed(_ socket: WebSocket, code: UInt16, reason: String) { self.code = code }
}

extension EventLoop {
    func run(until condition: () -> Bool) {
        let end = MonotonicClock.milliseconds() + 30_000
        while !condition(), MonotonicClock.milliseconds() < end { runTurn(maximumWaitMilliseconds: 50) }
        #expect(condition())
    }
}

@Test func `A request is answered and a WebSocket echoes`() throws {
    let loop = try EventLoop()
    let listener = try TCPListener(address: "127.0.0.1", port: 0)
    let server = WebServer(on: loop, handler: EchoHandler())
    try server.listen(on: listener)
    let client = try HTTPClient(to: "127.0.0.1", port: listener.port, on: loop)
    var answers: [String] = []
    client.send("GET", "/a?b=c") { if case .success(let response) = $0 { answers.append(response.text) } }
    client.send("POST", "/x", body: Array("body".utf8)) {
        if case .success(let response) = $0 { answers.append(response.text) }
    }
    loop.run { answers.count == 2 }
    #expect(answers == ["GET /a ?b=c ", "POST /x ? body"])
    let collector = Collector()
    try WebSocketClient.connect(to: "127.0.0.1", port: listener.port, target: "/ws", on: loop, handler: collector)
    loop.run { collector.messages.count == 1 }
    #expect(collector.messages == ["echo hello"])
    #expect(server.webSocketCount == 1)
    collector.socket?.close(code: .normal)
    loop.run { collector.code != nil && server.webSocketCount == 0 }
    #expect(collector.code == 1000)
}
