import Records
import Testing
import TradingCore

@testable import MatchingEngineCore

@Suite struct BookRuleTests {
    @Test func `A cancel ends the order with its own client id`() throws {
        let bench = try EngineBench()
        let id = try bench.submit(bench.order(.buy, 5, at: 100)).id
        let execution = try bench.cancel(id)
        #expect(execution.done.map(\.reason) == [.canceled])
        #expect(execution.done.first?.cancelClientOrderId == "cancel")
        #expect(execution.levels == [LevelChange(side: .buy, price: Price(100), quantity: .zero)])
        #expect(try bench.cancel(id).refusal?.reason == .unknownOrder)
    }

    @Test func `Levels add up what is left, best first`() throws {
        let bench = try EngineBench()
        for (side, lots, price) in [
            (Side.buy, 5, 99), (.buy, 2, 100), (.buy, 3, 100), (.sell, 7, 102), (.sell, 4, 101),
        ] {
            try bench.submit(bench.order(side, Int64(lots), at: Int64(price)))
        }
        try bench.submit(bench.order(.sell, 4, at: 100, account: 2))
        let book = try #require(bench.core.bookLevels().first)
        #expect(book.definition.instrument == EngineBench.market)
        #expect(
            book.bids == [
                .init(price: Price(100), quantity: Quantity(1), orderCount: 1),
                .init(price: Price(99), quantity: Quantity(5), orderCount: 1),
            ])
        #expect(book.asks.map(\.price) == [Price(101), Price(102)])
        #expect((book.lastUpdateID, book.lastTradeID) == (6, 2))
    }

    @Test func `A cancel of another account's order is refused`() throws {
        let bench = try EngineBench()
        let id = try bench.submit(bench.order(.buy, 5, at: 100)).id
        #expect(try bench.cancel(id, account: 2).refusal?.reason == .unknownOrder)
    }

    @Test func `A restricted cancel looks at what was traded`() throws {
        let bench = try EngineBench()
        let id = try bench.submit(bench.order(.buy, 5, at: 100)).id
        #expect(try bench.cancel(id, restriction: .onlyPartiallyFilled).refusal?.reason == .cancelRestricted)
        try bench.submit(bench.order(.sell, 2, at: 100, account: 2))
        #expect(try bench.cancel(id, restriction: .onlyNew).refusal?.reason == .cancelRestricted)
        #expect(try bench.cancel(id, restriction: .onlyPartiallyFilled).done.first?.executed == Quantity(2))
    }

    private func amend(_ bench: EngineBench, _ id: OrderID, to lots: Int64) throws -> CollectingSink {
        try bench.apply(
            .amendOrder(
                AmendOrder(
                    account: AccountID(1), instrument: EngineBench.market, orderId: id, origClientOrderId: "c",
                    clientOrderId: "d", newLots: Quantity(lots))))
    }

    @Test func `An amended order keeps its place and its hold shrinks`() throws {
        let bench = try EngineBench()
        let id = try bench.submit(bench.order(.sell, 10, at: 100)).id
        try bench.submit(bench.order(.sell, 10, at: 100, account: 2))
        let sink = try amend(bench, id, to: 4)
        #expect(sink.executions.first?.amended?.newQuantity == Quantity(4))
        #expect(sink.executions.first?.levels.first?.quantity == Quantity(14))
        #expect(
            sink.settlements.first?.settlement.reductions
                == [OrderReduced(orderId: id, account: AccountID(1), quantity: Quantity(6), clientOrderId: "d")])
        let taker = try bench.submit(bench.order(.buy, 5, at: 100, account: 3))
        #expect(taker.execution.trades.map(\.quantity) == [Quantity(4), Quantity(1)])
        #expect(taker.execution.trades.first?.makerOrderId == id)
    }

    @Test func `An amendment must leave less than was ordered and more than was done`() throws {
        let bench = try EngineBench()
        let id = try bench.submit(bench.order(.sell, 10, at: 100)).id
        try bench.submit(bench.order(.buy, 3, at: 100, account: 2))
        func reason(_ lots: Int64) throws -> RefusalReason? {
            try amend(bench, id, to: lots).executions.first?.refusal?.reason
        }
        #expect(try reason(11) == .amendIncreasesQuantity)
        #expect(try reason(10) == .amendChangesNothing)
        #expect(try reason(3) == .invalidQuantity)
        #expect(try reason(0) == .invalidQuantity)
        #expect(try reason(4) == nil)
    }

    @Test func `Cancelling all takes one account's orders of one market, oldest first, in one record`() throws {
        let bench = try EngineBench()
        let ids = try (0..<4).map { try bench.submit(bench.order(.buy, 5, at: 100 - Int64($0 % 2))).id }
        let other = try bench.submit(bench.order(.buy, 5, at: 100, account: 2)).id
        let all = CancelAll(account: AccountID(1), instrument: EngineBench.market, reason: .exchangeCanceled)
        let sink = try bench.apply(.cancelAll(all))
        let execution = try #require(sink.executions.first)
        #expect(execution.done.map(\.orderId) == ids)
        #expect(execution.done.allSatisfy { $0.reason == .exchangeCanceled })
        #expect(
            execution.levels == [
                LevelChange(side: .buy, price: Price(100), quantity: Quantity(5)),
                LevelChange(side: .buy, price: Price(99), quantity: .zero),
            ])
        #expect(try bench.apply(.cancelAll(all)).executions.first?.refusal?.reason == .unknownOrder)
        #expect(try bench.cancel(other, account: 2).done.count == 1)
    }

    private func set(_ bench: EngineBench, _ status: TradingStatus, revision: UInt64) throws -> CollectingSink {
        try bench.apply(.instrument(EngineBench.definition(revision: revision, status: status)))
    }

    @Test func `A halt keeps the book, refuses orders and lets cancels through`() throws {
        let bench = try EngineBench()
        let id = try bench.submit(bench.order(.buy, 5, at: 100)).id
        let report = try #require(try set(bench, .halt, revision: 2).executions.first?.report)
        #expect(report.status == .halt && report.revision == 2)
        #expect(try bench.submit(bench.order(.buy, 5, at: 100)).execution.refusal?.reason == .marketClosed)
        #expect(try bench.cancel(id).done.count == 1)
        _ = try set(bench, .trading, revision: 3)
        #expect(try bench.submit(bench.order(.buy, 5, at: 100)).execution.accepted != nil)
    }

    @Test func `A lower or equal revision changes nothing and the one in force is reported`() throws {
        let bench = try EngineBench()
        _ = try set(bench, .halt, revision: 5)
        for revision: UInt64 in [4, 5] {
            let report = try #require(try set(bench, .trading, revision: revision).executions.first?.report)
            #expect(report.revision == 5 && report.status == .halt)
        }
    }

    @Test func `Delisting expires every order`() throws {
        let bench = try EngineBench()
        let bids = try [100, 101, 100].map { try bench.submit(bench.order(.buy, 5, at: $0)).id }
        let ask = try bench.submit(bench.order(.sell, 5, at: 110)).id
        let sink = try set(bench, .delisted, revision: 2)
        let execution = try #require(sink.executions.first)
        #expect(execution.done.map(\.orderId) == [bids[1], bids[0], bids[2], ask])
        #expect(execution.done.allSatisfy { $0.reason == .exchangeExpired })
        #expect(sink.settlements.first?.settlement.ends.count == 4)
        #expect(bench.core.depth(EngineBench.market, .buy).isEmpty)
    }

    @Test func `A revision that would count in other ticks is not taken`() throws {
        let bench = try EngineBench()
        var definition = EngineBench.definition(revision: 2)
        definition.tickSize *= 10
        #expect(try bench.apply(.instrument(definition)).executions.first?.report?.revision == 1)
    }

    @Test func `Every record says how far each ledger partition was read and written`() throws {
        let bench = try EngineBench()
        let first = try bench.submit(bench.order(.sell, 5, at: 100))
        #expect(first.execution.ledgerApplied == [1] && first.execution.ledgerWritten == [0])
        let second = try bench.submit(bench.order(.buy, 2, at: 100, account: 2), ledger: 2)
        #expect(second.execution.ledgerApplied == [1, 0, 1])
        #expect(second.execution.ledgerWritten == [1, 0, 1])
        #expect(second.all.settlements.map(\.partition) == [0, 2])
        let tick = try #require(try bench.apply(.tick(Tick())).ticks.first)
        #expect(tick.ledgerApplied == [1, 0, 1] && tick.ledgerWritten == [1, 0, 1])
    }

    @Test func `Effects beyond one record are cut into numbered parts and settlements`() throws {
        let bench = try EngineBench()
        let count = MatchingCore.maximumEventsInRecord + 500
        let ids = try (0..<count).map { try bench.submit(bench.order(.buy, 1, at: 100 + Int64($0 % 40))).id }
        let sink = try bench.apply(.cancelAll(CancelAll(account: AccountID(1), instrument: EngineBench.market)))
        #expect(sink.executions.map(\.part) == [0, 1])
        #expect(sink.executions.map(\.moreParts) == [true, false])
        #expect(sink.executions.flatMap(\.done).map(\.orderId) == ids)
        #expect(sink.executions.allSatisfy { $0.encodedSize < 262_144 && $0.ledgerWritten == [2] })
        #expect(sink.executions.flatMap(\.levels).count == 40)
        #expect(sink.executions.last?.firstUpdateId == UpdateID(Int64(count) + 1))
        #expect(sink.settlements.flatMap(\.settlement.ends).map(\.orderId) == ids)
        #expect(sink.settlements.count == 2)
    }

    @Test func `An unknown logic version stops the engine`() throws {
        let bench = try EngineBench()
        let kind = UInt32(WriterKind.matchingEngine.rawValue)
        #expect(throws: InvariantViolation.self) {
            try bench.apply(.raiseLogicVersion(RaiseLogicVersion(service: kind, version: 2)))
        }
        #expect(try bench.apply(.raiseLogicVersion(RaiseLogicVersion(service: 2, version: 9))).executions.count == 1)
    }
}
