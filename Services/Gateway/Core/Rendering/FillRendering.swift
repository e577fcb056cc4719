import Records
import TradingCore

/// An account's trades (section 7.11 of the client API's contract).
public struct FillRenderer: Sendable {
    public var unit: TimeUnit

    public init(unit: TimeUnit = .milliseconds) { self.unit = unit }

    /// `myTrades`.
    public func fills(_ fills: [HistoryFill], _ market: Market, to writer: inout JSONWriter) {
        writer.beginArray()
        for fill in fills {
            let isBuyer = fill.side == .buy
            writer.beginObject()
            writer.key("symbol")
            writer.string(market.symbol)
            writer.key("id")
            writer.integer(fill.tradeID.rawValue)
            writer.key("orderId")
            writer.integer(fill.orderID.rawValue)
            writer.key("orderListId")
            writer.integer(-1)
            writer.key("price")
            writer.price(fill.price, market)
            writer.key("qty")
            writer.quantity(fill.quantity, market)
            writer.key("quoteQty")
            writer.quoteAmount(fill.quoteAmount, market)
            writer.key("commission")
            writer.decimal(
                Int128(fill.fee.rawValue), decimals: isBuyer ? market.baseDecimals : market.quoteDecimals)
            writer.key("commissionAsset")
            writer.string(isBuyer ? market.base : market.quote)
            writer.key("time")
            writer.time(fill.time, unit)
            writer.key("isBuyer")
            writer.bool(isBuyer)
            writer.key("isMaker")
            writer.bool(fill.isMaker)
            writer.key("isBestMatch")
            writer.bool(true)
            writer.endObject()
        }
        writer.endArray()
    }
}
