import Glibc
import Synchronization

/// How a service stops: by SIGTERM, SIGINT or a request from within, its hooks run in order, within a deadline.
public final class Lifecycle: Sendable {
    /// A service that has not stopped by then is ended as it is; a crash is what its checkpoints are made for.
    public static let shutdownDeadline: Duration = .seconds(5)

    public typealias Hook = @Sendable () async throws -> Void

    private struct State {
        var hooks: [(name: String, run: Hook)] = []
        var stop: (code: ExitCode, reason: String)?
    }

    private let logger: Logger
    private let state = Mutex(State())
    private let stopping = Atomic<Bool>(false)

    public init(logger: Logger) {
        self.logger = logger
    }

    /// True once the service is to stop; loops of long work look at it.
    public var isStopping: Bool { stopping.load(ordering: .acquiring) }

    /// Adds a step of the shutdown. Steps run in the reverse order of their registration, like `defer`: what was
    /// started last, on top of the rest, stops first. A step that throws is logged, and the next one runs.
    public func onShutdown(_ name: String, _ hook: @escaping Hook) {
        state.withLock { $0.hooks.append((name, hook)) }
    }

    /// Asks the service to stop; returns at once. Of several requests the first one's code and reason count.
    public func requestStop(_ code: ExitCode, reason: String) {
        let isFirst = state.withLock { state in
            guard state.stop == nil else { return false }
            state.stop = (code, reason)
            return true
        }
        // SIGTERM is blocked in every thread and taken by the one that waits in `waitForStop`.
        if isFirst { kill(getpid(), SIGTERM) }
    }

    /// Ends the process at once, without any step: after a broken invariant nothing more may be written.
    ///
    /// - Parameter trace: of the record at which it was met.
    public func stopOnBrokenInvariant(
        _ message: String, _ fields: KeyValuePairs<String, LogValue> = [:], trace: TraceContext? = nil
    ) -> Never {
        logger.with(fields).with(trace: trace).error("broken invariant: \(message)")
        logger.sink.flush()
        _exit(ExitCode.brokenInvariant.rawValue)
    }

    /// Blocks the signals that `waitForStop` takes. Called before any thread starts, so that all of them inherit it.
    static func blockSignals() {
        var set = stopSignals()
        pthread_sigmask(SIG_BLOCK, &set, nil)
        // A peer that closes its socket is an error of that write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
    }

    /// A `precondition` that fails traps; the trap ends the process with the code that says so.
    static func exitOnTraps() {
        for number in [SIGILL, SIGTRAP] {
            signal(number) { _ in
                // Only what is safe in a signal handler: no allocation, no lock.
                let text: StaticString = #"{"level":"error","message":"broken invariant: a precondition failed"}"#
                write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
                write(STDERR_FILENO, "\n", 1)
                _exit(ExitCode.brokenInvariant.rawValue)
            }
        }
    }

    private static func stopSignals() -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGTERM)
        sigaddset(&set, SIGINT)
        return set
    }

    /// Waits for SIGTERM, SIGINT or `requestStop`.
    func waitForStop() -> (code: ExitCode, reason: String) {
        var set = Self.stopSignals()
        var number: Int32 = 0
        while sigwait(&set, &number) != 0 {}
        stopping.store(true, ordering: .releasing)
        return state.withLock { state in
            let stop = state.stop ?? (.clean, number == SIGINT ? "SIGINT" : "SIGTERM")
            state.stop = stop
            return stop
        }
    }

    /// Runs the hooks, last registered first.
    ///
    /// - Returns: the code of the stop, or `temporaryFailure` when a clean stop had a step that failed or took too long.
    func shutDown(_ stop: (code: ExitCode, reason: String), deadline: Duration = shutdownDeadline) -> ExitCode {
        stopping.store(true, ordering: .releasing)
        logger.info("stopping", ["reason": .string(stop.reason)])
        let hooks = state.withLock { state in
            defer { state.hooks = [] }
            return state.hooks
        }
        let done = WakeUps()
        let shared = SharedOutcome()
        shared.outcome.withLock { $0.current = hooks.last?.name ?? "" }
        Task.detached { [logger] in
            for (name, run) in hooks.reversed() {
                shared.outcome.withLock { $0.current = name }
                do {
                    try await run()
                } catch {
                    logger.error("a shutdown step failed", ["step": .string(name), "error": .described("\(error)")])
                    shared.outcome.withLock { $0.failed = true }
                }
            }
            done.signal()
        }
        let isInTime = done.wait(timeout: deadline)
        let (current, failed) = shared.outcome.withLock { ($0.current, $0.failed) }
        if !isInTime {
            logger.error(
                "the shutdown took too long",
                ["step": .string(current), "deadline_ms": .integer(deadline.wholeMilliseconds)])
        }
        logger.info("stopped", ["exit_code": .integer(stop.code.rawValue)])
        return stop.code == .clean && (failed || !isInTime) ? .temporaryFailure : stop.code
    }

    private struct Outcome {
        var current = ""
        var failed = false
    }

    private final class SharedOutcome: Sendable {
        let outcome = Mutex(Outcome())
    }
}
