import Records
import Testing
import TradingCore

@testable import MatchingEngineCore

@Suite struct SelfTradeTests {
    /// Account 1 offers 5 at 100, then account 2 offers 5 at 100.
    private func book() throws -> (bench: EngineBench, own: OrderID, other: OrderID) {
        let bench = try EngineBench()
        let own = try bench.submit(bench.order(.sell, 5, at: 100)).id
        let other = try bench.submit(bench.order(.sell, 5, at: 100, account: 2)).id
        return (bench, own, other)
    }

    @Test func `Without prevention an account trades with itself`() throws {
        let (bench, own, _) = try book()
        let taker = try bench.submit(bench.order(.buy, 5, at: 100))
        #expect(taker.execution.trades.map(\.makerOrderId) == [own])
        #expect(taker.execution.preventions.isEmpty)
    }

    @Test func `Expire taker ends the taker's rest and leaves the maker`() throws {
        let (bench, own, _) = try book()
        let taker = try bench.submit(bench.order(.buy, 7, at: 100, prevention: .expireTaker))
        let prevention = try #require(taker.execution.preventions.first)
        #expect(prevention.takerQuantity == Quantity(7) && prevention.makerQuantity == .zero)
        #expect(prevention.takerDone && !prevention.makerDone)
        #expect(taker.execution.trades.isEmpty && taker.execution.levels.isEmpty)
        #expect(taker.all.settlements.first?.settlement.ends.map(\.orderId) == [taker.id])
        #expect(try bench.cancel(own).done.count == 1)
    }

    @Test func `Expire maker ends the maker and goes on`() throws {
        let (bench, own, other) = try book()
        let taker = try bench.submit(bench.order(.buy, 5, at: 100, prevention: .expireMaker))
        #expect(taker.execution.preventions.map(\.makerQuantity) == [Quantity(5)])
        #expect(taker.execution.preventions.first?.makerDone == true)
        #expect(taker.execution.trades.map(\.makerOrderId) == [other])
        #expect(taker.all.settlements.first?.settlement.ends.map(\.orderId) == [own])
    }

    @Test func `Expire both ends both`() throws {
        let (bench, own, other) = try book()
        let taker = try bench.submit(bench.order(.buy, 5, at: 100, prevention: .expireBoth))
        #expect(taker.all.settlements.first?.settlement.ends.map(\.orderId) == [own, taker.id])
        #expect(taker.execution.trades.isEmpty)
        #expect(bench.core.depth(EngineBench.market, .sell) == [BookLevel(price: Price(100), quantity: Quantity(5))])
        #expect(try bench.cancel(other, account: 2).done.count == 1)
    }

    @Test func `Decrement takes the smaller quantity off both, and what rests is less`() throws {
        let (bench, own, other) = try book()
        let taker = try bench.submit(bench.order(.buy, 12, at: 100, prevention: .decrement))
        let settlement = try #require(taker.all.settlements.first?.settlement)
        #expect(taker.execution.preventions.map(\.takerQuantity) == [Quantity(5)])
        #expect(taker.execution.trades.map(\.makerOrderId) == [other])
        #expect(settlement.ends.map(\.orderId) == [own])
        #expect(settlement.reductions.map(\.quantity) == [Quantity(5)])
        #expect(bench.core.depth(EngineBench.market, .buy) == [BookLevel(price: Price(100), quantity: Quantity(2))])
    }

    @Test func `Decrement of a larger maker leaves the rest of it in its place`() throws {
        let (bench, own, _) = try book()
        let taker = try bench.submit(bench.order(.buy, 2, at: 100, prevention: .decrement))
        let settlement = try #require(taker.all.settlements.first?.settlement)
        #expect(settlement.reductions == [OrderReduced(orderId: own, account: AccountID(1), quantity: Quantity(2))])
        #expect(settlement.ends.map(\.orderId) == [taker.id])
        let next = try bench.submit(bench.order(.buy, 4, at: 100, account: 3))
        #expect(next.execution.trades.map(\.makerOrderId).first == own)
        #expect(next.execution.trades.map(\.quantity).first == Quantity(3))
    }

    @Test func `Accounts of one trade group are kept apart, those without a group are not`() throws {
        let bench = try EngineBench()
        try bench.submit(bench.order(.sell, 5, at: 100, account: 1, group: 9))
        let kept = try bench.submit(bench.order(.buy, 5, at: 100, account: 2, prevention: .expireTaker, group: 9))
        #expect(kept.execution.preventions.map(\.tradeGroup) == [9])
        let trades = try bench.submit(bench.order(.buy, 5, at: 100, account: 3, prevention: .expireTaker))
        #expect(trades.execution.trades.count == 1)
    }

    @Test func `A fill or kill order counts only what it may trade with`() throws {
        for mode in [SelfTradePrevention.expireTaker, .expireBoth, .decrement] {
            let (bench, _, _) = try book()
            let killed = try bench.submit(bench.order(.buy, 5, at: 100, .fillOrKill, prevention: mode))
            #expect(killed.execution.done.map(\.reason) == [.fillOrKillUnfilled])
            #expect(killed.execution.preventions.isEmpty)
        }
        let (bench, _, _) = try book()
        let short = try bench.submit(bench.order(.buy, 6, at: 100, .fillOrKill, prevention: .expireMaker))
        #expect(short.execution.done.map(\.reason) == [.fillOrKillUnfilled])
        let filled = try bench.submit(bench.order(.buy, 5, at: 100, .fillOrKill, prevention: .expireMaker))
        #expect(filled.execution.trades.count == 1 && filled.execution.preventions.count == 1)
    }
}
