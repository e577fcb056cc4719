import Records
import TradingCore

extension LedgerCore {
    /// Posts what one input of the engine did to the accounts of this partition.
    ///
    /// Reductions come first: a fill or an end of the same input closes its order, and what both take off adds up alike.
    mutating func settle(_ settlement: Settlement, _ context: RecordContext) throws(InvariantViolation) {
        for reduction in settlement.reductions { try settle(reduction, context) }
        for fill in settlement.fills { try settle(fill, context) }
        for end in settlement.ends { try settle(end, context) }
    }

    private func openOrder(_ orderID: OrderID, _ account: AccountID) throws(InvariantViolation) -> Int {
        guard let slot = orders.openSlot(orderID) else {
            throw InvariantViolation("the engine settles order \(orderID), which is not open")
        }
        guard orders[slot].account == account else {
            throw InvariantViolation(
                "the engine settles order \(orderID) for account \(account), it is of \(orders[slot].account)")
        }
        return slot
    }

    // MARK: Fills

    private mutating func settle(_ fill: SettleFill, _ context: RecordContext) throws(InvariantViolation) {
        let slot = try openOrder(fill.orderId, fill.account)
        let order = orders[slot]
        try check(fill, of: order)
        let before = order.notional
        let paid = order.side == .buy ? fill.quoteAmount : fill.baseAmount
        if order.isByQuote { orders[slot].held -= fill.quoteAmount } else { orders[slot].remaining -= fill.quantity }
        let need = fill.done ? Amount.zero : orders[slot].need
        let released = order.held.rawValue - paid.rawValue - (need?.rawValue ?? 0)
        guard let need, released >= 0, need.rawValue >= 0 else {
            throw InvariantViolation("order \(fill.orderId) holds \(order.held), too little for a fill of \(paid)")
        }
        orders[slot].held = need
        try adjustNotional(slot, from: before, isOver: fill.done)
        try postFill(fill, of: order, released: released, context)
        if fill.done {
            orders.close(slot, at: clock, isRefused: false)
        } else {
            orders.change(slot)
        }
    }

    /// What the engine says must follow from the order: its side, its lots, amounts by its scale, a fee out of what is received.
    private func check(_ fill: SettleFill, of order: OpenOrder) throws(InvariantViolation) {
        guard fill.side == order.side, fill.quantity.rawValue > 0,
            order.isByQuote || fill.quantity <= order.remaining,
            order.scale.baseAmount(fill.quantity) == fill.baseAmount,
            order.scale.quoteAmount(fill.price, fill.quantity) == fill.quoteAmount
        else {
            throw InvariantViolation(
                "a fill of \(fill.quantity) lots at \(fill.price) does not fit order \(fill.orderId), \(order.remaining) left"
            )
        }
        let received = order.side == .buy ? fill.baseAmount : fill.quoteAmount
        guard fill.fee.rawValue >= 0, fill.fee <= received else {
            throw InvariantViolation("a fee of \(fill.fee) on \(received) of order \(fill.orderId)")
        }
    }

    private mutating func postFill(
        _ fill: SettleFill, of order: OpenOrder, released: Int64, _ context: RecordContext
    ) throws(InvariantViolation) {
        let isBuy = order.side == .buy
        let paid = (isBuy ? fill.quoteAmount : fill.baseAmount).rawValue
        let received = (isBuy ? fill.baseAmount : fill.quoteAmount).rawValue
        let fee = fill.fee.rawValue
        let payVenue = balances.venueSlotOrNew(isBuy ? order.quoteAsset : order.baseAsset)
        let receiveVenue = balances.venueSlotOrNew(isBuy ? order.baseAsset : order.quoteAsset)
        beginEntry(.fill, order, context, tradeID: fill.tradeId)
        try post(order.paySlot, available: released, held: -(paid + released))
        post(venue: payVenue, .clearing, paid)
        post(venue: receiveVenue, .clearing, -received)
        try post(Int(isBuy ? order.baseSlot : order.quoteSlot), available: received - fee, held: 0)
        post(venue: receiveVenue, .fees, fee)
        try endEntry()
    }

    // MARK: Reductions and ends

    private mutating func settle(_ reduction: OrderReduced, _ context: RecordContext) throws(InvariantViolation) {
        let slot = try openOrder(reduction.orderId, reduction.account)
        let order = orders[slot]
        // An order that buys by quote amount holds that amount until it ends, however many lots it gives up.
        if !order.isByQuote {
            guard reduction.quantity.rawValue >= 0, reduction.quantity <= order.remaining else {
                throw InvariantViolation(
                    "order \(order.orderID) is reduced by \(reduction.quantity) lots, \(order.remaining) are left")
            }
            orders[slot].remaining -= reduction.quantity
            guard let need = orders[slot].need else {
                throw InvariantViolation("what order \(order.orderID) needs is out of range")
            }
            orders[slot].held = need
            try adjustNotional(slot, from: order.notional, isOver: false)
            try release(order.held.rawValue - need.rawValue, of: order, .reduction, context)
        }
        orders.change(slot)
        if !reduction.clientOrderId.isEmpty, reduction.clientOrderId != orders.clientOrderID(of: slot) {
            orders.rename(slot, to: reduction.clientOrderId, at: clock)
        }
    }

    private mutating func settle(_ end: OrderEnd, _ context: RecordContext) throws(InvariantViolation) {
        let slot = try openOrder(end.orderId, end.account)
        let order = orders[slot]
        try adjustNotional(slot, from: order.notional, isOver: true)
        try release(order.held.rawValue, of: order, .release, context)
        orders.close(slot, at: clock, isRefused: end.refused)
    }

    private mutating func release(
        _ amount: Int64, of order: OpenOrder, _ kind: JournalKind, _ context: RecordContext
    ) throws(InvariantViolation) {
        guard amount != 0 else { return }
        beginEntry(kind, order, context)
        try post(order.paySlot, available: amount, held: -amount)
        try endEntry()
    }

    /// Takes from the account's open value what the order at `slot` has lost of its own.
    private mutating func adjustNotional(
        _ slot: Int, from before: Amount?, isOver: Bool
    ) throws(InvariantViolation) {
        guard let before, let after = isOver ? .zero : orders[slot].notional else {
            throw InvariantViolation("the value of order \(orders[slot].orderID) is out of range")
        }
        balances.accounts[Int(orders[slot].quoteSlot)].openNotional -= before.rawValue - after.rawValue
    }
}
