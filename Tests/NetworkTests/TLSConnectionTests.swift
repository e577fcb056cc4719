import Crypto
import TestBasics
import Testing

@testable import Network

@Suite struct TLSConnectionTests {
    @Test func `Megabytes come back unchanged through TLS, written and read in odd pieces`() throws {
        let certificate = try TestCertificate()
        let loop = try EventLoop()
        let listener = try TCPListener(address: "127.0.0.1", port: 0)
        let context = try TLSContext(
            certificateFile: certificate.certificateFile, privateKeyFile: certificate.privateKeyFile)
        let serverSide = Recorder(echoes: true)
        serverSide.keeps = 1
        var server: Connection?
        let acceptor = try Acceptor(listener: listener, on: loop) { socket in
            do throws(NetworkError) {
                server = try Connection(socket, on: loop, tls: context)
                server?.delegate = serverSide
                server?.setKernelBuffers(sendBytes: 8_192)
            } catch {
                Issue.record(error)
            }
        }
        let trusting = try TLSContext(verification: .full, trust: .file(certificate.certificateFile))
        let client = try Connection.connect(to: "127.0.0.1", port: listener.port, on: loop, tls: trusting)
        let clientSide = Recorder()
        client.delegate = clientSide
        // Before the handshake: it waits.
        client.write { $0.append("early;") }
        var sent = Array("early;".utf8)
        loop.run { clientSide.opened && serverSide.opened }
        var random = SplitMix64(seed: seed())
        for _ in 0..<200 {
            let part = (0..<Int.random(in: 1...20_000, using: &random)).map { _ in
                UInt8(truncatingIfNeeded: random.next())
            }
            sent.append(contentsOf: part)
            client.write { $0.append(part) }
            _ = loop.share { $0.append(0) }
            client.write { $0.append(UInt8(7)) }
            sent.append(7)
            if random.next() % 3 == 0 { loop.runTurn(maximumWaitMilliseconds: 0) }
            if random.next() % 9 == 0 { client.pauseReads() } else { client.resumeReads() }
        }
        client.resumeReads()
        loop.run { clientSide.received.count == sent.count - 1 }
        #expect(clientSide.received == Array(sent.dropLast()))
        client.finish()
        loop.run { serverSide.ended != nil && clientSide.ended != nil }
        acceptor.stop()
        try certificate.remove()
    }

    @Test func `A client that trusts nobody here refuses the server`() throws {
        let certificate = try TestCertificate()
        let loop = try EventLoop()
        let listener = try TCPListener(address: "127.0.0.1", port: 0)
        let context = try TLSContext(
            certificateFile: certificate.certificateFile, privateKeyFile: certificate.privateKeyFile)
        let serverSide = Recorder()
        let acceptor = try Acceptor(listener: listener, on: loop) { socket in
            do throws(NetworkError) {
                try Connection(socket, on: loop, tls: context).delegate = serverSide
            } catch {
                Issue.record(error)
            }
        }
        let client = try Connection.connect(
            to: "127.0.0.1", port: listener.port, on: loop, tls: TLSContext(verification: .full))
        let clientSide = Recorder()
        client.delegate = clientSide
        loop.run { clientSide.ended != nil && serverSide.ended != nil }
        guard case .failed(let reason)? = clientSide.ended else {
            Issue.record("\(String(describing: clientSide.ended))")
            return
        }
        #expect(reason.contains("certificate"))
        #expect(!clientSide.opened && !serverSide.opened)
        acceptor.stop()
        try certificate.remove()
    }
}
