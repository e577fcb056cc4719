import Records
import TradingCore

extension LedgerCore {
    /// Holds what `order` can cost at worst and opens it, or refuses it.
    ///
    /// - Returns: whether it goes on to the engine.
    mutating func submit(_ order: SubmitOrder, _ context: RecordContext) throws(InvariantViolation) -> Bool {
        if context.hasPassed(order.deadline) { return refuse(order, .deadlinePassed) }
        if marks.refuse(order) { return refuse(order, .markedOrder) }
        let hash = textHash(order.account, order.instrument, order.clientOrderId)
        if !order.clientOrderId.isEmpty,
            let name = orders.name(order.account, order.instrument, order.clientOrderId, hash: hash)
        {
            return refuse(order, .duplicateOrder, first: orders.names[name].orderID)
        }
        guard orders.name(of: order.orderId) == nil, order.orderId.rawValue > 0,
            order.matchingPartition <= UInt32(UInt16.max)
        else { throw LedgerCore.cannotBeNew(order) }
        let groupSlot = orders.groupSlotOrNew(order.account, order.instrument)
        let group = orders.groupPlace(groupSlot)
        locate(group, order)
        let openCount = group.pointee.count
        if order.maximumOrders != 0, openCount >= Int(order.maximumOrders) {
            return refuse(
                order, .filter, .maxNumOrders, limit: Int64(order.maximumOrders), actual: Int64(openCount) + 1)
        }
        var open = OpenOrder(order)
        open.groupSlot = Int32(groupSlot)
        open.baseSlot = group.pointee.baseSlot
        open.quoteSlot = group.pointee.quoteSlot
        guard let need = open.initialNeed(order), let notional = open.initialNotional(order), need.rawValue > 0 else {
            return refuse(order, .amountOutOfRange)
        }
        open.held = need
        let (openNotional, overflow) = balances.accounts[Int(open.quoteSlot)].openNotional.addingReportingOverflow(
            notional.rawValue)
        let limit = order.maximumOpenNotional.rawValue
        if limit != 0, overflow || openNotional > limit {
            return refuse(
                order, .filter, .maxOpenNotional, limit: limit, actual: overflow ? Int64.max : openNotional)
        }
        if overflow { return refuse(order, .amountOutOfRange) }
        let free = balances.accounts[open.paySlot].free
        guard free >= need.rawValue else {
            return refuse(order, .insufficientBalance, limit: free, actual: need.rawValue)
        }
        balances.accounts[Int(open.quoteSlot)].openNotional = openNotional
        try hold(for: orders.open(open, clientOrderID: order.clientOrderId, hash: hash), context)
        event.orderID = order.orderId
        return true
    }

    /// Sees to it that the account's group in the order's market has the places of its balances.
    @inline(__always)
    private mutating func locate(_ group: UnsafeMutablePointer<OrderGroup>, _ order: SubmitOrder) {
        if group.pointee.baseSlot != Link.none,
            balances.accounts[Int(group.pointee.baseSlot)].asset == order.baseAsset,
            balances.accounts[Int(group.pointee.quoteSlot)].asset == order.quoteAsset
        {
            return
        }
        group.pointee.baseSlot = Int32(balances.slotOrNew(order.account, order.baseAsset))
        group.pointee.quoteSlot = Int32(balances.slotOrNew(order.account, order.quoteAsset))
    }

    @inline(__always)
    private mutating func hold(
        for order: UnsafeMutablePointer<OpenOrder>, _ context: RecordContext
    ) throws(InvariantViolation) {
        beginEntry(.hold, order, context)
        let need = order.pointee.held.rawValue
        try post(order.pointee.paySlot, available: -need, held: need)
        try endEntry()
    }

    @inline(never)
    private static func cannotBeNew(_ order: SubmitOrder) -> InvariantViolation {
        InvariantViolation(
            "order id \(order.orderId) for matching partition \(order.matchingPartition) cannot be new")
    }

    @inline(never)
    private mutating func refuse(
        _ order: SubmitOrder, _ reason: RefusalReason, _ filter: Filter? = nil, first: OrderID? = nil,
        limit: Int64 = 0, actual: Int64 = 0
    ) -> Bool {
        event.answer.refusal = Refusal(
            account: order.account, instrument: order.instrument, reason: reason, filter: filter,
            orderId: first ?? order.orderId, clientOrderId: order.clientOrderId, limit: limit, actual: actual)
        return false
    }
}

extension OpenOrder {
    init(_ order: SubmitOrder) {
        let isByQuote = order.side == .buy && order.quoteQuantity.rawValue != 0
        self.init(
            orderID: order.orderId, account: order.account, instrument: order.instrument, side: order.side,
            isByQuote: isByQuote, matchingPartition: Int(order.matchingPartition), price: order.price,
            remaining: isByQuote ? .zero : order.quantity, held: .zero,
            scale: InstrumentScale(quotePerTickLot: order.quotePerTickLot, basePerLot: order.basePerLot),
            baseAsset: order.baseAsset, quoteAsset: order.quoteAsset)
    }

    /// The hold: quote at the limit (or protection) price, the quote amount, or the base to be sold. Fees are taken from
    /// what is received, so none is held.
    func initialNeed(_ order: SubmitOrder) -> Amount? {
        guard remaining.rawValue >= 0, price.rawValue >= 0 else { return nil }
        return isByQuote ? order.quoteQuantity : need
    }

    func initialNotional(_ order: SubmitOrder) -> Amount? { isByQuote ? order.quoteQuantity : notional }
}
