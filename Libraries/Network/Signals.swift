import CLinux
import Glibc

/// A signal that asks a process to do something in an orderly way.
public enum Signal: Int32, Sendable, CaseIterable {
    case terminate = 15
    case interrupt = 2
    case hangUp = 1

    /// Blocks these signals in the calling thread and in every thread that it starts later, so that they reach the
    /// process only through `EventLoop.onSignal`. Call it first in `main`, before any thread starts (libraries start
    /// some). SIGPIPE is ignored from then on: a peer that has gone is an error of the write.
    public static func block(_ signals: [Signal] = [.terminate, .interrupt]) throws(NetworkError) {
        let numbers = signals.map(\.rawValue)
        try checked(clinux_signals_block(numbers, Int32(numbers.count)), "pthread_sigmask")
    }
}

extension EventLoop {
    /// Calls `body` on the loop whenever one of the signals arrives at the process. They must be blocked
    /// (`Signal.block`); one loop of a process listens.
    public func onSignal(
        _ signals: [Signal] = [.terminate, .interrupt], _ body: @escaping (Signal) -> Void
    ) throws(NetworkError) {
        let numbers = signals.map(\.rawValue)
        let descriptor = try checked(clinux_signalfd_create(numbers, Int32(numbers.count)), "signalfd")
        try watch(descriptor, readable: true) { _ in
            // One read a signal; standard signals do not queue, so the loop ends after at most one of each.
            while let signal = Signal(rawValue: clinux_signalfd_read(descriptor)) { body(signal) }
        }
        onStop { clinux_close(descriptor) }
    }
}
