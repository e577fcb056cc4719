import Crypto
import Network

/// An HTTP/1.1 and WebSocket server on one event loop. A process has one for each of its loops, and an `Acceptor`
/// hands connections to their inboxes in turn:
///
///     let listener = try TCPListener(address: "127.0.0.1", port: 8080)
///     let thread = try EventLoopThread.start(name: "web") { loop in
///         let server = WebServer(on: loop, handler: Application())
///         try server.listen(on: listener)
///     }
public final class WebServer {
    static let retainedScratchBytes = 1 << 20
    /// Accepted sockets that wait for the loop.
    static let inboxCapacity = 4_096

    private struct Entry {
        var generation: UInt32 = 0
        var http: HTTPConnection?
        var socket: WebSocket?
    }

    public let loop: EventLoop
    public let limits: HTTPLimits
    public let webSocketLimits: WebSocketLimits
    /// Connections for this server, from any thread.
    public private(set) var inbox: Mailbox<AcceptedSocket>
    /// How many connections are open, WebSockets included.
    public private(set) var connectionCount = 0
    /// How many of them are WebSockets.
    public private(set) var webSocketCount = 0
    /// Connections closed at once because there were `limits.connections` already.
    public private(set) var refusedConnections = 0

    let handler: any WebHandler
    let parser: HTTPHeadParser
    let answers: Mailbox<TicketAnswer>
    var scratch = ByteBuffer(capacity: 4_096)
    private let tls: TLSContext?
    private(set) var isDraining = false
    private var date: HTTPDate
    private var dateTurn: UInt64
    private var entries: [Entry] = []
    private var freeEntries: [UInt32] = []
    private var acceptors: [Acceptor] = []

    /// - Parameter tls: a server's context; without one it speaks in the clear.
    public init(
        on loop: EventLoop, limits: HTTPLimits = HTTPLimits(), webSocketLimits: WebSocketLimits = WebSocketLimits(),
        tls: TLSContext? = nil, handler: any WebHandler
    ) {
        self.tls = tls
        self.loop = loop
        self.limits = limits
        self.webSocketLimits = webSocketLimits
        self.handler = handler
        parser = HTTPHeadParser(limits: limits)
        date = HTTPDate(second: WallClock.milliseconds() / 1_000)
        dateTurn = loop.now
        let link = ServerLink()
        inbox = loop.mailbox(capacity: Self.inboxCapacity) { sockets in
            for socket in sockets { link.server?.accept(socket) }
        }
        // Each unanswered request posts at most one answer.
        answers = loop.mailbox(capacity: limits.connections * limits.pipelinedRequests) { batch in
            for answer in batch { link.server?.deliver(answer) }
        }
        // The loop keeps the server until it ends.
        link.server = self
        loop.onStop { link.server = nil }
    }

    /// Accepts this listener's connections on this server's loop.
    public func listen(on listener: TCPListener) throws(NetworkError) {
        acceptors.append(try Acceptor(listener: listener, on: loop) { [self] socket in accept(socket) })
    }

    /// Takes over a connection.
    public func accept(_ socket: AcceptedSocket) {
        guard connectionCount < limits.connections, !isDraining else {
            refusedConnections += 1
            return socket.close()
        }
        do throws(NetworkError) {
            let connection = try Connection(socket, on: loop, tls: tls)
            let id = allocate()
            let http = HTTPConnection(connection, server: self, id: id)
            entries[Int(id.index)].http = http
            connection.delegate = http
            connectionCount += 1
            http.start()
        } catch {
            // The loop could not watch one more descriptor; the socket is closed already.
            refusedConnections += 1
        }
    }

    // MARK: WebSockets

    /// The WebSocket of this id, nil when it has ended.
    public func webSocket(_ id: ConnectionID) -> WebSocket? {
        Int(id.index) < entries.count && entries[Int(id.index)].generation == id.generation
            ? entries[Int(id.index)].socket : nil
    }

    // MARK: Stopping

    /// Begins an orderly stop: takes no new connections, closes WebSockets with 1001 and idle HTTP connections at
    /// once, and the others after the answers that they wait for.
    public func drain(reason: String = "server shutdown") {
        guard !isDraining else { return }
        isDraining = true
        for acceptor in acceptors { acceptor.stop() }
        acceptors = []
        for index in entries.indices {
            entries[index].socket?.close(code: .goingAway, reason: reason)
            entries[index].http?.drain()
        }
    }

    // MARK: Inside

    func upgrade(_ http: HTTPConnection, to socket: WebSocket) {
        entries[Int(http.id.index)].http = nil
        entries[Int(http.id.index)].socket = socket
        webSocketCount += 1
    }

    func remove(_ id: ConnectionID) {
        guard entries[Int(id.index)].generation == id.generation else { return }
        if entries[Int(id.index)].socket != nil { webSocketCount -= 1 }
        entries[Int(id.index)] = Entry(generation: id.generation &+ 1)
        freeEntries.append(id.index)
        connectionCount -= 1
    }

    func currentDate() -> HTTPDate {
        if dateTurn != loop.now {
            dateTurn = loop.now
            date.update(to: WallClock.milliseconds() / 1_000)
        }
        return date
    }

    private func allocate() -> ConnectionID {
        if let index = freeEntries.popLast() {
            return ConnectionID(index: index, generation: entries[Int(index)].generation)
        }
        entries.append(Entry())
        return ConnectionID(index: UInt32(entries.count - 1), generation: 0)
    }

    private func deliver(_ answer: TicketAnswer) {
        let ticket = answer.ticket
        let index = Int(ticket.connection.index)
        guard entries[index].generation == ticket.connection.generation, let http = entries[index].http else { return }
        HTTPExchange(
            connection: http, sequence: ticket.sequence, omitsBody: ticket.omitsBody, closes: ticket.closes
        ).respond(answer.response)
    }
}

/// Lets the loop keep the server alive, and lets go of it when the loop ends.
private final class ServerLink {
    var server: WebServer?
}
