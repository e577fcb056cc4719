import Records
import TradingCore

extension LedgerCore {
    /// Holds what `order` can cost at worst and opens it, or refuses it.
    ///
    /// - Returns: whether it goes on to the engine.
    mutating func submit(_ order: SubmitOrder, _ context: RecordContext) throws(InvariantViolation) -> Bool {
        if context.hasPassed(order.deadline) { return refuse(order, .deadlinePassed) }
        if marks.refuse(order) { return refuse(order, .markedOrder) }
        if !order.clientOrderId.isEmpty,
            let name = orders.name(order.account, order.instrument, order.clientOrderId)
        {
            return refuse(order, .duplicateOrder, first: orders.names[name].orderID)
        }
        guard orders.name(of: order.orderId) == nil, order.orderId.rawValue > 0,
            order.matchingPartition <= UInt32(UInt16.max)
        else {
            throw InvariantViolation(
                "order id \(order.orderId) for matching partition \(order.matchingPartition) cannot be new")
        }
        let openCount = orders.openCount(order.account, order.instrument)
        if order.maximumOrders != 0, openCount >= Int(order.maximumOrders) {
            return refuse(
                order, .filter, .maxNumOrders, limit: Int64(order.maximumOrders), actual: Int64(openCount) + 1)
        }
        var open = OpenOrder(order)
        guard let need = open.initialNeed(order), let notional = open.initialNotional(order), need.rawValue > 0 else {
            return refuse(order, .amountOutOfRange)
        }
        open.held = need
        if let refusal = openNotionalRefusal(order, adding: notional.rawValue) {
            answer.refusal = refusal
            return false
        }
        let free = balance(order.account, open.payAsset).free
        guard free >= need else {
            return refuse(order, .insufficientBalance, limit: free.rawValue, actual: need.rawValue)
        }
        try place(open, order, notional, context)
        return true
    }

    private mutating func place(
        _ order: OpenOrder, _ submit: SubmitOrder, _ notional: Amount, _ context: RecordContext
    ) throws(InvariantViolation) {
        var order = order
        order.baseSlot = Int32(balances.slotOrNew(order.account, order.baseAsset))
        order.quoteSlot = Int32(balances.slotOrNew(order.account, order.quoteAsset))
        balances.accounts[Int(order.quoteSlot)].openNotional += notional.rawValue
        beginEntry(.hold, order, context)
        try post(order.paySlot, available: -order.held.rawValue, held: order.held.rawValue)
        try endEntry()
        _ = orders.open(order, clientOrderID: submit.clientOrderId)
        answer(orderID: order.orderID)
    }

    /// The refusal when the account's open orders in the quote asset would be worth more than they may.
    private func openNotionalRefusal(_ order: SubmitOrder, adding notional: Int64) -> Refusal? {
        let open = balances.slot(order.account, order.quoteAsset).map { balances.accounts[$0].openNotional } ?? 0
        let (sum, overflow) = open.addingReportingOverflow(notional)
        let limit = order.maximumOpenNotional.rawValue
        if limit != 0, overflow || sum > limit {
            return LedgerCore.refusal(
                order, .filter, .maxOpenNotional, limit: limit, actual: overflow ? Int64.max : sum)
        }
        return overflow ? LedgerCore.refusal(order, .amountOutOfRange) : nil
    }

    private mutating func refuse(
        _ order: SubmitOrder, _ reason: RefusalReason, _ filter: Filter? = nil, first: OrderID? = nil,
        limit: Int64 = 0, actual: Int64 = 0
    ) -> Bool {
        answer.refusal = LedgerCore.refusal(order, reason, filter, first: first, limit: limit, actual: actual)
        return false
    }

    private static func refusal(
        _ order: SubmitOrder, _ reason: RefusalReason, _ filter: Filter? = nil, first: OrderID? = nil,
        limit: Int64 = 0, actual: Int64 = 0
    ) -> Refusal {
        Refusal(
            account: order.account, instrument: order.instrument, reason: reason, filter: filter,
            orderId: first ?? order.orderId, clientOrderId: order.clientOrderId, limit: limit, actual: actual)
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
