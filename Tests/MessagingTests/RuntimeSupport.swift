import Foundation
import Messaging
import Records
import TestBasics
import Testing
import TradingCore

typealias TallyHost = ProcessorHost<TallyMachine, InMemoryLog>

/// One processor over a log in memory, and what it has written.
final class Bench {
    static let inbox = TopicPartition(.ledger, UInt16(0))

    let cluster: InMemoryCluster
    let checkpoints: InMemoryCheckpoints
    let host: TallyHost
    let processor: Processor<TallyMachine, InMemoryLog>
    var reports: [String] = []
    /// Of the reports about a record.
    var reportedTraces: [TraceContext] = []
    var now: Int64 = 1_000_000

    init(
        _ cluster: InMemoryCluster = InMemoryCluster(), checkpoints: InMemoryCheckpoints = InMemoryCheckpoints(),
        configure: (inout ProcessorConfiguration) -> Void = { _ in }
    ) throws {
        self.cluster = cluster
        self.checkpoints = checkpoints
        host = TallyHost(log: try InMemoryLog(cluster))
        var configuration = ProcessorConfiguration(kind: .ledgerService, inbox: Bench.inbox)
        configuration.tickMilliseconds = 0
        configure(&configuration)
        processor = host.add(configuration, sink: checkpoints) { state throws(StateError) in try TallyMachine(state) }
        processor.report = { [unowned self] line, trace in
            reports.append(line)
            if let trace { reportedTraces.append(trace) }
        }
    }

    /// Appends to the inbox and lets the processor take it.
    func feed(_ frames: [UInt8]...) {
        for frame in frames { cluster.append(frame, to: Bench.inbox) }
        settle()
    }

    /// Turns until nothing happens any more; time goes on by a millisecond a turn.
    func settle() {
        var idle = 0
        while idle < 3 {
            now += 1
            idle = host.turn(now: now) ? 0 : idle + 1
        }
    }

    /// Lets time pass until a checkpoint is saved.
    func checkpoint() {
        settle()
        now += processor.configuration.checkpointMilliseconds
        settle()
    }

    var total: Int64 { processor.machine?.total ?? -1 }

    /// The records that were written to `matching`: type, value, number, by partition and place.
    func effects(_ partition: Int = 0) -> [(type: UInt32, value: Int64, number: UInt64, header: EnvelopeHeader)] {
        records(of: TopicPartition(.matching, partition)).map { header, payload in
            (header.type, TallyMachine.words(payload.span.bytes).first ?? 0, header.number, header)
        }
    }

    func records(of partition: TopicPartition) -> [(EnvelopeHeader, [UInt8])] { cluster.records(of: partition) }

    /// Every effect once, by number, as a reader keeps them.
    func appliedEffects(_ partition: Int) -> [Int64] {
        var next: UInt64 = 1
        var values: [Int64] = []
        for effect in effects(partition) where effect.number == next {
            values.append(effect.value)
            next += 1
        }
        return values
    }
}

/// Where the random tests begin: MESSAGING_SEED, else a new seed.
let randomSeed =
    ProcessInfo.processInfo.environment["MESSAGING_SEED"].flatMap(UInt64.init) ?? .random(in: 0 ... .max)
