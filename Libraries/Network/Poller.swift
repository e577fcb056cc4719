import Glibc

/// Sleeps until one of a few descriptors is ready, for threads that have no event loop (`poll`).
public struct Poller {
    private var entries: [pollfd] = []

    public init() {}

    /// Adds a descriptor, which the caller keeps open.
    ///
    /// - Returns: its position, for `isReady`.
    @discardableResult
    public mutating func add(_ descriptor: Int32, readable: Bool = true, writable: Bool = false) -> Int {
        entries.append(pollfd(fd: descriptor, events: Self.events(readable, writable), revents: 0))
        return entries.count - 1
    }

    public mutating func setInterest(at position: Int, readable: Bool, writable: Bool) {
        entries[position].events = Self.events(readable, writable)
    }

    /// Sleeps until a descriptor is ready or the time is over. A signal ends the wait early.
    ///
    /// - Parameter timeoutMilliseconds: negative to wait without end.
    /// - Returns: how many descriptors are ready.
    @discardableResult
    public mutating func wait(timeoutMilliseconds: Int) throws(NetworkError) -> Int {
        let timeout = Int32(clamping: max(timeoutMilliseconds, -1))
        let count = poll(&entries, nfds_t(entries.count), timeout)
        if count >= 0 { return Int(count) }
        let code = errno
        guard code == EINTR else { throw NetworkError(operation: "poll", code: code) }
        for index in entries.indices { entries[index].revents = 0 }
        return 0
    }

    /// Whether the descriptor was readable, writable (as asked), hung up or broken at the last wait.
    public func isReady(at position: Int) -> Bool { entries[position].revents != 0 }

    private static func events(_ readable: Bool, _ writable: Bool) -> Int16 {
        Int16((readable ? POLLIN : 0) | (writable ? POLLOUT : 0))
    }
}
