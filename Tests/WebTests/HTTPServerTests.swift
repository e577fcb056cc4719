import Network
import Synchronization
import TestBasics
import Testing

@testable import Web

@Suite struct HTTPServerTests {
    /// Inputs on one connection and the statuses that answer them; the last closes the connection.
    static let conversations: [(name: String, input: String, statuses: [Int])] = [
        ("one request", "GET /a?b=c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", [200]),
        ("HTTP/1.0 closes", "GET / HTTP/1.0\r\n\r\n", [200]),
        ("HEAD", "HEAD /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", [200]),
        (
            "two pipelined",
            "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", [200, 200]
        ),
        (
            "a sized body",
            "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.0\r\nHost: x\r\n\r\n",
            [200, 200]
        ),
        (
            "a chunked body with extension and trailer",
            "DELETE /c HTTP/1.1\r\nhost:x\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3;a=b\r\nabc\r\n0A\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\nGET / HTTP/1.0\r\n\r\n", [200, 200]
        ),
        ("an empty line before", "\r\nGET / HTTP/1.0\r\n\r\n", [200]),
        ("an absolute target", "GET http://host:80/x?y HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", [200]),
        ("OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", [200]),
        ("nothing after close", "GET / HTTP/1.0\r\n\r\nGET /again HTTP/1.0\r\n\r\n", [200]),
        ("differing lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello"), [400]),
        ("repeated length", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), [400]),
        ("listed length", post("Content-Length: 5, 5\r\n", "hello"), [400]),
        ("signed length", post("Content-Length: +5\r\n", "hello"), [400]),
        ("empty length", post("Content-Length:\r\n", ""), [400]),
        ("hexadecimal length", post("Content-Length: 0x5\r\n", "hello"), [400]),
        ("huge length", post("Content-Length: 99999999999999999999\r\n", ""), [400]),
        ("length and chunks", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), [400]),
        ("chunks and length", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), [400]),
        ("chunks twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), [400]),
        ("another coding", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), [501]),
        ("chunked, written oddly", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), [501]),
        ("chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", [400]),
        ("bare LF after the request line", "GET / HTTP/1.1\nHost: x\r\n\r\n", [400]),
        ("bare LF after a field", "GET / HTTP/1.1\r\nHost: x\n\r\n", [400]),
        ("bare LF at the end", "GET / HTTP/1.1\r\nHost: x\r\n\n", [400]),
        ("bare CR in a value", "GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n", [400]),
        ("NUL in a value", "GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n", [400]),
        ("a folded line", "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", [400]),
        ("a tab-folded line", "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n\tc\r\n\r\n", [400]),
        ("white space before the colon", "GET / HTTP/1.1\r\nHost: x\r\nContent-Length : 5\r\n\r\n", [400]),
        ("white space before the name", "GET / HTTP/1.1\r\n Host: x\r\n\r\n", [400]),
        ("a name that is no token", "GET / HTTP/1.1\r\nHost: x\r\nA(b): c\r\n\r\n", [400]),
        ("no name", "GET / HTTP/1.1\r\nHost: x\r\n: c\r\n\r\n", [400]),
        ("no colon", "GET / HTTP/1.1\r\nHost: x\r\nabc\r\n\r\n", [400]),
        ("no host", "GET / HTTP/1.1\r\n\r\n", [400]),
        ("two hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", [400]),
        ("a host with a path", "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n", [400]),
        ("a method that is no token", "G{T / HTTP/1.1\r\nHost: x\r\n\r\n", [400]),
        ("two spaces", "GET  / HTTP/1.1\r\nHost: x\r\n\r\n", [400]),
        ("a space in the target", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", [400]),
        ("a fragment", "GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n", [400]),
        ("bytes above ASCII in the target", "GET /ä HTTP/1.1\r\nHost: x\r\n\r\n", [400]),
        ("a relative target", "GET a HTTP/1.1\r\nHost: x\r\n\r\n", [400]),
        ("CONNECT", "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n", [400]),
        ("no version", "GET /\r\nHost: x\r\n\r\n", [400]),
        ("lower-case version", "GET / http/1.1\r\nHost: x\r\n\r\n", [400]),
        ("a version to come", "GET / HTTP/2.0\r\nHost: x\r\n\r\n", [505]),
        ("two empty lines before", "\r\n\r\nGET / HTTP/1.0\r\n\r\n", [400]),
        ("binary", "\u{16}\u{3}\u{1}\u{2}", [400]),
        ("chunk size that is none", chunked("x\r\n"), [400]),
        ("chunk size with a sign", chunked("+5\r\nhello\r\n0\r\n\r\n"), [400]),
        ("chunk size with a space", chunked("5 \r\nhello\r\n0\r\n\r\n"), [400]),
        ("chunk size ending in LF", chunked("5\nhello\r\n0\r\n\r\n"), [400]),
        ("chunk size of many digits", chunked("000000005\r\nhello\r\n0\r\n\r\n"), [400]),
        ("chunk longer than its size", chunked("3\r\nhello\r\n0\r\n\r\n"), [400]),
        ("chunk ended by LF", chunked("5\r\nhello\n0\r\n\r\n"), [400]),
        ("LF in an extension", chunked("5;a\n=b\r\nhello\r\n0\r\n\r\n"), [400]),
        ("a trailer without a colon", chunked("0\r\nabc\r\n\r\n"), [400]),
        ("a folded trailer", chunked("0\r\nA: b\r\n c\r\n\r\n"), [400]),
        ("chunks beyond the limit", chunked("10001\r\n"), [413]),
        ("a body beyond the limit", post("Content-Length: 65537\r\n", ""), [413]),
        ("an expectation of another kind", post("Expect: miracles\r\n", ""), [417]),
        ("a good one, then a bad one", "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET\r\n\r\n", [200, 400]),
    ]

    static func post(_ fields: String, _ body: String) -> String {
        "POST / HTTP/1.1\r\nHost: x\r\n\(fields)\r\n\(body)"
    }

    static func chunked(_ body: String) -> String { post("Transfer-Encoding: chunked\r\n", body) }

    @Test(arguments: conversations)
    func `Each conversation has its answers`(_ name: String, _ input: String, _ statuses: [Int]) throws {
        let bench = try Bench()
        let client = try bench.exchange([Array(input.utf8)])
        #expect(client.statuses == statuses, "\(name)")
        #expect(bench.server.connectionCount == 0 || !client.connection.isOpen)
    }

    @Test func `However the bytes are cut, the answers are the same`() throws {
        let bench = try Bench()
        for (name, input, _) in Self.conversations {
            let bytes = Array(input.utf8)
            let whole = try bench.exchange([bytes]).text
            for cut in 1..<bytes.count {
                let parts = [Array(bytes[..<cut]), Array(bytes[cut...])]
                #expect(try bench.exchange(parts).text == whole, "\(name), cut at \(cut)")
            }
            let single = try bench.exchange(bytes.map { [$0] }).text
            #expect(single == whole, "\(name), byte by byte")
        }
    }

    @Test func `The handler sees what was sent`() throws {
        let bench = try Bench()
        for conversation in Self.conversations.prefix(9) { _ = try bench.exchange([Array(conversation.input.utf8)]) }
        #expect(
            bench.application.requests == [
                "GET /a?b=c ", "GET /? ", "HEAD /a? ", "GET /1? ", "GET /2? ", "POST /p? hello", "GET /? ",
                "DELETE /c? abc0123456789", "GET /? ", "GET /? ", "GET /x?y ", "OPTIONS *? ",
            ])
    }

    @Test func `Answers leave in the order of the requests, whatever order they are given in`() throws {
        let bench = try Bench()
        var random = SplitMix64(seed: seed())
        for _ in 0..<20 {
            let client = try bench.connect()
            let count = Int.random(in: 1...40, using: &random)
            for number in 0..<count { client.send("GET /later/\(number) HTTP/1.1\r\nHost: x\r\n\r\n") }
            bench.loop.run { bench.application.later.count == count }
            var expected: [String] = []
            for number in 0..<count { expected.append("answer \(number);") }
            for (number, exchange) in bench.application.later.enumerated().shuffled(using: &random) {
                #expect(exchange.isOpen)
                exchange.respond(.ok, body: "answer \(number);")
                exchange.respond(.ok, body: "answered twice")
                #expect(!exchange.isOpen)
                if random.next() % 2 == 0 { bench.loop.runTurn(maximumWaitMilliseconds: 0) }
            }
            bench.application.later = []
            bench.loop.run { client.statuses.count == count && client.text.hasSuffix(expected.last ?? "") }
            #expect(
                client.text.components(separatedBy: "\r\n\r\n").dropFirst().map { $0.prefix { $0 != ";" } + ";" }
                    == expected)
            client.connection.close()
        }
    }

    @Test func `A ticket answers from another thread`() throws {
        let bench = try Bench()
        let client = try bench.connect()
        client.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\nGET /now HTTP/1.1\r\nHost: x\r\n\r\n")
        bench.loop.run { bench.application.later.count == 1 }
        let ticket = try #require(bench.application.later[0].ticket)
        let thread = try EventLoopThread.start(name: "answerer") { _ in
            ticket.respond(HTTPResponse(.created, contentType: .text, body: Array("from afar".utf8)))
        }
        bench.loop.run { client.statuses == [201, 200] }
        #expect(client.text.contains("from afar"))
        thread.stop()
        thread.join()
        client.connection.close()
        bench.loop.run { bench.server.connectionCount == 0 }
        ticket.respond(HTTPResponse(.ok))
        bench.loop.runTurn(maximumWaitMilliseconds: 10)
    }

    @Test func `Unanswered requests beyond the limit wait unread`() throws {
        var limits = HTTPLimits()
        limits.pipelinedRequests = 3
        let bench = try Bench(limits)
        let client = try bench.connect()
        for _ in 0..<10 { client.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n") }
        bench.loop.run { bench.application.later.count == 3 }
        for _ in 0..<5 { bench.loop.runTurn(maximumWaitMilliseconds: 1) }
        #expect(bench.application.later.count == 3)
        var answered = 0
        bench.loop.run {
            while answered < bench.application.later.count {
                bench.application.later[answered].respond(.ok)
                answered += 1
            }
            return client.statuses.count == 10
        }
    }

    @Test func `A client that reads nothing gets no further requests read`() throws {
        var limits = HTTPLimits()
        limits.unsentBytes = 100_000
        let bench = try Bench(limits)
        let client = try bench.connect()
        bench.loop.run { client.isOpen }
        client.connection.pauseReads()
        for _ in 0..<100 { client.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n") }
        for _ in 0..<50 { bench.loop.runTurn(maximumWaitMilliseconds: 1) }
        let read = bench.application.requests.count
        #expect(read < 60)
        client.connection.resumeReads()
        bench.loop.run { client.received.count > 100 * 300_000 }
        #expect(bench.application.requests.count == 100)
        #expect(client.received.count < 100 * 300_200)
    }

    @Test func `A client is asked to go on with its body when its turn has come`() throws {
        let bench = try Bench()
        let client = try bench.connect()
        client.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n")
        client.send("POST /p HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        bench.loop.run { bench.application.later.count == 1 }
        for _ in 0..<5 { bench.loop.runTurn(maximumWaitMilliseconds: 1) }
        #expect(client.received.isEmpty)
        bench.application.later[0].respond(.ok)
        bench.loop.run { client.statuses == [200, 100] }
        client.send("ok")
        bench.loop.run { client.statuses == [200, 100, 200] }
        #expect(client.text.hasSuffix("POST /p? ok"))
    }

    @Test func `A client that stops sending still gets its answers`() throws {
        let bench = try Bench()
        let client = try bench.connect()
        client.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n")
        bench.loop.run { bench.application.later.count == 1 }
        client.connection.finishWriting()
        for _ in 0..<3 { bench.loop.runTurn(maximumWaitMilliseconds: 1) }
        #expect(bench.application.later[0].isOpen)
        bench.application.later[0].respond(.ok)
        bench.loop.run { client.hasEnded && bench.server.connectionCount == 0 }
        #expect(client.statuses == [200])
    }

    @Test func `Heads and lines beyond their limits are refused by name`() throws {
        let bench = try Bench()
        func statuses(_ input: String) throws -> [Int] { try bench.exchange([Array(input.utf8)]).statuses }
        let long = String(repeating: "a", count: 9_000)
        #expect(try statuses("GET /\(long) HTTP/1.1\r\nHost: x\r\n\r\n") == [414])
        #expect(try statuses("GET /\(long)") == [414])
        #expect(try statuses("GET / HTTP/1.1\r\nHost: x\r\nA: \(long)\r\nB: \(long)\r\n\r\n") == [431])
        #expect(try statuses("GET / HTTP/1.1\r\nHost: x\r\nA: \(long)\(long)") == [431])
        let many = (0..<64).map { "A\($0): b\r\n" }.joined()
        #expect(try statuses("GET / HTTP/1.1\r\nHost: x\r\n\(many)\r\n") == [431])
        let trailers = (0..<65).map { "A\($0): b\r\n" }.joined()
        #expect(try statuses(Self.chunked("0\r\n\(trailers)\r\n")) == [431])
    }

    @Test func `Waits end: for a request, for its head, for its body, for its answer`() throws {
        var limits = HTTPLimits()
        limits.idleMilliseconds = 20
        limits.headMilliseconds = 20
        limits.bodyMilliseconds = 20
        limits.answerMilliseconds = 20
        let bench = try Bench(limits)
        #expect(try bench.exchange([]).statuses == [])
        #expect(try bench.exchange([Array("GET / HT".utf8)]).statuses == [408])
        #expect(try bench.exchange([Array(Self.post("Content-Length: 5\r\n", "he").utf8)]).statuses == [408])
        #expect(try bench.exchange([Array(Self.chunked("5\r\nhe").utf8)]).statuses == [408])
        #expect(try bench.exchange([Array("GET /later HTTP/1.1\r\nHost: x\r\n\r\n".utf8)]).statuses == [])
        #expect(!bench.application.later[0].isOpen)
    }

    @Test func `Several loops serve one port`() throws {
        let loop = try EventLoop()
        let listener = try TCPListener(address: "127.0.0.1", port: 0)
        let inboxes = Mutex<[Mailbox<AcceptedSocket>]>([])
        let group = try EventLoopGroup(count: 2, name: "web") { loop, _ in
            let server = WebServer(on: loop, handler: EchoApplication())
            inboxes.withLock { $0.append(server.inbox) }
        }
        let acceptor = try Acceptor(listener: listener, on: loop, inTurnTo: inboxes.withLock { $0 })
        var answers: [UInt16] = []
        let clients = try (0..<6).map { _ in try HTTPClient(to: "127.0.0.1", port: listener.port, on: loop) }
        for client in clients {
            client.send("POST", "/x", body: [65]) {
                if case .success(let answer) = $0 { answers.append(answer.status) }
            }
            client.send("HEAD", "/x") { if case .success(let answer) = $0 { answers.append(answer.status) } }
            client.send("GET", "/large") { if case .success(let answer) = $0 { answers.append(answer.status) } }
        }
        loop.run { answers.count == 18 }
        #expect(answers.allSatisfy { $0 == 200 })
        acceptor.stop()
        group.stop()
        group.join()
    }

    @Test func `More connections than allowed are closed at once`() throws {
        var limits = HTTPLimits()
        limits.connections = 2
        let bench = try Bench(limits)
        let first = try bench.connect()
        let second = try bench.connect()
        bench.loop.run { bench.server.connectionCount == 2 }
        let third = try bench.connect()
        bench.loop.run { third.hasEnded }
        #expect(bench.server.refusedConnections == 1)
        first.connection.close()
        bench.loop.run { bench.server.connectionCount == 1 }
        let fourth = try bench.exchange([Array("GET / HTTP/1.0\r\n\r\n".utf8)])
        #expect(fourth.statuses == [200])
        second.connection.close()
    }

    @Test func `A draining server answers what it has and closes`() throws {
        let bench = try Bench()
        let idle = try bench.connect()
        let busy = try bench.connect()
        busy.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n")
        bench.loop.run { bench.application.later.count == 1 && bench.server.connectionCount == 2 }
        bench.server.drain()
        bench.loop.run { idle.hasEnded }
        #expect(!busy.hasEnded)
        bench.application.later[0].respond(.ok)
        bench.loop.run { busy.hasEnded }
        #expect(busy.text.contains("Connection: close"))
        let late = try bench.connect()
        late.send("GET / HTTP/1.0\r\n\r\n")
        for _ in 0..<5 { bench.loop.runTurn(maximumWaitMilliseconds: 1) }
        #expect(late.received.isEmpty)
    }

    @Test func `An answer's head says what it is`() throws {
        let bench = try Bench()
        let client = try bench.connect()
        client.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\nHEAD /later HTTP/1.1\r\nHost: x\r\n\r\n")
        bench.loop.run { bench.application.later.count == 2 }
        var headers = HTTPHeaders()
        headers.append("X-Used", 42)
        headers.append("X-Text", "a\r\nInjected: b")
        bench.application.later[0].respond(.tooManyRequests, headers: headers, body: "{}")
        bench.application.later[1].respond(.ok, contentType: .text, body: "12345")
        bench.loop.run { client.statuses.count == 2 }
        #expect(
            client.text == "HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json;charset=UTF-8\r\n"
                + "Content-Length: 2\r\nX-Used: 42\r\nX-Text: a  Injected: b\r\n\r\n{}"
                + "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 5\r\n\r\n")
        #expect(HTTPDate(second: 784_111_777).bytes == Array("Sun, 06 Nov 1994 08:49:37 GMT".utf8))
    }
}
