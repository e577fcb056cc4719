import MarketDataBroadcasterCore
import MarketDataBroadcasterProjection
import Messaging
import Network
import Records
import Testing
import TradingCore

/// The projection's thread over a log in memory, against the database of `DATABASE_URL`, whose schema `market_data` is made
/// anew; skipped without one.
@Suite(.serialized, .enabled(if: ProjectionBench.url != nil, "DATABASE_URL is not set"), .timeLimit(.minutes(3)))
struct ProjectionThreadTests {
    private static let partition = TopicPartition(.marketData, UInt16(0))
    private let bench: ProjectionBench

    init() throws {
        bench = try ProjectionBench(
            schema: MarketDataSchema.name, MarketDataSchema.migrations,
            applicationName: "market-data-broadcaster projection")
    }

    /// A thread that follows.
    private final class Running {
        private let projection: ProjectionThread<InMemoryLog>
        private let thread: WorkerThread

        init(_ bench: ProjectionBench) throws {
            let projection = try ProjectionThread(
                try bench.context(), partitions: [ProjectionThreadTests.partition]
            ) { [cluster = bench.cluster] in try InMemoryLog(cluster, signals: true) }
            self.projection = projection
            thread = WorkerThread(name: "projection") { projection.run() }
        }

        func stop() { projection.stop() }

        func join() { thread.join() }

        deinit {
            projection.stop()
            thread.join()
        }
    }

    private func append(_ ids: ClosedRange<Int64>) throws {
        for id in ids { try append(update(id)) }
    }

    private func append(_ update: MarketUpdate) throws {
        try bench.append(MarketDataRecord.update(update), Writer(.marketDataBroadcaster, 0), to: Self.partition)
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
        init(_ bench: ProjectionBench) throws {
            let row = try bench.connection.query(
                """
                SELECT (SELECT COALESCE(max(next_offset), 0) FROM market_data.positions),
                    (SELECT count(*) FROM market_data.trades), (SELECT count(*) FROM market_data.aggregate_trades)
                """
            ).only()
            (next, trades, aggregates) = (try row.get(0), try row.get(1), try row.get(2))
        }
    }

    private func awaitStored(_ count: Int64) throws {
        try bench.eventually { try Stored(bench) == Stored(after: count) }
    }

    @Test func `A store that fails is tried again, and nothing is lost or stored twice`() throws {
        let running = try Running(bench)
        try append(1...50)
        try awaitStored(50)
        try bench.connection.run("ALTER TABLE market_data.aggregate_trades RENAME TO away")
        try append(51...100)
        try bench.eventually { try bench.said("public history waits") > 1 }
        #expect(
            try bench.number("SELECT max(next_offset) FROM market_data.positions") == 50,
            "a position is kept only with what was stored")
        #expect(try bench.number("SELECT count(*) FROM market_data.trades") == 50)
        try bench.connection.run("ALTER TABLE market_data.away RENAME TO aggregate_trades")
        try append(101...120)
        try awaitStored(120)
        running.stop()
        running.join()
        #expect(try Stored(bench) == Stored(after: 120))
    }

    @Test func `Sessions that end leave every row once`() throws {
        let running = try Running(bench)
        for round: Int64 in 0..<6 {
            try append(round * 50 + 1...round * 50 + 50)
            try bench.endSessions()
            let stored = try Stored(bench)
            #expect(stored == Stored(after: stored.next), "rows and position move together")
        }
        try awaitStored(300)
        running.stop()
        running.join()
        #expect(try Stored(bench) == Stored(after: 300))
    }

    @Test func `Stopping stores what was gathered`() throws {
        let running = try Running(bench)
        try append(1...1)
        try awaitStored(1)
        try bench.connection.run("BEGIN; LOCK TABLE market_data.positions IN EXCLUSIVE MODE")
        try append(2...20)
        try bench.eventually { try bench.isBlocked() }
        // It is in the middle of a transaction; all of this comes behind that.
        try append(21...50)
        running.stop()
        try bench.connection.run("COMMIT")
        running.join()
        #expect(try Stored(bench) == Stored(after: 50))
        let again = try Running(bench)
        try append(51...60)
        try awaitStored(60)
        again.stop()
        again.join()
    }

    @Test func `No position is kept between the parts of an update`() throws {
        let running = try Running(bench)
        try append(1...5)
        try awaitStored(5)
        var (first, last) = (update(6), update(6))
        first.aggregates = []
        first.moreParts = true
        try append(first)
        running.stop()
        running.join()
        #expect(try Stored(bench) == Stored(after: 5))
        let again = try Running(bench)
        last.trades = []
        last.part = 1
        try append(last)
        var expected = Stored(after: 6)
        expected.next = 7
        try bench.eventually { try Stored(bench) == expected }
        again.stop()
        again.join()
    }

    @Test func `Another replica takes over when the one that writes ends`() throws {
        let first = try Running(bench)
        try append(1...10)
        try awaitStored(10)
        let second = try Running(bench)
        try append(11...20)
        try awaitStored(20)
        first.stop()
        first.join()
        try append(21...40)
        try awaitStored(40)
        second.stop()
        second.join()
    }
}
