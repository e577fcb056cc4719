import Foundation
import Records
import TestBasics
import Testing
import TradingCore

@testable import MarketDataBroadcasterCore

@Suite struct StatisticsTests {
    @Test func `Intervals begin where the calendar says`() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        calendar.firstWeekday = 2
        calendar.minimumDaysInFirstWeek = 4
        var random = SplitMix64(seed: testSeed(9))
        for _ in 0..<4_000 {
            let second = random.below(4_200_000_000)
            let date = Date(timeIntervalSince1970: TimeInterval(second))
            let month = try #require(calendar.dateInterval(of: .month, for: date))
            #expect(CandleInterval.oneMonth.bounds(of: second).start == Int64(month.start.timeIntervalSince1970))
            #expect(CandleInterval.oneMonth.bounds(of: second).end == Int64(month.end.timeIntervalSince1970))
            let week = try #require(calendar.dateInterval(of: .weekOfYear, for: date))
            #expect(CandleInterval.oneWeek.bounds(of: second).start == Int64(week.start.timeIntervalSince1970))
            for interval in CandleInterval.allCases {
                let (start, end) = interval.bounds(of: second)
                #expect(start <= second && second < end)
                #expect(interval.bounds(of: end).start == end && interval.bounds(of: end - 1).start == start)
            }
        }
    }

    @Test func `Candles and tickers are those of all trades, and no market is reported twice a second`() throws {
        let seed = testSeed(77)
        // Steps of about a second for minutes of data, of about ten minutes for days of it.
        for (offset, step) in [(0, 900), (1, 20_000), (2, 700_000)] {
            try run(seed: seed &+ UInt64(offset), step: Int64(step))
        }
    }

    private func run(seed: UInt64, step: Int64) throws {
        var stream = ExecutionStream(seed: seed, clock: 1_708_300_799_500)
        let bench = BroadcasterBench()
        var latest: [UInt32: Candle] = [:]
        var closed: [Candle] = []
        var tickers: [UInt32: Ticker] = [:]
        var lastReport: Int64 = 0
        _ = try bench.apply(.execution(ExecutionStream.listing()), stream.context())
        for count in 0..<1_500 {
            stream.clock += 1 + stream.random.below(step)
            let before = stream.trades
            let sink: CollectingSink
            if stream.random.chance(30) {
                sink = try bench.tick(at: stream.clock)
            } else {
                sink = try bench.apply(.execution(stream.next()), stream.context())
            }
            for statistics in sink.statistics {
                #expect(statistics.time.rawValue / 1_000 > lastReport / 1_000, "twice a second")
                lastReport = statistics.time.rawValue
                for candle in statistics.candles {
                    latest[candle.interval] = candle
                    if candle.closed { closed.append(candle) }
                }
                for ticker in statistics.tickers {
                    tickers[ticker.windowMinutes] = ticker
                    let minutes = Int64(ticker.windowMinutes)
                    #expect(ticker == NaiveStatistics.ticker(before, minutes: minutes, at: stream.clock))
                }
            }
            if count % 97 == 0 { try bench.restart() }
        }
        _ = try bench.tick(at: stream.clock + 1_000)
        check(closed, stream.trades)
        #expect(latest.count == CandleInterval.allCases.count && tickers.count == RollingWindows.minutes.count)
    }

    private func check(_ closed: [Candle], _ trades: [TimedTrade]) {
        for interval in CandleInterval.allCases {
            let groups = Dictionary(grouping: trades) { interval.bounds(of: $0.time / 1_000).start }
            let candles = closed.filter { $0.interval == interval.rawValue }
            #expect(Set(candles.map(\.openTime)).count == candles.count, "a candle is closed twice")
            #expect(candles.count >= groups.count - 1, "a candle was not closed")
            for candle in candles {
                let start = candle.openTime.rawValue / 1_000
                let expected = NaiveStatistics.candle(
                    (groups[start] ?? []).map(\.trade), interval, start, closed: true)
                #expect(candle == expected)
            }
        }
    }

    @Test func `A candle is closed by log time without another trade`() throws {
        let bench = BroadcasterBench()
        var stream = ExecutionStream(seed: 1, clock: 60_000_100)
        _ = try bench.apply(.execution(ExecutionStream.listing()), stream.context())
        let trade = Trade(tradeId: TradeID(1), price: Price(5), quantity: Quantity(2), quoteAmount: Amount(100))
        let execution = Execution(instrument: ExecutionStream.market, trades: [trade])
        _ = try bench.apply(.execution(execution), stream.context())
        let second = try bench.tick(at: 60_001_000)
        #expect(second.statistics.first?.candles.filter(\.closed).map(\.interval) == [1])
        #expect(second.statistics.first?.candles.count == 16)
        let minute = try bench.tick(at: 60_061_000)
        #expect(minute.statistics.first?.candles.map(\.interval) == [2])
        #expect(minute.statistics.first?.candles.first?.closed == true)
        #expect(try bench.tick(at: 60_062_000).statistics.isEmpty)
    }

    @Test func `A window that trades have left stands flat at the last price`() throws {
        let bench = BroadcasterBench()
        var stream = ExecutionStream(seed: 1, clock: 60_000_000)
        _ = try bench.apply(.execution(ExecutionStream.listing()), stream.context())
        let trade = Trade(tradeId: TradeID(1), price: Price(5), quantity: Quantity(2), quoteAmount: Amount(100))
        _ = try bench.apply(
            .execution(Execution(instrument: ExecutionStream.market, trades: [trade])), stream.context())
        _ = try bench.tick(at: 60_001_000)
        #expect(try bench.tick(at: 60_000_000 + 60 * 60_000 + 59_999).statistics.flatMap(\.tickers).isEmpty)
        let left = try bench.tick(at: 60_000_000 + 61 * 60_000)
        let ticker = try #require(left.statistics.first?.tickers.first)
        #expect(ticker.windowMinutes == 60 && ticker.count == 0 && ticker.volume == .zero)
        #expect(ticker.last == Price(5) && ticker.open == Price(5) && ticker.previousClose == Price(5))
    }
}
