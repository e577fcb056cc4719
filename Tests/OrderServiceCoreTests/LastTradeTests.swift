import Messaging
import OrderServiceHistory
import ProjectionBench
import Records
import Testing
import TradingCore

/// The prices that order-service tells its inboxes.
@Suite(.timeLimit(.minutes(1)))
struct LastTradeTests {
    @Test func `Trades are told though the database was never there`() throws {
        let bench = try FollowerBench()
        let context = try bench.context(databaseURL: "postgresql://127.0.0.1:1/nowhere")
        let shard = try #require(Shard(index: 0, count: 1))
        let (lastTrades, instrument) = (LastTrades(), InstrumentID(1))
        let running = RunningProjection(
            context,
            try HistoryThread(
                context, catalogue: TopicCatalogue(prefix: ""), shard: shard, lastTrades: lastTrades,
                makeLog: bench.logMaker))
        // Where it begins is where the log ends at its first look.
        var id: Int64 = 0
        try bench.eventually {
            id += 1
            let trade = Trade(tradeId: TradeID(id), price: Price(100 + id), quantity: Quantity(1))
            bench.append(
                ExecutionsRecord.execution(Execution(instrument: instrument, trades: [trade])),
                Writer(.matchingEngine, 0), to: TopicPartition(.executions, UInt16(0)))
            return lastTrades.last(in: instrument) != nil
        }
        try bench.eventually { lastTrades.last(in: instrument)?.price == Price(100 + id) }
        running.end()
    }
}
