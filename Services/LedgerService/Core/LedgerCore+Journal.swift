import TradingCore

extension LedgerCore {
    /// An entry of the running input, with the next number.
    mutating func newEntry(_ kind: JournalKind, _ account: AccountID, _ context: RecordContext) -> JournalEntry {
        journalSequence += 1
        return JournalEntry(kind, sequence: journalSequence, context: context, account: account)
    }

    /// Moves money of an account, and writes it into `entry`.
    mutating func post(
        _ slot: Int, available: Int64, held: Int64, in entry: inout JournalEntry
    ) throws(InvariantViolation) {
        try balances.post(slot, free: available, locked: held)
        let account = balances[slot].account
        let asset = balances[slot].asset
        if available != 0 {
            entry.append(
                Posting(ledgerAccount: .available, account: account, asset: asset, amount: Amount(available)))
        }
        if held != 0 {
            entry.append(Posting(ledgerAccount: .held, account: account, asset: asset, amount: Amount(held)))
        }
    }

    /// Moves money of the venue's own accounts, and writes it into `entry`.
    mutating func post(
        venue slot: Int, _ ledgerAccount: LedgerAccount, _ amount: Int64, in entry: inout JournalEntry
    ) {
        guard amount != 0 else { return }
        balances.post(venue: slot, ledgerAccount, amount)
        entry.append(
            Posting(ledgerAccount: ledgerAccount, asset: balances.venue[slot].asset, amount: Amount(amount)))
    }

    /// Writes `entry` into the journal.
    ///
    /// - Throws: when its postings do not sum to zero.
    mutating func close(_ entry: JournalEntry) throws(InvariantViolation) {
        guard entry.isBalanced else {
            throw InvariantViolation("the postings of journal entry \(entry.sequence) do not sum to zero")
        }
        entries.append(entry)
    }
}
