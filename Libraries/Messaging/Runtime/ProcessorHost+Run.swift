import Glibc
import Synchronization

/// Asks a thread to end, from any thread.
public final class StopSignal: Sendable {
    private let raised = Atomic(false)
    private let wake: Mutex<LogWake?> = Mutex(nil)

    public init() {}

    public var isRaised: Bool { raised.load(ordering: .acquiring) }

    public func raise() {
        raised.store(true, ordering: .releasing)
        wake.withLock { $0?.signal() }
    }

    func watch(_ thread: LogWake) { wake.withLock { $0 = thread } }
}

extension ProcessorHost {
    /// How long draining may take, so that a service ends within 5 s of SIGTERM.
    public static var drainMilliseconds: Int64 { 4_000 }

    /// Serves the processors on this thread until `stop` is raised, then drains them.
    ///
    /// - Parameter everyTurn: called after each turn with monotonic milliseconds: to export metrics, to append reference
    ///   prices.
    /// - Throws: the broken invariant that stopped a processor.
    public func run(until stop: StopSignal, everyTurn: (Int64) -> Void = { _ in }) throws(InvariantError) {
        stop.watch(log.wake)
        var drainEnds: Int64?
        while true {
            log.wake.drain()
            let now = Self.monotonicMilliseconds()
            let isBusy = turn(now: now)
            everyTurn(now)
            if let failure { throw failure }
            if stop.isRaised, drainEnds == nil {
                drainEnds = now + Self.drainMilliseconds
                for processor in processors { processor.drain() }
            }
            if let drainEnds, isDrained || now >= drainEnds { return }
            if !isBusy { log.wake.wait(milliseconds: sleepMilliseconds(now: now)) }
        }
    }

    static func monotonicMilliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}
