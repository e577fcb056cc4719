import Network
import Synchronization

/// Why a pool did not run a job.
public enum PostgresPoolError: Error, Sendable, Hashable {
    /// `PostgresPool.Limits.waiting` jobs wait already: the caller should shed load.
    case queueFull(limit: Int)
    /// The job waited too long for a connection and was not begun.
    case waitedTooLong(limitMilliseconds: Int)
    /// The pool has been closed.
    case closed
}

/// A few connections, each of a thread of its own, that take jobs from one bounded queue.
///
/// A job runs from start to end on one connection. A connection that was lost is made again for the next job; while the
/// server is away jobs fail at once with `PostgresError.Kind.notConnected`, and attempts to connect keep a growing
/// distance.
public final class PostgresPool: Sendable {
    public struct Limits: Sendable, Hashable {
        /// Connections, and threads.
        public var connections: Int
        /// Jobs that wait for a connection.
        public var waiting: Int
        /// How long a job may wait for a connection.
        public var waitMilliseconds: Int

        public init(connections: Int = 4, waiting: Int = 1_024, waitMilliseconds: Int = 5_000) {
            self.connections = connections
            self.waiting = waiting
            self.waitMilliseconds = waitMilliseconds
        }
    }

    private struct Job: Sendable {
        let deadline: Int64
        let run: @Sendable (PostgresConnection) -> Void
        let fail: @Sendable (any Error) -> Void
    }

    public let limits: Limits
    private let queue: BoundedQueue<Job>
    private let threads: [WorkerThread]
    private let isClosed = Atomic(false)

    /// Starts the threads; they connect when the first jobs come.
    public init(_ configuration: PostgresConfiguration, limits: Limits = Limits()) {
        precondition(limits.connections > 0)
        self.limits = limits
        let queue = BoundedQueue<Job>(limit: limits.waiting)
        self.queue = queue
        threads = (1...limits.connections).map { number in
            WorkerThread(name: "postgres-\(number)") {
                PostgresPool.work(queue, configuration, limits)
            }
        }
    }

    deinit {
        // The threads hold the queue alone, and end with it.
        queue.close()
    }

    /// Jobs that wait for a connection now.
    public var waitingCount: Int { queue.count }

    /// Runs `job` on a connection and waits for its result.
    ///
    /// - Throws: `PostgresPoolError` when the job was not run; what `job` threw otherwise.
    public func run<Value: Sendable>(
        _ job: @escaping @Sendable (PostgresConnection) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            submit(job) { continuation.resume(with: $0) }
        }
    }

    /// Runs `job` on a connection and hands its result to `completion`, once, on the connection's thread; a job that is
    /// refused at once completes before this returns, on the caller's.
    public func submit<Value: Sendable>(
        _ job: @escaping @Sendable (PostgresConnection) throws -> Value,
        completion: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        let item = Job(
            deadline: monotonicMilliseconds() + Int64(limits.waitMilliseconds),
            run: { connection in completion(Result { try job(connection) }) },
            fail: { completion(.failure($0)) })
        do {
            try queue.append(item)
        } catch {
            switch error {
            case .full: completion(.failure(PostgresPoolError.queueFull(limit: limits.waiting)))
            case .closed: completion(.failure(PostgresPoolError.closed))
            }
        }
    }

    /// Takes no more jobs, runs those that wait, closes the connections and waits for the threads. Not from a job.
    public func close() {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        queue.close()
        for thread in threads { thread.join() }
    }

    private static func work(_ queue: BoundedQueue<Job>, _ configuration: PostgresConfiguration, _ limits: Limits) {
        let connection = PostgresConnection(configuration)
        var link = Link()
        while let job = queue.take() {
            guard monotonicMilliseconds() < job.deadline else {
                job.fail(PostgresPoolError.waitedTooLong(limitMilliseconds: limits.waitMilliseconds))
                continue
            }
            do throws(PostgresError) {
                try link.establish(connection)
            } catch {
                job.fail(error)
                continue
            }
            job.run(connection)
        }
        connection.close()
    }

    /// Keeps a connection up, with a distance between attempts that fail.
    private struct Link {
        private var backoff = Backoff(attemptLimit: nil)
        private var failure: PostgresError?
        private var nextAttempt: Int64 = 0

        mutating func establish(_ connection: PostgresConnection) throws(PostgresError) {
            if connection.checkAlive() { return }
            if let failure, monotonicMilliseconds() < nextAttempt { throw failure }
            do throws(PostgresError) {
                try connection.connect()
                failure = nil
                backoff.reset()
            } catch {
                failure = error
                nextAttempt = monotonicMilliseconds() + Int64(backoff.next() ?? backoff.longestMilliseconds)
                throw error
            }
        }
    }
}
