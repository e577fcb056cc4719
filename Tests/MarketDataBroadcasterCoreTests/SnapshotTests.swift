import Records
import TestBasics
import Testing
import TradingCore

@testable import MarketDataBroadcasterCore

@Suite struct SnapshotTests {
    @Test func `A minute with news ends in a snapshot of every market, one without in none`() throws {
        let bench = BroadcasterBench()
        var stream = ExecutionStream(seed: testSeed(21), clock: 1_700_000_000_000)
        _ = try bench.apply(.execution(ExecutionStream.listing()), stream.context())
        var other = ExecutionStream.listing()
        other.instrument = InstrumentID(8)
        _ = try bench.apply(.execution(other), stream.context())
        for _ in 0..<400 { _ = try bench.apply(.execution(stream.next()), stream.context()) }
        let round = try bench.tick(at: 1_700_000_060_000)
        #expect(round.snapshots.map(\.instrument) == [ExecutionStream.market, InstrumentID(8)])
        let snapshot = try #require(round.snapshots.first)
        #expect(snapshot.bids == stream.levels(.buy) && snapshot.asks == stream.levels(.sell))
        #expect(snapshot.lastUpdateId.rawValue == stream.lastUpdate)
        #expect(snapshot.recentTrades.map(\.tradeId) == stream.trades.map(\.trade.tradeId).suffix(1_000))
        #expect(snapshot.candles.count == 16 && snapshot.tickers.count == 3)
        #expect(snapshot.report?.symbol == "BTCUSDT")
        // The round's own minute closed the minute's candle; after that there is nothing new.
        #expect(try bench.tick(at: 1_700_000_130_000).snapshots.count == 2)
        #expect(try bench.tick(at: 1_700_000_190_000).snapshots.isEmpty)
    }

    @Test func `A large snapshot comes in parts below a frame's size`() throws {
        let bench = BroadcasterBench()
        var stream = ExecutionStream(seed: 2, clock: 1_700_000_000_000)
        _ = try bench.apply(.execution(ExecutionStream.listing()), stream.context())
        let count: Int64 = 9_000
        let levels = (1...count).map { LevelChange(side: .buy, price: Price($0), quantity: Quantity($0)) }
        let execution = Execution(instrument: ExecutionStream.market, levels: levels, firstUpdateId: UpdateID(1))
        _ = try bench.apply(.execution(execution), stream.context())
        let parts = try bench.tick(at: 1_700_000_060_000).snapshots
        #expect(parts.map(\.part) == [0, 1, 2])
        #expect(parts.map(\.moreParts) == [true, true, false])
        #expect(parts.flatMap(\.bids).map(\.price.rawValue) == (1...count).reversed())
        #expect(parts.allSatisfy { $0.encodedSize < 262_144 })
    }

    @Test func `No snapshot stands between the parts of one input`() throws {
        let bench = BroadcasterBench()
        var stream = ExecutionStream(seed: 2, clock: 1_700_000_000_000)
        _ = try bench.apply(.execution(ExecutionStream.listing()), stream.context())
        func part(_ number: UInt32, more: Bool) -> Execution {
            Execution(
                instrument: ExecutionStream.market,
                levels: [LevelChange(side: .buy, price: Price(Int64(number) + 1), quantity: Quantity(1))],
                firstUpdateId: UpdateID(Int64(number) + 1), part: number, moreParts: more)
        }
        _ = try bench.apply(.execution(part(0, more: true)), stream.context())
        try bench.restart()
        stream.clock += 60_000
        #expect(try bench.apply(.execution(part(1, more: false)), stream.context()).snapshots.isEmpty)
        #expect(try bench.tick(at: stream.clock + 1_000).snapshots.count == 1)
    }

    @Test func `A saved state between the parts of an input goes on as the original, with the best prices of before`()
        throws
    {
        let (original, restored) = (BroadcasterBench(), BroadcasterBench())
        var stream = ExecutionStream(seed: 3, clock: 1_700_000_000_000)
        let listing = stream.context()
        func part(_ number: Int64, _ price: Int64, of parts: ClosedRange<Int64>) -> Execution {
            Execution(
                instrument: ExecutionStream.market,
                levels: [LevelChange(side: .buy, price: Price(price), quantity: Quantity(1))],
                firstUpdateId: UpdateID(number), part: UInt32(number - parts.lowerBound),
                moreParts: number < parts.upperBound)
        }
        let parts = [part(1, 10, of: 1...1), part(2, 11, of: 2...3), part(3, 5, of: 2...3)]
        var tops: [TopOfBook?] = []
        for bench in [original, restored] { _ = try bench.apply(.execution(ExecutionStream.listing()), listing) }
        for part in parts {
            let context = stream.context()
            let expected = try original.apply(.execution(part), context)
            #expect(try restored.apply(.execution(part), context) == expected)
            tops.append(expected.updates[0].top)
            try restored.restart()
            #expect(restored.encodedState == original.encodedState)
        }
        #expect(tops.map(\.?.bidPrice) == [Price(10), nil, Price(11)])
    }

    @Test func `A projection's batch knows that it stands between parts, emptied or not`() {
        var batch = MarketDataBatch()
        #expect(!batch.isWithinParts)
        batch.add(MarketUpdate(moreParts: true))
        batch.add(MarketStatistics())
        batch.removeAll()
        #expect(batch.isWithinParts)
        batch.add(MarketUpdate(part: 1))
        #expect(!batch.isWithinParts)
        batch.add(MarketSnapshot(moreParts: true))
        #expect(batch.isWithinParts)
        batch.add(MarketSnapshot(part: 1))
        #expect(!batch.isWithinParts)
    }

    @Test func `Replicas go on alike from a saved state and write equal bytes`() throws {
        var stream = ExecutionStream(seed: testSeed(31), clock: 1_700_000_000_000)
        let first = BroadcasterBench()
        let second = BroadcasterBench()
        let listing = stream.context()
        _ = try first.apply(.execution(ExecutionStream.listing()), listing)
        _ = try second.apply(.execution(ExecutionStream.listing()), listing)
        for step in 0..<2_000 {
            stream.clock += stream.random.below(30_000)
            let execution = stream.next()
            let context = stream.context()
            let one = try first.apply(.execution(execution), context)
            let two = try second.apply(.execution(execution), context)
            #expect(one == two)
            if step % 37 == 0 { try second.restart() }
            if step % 101 == 0 { #expect(first.encodedState == second.encodedState) }
        }
        #expect(first.encodedState == second.encodedState)
    }
}
