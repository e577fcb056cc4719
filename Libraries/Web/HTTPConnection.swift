import Network

/// One HTTP/1.1 connection of a server: reads requests, keeps their answers in order, and watches the time.
final class HTTPConnection: ConnectionDelegate {
    /// A body that has not arrived whole. The head's bytes stand in front of it, so that the request is handed over
    /// as one piece.
    private struct PendingBody {
        var bytes: [UInt8]
        let headBytes: Int
        var rest: Int
        var chunks: ChunkedDecoder?
        var wantsContinue: Bool
    }

    enum Wait {
        case idle, head, body, answer, write
    }

    let connection: Connection
    let id: ConnectionID
    private(set) weak var server: WebServer?
    private var pending: PendingBody?

    // Answers; see `HTTPConnection+Answers.swift`.
    var firstUnanswered: UInt32 = 0
    var nextSequence: UInt32 = 0
    var held: [[UInt8]?] = []
    /// No request is read any more: one of the answers on their way is the last.
    var readsNoMore = false
    var isBlocked = false
    private var isReceiving = false

    // Time; see `HTTPConnection+Time.swift`.
    var wait = Wait.idle
    var deadline: UInt64 = 0
    var timer: Timer?
    var timerDeadline: UInt64 = 0

    init(_ connection: Connection, server: WebServer, id: ConnectionID) {
        self.connection = connection
        self.server = server
        self.id = id
    }

    func start() { settleWait(hasPartialHead: false) }

    var unanswered: Int { Int(nextSequence &- firstUnanswered) }

    /// Ends the connection now if nothing is on its way, else after the answers.
    func drain() {
        readsNoMore = true
        if unanswered == 0 { connection.finish() }
    }

    // MARK: Reading

    func connection(_ connection: Connection, received bytes: UnsafeMutableRawBufferPointer) -> Int {
        guard let server else { return bytes.count }
        isReceiving = true
        defer { isReceiving = false }
        var consumed = 0
        do throws(HTTPRefusal) {
            while consumed < bytes.count {
                if readsNoMore { return bytes.count }
                if pending == nil, mustWait(server) {
                    block()
                    break
                }
                let rest = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[consumed...])
                let used = try pending == nil ? readRequest(rest, server) : readBody(rest, server)
                consumed += used
                // A delegate of its own has taken over, or the rest of a head has to come.
                if connection.delegate !== self || used == 0 { break }
            }
        } catch {
            refuse(error, server)
            return bytes.count
        }
        // A WebSocket that has taken over keeps its own time.
        if connection.delegate === self { settleWait(hasPartialHead: consumed < bytes.count && !isBlocked) }
        return consumed
    }

    private func mustWait(_ server: WebServer) -> Bool {
        unanswered >= server.limits.pipelinedRequests || connection.unsentBytes > server.limits.unsentBytes
    }

    private func block() {
        isBlocked = true
        connection.tellsWhenSent = connection.unsentBytes > 0
        connection.pauseReads()
    }

    func unblockIfPossible() {
        guard isBlocked, let server, !mustWait(server) else { return }
        // An upgrade waits for all answers before it; other requests go on at once.
        isBlocked = false
        connection.resumeReads()
    }

    private func readRequest(_ bytes: UnsafeRawBufferPointer, _ server: WebServer) throws(HTTPRefusal) -> Int {
        guard let base = bytes.baseAddress, try server.parser.parse(bytes) == .complete else { return 0 }
        let head = server.parser.head
        switch head.framing {
        case .none:
            if head.upgradeWebSocket && head.connectionUpgrade && head.isVersion11 {
                if unanswered > 0 {
                    block()
                    return 0
                }
                let request = HTTPRequest(
                    base: base, parser: server.parser, bodyBytes: Self.noBody, peer: connection.peer)
                try upgrade(request, server)
            } else {
                dispatch(base, Self.noBody, server)
            }
            return head.byteCount
        case .sized(let length) where bytes.count - head.byteCount >= length:
            dispatch(base, UnsafeRawBufferPointer(start: base + head.byteCount, count: length), server)
            return head.byteCount + length
        case .sized(let length):
            var storage: [UInt8] = []
            storage.reserveCapacity(head.byteCount + length)
            storage.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[..<head.byteCount]))
            pending = PendingBody(
                bytes: storage, headBytes: head.byteCount, rest: length, chunks: nil,
                wantsContinue: head.expectsContinue && head.isVersion11)
        case .chunked:
            pending = PendingBody(
                bytes: [UInt8](UnsafeRawBufferPointer(rebasing: bytes[..<head.byteCount])),
                headBytes: head.byteCount, rest: 0, chunks: ChunkedDecoder(limits: server.limits),
                wantsContinue: head.expectsContinue && head.isVersion11)
        }
        if bytes.count > head.byteCount { pending?.wantsContinue = false }
        setWait(.body, server.limits.bodyMilliseconds)
        sendContinueIfDue()
        return head.byteCount
    }

    private static var noBody: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: nil, count: 0) }

    private func readBody(_ bytes: UnsafeRawBufferPointer, _ server: WebServer) throws(HTTPRefusal) -> Int {
        guard var body = pending else { return 0 }
        pending = nil
        body.wantsContinue = false
        let used: Int
        let isWhole: Bool
        if var chunks = body.chunks {
            used = try chunks.decode(bytes, into: &body.bytes)
            body.chunks = chunks
            isWhole = chunks.isDone
        } else {
            used = min(body.rest, bytes.count)
            body.bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[..<used]))
            body.rest -= used
            isWhole = body.rest == 0
        }
        guard isWhole else {
            pending = body
            return used
        }
        try body.bytes.withUnsafeBufferPointer { buffer throws(HTTPRefusal) in
            let whole = UnsafeRawBufferPointer(buffer)
            // The parser serves other connections in between; the head is read again from the copy.
            guard let base = whole.baseAddress, try server.parser.parse(whole) == .complete else { throw .malformed }
            dispatch(base, UnsafeRawBufferPointer(rebasing: whole[body.headBytes...]), server)
        }
        return used
    }

    private func dispatch(_ base: UnsafeRawPointer, _ body: UnsafeRawBufferPointer, _ server: WebServer) {
        let exchange = makeExchange(server)
        let request = HTTPRequest(base: base, parser: server.parser, bodyBytes: body, peer: connection.peer)
        server.handler.handle(request, exchange)
    }

    private func makeExchange(_ server: WebServer) -> HTTPExchange {
        let head = server.parser.head
        let closes = !head.keepsAlive || server.isDraining
        if closes { readsNoMore = true }
        let exchange = HTTPExchange(
            connection: self, sequence: nextSequence, omitsBody: head.method == .head, closes: closes)
        nextSequence &+= 1
        return exchange
    }

    /// `Expect: 100-continue` is answered when the client's turn has come: nothing before it is unanswered, and its
    /// body has not started to arrive.
    func sendContinueIfDue() {
        guard pending?.wantsContinue == true, unanswered == 0 else { return }
        pending?.wantsContinue = false
        connection.write { $0.append("HTTP/1.1 100 Continue\r\n\r\n") }
    }

    private func refuse(_ refusal: HTTPRefusal, _ server: WebServer) {
        pending = nil
        readsNoMore = true
        let exchange = HTTPExchange(connection: self, sequence: nextSequence, omitsBody: false, closes: true)
        nextSequence &+= 1
        server.handler.refused(refusal.status, from: connection.peer, exchange)
        settleWait(hasPartialHead: false)
    }

    // MARK: Upgrading

    private func upgrade(_ request: borrowing HTTPRequest, _ server: WebServer) throws(HTTPRefusal) {
        let head = server.parser.head
        guard head.method == .get, head.webSocketKeyCount == 1 else { throw .malformed }
        guard StaticBytes.equal(head.webSocketVersion.bytes(request.base), "13") else {
            var headers = HTTPHeaders()
            headers.append("Sec-WebSocket-Version", 13)
            return makeExchange(server).respond(.upgradeRequired, headers: headers)
        }
        guard let accept = WebSocketHandshake.accept(key: head.webSocketKey.bytes(request.base)) else {
            throw .malformed
        }
        let exchange = makeExchange(server)
        guard let handler = server.handler.upgrade(request, exchange) else { return }
        guard connection.isOpen, isWaiting(for: exchange.sequence) else { return }
        stopTimer()
        connection.write {
            $0.append("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
            $0.append("Sec-WebSocket-Accept: ")
            $0.append(accept)
            $0.append("\r\n\r\n")
        }
        let socket = WebSocket(
            connection, role: .server, limits: server.webSocketLimits, handler: handler, server: server, id: id)
        connection.delegate = socket
        server.upgrade(self, to: socket)
        socket.start()
    }

    // MARK: Ending

    func connectionReachedEnd(_ connection: Connection) {
        // A client may stop sending and still wait for its answers.
        readsNoMore = true
        pending = nil
        if unanswered == 0 { connection.finish() }
    }

    func connectionDrained(_ connection: Connection) {
        unblockIfPossible()
        if !isReceiving { settleWait(hasPartialHead: wait == .head) }
    }

    func connectionEnded(_ connection: Connection, _ reason: ConnectionEnd) {
        stopTimer()
        pending = nil
        held = []
        readsNoMore = true
        server?.remove(id)
    }

    var hasPendingBody: Bool { pending != nil }
    var isIdleCaller: Bool { !isReceiving }
}
