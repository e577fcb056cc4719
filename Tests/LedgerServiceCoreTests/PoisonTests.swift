import Messaging
import Records
import Testing
import TradingCore

@testable import LedgerServiceBooks
@testable import LedgerServiceCore

/// Rule 11 in the ledger: a record with a text that no database takes stops nobody.
struct PoisonTests {
    private static let account = AccountID(1)
    private static let asset = AssetID(1)
    private static let inbox = TopicPartition(.ledger, UInt16(0))

    /// A replica of the ledger over a log in memory.
    private final class Replica {
        let host: ProcessorHost<LedgerMachine, InMemoryLog>
        let processor: Processor<LedgerMachine, InMemoryLog>
        private var now: Int64 = 1_000_000

        init(_ cluster: InMemoryCluster) throws {
            host = ProcessorHost(log: try InMemoryLog(cluster))
            var configuration = ProcessorConfiguration(kind: .ledgerService, inbox: PoisonTests.inbox)
            configuration.tickMilliseconds = 0
            processor = host.add(configuration, sink: InMemoryCheckpoints()) { state throws(StateError) in
                try LedgerMachine(partition: 0, state: state, content: .state)
            }
        }

        func settle() {
            var idle = 0
            while idle < 3 {
                now += 1
                idle = host.turn(now: now) ? 0 : idle + 1
            }
        }
    }

    /// Writes records as a processor does, each in a frame of its own.
    private struct Line {
        let cluster = InMemoryCluster()
        let writer: Writer
        private var number: UInt64 = 0
        private var hash: UInt64 = 0

        init(_ kind: WriterKind = .orderService) { writer = Writer(kind, 0) }

        mutating func append(_ record: LedgerRecord) throws {
            number += 1
            var frame = FrameWriter()
            let header = EnvelopeHeader(writer: writer, number: number, schemaVersion: 1)
            let written = frame.append(header, record, after: hash)
            hash = try #require(written)
            cluster.append(frame.array, to: PoisonTests.inbox)
        }
    }

    private static let deposit = Deposit(
        account: account, asset: asset, amount: Amount(5), reference: "r", transactionId: "t", network: "n")

    private static let poisoned: [LedgerRecord] = [
        .submitOrder(SubmitOrder(orderId: OrderID(1), account: account, clientOrderId: "a\0b", side: .buy)),
        .cancelOrder(CancelOrder(account: account, origClientOrderId: "\0")),
        .amendOrder(AmendOrder(account: account, clientOrderId: "a\0")),
        .marker(Marker(account: account, clientOrderId: "\0a")),
        .deposit(Deposit(account: account, asset: asset, amount: Amount(1), reference: "a\0")),
        .deposit(Deposit(account: account, asset: asset, amount: Amount(1), reference: "q", transactionId: "\0")),
        .deposit(Deposit(account: account, asset: asset, amount: Amount(1), reference: "q", network: "\u{1F}")),
        .requestWithdrawal(RequestWithdrawal(account: account, asset: asset, address: "a\0b")),
        .requestWithdrawal(RequestWithdrawal(account: account, asset: asset, addressTag: "\0")),
        .requestWithdrawal(RequestWithdrawal(account: account, asset: asset, withdrawOrderId: "\0")),
        .resolveWithdrawal(ResolveWithdrawal(account: account, status: .settled, transactionId: "\0")),
    ]

    @Test func `A record whose text no database takes is set aside, refused and counts as applied`() throws {
        var line = Line()
        for record in PoisonTests.poisoned { try line.append(record) }
        try line.append(.deposit(PoisonTests.deposit))
        let replicas = [try Replica(line.cluster), try Replica(line.cluster)]
        for replica in replicas { replica.settle() }
        let count = PoisonTests.poisoned.count
        for replica in replicas {
            #expect(replica.processor.failure == nil)
            #expect(replica.processor.metrics.quarantined == UInt64(count))
            #expect(replica.processor.metrics.position == Int64(count + 1))
            let balance = replica.processor.machine?.withCore { $0.balance(PoisonTests.account, PoisonTests.asset) }
            #expect(balance?.free == Amount(5))
        }
        #expect(replicas[0].processor.fingerprint == replicas[1].processor.fingerprint)
        let events = line.cluster.records(of: TopicPartition(.accountEvents, UInt16(0))).prefix(count + 1)
        #expect(events.map(\.0.causeNumber) == (1...UInt64(count + 1)).map { $0 })
        let refusals = try events.map { try AccountEvent(decoding: $0.1).refusal?.reason }
        #expect(refusals == Array(repeating: .unreadable, count: count) + [nil])
        let aside = try line.cluster.records(of: TopicPartition(.quarantine, UInt16(0))).map {
            try QuarantinedRecord(decoding: $0.1)
        }
        #expect(aside.prefix(count).map(\.offset) == (0..<UInt64(count)).map { $0 })
    }

    @Test func `A settlement that gives an order such a name cannot be and stops the ledger`() throws {
        var line = Line(.matchingEngine)
        try line.append(
            .settlement(Settlement(reductions: [OrderReduced(orderId: OrderID(1), clientOrderId: "a\0b")])))
        let replica = try Replica(line.cluster)
        replica.settle()
        #expect(replica.processor.failure?.kind == .brokenInvariant)
        #expect(replica.processor.failure?.reason.contains("client id") == true)
    }
}
