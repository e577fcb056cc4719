import Records
import TradingCore

extension LedgerCore {
    /// Posts what one input of the engine did to the accounts of this partition.
    ///
    /// Reductions come first: a fill or an end of the same input closes its order, and what both take off adds up alike.
    @usableFromInline
    mutating func settle(
        _ settlement: UnsafePointer<Settlement>, _ context: RecordContext
    ) throws(InvariantViolation) {
        for index in 0..<settlement.pointee.reductions.count {
            try settle(settlement.pointee.reductions[index], context)
        }
        for index in 0..<settlement.pointee.fills.count { try settle(settlement.pointee.fills[index], context) }
        for index in 0..<settlement.pointee.ends.count { try settle(settlement.pointee.ends[index], context) }
    }

    private mutating func openOrder(_ orderID: OrderID, _ account: AccountID) throws(InvariantViolation) -> Int {
        guard let slot = orders.openSlot(orderID), orders[slot].account == account else {
            throw notOpen(orderID, account)
        }
        return slot
    }

    @inline(never)
    private mutating func notOpen(_ orderID: OrderID, _ account: AccountID) -> InvariantViolation {
        guard let slot = orders.openSlot(orderID) else {
            return InvariantViolation("the engine settles order \(orderID), which is not open")
        }
        return InvariantViolation(
            "the engine settles order \(orderID) for account \(account), it is of \(orders[slot].account)")
    }

    // MARK: Fills

    private mutating func settle(_ fill: SettleFill, _ context: RecordContext) throws(InvariantViolation) {
        let slot = try openOrder(fill.orderId, fill.account)
        let order = orders.place(slot)
        guard LedgerCore.fits(fill, order.pointee) else { throw LedgerCore.misfit(fill, order.pointee) }
        let notional = order.pointee.notional
        let held = order.pointee.held.rawValue
        let paid = (fill.side == .buy ? fill.quoteAmount : fill.baseAmount).rawValue
        if order.pointee.isByQuote {
            order.pointee.held -= fill.quoteAmount
        } else {
            order.pointee.remaining -= fill.quantity
        }
        guard let need = fill.done ? Amount.zero : order.pointee.need, need.rawValue >= 0,
            held - paid - need.rawValue >= 0
        else {
            throw InvariantViolation("order \(fill.orderId) holds \(held), too little for a fill of \(paid)")
        }
        order.pointee.held = need
        try adjustNotional(order, from: notional, to: fill.done ? .zero : order.pointee.notional)
        try postFill(fill, of: order, paid: paid, released: held - paid - need.rawValue, context)
        if fill.done {
            orders.close(slot, at: clock, isRefused: false)
        } else {
            orders.change(slot)
        }
    }

    /// Whether what the engine says follows from the order: its side, its lots, amounts by its scale, a fee out of what is received.
    @inline(__always)
    private static func fits(_ fill: SettleFill, _ order: OpenOrder) -> Bool {
        fill.side == order.side && fill.quantity.rawValue > 0
            && (order.isByQuote || fill.quantity <= order.remaining)
            && order.scale.baseAmount(fill.quantity) == fill.baseAmount
            && order.scale.quoteAmount(fill.price, fill.quantity) == fill.quoteAmount
            && fill.fee.rawValue >= 0
            && fill.fee <= (order.side == .buy ? fill.baseAmount : fill.quoteAmount)
    }

    @inline(never)
    private static func misfit(_ fill: SettleFill, _ order: OpenOrder) -> InvariantViolation {
        InvariantViolation(
            "a fill of \(fill.quantity) lots at \(fill.price) (\(fill.baseAmount) base, \(fill.quoteAmount) quote, "
                + "a fee of \(fill.fee)) does not fit order \(fill.orderId), \(order.remaining) left")
    }

    private mutating func postFill(
        _ fill: SettleFill, of order: UnsafeMutablePointer<OpenOrder>, paid: Int64, released: Int64,
        _ context: RecordContext
    ) throws(InvariantViolation) {
        let isBuy = order.pointee.side == .buy
        let received = (isBuy ? fill.baseAmount : fill.quoteAmount).rawValue
        let fee = fill.fee.rawValue
        let payVenue = balances.venueSlotOrNew(isBuy ? order.pointee.quoteAsset : order.pointee.baseAsset)
        let receiveVenue = balances.venueSlotOrNew(isBuy ? order.pointee.baseAsset : order.pointee.quoteAsset)
        beginEntry(.fill, order, context, tradeID: fill.tradeId)
        try post(order.pointee.paySlot, available: released, held: -(paid + released))
        post(venue: payVenue, .clearing, paid)
        post(venue: receiveVenue, .clearing, -received)
        try post(Int(isBuy ? order.pointee.baseSlot : order.pointee.quoteSlot), available: received - fee, held: 0)
        post(venue: receiveVenue, .fees, fee)
        try endEntry()
    }

    // MARK: Reductions and ends

    private mutating func settle(_ reduction: OrderReduced, _ context: RecordContext) throws(InvariantViolation) {
        let slot = try openOrder(reduction.orderId, reduction.account)
        let order = orders.place(slot)
        // An order that buys by quote amount holds that amount until it ends, however many lots it gives up.
        if !order.pointee.isByQuote { try reduce(order, by: reduction.quantity, context) }
        orders.change(slot)
        if !reduction.clientOrderId.isEmpty, reduction.clientOrderId != orders.clientOrderID(of: slot) {
            orders.rename(slot, to: reduction.clientOrderId, at: clock)
        }
    }

    private mutating func reduce(
        _ order: UnsafeMutablePointer<OpenOrder>, by quantity: Quantity, _ context: RecordContext
    ) throws(InvariantViolation) {
        let before = order.pointee
        guard quantity.rawValue >= 0, quantity <= before.remaining else {
            throw InvariantViolation(
                "order \(before.orderID) is reduced by \(quantity) lots, \(before.remaining) are left")
        }
        order.pointee.remaining -= quantity
        guard let need = order.pointee.need else {
            throw InvariantViolation("what order \(before.orderID) needs is out of range")
        }
        order.pointee.held = need
        try adjustNotional(order, from: before.notional, to: order.pointee.notional)
        try release(before.held.rawValue - need.rawValue, of: order, .reduction, context)
    }

    private mutating func settle(_ end: OrderEnd, _ context: RecordContext) throws(InvariantViolation) {
        let slot = try openOrder(end.orderId, end.account)
        let order = orders.place(slot)
        try adjustNotional(order, from: order.pointee.notional, to: .zero)
        try release(order.pointee.held.rawValue, of: order, .release, context)
        orders.close(slot, at: clock, isRefused: end.refused)
    }

    private mutating func release(
        _ amount: Int64, of order: UnsafeMutablePointer<OpenOrder>, _ kind: JournalKind, _ context: RecordContext
    ) throws(InvariantViolation) {
        guard amount != 0 else { return }
        beginEntry(kind, order, context)
        try post(order.pointee.paySlot, available: amount, held: -amount)
        try endEntry()
    }

    /// Takes from the account's open value what the order has lost of its own.
    @inline(__always)
    private mutating func adjustNotional(
        _ order: UnsafeMutablePointer<OpenOrder>, from before: Amount?, to after: Amount?
    ) throws(InvariantViolation) {
        guard let before, let after else {
            throw InvariantViolation("the value of order \(order.pointee.orderID) is out of range")
        }
        balances.accounts[Int(order.pointee.quoteSlot)].openNotional -= before.rawValue - after.rawValue
    }
}
