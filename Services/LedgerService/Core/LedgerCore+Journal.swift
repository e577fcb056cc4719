import TradingCore

/// The journal of the running input: entries, each with the next of the postings.
struct RunningJournal: ~Copyable {
    private(set) var entries = Pool<JournalEntry>()
    /// By entry: where its postings end.
    private(set) var ends = Pool<Int>()
    private(set) var postings = Pool<Posting>()
    // Sums of the running entry; it is about one asset or two.
    private var first = AssetID(0)
    private var second = AssetID(0)
    private var firstSum: Int128 = 0
    private var secondSum: Int128 = 0
    private var isTooWide = false

    mutating func begin(_ entry: JournalEntry) {
        _ = entries.insert(entry)
        first = AssetID(0)
        second = AssetID(0)
        firstSum = 0
        secondSum = 0
        isTooWide = false
    }

    mutating func post(_ ledgerAccount: LedgerAccount, _ account: AccountID, _ asset: AssetID, _ amount: Int64) {
        guard amount != 0 else { return }
        if first.rawValue == 0 || first == asset {
            first = asset
            firstSum += Int128(amount)
        } else if second.rawValue == 0 || second == asset {
            second = asset
            secondSum += Int128(amount)
        } else {
            isTooWide = true
        }
        _ = postings.insert(
            Posting(ledgerAccount: ledgerAccount, account: account, asset: asset, amount: Amount(amount)))
    }

    /// Ends the running entry.
    ///
    /// - Returns: whether its postings sum to zero for every asset.
    mutating func end() -> Bool {
        _ = ends.insert(postings.count)
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
        _ kind: JournalKind, _ order: OpenOrder, _ context: RecordContext, tradeID: TradeID = TradeID(0)
    ) {
        var entry = newEntry(kind, order.account, context)
        entry.instrument = order.instrument
        entry.orderID = order.orderID
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
        journal.post(.available, account, asset, available)
        journal.post(.held, account, asset, held)
    }

    /// Moves money of the venue's own accounts, and writes it into the entry.
    mutating func post(venue slot: Int, _ ledgerAccount: LedgerAccount, _ amount: Int64) {
        guard amount != 0 else { return }
        balances.post(venue: slot, ledgerAccount, amount)
        journal.post(ledgerAccount, AccountID(0), balances.venue[slot].asset, amount)
    }

    /// Ends the entry.
    ///
    /// - Throws: when its postings do not sum to zero.
    mutating func endEntry() throws(InvariantViolation) {
        guard journal.end() else {
            throw InvariantViolation("the postings of journal entry \(journalSequence) do not sum to zero")
        }
    }
}
