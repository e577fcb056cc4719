import Records
import Testing
import TradingCore

@testable import LedgerServiceCore

@Suite struct RefusalTests {
    let bench = LedgerBench()

    init() throws {
        try bench.fund(1, LedgerBench.usdt, 1_000_000)
        try bench.fund(1, LedgerBench.btc, 1_000_000)
    }

    private func refusal(_ order: SubmitOrder) throws -> Refusal {
        let outcome = try bench.send(.submitOrder(order))
        #expect(outcome.matching.isEmpty)
        #expect(outcome.entries.isEmpty)
        #expect(outcome.events.first?.balances.isEmpty == true)
        return try #require(outcome.refusal)
    }

    @Test func `An order whose time window has ended is refused`() throws {
        var order = bench.order(.buy, price: 1, lots: 1)
        order.deadline = Timestamp(bench.clock - 1)
        #expect(try refusal(order).reason == .deadlinePassed)
    }

    @Test func `An order that costs more than what is available is refused with both amounts`() throws {
        let refusal = try refusal(bench.order(.buy, price: 500, lots: 201))
        #expect(refusal.reason == .insufficientBalance)
        #expect(refusal.limit == 1_000_000)
        #expect(refusal.actual == 1_005_000)
        #expect(try self.refusal(bench.order(.sell, price: 1, lots: 1, account: 9)).reason == .insufficientBalance)
    }

    @Test func `An amount that is zero or does not fit is refused`() throws {
        #expect(try refusal(bench.order(.buy, price: 0, lots: 5)).reason == .amountOutOfRange)
        #expect(try refusal(bench.order(.sell, price: 5, lots: 0)).reason == .amountOutOfRange)
        #expect(try refusal(bench.order(.sell, price: 5, lots: -1)).reason == .amountOutOfRange)
        #expect(try refusal(bench.order(.buy, price: 0, lots: 0, quote: -5)).reason == .amountOutOfRange)
        #expect(try refusal(bench.order(.buy, price: 1 << 40, lots: 1 << 40)).reason == .amountOutOfRange)
        #expect(try refusal(bench.order(.sell, price: 1, lots: 1 << 60)).reason == .amountOutOfRange)
        #expect(try refusal(bench.order(.sell, price: 1 << 60, lots: 8)).reason == .amountOutOfRange)
    }

    @Test func `One order more than MAX_NUM_ORDERS is refused, and one fewer makes room`() throws {
        var first: SubmitOrder?
        for _ in 0..<3 {
            var order = bench.order(.buy, price: 1, lots: 1)
            order.maximumOrders = 3
            try bench.place(order)
            first = first ?? order
        }
        var order = bench.order(.buy, price: 1, lots: 1)
        order.maximumOrders = 3
        let refusal = try refusal(order)
        #expect(refusal.reason == .filter)
        #expect(refusal.filter == .maxNumOrders)
        #expect(refusal.limit == 3)
        #expect(refusal.actual == 4)
        let ended = try #require(first)
        try bench.settle(ends: [OrderEnd(orderId: ended.orderId, account: ended.account)])
        try bench.place(order)
    }

    @Test func `Open value in a quote asset is limited over both sides`() throws {
        var buy = bench.order(.buy, price: 100, lots: 50)
        buy.maximumOpenNotional = Amount(100_000)
        try bench.place(buy)
        var sell = bench.order(.sell, price: 100, lots: 50)
        sell.maximumOpenNotional = Amount(100_000)
        try bench.place(sell)
        var more = bench.order(.sell, price: 1, lots: 1)
        more.maximumOpenNotional = Amount(100_000)
        let refusal = try refusal(more)
        #expect(refusal.filter == .maxOpenNotional)
        #expect(refusal.limit == 100_000)
        #expect(refusal.actual == 100_010)
        try bench.settle(fills: [bench.fill(sell, price: 150, lots: 1)])
        try bench.place(more)
    }

    @Test func `A client id is taken while its order is open and ten minutes beyond`() throws {
        let first = try bench.place(bench.order(.buy, price: 1, lots: 1, clientID: "a"))
        var refusal = try refusal(bench.order(.buy, price: 1, lots: 1, clientID: "a"))
        #expect(refusal.reason == .duplicateOrder)
        #expect(refusal.orderId == first.orderId)
        bench.clock += 3_600_000
        #expect(try self.refusal(bench.order(.buy, price: 1, lots: 1, clientID: "a")).reason == .duplicateOrder)
        try bench.settle(ends: [OrderEnd(orderId: first.orderId, account: first.account)])
        bench.clock += 600_000
        refusal = try self.refusal(bench.order(.buy, price: 1, lots: 1, clientID: "a"))
        #expect(refusal.reason == .duplicateOrder)
        #expect(refusal.orderId == first.orderId)
        bench.clock += 1
        try bench.place(bench.order(.buy, price: 1, lots: 1, clientID: "a"))
    }

    @Test func `A client id is the account's and the market's own`() throws {
        try bench.fund(2, LedgerBench.usdt, 1_000)
        try bench.place(bench.order(.buy, price: 1, lots: 1, clientID: "a"))
        try bench.place(bench.order(.buy, price: 1, lots: 1, account: 2, clientID: "a"))
        var other = bench.order(.buy, price: 1, lots: 1, clientID: "a")
        other.instrument = InstrumentID(8)
        try bench.place(other)
    }

    @Test func `A refused order does not take its client id`() throws {
        _ = try refusal(bench.order(.buy, price: 500, lots: 500, clientID: "a"))
        let order = try bench.place(bench.order(.buy, price: 1, lots: 1, clientID: "a"))
        try bench.settle(ends: [OrderEnd(orderId: order.orderId, account: order.account, refused: true)])
        #expect(bench.core.rememberedNameCount == 0)
        try bench.place(bench.order(.buy, price: 1, lots: 1, clientID: "a"))
    }

    @Test func `A refused order is forgotten with the client id that an amendment asked for, live and reloaded`() throws
    {
        let order = try bench.place(bench.order(.buy, price: 1, lots: 1, clientID: "a"))
        let amend = AmendOrder(
            account: order.account, instrument: order.instrument, orderId: order.orderId, clientOrderId: "b",
            newLots: Quantity(1), timestamp: Timestamp(bench.clock), deadline: Timestamp(bench.clock + 5_000))
        #expect(try bench.send(.amendOrder(amend)).refusal == nil)
        let given = bench.core.takeChanges().closedNames
        #expect(given.map(\.clientOrderID) == ["b"])
        try bench.settle(ends: [OrderEnd(orderId: order.orderId, account: order.account, refused: true)])
        let emptied = bench.core.takeChanges().closedNames
        #expect(emptied.map(\.sequence) == given.map(\.sequence))
        #expect(emptied.map(\.orderID) == [OrderID(0)] && emptied.map(\.clientOrderID) == [""])
        let bytes = bench.core.stateBytes
        let marker = Marker(
            account: order.account, instrument: order.instrument, orderId: order.orderId,
            timestamp: Timestamp(bench.clock - 1))
        var restored = try bench.core.copied()
        #expect(restored.stateBytes == bytes)
        var outcome = Outcome()
        try restored.apply(.marker(marker), bench.context, to: &outcome)
        let event = try #require(outcome.events.first)
        #expect(event.marker == marker && event.orderId.rawValue == 0)
        #expect(try bench.send(.marker(marker)).events.first == event)
        try bench.place(bench.order(.buy, price: 1, lots: 1, clientID: "b"))
    }

    @Test func `An unreadable record gives one account event with a refusal`() throws {
        var outcome = Outcome()
        bench.core.refuseUnreadable(bench.context, to: &outcome)
        #expect(outcome.events.map(\.refusal?.reason) == [.unreadable])
    }

    @Test func `A tick gives no account event`() throws {
        var outcome = Outcome()
        let context = RecordContext(clock: Timestamp(bench.clock + 5), writer: Writer(.ledgerService, 0), number: 0)
        try bench.core.apply(.tick(Tick()), context, to: &outcome)
        #expect(outcome.events.isEmpty)
        #expect(bench.core.clock == Timestamp(bench.clock + 5))
    }

    @Test func `Refusals, test answers and revision reports are handed on`() throws {
        let refusal = Refusal(account: AccountID(1), reason: .tooManyOrders)
        #expect(try bench.send(.refusal(refusal)).refusal == refusal)
        let passed = TestPassed(account: AccountID(1), instrument: LedgerBench.market)
        #expect(try bench.send(.testPassed(passed)).events.first?.testPassed == passed)
        let report = RevisionReport(kind: .asset, id: 3, revision: 4)
        #expect(try bench.send(.revisionReport(report)).events.first?.revisionReport == report)
        #expect(try bench.send(.tick(Tick())).events.first == AccountEvent())
    }

    @Test func `A logic version that this release does not know stops the ledger`() throws {
        let service = UInt32(WriterKind.ledgerService.rawValue)
        try bench.send(.raiseLogicVersion(RaiseLogicVersion(service: service, version: 1)))
        try bench.send(.raiseLogicVersion(RaiseLogicVersion(service: service - 1, version: 9)))
        #expect(bench.core.logicVersion == 1)
        #expect(throws: InvariantViolation.self) {
            try bench.send(.raiseLogicVersion(RaiseLogicVersion(service: service, version: 2)))
        }
    }
}
