import Foundation
import Records
import TestBasics
import Testing
import TradingCore

@testable import GatewayCore

private func testSeed() -> UInt64 {
    let seed =
        ProcessInfo.processInfo.environment["GATEWAY_TEST_SEED"].flatMap(UInt64.init)
        ?? UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    return seed
}

@Suite struct OrdersViewTests {
    private static func accepted(_ id: Int64, _ client: ASCIIText, execution: Int64, account: UInt32 = 7) -> Execution {
        var execution_ = Execution()
        execution_.instrument = InstrumentID(1)
        execution_.accepted = OrderAccepted(
            orderId: OrderID(id), account: AccountID(account), clientOrderId: client, price: Price(100),
            quantity: Quantity(10), executionId: ExecutionID(execution))
        return execution_
    }

    private static func position(_ offset: Int64) -> RecordPosition { RecordPosition(partition: 0, offset: offset) }

    @Test func `An order goes from accepted over trades to filled`() throws {
        var view = OrdersView()
        var events: [OrderEvent] = []
        view.apply(Self.accepted(1, "a", execution: 1), at: Self.position(0), time: Timestamp(1), to: &events)
        var execution = Self.accepted(2, "b", execution: 2, account: 8)
        execution.trades = [
            Trade(
                tradeId: TradeID(1), price: Price(100), quantity: Quantity(4), quoteAmount: Amount(400),
                makerOrderId: OrderID(1), makerAccount: AccountID(7), takerOrderId: OrderID(2),
                takerAccount: AccountID(8), takerSide: .sell, executionId: ExecutionID(3)),
            Trade(
                tradeId: TradeID(2), price: Price(100), quantity: Quantity(6), quoteAmount: Amount(600),
                makerOrderId: OrderID(1), makerAccount: AccountID(7), takerOrderId: OrderID(2),
                takerAccount: AccountID(8), takerSide: .sell, executionId: ExecutionID(5), makerDone: true,
                takerDone: true),
        ]
        events = []
        view.apply(execution, at: Self.position(1), time: Timestamp(2), to: &events)
        #expect(events.map(\.execution.rawValue) == [2, 3, 4, 5, 6])
        #expect(events.map(\.order.status) == [.new, .partiallyFilled, .partiallyFilled, .filled, .filled])
        let found = view.order(OrderID(1))
        let maker = try #require(found)
        #expect((maker.executed, maker.quoteFilled, maker.status) == (Quantity(10), Amount(1_000), .filled))
        #expect(view.openCount == 0)
        #expect(view.closedCount == 2)
    }

    @Test func `What has been applied changes nothing again`() {
        var view = OrdersView()
        var events: [OrderEvent] = []
        let first = Self.accepted(1, "a", execution: 1)
        view.apply(first, at: Self.position(0), time: Timestamp(1), to: &events)
        var cancel = Execution()
        cancel.done = [
            OrderDone(orderId: OrderID(1), account: AccountID(7), reason: .canceled, executionId: ExecutionID(2))
        ]
        for _ in 0..<2 { view.apply(cancel, at: Self.position(1), time: Timestamp(2), to: &events) }
        #expect(events.count == 2)
        #expect(view.order(OrderID(1))?.status == .canceled)
    }

    @Test func `The newest order of a client id is found, and the one before it once that is forgotten`() {
        var view = OrdersView()
        var events: [OrderEvent] = []
        for (index, id): (Int64, Int64) in [(0, 10), (2, 20)] {
            view.apply(
                Self.accepted(id, "same", execution: index + 1), at: Self.position(index), time: Timestamp(1),
                to: &events)
            var cancel = Execution()
            cancel.done = [OrderDone(orderId: OrderID(id), reason: .canceled, executionId: ExecutionID(index + 2))]
            view.apply(cancel, at: Self.position(index + 1), time: Timestamp(1), to: &events)
        }
        func found() -> OrderID? {
            view.order(account: AccountID(7), instrument: InstrumentID(1), clientOrderID: "same")?.orderID
        }
        #expect(found() == OrderID(20))
        view.forget(through: [1])
        #expect(found() == OrderID(20))
        #expect(view.order(OrderID(10)) == nil)
        view.forget(through: [3])
        #expect(found() == nil)
    }

    @Test func `A closed order stays until the history has it`() {
        var view = OrdersView()
        var events: [OrderEvent] = []
        view.apply(Self.accepted(1, "a", execution: 1), at: Self.position(5), time: Timestamp(1), to: &events)
        var cancel = Execution()
        cancel.done = [OrderDone(orderId: OrderID(1), reason: .canceled, executionId: ExecutionID(2))]
        view.apply(cancel, at: Self.position(6), time: Timestamp(1), to: &events)
        view.forget(through: [5])
        #expect(view.order(OrderID(1)) != nil)
        view.forget(through: [6])
        #expect(view.order(OrderID(1)) == nil)
    }

    @Test func `An amended order is found by its new id alone`() {
        var view = OrdersView()
        var events: [OrderEvent] = []
        view.apply(Self.accepted(1, "old", execution: 1), at: Self.position(0), time: Timestamp(1), to: &events)
        var amend = Execution()
        amend.amended = OrderAmended(
            orderId: OrderID(1), newQuantity: Quantity(5), origClientOrderId: "old", clientOrderId: "new",
            executionId: ExecutionID(2))
        view.apply(amend, at: Self.position(1), time: Timestamp(2), to: &events)
        #expect(
            view.order(account: AccountID(7), instrument: InstrumentID(1), clientOrderID: "new")?.quantity
                == Quantity(5))
        #expect(view.order(account: AccountID(7), instrument: InstrumentID(1), clientOrderID: "old") == nil)
    }

    @Test func `The view is its naive twin after random orders, cancels and forgetting`() {
        let seed = testSeed()
        var random = SplitMix64(seed: seed)
        var view = OrdersView()
        var events: [OrderEvent] = []
        var twin: [Int64: (client: String, account: UInt32, isOpen: Bool, offset: Int64)] = [:]
        var execution: Int64 = 0
        for offset in 0..<Int64(4_000) {
            let open = twin.filter { $0.value.isOpen }.keys.sorted()
            if open.isEmpty || Int.random(in: 0..<100, using: &random) < 55 {
                execution += 1
                let client = "c\(Int.random(in: 0..<50, using: &random))"
                let account = UInt32.random(in: 1...3, using: &random)
                guard let text = ASCIIText(client) else { continue }
                view.apply(
                    Self.accepted(offset + 1, text, execution: execution, account: account), at: Self.position(offset),
                    time: Timestamp(offset), to: &events)
                twin[offset + 1] = (client, account, true, offset)
            } else {
                execution += 1
                let id = open[Int.random(in: 0..<open.count, using: &random)]
                var cancel = Execution()
                cancel.done = [OrderDone(orderId: OrderID(id), reason: .canceled, executionId: ExecutionID(execution))]
                view.apply(cancel, at: Self.position(offset), time: Timestamp(offset), to: &events)
                twin[id]?.isOpen = false
                twin[id]?.offset = offset
            }
            if offset.isMultiple(of: 97) {
                let through = offset - 200
                view.forget(through: [through])
                twin = twin.filter { $0.value.isOpen || $0.value.offset > through }
            }
        }
        #expect(view.openCount == twin.values.filter(\.isOpen).count, "seed \(seed)")
        for account in UInt32(1)...3 {
            let expected = twin.filter { $0.value.isOpen && $0.value.account == account }.keys.sorted()
            let found = view.openOrders(of: AccountID(account), in: nil).map(\.orderID.rawValue)
            #expect(found == expected, "seed \(seed)")
            for number in 0..<50 {
                let newest = twin.filter { $0.value.client == "c\(number)" && $0.value.account == account }.keys.max()
                let named = ASCIIText("c\(number)").flatMap {
                    view.order(account: AccountID(account), instrument: InstrumentID(1), clientOrderID: $0)
                }
                #expect(named?.orderID.rawValue == newest, "seed \(seed)")
            }
        }
    }
}

@Suite struct MarketViewTests {
    @Test(arguments: [Side.buy, .sell]) func `A side of the book is its naive twin`(_ side: Side) {
        let seed = testSeed()
        var random = SplitMix64(seed: seed)
        var book = BookSide(side)
        var twin: [Int64: Int64] = [:]
        for _ in 0..<5_000 {
            let price = Int64.random(in: 1...60, using: &random)
            let quantity = Int64.random(in: 0...3, using: &random)
            book.set(Price(price), Quantity(quantity))
            twin[price] = quantity == 0 ? nil : quantity
        }
        let expected = twin.keys.sorted { side == .buy ? $0 > $1 : $0 < $1 }
        #expect((0..<book.count).map { book[$0].price.rawValue } == expected, "seed \(seed)")
        #expect((0..<book.count).allSatisfy { book[$0].quantity.rawValue == twin[book[$0].price.rawValue] })
        #expect(book.best?.price.rawValue == expected.first)
    }

    @Test func `Depth events are contiguous and lead a copy to the same book`() {
        let seed = testSeed()
        var random = SplitMix64(seed: seed)
        let view = MarketView(instrument: InstrumentID(1))
        var (bids, asks) = (BookSide(.buy), BookSide(.sell))
        var next: Int64 = 1
        var last = UpdateID(0)
        for round in 0..<2_000 {
            var update = MarketUpdate()
            update.levels = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                LevelChange(
                    side: Bool.random(using: &random) ? .buy : .sell,
                    price: Price(Int64.random(in: 1...40, using: &random)),
                    quantity: Quantity(Int64.random(in: 0...5, using: &random)))
            }
            update.firstUpdateId = UpdateID(next)
            next += Int64(update.levels.count)
            update.lastUpdateId = UpdateID(next - 1)
            view.apply(update)
            guard round.isMultiple(of: 7) else { continue }
            let changes = view.fastChanges.take()
            #expect(changes.first.rawValue == last.rawValue + 1, "seed \(seed)")
            last = changes.last
            for price in changes.bids { bids.set(price, view.bids.quantity(at: price)) }
            for price in changes.asks { asks.set(price, view.asks.quantity(at: price)) }
            #expect((0..<view.bids.count).map { view.bids[$0] } == (0..<bids.count).map { bids[$0] }, "seed \(seed)")
            #expect((0..<view.asks.count).map { view.asks[$0] } == (0..<asks.count).map { asks[$0] }, "seed \(seed)")
        }
    }

    @Test func `A snapshot in parts replaces an older book and no newer one`() {
        let view = MarketView(instrument: InstrumentID(1))
        var part = MarketSnapshot()
        part.lastUpdateId = UpdateID(10)
        part.bids = [BookLevel(price: Price(5), quantity: Quantity(1))]
        part.moreParts = true
        view.apply(part)
        #expect(view.bids.count == 0)
        part.bids = [BookLevel(price: Price(4), quantity: Quantity(1))]
        (part.part, part.moreParts) = (1, false)
        view.apply(part)
        #expect(view.bids.count == 2)
        #expect(view.bids.best?.price == Price(5))
        part.lastUpdateId = UpdateID(9)
        (part.part, part.bids) = (0, [])
        view.apply(part)
        #expect(view.bids.count == 2)
    }

    @Test func `The newest items stay`() {
        var recent = RecentItems<Int>(capacity: 3)
        for item in 1...5 { recent.append(item) }
        #expect(recent.newest(10) == [3, 4, 5])
        #expect(recent.newest(2) == [4, 5])
        #expect(recent.from(limit: 2) { $0 >= 4 } == [4, 5])
        #expect(recent.from(limit: 1) { $0 >= 1 } == [3])
        #expect(recent.last == 5)
    }
}

@Suite struct CandleTests {
    @Test func `Every interval has its name`() {
        for interval in CandleInterval.allCases { #expect(CandleInterval(text: interval.text) == interval) }
        #expect(CandleInterval(text: "1M") == .month)
        #expect(CandleInterval(text: "1m") == .minute)
        #expect(CandleInterval(text: "2m") == nil)
    }

    @Test func `Weeks open on Mondays and months on the first`() {
        // 2024-02-29T12:34:56Z, a Thursday.
        let time = Timestamp(1_709_210_096_000)
        #expect(CandleInterval.week.open(at: time) == Timestamp(1_708_905_600_000))
        #expect(CandleInterval.month.open(at: time) == Timestamp(1_706_745_600_000))
        #expect(CandleInterval.month.next(after: Timestamp(1_706_745_600_000)) == Timestamp(1_709_251_200_000))
        #expect(CandleInterval.day.open(at: time) == Timestamp(1_709_164_800_000))
        #expect(CandleInterval.hours4.open(at: time) == Timestamp(1_709_208_000_000))
    }

    @Test func `Intervals without trades get a flat row at the close before`() throws {
        var query = RangeQuery(market: try Fixtures.market, fromID: nil, start: Timestamp(0), end: nil, limit: 10)
        let candles = [(Int64(60_000), Int64(5)), (180_000, 7)].map { open, close in
            var candle = Candle()
            (candle.openTime, candle.close, candle.volume) = (Timestamp(open), Price(close), Quantity(1))
            return candle
        }
        let rows = CandleRange(query, .minute, now: Timestamp(250_000)).filled(candles)
        #expect(rows.map(\.openTime.rawValue) == [60_000, 120_000, 180_000, 240_000])
        #expect(rows.map(\.close.rawValue) == [5, 5, 7, 7])
        #expect(rows.map(\.volume.rawValue) == [1, 0, 1, 0])
        query.start = nil
        query.limit = 2
        let newest = CandleRange(query, .minute, now: Timestamp(250_000)).filled(candles)
        #expect(newest.map(\.openTime.rawValue) == [180_000, 240_000])
    }
}

@Suite struct LimitTests {
    @Test func `A window counts, refuses, bans and opens again`() {
        let counter = WeightCounter(
            name: "ip:test", limits: RequestLimits(weightPerMinute: 10, requestsPer5Minutes: 1_000))
        func admit(_ weight: Int, _ now: Int64) -> ApiError? {
            do throws(ApiError) {
                try counter.admit(weight: weight, now: now)
                return nil
            } catch {
                return error
            }
        }
        #expect(admit(10, 60_000) == nil)
        #expect(counter.used(now: 60_000) == 10)
        let refused = admit(1, 90_000)
        #expect(refused?.httpStatus == 429)
        #expect(refused?.message == "Too much request weight used; current limit is 10 request weight per 1 MINUTE.")
        #expect(refused?.retryAfterMilliseconds == 30_000)
        for _ in 0..<9 { #expect(admit(1, 90_000)?.httpStatus == 429) }
        let banned = admit(1, 90_000)
        #expect(banned?.httpStatus == 418)
        #expect(banned?.message.contains("banned until 210000") == true)
        #expect(admit(1, 209_999)?.httpStatus == 418)
        #expect(admit(1, 210_000) == nil)
        #expect(counter.used(now: 210_000) == 1)
    }

    @Test func `Attempts to connect are counted in five minutes, and not at all when that is off`() {
        func attempts(_ counter: WeightCounter, _ now: Int64) -> [Int?] {
            (0..<3).map { _ in
                do throws(ApiError) {
                    try counter.connect(now: now)
                    return nil
                } catch {
                    return error.httpStatus
                }
            }
        }
        let counter = WeightCounter(name: "ip:test", limits: RequestLimits(connectionsPer5Minutes: 2))
        #expect(attempts(counter, 60_000) == [nil, nil, 429])
        #expect(attempts(counter, 120_000) == [429, 429, 429])
        #expect(attempts(counter, 300_000) == [nil, nil, 429])
        let open = WeightCounter(name: "ip:test", limits: RequestLimits(connectionsPer5Minutes: 0))
        #expect(attempts(open, 60_000) == [nil, nil, nil])
    }

    @Test func `What other gateways used counts too`() {
        let counter = WeightCounter(name: "key:test", limits: RequestLimits(weightPerMinute: 10))
        counter.charge(3, now: 60_000)
        let unpublished = counter.takeUnpublished()
        #expect(unpublished?.weight == 3)
        counter.setTotal(9, minute: 1)
        #expect(counter.used(now: 60_000) == 9)
        counter.charge(1, now: 60_000)
        #expect(counter.used(now: 60_000) == 10)
        #expect(counter.used(now: 120_000) == 0)
    }

    @Test func `A signature is taken once in its window`() {
        let seen = SeenSignatures()
        #expect(seen.insert(5, deadline: 10_500))
        #expect(!seen.insert(5, deadline: 10_500))
        #expect(seen.insert(6, deadline: 10_500))
        #expect(seen.insert(5, deadline: 138_500), "the same bucket two minutes later")
    }
}
