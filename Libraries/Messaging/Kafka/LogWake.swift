import CRDKafka
import Glibc

/// An eventfd by which a log's queues and other threads wake the one thread that serves them.
///
/// Everything here may be called from any thread. The descriptor may be watched by an event loop: it is readable after
/// a wake-up until `drain`.
public final class LogWake: Sendable {
    public let descriptor: Int32

    public init() throws(KafkaError) {
        descriptor = crdkafka_eventfd()
        guard descriptor >= 0 else {
            throw KafkaError(operation: "eventfd", message: String(cString: strerror(-descriptor)))
        }
    }

    deinit { close(descriptor) }

    /// What an eventfd expects to be written: the number 1.
    static let payload: UInt64 = 1

    public func signal() {
        var one = LogWake.payload
        _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    /// Takes wake-ups back. Call it before looking into the queues, so that none is missed.
    public func drain() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
    }

    /// Sleeps until a wake-up or until the time is over.
    public func wait(milliseconds: Int32) {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&watched, 1, milliseconds)
    }
}
