import CLinux
import Crypto

/// Why a connection has ended.
public enum ConnectionEnd: Hashable, Sendable {
    /// This side closed it.
    case closed
    /// The other side closed or reset it.
    case closedByPeer
    /// It could not be connected, or an error broke it; the text is for a log.
    case failed(String)
}

/// Whoever owns a connection and understands its bytes. All calls come on the connection's loop.
public protocol ConnectionDelegate: AnyObject {
    /// A connection that this side opened is up, or one that was accepted has secured itself. Not called for accepted
    /// connections in the clear, which are up from the start.
    func connectionOpened(_ connection: Connection)

    /// Bytes have arrived. They may be changed in place and are valid during the call only.
    ///
    /// - Returns: how many bytes from the start are done with; the rest comes again in front of what arrives next, so
    ///   the delegate must bound what it leaves.
    func connection(_ connection: Connection, received bytes: UnsafeMutableRawBufferPointer) -> Int

    /// The other side will send no more; it may still read. The connection stays until it is closed.
    func connectionReachedEnd(_ connection: Connection)

    /// What did not fit into the socket at first has been sent.
    func connectionDrained(_ connection: Connection)

    /// The connection has ended; nothing comes after this. Called once.
    func connectionEnded(_ connection: Connection, _ reason: ConnectionEnd)
}

extension ConnectionDelegate {
    public func connectionOpened(_ connection: Connection) {}
    public func connectionDrained(_ connection: Connection) {}
}

/// A TCP connection on an event loop, in the clear or over TLS.
///
/// It reads into a buffer that the loop's connections share and keeps only what its delegate leaves, and it writes
/// into the loop's output of the turn: an idle connection holds no buffer at all.
public final class Connection: DescriptorHandler {
    enum Phase {
        case connecting, securing, open, lingering, closed
    }

    /// How long a finished connection waits for the other side to close, so that the last bytes sent are not lost in
    /// a reset (RFC 9112, 9.6).
    public static let lingerMilliseconds = 2_000
    /// How long connecting and the TLS handshake may take together.
    public static let openingMilliseconds = 10_000
    /// A finished connection whose other side takes nothing of what is left to send ends after this.
    public static let stalledFinishMilliseconds = 10_000
    /// What is read and thrown away while lingering.
    static let lingerBytes = 1 << 20

    public let loop: EventLoop
    public let peer: PeerAddress
    /// Set before bytes can arrive: in the turn in which the connection is made.
    /// Let go of when the connection ends.
    public var delegate: (any ConnectionDelegate)?

    let descriptor: Int32
    var watch: Watch?
    var phase: Phase
    private var openingTimer: Timer?
    private var lingerTimer: Timer?
    private var lingerRest = lingerBytes
    private var kept: [UInt8] = []
    var readsPaused = false
    var reachedEnd = false
    private var delivering = false

    // TLS; see `Connection+Transport.swift`.
    var tls: TLSSession?
    var readWantsWrite = false
    var writeWantsRead = false

    // Output; see `Connection+Output.swift`.
    var ranges: [OutputRange] = []
    var rangeBytes = 0
    var backlog = Backlog()
    var finishing = false
    var writingEnded = false
    var isListedUnsent = false
    /// Set to be told once by `connectionDrained` when nothing is unsent, even if all of it fitted at first.
    public var tellsWhenSent = false
    /// When the socket last took bytes of the backlog, in the loop's milliseconds.
    public internal(set) var lastProgress: UInt64

    /// Takes over an accepted socket.
    ///
    /// - Parameter tls: a server's context, to speak TLS.
    public convenience init(
        _ socket: AcceptedSocket, on loop: EventLoop, tls: TLSContext? = nil
    ) throws(NetworkError) {
        try self.init(
            descriptor: socket.descriptor, peer: socket.peer, loop: loop, phase: tls == nil ? .open : .securing,
            session: tls.map { ($0, nil) })
    }

    /// Starts to connect to a numeric address.
    ///
    /// - Parameters:
    ///   - tls: a client's context, to speak TLS.
    ///   - serverName: what the server's certificate must name under full verification; nil for `address`.
    public static func connect(
        to address: String, port: UInt16, on loop: EventLoop, tls: TLSContext? = nil, serverName: String? = nil
    ) throws(NetworkError) -> Connection {
        let descriptor = try checked(clinux_tcp_connect(address, port), "connect to \(address):\(port)")
        var remote = clinux_address()
        clinux_address_parse(address, port, &remote)
        return try Connection(
            descriptor: descriptor, peer: PeerAddress(remote), loop: loop, phase: .connecting,
            session: tls.map { ($0, serverName ?? address) })
    }

    private init(
        descriptor: Int32, peer: PeerAddress, loop: EventLoop, phase: Phase,
        session: (context: TLSContext, serverName: String?)?
    ) throws(NetworkError) {
        self.descriptor = descriptor
        self.peer = peer
        self.loop = loop
        self.phase = phase
        lastProgress = loop.now
        do throws(NetworkError) {
            if let session {
                tls = try Self.makeSession(session.context, descriptor, session.serverName)
            }
            watch = try loop.watch(
                descriptor, readable: phase != .connecting, writable: phase == .connecting, handler: self)
        } catch {
            clinux_close(descriptor)
            self.phase = .closed
            throw error
        }
        guard phase != .open else { return }
        openingTimer = loop.schedule(afterMilliseconds: Self.openingMilliseconds) { [weak self] in
            self?.end(.failed("connecting timed out"))
        }
    }

    /// Whether it can be written to; while it is still connecting, what is written waits.
    public var isOpen: Bool { phase == .open || phase == .connecting || phase == .securing }

    /// Bounds the kernel's buffers of this socket (SO_SNDBUF, SO_RCVBUF); 0 leaves one as it is.
    public func setKernelBuffers(sendBytes: Int = 0, receiveBytes: Int = 0) {
        _ = clinux_socket_set_buffers(descriptor, Int32(clamping: sendBytes), Int32(clamping: receiveBytes))
    }

    // MARK: Closing

    /// Closes at once; what has not been sent is lost.
    public func close() { end(.closed) }

    /// Sends what has been written, then says that no more will come, waits for the other side (at most
    /// `lingerMilliseconds`) and closes. What still arrives is thrown away.
    public func finish() {
        guard isOpen, !finishing else { return }
        finishing = true
        kept = []
        // While it is still being opened, the opening's own time limit watches.
        guard phase == .open else { return }
        if isListedUnsent || backlog.count > 0 { return watchFinish() }
        beginLinger()
    }

    private func watchFinish() {
        lingerTimer = loop.schedule(afterMilliseconds: Self.stalledFinishMilliseconds) { [weak self] in
            guard let self, phase == .open else { return }
            let isStalled = loop.now - lastProgress >= UInt64(Self.stalledFinishMilliseconds)
            if isStalled { end(.closed) } else { watchFinish() }
        }
    }

    /// Sends what has been written and then tells the other side that no more will come; goes on receiving.
    public func finishWriting() {
        guard isOpen, !finishing, !writingEnded else { return }
        writingEnded = true
        if phase == .open, !isListedUnsent, backlog.count == 0 { shutDownWriting() }
    }

    func beginLinger() {
        guard phase == .open else { return end(.closed) }
        phase = .lingering
        shutDownWriting()
        if reachedEnd { return end(.closed) }
        readsPaused = false
        updateInterest()
        if let lingerTimer { loop.cancel(lingerTimer) }
        lingerTimer = loop.schedule(afterMilliseconds: Self.lingerMilliseconds) { [weak self] in self?.end(.closed) }
    }

    func end(_ reason: ConnectionEnd) {
        guard phase != .closed else { return }
        phase = .closed
        if let watch { loop.end(watch) }
        watch = nil
        if let lingerTimer { loop.cancel(lingerTimer) }
        if let openingTimer { loop.cancel(openingTimer) }
        tls = nil
        clinux_close(descriptor)
        kept = []
        ranges = []
        rangeBytes = 0
        backlog = Backlog()
        let delegate = self.delegate
        self.delegate = nil
        delegate?.connectionEnded(self, reason)
    }

    func shutDownWriting() {
        // Only said, not waited for: the connection's own end follows at once.
        _ = tls?.shutdown()
        _ = clinux_shutdown_write(descriptor)
    }

    // MARK: Events

    func descriptorReady(_ readiness: Readiness) {
        if phase == .connecting { return completeConnect() }
        if phase == .securing { return secure() }
        let wantsFlush = readiness.contains(.writable) || (writeWantsRead && readiness.contains(.readable))
        if wantsFlush, phase == .open { flushBacklog() }
        if phase == .closed { return }
        let wantsRead = readiness.contains(.readable) || (readWantsWrite && readiness.contains(.writable))
        // A hang-up is reported even while reads are paused; reading says what it was.
        if readiness.contains(.hangUp) || (wantsRead && !readsPaused) {
            readSocket(hungUp: readiness.contains(.hangUp))
        }
    }

    func loopStopped() { end(.closed) }

    private func completeConnect() {
        let result = clinux_socket_error(descriptor)
        guard result == 0 else {
            return end(.failed(NetworkError(operation: "connect", code: -result).description))
        }
        guard tls == nil else {
            phase = .securing
            return secure()
        }
        opened()
    }

    func opened() {
        phase = .open
        if let openingTimer { loop.cancel(openingTimer) }
        openingTimer = nil
        delegate?.connectionOpened(self)
        guard phase == .open else { return }
        if finishing { watchFinish() }
        if backlog.count > 0 {
            flushBacklog()
        } else {
            updateInterest()
            // What this turn has written is still to be sent, then the end follows.
            if finishing, !isListedUnsent { return beginLinger() }
            if writingEnded, !isListedUnsent { shutDownWriting() }
        }
        // TLS may hold bytes already that no readiness will report.
        if tls != nil, phase == .open, !readsPaused { readSocket(hungUp: false) }
    }

    func updateInterest() {
        guard let watch else { return }
        loop.setInterest(
            watch, readable: (!readsPaused && !reachedEnd) || writeWantsRead,
            writable: (backlog.count > 0 && phase == .open && !writeWantsRead) || readWantsWrite || phase == .connecting
        )
    }

    // MARK: Reading

    /// Stops reading; the kernel's window then slows the other side down.
    public func pauseReads() {
        guard !readsPaused, phase == .open else { return }
        readsPaused = true
        updateInterest()
    }

    /// Reads again. Bytes that the delegate left come in the next turn, whether or not more arrive.
    public func resumeReads() {
        guard readsPaused, phase == .open else { return }
        readsPaused = false
        updateInterest()
        redeliver()
        if tls != nil { readAgain() }
    }

    /// Offers the bytes that the delegate has left once more, in the next turn.
    public func redeliver() {
        guard !kept.isEmpty || delivering else { return }
        loop.enqueue { [weak self] in
            guard let self, phase == .open, !finishing, !kept.isEmpty, !readsPaused else { return }
            let count = loop.input.load(kept)
            deliver(count)
        }
    }

    func readSocket(hungUp: Bool) {
        if phase == .lingering || finishing { return discardInput(hungUp: hungUp) }
        let offset = loop.input.load(kept)
        let space = loop.input.space(after: offset)
        let (count, outcome) = receive(into: space)
        if count > 0 { deliver(offset + count) }
        guard phase == .open, !finishing else { return }
        switch outcome {
        case .ready: if tls != nil, !readsPaused { readAgain() }
        case .blocked: updateInterest()
        case .ended:
            if hungUp || reachedEnd { return end(.closedByPeer) }
            reachedEnd = true
            updateInterest()
            delegate?.connectionReachedEnd(self)
        case .failed(let reason): end(reason)
        }
    }

    /// Reads in the next turn what TLS may still hold.
    private func readAgain() {
        loop.enqueue { [weak self] in
            guard let self, phase == .open, !readsPaused else { return }
            readSocket(hungUp: false)
        }
    }

    private func deliver(_ count: Int) {
        guard let delegate else { return end(.closed) }
        delivering = true
        var consumed = delegate.connection(self, received: loop.input.bytes(count))
        // A delegate that hands the connection to another one (an upgrade) leaves it the rest.
        if consumed < count, phase == .open, !finishing, let next = self.delegate, next !== delegate {
            let rest = UnsafeMutableRawBufferPointer(rebasing: loop.input.bytes(count)[consumed...])
            consumed += next.connection(self, received: rest)
        }
        delivering = false
        guard phase == .open, !finishing else { return }
        if consumed == count {
            if !kept.isEmpty { kept = [] }
        } else {
            kept = [UInt8](loop.input.bytes(count)[consumed...])
        }
    }

    private func discardInput(hungUp: Bool) {
        let space = loop.input.space(after: 0)
        let count = clinux_receive(descriptor, space.baseAddress, space.count)
        if count < 0, SocketFault.wouldBlock(Int32(-count)) { return }
        lingerRest -= max(Int(count), 0)
        if count <= 0 {
            reachedEnd = true
            // Still writing (`finishing`): the end of the input does not end the output.
            if count == 0, phase == .open, !hungUp { return updateInterest() }
            return end(.closed)
        }
        if lingerRest <= 0 { end(.closed) }
    }
}

/// The buffer that all connections of a loop read into.
struct InputBuffer: ~Copyable {
    /// What one read takes at most.
    static let readBytes = 65_536

    private var base = UnsafeMutableRawPointer.allocate(byteCount: readBytes, alignment: 64)
    private var capacity = readBytes

    deinit { base.deallocate() }

    /// Puts kept bytes at the start and makes room for a whole read after them.
    mutating func load(_ kept: [UInt8]) -> Int {
        if capacity < kept.count + Self.readBytes {
            base.deallocate()
            capacity = kept.count + Self.readBytes
            base = .allocate(byteCount: capacity, alignment: 64)
        }
        kept.withUnsafeBytes { bytes in
            if let start = bytes.baseAddress { base.copyMemory(from: start, byteCount: bytes.count) }
        }
        return kept.count
    }

    borrowing func space(after offset: Int) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(start: base + offset, count: Self.readBytes)
    }

    borrowing func bytes(_ count: Int) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(start: base, count: count)
    }
}
