import Messaging
import TradingCore

/// One process of a service: it can be turned, and it can be killed at any moment and started again.
protocol SimulatedReplica: AnyObject {
    var name: String { get }
    var inbox: TopicPartition { get }
    var client: UInt64? { get }
    var failure: InvariantError? { get }
    /// Equal on replicas that have applied the same records; nil while the process is down.
    var fingerprint: UInt64? { get }
    var position: Int64 { get }
    func turn(now: Int64, frames: Int)
    func kill()
    func start() throws
}

final class Replica<Machine: ServiceMachine>: SimulatedReplica {
    let inbox: TopicPartition
    let name: String
    private let cluster: InMemoryCluster
    private let checkpoints = InMemoryCheckpoints()
    private var host: ProcessorHost<Machine, InMemoryLog>?

    init(partition: Int, number: Int, cluster: InMemoryCluster) throws {
        inbox = TopicPartition(Machine.inbox, partition)
        name = "\(Machine.kind)/\(partition) replica \(number)"
        self.cluster = cluster
        try start()
    }

    private var processor: Processor<Machine, InMemoryLog>? { host?.processors.first }
    var machine: Machine? { processor?.machine }
    var client: UInt64? { host?.log.id }
    var failure: InvariantError? { host?.failure }
    var fingerprint: UInt64? { processor?.phase == .running ? processor?.fingerprint : nil }
    var position: Int64 { processor?.metrics.position ?? -1 }

    func start() throws {
        let host = ProcessorHost<Machine, InMemoryLog>(log: try InMemoryLog(cluster))
        var configuration = ProcessorConfiguration(kind: Machine.kind, inbox: inbox)
        configuration.checkpointMilliseconds = 300
        configuration.tickMilliseconds = 900
        let partition = Int(inbox.partition)
        host.add(configuration, sink: checkpoints) { state throws(StateError) in
            try Machine(partition: partition, state: state)
        }
        self.host = host
    }

    func turn(now: Int64, frames: Int) { host?.turn(now: now, frames: frames) }

    /// What the process had in memory is gone; what it has submitted may still reach the log.
    func kill() {
        checkpoints.crash()
        host = nil
    }
}
