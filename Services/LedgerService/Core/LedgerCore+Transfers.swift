import Records
import TradingCore

extension LedgerCore {
    // MARK: Deposits

    /// Posts a deposit once for its reference; a repeated one gives the first event.answer.
    mutating func post(_ deposit: Deposit, _ context: RecordContext) throws(InvariantViolation) {
        guard !deposit.reference.isEmpty else {
            event.answer.refusal = Refusal(account: deposit.account, reason: .unreadable)
            return
        }
        if let first = transfers.deposit(deposit.account, deposit.reference) {
            event.answer.deposit = DepositPosted(first, isRepeated: true)
            return
        }
        guard canTake(deposit) else {
            event.answer.refusal = Refusal(
                account: deposit.account, reason: .amountOutOfRange, actual: deposit.amount.rawValue)
            return
        }
        depositCounter += 1
        let row = DepositRow(
            sequence: depositCounter, account: deposit.account, asset: deposit.asset, amount: deposit.amount,
            reference: deposit.reference, transactionID: deposit.transactionId, network: deposit.network,
            postedAt: clock)
        let slot = balances.slotOrNew(deposit.account, deposit.asset)
        let venue = balances.venueSlotOrNew(deposit.asset)
        beginEntry(.deposit, deposit.account, context)
        try post(slot, available: deposit.amount.rawValue, held: 0)
        post(venue: venue, .custody, -deposit.amount.rawValue)
        try endEntry()
        transfers.add(row)
        event.answer.deposit = DepositPosted(row, isRepeated: false)
    }

    /// Whether the amount is positive and the partition's total of the asset stays within an `Amount`, so that no trade
    /// inside it can overflow a balance; and whether it fits the account, which trades may have given more than that.
    private func canTake(_ deposit: Deposit) -> Bool {
        let amount = deposit.amount.rawValue
        guard amount > 0 else { return false }
        let custody = balances.venueBalance(deposit.asset).custody
        guard -custody + Int128(amount) <= Int128(Int64.max) else { return false }
        let balance = balance(deposit.account, deposit.asset)
        let total = Int128(balance.free.rawValue) + Int128(balance.locked.rawValue)
        return total + Int128(amount) <= Int128(Int64.max)
    }

    // MARK: Withdrawals

    /// Holds a withdrawal once for its id; a repeated one answers the first.
    mutating func hold(_ request: RequestWithdrawal, _ context: RecordContext) throws(InvariantViolation) {
        if context.hasPassed(request.deadline) { return refuse(request, .deadlinePassed) }
        if let first = transfers.withdrawal(request.account, request.withdrawOrderId) {
            event.answer.withdrawal = WithdrawalUpdate(transfers.withdrawals[first], isRepeated: true)
            return
        }
        guard request.amount.rawValue > 0, request.fee.rawValue >= 0, request.fee < request.amount else {
            return refuse(request, .amountOutOfRange)
        }
        guard let slot = balances.slot(request.account, request.asset),
            balances.accounts[slot].free >= request.amount.rawValue
        else { return refuse(request, .insufficientBalance) }
        withdrawalCounter += 1
        let id = WithdrawalID(Int64(withdrawalCounter) << 10 | Int64(partition))
        let row = WithdrawalRow(
            id: id, account: request.account, asset: request.asset, amount: request.amount, fee: request.fee,
            status: .held, withdrawOrderID: request.withdrawOrderId, address: request.address,
            addressTag: request.addressTag, network: request.network, transactionID: "", requestedAt: clock,
            resolvedAt: Timestamp(0))
        beginEntry(.withdrawalHold, row, context)
        try post(slot, available: -row.amount.rawValue, held: row.amount.rawValue)
        try endEntry()
        transfers.add(row)
        event.answer.withdrawal = WithdrawalUpdate(row, isRepeated: false)
    }

    /// Settles or releases a held withdrawal. The same word again answers as the first time.
    mutating func resolve(_ resolution: ResolveWithdrawal, _ context: RecordContext) throws(InvariantViolation) {
        guard let index = transfers.withdrawal(resolution.withdrawalId),
            transfers.withdrawals[index].account == resolution.account
        else {
            event.answer.refusal = Refusal(account: resolution.account, reason: .unknownWithdrawal)
            return
        }
        let row = transfers.withdrawals[index]
        guard row.status == .held, resolution.status != .held else {
            if row.status == resolution.status {
                event.answer.withdrawal = WithdrawalUpdate(row, isRepeated: true)
            } else {
                event.answer.refusal = Refusal(account: resolution.account, reason: .withdrawalNotOpen)
            }
            return
        }
        let isSettled = resolution.status == .settled
        let slot = balances.slotOrNew(row.account, row.asset)
        let amount = row.amount.rawValue
        beginEntry(isSettled ? .withdrawalSettled : .withdrawalReleased, row, context)
        try post(slot, available: isSettled ? 0 : amount, held: -amount)
        if isSettled {
            let venue = balances.venueSlotOrNew(row.asset)
            post(venue: venue, .custody, amount - row.fee.rawValue)
            post(venue: venue, .fees, row.fee.rawValue)
        }
        try endEntry()
        transfers.resolve(index, resolution.status, transactionID: resolution.transactionId, at: clock)
        event.answer.withdrawal = WithdrawalUpdate(transfers.withdrawals[index], isRepeated: false)
    }

    private mutating func refuse(_ request: RequestWithdrawal, _ reason: RefusalReason) {
        event.answer.refusal = Refusal(
            account: request.account, reason: reason, clientOrderId: request.withdrawOrderId,
            limit: balance(request.account, request.asset).free.rawValue, actual: request.amount.rawValue)
    }
}

extension DepositPosted {
    init(_ row: DepositRow, isRepeated: Bool) {
        self.init(
            account: row.account, asset: row.asset, amount: row.amount, reference: row.reference,
            transactionId: row.transactionID, network: row.network, repeatedReference: isRepeated)
    }
}

extension WithdrawalUpdate {
    init(_ row: WithdrawalRow, isRepeated: Bool) {
        self.init(
            withdrawalId: row.id, account: row.account, asset: row.asset, amount: row.amount, fee: row.fee,
            status: row.status, withdrawOrderId: row.withdrawOrderID, address: row.address,
            addressTag: row.addressTag, network: row.network, transactionId: row.transactionID, repeatedId: isRepeated)
    }
}
