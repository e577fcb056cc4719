import Records
import TradingCore

extension MatchingCore {
    mutating func cancelOrder(_ cancel: UnsafePointer<CancelOrder>, _ context: RecordContext) {
        execution.instrument = cancel.pointee.instrument
        if context.hasPassed(cancel.pointee.deadline) { return refuse(cancel, .deadlinePassed) }
        let slot = openOrder(cancel.pointee.orderId, cancel.pointee.account, cancel.pointee.instrument)
        guard slot != noSlot else { return refuse(cancel, .unknownOrder) }
        let isNew = books.orders[slot].pointee.executed == .zero
        switch cancel.pointee.restriction {
        case .none: break
        case .onlyNew: if !isNew { return refuse(cancel, .cancelRestricted) }
        case .onlyPartiallyFilled: if isNew { return refuse(cancel, .cancelRestricted) }
        }
        endResting(slot, .canceled, cancel.pointee.clientOrderId)
    }

    mutating func cancelAll(_ cancel: CancelAll, _ context: RecordContext) {
        execution.instrument = cancel.instrument
        var reason = RefusalReason.unknownOrder
        if context.hasPassed(cancel.deadline) {
            reason = .deadlinePassed
        } else if let book = books.book(cancel.instrument) {
            let slots = books.orders(of: cancel.account, in: book)
            for slot in slots { endResting(slot, cancel.reason, ASCIIText()) }
            if !slots.isEmpty { return }
        }
        refuse(Refusal(account: cancel.account, instrument: cancel.instrument, reason: reason))
    }

    mutating func amend(_ amendment: AmendOrder, _ context: RecordContext) {
        execution.instrument = amendment.instrument
        if context.hasPassed(amendment.deadline) { return refuse(amendment, .deadlinePassed) }
        let slot = openOrder(amendment.orderId, amendment.account, amendment.instrument)
        guard slot != noSlot, let book = books.book(amendment.instrument) else {
            return refuse(amendment, .unknownOrder)
        }
        let order = books.orders[slot]
        guard amendment.newLots <= order.pointee.original else { return refuse(amendment, .amendIncreasesQuantity) }
        guard amendment.newLots != order.pointee.original else { return refuse(amendment, .amendChangesNothing) }
        let reduction = order.pointee.original - amendment.newLots
        guard amendment.newLots > .zero, reduction < order.pointee.remaining else {
            return refuse(amendment, .invalidQuantity)
        }
        touch(order.pointee.level)
        books.reduce(slot, by: reduction)
        order.pointee.original = amendment.newLots
        lists.isRare = true
        execution.amended = OrderAmended(
            orderId: amendment.orderId, account: amendment.account, newQuantity: amendment.newLots,
            origClientOrderId: amendment.origClientOrderId, clientOrderId: amendment.clientOrderId,
            executionId: books.market(book).pointee.nextExecutionID())
        let partition = Int(order.pointee.ledgerPartition)
        settle(in: partition)
        settlements[partition].reductions.append(
            OrderReduced(
                orderId: amendment.orderId, account: amendment.account, quantity: reduction,
                clientOrderId: amendment.clientOrderId))
    }

    /// Ends a resting order with what it has left.
    @inline(__always)
    mutating func endResting(_ slot: UInt32, _ reason: DoneReason, _ cancelID: ASCIIText) {
        let order = books.orders[slot]
        let book = Int(books.levels[order.pointee.level].pointee.side >> 1)
        lists.done.append(
            OrderDone(
                orderId: order.pointee.id, account: order.pointee.account, reason: reason,
                executionId: books.market(book).pointee.nextExecutionID(), executed: order.pointee.executed,
                cancelClientOrderId: cancelID))
        settleEnd(order.pointee.ledgerPartition, order.pointee.id, order.pointee.account)
        removeOrder(slot)
    }

    /// The slot of an open order of `account` in `instrument`, or `noSlot`.
    @inline(__always)
    private func openOrder(_ id: OrderID, _ account: AccountID, _ instrument: InstrumentID) -> UInt32 {
        let slot = books.slot(id)
        guard slot != noSlot, books.orders[slot].pointee.account == account else { return noSlot }
        let book = Int(books.levels[books.orders[slot].pointee.level].pointee.side >> 1)
        return books.market(book).pointee.definition.instrument == instrument ? slot : noSlot
    }

    private mutating func refuse(_ cancel: UnsafePointer<CancelOrder>, _ reason: RefusalReason) {
        refuse(
            Refusal(
                account: cancel.pointee.account, instrument: cancel.pointee.instrument, reason: reason,
                orderId: cancel.pointee.orderId,
                clientOrderId: cancel.pointee.origClientOrderId))
    }

    private mutating func refuse(_ amendment: AmendOrder, _ reason: RefusalReason) {
        refuse(
            Refusal(
                account: amendment.account, instrument: amendment.instrument, reason: reason,
                orderId: amendment.orderId, clientOrderId: amendment.origClientOrderId))
    }
}
