import CLinux

/// Wakes a thread that sleeps in `poll` or in an event loop, from any thread (an eventfd).
public final class Wakeup: Sendable {
    /// Readable while a signal has not been drained. Stays open as long as the value lives.
    public let descriptor: Int32

    public init() throws(NetworkError) {
        descriptor = try checked(clinux_eventfd_create(), "eventfd")
    }

    deinit { clinux_close(descriptor) }

    /// Makes the descriptor readable. Signals that were not drained in between count once.
    public func signal() {
        let result = clinux_eventfd_signal(descriptor)
        precondition(result == 0, "an eventfd refuses a signal")
    }

    /// Takes the signals back.
    ///
    /// - Returns: whether there were any.
    @discardableResult
    public func drain() -> Bool { clinux_eventfd_drain(descriptor) > 0 }
}
