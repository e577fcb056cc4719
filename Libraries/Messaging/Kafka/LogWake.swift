import Glibc
import Network

/// A wake-up by which a log's queues and other threads wake the one thread that serves them.
///
/// Everything here may be called from any thread. The descriptor may be watched by an event loop: it is readable after
/// a wake-up until `drain`.
public final class LogWake: Sendable {
    private let wakeup: Wakeup

    public init() throws(KafkaError) {
        do throws(NetworkError) {
            wakeup = try Wakeup()
        } catch {
            throw KafkaError(operation: error.operation, message: error.reason)
        }
    }

    public var descriptor: Int32 { wakeup.descriptor }

    /// What Kafka's queues write to the descriptor: an eventfd expects a number of eight bytes, and counts it.
    static let payload: UInt64 = 1

    public func signal() { wakeup.signal() }

    /// Takes wake-ups back. Call it before looking into the queues, so that none is missed.
    public func drain() { wakeup.drain() }

    /// Sleeps until a wake-up or until the time is over.
    public func wait(milliseconds: Int32) {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&watched, 1, milliseconds)
    }
}
