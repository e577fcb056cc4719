import Records
import TradingCore

/// The ledger's state as rows: all of it, or what changed since it was asked last. The books in the database have the same tables.
public struct LedgerRows: Equatable, Sendable {
    public var counters = LedgerCounters()
    public var balances: [BalanceRow] = []
    public var venue: [VenueRow] = []
    public var openOrders: [OpenOrderRow] = []
    /// Orders that have ended, whether or not the books ever had them: another replica may have written them there.
    /// Empty when the rows are the whole state.
    public var endedOrders: [OrderID] = []
    /// Names of ended orders; those kept until before `counters.clock` are forgotten. One that has been emptied since it was
    /// given comes again, with its sequence.
    public var closedNames: [ClosedNameRow] = []
    /// As the names.
    public var marks: [MarkRow] = []
    public var deposits: [DepositRow] = []
    public var withdrawals: [WithdrawalRow] = []

    public init() {}
}

/// What the ledger counts.
public struct LedgerCounters: Equatable, Sendable {
    public var logicVersion: UInt32 = LedgerCore.firstLogicVersion
    /// Log time of the last record.
    public var clock = Timestamp(0)
    public var journalSequence: UInt64 = 0
    public var withdrawalCounter: UInt64 = 0
    public var depositCounter: UInt64 = 0
    public var closedSequence: UInt64 = 0
    public var markSequence: UInt64 = 0
    /// By matching partition: how many records were handed to it.
    public var forwarded: [UInt64] = []

    public init() {}
}

public struct BalanceRow: Equatable, Sendable {
    public var account: AccountID
    public var asset: AssetID
    public var free: Amount
    public var locked: Amount

    public init(account: AccountID, asset: AssetID, free: Amount, locked: Amount) {
        self.account = account
        self.asset = asset
        self.free = free
        self.locked = locked
    }

    init(_ balance: AccountBalance) {
        self.init(
            account: balance.account, asset: balance.asset, free: Amount(balance.free), locked: Amount(balance.locked))
    }
}

/// The venue's accounts in an asset, minor units.
public struct VenueRow: Equatable, Sendable {
    public var asset: AssetID
    public var clearing: Int128
    public var fees: Int128
    public var custody: Int128

    public init(asset: AssetID, clearing: Int128, fees: Int128, custody: Int128) {
        self.asset = asset
        self.clearing = clearing
        self.fees = fees
        self.custody = custody
    }

    init(_ balance: VenueBalance) {
        self.init(asset: balance.asset, clearing: balance.clearing, fees: balance.fees, custody: balance.custody)
    }
}

public struct OpenOrderRow: Equatable, Sendable {
    public var orderID: OrderID
    public var account: AccountID
    public var instrument: InstrumentID
    public var clientOrderID: ASCIIText
    public var side: Side
    /// A BUY by quote amount.
    public var isByQuote: Bool
    public var matchingPartition: UInt32
    /// Ticks.
    public var price: Price
    /// Lots.
    public var remaining: Quantity
    /// Minor units of the quote asset for a BUY, of the base asset for a SELL.
    public var held: Amount
    public var scale: InstrumentScale
    public var baseAsset: AssetID
    public var quoteAsset: AssetID

    public init(
        orderID: OrderID, account: AccountID, instrument: InstrumentID, clientOrderID: ASCIIText, side: Side,
        isByQuote: Bool, matchingPartition: UInt32, price: Price, remaining: Quantity, held: Amount,
        scale: InstrumentScale, baseAsset: AssetID, quoteAsset: AssetID
    ) {
        self.orderID = orderID
        self.account = account
        self.instrument = instrument
        self.clientOrderID = clientOrderID
        self.side = side
        self.isByQuote = isByQuote
        self.matchingPartition = matchingPartition
        self.price = price
        self.remaining = remaining
        self.held = held
        self.scale = scale
        self.baseAsset = baseAsset
        self.quoteAsset = quoteAsset
    }

    init(_ order: OpenOrder, clientOrderID: ASCIIText) {
        self.init(
            orderID: order.orderID, account: order.account, instrument: order.instrument,
            clientOrderID: clientOrderID, side: order.side, isByQuote: order.isByQuote,
            matchingPartition: UInt32(order.matchingPartition), price: order.price, remaining: order.remaining,
            held: order.held, scale: order.scale, baseAsset: order.baseAsset, quoteAsset: order.quoteAsset)
    }

    var order: OpenOrder {
        OpenOrder(
            orderID: orderID, account: account, instrument: instrument, side: side, isByQuote: isByQuote,
            matchingPartition: Int(matchingPartition), price: price, remaining: remaining, held: held, scale: scale,
            baseAsset: baseAsset, quoteAsset: quoteAsset)
    }
}

/// A client id that is taken beyond its order's end.
public struct ClosedNameRow: Equatable, Sendable {
    /// The place among the closed names, without gaps.
    public var sequence: UInt64
    /// 0: the name was emptied and stands for nothing.
    public var orderID: OrderID
    public var account: AccountID
    public var instrument: InstrumentID
    public var clientOrderID: ASCIIText
    public var keptUntil: Timestamp

    public init(
        sequence: UInt64, orderID: OrderID, account: AccountID, instrument: InstrumentID, clientOrderID: ASCIIText,
        keptUntil: Timestamp
    ) {
        self.sequence = sequence
        self.orderID = orderID
        self.account = account
        self.instrument = instrument
        self.clientOrderID = clientOrderID
        self.keptUntil = keptUntil
    }

    init(_ name: OrderName) {
        self.init(
            sequence: name.sequence, orderID: name.orderID, account: name.account, instrument: name.instrument,
            clientOrderID: name.clientOrderID, keptUntil: name.keptUntil)
    }
}

/// An id that an order with an earlier timestamp may not have.
public struct MarkRow: Equatable, Sendable {
    /// The place among the marks, without gaps.
    public var sequence: UInt64
    public var account: AccountID
    /// 0 when an order id is meant.
    public var instrument: InstrumentID
    /// 0 when a client id is meant.
    public var orderID: OrderID
    public var clientOrderID: ASCIIText
    public var timestamp: Timestamp
    public var keptUntil: Timestamp

    public init(
        sequence: UInt64, account: AccountID, instrument: InstrumentID, orderID: OrderID, clientOrderID: ASCIIText,
        timestamp: Timestamp, keptUntil: Timestamp
    ) {
        self.sequence = sequence
        self.account = account
        self.instrument = instrument
        self.orderID = orderID
        self.clientOrderID = clientOrderID
        self.timestamp = timestamp
        self.keptUntil = keptUntil
    }

    init(_ mark: Mark, sequence: UInt64) {
        self.init(
            sequence: sequence, account: mark.account, instrument: mark.instrument, orderID: mark.orderID,
            clientOrderID: mark.clientOrderID, timestamp: mark.timestamp, keptUntil: mark.keptUntil)
    }
}

public struct DepositRow: Equatable, Sendable {
    /// Counts the deposits of the partition, from 1.
    public var sequence: UInt64
    public var account: AccountID
    public var asset: AssetID
    public var amount: Amount
    public var reference: ASCIIText
    public var transactionID: String
    public var network: ASCIIText
    /// Log time.
    public var postedAt: Timestamp

    public init(
        sequence: UInt64, account: AccountID, asset: AssetID, amount: Amount, reference: ASCIIText,
        transactionID: String, network: ASCIIText, postedAt: Timestamp
    ) {
        self.sequence = sequence
        self.account = account
        self.asset = asset
        self.amount = amount
        self.reference = reference
        self.transactionID = transactionID
        self.network = network
        self.postedAt = postedAt
    }
}

public struct WithdrawalRow: Equatable, Sendable {
    public var id: WithdrawalID
    public var account: AccountID
    public var asset: AssetID
    /// Everything that leaves the account, the fee included.
    public var amount: Amount
    public var fee: Amount
    public var status: WithdrawalStatus
    public var withdrawOrderID: ASCIIText
    public var address: String
    public var addressTag: String
    public var network: ASCIIText
    /// Known once it is settled.
    public var transactionID: String
    /// Log time.
    public var requestedAt: Timestamp
    /// Log time; 0 while it is held.
    public var resolvedAt: Timestamp

    public init(
        id: WithdrawalID, account: AccountID, asset: AssetID, amount: Amount, fee: Amount, status: WithdrawalStatus,
        withdrawOrderID: ASCIIText, address: String, addressTag: String, network: ASCIIText, transactionID: String,
        requestedAt: Timestamp, resolvedAt: Timestamp
    ) {
        self.id = id
        self.account = account
        self.asset = asset
        self.amount = amount
        self.fee = fee
        self.status = status
        self.withdrawOrderID = withdrawOrderID
        self.address = address
        self.addressTag = addressTag
        self.network = network
        self.transactionID = transactionID
        self.requestedAt = requestedAt
        self.resolvedAt = resolvedAt
    }
}
