import Network

/// The broker on its port. Everything but the disk's flushing happens on one event loop, which keeps the server as long
/// as it runs and closes it at its end.
public final class BrokerServer {
    let options: BrokerOptions
    let broker: Broker
    let report: (String) -> Void
    private let loop: EventLoop
    private var acceptor: Acceptor?
    private var connections: [ObjectIdentifier: BrokerConnection] = [:]
    private var writer = WireWriter()

    /// Opens the folder, recovers the logs, and listens.
    ///
    /// - Parameter report: gets what an operator should read, a line each.
    /// - Throws: `BrokerFailure`, in words.
    public init(
        _ options: BrokerOptions, on loop: EventLoop, report: @escaping (String) -> Void
    ) throws(BrokerFailure) {
        self.options = options
        self.loop = loop
        self.report = report
        do {
            let listener = try TCPListener(address: options.address, port: options.port)
            broker = try Broker(options, on: loop, report: report)
            broker.port = Int32(listener.port)
            acceptor = try Acceptor(listener: listener, on: loop) { [unowned self] socket in accept(socket) }
        } catch {
            throw BrokerFailure("\(error)")
        }
        loop.onStop { self.close() }
    }

    public var port: UInt16 { UInt16(clamping: broker.port) }
    public var clusterID: String { broker.store.clusterID }
    public var topicCount: Int { broker.topics.count }

    /// Takes no more requests and closes the logs.
    private func close() {
        acceptor?.stop()
        acceptor = nil
        for connection in connections.values { connection.close() }
        broker.close()
    }

    private func accept(_ socket: AcceptedSocket) {
        guard connections.count < options.maximumConnections else {
            report("refused a connection: \(connections.count) are open, the most there may be")
            return socket.close()
        }
        do throws(NetworkError) {
            let connection = BrokerConnection(try Connection(socket, on: loop), self)
            connections[ObjectIdentifier(connection)] = connection
        } catch {
            report("a connection that was accepted could not be watched: \(error)")
        }
    }

    func ended(_ connection: BrokerConnection) { connections[ObjectIdentifier(connection)] = nil }

    func encode(
        _ body: some ResponseBody, _ header: RequestHeader, version: Int16, attachments: UnsafeRawBufferPointer
    ) -> [UInt8] {
        writer.frame(attachments: attachments) { writer in
            writer.int32(header.correlation)
            // Whoever does not know the broker's versions yet must be able to read what they are: that answer's header
            // never has tagged fields (KIP-511).
            let isFlexible = version >= type(of: body).firstFlexible && header.key != ApiVersionsRequest.key
            if isFlexible { writer.noTags() }
            body.write(to: &writer, version: version)
        }
        return writer.buffer.array()
    }
}

/// Why a broker cannot start.
public struct BrokerFailure: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
