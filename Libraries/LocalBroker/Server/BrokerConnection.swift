import Network

/// One client's connection: cuts its bytes into requests and sends the answers in their order.
final class BrokerConnection: ConnectionDelegate {
    /// Requests that wait for their answers; more are left in the socket.
    static let maximumOpenRequests = 64
    /// Answers that the client does not take; it is read from again once they are gone.
    static let maximumUnsentBytes = 16 << 20

    private let connection: Connection
    private unowned let server: BrokerServer
    private var open: [Exchange] = []
    /// A request of which a part has arrived, its size in front.
    private var partial: [UInt8] = []
    /// Grows with what arrives, so a size that is claimed alone takes no memory.
    private var expected = 0

    init(_ connection: Connection, _ server: BrokerServer) {
        self.connection = connection
        self.server = server
        connection.delegate = self
    }

    var isOpen: Bool { connection.isOpen }
    var peer: String { connection.peer.ip.description }

    func close() { connection.finish() }

    func abort(_ reason: String) {
        server.report("closed the connection of \(peer): \(reason)")
        connection.close()
    }

    // MARK: Requests

    func connection(_ connection: Connection, received bytes: UnsafeMutableRawBufferPointer) -> Int {
        var rest = UnsafeRawBufferPointer(bytes)
        while connection.isOpen, !rest.isEmpty, !pausesWhenFull() {
            if expected == 0, let whole = wholeFrame(rest) {
                handle(UnsafeRawBufferPointer(rebasing: rest[4..<whole]))
                rest = UnsafeRawBufferPointer(rebasing: rest[whole...])
            } else if !gather(&rest) {
                break
            }
        }
        return bytes.count - rest.count
    }

    func connectionReachedEnd(_ connection: Connection) { connection.close() }

    func connectionEnded(_ connection: Connection, _ reason: ConnectionEnd) {
        open = []
        server.ended(self)
    }

    func connectionDrained(_ connection: Connection) { resume() }

    /// The size of the frame at the start of the bytes when all of it is there.
    private func wholeFrame(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard bytes.count >= 4 else { return nil }
        let size = Int(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)))
        return size >= 0 && size <= server.options.maximumRequestBytes && bytes.count >= 4 + size ? 4 + size : nil
    }

    /// Takes bytes of a frame that comes in parts, and handles it when it is whole.
    ///
    /// - Returns: false when the connection has ended.
    private func gather(_ rest: inout UnsafeRawBufferPointer) -> Bool {
        if partial.count < 4 { move(4 - partial.count, from: &rest) }
        guard partial.count >= 4 else { return true }
        if expected == 0 {
            let size = partial.withUnsafeBytes { Int(Int32(bigEndian: $0.loadUnaligned(as: Int32.self))) }
            guard size >= 0, size <= server.options.maximumRequestBytes else {
                abort("a request of \(size) bytes; the largest is \(server.options.maximumRequestBytes)")
                return false
            }
            expected = 4 + size
        }
        move(expected - partial.count, from: &rest)
        guard partial.count == expected else { return true }
        let frame = partial
        partial = []
        expected = 0
        frame.withUnsafeBytes { handle(UnsafeRawBufferPointer(rebasing: $0[4...])) }
        return connection.isOpen
    }

    private func move(_ count: Int, from rest: inout UnsafeRawBufferPointer) {
        let taken = min(count, rest.count)
        partial.append(contentsOf: rest[..<taken])
        rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
    }

    private func handle(_ frame: UnsafeRawBufferPointer) {
        var reader = WireReader(frame)
        do throws(WireError) {
            let header = try RequestHeader(from: &reader) { key, version in
                BrokerCalls.byKey[key].flatMap { $0.versions.contains(version) ? $0.firstFlexible : nil }
            }
            guard let call = BrokerCalls.byKey[header.key] else {
                return abort("an unknown call, key \(header.key)")
            }
            let exchange = Exchange(header, on: self)
            open.append(exchange)
            guard call.versions.contains(header.version) else {
                return BrokerCalls.refuseVersion(exchange)
            }
            try call.run(server.broker, &reader, frame, exchange)
        } catch {
            abort("a request that cannot be read: \(error.field) \(error.reason)")
        }
    }

    // MARK: Answers

    func encode(
        _ body: some ResponseBody, _ exchange: Exchange, version: Int16, attachments: UnsafeRawBufferPointer
    ) -> [UInt8] {
        server.encode(body, exchange.header, version: version, attachments: attachments)
    }

    /// Sends every answer that no earlier one holds up.
    func sendAnswers() {
        var count = 0
        while count < open.count, let frame = open[count].frame {
            if !frame.isEmpty { connection.write { $0.append(frame) } }
            count += 1
        }
        guard count > 0 else { return }
        open.removeFirst(count)
        resume()
    }

    private func pausesWhenFull() -> Bool {
        guard open.count >= Self.maximumOpenRequests || connection.unsentBytes > Self.maximumUnsentBytes else {
            return false
        }
        connection.tellsWhenSent = true
        connection.pauseReads()
        return true
    }

    private func resume() {
        guard open.count < Self.maximumOpenRequests, connection.unsentBytes <= Self.maximumUnsentBytes else { return }
        connection.resumeReads()
    }
}
