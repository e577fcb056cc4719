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

    /// `order` stands where it came in; every place that is taken here stays one until the next record.
    @usableFromInline
    mutating func place(_ order: UnsafePointer<PlaceOrder>, _ context: RecordContext) -> Placement {
        guard order.pointee.clientOrderId.isPrintable else {
            refused.value = OrderCore.unstorable(order.pointee.account, order.pointee.instrument)
            return .refused
        }
        guard let accountSlot = reference.slot(order.pointee.account) else {
            return refuse(order, Objection(.unknownAccount))
        }
        guard let instrumentSlot = reference.slot(order.pointee.instrument) else {
            return refuse(order, Objection(.unknownInstrument))
        }
        let account = reference.accounts.place(accountSlot)
        let instrument = UnsafePointer(reference.instruments.place(instrumentSlot))
        if let objection = objectionToState(order, context, account, instrument) { return refuse(order, objection) }
        let terms: CheckedTerms
        switch OrderCore.check(order.pointee, instrument.pointee, context) {
        case .objection(let objection): return refuse(order, objection)
        case .terms(let checked): terms = checked
        }
        account.pointee.startWindows(context.clock)
        if let objection = objectionToRate(account, context) { return refuse(order, objection) }
        if order.pointee.test { return .tested }
        pass(order, terms, account, instrument)
        return .passed
    }

    /// What stands against any order of this account in this market now.
    @inline(__always)
    private mutating func objectionToState(
        _ order: UnsafePointer<PlaceOrder>, _ context: RecordContext, _ account: UnsafeMutablePointer<ActiveAccount>,
        _ instrument: UnsafePointer<ListedInstrument>
    ) -> Objection? {
        if context.hasPassed(order.pointee.deadline) { return Objection(.deadlinePassed) }
        if venue.killed || account.pointee.definition.killed { return Objection(.accountActionDisabled) }
        if !account.pointee.definition.mayTrade { return Objection(.accountMayNotTrade) }
        if !instrument.pointee.definition.status.takesOrders { return Objection(.marketClosed) }
        return nil
    }

    @inline(__always)
    private mutating func objectionToRate(
        _ account: UnsafeMutablePointer<ActiveAccount>, _ context: RecordContext
    ) -> Objection? {
        let perSlot = RateWindows.limit(
            account: account.pointee.definition.ordersPer10Seconds, venue: venue.ordersPer10Seconds)
        let perDay = RateWindows.limit(account: account.pointee.definition.ordersPerDay, venue: venue.ordersPerDay)
        if perSlot > 0, account.pointee.ordersInSlot >= perSlot {
            return OrderCore.rateObjection(perSlot, RateWindows.slotMilliseconds, context)
        }
        if perDay > 0, account.pointee.ordersInDay >= perDay {
            return OrderCore.rateObjection(perDay, RateWindows.dayMilliseconds, context)
        }
        return nil
    }

    private static func rateObjection(_ limit: UInt32, _ window: Int64, _ context: RecordContext) -> Objection {
        var objection = Objection(.tooManyOrders)
        objection.limit = Int64(limit)
        objection.actual = Int64(limit) + 1
        objection.retryAt = Timestamp((context.clock.rawValue / window + 1) * window)
        return objection
    }

    /// Makes `passed` of an order. Every field is set but the stop price, which no order that passes has.
    private mutating func pass(
        _ order: UnsafePointer<PlaceOrder>, _ terms: CheckedTerms, _ account: UnsafeMutablePointer<ActiveAccount>,
        _ instrument: UnsafePointer<ListedInstrument>
    ) {
        precondition(orderCount < OrderNumbering.maximumCount, "order ids have at most 15 digits")
        orderCount += 1
        let counted = account.pointee.countOrder()
        let rates = feeRates(account.pointee.definition.feeSchedule)
        let submit = passed.address
        submit.pointee.orderId = OrderNumbering.orderID(count: orderCount, partition: partition)
        submit.pointee.account = order.pointee.account
        submit.pointee.instrument = order.pointee.instrument
        submit.pointee.clientOrderId = order.pointee.clientOrderId
        submit.pointee.side = order.pointee.side
        submit.pointee.type = order.pointee.type
        submit.pointee.timeInForce = order.pointee.timeInForce
        submit.pointee.price = terms.price
        submit.pointee.quantity = terms.quantity
        submit.pointee.quoteQuantity = order.pointee.quoteQuantity
        submit.pointee.selfTradePrevention = order.pointee.selfTradePrevention
        submit.pointee.makerBasisPoints = rates.maker
        submit.pointee.takerBasisPoints = rates.taker
        submit.pointee.timestamp = order.pointee.timestamp
        submit.pointee.deadline = order.pointee.deadline
        submit.pointee.quotePerTickLot = instrument.pointee.scale.quotePerTickLot
        submit.pointee.basePerLot = instrument.pointee.scale.basePerLot
        submit.pointee.baseAsset = instrument.pointee.definition.baseAsset
        submit.pointee.quoteAsset = instrument.pointee.definition.quoteAsset
        submit.pointee.matchingPartition = instrument.pointee.definition.partition
        submit.pointee.maximumOrders = instrument.pointee.definition.maximumOrders
        submit.pointee.maximumOpenNotional = OrderCore.openNotionalLimit(account, submit.pointee.quoteAsset)
        submit.pointee.ordersIn10Seconds = counted.inSlot
        submit.pointee.ordersInDay = counted.inDay
        submit.pointee.tradeGroup = account.pointee.definition.tradeGroup
        submit.pointee.strategyId = order.pointee.strategyId
        submit.pointee.strategyType = order.pointee.strategyType
    }

    /// Maker's and taker's basis points; whose schedule is not defined here pays none.
    @inline(__always)
    private mutating func feeRates(_ schedule: FeeScheduleID) -> (maker: UInt32, taker: UInt32) {
        guard let slot = reference.slot(schedule) else { return (0, 0) }
        return (reference.feeSchedules[slot].makerBasisPoints, reference.feeSchedules[slot].takerBasisPoints)
    }

    @inline(__always)
    private static func openNotionalLimit(_ account: UnsafeMutablePointer<ActiveAccount>, _ asset: AssetID) -> Amount {
        if account.pointee.definition.openNotionalLimits.isEmpty { return .zero }
        for limit in account.pointee.definition.openNotionalLimits where limit.asset == asset { return limit.amount }
        return .zero
    }

    @inline(never)
    private mutating func refuse(_ order: UnsafePointer<PlaceOrder>, _ objection: Objection) -> Placement {
        refused.value = OrderCore.refusal(
            order.pointee.account, order.pointee.instrument, order.pointee.clientOrderId, objection)
        return .refused
    }

    static func refusal(
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
        sink.ledger(.refusal(OrderCore.refusal(account, instrument, clientOrderID, objection)))
    }
}

/// The windows in which placements are counted, aligned to log time.
enum RateWindows {
    static let slotMilliseconds: Int64 = 10_000
    static let dayMilliseconds: Int64 = 86_400_000

    /// The account's own limit, else the venue's; 0 means none.
    static func limit(account: UInt32, venue: UInt32) -> UInt32 { account > 0 ? account : venue }
}
