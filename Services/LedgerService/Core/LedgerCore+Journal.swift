import TradingCore

/// The journal of the running input: entries, each with the next of the postings.
struct RunningJournal: ~Copyable {
    private(set) var entries = KeptList<JournalEntry>()
    /// By entry: where its postings end.
    private(set) var ends = KeptList<Int>()
    private(set) var postings = KeptList<Posting>()
    // Sums of the running entry; it is about one asset or two.
    private var first = AssetID(0)
    private var second = AssetID(0)
    private var firstSum: Int128 = 0
    private var secondSum: Int128 = 0
    private var isTooWide = false

    @inline(__always)
    mutating func begin(_ entry: JournalEntry) {
        entries.append(entry)
        first = AssetID(0)
        second = AssetID(0)
        firstSum = 0
        secondSum = 0
        isTooWide = false
    }

    /// Moves `amount` into one of the venue's own accounts.
    mutating func post(_ ledgerAccount: LedgerAccount, _ asset: AssetID, _ amount: Int64) {
        guard amount != 0 else { return }
        add(Int128(amount), of: asset)
        postings.append(Posting(ledgerAccount: ledgerAccount, asset: asset, amount: Amount(amount)))
    }

    /// Moves `available` and `held` into an account.
    @inline(__always)
    mutating func post(_ account: AccountID, _ asset: AssetID, available: Int64, held: Int64) {
        add(Int128(available) + Int128(held), of: asset)
        if available != 0 {
            postings.append(
                Posting(ledgerAccount: .available, account: account, asset: asset, amount: Amount(available)))
        }
        if held != 0 {
            postings.append(Posting(ledgerAccount: .held, account: account, asset: asset, amount: Amount(held)))
        }
    }

    @inline(__always)
    private mutating func add(_ amount: Int128, of asset: AssetID) {
        guard amount != 0 else { return }
        if first.rawValue == 0 || first == asset {
            first = asset
            firstSum += amount
        } else if second.rawValue == 0 || second == asset {
            second = asset
            secondSum += amount
        } else {
            isTooWide = true
        }
    }

    /// Ends the running entry.
    ///
    /// - Returns: whether its postings sum to zero for every asset.
    @inline(__always)
    mutating func end() -> Bool {
        ends.append(postings.count)
        return firstSum == 0 && secondSum == 0 && !isTooWide
    }

    mutating func clear() {
        entries.clear()
        ends.clear()
        postings.clear()
    }
}

extension LedgerCore {
    /// Begins an entry of the running input, with the next number.
    mutating func beginEntry(_ kind: JournalKind, _ account: AccountID, _ context: RecordContext) {
        journal.begin(newEntry(kind, account, context))
    }

    /// Begins an entry about an order.
    mutating func beginEntry(
        _ kind: JournalKind, _ order: UnsafeMutablePointer<OpenOrder>, _ context: RecordContext,
        tradeID: TradeID = TradeID(0)
    ) {
        var entry = newEntry(kind, order.pointee.account, context)
        entry.instrument = order.pointee.instrument
        entry.orderID = order.pointee.orderID
        entry.tradeID = tradeID
        journal.begin(entry)
    }

    /// Begins an entry about a withdrawal.
    mutating func beginEntry(_ kind: JournalKind, _ withdrawal: WithdrawalRow, _ context: RecordContext) {
        var entry = newEntry(kind, withdrawal.account, context)
        entry.withdrawalID = withdrawal.id
        journal.begin(entry)
    }

    private mutating func newEntry(
        _ kind: JournalKind, _ account: AccountID, _ context: RecordContext
    ) -> JournalEntry {
        journalSequence += 1
        return JournalEntry(
            sequence: journalSequence, kind: kind, time: context.clock, causeWriter: context.writer,
            causeNumber: context.number, account: account)
    }

    /// Moves money of an account, and writes it into the entry.
    mutating func post(_ slot: Int, available: Int64, held: Int64) throws(InvariantViolation) {
        try balances.post(slot, free: available, locked: held)
        let account = balances.accounts[slot].account
        let asset = balances.accounts[slot].asset
        journal.post(account, asset, available: available, held: held)
    }

    /// Moves money of the venue's own accounts, and writes it into the entry.
    mutating func post(venue slot: Int, _ ledgerAccount: LedgerAccount, _ amount: Int64) {
        guard amount != 0 else { return }
        balances.post(venue: slot, ledgerAccount, amount)
        journal.post(ledgerAccount, balances.venue[slot].asset, amount)
    }

    /// Ends the entry.
    ///
    /// - Throws: when its postings do not sum to zero.
    @inline(__always)
    mutating func endEntry() throws(InvariantViolation) {
        guard journal.end() else { throw LedgerCore.unbalanced(journalSequence) }
    }

    @inline(never)
    private static func unbalanced(_ sequence: UInt64) -> InvariantViolation {
        InvariantViolation("the postings of journal entry \(sequence) do not sum to zero")
    }
}
