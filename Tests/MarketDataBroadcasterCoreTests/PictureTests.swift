import Foundation
import Records
import Testing
import TradingCore

@testable import MarketDataBroadcasterCore

@Suite struct PictureTests {
    private static let report = InstrumentReport(
        revision: 1, status: .trading, quotePerTickLot: 1_000_000, basePerLot: 100_000_000, symbol: "AAPLUSD",
        tickSize: 1_000_000, stepSize: 100_000_000, baseDecimals: 8, quoteDecimals: 8)

    @Test func `A book is shown as clients see it, the best level first`() {
        let picture = MarketPicture(
            report: PictureTests.report, lastUpdateID: UpdateID(12),
            bids: [
                BookLevel(price: Price(58_499), quantity: Quantity(3)),
                BookLevel(price: Price(58_500), quantity: Quantity(7)),
            ], asks: [], trades: [])
        let expected = """
            {"lastUpdateId":12,"bids":[["585.00000000","7.00000000"],["584.99000000","3.00000000"]],"asks":[]}
            """
        #expect(String(decoding: picture.bookJSON, as: UTF8.self) == expected)
        #expect(picture.tickerJSON == nil)
        #expect(String(decoding: picture.tradesJSON, as: UTF8.self) == "[]")
    }

    @Test func `A market's picture is JSON with its day and its last trades`() throws {
        let bench = BroadcasterBench()
        var stream = ExecutionStream(seed: 4, clock: 1_700_000_000_000)
        var listing = ExecutionStream.listing()
        listing.report = PictureTests.report
        _ = try bench.apply(.execution(listing), stream.context())
        for _ in 0..<600 {
            stream.clock += 10
            _ = try bench.apply(.execution(stream.next()), stream.context())
        }
        _ = try bench.tick(at: stream.clock + 1_000)
        #expect(bench.core.instruments == [ExecutionStream.market])
        let taken = bench.core.picture(of: ExecutionStream.market, withStatistics: true)
        let picture = try #require(taken)
        #expect(picture.trades.count == MarketPicture.maximumTrades)
        let trades = try object(picture.tradesJSON, as: [[String: Any]].self)
        #expect(trades.last?["id"] as? Int == stream.trades.count)
        #expect(trades.count == MarketPicture.maximumTrades)
        let tickerJSON = try #require(picture.tickerJSON)
        let ticker = try object(tickerJSON, as: [String: Any].self)
        #expect(ticker["count"] as? Int == stream.trades.count)
        #expect(ticker["lastId"] as? Int == stream.trades.count)
        #expect(ticker["symbol"] as? String == "AAPLUSD")
        let unknown = bench.core.picture(of: InstrumentID(99), withStatistics: false)
        #expect(unknown == nil)
    }

    private func object<Value>(_ bytes: [UInt8], as type: Value.Type) throws -> Value {
        let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? Value
        return try #require(object)
    }

    @Test func `Rows are trades, aggregates and closed candles`() throws {
        var batch = MarketDataBatch()
        batch.add(
            MarketUpdate(
                instrument: InstrumentID(3), trades: [PublicTrade(tradeId: TradeID(5))],
                aggregates: [AggregateTrade(aggregateId: 2)]))
        batch.add(MarketStatistics(candles: [Candle(interval: 1, closed: true), Candle(interval: 2)]))
        #expect(batch.trades.map(\.trade.tradeId) == [TradeID(5)])
        #expect(batch.aggregates.map(\.instrument) == [InstrumentID(3)])
        #expect(batch.candles.map(\.interval) == [1])
        #expect(batch.count == 3)
        batch.removeAll()
        #expect(batch.count == 0)
    }
}
