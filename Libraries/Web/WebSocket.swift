import Network

/// A message's frame that lies in the loop's output once, for any number of receivers of the same turn.
public struct SharedFrame: Sendable {
    let bytes: SharedBytes
    /// Its size on the wire.
    public var count: Int { bytes.count }
}

extension EventLoop {
    /// Frames a text message once, for `WebSocket.send` to many sockets of servers on this loop, in this turn.
    ///
    /// - Parameter payload: UTF-8.
    public func shareFrame(text payload: UnsafeRawBufferPointer) -> SharedFrame {
        SharedFrame(bytes: share { $0.append(frame: .text, mask: nil, payload: payload) })
    }

    public func shareFrame(text payload: String) -> SharedFrame {
        var payload = payload
        return payload.withUTF8 { shareFrame(text: UnsafeRawBufferPointer($0)) }
    }

    public func shareFrame(text payload: [UInt8]) -> SharedFrame {
        payload.withUnsafeBytes { shareFrame(text: $0) }
    }

    public func shareFrame(binary payload: UnsafeRawBufferPointer) -> SharedFrame {
        SharedFrame(bytes: share { $0.append(frame: .binary, mask: nil, payload: payload) })
    }
}

/// One end of a WebSocket (RFC 6455), on its loop. Frames sent in one turn leave together at its end.
public final class WebSocket {
    enum Phase {
        case open
        /// A close frame was sent; the peer's is awaited.
        case closing
        /// Both were sent, or the peer broke the rules; only the connection's end is awaited.
        case ended
    }

    /// A message whose fragments, or a frame whose bytes, have not arrived whole.
    struct Assembly {
        var opcode: WebSocketOpcode
        var bytes: [UInt8] = []
        var fragments = 0
        /// What the current frame still has to bring.
        var rest = 0
        var mask: UInt32 = 0
        var isFinal = false
    }

    /// Names this socket from other threads (`WebServer.webSocket`); nil on the client's side.
    public let id: ConnectionID?
    /// The most that may wait to be sent; beyond it the socket is closed with 1008.
    public var limits: WebSocketLimits

    let connection: Connection
    let role: WebSocketRole
    private weak var server: WebServer?
    var handler: (any WebSocketHandler)?
    var phase = Phase.open
    var assembly: Assembly?
    private var random: UInt64
    private var closeCode = WebSocketCloseCode.abnormal
    private var closeReason = ""
    private var pingTimer: Timer?
    private var closeTimer: Timer?
    /// When the oldest unanswered ping was sent.
    private var pingedAt: UInt64?

    init(
        _ connection: Connection, role: WebSocketRole, limits: WebSocketLimits, handler: any WebSocketHandler,
        server: WebServer?, id: ConnectionID?
    ) {
        self.connection = connection
        self.role = role
        self.limits = limits
        self.handler = handler
        self.server = server
        self.id = id
        random = role == .client ? SystemRandom.uint64() | 1 : 1
    }

    public var loop: EventLoop { connection.loop }
    public var peer: PeerAddress { connection.peer }
    /// Whether messages can be sent.
    public var isOpen: Bool { phase == .open && connection.isOpen }
    /// Bytes sent and not yet taken by the socket.
    public var unsentBytes: Int { connection.unsentBytes }

    // MARK: Sending

    /// Sends a text message.
    ///
    /// - Parameter payload: UTF-8.
    /// - Returns: false when the socket is not open or has become a slow consumer and is being closed.
    @discardableResult
    public func send(text payload: UnsafeRawBufferPointer) -> Bool { send(.text, payload) }

    @discardableResult
    public func send(text payload: String) -> Bool {
        var payload = payload
        return payload.withUTF8 { send(.text, UnsafeRawBufferPointer($0)) }
    }

    @discardableResult
    public func send(text payload: [UInt8]) -> Bool {
        payload.withUnsafeBytes { send(.text, $0) }
    }

    @discardableResult
    public func send(binary payload: UnsafeRawBufferPointer) -> Bool { send(.binary, payload) }

    @discardableResult
    public func send(binary payload: [UInt8]) -> Bool {
        payload.withUnsafeBytes { send(.binary, $0) }
    }

    /// Sends a frame that others share. Only a server's sockets can: a client masks each frame by itself.
    @discardableResult
    public func send(_ frame: SharedFrame) -> Bool {
        precondition(role == .server, "a client's frames are masked one by one")
        guard hasRoom(for: frame.count) else { return false }
        connection.write(frame.bytes)
        return true
    }

    /// Sends a ping.
    ///
    /// - Parameter payload: at most 125 bytes; the rest is left out.
    public func ping(_ payload: [UInt8] = []) {
        _ = payload.prefix(WebSocketFrameHead.maximumControlPayload).withUnsafeBytes { send(.ping, $0) }
    }

    private func send(_ opcode: WebSocketOpcode, _ payload: UnsafeRawBufferPointer) -> Bool {
        guard hasRoom(for: payload.count) else { return false }
        write(opcode, payload)
        return true
    }

    /// A consumer that is too slow for what it asked for is closed, never left with a gap.
    private func hasRoom(for count: Int) -> Bool {
        guard isOpen else { return false }
        guard connection.unsentBytes + count <= limits.unsentBytes else {
            close(code: .policyViolation, reason: "slow consumer")
            return false
        }
        return true
    }

    private func write(_ opcode: WebSocketOpcode, _ payload: UnsafeRawBufferPointer) {
        let mask = role == .client ? nextMask() : nil
        connection.write { $0.append(frame: opcode, mask: mask, payload: payload) }
    }

    /// Masks need only be unpredictable to whoever chooses the payload (RFC 6455, 10.3); xorshift, seeded by the kernel.
    private func nextMask() -> UInt32 {
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        return UInt32(truncatingIfNeeded: random >> 16)
    }

    // MARK: Closing

    /// Sends a close frame, after all that was sent before, and waits for the peer's.
    ///
    /// - Parameters:
    ///   - code: one that may stand in a frame; others are sent as 1011.
    ///   - reason: cut at 123 bytes of UTF-8.
    public func close(code: WebSocketCloseCode = .normal, reason: String = "") {
        guard phase == .open else { return }
        phase = .closing
        setClose(code, reason)
        sendClose(code.maySend ? code : .internalError, reason)
        stopPings()
        closeTimer = loop.schedule(afterMilliseconds: limits.closeMilliseconds) { [weak self] in
            self?.connection.close()
        }
    }

    private func setClose(_ code: WebSocketCloseCode, _ reason: String) {
        guard closeCode == .abnormal else { return }
        closeCode = code
        closeReason = reason
    }

    private func sendClose(_ code: WebSocketCloseCode, _ reason: String) {
        var payload = [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xff)]
        payload.append(contentsOf: Self.cut(reason).utf8)
        payload.withUnsafeBytes { write(.close, $0) }
    }

    private static func cut(_ reason: String) -> String {
        var reason = reason
        while reason.utf8.count > WebSocketFrameHead.maximumControlPayload - 2 { reason.removeLast() }
        return reason
    }

    /// The peer has broken a rule: says which and ends the connection.
    func fail(_ refusal: WebSocketRefusal) {
        let reason = refusal.reason.text.description
        if phase == .open {
            setClose(refusal.code, reason)
            sendClose(refusal.code, reason)
        }
        finish()
    }

    func receiveClose(_ payload: UnsafeRawBufferPointer) throws(WebSocketRefusal) {
        var code = WebSocketCloseCode.noStatus
        if payload.count == 1 { throw WebSocketRefusal(.protocolError, "close code is cut off") }
        let text = UnsafeRawBufferPointer(rebasing: payload.dropFirst(2))
        if payload.count >= 2 {
            code = WebSocketCloseCode(UInt16(payload[0]) << 8 | UInt16(payload[1]))
            guard code.maySend else { throw WebSocketRefusal(.protocolError, "invalid close code") }
            guard UTF8Validation.isValid(text) else {
                throw WebSocketRefusal(.invalidPayload, "close reason is not UTF-8")
            }
        }
        setClose(code, String(decoding: text, as: UTF8.self))
        if phase == .open { write(.close, UnsafeRawBufferPointer(rebasing: payload.prefix(2))) }
        finish()
    }

    private func finish() {
        phase = .ended
        assembly = nil
        stopPings()
        if closeTimer == nil {
            closeTimer = loop.schedule(afterMilliseconds: limits.closeMilliseconds) { [weak self] in
                self?.connection.close()
            }
        }
        connection.finish()
    }

    func ended() {
        phase = .ended
        assembly = nil
        stopPings()
        if let closeTimer { loop.cancel(closeTimer) }
        closeTimer = nil
        if let id { server?.remove(id) }
        let handler = self.handler
        self.handler = nil
        handler?.closed(self, code: closeCode.rawValue, reason: closeReason)
    }

    // MARK: Pings

    func start() {
        if limits.pingMilliseconds > 0 { schedulePing() }
        handler?.opened(self)
    }

    func receivePing(_ payload: UnsafeRawBufferPointer) {
        // A flood of pings that nobody reads the answers to makes a slow consumer like any other.
        _ = send(.pong, payload)
        handler?.receivedControl(self, .ping)
    }

    func receivePong() {
        pingedAt = nil
        handler?.receivedControl(self, .pong)
    }

    private func schedulePing() {
        pingTimer = loop.schedule(afterMilliseconds: limits.pingMilliseconds) { [weak self] in self?.pingDue() }
    }

    private func pingDue() {
        guard isOpen else { return }
        let now = loop.now
        if let pingedAt, now - pingedAt >= UInt64(limits.pongMilliseconds) {
            return close(code: .policyViolation, reason: "no pong")
        }
        if pingedAt == nil { pingedAt = now }
        ping(Array(String(WallClock.milliseconds()).utf8))
        if isOpen { schedulePing() }
    }

    private func stopPings() {
        if let pingTimer { loop.cancel(pingTimer) }
        pingTimer = nil
    }
}
