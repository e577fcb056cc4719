import TradingCore

/// The accounts of the double-entry books. Every change is a journal entry whose postings sum to zero per asset over all of these.
public enum LedgerAccount: UInt8, Sendable, CaseIterable {
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
public enum JournalKind: UInt8, Sendable, CaseIterable {
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
public struct Posting: Hashable, Sendable {
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

/// Postings that sum to zero per asset, with what caused them.
///
/// The postings are kept inline: an entry is written for every hold and every fill, and must not allocate.
public struct JournalEntry: Sendable {
    /// The most postings of an entry: a fill's held, available, two of clearing, received and fee.
    public static let capacity = 6

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
    public var instrument: InstrumentID
    /// 0 for deposits and withdrawals.
    public var orderID: OrderID
    /// 0 unless a fill.
    public var tradeID: TradeID
    /// 0 unless a withdrawal's.
    public var withdrawalID: WithdrawalID
    public private(set) var count = 0
    private var lines: InlineArray<6, Posting>

    init(_ kind: JournalKind, sequence: UInt64, context: RecordContext, account: AccountID) {
        self.sequence = sequence
        self.kind = kind
        time = context.clock
        causeWriter = context.writer
        causeNumber = context.number
        self.account = account
        instrument = InstrumentID(0)
        orderID = OrderID(0)
        tradeID = TradeID(0)
        withdrawalID = WithdrawalID(0)
        lines = InlineArray(repeating: Posting(ledgerAccount: .available, asset: AssetID(0), amount: .zero))
    }

    /// The posting at `index`, from 0 to below `count`.
    public subscript(index: Int) -> Posting {
        precondition(index < count, "an entry has no posting beyond its count")
        return lines[index]
    }

    mutating func append(_ posting: Posting) {
        precondition(count < JournalEntry.capacity, "an entry has at most six postings")
        lines[count] = posting
        count += 1
    }

    /// Whether the postings sum to zero for every asset among them.
    public var isBalanced: Bool {
        for index in 0..<count {
            var sum: Int128 = 0
            for other in 0..<count where lines[other].asset == lines[index].asset {
                sum += Int128(lines[other].amount.rawValue)
            }
            if sum != 0 { return false }
        }
        return true
    }
}
