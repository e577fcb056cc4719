import Network
import TestBasics
import Testing

@testable import Web

@Suite struct WebSocketTests {
    static func text(_ text: String, final: Bool = true) -> [UInt8] { frame(1, Array(text.utf8), final: final) }
    static func close(_ code: Int, _ reason: String = "") -> [UInt8] {
        frame(8, [UInt8(code >> 8), UInt8(code & 0xff)] + Array(reason.utf8))
    }

    /// Frames of a client and the frames that answer them, the last of them a close.
    static let conversations: [(name: String, input: [UInt8], output: [UInt8])] = [
        ("text", text("hello") + close(1000), plain(1, "hello") + closing(1000)),
        ("empty text", text("") + close(1000), plain(1, "") + closing(1000)),
        ("binary", frame(2, [0, 255, 3]) + close(3000), [0x82, 3, 0, 255, 3] + closing(3000)),
        ("close without code", frame(8, []), [0x88, 0]),
        ("ping and pong", frame(9, [1, 2]) + frame(10, []) + close(1001), [0x8a, 2, 1, 2] + closing(1001)),
        (
            "fragments with a ping between",
            text("hel", final: false) + frame(9, []) + frame(0, Array("lo ".utf8), final: false)
                + frame(0, Array("world".utf8)) + close(1000),
            [0x8a, 0] + plain(1, "hello world") + closing(1000)
        ),
        (
            "a character across fragments",
            frame(1, [0xc3], final: false) + frame(0, [0xa4]) + close(1000), plain(1, "ä") + closing(1000)
        ),
        ("unmasked", frame(1, [65], masked: false), failing(1002, "unmasked frame")),
        ("reserved bit", frame(1, [65], reserved: 4), failing(1002, "reserved bits are set")),
        ("unknown opcode", frame(3, []), failing(1002, "unknown opcode")),
        ("unknown control", frame(11, []), failing(1002, "unknown opcode")),
        ("fragmented ping", frame(9, [], final: false), failing(1002, "fragmented control frame")),
        ("long ping", frame(9, [UInt8](repeating: 0, count: 126)), failing(1002, "control frame too long")),
        ("continuation of nothing", frame(0, [65]), failing(1002, "nothing to continue")),
        ("message in a message", text("a", final: false) + text("b"), failing(1002, "a message inside a message")),
        (
            "length not minimal", [0x81, 0xfe, 0, 5] + [0, 0, 0, 0] + [1, 2, 3, 4, 5],
            failing(1002, "length is not minimal")
        ),
        (
            "long length not minimal", [0x81, 0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff],
            failing(1002, "length is not minimal")
        ),
        ("negative length", [0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0], failing(1002, "length is negative")),
        ("too big", [0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0], failing(1009, "message too big")),
        (
            "too big in fragments",
            frame(2, [UInt8](repeating: 1, count: 40_000), final: false)
                + frame(0, [UInt8](repeating: 1, count: 40_000)), failing(1009, "message too big")
        ),
        ("text that is not UTF-8", frame(1, [0xc0, 0x80]), failing(1007, "text is not UTF-8")),
        ("text cut off", frame(1, [0xe2, 0x82]), failing(1007, "text is not UTF-8")),
        ("close of one byte", frame(8, [3]), failing(1002, "close code is cut off")),
        ("close code 1005", close(1005), failing(1002, "invalid close code")),
        ("close code 999", close(999), failing(1002, "invalid close code")),
        ("close code 5000", close(5000), failing(1002, "invalid close code")),
        ("close reason not UTF-8", frame(8, [3, 232, 0xff]), failing(1007, "close reason is not UTF-8")),
        ("nothing after close", close(1000, "bye") + text("more"), closing(1000)),
    ]

    static func plain(_ opcode: UInt8, _ text: String) -> [UInt8] {
        frame(opcode, Array(text.utf8), masked: false)
    }
    static func closing(_ code: Int) -> [UInt8] { [0x88, 2, UInt8(code >> 8), UInt8(code & 0xff)] }
    static func failing(_ code: Int, _ reason: String) -> [UInt8] {
        frame(8, [UInt8(code >> 8), UInt8(code & 0xff)] + Array(reason.utf8), masked: false)
    }

    private func talk(_ bench: Bench, _ parts: [[UInt8]]) throws -> [UInt8] {
        let client = try bench.exchange([upgradeRequest] + parts)
        let head = client.text.components(separatedBy: "\r\n\r\n")[0]
        #expect(
            head == "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        return Array(client.received.dropFirst(head.utf8.count + 4))
    }

    @Test func `Each conversation has its frames`() throws {
        let bench = try Bench()
        for (name, input, output) in Self.conversations {
            #expect(try talk(bench, [input]) == output, "\(name)")
        }
        bench.loop.run { bench.application.closes.count == Self.conversations.count }
        #expect(bench.application.closes[0] == (1000, ""))
        #expect(bench.application.closes[3] == (1005, ""))
    }

    @Test func `However the bytes are cut, the frames are the same`() throws {
        let bench = try Bench()
        for (name, input, output) in Self.conversations {
            let cuts = input.count < 300 ? Array(0..<input.count) : Array(stride(from: 0, to: input.count, by: 1_999))
            for cut in cuts {
                let parts = [Array(input[..<cut]), Array(input[cut...])]
                #expect(try talk(bench, parts) == output, "\(name), cut at \(cut)")
            }
            if input.count < 300 { #expect(try talk(bench, input.map { [$0] }) == output, "\(name), byte by byte") }
        }
    }

    @Test func `Frames right behind the handshake are not lost`() throws {
        let bench = try Bench()
        let client = try bench.exchange([upgradeRequest + Self.text("early") + Self.close(1000)])
        #expect(Array(client.received.suffix(11)) == Self.plain(1, "early") + Self.closing(1000))
    }

    @Test func `A handshake that is not one is refused`() throws {
        let bench = try Bench()
        func statuses(_ from: String, _ to: String) throws -> [Int] {
            let request = String(decoding: upgradeRequest, as: UTF8.self).components(separatedBy: from)
            let text = request.joined(separator: to)
            let client = try bench.exchange([Array(text.utf8)]) { !$0.statuses.isEmpty }
            client.connection.close()
            return client.statuses
        }
        #expect(try statuses("GET", "POST") == [400])
        #expect(try statuses("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25j") == [400])
        #expect(try statuses("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZ!==") == [400])
        #expect(try statuses("Version: 13", "Version: 8") == [426])
        #expect(try statuses("/ws?a=b", "/no") == [403])
        #expect(try statuses("Upgrade: websocket", "Upgrade: h2c") == [200])
        #expect(try statuses("GET", "GET") == [101])
    }

    @Test func `An upgrade waits for the answers before it`() throws {
        let bench = try Bench()
        let client = try bench.connect()
        client.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n")
        client.send(upgradeRequest + Self.text("x"))
        bench.loop.run { bench.application.later.count == 1 }
        for _ in 0..<3 { bench.loop.runTurn(maximumWaitMilliseconds: 1) }
        #expect(bench.application.sockets.isEmpty)
        bench.application.later[0].respond(.ok)
        bench.loop.run { client.statuses == [200, 101] && client.received.suffix(3) == Self.plain(1, "x")[...] }
    }

    @Test func `A shared frame reaches every socket, between frames of its own`() throws {
        let bench = try Bench()
        let clients = try (0..<5).map { _ in
            try bench.exchange([upgradeRequest]) { $0.statuses == [101] }
        }
        for client in clients { client.received = [] }
        let shared = bench.loop.shareFrame(text: "to all")
        for (number, socket) in bench.application.sockets.enumerated() {
            socket.send(text: "\(number)")
            socket.send(shared)
            socket.send(shared)
        }
        let sizes = 3 + 2 * 8
        bench.loop.run { clients.allSatisfy { $0.received.count == sizes } }
        for (number, client) in clients.enumerated() {
            #expect(client.received == Self.plain(1, "\(number)") + Self.plain(1, "to all") + Self.plain(1, "to all"))
        }
    }

    @Test func `A slow consumer is closed with 1008 after whole frames only`() throws {
        var limits = WebSocketLimits()
        limits.unsentBytes = 200_000
        let bench = try Bench(HTTPLimits(), limits)
        let client = try bench.exchange([upgradeRequest]) { $0.statuses == [101] }
        client.received = []
        client.connection.pauseReads()
        let socket = bench.application.sockets[0]
        socket.connection.setKernelBuffers(sendBytes: 8_192)
        let message = String(repeating: "m", count: 1_000)
        var sent = 0
        while socket.send(text: message) {
            sent += 1
            #expect(socket.unsentBytes <= 200_000)
            if sent % 50 == 0 { bench.loop.runTurn(maximumWaitMilliseconds: 0) }
        }
        #expect(!socket.isOpen)
        client.connection.resumeReads()
        let expected = sent * 1_004 + Self.failing(1008, "slow consumer").count
        bench.loop.run { client.received.count == expected }
        #expect(client.received.suffix(17) == Self.failing(1008, "slow consumer")[...])
        client.send(Self.close(1008))
        bench.loop.run { bench.application.closes.count == 1 }
        #expect(bench.application.closes[0] == (1008, "slow consumer"))
    }

    @Test func `Pings go out, and a peer that does not answer is closed`() throws {
        var limits = WebSocketLimits()
        limits.pingMilliseconds = 5
        limits.pongMilliseconds = 40
        let bench = try Bench(HTTPLimits(), limits)
        let silent = try bench.exchange([upgradeRequest])
        #expect(silent.received.suffix(11) == Self.failing(1008, "no pong")[...])
        #expect(bench.application.closes[0] == (1008, "no pong"))
        let collector = Collector()
        var client = WebSocketLimits.client
        client.pingMilliseconds = 5
        try WebSocketClient.connect(
            to: "127.0.0.1", port: bench.port, target: "/ws", limits: client, on: bench.loop, handler: collector)
        bench.loop.run { bench.application.controls.filter { $0 == .pong }.count > 20 && collector.pongs > 5 }
        #expect(collector.code == nil)
    }

    @Test func `A close that is not answered ends after its wait`() throws {
        var limits = WebSocketLimits()
        limits.closeMilliseconds = 20
        let bench = try Bench(HTTPLimits(), limits)
        let client = try bench.exchange([upgradeRequest]) { $0.statuses == [101] }
        bench.application.sockets[0].close(code: .goingAway, reason: "restart")
        bench.loop.run { client.hasEnded }
        #expect(bench.application.closes[0] == (1001, "restart"))
        #expect(client.received.suffix(11) == Self.failing(1001, "restart")[...])
    }

    @Test func `A connection that breaks is reported as 1006`() throws {
        let bench = try Bench()
        let client = try bench.exchange([upgradeRequest]) { $0.statuses == [101] }
        client.connection.close()
        bench.loop.run { bench.application.closes.count == 1 }
        #expect(bench.application.closes[0].code == 1006)
        #expect(bench.server.connectionCount == 0)
    }

    @Test func `A client talks with masked frames, and both sides close`() throws {
        let bench = try Bench()
        let collector = Collector()
        try WebSocketClient.connect(
            to: "127.0.0.1", port: bench.port, target: "/ws", on: bench.loop, handler: collector)
        bench.loop.run { collector.socket != nil }
        let large = String(repeating: "ä", count: 30_000)
        collector.socket?.send(text: large)
        bench.loop.run { collector.messages == [large] }
        #expect(bench.server.webSocketCount == 1)
        let id = try #require(bench.application.sockets[0].id)
        #expect(bench.server.webSocket(id) === bench.application.sockets[0])
        collector.socket?.close(code: .normal, reason: "done")
        bench.loop.run { collector.code != nil && bench.application.closes.count == 1 }
        #expect(collector.code == 1000)
        #expect(bench.application.closes[0] == (1000, "done"))
        #expect(bench.server.webSocket(id) == nil)
        var failure: HTTPClientError?
        try WebSocketClient.connect(
            to: "127.0.0.1", port: bench.port, target: "/no", on: bench.loop, handler: collector
        ) { failure = $0 }
        bench.loop.run { failure != nil }
        #expect(failure == .notUpgraded(403))
    }

    @Test func `A draining server says 1001 to its sockets`() throws {
        let bench = try Bench()
        let client = try bench.exchange([upgradeRequest]) { $0.statuses == [101] }
        bench.server.drain()
        bench.loop.run { client.received.suffix(19) == Self.failing(1001, "server shutdown")[...] }
    }

    @Test func `UTF-8 is judged as the standard library does`() {
        var random = SplitMix64(seed: seed())
        let pieces: [[UInt8]] = [
            [0x41], [0xc3, 0xa4], [0xe2, 0x82, 0xac], [0xf0, 0x9f, 0x98, 0x80], [0xed, 0xa0, 0x80],
            [0xf4, 0x90, 0x80, 0x80],
            [0xc0, 0x80], [0xe0, 0x80, 0x80], [0x80], [0xff], [0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49],
        ]
        for _ in 0..<20_000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...6, using: &random) { bytes += pieces.randomElement(using: &random) ?? [] }
            if random.next() % 3 == 0, !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8(truncatingIfNeeded: random.next())
            }
            let expected = String(validating: bytes, as: UTF8.self) != nil
            #expect(bytes.withUnsafeBytes { UTF8Validation.isValid($0) } == expected, "\(bytes)")
        }
    }

    @Test func `Masking is the same at once and in parts`() {
        var random = SplitMix64(seed: seed())
        for count in 0..<200 {
            let mask = UInt32(truncatingIfNeeded: random.next())
            let plain = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let expected = plain.enumerated().map { $1 ^ UInt8(truncatingIfNeeded: mask >> UInt32(8 * ($0 & 3))) }
            var whole = plain
            whole.withUnsafeMutableBytes { WebSocketMask.apply(mask, to: $0) }
            #expect(whole == expected)
            var parts = plain
            let cut = Int.random(in: 0...count, using: &random)
            parts.withUnsafeMutableBytes {
                WebSocketMask.apply(mask, to: UnsafeMutableRawBufferPointer(rebasing: $0[..<cut]))
                let rest = UnsafeMutableRawBufferPointer(rebasing: $0[cut...])
                WebSocketMask.apply(WebSocketMask.rotated(mask, by: cut), to: rest)
            }
            #expect(parts == expected)
        }
    }
}

final class Collector: WebSocketHandler {
    var messages: [String] = []
    var code: UInt16?
    var socket: WebSocket?
    var pongs = 0

    func opened(_ socket: WebSocket) { self.socket = socket }
    func received(_ socket: WebSocket, _ message: WebSocketMessage) { messages.append(message.text) }
    func receivedControl(_ socket: WebSocket, _ kind: WebSocketControl) { if kind == .pong { pongs += 1 } }
    func closed(_ socket: WebSocket, code: UInt16, reason: String) { self.code = code }
}
