import Records
import TradingCore

/// One side of a trade as the history has it.
public struct HistoryFill: Equatable, Sendable {
    public var tradeID: TradeID
    public var orderID: OrderID
    public var side: Side
    public var isMaker: Bool
    public var price: Price
    public var quantity: Quantity
    public var quoteAmount: Amount
    /// In the asset received.
    public var fee: Amount
    public var time: Timestamp

    public init(
        tradeID: TradeID, orderID: OrderID, side: Side, isMaker: Bool, price: Price, quantity: Quantity,
        quoteAmount: Amount, fee: Amount, time: Timestamp
    ) {
        self.tradeID = tradeID
        self.orderID = orderID
        self.side = side
        self.isMaker = isMaker
        self.price = price
        self.quantity = quantity
        self.quoteAmount = quoteAmount
        self.fee = fee
        self.time = time
    }
}

/// A question that the database answers.
public enum HistoryQuestion: Sendable {
    /// How far the histories have got.
    case positions
    case order(OrderQuery)
    case orders(HistoryQuery)
    case fills(HistoryQuery)
    case candles(RangeQuery, CandleInterval)
    case trades(Market, fromID: Int64, limit: Int)
    case aggregateTrades(RangeQuery)
}

/// How far the histories in the database have got: the next offset of each partition.
public struct HistoryPositions: Equatable, Sendable {
    /// By partition of `executions`, of the orders' history.
    public var orders: [Int64]
    /// By partition of `executions`, of public trades and candles.
    public var marketData: [Int64]

    public init(orders: [Int64] = [], marketData: [Int64] = []) {
        self.orders = orders
        self.marketData = marketData
    }
}

/// The database's answer.
public enum HistoryResult: Sendable {
    case positions(HistoryPositions)
    case orders([OrderState])
    case fills([HistoryFill])
    case candles([Candle])
    case trades([PublicTrade])
    case aggregateTrades([AggregateTrade])
    /// The database did not answer.
    case unavailable(String)
}

/// What has been traded, in the database. Any thread.
public protocol HistoryStore: Sendable {
    /// Asks; `completion` is called once, on any thread.
    func ask(_ question: HistoryQuestion, _ completion: @escaping @Sendable (HistoryResult) -> Void)
}
