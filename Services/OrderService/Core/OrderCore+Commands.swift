import Records
import TradingCore

// Cancels pass whatever the market's or the account's status is: a halt or a kill switch never traps an order.
extension OrderCore {
    /// Whether a cancel is handed on; if not, `refused` says why.
    @usableFromInline
    mutating func passes(_ cancel: UnsafePointer<CancelOrder>, _ context: RecordContext) -> Bool {
        guard cancel.pointee.origClientOrderId.isPrintable, cancel.pointee.clientOrderId.isPrintable else {
            refused.value = OrderCore.unstorable(cancel.pointee.account, cancel.pointee.instrument)
            return false
        }
        guard
            let objection = objection(
                cancel.pointee.account, cancel.pointee.instrument, cancel.pointee.deadline, context)
        else { return true }
        refused.value = OrderCore.refusal(
            cancel.pointee.account, cancel.pointee.instrument, cancel.pointee.origClientOrderId, objection)
        return false
    }

    mutating func cancelAll(_ cancel: CancelAll, _ context: RecordContext, _ sink: inout some OrderSink) {
        if let objection = objection(cancel.account, cancel.instrument, cancel.deadline, context) {
            return refuse(cancel.account, cancel.instrument, ASCIIText(), objection, &sink)
        }
        sink.ledger(.cancelAll(cancel))
    }

    mutating func amend(_ amend: AmendOrder, _ context: RecordContext, _ sink: inout some OrderSink) {
        if let objection = objection(amend.account, amend.instrument, amend.deadline, context) {
            return refuse(amend.account, amend.instrument, amend.origClientOrderId, objection, &sink)
        }
        guard let slot = reference.slot(amend.instrument) else { return }
        let definition = reference.instruments[slot].definition
        if let objection = OrderCore.lotSize(amend.newQuantity, definition) {
            return refuse(amend.account, amend.instrument, amend.origClientOrderId, objection, &sink)
        }
        var passed = amend
        passed.newLots = Quantity(amend.newQuantity / definition.stepSize)
        sink.ledger(.amendOrder(passed))
    }

    mutating func deposit(_ deposit: Deposit, _ sink: inout some OrderSink) {
        if let objection = objectionToDeposit(deposit) {
            return refuse(deposit.account, InstrumentID(0), deposit.reference, objection, &sink)
        }
        sink.ledger(.deposit(deposit))
    }

    private func objectionToDeposit(_ deposit: Deposit) -> Objection? {
        guard let account = reference.slot(deposit.account) else { return Objection(.unknownAccount) }
        guard let asset = reference.slot(deposit.asset) else { return Objection(.unknownAsset) }
        guard reference.accounts[account].definition.mayDeposit, reference.assets[asset].depositsEnabled else {
            return Objection(.accountActionDisabled)
        }
        return deposit.amount.rawValue > 0 ? nil : Objection(.amountOutOfRange)
    }

    mutating func requestWithdrawal(
        _ request: RequestWithdrawal, _ context: RecordContext, _ sink: inout some OrderSink
    ) {
        if let objection = objectionToWithdrawal(request, context) {
            return refuse(request.account, InstrumentID(0), request.withdrawOrderId, objection, &sink)
        }
        sink.ledger(.requestWithdrawal(request))
    }

    private func objectionToWithdrawal(_ request: RequestWithdrawal, _ context: RecordContext) -> Objection? {
        if context.hasPassed(request.deadline) { return Objection(.deadlinePassed) }
        guard let account = reference.slot(request.account) else { return Objection(.unknownAccount) }
        guard let asset = reference.slot(request.asset) else { return Objection(.unknownAsset) }
        guard reference.accounts[account].definition.mayWithdraw, reference.assets[asset].withdrawalsEnabled else {
            return Objection(.accountActionDisabled)
        }
        let definition = reference.assets[asset]
        let least = max(definition.withdrawalMinimum.rawValue, 1)
        guard request.amount.rawValue >= least, request.fee.rawValue >= 0, request.fee < request.amount else {
            var objection = Objection(.amountOutOfRange)
            objection.limit = least
            objection.actual = request.amount.rawValue
            objection.decimals = definition.decimals
            return objection
        }
        return nil
    }

    @inline(__always)
    private mutating func objection(
        _ account: AccountID, _ instrument: InstrumentID, _ deadline: Timestamp, _ context: RecordContext
    ) -> Objection? {
        if context.hasPassed(deadline) { return Objection(.deadlinePassed) }
        if reference.slot(account) == nil { return Objection(.unknownAccount) }
        if reference.slot(instrument) == nil { return Objection(.unknownInstrument) }
        return nil
    }
}
