import Records
import Testing
import TradingCore

@testable import LedgerServiceCore

@Suite struct ResolutionTests {
    let bench = LedgerBench()

    init() throws {
        try bench.fund(1, LedgerBench.usdt, 1_000_000)
        try bench.fund(2, LedgerBench.usdt, 1_000_000)
    }

    private func cancel(_ cancel: CancelOrder) throws -> (forwarded: CancelOrder?, refusal: RefusalReason?) {
        let outcome = try bench.send(.cancelOrder(cancel))
        guard case .cancelOrder(let forwarded)? = outcome.matching.first?.record else {
            return (nil, outcome.refusal?.reason)
        }
        return (forwarded, outcome.refusal?.reason)
    }

    @Test func `A cancel finds its order by order id, by client id, or by both`() throws {
        let order = try bench.place(bench.order(.buy, price: 1, lots: 1, clientID: "a"))
        #expect(try cancel(bench.cancel(order.orderId)).forwarded?.orderId == order.orderId)
        #expect(try cancel(bench.cancel(client: "a")).forwarded?.orderId == order.orderId)
        #expect(try cancel(bench.cancel(order.orderId, client: "a")).forwarded?.orderId == order.orderId)
    }

    @Test func `An order id and a client id that disagree are refused`() throws {
        let order = try bench.place(bench.order(.buy, price: 1, lots: 1, clientID: "a"))
        #expect(try cancel(bench.cancel(order.orderId, client: "b")).refusal == .clientOrderIDMismatch)
    }

    @Test func `Another account's order, an ended one and none at all are unknown`() throws {
        let order = try bench.place(bench.order(.buy, price: 1, lots: 1, clientID: "a"))
        #expect(try cancel(bench.cancel(order.orderId, account: 2)).refusal == .unknownOrder)
        #expect(try cancel(bench.cancel(client: "a", account: 2)).refusal == .unknownOrder)
        #expect(try cancel(bench.cancel()).refusal == .unknownOrder)
        var elsewhere = bench.cancel(order.orderId)
        elsewhere.instrument = InstrumentID(8)
        #expect(try cancel(elsewhere).refusal == .unknownOrder)
        try bench.settle(ends: [OrderEnd(orderId: order.orderId, account: order.account)])
        #expect(try cancel(bench.cancel(order.orderId)).refusal == .unknownOrder)
        #expect(try cancel(bench.cancel(client: "a")).refusal == .unknownOrder)
    }

    @Test func `A late cancel is refused`() throws {
        let order = try bench.place(bench.order(.buy, price: 1, lots: 1))
        let late = bench.cancel(order.orderId)
        bench.clock += 5_001
        #expect(try cancel(late).refusal == .deadlinePassed)
    }

    @Test func `Cancelling all orders of a market is one record for the engine, or refused when none is open`() throws {
        for _ in 0..<3 { try bench.place(bench.order(.buy, price: 1, lots: 1)) }
        let all = CancelAll(account: AccountID(1), instrument: LedgerBench.market, reason: .canceled)
        let outcome = try bench.send(.cancelAll(all))
        #expect(outcome.matching.map(\.record) == [.cancelAll(all)])
        let other = CancelAll(account: AccountID(2), instrument: LedgerBench.market, reason: .canceled)
        #expect(try bench.send(.cancelAll(other)).refusal?.reason == .unknownOrder)
        var late = all
        late.deadline = Timestamp(bench.clock - 1)
        #expect(try bench.send(.cancelAll(late)).refusal?.reason == .deadlinePassed)
    }

    @Test func `The kill switch reaches every account and market with open orders, in order`() throws {
        for (account, instrument, partition) in [(2, 9, 1), (1, 8, 0), (2, 7, 0), (1, 7, 0)]
            as [(UInt32, UInt32, UInt32)]
        {
            var order = bench.order(.buy, price: 1, lots: 1, account: account)
            order.instrument = InstrumentID(instrument)
            order.matchingPartition = partition
            try bench.place(order)
        }
        let venue = CancelAll(reason: .exchangeCanceled)
        let outcome = try bench.send(.cancelAll(venue))
        let expected: [(UInt32, UInt32)] = [(1, 7), (1, 8), (2, 7), (2, 9)]
        #expect(
            outcome.matching.map(\.record)
                == expected.map {
                    .cancelAll(
                        CancelAll(account: AccountID($0.0), instrument: InstrumentID($0.1), reason: .exchangeCanceled))
                })
        #expect(outcome.matching.map(\.partition) == [0, 0, 0, 1])
        #expect(outcome.events.first?.forwards.map(\.number) == [4, 5, 6, 2])
        let one = try bench.send(.cancelAll(CancelAll(account: AccountID(2), reason: .exchangeCanceled)))
        #expect(one.matching.count == 2)
        let none = try bench.send(.cancelAll(CancelAll(account: AccountID(3), reason: .exchangeCanceled)))
        #expect(none.matching.isEmpty)
        #expect(none.refusal == nil)
    }

    // MARK: Amendments

    private func amend(_ order: SubmitOrder, to newID: ASCIIText) -> AmendOrder {
        AmendOrder(
            account: order.account, instrument: order.instrument, orderId: order.orderId, clientOrderId: newID,
            newLots: Quantity(1), timestamp: Timestamp(bench.clock), deadline: Timestamp(bench.clock + 5_000))
    }

    @Test func `An amended order is found by its new client id, and both ids stay taken`() throws {
        let order = try bench.place(bench.order(.buy, price: 1, lots: 5, clientID: "a"))
        #expect(try bench.send(.amendOrder(amend(order, to: "b"))).matching.count == 1)
        try bench.settle(reductions: [
            OrderReduced(orderId: order.orderId, account: order.account, quantity: Quantity(4), clientOrderId: "b")
        ])
        #expect(try cancel(bench.cancel(client: "b")).forwarded?.orderId == order.orderId)
        for id in ["a", "b"] as [ASCIIText] {
            let refusal = try #require(
                try bench.send(.submitOrder(bench.order(.buy, price: 1, lots: 1, clientID: id))).refusal)
            #expect(refusal.reason == .duplicateOrder)
            #expect(refusal.orderId == order.orderId)
        }
        #expect(try cancel(bench.cancel(client: "a")).refusal == .unknownOrder)
    }

    @Test func `The id that an amendment asks for is taken from there on`() throws {
        let order = try bench.place(bench.order(.buy, price: 1, lots: 5, clientID: "a"))
        let other = try bench.place(bench.order(.buy, price: 1, lots: 5, clientID: "c"))
        try bench.send(.amendOrder(amend(order, to: "b")))
        let refusal = try bench.send(.submitOrder(bench.order(.buy, price: 1, lots: 1, clientID: "b"))).refusal
        #expect(refusal?.reason == .duplicateOrder)
        #expect(refusal?.orderId == order.orderId)
        #expect(try bench.send(.amendOrder(amend(other, to: "b"))).refusal?.reason == .duplicateOrder)
        #expect(try bench.send(.amendOrder(amend(order, to: "b"))).matching.count == 1)
        #expect(try bench.send(.amendOrder(amend(order, to: "a"))).matching.count == 1)
    }

    @Test func `An amendment of an unknown order is refused`() throws {
        var order = bench.order(.buy, price: 1, lots: 5)
        #expect(try bench.send(.amendOrder(amend(order, to: "b"))).refusal?.reason == .unknownOrder)
        order = try bench.place(bench.order(.buy, price: 1, lots: 5, clientID: "a"))
        var both = amend(order, to: "b")
        both.origClientOrderId = "x"
        #expect(try bench.send(.amendOrder(both)).refusal?.reason == .clientOrderIDMismatch)
    }

    // MARK: Marks

    private func marker(_ orderID: OrderID = OrderID(0), client: ASCIIText = "") -> Marker {
        Marker(
            account: AccountID(1), instrument: LedgerBench.market, orderId: orderID, clientOrderId: client,
            timestamp: Timestamp(bench.clock))
    }

    @Test func `A marker answers with the order that is open or remembered`() throws {
        let order = try bench.place(bench.order(.buy, price: 1, lots: 1, clientID: "a"))
        for _ in 0..<2 {
            for marker in [marker(order.orderId), marker(client: "a")] {
                let event = try #require(try bench.send(.marker(marker)).events.first)
                #expect(event.marker == marker)
                #expect(event.orderId == order.orderId)
            }
            if bench.core.openOrderCount > 0 {
                try bench.settle(ends: [OrderEnd(orderId: order.orderId, account: order.account)])
            }
        }
    }

    @Test func `A marker's id is refused to orders that were sent no later`() throws {
        let event = try #require(try bench.send(.marker(marker(client: "a"))).events.first)
        #expect(event.orderId == OrderID(0))
        let early = bench.order(.buy, price: 1, lots: 1, clientID: "a")
        #expect(try bench.send(.submitOrder(early)).refusal?.reason == .markedOrder)
        bench.clock += 1
        try bench.place(bench.order(.buy, price: 1, lots: 1, clientID: "a"))
    }

    @Test func `A cancel of an unseen order leaves the same mark, by client id and by order id`() throws {
        try bench.send(.cancelOrder(bench.cancel(client: "a")))
        #expect(
            try bench.send(.submitOrder(bench.order(.buy, price: 1, lots: 1, clientID: "a"))).refusal?.reason
                == .markedOrder)
        let unseen = bench.order(.buy, price: 1, lots: 1)
        try bench.send(.cancelOrder(bench.cancel(unseen.orderId)))
        #expect(try bench.send(.submitOrder(unseen)).refusal?.reason == .markedOrder)
    }

    @Test func `A mark is kept for the longest time window and skew`() throws {
        try bench.send(.marker(marker(client: "a")))
        var order = bench.order(.buy, price: 1, lots: 1, clientID: "a")
        order.deadline = Timestamp(0)
        bench.clock += 61_000
        #expect(try bench.send(.submitOrder(order)).refusal?.reason == .markedOrder)
        bench.clock += 1
        try bench.place(order)
    }

    @Test func `A mark of one account or market means no other`() throws {
        try bench.send(.marker(marker(client: "a")))
        try bench.place(bench.order(.buy, price: 1, lots: 1, account: 2, clientID: "a"))
        var other = bench.order(.buy, price: 1, lots: 1, clientID: "a")
        other.instrument = InstrumentID(8)
        try bench.place(other)
    }

    // MARK: Long answers

    @Test func `An answer with more forwards than one event holds comes in parts`() throws {
        let count = LedgerCore.listLimit + 10
        for account in 1...UInt32(count) {
            try send(
                .deposit(
                    Deposit(account: AccountID(account), asset: LedgerBench.usdt, amount: Amount(1_000), reference: "r")
                ))
            try send(.submitOrder(bench.order(.buy, price: 1, lots: 1, account: account)))
        }
        let outcome = try send(.cancelAll(CancelAll(reason: .exchangeCanceled)))
        #expect(outcome.events.map(\.part) == [0, 1])
        #expect(outcome.events.map(\.moreParts) == [true, false])
        #expect(outcome.events.map(\.forwards.count) == [LedgerCore.listLimit, 10])
        #expect(outcome.matching.count == count)
    }

    /// Sends without the checks of every step, which many accounts would make slow.
    @discardableResult
    private func send(_ record: LedgerRecord) throws -> Outcome {
        var outcome = Outcome()
        let context = RecordContext(clock: Timestamp(bench.clock), writer: Writer(.orderService, 0), number: 1)
        try bench.core.apply(record, context, to: &outcome)
        return outcome
    }
}
