import Records
import Synchronization
import TradingCore

/// A log in memory that many clients share, for tests and simulation: same order, same stamps, same outcomes as a
/// broker's, and every fault on demand. Nothing in it happens by itself unless `automatic`.
public final class InMemoryCluster: Sendable {
    /// A frame on its way from a client to the log.
    public struct Submission: Sendable {
        public var id: UInt64
        public var client: UInt64
        public var destination: TopicPartition
        public var frame: [UInt8]
        public var key: [UInt8]?
        var token: UInt64
    }

    /// What becomes of a submission.
    public enum Fate: Sendable, Equatable {
        case acknowledged
        /// The client library sent it again: it stands in the log twice.
        case acknowledgedTwice
        /// It is in the log and the acknowledgement never arrives.
        case appendedWithoutAcknowledgement
        /// It never reached the log and nobody hears of it.
        case lost
        case refused(String)
    }

    struct Stored: Sendable {
        var stamp: Int64
        var frame: [UInt8]
    }

    struct Partition: Sendable {
        var start: Int64 = 0
        var frames: [Stored] = []
        var end: Int64 { start + Int64(frames.count) }
    }

    enum Notice: Sendable {
        case acknowledged(UInt64, offset: Int64)
        case refused(UInt64, LogRefusal)
        case disturbed(String)
    }

    struct Client: Sendable {
        var notices: [Notice] = []
        var wake: LogWake?
    }

    struct State: Sendable {
        var id: String
        var now: Int64
        var isAway = false
        var partitions: [TopicPartition: Partition] = [:]
        var submissions: [Submission] = []
        var clients: [UInt64: Client] = [:]
        var nextID: UInt64 = 1
    }

    let state: Mutex<State>
    /// Whether submissions are acknowledged when their client polls. Otherwise `settle` decides on each.
    public let automatic: Bool

    /// - Parameter now: the clock of the log, milliseconds.
    public init(id: String = "memory", now: Int64 = 1_700_000_000_000, automatic: Bool = true) {
        state = Mutex(State(id: id, now: now))
        self.automatic = automatic
    }

    // MARK: Time and faults

    /// The log's clock in milliseconds: it stamps what is appended. It may be set back, as a broker's may.
    public var now: Int64 {
        get { state.withLock { $0.now } }
        set { state.withLock { $0.now = newValue } }
    }

    /// The cluster's id; another one makes it another cluster.
    public var id: String {
        get { state.withLock { $0.id } }
        set { state.withLock { $0.id = newValue } }
    }

    /// While the broker is away nothing is delivered, appended or answered.
    public var isAway: Bool {
        get { state.withLock { $0.isAway } }
        set {
            state.withLock { state in
                state.isAway = newValue
                for id in state.clients.keys { state.notify(id, .disturbed("broker \(newValue ? "away" : "back")")) }
            }
        }
    }

    /// The submissions that wait for their fate, oldest first.
    public var submissions: [Submission] { state.withLock { $0.submissions } }

    /// Decides on one submission.
    public func settle(_ id: UInt64, _ fate: Fate) {
        state.withLock { state in
            guard let index = state.submissions.firstIndex(where: { $0.id == id }) else { return }
            let submission = state.submissions.remove(at: index)
            state.settle(submission, fate)
        }
    }

    /// Appends a frame as some other client would.
    @discardableResult
    public func append(_ frame: [UInt8], to destination: TopicPartition) -> Int64 {
        state.withLock { $0.append(frame, to: destination) }
    }

    /// Loses everything from `offset` on, as a broker does whose disk lost its tail.
    public func loseTail(of partition: TopicPartition, from offset: Int64) {
        state.withLock { state in
            guard var log = state.partitions[partition], offset < log.end else { return }
            log.frames.removeLast(Int(log.end - max(offset, log.start)))
            state.partitions[partition] = log
        }
    }

    /// Deletes everything before `offset`, as retention does.
    public func retain(_ partition: TopicPartition, from offset: Int64) {
        state.withLock { state in
            guard var log = state.partitions[partition], offset > log.start else { return }
            log.frames.removeFirst(Int(min(offset, log.end) - log.start))
            log.start = offset
            state.partitions[partition] = log
        }
    }

    /// Every frame of a partition that is there now, oldest first, from `offset` on.
    public func frames(of partition: TopicPartition, from offset: Int64 = 0) -> [LogInspection.Found] {
        state.withLock { state in
            guard let log = state.partitions[partition] else { return [] }
            let first = max(offset, log.start)
            return log.frames.dropFirst(Int(first - log.start)).enumerated().map { index, stored in
                LogInspection.Found(offset: first + Int64(index), stamp: stored.stamp, bytes: stored.frame)
            }
        }
    }

    /// Every record of a partition that is there now and has a readable envelope, copies too, with its payload.
    public func records(of partition: TopicPartition) -> [(EnvelopeHeader, [UInt8])] {
        frames(of: partition).flatMap { found in
            var reader = FrameReader()
            var records: [(EnvelopeHeader, [UInt8])] = []
            while let item = reader.next(in: found.bytes.span.bytes) {
                guard case .record(let record) = item else { continue }
                records.append((record.header, Array(found.bytes[record.payload])))
            }
            return records
        }
    }

    public func end(of partition: TopicPartition) -> Int64 {
        state.withLock { $0.partitions[partition]?.end ?? 0 }
    }

    public var partitions: [TopicPartition] { state.withLock { $0.partitions.keys.sorted() } }
}

extension InMemoryCluster.State {
    mutating func append(_ frame: [UInt8], to destination: TopicPartition) -> Int64 {
        let offset = partitions[destination, default: InMemoryCluster.Partition()].end
        partitions[destination, default: InMemoryCluster.Partition()].frames.append(
            InMemoryCluster.Stored(stamp: now, frame: frame))
        for client in clients.values { client.wake?.signal() }
        return offset
    }

    mutating func settle(_ submission: InMemoryCluster.Submission, _ fate: InMemoryCluster.Fate) {
        switch fate {
        case .acknowledged:
            let offset = append(submission.frame, to: submission.destination)
            notify(submission.client, .acknowledged(submission.token, offset: offset))
        case .acknowledgedTwice:
            _ = append(submission.frame, to: submission.destination)
            let offset = append(submission.frame, to: submission.destination)
            notify(submission.client, .acknowledged(submission.token, offset: offset))
        case .appendedWithoutAcknowledgement: _ = append(submission.frame, to: submission.destination)
        case .lost: break
        case .refused(let reason): notify(submission.client, .refused(submission.token, .permanent(reason)))
        }
    }

    mutating func notify(_ client: UInt64, _ notice: InMemoryCluster.Notice) {
        clients[client]?.notices.append(notice)
        clients[client]?.wake?.signal()
    }
}
