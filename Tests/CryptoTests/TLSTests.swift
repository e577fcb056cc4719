import Crypto
import Foundation
import TestBasics
import Testing

@Suite struct TLSTests {
    @Test func `Client and server shake hands and exchange more than a socket buffer, both ways`() throws {
        try withPair { pair in
            try pair.shakeHands()
            #expect(pair.client.version == "TLSv1.3")
            let message = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            #expect(pair.transfer(message, from: pair.client, to: pair.server) == message)
            #expect(pair.transfer(message, from: pair.server, to: pair.client) == message)
        }
    }

    @Test func `A session that the peer shuts down reads as closed`() throws {
        try withPair { pair in
            try pair.shakeHands()
            #expect(pair.client.shutdown() == .bytes(0))
            #expect(pair.read(pair.server) == .closed)
        }
    }

    @Test func `A peer that drops the connection reads as closed`() throws {
        try withPair { pair in
            try pair.shakeHands()
            pair.closeClientDescriptor()
            #expect(pair.read(pair.server) == .closed)
            var answer = pair.write(pair.server)
            // The first write after the peer is gone may still be taken.
            if case .bytes = answer { answer = pair.write(pair.server) }
            #expect(answer == .closed)
        }
    }

    @Test(arguments: ["localhost", "127.0.0.1"])
    func `Full verification accepts a name and an address that the certificate has`(name: String) throws {
        try withPair(verification: .full, trustsServer: true, serverName: name) { try $0.shakeHands() }
    }

    @Test func `Full verification refuses another name, which authority verification takes`() throws {
        try withPair(verification: .full, trustsServer: true, serverName: "example.com") { pair in
            let reason = #expect(throws: HandshakeFailure.self) { try pair.shakeHands() }
            #expect(reason?.reason.contains("hostname mismatch") == true)
        }
        try withPair(verification: .authority, trustsServer: true, serverName: "example.com") { try $0.shakeHands() }
    }

    @Test func `An authority that is not trusted is refused, unless verification is off`() throws {
        try withPair(verification: .authority, trustsServer: false) { pair in
            #expect(throws: HandshakeFailure.self) { try pair.shakeHands() }
        }
        try withPair(verification: .off, trustsServer: false) { try $0.shakeHands() }
    }

    @Test func `Full verification without a name is refused at once`() throws {
        #expect(throws: CryptoError.self) { try withPair(verification: .full, serverName: nil) { _ in } }
    }

    @Test func `Bytes that are no TLS fail the handshake with a reason`() throws {
        try withPair { pair in
            pair.sendInClear(Array("GET / HTTP/1.1\r\n\r\n".utf8))
            guard case .failed(let reason) = pair.server.handshake() else {
                Issue.record("the handshake did not fail")
                return
            }
            #expect(!reason.isEmpty)
            #expect(pair.server.handshake() == .failed(reason))
        }
    }

    @Test func `A missing certificate and a key of another certificate are refused with the file's name`() throws {
        let certificate = try TestCertificate()
        let other = try TestCertificate()
        let missing = certificate.folder.appendingPathComponent("missing.pem").path
        let error = #expect(throws: CryptoError.self) {
            try TLSContext(certificateFile: missing, privateKeyFile: certificate.privateKeyFile)
        }
        #expect(error?.operation.contains("missing.pem") == true)
        #expect(throws: CryptoError.self) {
            try TLSContext(certificateFile: certificate.certificateFile, privateKeyFile: other.privateKeyFile)
        }
        #expect(throws: CryptoError.self) { try TLSContext(verification: .full, trust: .file(missing)) }
        try certificate.remove()
        try other.remove()
    }

    private func withPair(
        verification: TLSContext.Verification = .full, trustsServer: Bool = true, serverName: String? = "localhost",
        _ body: (TLSPair) throws -> Void
    ) throws {
        let certificate = try TestCertificate()
        let pair = try TLSPair(
            server: TLSContext(
                certificateFile: certificate.certificateFile, privateKeyFile: certificate.privateKeyFile),
            client: TLSContext(
                verification: verification, trust: trustsServer ? .file(certificate.certificateFile) : .system),
            serverName: serverName)
        try body(pair)
        try certificate.remove()
    }
}

struct HandshakeFailure: Error {
    let reason: String
}

/// Both ends of one connection in one thread, each driven whenever the other has to wait.
final class TLSPair {
    let server: TLSSession
    let client: TLSSession
    private var descriptors: [Int32] = [-1, -1]

    init(server: TLSContext, client: TLSContext, serverName: String?) throws {
        var descriptors: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0, &descriptors) == 0 else {
            throw POSIXError(.EMFILE)
        }
        self.descriptors = descriptors
        self.server = try TLSSession(context: server, descriptor: descriptors[0])
        self.client = try TLSSession(context: client, descriptor: descriptors[1], serverName: serverName)
    }

    deinit {
        for descriptor in descriptors where descriptor >= 0 { close(descriptor) }
    }

    func shakeHands() throws {
        var done: [TLSOutcome] = [.wantRead, .wantRead]
        while done != [.bytes(0), .bytes(0)] {
            done = [client.handshake(), server.handshake()]
            for case .failed(let reason) in done { throw HandshakeFailure(reason: reason) }
        }
    }

    func transfer(_ message: [UInt8], from sender: TLSSession, to receiver: TLSSession) -> [UInt8] {
        var sent = 0
        var received: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while received.count < message.count {
            let written = message[sent...].withUnsafeBytes { sender.write($0) }
            if case .bytes(let count) = written { sent += count }
            if case .failed = written { return received }
            while case .bytes(let count) = chunk.withUnsafeMutableBytes({ receiver.read(into: $0) }) {
                received += chunk[..<count]
            }
        }
        return received
    }

    func read(_ session: TLSSession) -> TLSOutcome {
        var byte = [UInt8](repeating: 0, count: 1)
        return byte.withUnsafeMutableBytes { session.read(into: $0) }
    }

    func write(_ session: TLSSession) -> TLSOutcome {
        [UInt8](repeating: 7, count: 10).withUnsafeBytes { session.write($0) }
    }

    func closeClientDescriptor() {
        close(descriptors[1])
        descriptors[1] = -1
    }

    func sendInClear(_ bytes: [UInt8]) {
        #expect(send(descriptors[1], bytes, bytes.count, 0) == bytes.count)
    }
}
