import Crypto
import Glibc

/// A non-blocking connection to a server, plain or TLS. One thread at a time.
final class RedisSocket {
    let descriptor: Int32
    private let session: TLSSession?

    /// Connects to the first of the host's addresses that answers, and shakes hands.
    ///
    /// - Parameter deadline: on the monotonic clock; looking up a name may exceed it.
    init(_ configuration: RedisConfiguration, deadline: Int64) throws(RedisError) {
        let descriptor = try RedisSocket.connect(configuration, deadline: deadline)
        do throws(RedisError) {
            session = try RedisSocket.secure(descriptor, configuration, deadline: deadline)
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
    }

    deinit {
        // The peer may be gone already; the descriptor is closed either way.
        _ = session?.shutdown()
        close(descriptor)
    }

    var isTLS: Bool { session != nil }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> TLSOutcome {
        if let session { return session.read(into: buffer) }
        while true {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 { return .bytes(count) }
            if count == 0 { return .closed }
            if errno == EINTR { continue }
            return errno == EAGAIN ? .wantRead : .failed(String(cString: strerror(errno)))
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> TLSOutcome {
        if let session { return session.write(bytes) }
        while true {
            let count = send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            if count >= 0 { return .bytes(count) }
            if errno == EINTR { continue }
            return errno == EAGAIN ? .wantWrite : .failed(String(cString: strerror(errno)))
        }
    }

    /// - Returns: what `poll` reports; nothing when the deadline has passed.
    static func wait(_ descriptor: Int32, _ events: Int32, deadline: Int64) -> Int16 {
        var socket = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        while true {
            let left = max(deadline - monotonicMilliseconds(), 0)
            let count = poll(&socket, 1, Int32(clamping: left))
            if count < 0, errno == EINTR { continue }
            return count > 0 ? socket.revents : 0
        }
    }

    private static func connect(_ configuration: RedisConfiguration, deadline: Int64) throws(RedisError) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let found = getaddrinfo(configuration.host, String(configuration.port), &hints, &list)
        guard found == 0 else {
            throw .notConnected(reason: "\(configuration.host): \(String(cString: gai_strerror(found)))")
        }
        defer { freeaddrinfo(list) }
        var failure = RedisError.notConnected(reason: "\(configuration.host) has no address")
        var next = list
        while let address = next {
            do throws(RedisError) {
                return try connect(address.pointee, configuration, deadline: deadline)
            } catch {
                failure = error
            }
            next = address.pointee.ai_next
        }
        throw failure
    }

    private static func connect(
        _ address: addrinfo, _ configuration: RedisConfiguration, deadline: Int64
    ) throws(RedisError) -> Int32 {
        let place = "\(configuration.host):\(configuration.port)"
        let kind = address.ai_socktype | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.ai_family, kind, address.ai_protocol)
        guard descriptor >= 0 else { throw .notConnected(reason: "\(place): \(String(cString: strerror(errno)))") }
        var cause: Int32 = 0
        if Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) != 0 {
            cause = errno
            if cause == EINPROGRESS { cause = outcome(of: descriptor, deadline: deadline) }
        }
        guard cause == 0 else {
            close(descriptor)
            throw .notConnected(reason: "\(place): \(String(cString: strerror(cause)))")
        }
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, socklen_t(MemoryLayout<Int32>.size))
        return descriptor
    }

    /// The error of a connection under way, or 0 once it stands.
    private static func outcome(of descriptor: Int32, deadline: Int64) -> Int32 {
        guard wait(descriptor, POLLOUT, deadline: deadline) != 0 else { return ETIMEDOUT }
        var cause: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &cause, &length) == 0 else { return errno }
        return cause
    }

    private static func secure(
        _ descriptor: Int32, _ configuration: RedisConfiguration, deadline: Int64
    ) throws(RedisError) -> TLSSession? {
        guard let context = configuration.tls else { return nil }
        let session: TLSSession
        do throws(CryptoError) {
            session = try TLSSession(context: context, descriptor: descriptor, serverName: configuration.host)
        } catch {
            throw .notConnected(reason: error.description)
        }
        while true {
            let events: Int32
            switch session.handshake() {
            case .bytes: return session
            case .wantRead: events = POLLIN
            case .wantWrite: events = POLLOUT
            case .closed: throw .notConnected(reason: "the server ended the TLS handshake")
            case .failed(let reason): throw .notConnected(reason: "TLS: \(reason)")
            }
            guard wait(descriptor, events, deadline: deadline) != 0 else {
                throw .notConnected(reason: "no TLS within \(configuration.connectTimeoutMilliseconds) ms")
            }
        }
    }
}
