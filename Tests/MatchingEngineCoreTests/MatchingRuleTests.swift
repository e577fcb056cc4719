import Records
import Testing
import TradingCore

@testable import MatchingEngineCore

@Suite struct MatchingRuleTests {
    @Test func `Better prices trade first and equal prices in the order of arrival`() throws {
        let bench = try EngineBench()
        let late = try bench.submit(bench.order(.sell, 5, at: 101))
        let first = try bench.submit(bench.order(.sell, 5, at: 100, account: 2))
        let second = try bench.submit(bench.order(.sell, 5, at: 100, account: 3))
        let taker = try bench.submit(bench.order(.buy, 12, at: 101, account: 4))
        #expect(taker.execution.trades.map(\.makerOrderId) == [first.id, second.id, late.id])
        #expect(taker.execution.trades.map(\.quantity) == [Quantity(5), Quantity(5), Quantity(2)])
        #expect(taker.execution.trades.map(\.price) == [Price(100), Price(100), Price(101)])
        #expect(taker.execution.trades.map(\.tradeId) == [TradeID(1), TradeID(2), TradeID(3)])
        #expect(taker.execution.trades.map(\.makerDone) == [true, true, false])
        #expect(taker.execution.trades.map(\.takerDone) == [false, false, true])
    }

    @Test func `A record names each changed level once with its final quantity and an update id of its own`() throws {
        let bench = try EngineBench()
        try bench.submit(bench.order(.sell, 5, at: 100))
        try bench.submit(bench.order(.sell, 5, at: 100))
        try bench.submit(bench.order(.sell, 5, at: 101))
        let taker = try bench.submit(bench.order(.buy, 20, at: 100, account: 2))
        #expect(taker.execution.firstUpdateId == UpdateID(4))
        #expect(
            taker.execution.levels == [
                LevelChange(side: .sell, price: Price(100), quantity: .zero),
                LevelChange(side: .buy, price: Price(100), quantity: Quantity(10)),
            ])
        let next = try bench.submit(bench.order(.sell, 1, at: 105))
        #expect(next.execution.firstUpdateId == UpdateID(6))
    }

    @Test func `Fees follow the rates stamped on each order, in what the side receives`() throws {
        let bench = try EngineBench()
        try bench.submit(bench.order(.sell, 10_000, at: 5_000_000))
        let taker = try bench.submit(bench.order(.buy, 10_000, at: 5_000_000, account: 2))
        let trade = try #require(taker.execution.trades.first)
        // 50,000.00 × 0.1 at 8 decimals; maker 8 basis points of quote, taker 10 of base.
        #expect(trade.quoteAmount == Amount(500_000_000_000))
        #expect(trade.makerFee == Amount(400_000_000))
        #expect(trade.takerFee == Amount(10_000))
    }

    @Test func `A fill or kill order that cannot be filled whole changes nothing but ends`() throws {
        let bench = try EngineBench()
        try bench.submit(bench.order(.sell, 5, at: 100))
        let order = bench.order(.buy, 6, at: 100, account: 2, .fillOrKill)
        let killed = try bench.submit(order)
        #expect(killed.execution.trades.isEmpty && killed.execution.levels.isEmpty)
        #expect(killed.execution.done.map(\.reason) == [.fillOrKillUnfilled])
        #expect(
            killed.all.settlements.first?.settlement.ends == [OrderEnd(orderId: order.orderId, account: order.account)])
        let filled = try bench.submit(bench.order(.buy, 5, at: 100, account: 2, .fillOrKill))
        #expect(filled.execution.trades.count == 1 && filled.execution.done.isEmpty)
    }

    @Test func `What an immediate or cancel order cannot take expires`() throws {
        let bench = try EngineBench()
        try bench.submit(bench.order(.sell, 5, at: 100))
        let taker = try bench.submit(bench.order(.buy, 8, at: 100, account: 2, .immediateOrCancel))
        #expect(taker.execution.done.first?.reason == .immediateOrCancelRest)
        #expect(taker.execution.done.first?.executed == Quantity(5))
        #expect(bench.core.depth(EngineBench.market, .buy).isEmpty)
    }

    @Test func `A post-only order that would trade is refused and its hold released`() throws {
        let bench = try EngineBench()
        try bench.submit(bench.order(.sell, 5, at: 100))
        let order = bench.order(.buy, 5, at: 100, account: 2, type: .limitMaker)
        let refused = try bench.submit(order)
        #expect(refused.execution.refusal?.reason == .wouldMatchImmediately)
        #expect(refused.execution.accepted == nil)
        #expect(
            refused.all.settlements.first?.settlement.ends
                == [OrderEnd(orderId: order.orderId, account: order.account, refused: true)])
        let resting = try bench.submit(bench.order(.buy, 5, at: 99, account: 2, type: .limitMaker))
        #expect(resting.execution.accepted != nil)
    }

    @Test func `A market order stops at its protection price and the rest expires`() throws {
        let bench = try EngineBench()
        try bench.submit(bench.order(.sell, 5, at: 100))
        try bench.submit(bench.order(.sell, 5, at: 121))
        let taker = try bench.submit(bench.order(.buy, 8, at: 120, account: 2, type: .market))
        #expect(taker.execution.trades.map(\.quantity) == [Quantity(5)])
        #expect(taker.execution.done.first?.reason == .insufficientLiquidity)
    }

    @Test func `A purchase by quote amount never spends more and is filled when no lot is left to buy`() throws {
        let bench = try EngineBench()
        try bench.submit(bench.order(.sell, 5, at: 100))
        try bench.submit(bench.order(.sell, 50, at: 110))
        // A lot costs 1,000 at 100 and 1,100 at 110: 5 lots, then 3, and 700 stay unspent.
        let taker = try bench.submit(
            bench.order(.buy, 0, at: 120, account: 2, type: .market, quote: 9_000))
        #expect(taker.execution.trades.map(\.quantity) == [Quantity(5), Quantity(3)])
        #expect(taker.execution.trades.reduce(0) { $0 + $1.quoteAmount.rawValue } == 8_300)
        #expect(taker.execution.trades.map(\.takerDone) == [false, true])
        #expect(taker.execution.done.isEmpty)
        #expect(taker.all.settlements.first?.settlement.fills.last?.done == true)
    }

    @Test func `A sale by quote amount receives at most that amount`() throws {
        let bench = try EngineBench()
        try bench.submit(bench.order(.buy, 3, at: 100))
        try bench.submit(bench.order(.buy, 50, at: 90))
        let taker = try bench.submit(
            bench.order(.sell, 62, at: 80, account: 2, type: .market, quote: 5_000))
        // 3 lots at 1,000, then 2 at 900.
        #expect(taker.execution.trades.map(\.quantity) == [Quantity(3), Quantity(2)])
        #expect(taker.execution.trades.last?.takerDone == true)
    }

    @Test func `A market order by quote amount too small for one lot expires unfilled`() throws {
        let bench = try EngineBench()
        try bench.submit(bench.order(.sell, 5, at: 100))
        let taker = try bench.submit(bench.order(.buy, 0, at: 120, account: 2, type: .market, quote: 999))
        #expect(taker.execution.trades.isEmpty)
        #expect(taker.execution.done.first?.reason == .insufficientLiquidity)
    }

    @Test func `An order of a market that was never listed is refused`() throws {
        let bench = try EngineBench()
        var order = bench.order(.buy, 1, at: 1)
        order.instrument = InstrumentID(5)
        #expect(try bench.submit(order).execution.refusal?.reason == .unknownInstrument)
    }

    @Test func `A late order is refused and a deadline at the clock is not late`() throws {
        let bench = try EngineBench()
        let late = try bench.submit(bench.order(.buy, 1, at: 1, deadline: 999))
        #expect(late.execution.refusal?.reason == .deadlinePassed)
        #expect(late.all.settlements.first?.settlement.ends.first?.refused == true)
        #expect(try bench.submit(bench.order(.buy, 1, at: 1, deadline: 1_000)).execution.accepted != nil)
    }

    @Test func `An order that is already open breaks an invariant`() throws {
        let bench = try EngineBench()
        let order = bench.order(.buy, 1, at: 1)
        try bench.submit(order)
        #expect(throws: InvariantViolation.self) { try bench.submit(order) }
    }
}
