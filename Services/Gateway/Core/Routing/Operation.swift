import Records
import TradingCore

/// A request that has been understood and authenticated, on its way from a loop to the engine of the gateway.
public enum Operation: Sendable {
    case place(PlaceOrder, ResponseType)
    case cancel(CancelOrder)
    case cancelAll(CancelAll)
    case amend(AmendOrder)
    case order(OrderQuery)
    case openOrders(AccountID, Market?)
    case allOrders(HistoryQuery)
    case myTrades(HistoryQuery)
    case account(AccountID, omitZero: Bool)
    case wallet(AccountID)
    case orderRateLimits(AccountID)
    case depth(Market, limit: Int)
    case trades(Market, limit: Int, fromID: Int64?)
    case aggregateTrades(RangeQuery)
    case candles(RangeQuery, CandleInterval)
    case averagePrice(Market)
    case ticker24Hours(Selection, isShort: Bool)
    case tickerPrice(Selection)
    case tickerBook(Selection)

    /// Which markets an answer is about, and whether it is an object or an array.
    public enum Selection: Sendable {
        case one(Market)
        case several([Market])
    }
}

/// A query for one order.
public struct OrderQuery: Sendable {
    public var account: AccountID
    public var market: Market
    /// Zero when it is named by client id only.
    public var orderID: OrderID
    public var clientOrderID: ASCIIText
    /// The client's timestamp, for the mark that an unknown order leaves.
    public var timestamp: Timestamp
}

/// A query for an account's orders or trades in a market.
public struct HistoryQuery: Sendable {
    public var account: AccountID
    public var market: Market
    public var orderID: Int64?
    public var fromID: Int64?
    public var start: Timestamp?
    public var end: Timestamp?
    public var limit: Int
}

/// A query for a market's items by time or id.
public struct RangeQuery: Sendable {
    public var market: Market
    public var fromID: Int64?
    public var start: Timestamp?
    public var end: Timestamp?
    public var limit: Int
}
