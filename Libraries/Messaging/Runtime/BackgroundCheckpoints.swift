import Network
import Synchronization
import TradingCore

/// A place that keeps checkpoints and is allowed to wait: a directory, a database.
public protocol CheckpointStore: Sendable {
    /// Makes a checkpoint durable.
    ///
    /// - Returns: false when another replica's stands where this one was to go.
    func save(_ checkpoint: Checkpoint) throws(CheckpointStoreError) -> Bool

    /// The newest checkpoint; nil when there is none.
    func load() throws(CheckpointStoreError) -> Checkpoint?
}

/// Why a checkpoint was not saved or loaded.
public struct CheckpointStoreError: Error, Sendable, Equatable, CustomStringConvertible {
    public var description: String
    /// Whether trying again may help: the store is away, not the checkpoint broken.
    public var isRetryable: Bool

    public init(_ description: String, isRetryable: Bool) {
        self.description = description
        self.isRetryable = isRetryable
    }
}

/// Lets a store wait on a thread of its own. While the store is away it is tried again; the processor's bound on unsaved
/// records then holds the inbox back.
public final class BackgroundCheckpoints: CheckpointSink {
    static let retryMilliseconds: Int32 = 500

    private enum Job: Sendable { case save(Checkpoint), load }

    private final class Shared: Sendable {
        struct Content {
            var jobs: [Job] = []
            var outcomes: [CheckpointOutcome] = []
            var lastError: String?
            var ended = false
        }

        let content = Mutex(Content())
        let store: any CheckpointStore
        let posted: LogWake
        let finished: LogWake

        init(_ store: any CheckpointStore, posted: LogWake, finished: LogWake) {
            self.store = store
            self.posted = posted
            self.finished = finished
        }
    }

    private let shared: Shared
    private let thread: WorkerThread

    /// - Parameter wake: signalled when there is an outcome; the log's.
    public init(_ store: any CheckpointStore, wake: LogWake) throws(KafkaError) {
        let shared = Shared(store, posted: try LogWake(), finished: wake)
        self.shared = shared
        thread = WorkerThread(name: "checkpoints") { BackgroundCheckpoints.work(shared) }
    }

    deinit {
        shared.content.withLock { $0.ended = true }
        shared.posted.signal()
        thread.join()
    }

    /// Why the store was last away; nil when its last operation succeeded.
    public var lastError: String? { shared.content.withLock { $0.lastError } }

    public func save(_ checkpoint: Checkpoint) { post(.save(checkpoint)) }

    public func load() { post(.load) }

    public func takeOutcome() -> CheckpointOutcome? {
        shared.content.withLock { $0.outcomes.isEmpty ? nil : $0.outcomes.removeFirst() }
    }

    private func post(_ job: Job) {
        shared.content.withLock { $0.jobs.append(job) }
        shared.posted.signal()
    }

    private static func work(_ shared: Shared) {
        while true {
            let (job, ended) = shared.content.withLock { ($0.jobs.first, $0.ended) }
            if ended { return }
            guard let job else {
                shared.posted.wait(milliseconds: -1)
                shared.posted.drain()
                continue
            }
            guard let outcome = run(job, shared) else {
                shared.posted.wait(milliseconds: retryMilliseconds)
                shared.posted.drain()
                continue
            }
            shared.content.withLock { content in
                content.jobs.removeFirst()
                content.outcomes.append(outcome)
            }
            shared.finished.signal()
        }
    }

    /// nil: try again later.
    private static func run(_ job: Job, _ shared: Shared) -> CheckpointOutcome? {
        do throws(CheckpointStoreError) {
            let outcome: CheckpointOutcome
            switch job {
            case .save(let checkpoint):
                outcome = try shared.store.save(checkpoint) ? .saved(next: checkpoint.runtime.next) : .superseded
            case .load: outcome = .loaded(try shared.store.load())
            }
            shared.content.withLock { $0.lastError = nil }
            return outcome
        } catch {
            shared.content.withLock { $0.lastError = error.description }
            return error.isRetryable ? nil : .failed(error.description)
        }
    }
}
