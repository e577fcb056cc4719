import Records
import TradingCore

/// An order as it entered the engine: a row of `orders.orders`.
public struct OrderHistoryRow: Equatable, Sendable {
    public var accepted: OrderAccepted
    public var instrument: InstrumentID
    public var createdAt: Timestamp
}

/// What a batch of `executions` did to one order, whether or not the batch holds its beginning.
public struct OrderHistoryChange: Equatable, Sendable {
    public var orderID: OrderID
    /// Lots filled in this batch.
    public var executed: Quantity = .zero
    /// Quote minor units of those fills.
    public var quote: Amount = .zero
    /// Lots taken off by self-trade prevention in this batch.
    public var prevented: Quantity = .zero
    /// The last of those preventions; 0 when there was none.
    public var preventedMatchID: Int64 = 0
    /// The quantity after an amendment; 0 when there was none.
    public var newQuantity: Quantity = .zero
    /// The client id after an amendment; empty when it stayed.
    public var newClientOrderID = ASCIIText()
    /// The final state when the order ended in this batch.
    public var finalStatus: OrderStatus?
    public var doneReason: DoneReason?
    /// Log time of the last thing that happened to it.
    public var updatedAt: Timestamp
}

/// One account's side of a trade: a row of `orders.fills`.
public struct FillHistoryRow: Equatable, Sendable {
    public var instrument: InstrumentID
    public var tradeID: TradeID
    public var maker: Bool
    public var account: AccountID
    public var orderID: OrderID
    public var side: Side
    public var price: Price
    public var quantity: Quantity
    public var quoteAmount: Amount
    /// In the asset received.
    public var fee: Amount
    public var time: Timestamp
}

/// Gathers what `executions` say of orders and fills, so that a whole batch becomes a few set-wise statements.
public struct OrderHistoryBatch: ~Copyable {
    public private(set) var orders: [OrderHistoryRow] = []
    public private(set) var changes: [OrderHistoryChange] = []
    public private(set) var fills: [FillHistoryRow] = []
    /// Whether more parts follow the execution that was added last. No position that is kept may stand there: a reader cannot begin with a
    /// later part.
    public private(set) var isWithinParts = false
    private var changeIndex = SlotIndex()

    public init() {}

    /// Rows that the batch has gathered.
    public var count: Int { orders.count + changes.count + fills.count }

    /// Empties the batch and keeps the memory; where it stands between parts stays known.
    public mutating func removeAll() {
        orders.removeAll(keepingCapacity: true)
        fills.removeAll(keepingCapacity: true)
        for change in changes { changeIndex.remove(UInt64(bitPattern: change.orderID.rawValue)) }
        changes.removeAll(keepingCapacity: true)
    }

    /// Adds all that one input of the engine did, whole or in parts.
    ///
    /// - Parameter time: the record's stamp.
    public mutating func add(_ execution: Execution, at time: Timestamp) {
        isWithinParts = execution.moreParts
        if let accepted = execution.accepted {
            orders.append(OrderHistoryRow(accepted: accepted, instrument: execution.instrument, createdAt: time))
        }
        for trade in execution.trades { add(trade, execution.instrument, time) }
        for prevention in execution.preventions { add(prevention, time) }
        if let amended = execution.amended {
            let slot = slot(of: amended.orderId, time)
            changes[slot].newQuantity = amended.newQuantity
            if !amended.clientOrderId.isEmpty { changes[slot].newClientOrderID = amended.clientOrderId }
        }
        for done in execution.done {
            let slot = slot(of: done.orderId, time)
            changes[slot].finalStatus = OrderHistoryBatch.status(after: done.reason)
            changes[slot].doneReason = done.reason
        }
    }

    private mutating func add(_ trade: Trade, _ instrument: InstrumentID, _ time: Timestamp) {
        for maker in [true, false] {
            let orderID = maker ? trade.makerOrderId : trade.takerOrderId
            fills.append(
                FillHistoryRow(
                    instrument: instrument, tradeID: trade.tradeId, maker: maker,
                    account: maker ? trade.makerAccount : trade.takerAccount, orderID: orderID,
                    side: maker ? trade.takerSide.opposite : trade.takerSide, price: trade.price,
                    quantity: trade.quantity, quoteAmount: trade.quoteAmount,
                    fee: maker ? trade.makerFee : trade.takerFee, time: time))
            let slot = slot(of: orderID, time)
            changes[slot].executed += trade.quantity
            changes[slot].quote += trade.quoteAmount
            if maker ? trade.makerDone : trade.takerDone { changes[slot].finalStatus = .filled }
        }
    }

    private mutating func add(_ prevention: Prevention, _ time: Timestamp) {
        let maker = slot(of: prevention.makerOrderId, time)
        changes[maker].prevented += prevention.makerQuantity
        changes[maker].preventedMatchID = prevention.preventedMatchId
        if prevention.makerDone { end(maker, .selfTradePrevented) }
        let taker = slot(of: prevention.takerOrderId, time)
        changes[taker].prevented += prevention.takerQuantity
        changes[taker].preventedMatchID = prevention.preventedMatchId
        if prevention.takerDone { end(taker, .selfTradePrevented) }
    }

    private mutating func end(_ slot: Int, _ reason: DoneReason) {
        changes[slot].finalStatus = OrderHistoryBatch.status(after: reason)
        changes[slot].doneReason = reason
    }

    private mutating func slot(of orderID: OrderID, _ time: Timestamp) -> Int {
        let key = UInt64(bitPattern: orderID.rawValue)
        if let slot = changeIndex.slot(key) {
            changes[slot].updatedAt = time
            return slot
        }
        changeIndex.insert(key, changes.count)
        changes.append(OrderHistoryChange(orderID: orderID, updatedAt: time))
        return changes.count - 1
    }

    /// The final state that clients see for an end without a fill.
    public static func status(after reason: DoneReason) -> OrderStatus {
        switch reason {
        case .canceled, .exchangeCanceled: .canceled
        case .immediateOrCancelRest, .fillOrKillUnfilled, .insufficientLiquidity, .exchangeExpired: .expired
        case .selfTradePrevented: .expiredInMatch
        }
    }
}
