import Records
import TradingCore

/// A refusal's reason with the limit that was broken.
struct Objection {
    var reason: RefusalReason
    var filter: Filter?
    var limit: Int64 = 0
    var actual: Int64 = 0
    var decimals: UInt32 = 0
    var retryAt = Timestamp(0)

    init(_ reason: RefusalReason) { self.reason = reason }

    init(_ filter: Filter, limit: Int64, actual: Int64, decimals: UInt32) {
        reason = .filter
        self.filter = filter
        self.limit = limit
        self.actual = actual
        self.decimals = decimals
    }
}

extension OrderCore {
    /// Market orders need a reference price younger than this, in log time.
    public static let referencePriceLifetimeMilliseconds: Int64 = 180_000

    /// What becomes of an order that is to be placed.
    @usableFromInline
    enum Placement {
        /// It is handed on as `passed` says.
        case passed
        /// It is refused as `refused` says.
        case refused
        /// It would be handed on, but is a test.
        case tested
    }

    @usableFromInline
    mutating func place(_ order: PlaceOrder, _ context: RecordContext) -> Placement {
        guard order.clientOrderId.isPrintable else {
            refused.value = unstorable(order.account, order.instrument)
            return .refused
        }
        guard let accountSlot = reference.slot(order.account) else { return refuse(order, Objection(.unknownAccount)) }
        guard let instrumentSlot = reference.slot(order.instrument) else {
            return refuse(order, Objection(.unknownInstrument))
        }
        if let objection = objectionToState(order, context, accountSlot, instrumentSlot) {
            return refuse(order, objection)
        }
        let terms: CheckedTerms
        switch check(order, reference.instruments[instrumentSlot], context) {
        case .objection(let objection): return refuse(order, objection)
        case .terms(let checked): terms = checked
        }
        startWindows(accountSlot, context)
        if let objection = objectionToRate(accountSlot, context) { return refuse(order, objection) }
        if order.test { return .tested }
        pass(order, terms, accountSlot, instrumentSlot)
        return .passed
    }

    /// What stands against any order of this account in this market now.
    private func objectionToState(
        _ order: PlaceOrder, _ context: RecordContext, _ accountSlot: Int, _ instrumentSlot: Int
    ) -> Objection? {
        if context.hasPassed(order.deadline) { return Objection(.deadlinePassed) }
        if venue.killed || reference.accounts[accountSlot].definition.killed {
            return Objection(.accountActionDisabled)
        }
        if !reference.accounts[accountSlot].definition.mayTrade { return Objection(.accountMayNotTrade) }
        if !reference.instruments[instrumentSlot].definition.status.takesOrders { return Objection(.marketClosed) }
        return nil
    }

    private mutating func startWindows(_ accountSlot: Int, _ context: RecordContext) {
        let slot = context.clock.rawValue / RateWindows.slotMilliseconds
        let day = context.clock.rawValue / RateWindows.dayMilliseconds
        if reference.accounts[accountSlot].slot != slot {
            reference.accounts[accountSlot].slot = slot
            reference.accounts[accountSlot].ordersInSlot = 0
        }
        if reference.accounts[accountSlot].day != day {
            reference.accounts[accountSlot].day = day
            reference.accounts[accountSlot].ordersInDay = 0
        }
    }

    private func objectionToRate(_ accountSlot: Int, _ context: RecordContext) -> Objection? {
        let perSlot = RateWindows.limit(
            account: reference.accounts[accountSlot].definition.ordersPer10Seconds, venue: venue.ordersPer10Seconds)
        let perDay = RateWindows.limit(
            account: reference.accounts[accountSlot].definition.ordersPerDay, venue: venue.ordersPerDay)
        if perSlot > 0, reference.accounts[accountSlot].ordersInSlot >= perSlot {
            return rateObjection(perSlot, RateWindows.slotMilliseconds, context)
        }
        if perDay > 0, reference.accounts[accountSlot].ordersInDay >= perDay {
            return rateObjection(perDay, RateWindows.dayMilliseconds, context)
        }
        return nil
    }

    private func rateObjection(_ limit: UInt32, _ window: Int64, _ context: RecordContext) -> Objection {
        var objection = Objection(.tooManyOrders)
        objection.limit = Int64(limit)
        objection.actual = Int64(limit) + 1
        objection.retryAt = Timestamp((context.clock.rawValue / window + 1) * window)
        return objection
    }

    /// Makes `passed` of an order. Every field is set but the stop price, which no order that passes has.
    private mutating func pass(
        _ order: PlaceOrder, _ terms: CheckedTerms, _ accountSlot: Int, _ instrumentSlot: Int
    ) {
        precondition(orderCount < OrderNumbering.maximumCount, "order ids have at most 15 digits")
        orderCount += 1
        let counted = reference.accounts[accountSlot].countOrder()
        let rates = feeRates(accountSlot)
        let submit = passed.address
        submit.pointee.orderId = OrderNumbering.orderID(count: orderCount, partition: partition)
        submit.pointee.account = order.account
        submit.pointee.instrument = order.instrument
        submit.pointee.clientOrderId = order.clientOrderId
        submit.pointee.side = order.side
        submit.pointee.type = order.type
        submit.pointee.timeInForce = order.timeInForce
        submit.pointee.price = terms.price
        submit.pointee.quantity = terms.quantity
        submit.pointee.quoteQuantity = order.quoteQuantity
        submit.pointee.selfTradePrevention = order.selfTradePrevention
        submit.pointee.makerBasisPoints = rates.maker
        submit.pointee.takerBasisPoints = rates.taker
        submit.pointee.timestamp = order.timestamp
        submit.pointee.deadline = order.deadline
        submit.pointee.quotePerTickLot = reference.instruments[instrumentSlot].scale.quotePerTickLot
        submit.pointee.basePerLot = reference.instruments[instrumentSlot].scale.basePerLot
        submit.pointee.baseAsset = reference.instruments[instrumentSlot].definition.baseAsset
        submit.pointee.quoteAsset = reference.instruments[instrumentSlot].definition.quoteAsset
        submit.pointee.matchingPartition = reference.instruments[instrumentSlot].definition.partition
        submit.pointee.maximumOrders = reference.instruments[instrumentSlot].definition.maximumOrders
        submit.pointee.maximumOpenNotional = openNotionalLimit(accountSlot, submit.pointee.quoteAsset)
        submit.pointee.ordersIn10Seconds = counted.inSlot
        submit.pointee.ordersInDay = counted.inDay
        submit.pointee.tradeGroup = reference.accounts[accountSlot].definition.tradeGroup
        submit.pointee.strategyId = order.strategyId
        submit.pointee.strategyType = order.strategyType
    }

    /// Maker's and taker's basis points; an account whose schedule is not defined here pays none.
    private func feeRates(_ accountSlot: Int) -> (maker: UInt32, taker: UInt32) {
        guard let slot = reference.slot(reference.accounts[accountSlot].definition.feeSchedule) else { return (0, 0) }
        return (reference.feeSchedules[slot].makerBasisPoints, reference.feeSchedules[slot].takerBasisPoints)
    }

    private func openNotionalLimit(_ accountSlot: Int, _ asset: AssetID) -> Amount {
        for limit in reference.accounts[accountSlot].definition.openNotionalLimits where limit.asset == asset {
            return limit.amount
        }
        return .zero
    }

    private func refuse(_ order: PlaceOrder, _ objection: Objection) -> Placement {
        refused.value = refusal(order.account, order.instrument, order.clientOrderId, objection)
        return .refused
    }

    func refusal(
        _ account: AccountID, _ instrument: InstrumentID, _ clientOrderID: ASCIIText, _ objection: Objection
    ) -> Refusal {
        Refusal(
            account: account, instrument: instrument, reason: objection.reason, filter: objection.filter,
            clientOrderId: clientOrderID, limit: objection.limit, actual: objection.actual,
            decimals: objection.decimals, retryAt: objection.retryAt)
    }

    func refuse(
        _ account: AccountID, _ instrument: InstrumentID, _ clientOrderID: ASCIIText, _ objection: Objection,
        _ sink: inout some OrderSink
    ) {
        sink.ledger(.refusal(refusal(account, instrument, clientOrderID, objection)))
    }
}

/// The windows in which placements are counted, aligned to log time.
enum RateWindows {
    static let slotMilliseconds: Int64 = 10_000
    static let dayMilliseconds: Int64 = 86_400_000

    /// The account's own limit, else the venue's; 0 means none.
    static func limit(account: UInt32, venue: UInt32) -> UInt32 { account > 0 ? account : venue }
}
