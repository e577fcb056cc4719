import Records
import TradingCore

extension LedgerCore {
    /// Holds what `order` can cost at worst and opens it, or refuses it.
    ///
    /// - Returns: whether it goes on to the engine.
    mutating func submit(
        _ order: UnsafePointer<SubmitOrder>, _ context: RecordContext
    ) throws(InvariantViolation) -> Bool {
        if context.hasPassed(order.pointee.deadline) { return refuse(order, .deadlinePassed) }
        if marks.refuse(order) { return refuse(order, .markedOrder) }
        let hash = textHash(order.pointee.account, order.pointee.instrument, order.pointee.clientOrderId)
        if !order.pointee.clientOrderId.isEmpty,
            let name = orders.name(
                order.pointee.account, order.pointee.instrument, order.pointee.clientOrderId, hash: hash)
        {
            return refuse(order, .duplicateOrder, first: orders.names[name].orderID)
        }
        guard orders.name(of: order.pointee.orderId) == nil, order.pointee.orderId.rawValue > 0,
            order.pointee.matchingPartition <= UInt32(UInt16.max)
        else { throw LedgerCore.cannotBeNew(order) }
        let groupSlot = orders.groupSlotOrNew(order.pointee.account, order.pointee.instrument)
        let group = orders.groupPlace(groupSlot)
        locate(group, order)
        let openCount = group.pointee.count
        if order.pointee.maximumOrders != 0, openCount >= Int(order.pointee.maximumOrders) {
            return refuse(
                order, .filter, .maxNumOrders, limit: Int64(order.pointee.maximumOrders), actual: Int64(openCount) + 1)
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
        let limit = order.pointee.maximumOpenNotional.rawValue
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
        try hold(for: orders.open(open, clientOrderID: order.pointee.clientOrderId, hash: hash), context)
        event.orderID = order.pointee.orderId
        return true
    }

    /// Sees to it that the account's group in the order's market has the places of its balances.
    @inline(__always)
    private mutating func locate(_ group: UnsafeMutablePointer<OrderGroup>, _ order: UnsafePointer<SubmitOrder>) {
        if group.pointee.baseSlot != Link.none,
            balances.accounts[Int(group.pointee.baseSlot)].asset == order.pointee.baseAsset,
            balances.accounts[Int(group.pointee.quoteSlot)].asset == order.pointee.quoteAsset
        {
            return
        }
        group.pointee.baseSlot = Int32(balances.slotOrNew(order.pointee.account, order.pointee.baseAsset))
        group.pointee.quoteSlot = Int32(balances.slotOrNew(order.pointee.account, order.pointee.quoteAsset))
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
    private static func cannotBeNew(_ order: UnsafePointer<SubmitOrder>) -> InvariantViolation {
        InvariantViolation(
            "order id \(order.pointee.orderId) for matching partition \(order.pointee.matchingPartition) cannot be new")
    }

    @inline(never)
    private mutating func refuse(
        _ order: UnsafePointer<SubmitOrder>, _ reason: RefusalReason, _ filter: Filter? = nil, first: OrderID? = nil,
        limit: Int64 = 0, actual: Int64 = 0
    ) -> Bool {
        event.answer.refusal = Refusal(
            account: order.pointee.account, instrument: order.pointee.instrument, reason: reason, filter: filter,
            orderId: first ?? order.pointee.orderId, clientOrderId: order.pointee.clientOrderId, limit: limit,
            actual: actual)
        return false
    }
}

extension OpenOrder {
    @inline(__always)
    init(_ order: UnsafePointer<SubmitOrder>) {
        let isByQuote = order.pointee.side == .buy && order.pointee.quoteQuantity.rawValue != 0
        self.init(
            orderID: order.pointee.orderId, account: order.pointee.account, instrument: order.pointee.instrument,
            side: order.pointee.side,
            isByQuote: isByQuote, matchingPartition: Int(order.pointee.matchingPartition), price: order.pointee.price,
            remaining: isByQuote ? .zero : order.pointee.quantity, held: .zero,
            scale: InstrumentScale(
                quotePerTickLot: order.pointee.quotePerTickLot, basePerLot: order.pointee.basePerLot),
            baseAsset: order.pointee.baseAsset, quoteAsset: order.pointee.quoteAsset)
    }

    /// The hold: quote at the limit (or protection) price, the quote amount, or the base to be sold. Fees are taken from
    /// what is received, so none is held.
    func initialNeed(_ order: UnsafePointer<SubmitOrder>) -> Amount? {
        guard remaining.rawValue >= 0, price.rawValue >= 0 else { return nil }
        return isByQuote ? order.pointee.quoteQuantity : need
    }

    func initialNotional(_ order: UnsafePointer<SubmitOrder>) -> Amount? {
        isByQuote ? order.pointee.quoteQuantity : notional
    }
}
