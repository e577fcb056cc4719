import Records
import TradingCore

/// Where the ledger's outputs go. What it is handed is lent for the call.
public protocol LedgerSink {
    /// An order whose cost is held, for the inbox of a matching partition.
    mutating func submit(_ order: borrowing KeptRecord<SubmitOrder>, to partition: Int)
    /// A cancel with the id of the order that it means, likewise.
    mutating func cancel(_ cancel: borrowing KeptRecord<CancelOrder>, to partition: Int)
    /// A cancel of an account's orders in a market, likewise.
    mutating func cancelAll(_ cancel: CancelAll, to partition: Int)
    /// An amendment with the id of the order that it means, likewise.
    mutating func amend(_ amend: AmendOrder, to partition: Int)
    /// What a numbered input did, for `account-events`.
    mutating func accountEvent(_ event: borrowing LedgerEvent)
    /// An entry of the journal with its postings, for the books in the database.
    mutating func journal(_ entry: JournalEntry, _ postings: Span<Posting>)
}
