import Glibc
import TestBasics
import Testing

@testable import Crypto
@testable import Network

@Suite struct ConnectionTests {
    /// Two ends of a connection on one loop.
    struct Pair {
        let loop: EventLoop
        let client: Connection
        let clientSide = Recorder()
        let server: Connection
        let serverSide: Recorder

        init(echoes: Bool = false, kernelBytes: Int = 0) throws {
            let loop = try EventLoop()
            let listener = try TCPListener(address: "127.0.0.1", port: 0)
            var accepted: Connection?
            let serverSide = Recorder(echoes: echoes)
            let acceptor = try Acceptor(listener: listener, on: loop) { socket in
                do throws(NetworkError) {
                    accepted = try Connection(socket, on: loop)
                    accepted?.delegate = serverSide
                } catch {
                    Issue.record(error)
                }
            }
            client = try Connection.connect(to: "127.0.0.1", port: listener.port, on: loop)
            client.delegate = clientSide
            if kernelBytes > 0 { client.setKernelBuffers(sendBytes: kernelBytes) }
            loop.run { accepted != nil }
            acceptor.stop()
            server = try #require(accepted)
            if kernelBytes > 0 { server.setKernelBuffers(sendBytes: kernelBytes) }
            self.loop = loop
            self.serverSide = serverSide
        }
    }

    @Test func `Megabytes come back unchanged through small kernel buffers`() throws {
        let pair = try Pair(echoes: true, kernelBytes: 8_192)
        var random = SplitMix64(seed: seed())
        var sent: [UInt8] = []
        for _ in 0..<300 {
            let part = (0..<Int.random(in: 1...9_000, using: &random)).map { _ in
                UInt8(truncatingIfNeeded: random.next())
            }
            sent.append(contentsOf: part)
            pair.client.write { $0.append(part) }
            if random.next() % 3 == 0 { pair.loop.runTurn(maximumWaitMilliseconds: 0) }
        }
        pair.loop.run { pair.clientSide.received.count == sent.count }
        #expect(pair.clientSide.received == sent)
        #expect(pair.client.unsentBytes == 0)
    }

    @Test func `Many writes of one turn leave in order, more than one call can take`() throws {
        let pair = try Pair()
        var expected: [UInt8] = []
        for number in 0..<500 {
            let text = Array("\(number);".utf8)
            // Bytes for nobody in between, so that the writes are not neighbours.
            _ = pair.loop.share { $0.append(UInt8(ascii: "x")) }
            pair.client.write { $0.append(text) }
            expected.append(contentsOf: text)
        }
        pair.loop.run { pair.serverSide.received.count == expected.count }
        #expect(pair.serverSide.received == expected)
    }

    @Test func `Shared bytes go to several connections`() throws {
        let pair = try Pair()
        let shared = pair.loop.share { $0.append("to all") }
        pair.client.write(shared)
        pair.server.write(shared)
        pair.client.write(shared)
        pair.loop.run { pair.serverSide.received.count == 12 && pair.clientSide.received.count == 6 }
        #expect(pair.serverSide.received == Array("to allto all".utf8))
    }

    @Test func `What a delegate leaves comes again in front of what follows`() throws {
        let pair = try Pair()
        pair.serverSide.keeps = 3
        pair.client.write { $0.append("abcdef") }
        pair.loop.run { pair.serverSide.received.count == 3 }
        pair.client.write { $0.append("ghi") }
        pair.loop.run { pair.serverSide.received.count == 6 }
        pair.serverSide.keeps = 0
        pair.server.redeliver()
        pair.loop.run { pair.serverSide.received.count == 9 }
        #expect(pair.serverSide.received == Array("abcdefghi".utf8))
    }

    @Test func `Paused reads lose nothing`() throws {
        let pair = try Pair()
        pair.server.pauseReads()
        pair.client.write { $0.append("later") }
        for _ in 0..<5 { pair.loop.runTurn(maximumWaitMilliseconds: 1) }
        #expect(pair.serverSide.received.isEmpty)
        pair.server.resumeReads()
        pair.loop.run { pair.serverSide.received == Array("later".utf8) }
    }

    @Test func `Finishing sends everything and then ends both sides`() throws {
        let pair = try Pair(kernelBytes: 4_096)
        let bytes = [UInt8](repeating: 7, count: 1_000_000)
        pair.client.write { $0.append(bytes) }
        pair.client.finish()
        pair.client.write { $0.append("too late") }
        pair.loop.run { pair.serverSide.reachedEnd }
        #expect(pair.serverSide.received == bytes)
        #expect(pair.clientSide.ended == nil)
        pair.server.close()
        pair.loop.run { pair.clientSide.ended == .closed }
        #expect(pair.serverSide.ended == .closed)
    }

    @Test func `What does not fit at first is reported when it has been sent`() throws {
        let pair = try Pair()
        pair.server.pauseReads()
        let bytes = [UInt8](repeating: 1, count: 20_000_000)
        pair.client.write { $0.append(bytes) }
        pair.loop.run { pair.client.backlogBytes > 0 }
        #expect(pair.clientSide.drained == 0)
        pair.server.resumeReads()
        pair.loop.run { pair.serverSide.received.count == bytes.count }
        #expect(pair.clientSide.drained == 1)
    }

    @Test func `A connection ends its sending side and still receives`() throws {
        let pair = try Pair(echoes: true)
        pair.client.write { $0.append("last words") }
        pair.client.finishWriting()
        pair.client.write { $0.append("too late") }
        pair.loop.run {
            pair.clientSide.received == Array("last words".utf8)
                && (pair.clientSide.reachedEnd || pair.clientSide.ended != nil)
        }
        pair.client.close()
    }

    @Test func `A refused connection says so`() throws {
        let loop = try EventLoop()
        var port: UInt16 = 0
        do { port = try TCPListener(address: "127.0.0.1", port: 0).port }
        let recorder = Recorder()
        let connection = try Connection.connect(to: "127.0.0.1", port: port, on: loop)
        connection.delegate = recorder
        connection.write { $0.append("into the void") }
        loop.run { recorder.ended != nil }
        #expect(recorder.ended == .failed("connect: Connection refused"))
    }

    @Test func `A port that is taken is an error that names it`() throws {
        let listener = try TCPListener(address: "127.0.0.1", port: 0)
        #expect(throws: NetworkError(operation: "listen on 127.0.0.1:\(listener.port)", code: EADDRINUSE)) {
            try TCPListener(address: "127.0.0.1", port: listener.port)
        }
        #expect(throws: NetworkError.self) { try TCPListener(address: "no address", port: 0) }
    }

    @Test func `Connections are handed over in turn, and the peer's address comes along`() throws {
        let loop = try EventLoop()
        let listener = try TCPListener(address: "127.0.0.1", port: 0)
        var counts = [0, 0, 0]
        var peers: Set<PeerAddress> = []
        let inboxes = (0..<3).map { index in
            loop.mailbox(of: AcceptedSocket.self, capacity: 10) { batch in
                counts[index] += batch.count
                for socket in batch {
                    peers.insert(socket.peer)
                    socket.close()
                }
            }
        }
        let acceptor = try Acceptor(listener: listener, on: loop, inTurnTo: inboxes)
        let clients = try (0..<9).map { _ in
            try Connection.connect(to: "127.0.0.1", port: listener.port, on: loop)
        }
        loop.run { counts == [3, 3, 3] }
        #expect(peers.count == 9)
        #expect(peers.allSatisfy { $0.ip.isLoopback && $0.ip.description == "127.0.0.1" })
        acceptor.stop()
        for client in clients { client.close() }
    }

    @Test func `Addresses print as usual`() {
        #expect(IPAddress(high: 0, low: 0xffff_c0a8_0102).description == "192.168.1.2")
        #expect(IPAddress(high: 0x2001_0db8_0000_0000, low: 1).description == "2001:db8::1")
        #expect(PeerAddress(ip: IPAddress(high: 0, low: 1), port: 80).description == "[::1]:80")
        #expect(IPAddress(high: 0, low: 1).isLoopback)
        #expect(!IPAddress(high: 0, low: 0xffff_c0a8_0102).isLoopback)
    }

    @Test func `Numbers and text are appended`() {
        var buffer = ByteBuffer(capacity: 16)
        for value in [0, 7, -1, 1_234_567_890, Int.max, Int.min] {
            buffer.append(decimal: value)
            buffer.append(" ")
        }
        buffer.append("é")
        buffer.append([0x21])
        #expect(
            String(decoding: buffer.array(), as: UTF8.self)
                == "0 7 -1 1234567890 9223372036854775807 -9223372036854775808 é!")
        buffer.removeAll(retaining: 16)
        #expect(buffer.capacity == 16 && buffer.count == 0)
    }
}
