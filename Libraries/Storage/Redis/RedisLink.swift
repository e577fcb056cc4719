import Crypto
import Glibc

/// A signed-in connection: commands go in, replies come out in the same order. One thread at a time.
final class RedisLink {
    private static let readLength = 64 * 1_024

    private let socket: RedisSocket
    private let reader: RedisReplyReader
    private let replyTimeout: Int
    private var outbound: [UInt8] = []
    private var sent = 0
    private var readNeedsWritable = false
    private let buffer: UnsafeMutableRawBufferPointer

    init(_ configuration: RedisConfiguration) throws(RedisError) {
        let deadline = monotonicMilliseconds() + Int64(configuration.connectTimeoutMilliseconds)
        socket = try RedisSocket(configuration, deadline: deadline)
        reader = RedisReplyReader(replyLimit: configuration.replyLimit)
        replyTimeout = configuration.replyTimeoutMilliseconds
        buffer = .allocate(byteCount: RedisLink.readLength, alignment: 16)
        try signIn(configuration)
    }

    deinit {
        buffer.deallocate()
    }

    func enqueue(_ command: RedisCommand) {
        outbound += command.encoded
    }

    func nextReply() throws(RedisError) -> RedisReply? {
        try reader.next()
    }

    /// Sends and receives what is possible, after waiting for the socket, or for `wake`, until the deadline.
    ///
    /// - Returns: false when the deadline has passed and nothing has happened.
    func step(wake: Int32 = -1, deadline: Int64) throws(RedisError) -> Bool {
        // Most commands fit the socket's buffer at once: no poll is needed to find out.
        try write()
        let wantsWrite = sent < outbound.count || readNeedsWritable
        var descriptors = [
            pollfd(fd: socket.descriptor, events: Int16(POLLIN | (wantsWrite ? POLLOUT : 0)), revents: 0),
            pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
        ]
        let left = max(deadline - monotonicMilliseconds(), 0)
        let count = poll(&descriptors, 2, Int32(clamping: left))
        if count < 0, errno != EINTR { throw .connectionLost(reason: String(cString: strerror(errno))) }
        guard count > 0 else { return count < 0 }
        if descriptors[0].revents != 0 {
            try write()
            try read()
        }
        return true
    }

    /// Sends commands and waits for their replies.
    func exchange(_ commands: [RedisCommand]) throws(RedisError) -> [RedisReply] {
        for command in commands { enqueue(command) }
        var replies: [RedisReply] = []
        replies.reserveCapacity(commands.count)
        while replies.count < commands.count {
            if let reply = try nextReply() {
                replies.append(reply)
                continue
            }
            let deadline = monotonicMilliseconds() + Int64(replyTimeout)
            guard try step(deadline: deadline) else { throw .timedOut(milliseconds: replyTimeout) }
        }
        return replies
    }

    /// Notices a server that has ended an idle connection.
    func checkIdle() throws(RedisError) {
        try read()
        if let reply = try nextReply() { throw .connectionLost(reason: "unasked: \(reply)") }
    }

    private func signIn(_ configuration: RedisConfiguration) throws(RedisError) {
        var commands: [RedisCommand] = []
        switch (configuration.username, configuration.password) {
        case (let username?, let password?): commands.append(RedisCommand("AUTH", .text(username), .text(password)))
        case (nil, let password?): commands.append(RedisCommand("AUTH", .text(password)))
        default: break
        }
        if configuration.database != 0 {
            commands.append(RedisCommand("SELECT", .integer(Int64(configuration.database))))
        }
        // A server that is still loading its data refuses even this, and does not count as connected.
        commands.append(RedisCommand("PING"))
        for reply in try exchange(commands) { try reply.check() }
    }

    private func write() throws(RedisError) {
        while sent < outbound.count {
            let outcome = outbound.withUnsafeBytes { socket.write(UnsafeRawBufferPointer(rebasing: $0[sent...])) }
            switch outcome {
            case .bytes(let count): sent += count
            case .wantRead, .wantWrite: return
            case .closed: throw .connectionLost(reason: "closed by the server")
            case .failed(let reason): throw .connectionLost(reason: reason)
            }
        }
        outbound.removeAll(keepingCapacity: outbound.count <= RedisLink.readLength)
        sent = 0
    }

    private func read() throws(RedisError) {
        readNeedsWritable = false
        while true {
            switch socket.read(into: buffer) {
            case .bytes(let count):
                try reader.feed(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                // A short read has emptied the socket; TLS says so itself.
                if count < buffer.count, !socket.isTLS { return }
            case .wantRead: return
            case .wantWrite:
                readNeedsWritable = true
                return
            case .closed: throw .connectionLost(reason: "closed by the server")
            case .failed(let reason): throw .connectionLost(reason: reason)
            }
        }
    }
}
