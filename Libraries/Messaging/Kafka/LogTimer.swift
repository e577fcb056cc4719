import CRDKafka
import Glibc

/// A timer with the resolution of the kernel's clock, for a thread that waits by descriptors: a frame's distance to the one
/// before it is a few milliseconds, and a wait in whole milliseconds would add half of one.
public final class LogTimer: Sendable {
    /// Readable once the time has come, until `drain`.
    public let descriptor: Int32

    public init() throws(KafkaError) {
        descriptor = crdkafka_timerfd()
        guard descriptor >= 0 else {
            throw KafkaError(operation: "timerfd", message: String(cString: strerror(-descriptor)))
        }
    }

    deinit { close(descriptor) }

    /// Fires once at `microseconds` of the monotonic clock, instead of when it was set to fire before.
    public func set(at microseconds: Int64) {
        // 0 would turn it off.
        let result = crdkafka_timerfd_set(descriptor, max(1, microseconds))
        precondition(result == 0, "a timer's time is valid")
    }

    public func drain() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
    }
}
