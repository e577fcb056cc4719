import MarketDataBroadcasterCore
import MarketDataBroadcasterProjection
import Messaging
import ProjectionBench
import Records
import Testing
import TradingCore

/// The projection's thread over a log in memory, against the database of `DATABASE_URL`, whose schema `market_data` is made
/// anew; skipped without one.
@Suite(.serialized, .enabled(if: DatabaseBench.url != nil, "DATABASE_URL is not set"), .timeLimit(.minutes(3)))
struct ProjectionThreadTests {
    private static let partition = TopicPartition(.marketData, UInt16(0))
    private let bench: FollowerBench
    private let database: DatabaseBench

    init() throws {
        bench = try FollowerBench()
        database = try DatabaseBench(
            schema: MarketDataSchema.name, MarketDataSchema.migrations,
            applicationName: "market-data-broadcaster projection")
    }

    private func start() throws -> RunningProjection<MarketDataProjection> {
        let context = try bench.context(databaseURL: DatabaseBench.url ?? "")
        return RunningProjection(
            context,
            try MarketDataProjectionThread(context, partitions: [Self.partition], makeLog: bench.logMaker))
    }

    private func append(_ ids: ClosedRange<Int64>) {
        for id in ids { append(update(id)) }
    }

    private func append(_ update: MarketUpdate) {
        bench.append(MarketDataRecord.update(update), Writer(.marketDataBroadcaster, 0), to: Self.partition)
    }

    private func update(_ id: Int64) -> MarketUpdate {
        MarketUpdate(
            instrument: InstrumentID(1),
            trades: [
                PublicTrade(tradeId: TradeID(id), price: Price(5), quantity: Quantity(1), quoteAmount: Amount(50))
            ],
            aggregates: [
                AggregateTrade(
                    aggregateId: id, price: Price(5), quantity: Quantity(1), firstTradeId: TradeID(id),
                    lastTradeId: TradeID(id))
            ])
    }

    private struct Stored: Equatable {
        var next: Int64
        var trades: Int64
        var aggregates: Int64

        /// After so many updates, one a frame.
        init(after count: Int64) { (next, trades, aggregates) = (count, count, count) }

        /// What the database has, as one moment has it.
        init(_ database: DatabaseBench) throws {
            let row = try database.connection.query(
                """
                SELECT (SELECT COALESCE(max(next_offset), 0) FROM market_data.positions),
                    (SELECT count(*) FROM market_data.trades), (SELECT count(*) FROM market_data.aggregate_trades)
                """
            ).only()
            (next, trades, aggregates) = (try row.get(0), try row.get(1), try row.get(2))
        }
    }

    private func awaitStored(_ count: Int64) throws {
        try bench.eventually { try Stored(database) == Stored(after: count) }
    }

    @Test func `A store that fails is tried again, and nothing is lost or stored twice`() throws {
        let running = try start()
        append(1...50)
        try awaitStored(50)
        try database.connection.run("ALTER TABLE market_data.aggregate_trades RENAME TO away")
        append(51...100)
        try bench.eventually { try bench.said("public history waits") > 1 }
        #expect(
            try database.number("SELECT max(next_offset) FROM market_data.positions") == 50,
            "a position is kept only with what was stored")
        #expect(try database.number("SELECT count(*) FROM market_data.trades") == 50)
        try database.connection.run("ALTER TABLE market_data.away RENAME TO aggregate_trades")
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

    @Test func `No position is kept between the parts of an update`() throws {
        let running = try start()
        append(1...5)
        try awaitStored(5)
        var (first, last) = (update(6), update(6))
        first.aggregates = []
        first.moreParts = true
        append(first)
        try bench.eventually { bench.metric("projection_waiting_rows", in: running.context) == 1 }
        running.end()
        #expect(try Stored(database) == Stored(after: 5))
        let again = try start()
        last.trades = []
        last.part = 1
        append(last)
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
