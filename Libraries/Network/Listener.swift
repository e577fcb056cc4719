import CLinux

/// A connected socket on its way to the loop that will own it. Whoever receives it must make a `Connection` of it or
/// close it.
public struct AcceptedSocket: Sendable {
    let descriptor: Int32
    public let peer: PeerAddress

    /// Closes it unused.
    public func close() { clinux_close(descriptor) }
}

/// A listening TCP socket.
public final class TCPListener: Sendable {
    /// The kernel's queue of connections that wait to be accepted (it may cap it lower, `net.core.somaxconn`).
    public static let defaultBacklog = 1_024

    let descriptor: Int32
    /// The port it listens on; what the system chose where 0 was asked for.
    public let port: UInt16

    /// - Parameters:
    ///   - address: numeric, IPv4 or IPv6, of the interface to listen on; `"0.0.0.0"` for all of IPv4.
    ///   - port: 0 to let the system choose.
    ///   - reusePort: lets several listeners share the port (SO_REUSEPORT).
    public init(
        address: String, port: UInt16, backlog: Int = defaultBacklog, reusePort: Bool = false
    ) throws(NetworkError) {
        let descriptor = try checked(
            clinux_tcp_listen(address, port, Int32(clamping: backlog), reusePort ? 1 : 0),
            "listen on \(address):\(port)")
        var local = clinux_address()
        let result = clinux_socket_local(descriptor, &local)
        guard result == 0 else {
            clinux_close(descriptor)
            throw NetworkError(operation: "getsockname", code: -result)
        }
        self.descriptor = descriptor
        self.port = local.port
    }

    deinit { clinux_close(descriptor) }
}

/// Accepts connections on one loop and hands them over.
public final class Acceptor {
    /// Connections accepted in one turn, so that a flood of them does not starve what is connected already.
    private static let acceptsPerTurn = 64
    /// How long to wait when the process has no descriptor left.
    private static let retryMilliseconds = 100

    private let loop: EventLoop
    private let listener: TCPListener
    private let deliver: (AcceptedSocket) -> Void
    private var watch: Watch?

    /// Hands every connection to `deliver`, on this loop.
    public init(
        listener: TCPListener, on loop: EventLoop, deliver: @escaping (AcceptedSocket) -> Void
    ) throws(NetworkError) {
        self.loop = loop
        self.listener = listener
        self.deliver = deliver
        watch = try loop.watch(listener.descriptor, readable: true) { [self] _ in accept() }
    }

    /// Hands connections in turn to several loops (SO_REUSEPORT spreads them about as evenly, but loses what waits
    /// when a listener goes). A connection whose mailbox is full is closed.
    public convenience init(
        listener: TCPListener, on loop: EventLoop, inTurnTo inboxes: [Mailbox<AcceptedSocket>]
    ) throws(NetworkError) {
        precondition(!inboxes.isEmpty, "an acceptor needs somebody to hand connections to")
        var next = 0
        try self.init(listener: listener, on: loop) { socket in
            if !inboxes[next].post(socket) { socket.close() }
            next = (next + 1) % inboxes.count
        }
    }

    /// Stops accepting. Connections that wait in the kernel stay there until the listener goes.
    public func stop() {
        if let watch { loop.end(watch) }
        watch = nil
    }

    private func accept() {
        for _ in 0..<Self.acceptsPerTurn {
            var address = clinux_address()
            let result = clinux_tcp_accept(listener.descriptor, &address)
            guard result >= 0 else {
                if SocketFault.isExhausted(-result) { pause() }
                if SocketFault.wouldBlock(-result) || SocketFault.isExhausted(-result) { return }
                // The connection broke while it waited; the next one may be sound.
                continue
            }
            deliver(AcceptedSocket(descriptor: result, peer: PeerAddress(address)))
        }
    }

    private func pause() {
        guard let watch else { return }
        loop.setInterest(watch, readable: false, writable: false)
        loop.schedule(afterMilliseconds: Self.retryMilliseconds) { [self] in
            if let watch = self.watch { loop.setInterest(watch, readable: true, writable: false) }
        }
    }
}
