import Records
import TestBasics
import TradingCore

/// Makes inputs of every kind, sensible ones and wrong ones.
struct CommandStream {
    var random: SplitMix64
    private let instruments = 3
    private let accounts: Int64 = 7
    private let ledgers: Int64 = 3
    private var nextOrder: Int64 = 1
    private var recent: [(id: OrderID, account: AccountID, instrument: InstrumentID, ledger: Int, lots: Int64)] = []
    private var revisions: [UInt64] = [1, 1, 1, 1]
    private var numbers: [UInt32: UInt64] = [:]
    private var clock: Int64 = 1_000_000

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    mutating func next() -> (MatchingRecord, RecordContext) {
        clock += random.below(3)
        let kind = random.below(100)
        if kind < 60 { return order() }
        if kind < 78 { return cancel() }
        if kind < 88 { return amend() }
        if kind < 93 { return cancelAll() }
        if kind < 96 { return define() }
        if kind < 98 {
            return (
                .tick(Tick()), RecordContext(clock: Timestamp(clock), writer: Writer(.matchingEngine, 0), number: 0)
            )
        }
        let raise = RaiseLogicVersion(service: UInt32(WriterKind.matchingEngine.rawValue), version: 1)
        return (.raiseLogicVersion(raise), context(Writer(.gateway, 1)))
    }

    /// Instrument 1 to 3; 3 has prices far apart. Now and then one that nobody listed.
    private mutating func instrument() -> InstrumentID {
        InstrumentID(UInt32(random.chance(2) ? 9 : random.below(Int64(instruments)) + 1))
    }

    mutating func listings() -> [(MatchingRecord, RecordContext)] {
        (1...instruments).map { index in (.instrument(definition(index, .trading)), context(Writer(.gateway, 0))) }
    }

    private func definition(_ index: Int, _ status: TradingStatus) -> InstrumentDefinition {
        InstrumentDefinition(
            instrument: InstrumentID(UInt32(index)), revision: revisions[index], symbol: "AB", partition: 0,
            status: status, baseDecimals: 8, quoteDecimals: 8, tickSize: 1_000_000, stepSize: 1_000)
    }

    private mutating func context(_ writer: Writer) -> RecordContext {
        numbers[writer.rawValue, default: 0] += 1
        return RecordContext(
            clock: Timestamp(clock), writer: writer, number: numbers[writer.rawValue, default: 0])
    }

    private mutating func deadline() -> Timestamp {
        random.chance(70) ? Timestamp(0) : Timestamp(clock + random.below(20) - 1)
    }

    private mutating func price(_ instrument: InstrumentID) -> Price {
        if instrument.rawValue != 3 { return Price(1_000 + random.below(40)) }
        let exponent = random.below(30)
        return Price(1 + (1 << exponent) + random.below(3) * 7)
    }

    private mutating func order() -> (MatchingRecord, RecordContext) {
        let instrument = instrument()
        let account = AccountID(UInt32(random.below(accounts)) + 1)
        let ledger = Int(Int64(account.rawValue) % ledgers)
        var order = SubmitOrder(
            orderId: OrderID(nextOrder << 10 | Int64(ledger)), account: account, instrument: instrument,
            clientOrderId: "x\(nextOrder)".asciiText, side: random.pick(Side.allCases), type: .limit,
            timeInForce: .goodTillCanceled, price: price(instrument), quantity: Quantity(1 + random.below(30)),
            selfTradePrevention: random.pick(SelfTradePrevention.allCases),
            makerBasisPoints: UInt32(random.below(20)), takerBasisPoints: UInt32(random.below(30)),
            deadline: deadline(), quotePerTickLot: 10, basePerLot: 1_000, ordersIn10Seconds: 3, ordersInDay: 4,
            tradeGroup: random.chance(30) ? UInt32(1 + random.below(2)) : 0, strategyId: 5, strategyType: 6)
        nextOrder += 1
        switch random.below(100) {
        case 0..<50: break
        case 50..<60: order.timeInForce = .immediateOrCancel
        case 60..<72: order.timeInForce = .fillOrKill
        case 72..<80: order.type = .limitMaker
        case 80..<88:
            order.type = .market
            order.timeInForce = random.pick(TimeInForce.allCases)
        default:
            order.type = .market
            let lotCost = order.price.rawValue * 10
            order.quoteQuantity = Amount(1 + random.below(min(lotCost * 40, 1 << 50)))
            order.quantity = order.side == .buy ? .zero : Quantity(max(1, order.quoteQuantity.rawValue / lotCost))
        }
        remember(order, ledger)
        return (.submitOrder(order), context(Writer(.ledgerService, ledger)))
    }

    private mutating func remember(_ order: SubmitOrder, _ ledger: Int) {
        recent.append((order.orderId, order.account, order.instrument, ledger, order.quantity.rawValue))
        if recent.count > 60 { recent.remove(at: Int(random.below(30))) }
    }

    private mutating func target()
        -> (id: OrderID, account: AccountID, instrument: InstrumentID, ledger: Int, lots: Int64)
    {
        guard !recent.isEmpty else { return (OrderID(77), AccountID(1), InstrumentID(1), 0, 5) }
        var target = random.pick(recent)
        if random.chance(5) { target.account = AccountID(UInt32(random.below(accounts)) + 1) }
        if random.chance(5) { target.instrument = instrument() }
        return target
    }

    private mutating func cancel() -> (MatchingRecord, RecordContext) {
        let target = target()
        let cancel = CancelOrder(
            account: target.account, instrument: target.instrument, orderId: target.id, origClientOrderId: "o",
            clientOrderId: "k", restriction: random.chance(60) ? .none : random.pick(CancelRestriction.allCases),
            deadline: deadline())
        return (.cancelOrder(cancel), context(Writer(.ledgerService, target.ledger)))
    }

    private mutating func amend() -> (MatchingRecord, RecordContext) {
        let target = target()
        let amendment = AmendOrder(
            account: target.account, instrument: target.instrument, orderId: target.id, origClientOrderId: "o",
            clientOrderId: random.chance(50) ? "new" : ASCIIText(),
            newLots: Quantity(random.below(max(2, target.lots + 2))), deadline: deadline())
        return (.amendOrder(amendment), context(Writer(.ledgerService, target.ledger)))
    }

    private mutating func cancelAll() -> (MatchingRecord, RecordContext) {
        let target = target()
        let cancel = CancelAll(
            account: target.account, instrument: target.instrument,
            reason: random.chance(50) ? .canceled : .exchangeCanceled, deadline: deadline())
        return (.cancelAll(cancel), context(Writer(.ledgerService, target.ledger)))
    }

    private mutating func define() -> (MatchingRecord, RecordContext) {
        let index = Int(random.below(Int64(instruments))) + 1
        if random.chance(80) { revisions[index] += 1 }
        let status: TradingStatus =
            random.chance(70) ? .trading : random.pick([.halt, .pause, .endOfDay, .cancelOnly, .delisted])
        return (.instrument(definition(index, status)), context(Writer(.gateway, 0)))
    }
}

extension String {
    /// The text, or nothing when it does not fit.
    var asciiText: ASCIIText { ASCIIText(self) ?? ASCIIText() }
}
