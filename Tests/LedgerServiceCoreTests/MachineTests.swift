import FoundationEssentials
import Messaging
import Records
import Storage
import Testing
import TradingCore

@testable import LedgerServiceBooks
@testable import LedgerServiceCore

extension BooksTests {
    /// The ledger on the runtime, over a log in memory, with its books in PostgreSQL.
    final class Process {
        let host: ProcessorHost<LedgerMachine, InMemoryLog>
        let processor: Processor<LedgerMachine, InMemoryLog>
        private var now: Int64 = 1_000_000

        init(_ cluster: InMemoryCluster, _ configuration: PostgresConfiguration) throws {
            let log = try InMemoryLog(cluster, signals: true)
            host = ProcessorHost(log: log)
            var settings = ProcessorConfiguration(kind: .ledgerService, inbox: Inbox.partition)
            settings.tickMilliseconds = 0
            settings.checkpointMilliseconds = 20
            let sink = try BackgroundCheckpoints(LedgerBooks(configuration, partition: 0), wake: log.wake)
            processor = host.add(settings, sink: sink) { state throws(StateError) in
                try LedgerMachine(partition: 0, state: state, content: .changes)
            }
        }

        /// Turns until `isDone`; every turn is ten milliseconds to the processor.
        func turn(until isDone: () -> Bool) throws {
            for _ in 0..<100_000 where !isDone() {
                now += 10
                if !host.turn(now: now) {
                    host.log.wake.wait(milliseconds: 5)
                    host.log.wake.drain()
                }
                if let failure = host.failure { throw failure }
            }
            #expect(isDone())
        }

        func drain() throws {
            processor.drain()
            try turn { host.isDrained }
        }
    }

    /// The inbox: random inputs as order-service would write them, and the same applied to a ledger that never stops.
    struct Inbox: ~Copyable {
        static let partition = TopicPartition(.ledger, UInt16(0))

        let cluster = InMemoryCluster()
        var straight = LedgerCore(partition: 0)
        private var sink = JournalSink()
        private var twin = NaiveLedger()
        private var inputs: RandomInputs
        private var number: UInt64 = 0
        private var hash: UInt64 = 0

        init(seed: UInt64) { inputs = RandomInputs(seed: seed) }

        mutating func append(_ count: Int) throws {
            for _ in 0..<count {
                let record = inputs.record(for: twin)
                if case .tick = record { continue }
                _ = twin.apply(record, at: inputs.clock)
                number += 1
                let header = EnvelopeHeader(
                    writer: Writer(.orderService, 0), number: number, schemaVersion: 1)
                var frame = FrameWriter()
                let written = frame.append(header, record, after: hash)
                hash = try #require(written)
                cluster.now = inputs.clock
                _ = cluster.append(frame.array, to: Inbox.partition)
                try straight.apply(
                    record,
                    RecordContext(clock: Timestamp(inputs.clock), writer: Writer(.orderService, 0), number: number),
                    to: &sink)
            }
        }

        var end: Int64 { cluster.end(of: Inbox.partition) }
    }

    @Test func `Replicas that end and start again leave the books of a ledger that never stopped`() throws {
        print("LEDGER_SEED=\(TwinTests.seed)")
        var inbox = Inbox(seed: TwinTests.seed)
        try inbox.append(600)
        var first: Process? = try Process(inbox.cluster, configuration)
        // Who saves first writes the books from then on, and the other only follows.
        try first?.turn {
            first?.processor.metrics.position == inbox.end && (first?.processor.metrics.checkpoints ?? 0) > 0
        }
        let before = first?.processor.metrics.checkpoints ?? 0
        var second: Process? = try Process(inbox.cluster, configuration)
        try second?.turn { second?.processor.metrics.position == inbox.end }
        try inbox.append(400)
        try first?.turn { (first?.processor.metrics.checkpoints ?? 0) > before }
        // It ends as a process that is killed does: nothing of what it has in memory is saved.
        first = nil
        try inbox.append(300)
        try second?.turn { second?.processor.metrics.position == inbox.end }
        try second?.drain()
        try expectBooks(inbox)
        second = nil
        let third = try Process(inbox.cluster, configuration)
        try inbox.append(300)
        try third.turn { third.processor.metrics.position == inbox.end }
        try third.drain()
        try expectBooks(inbox)
    }

    private func expectBooks(_ inbox: borrowing Inbox) throws {
        let checkpoint = try #require(try LedgerBooks(configuration, partition: 0).load())
        #expect(checkpoint.runtime.next == inbox.end)
        #expect(checkpoint.state == inbox.straight.stateBytes)
        let verification = try LedgerVerification(connection)
        #expect(verification.isPassed, "\(verification.report)")
    }
}
