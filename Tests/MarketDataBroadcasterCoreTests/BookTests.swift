import Records
import TestBasics
import Testing
import TradingCore

@testable import MarketDataBroadcasterCore

@Suite struct BookTests {
    /// A book as a reader of `market-data` keeps it.
    private struct Reader {
        var bids: [Int64: Int64] = [:]
        var asks: [Int64: Int64] = [:]
        var lastUpdate: Int64 = 0

        mutating func apply(_ update: MarketUpdate) {
            guard !update.levels.isEmpty else { return }
            #expect(update.firstUpdateId.rawValue == lastUpdate + 1, "a hole in the update ids")
            #expect(update.lastUpdateId.rawValue == lastUpdate + Int64(update.levels.count))
            lastUpdate = update.lastUpdateId.rawValue
            for level in update.levels {
                let value = level.quantity == .zero ? nil : level.quantity.rawValue
                if level.side == .buy { bids[level.price.rawValue] = value } else { asks[level.price.rawValue] = value }
            }
        }
    }

    @Test func `Updates without holes keep a reader's book, its top, trades and aggregates`() throws {
        var stream = ExecutionStream(seed: testSeed(3), clock: 1_700_000_000_000)
        let bench = BroadcasterBench()
        var reader = Reader()
        var top = TopOfBook()
        var trades: [PublicTrade] = []
        var lastAggregate: Int64 = 0
        _ = try bench.apply(.execution(ExecutionStream.listing()), stream.context())
        for step in 0..<3_000 {
            stream.clock += stream.random.below(200)
            let execution = stream.next()
            let sink = try bench.apply(.execution(execution), stream.context())
            for update in sink.updates {
                reader.apply(update)
                if let changed = update.top {
                    #expect(changed != top, "the top is said again without a change")
                    top = changed
                }
                trades += update.trades
                for aggregate in update.aggregates {
                    lastAggregate += 1
                    #expect(aggregate.aggregateId == lastAggregate)
                    let parts = update.trades.filter {
                        $0.tradeId >= aggregate.firstTradeId && $0.tradeId <= aggregate.lastTradeId
                    }
                    #expect(parts.allSatisfy { $0.price == aggregate.price })
                    #expect(parts.reduce(Quantity.zero) { $0 + $1.quantity } == aggregate.quantity)
                    #expect(parts.reduce(Amount.zero) { $0 + $1.quoteAmount } == aggregate.quoteAmount)
                }
                for (one, next) in zip(update.aggregates, update.aggregates.dropFirst()) {
                    #expect(one.price != next.price && one.lastTradeId.rawValue + 1 == next.firstTradeId.rawValue)
                }
            }
            #expect(top.bidPrice == stream.levels(.buy).first?.price ?? .zero)
            #expect(top.askQuantity == stream.levels(.sell).first?.quantity ?? .zero)
            if step % 211 == 0 {
                #expect(reader.bids == stream.bids && reader.asks == stream.asks)
                try bench.restart()
            }
        }
        #expect(trades.map(\.tradeId) == stream.trades.map(\.trade.tradeId))
        #expect(trades.map(\.time.rawValue) == stream.trades.map(\.time))
        #expect(trades.map(\.buyerIsMaker) == stream.trades.map { $0.trade.takerSide == .sell })
        #expect(lastAggregate > 0)
    }

    @Test func `What changes nothing public says nothing`() throws {
        let bench = BroadcasterBench()
        var stream = ExecutionStream(seed: 1, clock: 1_000)
        _ = try bench.apply(.execution(ExecutionStream.listing()), stream.context())
        let refused = Execution(
            instrument: ExecutionStream.market, refusal: Refusal(reason: .wouldMatchImmediately))
        #expect(try bench.apply(.execution(refused), stream.context()) == CollectingSink())
        let unknown = Execution(instrument: InstrumentID(99), refusal: Refusal(reason: .unknownInstrument))
        #expect(try bench.apply(.execution(unknown), stream.context()) == CollectingSink())
    }

    @Test func `A listing is followed by a snapshot and a halt is passed on`() throws {
        let bench = BroadcasterBench()
        var stream = ExecutionStream(seed: 1, clock: 1_000)
        let listed = try bench.apply(.execution(ExecutionStream.listing()), stream.context())
        #expect(listed.updates.first?.report?.symbol == "BTCUSDT")
        #expect(listed.snapshots.map(\.instrument) == [ExecutionStream.market])
        let halted = try bench.apply(.execution(ExecutionStream.listing(.halt, revision: 2)), stream.context())
        #expect(halted.updates.first?.report?.status == .halt)
        #expect(halted.snapshots.isEmpty)
    }

    @Test func `A hole in update ids or trade ids, or an unlisted market, breaks an invariant`() throws {
        var stream = ExecutionStream(seed: 5, clock: 1_000)
        let bench = BroadcasterBench()
        var execution = stream.next()
        #expect(throws: InvariantViolation.self) {
            try bench.apply(.execution(execution), stream.context())
        }
        _ = try bench.apply(.execution(ExecutionStream.listing()), stream.context())
        execution.trades = []
        execution.firstUpdateId = UpdateID(2)
        #expect(throws: InvariantViolation.self) {
            try bench.apply(.execution(execution), stream.context())
        }
        let trade = Execution(instrument: ExecutionStream.market, trades: [Trade(tradeId: TradeID(2))])
        #expect(throws: InvariantViolation.self) { try bench.apply(.execution(trade), stream.context()) }
    }

    @Test func `Parts of one input give numbered updates, and an aggregate goes on from part to part`() throws {
        let bench = BroadcasterBench()
        var stream = ExecutionStream(seed: 5, clock: 1_000)
        _ = try bench.apply(.execution(ExecutionStream.listing()), stream.context())
        func trade(_ id: Int64) -> Trade { Trade(tradeId: TradeID(id), price: Price(5), quantity: Quantity(1)) }
        let parts = [
            Execution(instrument: ExecutionStream.market, trades: [trade(1), trade(2)], moreParts: true),
            Execution(instrument: ExecutionStream.market, done: [OrderDone()], part: 1, moreParts: true),
            Execution(instrument: ExecutionStream.market, trades: [trade(3)], part: 2),
        ]
        var sink = CollectingSink()
        for part in parts {
            sink.updates += try bench.apply(.execution(part), stream.context()).updates
            try bench.restart()
        }
        #expect(sink.updates.map(\.part) == [0, 1, 2])
        #expect(sink.updates.map(\.moreParts) == [true, true, false])
        #expect(sink.updates.map(\.aggregates.count) == [0, 0, 1])
        #expect(sink.updates.last?.aggregates.first?.quantity == Quantity(3))
        #expect(sink.updates.last?.aggregates.first?.firstTradeId == TradeID(1))
    }
}
