/// The side of an order or of a price level. Raw values are those of the records.
@frozen
public enum Side: UInt8, Sendable, CaseIterable {
    case buy = 1
    case sell = 2

    @inlinable
    public var opposite: Side { self == .buy ? .sell : .buy }
}

/// What an order asks for. Raw values are those of the records.
public enum OrderType: UInt8, Sendable, CaseIterable {
    case limit = 1
    case limitMaker = 2
    case market = 3
    case stopLoss = 4
    case stopLossLimit = 5
    case takeProfit = 6
    case takeProfitLimit = 7

    /// Whether the client names a limit price.
    public var hasPrice: Bool {
        self == .limit || self == .limitMaker || self == .stopLossLimit || self == .takeProfitLimit
    }
}

/// How long an order stands. Raw values are those of the records.
public enum TimeInForce: UInt8, Sendable, CaseIterable {
    /// Rests until it is filled or cancelled.
    case goodTillCanceled = 1
    /// Takes what is there at once; the rest expires.
    case immediateOrCancel = 2
    /// Takes all at once or nothing.
    case fillOrKill = 3
}

/// What happens when an order would trade with one of its own account or trade group; the taker's mode decides.
public enum SelfTradePrevention: UInt8, Sendable, CaseIterable {
    case none = 1
    case expireTaker = 2
    case expireMaker = 3
    case expireBoth = 4
    /// Both lose the smaller of the two quantities.
    case decrement = 5
}

/// Whether a market takes orders. Raw values are those of the records.
public enum TradingStatus: UInt8, Sendable, CaseIterable {
    case trading = 1
    /// Keeps the book, refuses orders, lets cancels through.
    case halt = 2
    case pause = 3
    case endOfDay = 4
    case cancelOnly = 5
    /// Expires every order; nothing is taken any more.
    case delisted = 6

    public var takesOrders: Bool { self == .trading }
}

/// Which states of an order a cancel is restricted to.
public enum CancelRestriction: UInt8, Sendable, CaseIterable {
    case none = 1
    case onlyNew = 2
    case onlyPartiallyFilled = 3
}

/// Why an order left the book without being filled.
public enum DoneReason: UInt8, Sendable, CaseIterable {
    case canceled = 1
    case immediateOrCancelRest = 2
    case fillOrKillUnfilled = 3
    case insufficientLiquidity = 4
    /// A halt's or delisting's expiry.
    case exchangeExpired = 5
    /// The kill switch's cancel.
    case exchangeCanceled = 6
    case selfTradePrevented = 7
}

/// Every way in which a command is refused; a gateway gives each the code and text of the client API.
public enum RefusalReason: UInt8, Sendable, CaseIterable {
    case filter = 1
    case deadlinePassed = 2
    case unknownInstrument = 3
    case marketClosed = 4
    case accountMayNotTrade = 5
    case accountActionDisabled = 6
    case tooManyOrders = 7
    case insufficientBalance = 8
    case duplicateOrder = 9
    case markedOrder = 10
    case wouldMatchImmediately = 11
    case wouldTriggerImmediately = 12
    case unknownOrder = 13
    case cancelRestricted = 14
    case clientOrderIDMismatch = 15
    case amendIncreasesQuantity = 16
    case amendChangesNothing = 17
    case unsupportedOrderType = 18
    case notionalZero = 19
    case tooMuchPrecision = 20
    case unknownAccount = 21
    case unknownAsset = 22
    case unreadable = 23
    case invalidQuantity = 24
    case duplicateReference = 25
    case unknownWithdrawal = 26
    case withdrawalNotOpen = 27
    case amountOutOfRange = 28
    case symbolNotPermitted = 29
}

/// The filters of an instrument, in the order in which they are evaluated.
public enum Filter: UInt8, Sendable, CaseIterable {
    case priceFilter = 1
    case lotSize = 2
    case marketLotSize = 3
    case notional = 4
    case percentPriceBySide = 5
    case maxNumOrders = 6
    case maxOpenNotional = 7
    case maxNumAlgoOrders = 8
    case maxPosition = 9
}

/// The state of an order as clients see it. Raw values are those of the records.
public enum OrderStatus: UInt8, Sendable, CaseIterable {
    case new = 1
    case partiallyFilled = 2
    case filled = 3
    case canceled = 4
    case rejected = 5
    case expired = 6
    case expiredInMatch = 7

    public var isFinal: Bool { self != .new && self != .partiallyFilled }
}

/// The state of a withdrawal. Raw values are those of the records.
public enum WithdrawalStatus: UInt8, Sendable, CaseIterable {
    /// Its amount is held.
    case held = 1
    /// Its amount has left the venue.
    case settled = 2
    /// Its amount is available again.
    case released = 3
}

/// What a reference-data definition or a report of its revision is about.
public enum DefinitionKind: UInt8, Sendable, CaseIterable {
    case asset = 1
    case instrument = 2
    case account = 3
    case feeSchedule = 4
    case venue = 5
    case apiKey = 6
}
