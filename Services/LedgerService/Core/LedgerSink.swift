import Records
import TradingCore

/// Where the ledger's outputs go.
public protocol LedgerSink {
    /// A record for the inbox of a matching partition.
    mutating func matching(_ partition: Int, _ record: MatchingRecord)
    /// What a numbered input did, for `account-events`.
    mutating func accountEvent(_ event: AccountEvent)
    /// An entry of the journal with its postings, for the books in the database.
    mutating func journal(_ entry: JournalEntry, _ postings: Span<Posting>)
}
