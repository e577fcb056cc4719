import TradingCore

/// The accounts of the double-entry books. Every change is a journal entry whose postings sum to zero per asset over all of these.
public enum LedgerAccount: UInt8, Sendable, CaseIterable, BitwiseCopyable {
    /// What an account may dispose of.
    case available = 1
    /// What an account's open orders and pending withdrawals need.
    case held = 2
    /// Where the two sides of a trade meet: each side is an entry of its own, and once both are posted this is zero.
    case clearing = 3
    /// The venue's fees.
    case fees = 4
    /// The world outside: minus what was deposited and has not left. All other accounts together are its opposite.
    case custody = 5
}

/// What an entry of the journal did. Raw values are those of the database.
public enum JournalKind: UInt8, Sendable, CaseIterable, BitwiseCopyable {
    /// An order's worst cost moved from available to held.
    case hold = 1
    /// One side of a trade, with the fee and the release that came with it.
    case fill = 2
    /// A smaller quantity needs less.
    case reduction = 3
    /// An order ended: what was left of its hold.
    case release = 4
    case deposit = 5
    case withdrawalHold = 6
    case withdrawalSettled = 7
    case withdrawalReleased = 8
}

/// One movement of money: `amount` minor units of `asset` into (or, below zero, out of) a ledger account.
public struct Posting: Hashable, Sendable, BitwiseCopyable {
    public var ledgerAccount: LedgerAccount
    /// The holder of available and held; 0 for the venue's own accounts.
    public var account: AccountID
    public var asset: AssetID
    public var amount: Amount

    public init(ledgerAccount: LedgerAccount, account: AccountID = AccountID(0), asset: AssetID, amount: Amount) {
        self.ledgerAccount = ledgerAccount
        self.account = account
        self.asset = asset
        self.amount = amount
    }
}

/// What caused postings that sum to zero per asset.
public struct JournalEntry: Equatable, Sendable, BitwiseCopyable {
    /// Counts the entries of a ledger partition, from 1.
    public var sequence: UInt64
    public var kind: JournalKind
    /// Log time.
    public var time: Timestamp
    /// The input's writer and number in the ledger's inbox.
    public var causeWriter: Writer
    public var causeNumber: UInt64
    public var account: AccountID
    /// 0 for deposits and withdrawals.
    public var instrument = InstrumentID(0)
    /// 0 for deposits and withdrawals.
    public var orderID = OrderID(0)
    /// 0 unless a fill.
    public var tradeID = TradeID(0)
    /// 0 unless a withdrawal's.
    public var withdrawalID = WithdrawalID(0)

    public init(
        sequence: UInt64, kind: JournalKind, time: Timestamp, causeWriter: Writer, causeNumber: UInt64,
        account: AccountID
    ) {
        self.sequence = sequence
        self.kind = kind
        self.time = time
        self.causeWriter = causeWriter
        self.causeNumber = causeNumber
        self.account = account
    }
}
