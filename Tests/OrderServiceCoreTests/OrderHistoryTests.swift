import OrderServiceCore
import Records
import Testing
import TradingCore

@Suite struct OrderHistoryTests {
    private static func accepted(_ id: Int64) -> Execution {
        Execution(
            instrument: InstrumentID(1),
            accepted: OrderAccepted(orderId: OrderID(id), account: AccountID(7), quantity: Quantity(10)))
    }

    private static func trade(_ id: Int64, maker: Int64, taker: Int64, lots: Int64, takerDone: Bool) -> Trade {
        Trade(
            tradeId: TradeID(id), price: Price(5), quantity: Quantity(lots), quoteAmount: Amount(lots * 50),
            makerOrderId: OrderID(maker), makerAccount: AccountID(8), takerOrderId: OrderID(taker),
            takerAccount: AccountID(7), takerSide: .sell, makerFee: Amount(1), takerFee: Amount(2),
            takerDone: takerDone)
    }

    @Test func `Fills of one order in a batch add up, and each side of a trade is a row`() {
        var batch = OrderHistoryBatch()
        batch.add(Self.accepted(1), at: Timestamp(10))
        var execution = Execution(instrument: InstrumentID(1))
        execution.trades = [
            Self.trade(1, maker: 100, taker: 1, lots: 3, takerDone: false),
            Self.trade(2, maker: 101, taker: 1, lots: 7, takerDone: true),
        ]
        batch.add(execution, at: Timestamp(11))
        let (orders, changes, fills) = (batch.orders, batch.changes, batch.fills)
        #expect(orders.map(\.createdAt) == [Timestamp(10)])
        #expect(fills.count == 4)
        #expect(
            fills[0].maker && fills[0].side == .buy && fills[0].fee == Amount(1) && fills[0].account == AccountID(8))
        #expect(!fills[1].maker && fills[1].side == .sell && fills[1].fee == Amount(2))
        let taker = changes.first { $0.orderID == OrderID(1) }
        #expect(taker?.executed == Quantity(10) && taker?.quote == Amount(500) && taker?.finalStatus == .filled)
        #expect(changes.first { $0.orderID == OrderID(100) }?.finalStatus == nil)
    }

    @Test func `Ends, preventions and amendments become the states that clients see`() {
        var batch = OrderHistoryBatch()
        var execution = Execution(instrument: InstrumentID(1))
        execution.done = [
            OrderDone(orderId: OrderID(1), reason: .canceled),
            OrderDone(orderId: OrderID(2), reason: .fillOrKillUnfilled),
        ]
        execution.preventions = [
            Prevention(
                preventedMatchId: 8, makerOrderId: OrderID(3), takerOrderId: OrderID(4), makerQuantity: Quantity(5),
                takerQuantity: Quantity(5), makerDone: true)
        ]
        execution.amended = OrderAmended(orderId: OrderID(5), newQuantity: Quantity(6), clientOrderId: "new")
        batch.add(execution, at: Timestamp(20))
        let changes = batch.changes
        func change(_ id: Int64) -> OrderHistoryChange? { changes.first { $0.orderID == OrderID(id) } }
        #expect(change(1)?.finalStatus == .canceled)
        #expect(change(2)?.finalStatus == .expired && change(2)?.doneReason == .fillOrKillUnfilled)
        #expect(change(3)?.finalStatus == .expiredInMatch && change(3)?.prevented == Quantity(5))
        #expect(change(4)?.finalStatus == nil && change(4)?.prevented == Quantity(5))
        #expect(
            change(3)?.preventedMatchID == 8 && change(4)?.preventedMatchID == 8 && change(5)?.preventedMatchID == 0)
        #expect(change(5)?.newQuantity == Quantity(6) && change(5)?.newClientOrderID == "new")
    }

    @Test func `A batch knows that it stands between the parts of an input, emptied or not`() {
        var batch = OrderHistoryBatch()
        var part = Execution(instrument: InstrumentID(1), moreParts: true)
        batch.add(part, at: Timestamp(10))
        let between = batch.isWithinParts
        batch.removeAll()
        let betweenStill = batch.isWithinParts
        (part.part, part.moreParts) = (1, false)
        batch.add(part, at: Timestamp(10))
        let after = batch.isWithinParts
        #expect([between, betweenStill, after] == [true, true, false])
    }

    @Test func `An emptied batch starts over`() {
        var batch = OrderHistoryBatch()
        batch.add(Self.accepted(1), at: Timestamp(10))
        var execution = Execution(instrument: InstrumentID(1))
        execution.trades = [Self.trade(1, maker: 100, taker: 1, lots: 3, takerDone: false)]
        batch.add(execution, at: Timestamp(11))
        batch.removeAll()
        let empty = batch.count
        #expect(empty == 0)
        batch.add(execution, at: Timestamp(12))
        let changes = batch.changes
        #expect(changes.map(\.executed) == [Quantity(3), Quantity(3)])
    }
}
