import Messaging
import OrderServiceCore
import OrderServiceHistory
import ProcessorKit
import ProjectionBench
import Records
import Testing
import TradingCore

/// The history's thread over a log in memory, against the database of `DATABASE_URL`, whose schema `orders` is made anew;
/// skipped without one.
@Suite(.serialized, .enabled(if: DatabaseBench.url != nil, "DATABASE_URL is not set"), .timeLimit(.minutes(3)))
struct HistoryThreadTests {
    private static let partition = TopicPartition(.executions, UInt16(0))
    private let bench: FollowerBench
    private let database: DatabaseBench
    private let lastTrades = LastTrades()

    init() throws {
        bench = try FollowerBench()
        database = try DatabaseBench(
            schema: OrderSchema.name, OrderSchema.migrations, applicationName: "order-service history")
    }

    private func start() throws -> RunningProjection<HistoryProjection> {
        let context = try bench.context(databaseURL: DatabaseBench.url ?? "")
        let shard = try #require(Shard(index: 0, count: 1))
        return RunningProjection(
            context,
            try HistoryThread(
                context, catalogue: TopicCatalogue(prefix: ""), shard: shard, lastTrades: lastTrades,
                makeLog: bench.logMaker))
    }

    /// The next executions: each order takes one lot of the one before.
    private func append(_ ids: ClosedRange<Int64>) {
        for id in ids { append(execution(id)) }
    }

    private func append(_ execution: Execution) {
        bench.append(ExecutionsRecord.execution(execution), Writer(.matchingEngine, 0), to: Self.partition)
    }

    private func execution(_ id: Int64) -> Execution {
        let account = AccountID(7)
        var execution = Execution(
            instrument: InstrumentID(1),
            accepted: OrderAccepted(orderId: OrderID(id), account: account, quantity: Quantity(10)))
        execution.trades = [
            Trade(
                tradeId: TradeID(id), price: Price(5), quantity: Quantity(1), quoteAmount: Amount(50),
                makerOrderId: OrderID(id - 1), makerAccount: account, takerOrderId: OrderID(id), takerAccount: account)
        ]
        return execution
    }

    private struct Stored: Equatable {
        var next: Int64
        var orders: Int64
        var executed: Int64
        var fills: Int64

        /// After so many executions, one a frame.
        init(after count: Int64) {
            next = count
            orders = count
            executed = max(0, 2 * count - 1)
            fills = 2 * count
        }

        /// What the database has, as one moment has it.
        init(_ database: DatabaseBench) throws {
            let row = try database.connection.query(
                """
                SELECT (SELECT COALESCE(max(next_offset), 0) FROM orders.positions), (SELECT count(*) FROM orders.orders),
                    (SELECT COALESCE(sum(executed), 0)::bigint FROM orders.orders), (SELECT count(*) FROM orders.fills)
                """
            ).only()
            (next, orders) = (try row.get(0), try row.get(1))
            (executed, fills) = (try row.get(2), try row.get(3))
        }
    }

    private func awaitStored(_ count: Int64) throws {
        try bench.eventually { try Stored(database) == Stored(after: count) }
    }

    @Test func `A store that fails is tried again, and nothing is lost or stored twice`() throws {
        let running = try start()
        append(1...50)
        try awaitStored(50)
        try database.connection.run("ALTER TABLE orders.fills RENAME TO away")
        append(51...100)
        try bench.eventually { try bench.said("order history waits") > 1 }
        #expect(
            try database.number("SELECT max(next_offset) FROM orders.positions") == 50,
            "a position is kept only with what was stored")
        #expect(try database.number("SELECT count(*) FROM orders.orders") == 50)
        try database.connection.run("ALTER TABLE orders.away RENAME TO fills")
        append(101...120)
        try awaitStored(120)
        running.end()
        #expect(try Stored(database) == Stored(after: 120))
    }

    @Test func `Sessions that end leave every row once`() throws {
        let running = try start()
        for round: Int64 in 0..<6 {
            append(round * 50 + 1...round * 50 + 50)
            try database.endSessions()
            let stored = try Stored(database)
            #expect(stored == Stored(after: stored.next), "rows and position move together")
        }
        try awaitStored(300)
        running.end()
        #expect(try Stored(database) == Stored(after: 300))
    }

    @Test func `No position is kept between the parts of an execution`() throws {
        let running = try start()
        append(1...5)
        try awaitStored(5)
        var first = execution(6)
        let trades = first.trades
        first.trades = []
        first.moreParts = true
        append(first)
        try bench.eventually { bench.metric("history_waiting_rows", in: running.context) == 1 }
        running.end()
        #expect(try Stored(database) == Stored(after: 5))
        let again = try start()
        append(Execution(instrument: InstrumentID(1), trades: trades, part: 1))
        var expected = Stored(after: 6)
        expected.next = 7
        try bench.eventually { try Stored(database) == expected }
        again.end()
    }

    @Test func `Another replica takes over when the one that writes ends`() throws {
        let first = try start()
        append(1...10)
        try awaitStored(10)
        let second = try start()
        append(11...20)
        try awaitStored(20)
        first.end()
        append(21...40)
        try awaitStored(40)
        second.end()
    }
}
