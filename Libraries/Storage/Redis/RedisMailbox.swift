import Glibc
import Synchronization

/// Where callers leave commands for the client's thread.
final class RedisMailbox: Sendable {
    /// Commands that are sent together and answered together.
    struct Group: Sendable {
        let commands: [RedisCommand]
        let completion: RedisClient.Completion
        let byteCount: Int

        init(_ commands: [RedisCommand], _ completion: @escaping RedisClient.Completion) {
            self.commands = commands
            self.completion = completion
            byteCount = commands.reduce(0) { $0 + $1.encoded.count }
        }
    }

    private struct Contents {
        var waiting: [Group] = []
        var pendingCommands = 0
        var pendingBytes = 0
        var state = RedisClient.State.away(.notConnected(reason: "connecting"))
        var isClosed = false
    }

    private let limits: RedisClient.Limits
    private let contents = Mutex(Contents())
    private let wakeSender: Int32
    /// Readable when there is something new.
    let wakeReceiver: Int32

    init(_ limits: RedisClient.Limits) throws(RedisError) {
        self.limits = limits
        var pair: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &pair) == 0 else {
            throw .notConnected(reason: String(cString: strerror(errno)))
        }
        wakeSender = pair[0]
        wakeReceiver = pair[1]
    }

    deinit {
        Glibc.close(wakeSender)
        Glibc.close(wakeReceiver)
    }

    var state: RedisClient.State { contents.withLock { $0.isClosed ? .closed : $0.state } }
    var pendingCount: Int { contents.withLock { $0.pendingCommands } }
    var isClosed: Bool { contents.withLock { $0.isClosed } }

    func append(_ group: Group) throws(RedisError) {
        precondition(!group.commands.isEmpty, "a group needs a command")
        let limits = limits
        let wasEmpty = try contents.withLock { (contents: inout Contents) throws(RedisError) in
            guard !contents.isClosed else { throw .closed }
            if case .away(let reason) = contents.state { throw reason }
            guard contents.pendingCommands + group.commands.count <= limits.commands else {
                throw .queueFull(limit: limits.commands)
            }
            guard contents.pendingBytes + group.byteCount <= limits.bytes else { throw .queueFull(limit: limits.bytes) }
            contents.pendingCommands += group.commands.count
            contents.pendingBytes += group.byteCount
            contents.waiting.append(group)
            return contents.waiting.count == 1
        }
        if wasEmpty { wake() }
    }

    /// Everything that waits, leaving nothing.
    func takeAll() -> [Group] {
        var byte: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0]
        while recv(wakeReceiver, &byte, byte.count, 0) > 0 {}
        return contents.withLock { contents in
            defer { contents.waiting = [] }
            return contents.waiting
        }
    }

    /// Makes room for what has been answered or has failed.
    func release(_ group: Group) {
        contents.withLock { contents in
            contents.pendingCommands -= group.commands.count
            contents.pendingBytes -= group.byteCount
        }
    }

    func set(_ state: RedisClient.State) {
        contents.withLock { $0.state = state }
    }

    /// - Returns: false when it was closed already.
    @discardableResult
    func close() -> Bool {
        let isFirst = contents.withLock { contents in
            defer { contents.isClosed = true }
            return !contents.isClosed
        }
        wake()
        return isFirst
    }

    private func wake() {
        var byte: UInt8 = 1
        // A full buffer wakes the thread as well.
        _ = send(wakeSender, &byte, 1, Int32(MSG_NOSIGNAL))
    }
}
