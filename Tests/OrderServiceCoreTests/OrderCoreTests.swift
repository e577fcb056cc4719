import OrderServiceCore
import Records
import Testing
import TradingCore

/// Collects what the core hands on.
struct CollectingSink: OrderSink {
    var records: [LedgerRecord] = []

    mutating func ledger(_ record: LedgerRecord) { records.append(record) }
}

/// A partition with one market (BTCUSDT of the demo), two accounts, and log time that the test moves.
struct OrderBench: ~Copyable {
    var core = OrderCore(partition: 3)
    var clock = Timestamp(1_700_000_000_000)
    var sink = CollectingSink()

    static let btcusdt: InstrumentDefinition = {
        var definition = InstrumentDefinition(
            instrument: InstrumentID(1), revision: 1, symbol: "BTCUSDT", baseAsset: AssetID(1), quoteAsset: AssetID(2))
        definition.partition = 5
        definition.status = .trading
        definition.baseDecimals = 8
        definition.quoteDecimals = 8
        definition.tickSize = 1_000_000
        definition.stepSize = 1_000
        definition.minimumPrice = 1_000_000
        definition.maximumPrice = 100_000_000_000_000
        definition.minimumQuantity = 1_000
        definition.maximumQuantity = 100_000_000_000
        definition.minimumNotional = Amount(500_000_000)
        definition.applyMinimumToMarket = true
        definition.bidMultiplierUp = 12_000
        definition.bidMultiplierDown = 8_000
        definition.askMultiplierUp = 12_000
        definition.askMultiplierDown = 8_000
        definition.maximumOrders = 200
        definition.firstReferencePrice = 5_000_000_000_000
        return definition
    }()

    init() throws {
        try apply(
            .asset(
                AssetDefinition(
                    asset: AssetID(1), revision: 1, code: "BTC", decimals: 8, depositsEnabled: true,
                    withdrawalsEnabled: true, withdrawalMinimum: Amount(1_000))))
        try apply(.asset(AssetDefinition(asset: AssetID(2), revision: 1, code: "USDT", decimals: 8)))
        try apply(
            .feeSchedule(
                FeeSchedule(
                    schedule: FeeScheduleID(1), revision: 1, name: "standard", makerBasisPoints: 8, takerBasisPoints: 10
                )))
        try apply(.venue(VenueDefinition(revision: 1, ordersPer10Seconds: 100, ordersPerDay: 200_000)))
        try apply(.instrument(OrderBench.btcusdt))
        try apply(.account(OrderBench.account(1)))
        try apply(.account(OrderBench.account(2)))
    }

    static func account(_ id: UInt32, revision: UInt64 = 1) -> AccountDefinition {
        AccountDefinition(
            account: AccountID(id), revision: revision, partition: 3, feeSchedule: FeeScheduleID(1), mayTrade: true,
            mayWithdraw: true, mayDeposit: true)
    }

    /// Applies a record as it stands in the log and gives what it led to.
    @discardableResult
    mutating func apply(_ record: OrdersRecord) throws -> [LedgerRecord] {
        sink.records.removeAll()
        let context = RecordContext(clock: clock, writer: Writer(.gateway, 0), epoch: 1, number: 1)
        var writer = RecordWriter()
        record.encodePayload(into: &writer)
        let payload = writer.array
        try core.apply(type: record.type, payload: payload.span.bytes, context, to: &sink)
        return sink.records
    }

    static func order(_ change: (inout PlaceOrder) -> Void = { _ in }) -> OrdersRecord {
        var order = PlaceOrder(
            account: AccountID(1), instrument: InstrumentID(1), clientOrderId: "my-1", side: .buy, type: .limit,
            timeInForce: .goodTillCanceled, quantity: 1_000_000, price: 5_000_000_000_000)
        change(&order)
        return .placeOrder(order)
    }

    mutating func refusal(_ record: OrdersRecord) throws -> Refusal? {
        let records = try apply(record)
        guard records.count == 1, case .refusal(let refusal) = records[0] else { return nil }
        return refusal
    }

    mutating func submitted(_ record: OrdersRecord) throws -> SubmitOrder? {
        let records = try apply(record)
        guard records.count == 1, case .submitOrder(let submit) = records[0] else { return nil }
        return submit
    }
}

@Suite struct OrderCoreTests {
    @Test func `A good order becomes ticks and lots with all that the next services need`() throws {
        var bench = try OrderBench()
        let submit = try #require(try bench.submitted(OrderBench.order()))
        #expect(submit.orderId == OrderID(1 << 10 | 3))
        #expect(submit.price == Price(5_000_000))
        #expect(submit.quantity == Quantity(1_000))
        #expect(submit.quotePerTickLot == 10 && submit.basePerLot == 1_000)
        #expect(submit.makerBasisPoints == 8 && submit.takerBasisPoints == 10)
        #expect(submit.matchingPartition == 5 && submit.maximumOrders == 200)
        #expect(submit.ordersIn10Seconds == 1 && submit.ordersInDay == 1)
        let next = try #require(try bench.submitted(OrderBench.order { $0.clientOrderId = "my-2" }))
        #expect(next.orderId == OrderID(2 << 10 | 3))
        #expect(next.ordersIn10Seconds == 2)
    }

    @Test func `Each filter refuses with its limit, in table order`() throws {
        var bench = try OrderBench()
        let cases: [(Filter, Int64, (inout PlaceOrder) -> Void)] = [
            (.priceFilter, 1_000_000, { $0.price = 1 }),
            (.priceFilter, 1_000_000, { $0.price = 5_000_000_500_000 }),
            (.priceFilter, 100_000_000_000_000, { $0.price = 100_000_001_000_000 }),
            (.lotSize, 1_000, { $0.quantity = 1 }),
            (.lotSize, 1_000, { $0.quantity = 1_500 }),
            (.lotSize, 100_000_000_000, { $0.quantity = 100_000_001_000 }),
            (.notional, 500_000_000, { $0.quantity = 9_000 }),
            (.percentPriceBySide, 6_000_000_000_000, { $0.price = 6_000_001_000_000 }),
            (.percentPriceBySide, 4_000_000_000_000, { $0.price = 3_999_999_000_000 }),
            (.priceFilter, 1_000_000, { order in (order.price, order.quantity) = (1, 1) }),
        ]
        for (filter, limit, change) in cases {
            let refusal = try #require(try bench.refusal(OrderBench.order(change)))
            #expect(refusal.reason == .filter && refusal.filter == filter && refusal.limit == limit)
        }
    }

    @Test func `The collar includes its edges`() throws {
        var bench = try OrderBench()
        #expect(try bench.submitted(OrderBench.order { $0.price = 6_000_000_000_000 }) != nil)
        #expect(try bench.submitted(OrderBench.order { $0.price = 4_000_000_000_000 }) != nil)
    }

    @Test func `A market order is protected by the reference price times its side's multiplier`() throws {
        var bench = try OrderBench()
        try bench.apply(
            .referencePrice(ReferencePrice(instrument: InstrumentID(1), price: Price(5_000_001), tradeId: TradeID(9))))
        let buy = try #require(
            try bench.submitted(OrderBench.order { order in (order.type, order.price) = (.market, 0) }))
        #expect(buy.price == Price(6_000_001), "6,000,001.2 rounded down")
        let sell = try #require(
            try bench.submitted(
                OrderBench.order { order in (order.type, order.price, order.side) = (.market, 0, .sell) }))
        #expect(sell.price == Price(4_000_001), "4,000,000.8 rounded up")
    }

    @Test func `Quote amounts: a BUY names no lots, a SELL at most what the protection price gives`() throws {
        var bench = try OrderBench()
        let buy = try #require(
            try bench.submitted(
                OrderBench.order { order in
                    (order.type, order.price, order.quantity, order.quoteQuantity) = (
                        .market, 0, 0, Amount(10_000_000_000)
                    )
                }))
        #expect(buy.quantity == .zero && buy.quoteQuantity == Amount(10_000_000_000))
        let sell = try #require(
            try bench.submitted(
                OrderBench.order { order in
                    (order.type, order.price, order.quantity, order.quoteQuantity) = (
                        .market, 0, 0, Amount(10_000_000_000)
                    )
                    order.side = .sell
                }))
        #expect(sell.quantity == Quantity(250), "100 USDT at 40,000")
    }

    @Test func `A market order without a fresh reference price is refused`() throws {
        var bench = try OrderBench()
        bench.clock = bench.clock.advanced(byMilliseconds: OrderCore.referencePriceLifetimeMilliseconds)
        let market = OrderBench.order { order in (order.type, order.price) = (.market, 0) }
        #expect(try bench.refusal(market)?.reason == .marketClosed)
        try bench.apply(
            .referencePrice(ReferencePrice(instrument: InstrumentID(1), price: Price(5_000_000), tradeId: TradeID(0))))
        #expect(try bench.submitted(market) != nil)
    }

    @Test func `An older reference price changes nothing`() throws {
        var bench = try OrderBench()
        try bench.apply(
            .referencePrice(ReferencePrice(instrument: InstrumentID(1), price: Price(4_800_000), tradeId: TradeID(9))))
        try bench.apply(
            .referencePrice(ReferencePrice(instrument: InstrumentID(1), price: Price(1), tradeId: TradeID(8))))
        #expect(bench.core.referencePrices[0].price == Price(4_800_000))
    }

    @Test func `Unknown, halted, killed and late are refused, each with its reason`() throws {
        var bench = try OrderBench()
        #expect(try bench.refusal(OrderBench.order { $0.account = AccountID(99) })?.reason == .unknownAccount)
        #expect(try bench.refusal(OrderBench.order { $0.instrument = InstrumentID(9) })?.reason == .unknownInstrument)
        #expect(try bench.refusal(OrderBench.order { $0.type = .stopLoss })?.reason == .unsupportedOrderType)
        let deadline = bench.clock.advanced(byMilliseconds: -1)
        #expect(try bench.refusal(OrderBench.order { $0.deadline = deadline })?.reason == .deadlinePassed)
        let now = bench.clock
        #expect(try bench.submitted(OrderBench.order { $0.deadline = now }) != nil)
        var halted = OrderBench.btcusdt
        (halted.revision, halted.status) = (2, .halt)
        try bench.apply(.instrument(halted))
        #expect(try bench.refusal(OrderBench.order())?.reason == .marketClosed)
        let cancel = CancelOrder(account: AccountID(1), instrument: InstrumentID(1), origClientOrderId: "my-1")
        #expect(try bench.apply(.cancelOrder(cancel)) == [.cancelOrder(cancel)], "cancels pass a halt")
    }

    @Test func `The kill switch cancels once and refuses until it is released`() throws {
        var bench = try OrderBench()
        var killed = OrderBench.account(1, revision: 2)
        killed.killed = true
        let records = try bench.apply(.account(killed))
        #expect(records.first == .cancelAll(CancelAll(account: AccountID(1), reason: .exchangeCanceled)))
        #expect(records.last == .revisionReport(RevisionReport(kind: .account, id: 1, revision: 2)))
        #expect(try bench.apply(.account(killed)).count == 1, "the same revision again only reports")
        #expect(try bench.refusal(OrderBench.order())?.reason == .accountActionDisabled)
        #expect(try bench.submitted(OrderBench.order { $0.account = AccountID(2) }) != nil)
        try bench.apply(.account(OrderBench.account(1, revision: 3)))
        #expect(try bench.submitted(OrderBench.order()) != nil)
        let venue = try bench.apply(.venue(VenueDefinition(revision: 2, killed: true)))
        #expect(venue.first == .cancelAll(CancelAll(reason: .exchangeCanceled)))
        #expect(try bench.refusal(OrderBench.order())?.reason == .accountActionDisabled)
    }

    @Test func `Placements are counted in windows of log time, tests and refusals are not`() throws {
        var bench = try OrderBench()
        try bench.apply(.venue(VenueDefinition(revision: 2, ordersPer10Seconds: 2, ordersPerDay: 3)))
        #expect(
            try bench.apply(OrderBench.order { $0.test = true }) == [
                .testPassed(TestPassed(account: AccountID(1), instrument: InstrumentID(1)))
            ])
        #expect(try bench.refusal(OrderBench.order { $0.price = 1 }) != nil)
        #expect(try bench.submitted(OrderBench.order())?.ordersIn10Seconds == 1)
        #expect(try bench.submitted(OrderBench.order())?.ordersIn10Seconds == 2)
        let refusal = try #require(try bench.refusal(OrderBench.order()))
        #expect(refusal.reason == .tooManyOrders && refusal.limit == 2)
        #expect(refusal.retryAt == Timestamp(1_700_000_010_000))
        bench.clock = refusal.retryAt
        let next = try #require(try bench.submitted(OrderBench.order()))
        #expect(next.ordersIn10Seconds == 1 && next.ordersInDay == 3)
        #expect(try bench.refusal(OrderBench.order())?.limit == 3)
    }

    @Test func `A lower revision changes nothing and the one in force is reported`() throws {
        var bench = try OrderBench()
        var newer = OrderBench.btcusdt
        (newer.revision, newer.minimumNotional) = (7, Amount(600_000_000))
        try bench.apply(.instrument(newer))
        let records = try bench.apply(.instrument(OrderBench.btcusdt))
        #expect(records == [.revisionReport(RevisionReport(kind: .instrument, id: 1, revision: 7))])
        var retick = newer
        (retick.revision, retick.tickSize) = (8, 2_000_000)
        #expect(
            try bench.apply(.instrument(retick)) == [
                .revisionReport(RevisionReport(kind: .instrument, id: 1, revision: 7))
            ], "ticks of resting orders never change meaning")
    }

    @Test func `Two operators whose changes arrive in different orders leave the same definition`() throws {
        var first = OrderBench.btcusdt
        (first.revision, first.maximumOrders) = (2, 10)
        var second = OrderBench.btcusdt
        (second.revision, second.maximumOrders) = (3, 20)
        var one = try OrderBench()
        try one.apply(.instrument(first))
        try one.apply(.instrument(second))
        var other = try OrderBench()
        try other.apply(.instrument(second))
        try other.apply(.instrument(first))
        var writers = (StateWriter(), StateWriter())
        one.core.encodeState(into: &writers.0)
        other.core.encodeState(into: &writers.1)
        #expect(writers.0.bytes == writers.1.bytes)
    }

    @Test func `Withdrawals and deposits are checked against the account and the asset`() throws {
        var bench = try OrderBench()
        let good = RequestWithdrawal(
            account: AccountID(1), asset: AssetID(1), amount: Amount(2_000), fee: Amount(10), withdrawOrderId: "w-1")
        #expect(try bench.apply(.requestWithdrawal(good)) == [.requestWithdrawal(good)])
        var small = good
        small.amount = Amount(999)
        #expect(try bench.refusal(.requestWithdrawal(small))?.limit == 1_000)
        var closed = good
        closed.asset = AssetID(2)
        #expect(try bench.refusal(.requestWithdrawal(closed))?.reason == .accountActionDisabled)
        #expect(
            try bench.refusal(.deposit(Deposit(account: AccountID(1), asset: AssetID(7), amount: Amount(1))))?.reason
                == .unknownAsset)
        #expect(
            try bench.refusal(.deposit(Deposit(account: AccountID(1), asset: AssetID(1), amount: Amount(0))))?.reason
                == .amountOutOfRange)
    }

    @Test func `A text that no database takes is refused as unreadable, whatever command it is in`() throws {
        var bench = try OrderBench()
        let (account, market) = (AccountID(1), InstrumentID(1))
        for text: ASCIIText in ["a\0b", "a\u{1F}", "\u{7F}", "1234567890123456789012345678901234567\n"] {
            let records: [OrdersRecord] = [
                OrderBench.order { $0.clientOrderId = text },
                .cancelOrder(CancelOrder(account: account, instrument: market, origClientOrderId: text)),
                .cancelOrder(
                    CancelOrder(account: account, instrument: market, orderId: OrderID(1), clientOrderId: text)),
                .amendOrder(
                    AmendOrder(account: account, instrument: market, origClientOrderId: text, newQuantity: 5_000)),
                .amendOrder(AmendOrder(account: account, instrument: market, clientOrderId: text, newQuantity: 5_000)),
                .marker(Marker(account: account, instrument: market, clientOrderId: text)),
                .deposit(Deposit(account: account, asset: AssetID(1), amount: Amount(1), reference: text)),
                .deposit(Deposit(account: account, asset: AssetID(1), amount: Amount(1), network: text)),
                withdrawal { $0.withdrawOrderId = text },
                withdrawal { $0.network = text },
            ]
            for record in records { try expectUnreadable(record, &bench) }
        }
        let others: [OrdersRecord] = [
            .deposit(Deposit(account: account, asset: AssetID(1), amount: Amount(1), transactionId: "\0")),
            withdrawal { $0.address = "a\0" },
            withdrawal { $0.addressTag = "\0a" },
            .resolveWithdrawal(ResolveWithdrawal(account: account, status: .settled, transactionId: "a\0b")),
        ]
        for record in others { try expectUnreadable(record, &bench) }
        #expect(try bench.submitted(OrderBench.order { $0.clientOrderId = " ~" }) != nil)
        let printable = withdrawal { $0.address = "straße 1\n" }
        #expect(try bench.apply(printable).count == 1 && bench.refusal(printable) == nil)
    }

    private func withdrawal(_ change: (inout RequestWithdrawal) -> Void) -> OrdersRecord {
        var request = RequestWithdrawal(
            account: AccountID(1), asset: AssetID(1), amount: Amount(2_000), withdrawOrderId: "w", network: "BTC")
        change(&request)
        return .requestWithdrawal(request)
    }

    private func expectUnreadable(_ record: OrdersRecord, _ bench: inout OrderBench) throws {
        let refusal = try #require(try bench.refusal(record), "\(record)")
        #expect(refusal.reason == .unreadable && refusal.account == AccountID(1) && refusal.clientOrderId.isEmpty)
    }

    @Test func `An amendment is checked against the lot size and handed on in lots`() throws {
        var bench = try OrderBench()
        let amend = AmendOrder(
            account: AccountID(1), instrument: InstrumentID(1), orderId: OrderID(1_027), newQuantity: 5_000)
        guard case .amendOrder(let passed) = try bench.apply(.amendOrder(amend))[0] else {
            Issue.record("not passed on")
            return
        }
        #expect(passed.newLots == Quantity(5))
        var odd = amend
        odd.newQuantity = 5_001
        #expect(try bench.refusal(.amendOrder(odd))?.filter == .lotSize)
    }

    @Test func `A saved state goes on as the original would`() throws {
        var bench = try OrderBench()
        try bench.apply(OrderBench.order())
        var writer = StateWriter()
        bench.core.encodeState(into: &writer)
        var reader = StateReader(writer.bytes)
        var restored = try OrderCore(decoding: &reader)
        #expect(reader.remaining == 0)
        var again = StateWriter()
        restored.encodeState(into: &again)
        #expect(again.bytes == writer.bytes)
        let context = RecordContext(clock: bench.clock, writer: Writer(.gateway, 0), epoch: 1, number: 2)
        var sink = CollectingSink()
        try restored.apply(OrderBench.order { $0.clientOrderId = "my-2" }, context, to: &sink)
        #expect(try bench.apply(OrderBench.order { $0.clientOrderId = "my-2" }) == sink.records)
    }

    @Test func `Logic versions of the ledger pass through, its own is raised`() throws {
        var bench = try OrderBench()
        let ledger = RaiseLogicVersion(service: UInt32(WriterKind.ledgerService.rawValue), version: 2)
        #expect(try bench.apply(.raiseLogicVersion(ledger)) == [.raiseLogicVersion(ledger)])
        try bench.apply(
            .raiseLogicVersion(RaiseLogicVersion(service: UInt32(WriterKind.orderService.rawValue), version: 2)))
        #expect(bench.core.logicVersion == 2)
    }
}
