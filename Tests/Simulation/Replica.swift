import Messaging
import Records
import TradingCore

/// A running process of one release.
protocol RunningProcess: AnyObject {
    var client: UInt64 { get }
    var failure: InvariantError? { get }
    var isDrained: Bool { get }
    var machine: (any ServiceMachine)? { get }
    /// The next offset to read; nil unless it runs.
    var runningPosition: Int64? { get }
    /// The first offset that it may still read: 0 while it does not know from which checkpoint it goes on.
    var firstWanted: Int64 { get }
    /// Equal on replicas that have applied the same records; nil unless it runs.
    var fingerprint: UInt64? { get }
    func turn(now: Int64, frames: Int) -> Bool
    func drain()
    func append(_ price: ReferencePrice)
}

extension ProcessorHost: RunningProcess where Machine: ServiceMachine, Source == InMemoryLog {
    private var processor: Processor<Machine, InMemoryLog>? { processors.first }
    var client: UInt64 { log.id }
    var machine: (any ServiceMachine)? { processor?.machine }
    var runningPosition: Int64? { processor?.phase == .running ? processor?.metrics.position : nil }
    var firstWanted: Int64 { processor.map { $0.phase == .loading ? 0 : $0.metrics.position } ?? 0 }
    var fingerprint: UInt64? { processor?.phase == .running ? processor?.fingerprint : nil }

    func drain() { processor?.drain() }

    func append(_ price: ReferencePrice) {
        let record = OrdersRecord.referencePrice(price)
        processor?.appendFact(record.type) { record.encodePayload(into: &$0) }
    }
}

/// One process of a service: it can be turned, and it can be killed at any moment and started again.
protocol SimulatedReplica: AnyObject {
    var name: String { get }
    var kind: WriterKind { get }
    var inbox: TopicPartition { get }
    /// Takes effect at the next start.
    var release: Release { get set }
    /// nil while it is down.
    var process: (any RunningProcess)? { get }
    /// The next offset of the newest checkpoint; nil when there is none.
    var checkpointed: Int64? { get }
    /// Asks the process to stop.
    func drain(now: Int64)
    /// Whether the process has stopped as it was asked to, or has taken longer than it may.
    func hasStopped(now: Int64) -> Bool
    func kill()
    func start() throws
    /// Makes the checkpoint that waits durable.
    func settleCheckpoint()
}

extension SimulatedReplica {
    /// The first offset that the process, or one that starts from the checkpoint, may still read. They differ when a checkpoint
    /// becomes durable after the process has gone back to the one before.
    var firstWanted: Int64 { min(checkpointed ?? 0, process?.firstWanted ?? .max) }
}

final class Replica<Machine: ServiceMachine>: SimulatedReplica {
    let inbox: TopicPartition
    let name: String
    var release = Release.current
    private let cluster: InMemoryCluster
    private let checkpoints = InMemoryCheckpoints()
    private let checkpointMilliseconds: Int64
    private(set) var process: (any RunningProcess)?
    private var drainEnds: Int64?

    init(partition: Int, number: Int, cluster: InMemoryCluster, checkpointMilliseconds: Int64) {
        inbox = TopicPartition(Machine.inbox, partition)
        name = "\(Machine.kind)/\(partition) replica \(number)"
        self.cluster = cluster
        self.checkpointMilliseconds = checkpointMilliseconds
        checkpoints.delay = true
    }

    var kind: WriterKind { Machine.kind }
    var checkpointed: Int64? { checkpoints.newest?.runtime.next }

    func start() throws {
        process =
            switch release {
            case .current: try start(Machine.self)
            case .next: try start(NextRelease<Machine>.self)
            case .faulty: try start(FaultyRelease<Machine>.self)
            }
    }

    private func start<Started: ServiceMachine>(_ machine: Started.Type) throws -> any RunningProcess {
        let host = ProcessorHost<Started, InMemoryLog>(log: try InMemoryLog(cluster))
        var configuration = ProcessorConfiguration(kind: Machine.kind, inbox: inbox)
        configuration.checkpointMilliseconds = checkpointMilliseconds
        configuration.tickMilliseconds = 900
        configuration.frameMilliseconds = [.accountEvents: 20, .marketData: 20]
        let partition = Int(inbox.partition)
        host.add(configuration, sink: checkpoints) { state throws(StateError) in
            try Started(partition: partition, state: state)
        }
        return host
    }

    func drain(now: Int64) {
        process?.drain()
        drainEnds = now + ProcessorHost<Machine, InMemoryLog>.drainMilliseconds
    }

    func hasStopped(now: Int64) -> Bool {
        guard let process, process.failure == nil, let drainEnds else { return false }
        return process.isDrained || now >= drainEnds
    }

    func settleCheckpoint() { checkpoints.settle() }

    /// What the process had in memory is gone; what it has submitted may still reach the log.
    func kill() {
        checkpoints.crash()
        process = nil
        drainEnds = nil
    }
}
