import FoundationEssentials
import Messaging
import Records
import Storage
import Testing
import TradingCore

@testable import LedgerServiceBooks
@testable import LedgerServiceCore

/// Runs against the database of `DATABASE_URL`, whose schema `ledger` it makes anew; skipped without one.
@Suite(
    .serialized, .enabled(if: ProcessInfo.processInfo.environment["DATABASE_URL"] != nil, "DATABASE_URL is not set"),
    .timeLimit(.minutes(5)))
struct BooksTests {
    let configuration: PostgresConfiguration
    let connection: PostgresConnection

    init() throws {
        let url = try #require(ProcessInfo.processInfo.environment["DATABASE_URL"])
        configuration = PostgresConfiguration(url: url, applicationName: "ledger books tests")
        connection = PostgresConnection(configuration)
        try connection.connect()
        try connection.run("DROP SCHEMA IF EXISTS ledger CASCADE")
        _ = try LedgerSchema.migrator().migrate(connection)
    }

    /// A ledger fed with the random inputs of a seed, and its checkpoints.
    final class Replica {
        let books: LedgerBooks
        var core: LedgerCore
        var twin = NaiveLedger()
        var inputs: RandomInputs
        var journal = JournalSink()
        var next: Int64 = 0

        init(_ configuration: PostgresConfiguration, seed: UInt64, partition: Int = 0) {
            books = LedgerBooks(configuration, partition: partition)
            core = LedgerCore(partition: partition, tracksChanges: true)
            inputs = RandomInputs(seed: seed)
        }

        func apply(_ count: Int) throws {
            for _ in 0..<count {
                let record = inputs.record(for: twin)
                _ = twin.apply(record, at: inputs.clock)
                next += 1
                try core.apply(
                    record,
                    RecordContext(
                        clock: Timestamp(inputs.clock), writer: Writer(.orderService, 0), number: UInt64(next)),
                    to: &journal)
            }
        }

        func checkpoint() -> Checkpoint {
            var writer = StateWriter()
            LedgerChanges(rows: core.takeChanges(), journal: journal.rows).encode(into: &writer)
            journal.rows.clear()
            return Checkpoint(runtime: runtime, state: writer.bytes)
        }

        var runtime: RuntimeState {
            var sequences = SequenceTable()
            sequences.accept(
                EnvelopeHeader(writer: Writer(.orderService, 0), number: UInt64(next), hash: 7))
            return RuntimeState(
                clusterID: "c", inbox: TopicPartition(.ledger, core.partition),
                writer: Writer(.ledgerService, core.partition), next: next, clock: inputs.clock, logicVersion: 1,
                sequences: sequences)
        }
    }

    struct JournalSink: LedgerSink {
        var rows = JournalRows()
        mutating func submit(_ order: borrowing KeptRecord<SubmitOrder>, to partition: Int) {}
        mutating func cancel(_ cancel: borrowing KeptRecord<CancelOrder>, to partition: Int) {}
        mutating func cancelAll(_ cancel: CancelAll, to partition: Int) {}
        mutating func amend(_ amend: AmendOrder, to partition: Int) {}
        mutating func accountEvent(_ event: borrowing LedgerEvent) {}
        mutating func journal(_ entry: JournalEntry, _ postings: Span<Posting>) { rows.append(entry, postings) }
    }

    private func loaded() throws -> Checkpoint? { try LedgerBooks(configuration, partition: 0).load() }

    private func expectBooks(_ replica: Replica) throws {
        let checkpoint = try #require(try loaded())
        #expect(checkpoint.runtime == replica.runtime)
        #expect(checkpoint.state == replica.core.stateBytes)
        let verification = try LedgerVerification(connection)
        #expect(verification.isPassed, "\(verification.report)")
    }

    @Test func `There is no checkpoint before the first`() throws {
        #expect(try loaded() == nil)
        #expect(try LedgerVerification(connection).isPassed)
    }

    @Test func `The books hold the state at every checkpoint and every invariant`() throws {
        print("LEDGER_SEED=\(TwinTests.seed)")
        let replica = Replica(configuration, seed: TwinTests.seed)
        for round in 0..<20 {
            try replica.apply(200)
            #expect(try replica.books.save(replica.checkpoint()))
            if round % 5 == 4 { try expectBooks(replica) }
        }
        let verification = try LedgerVerification(connection)
        #expect(verification.halfTrades > 0)
        #expect(verification.report.contains("not checked over all partitions"))
        #expect(verification.entries == Int64(replica.core.rows().counters.journalSequence))
    }

    @Test func `A ledger goes on from its books as if nothing had been`() throws {
        let replica = Replica(configuration, seed: TwinTests.seed)
        for _ in 0..<10 {
            try replica.apply(150)
            #expect(try replica.books.save(replica.checkpoint()))
            var reader = StateReader(try #require(try loaded()).state)
            replica.core = try LedgerCore(decoding: &reader, tracksChanges: true)
        }
        try expectBooks(replica)
    }

    @Test func `One replica writes, the other follows and takes over from wherever it stood`() throws {
        var first: Replica? = Replica(configuration, seed: TwinTests.seed)
        let second = Replica(configuration, seed: TwinTests.seed)
        try first?.apply(500)
        if let first { #expect(try first.books.save(first.checkpoint())) }
        try second.apply(400)
        // Passed already: the other's position covers it.
        #expect(try second.books.save(second.checkpoint()))
        try second.apply(700)
        let ahead = second.checkpoint()
        #expect(throws: CheckpointStoreError("another replica writes the books", isRetryable: true)) {
            try second.books.save(ahead)
        }
        try first?.apply(300)
        if let first { #expect(try first.books.save(first.checkpoint())) }
        first = nil
        #expect(try retried { try second.books.save(ahead) })
        try expectBooks(second)
        try second.apply(100)
        #expect(try second.books.save(second.checkpoint()))
        try expectBooks(second)
    }

    /// The server lets go of a session's lock a moment after the session has ended.
    private func retried(_ save: () throws -> Bool) throws -> Bool {
        for _ in 0..<1_000 {
            do {
                return try save()
            } catch let error as CheckpointStoreError where error.isRetryable {
                try connection.run("SELECT pg_sleep(0.01)")
            }
        }
        return try save()
    }

    @Test func `Books that stand before the changes are loaded instead`() throws {
        let replica = Replica(configuration, seed: TwinTests.seed)
        try replica.apply(100)
        #expect(try replica.books.save(replica.checkpoint()))
        let kept = try connection.query("SELECT next_offset FROM ledger.checkpoints").only().get(0, as: Int64.self)
        try connection.run("UPDATE ledger.checkpoints SET next_offset = next_offset - 1")
        try replica.apply(100)
        #expect(try !replica.books.save(replica.checkpoint()))
        #expect(kept == 100)
    }

    @Test func `A damaged row is named by the invariant that it breaks`() throws {
        let replica = Replica(configuration, seed: 11)
        try replica.apply(3_000)
        #expect(try replica.books.save(replica.checkpoint()))
        let damages: [(String, String)] = [
            ("UPDATE ledger.balances SET free = free + 1 WHERE account = 1 AND asset = 2", "account 1 asset 2"),
            (
                "UPDATE ledger.postings SET amount = amount + 1 WHERE sequence = 5 AND line = 0",
                "entry 5 of partition 0"
            ),
            ("DELETE FROM ledger.postings WHERE sequence = 7", "entry 7 of partition 0"),
            ("DELETE FROM ledger.journal_entries WHERE sequence = 9", "partition 0: "),
            ("UPDATE ledger.open_orders SET held = held + 1", "held"),
            ("DELETE FROM ledger.open_orders", "needed"),
            ("UPDATE ledger.venue_accounts SET fees = fees + 1 WHERE asset = 1", "asset 1 in partition 0"),
            ("UPDATE ledger.deposits SET amount = amount + 1 WHERE sequence = 1", "custody"),
        ]
        for (damage, name) in damages {
            let report = try damaged(damage)
            #expect(report.contains("BROKEN"), "\(damage)")
            #expect(report.contains(name), "\(damage): \(report)")
        }
        #expect(try LedgerVerification(connection).isPassed)
    }

    /// What verification says of the books with `damage` done to them; they are mended afterwards.
    private func damaged(_ damage: String) throws -> String {
        let tables = [
            "journal_entries", "postings", "balances", "venue_accounts", "open_orders", "deposits", "withdrawals",
        ]
        for table in tables {
            try connection.run("CREATE TABLE ledger.saved_\(table) AS TABLE ledger.\(table)")
        }
        try connection.run(damage)
        let report = try LedgerVerification(connection).report
        for table in tables {
            try connection.run(
                """
                TRUNCATE ledger.\(table); INSERT INTO ledger.\(table) TABLE ledger.saved_\(table);
                DROP TABLE ledger.saved_\(table)
                """)
        }
        return report
    }

    @Test func `Clearing is checked over all partitions once both sides of every trade are posted`() throws {
        var benches: [LedgerBench] = []
        for partition in 0..<2 {
            let bench = LedgerBench(partition: partition)
            try bench.fund(UInt32(partition) + 1, partition == 0 ? LedgerBench.usdt : LedgerBench.btc, 1_000_000)
            benches.append(bench)
        }
        let buy = try benches[0].place(benches[0].order(.buy, price: 500, lots: 20))
        var sellOrder = benches[1].order(.sell, price: 500, lots: 20, account: 2)
        sellOrder.orderId = OrderID(1 << 10 | 1)
        let sell = try benches[1].place(sellOrder)
        try benches[0].settle(fills: [benches[0].fill(buy, price: 500, lots: 20, done: true)])
        for (partition, bench) in benches.enumerated() { try save(bench, partition) }
        var verification = try LedgerVerification(connection)
        #expect(verification.isPassed, "\(verification.report)")
        #expect(verification.halfTrades == 1)
        try benches[1].settle(fills: [benches[1].fill(sell, price: 500, lots: 20, done: true)])
        try save(benches[1], 1)
        verification = try LedgerVerification(connection)
        #expect(verification.isPassed, "\(verification.report)")
        #expect(verification.report.contains("clearing is zero"))
        try connection.run("UPDATE ledger.venue_accounts SET clearing = clearing + 1 WHERE partition = 1 AND asset = 1")
        #expect(try LedgerVerification(connection).report.contains("clearing of asset 1 is 1"))
    }

    private func save(_ bench: LedgerBench, _ partition: Int) throws {
        var writer = StateWriter()
        LedgerChanges(rows: bench.core.takeChanges(), journal: bench.takeJournal()).encode(into: &writer)
        let books = LedgerBooks(configuration, partition: partition)
        _ = try books.load()
        let runtime = RuntimeState(
            clusterID: "c", inbox: TopicPartition(.ledger, partition), writer: Writer(.ledgerService, partition),
            next: Int64(bench.core.rows().counters.journalSequence))
        #expect(try books.save(Checkpoint(runtime: runtime, state: writer.bytes)))
    }
}
