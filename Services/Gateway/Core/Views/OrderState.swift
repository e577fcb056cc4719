import Records
import TradingCore

/// An order as the `executions` of its market have left it. Prices are ticks, quantities lots.
public struct OrderState: Equatable, Sendable {
    public var orderID = OrderID(0)
    public var account = AccountID(0)
    public var instrument = InstrumentID(0)
    public var clientOrderID = ASCIIText()
    public var side = Side.buy
    public var type = OrderType.limit
    public var timeInForce = TimeInForce.goodTillCanceled
    public var selfTradePrevention = SelfTradePrevention.none
    public var status = OrderStatus.new
    /// The limit; zero for a market order, whose protection price clients never see.
    public var price = Price.zero
    public var stopPrice = Price.zero
    public var quantity = Quantity.zero
    public var executed = Quantity.zero
    public var prevented = Quantity.zero
    /// Quote minor units of all fills.
    public var quoteFilled = Amount.zero
    /// Quote minor units asked for; zero unless the order names an amount instead of a quantity.
    public var quoteQuantity = Amount.zero
    public var preventedMatchID: Int64 = 0
    public var strategyID: UInt64 = 0
    public var strategyType: UInt32 = 0
    public var created = Timestamp(0)
    public var updated = Timestamp(0)
    /// The last execution that changed the order: an order's state only advances by these numbers.
    public var execution = ExecutionID(0)
    /// Why it ended without being filled.
    public var doneReason: DoneReason?
    public var ledgerPartition: UInt32 = 0

    public init() {}

    public init(_ accepted: OrderAccepted, instrument: InstrumentID, at time: Timestamp) {
        orderID = accepted.orderId
        account = accepted.account
        self.instrument = instrument
        clientOrderID = accepted.clientOrderId
        side = accepted.side
        type = accepted.type
        timeInForce = accepted.timeInForce
        selfTradePrevention = accepted.selfTradePrevention
        price = accepted.type.hasPrice ? accepted.price : .zero
        quantity = accepted.quoteQuantity == .zero ? accepted.quantity : .zero
        quoteQuantity = accepted.quoteQuantity
        strategyID = accepted.strategyId
        strategyType = accepted.strategyType
        created = time
        updated = time
        execution = accepted.executionId
        ledgerPartition = accepted.ledgerPartition
    }

    public var isOpen: Bool { !status.isFinal }

    /// Days after which an order that ended without a fill is no longer shown by itself.
    public static let archivedAfterDays: Int64 = 90

    /// Whether the order ended without a fill, and so long ago that queries for it are refused.
    public func isArchived(at time: Timestamp) -> Bool {
        guard status.isFinal, executed == .zero else { return false }
        return time.rawValue - updated.rawValue > OrderState.archivedAfterDays * 86_400_000
    }

    /// The quantity that clients are shown: of an order by quote amount, what it has taken.
    public var shownQuantity: Quantity { quoteQuantity == .zero ? quantity : executed + prevented }

    public mutating func fill(_ trade: Trade, asMaker: Bool, at time: Timestamp) {
        executed += trade.quantity
        quoteFilled += trade.quoteAmount
        let isDone = asMaker ? trade.makerDone : trade.takerDone
        status = isDone ? .filled : .partiallyFilled
        updated = time
        execution = ExecutionID(trade.executionId.rawValue + (asMaker ? 0 : 1))
    }

    public mutating func prevent(_ prevention: Prevention, asMaker: Bool, at time: Timestamp) {
        prevented += asMaker ? prevention.makerQuantity : prevention.takerQuantity
        preventedMatchID = prevention.preventedMatchId
        if asMaker ? prevention.makerDone : prevention.takerDone {
            status = .expiredInMatch
            doneReason = .selfTradePrevented
        }
        updated = time
        execution = ExecutionID(prevention.executionId.rawValue + (asMaker ? 0 : 1))
    }

    public mutating func end(_ done: OrderDone, at time: Timestamp) {
        status = OrderState.status(of: done.reason)
        doneReason = done.reason
        updated = time
        execution = done.executionId
    }

    public mutating func amend(_ amended: OrderAmended, at time: Timestamp) {
        quantity = amended.newQuantity
        if !amended.clientOrderId.isEmpty { clientOrderID = amended.clientOrderId }
        updated = time
        execution = amended.executionId
    }

    static func status(of reason: DoneReason) -> OrderStatus {
        switch reason {
        case .canceled, .exchangeCanceled: .canceled
        case .immediateOrCancelRest, .fillOrKillUnfilled, .insufficientLiquidity, .exchangeExpired: .expired
        case .selfTradePrevented: .expiredInMatch
        }
    }
}
