import Records
import Testing
import TradingCore

@Suite struct `A message` {
    let order = PlaceOrder(
        account: AccountID(7), instrument: InstrumentID(3), clientOrderId: "abc", side: .sell, type: .limitMaker,
        timeInForce: .goodTillCanceled, quantity: -1, price: 5, selfTradePrevention: .expireMaker, test: true,
        stopPrice: 9)

    @Test func `comes back as it was`() throws {
        let event = AccountEvent(
            balances: [Balance(account: AccountID(1), free: Amount(-5)), Balance()],
            refusal: Refusal(reason: .marketClosed, filter: .notional), orderId: OrderID(77), part: 300, moreParts: true
        )
        #expect(try AccountEvent(decoding: event.encoded) == event)
        #expect(try PlaceOrder(decoding: order.encoded) == order)
        let execution = Execution(
            ledgerApplied: [1, 2, 3], ledgerWritten: [UInt64.max],
            trades: (0..<40).map { Trade(tradeId: TradeID($0), price: Price(1), takerSide: .sell) })
        #expect(try Execution(decoding: execution.encoded) == execution)
    }

    @Test func `is refused without a required field`() {
        #expect(throws: RecordError.missingField(4)) { try PlaceOrder(decoding: []) }
    }

    @Test func `travels in its topic's union beside its type`() throws {
        let record = OrdersRecord.placeOrder(order)
        var writer = RecordWriter()
        record.encodePayload(into: &writer)
        let payload = writer.array
        #expect(record.type == 1)
        #expect(OrdersRecord.typeNames[1] == "placeOrder")
        #expect(try OrdersRecord(type: 1, payload: payload) == record)
        #expect(throws: RecordError.unknownType(99)) { try OrdersRecord(type: 99, payload: payload) }
    }
}
