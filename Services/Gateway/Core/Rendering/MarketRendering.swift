import Records
import TradingCore

/// The public answers over REST and the WebSocket API (section 6 of the client API's contract).
public struct MarketRenderer: Sendable {
    public var unit: TimeUnit

    public init(unit: TimeUnit = .milliseconds) { self.unit = unit }

    /// `depth`.
    public func depth(_ view: MarketView, _ market: Market, limit: Int, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("lastUpdateId")
        writer.integer(view.lastUpdateID.rawValue)
        writer.key("bids")
        levels(view.bids, market, limit: limit, to: &writer)
        writer.key("asks")
        levels(view.asks, market, limit: limit, to: &writer)
        writer.endObject()
    }

    func levels(_ side: BookSide, _ market: Market, limit: Int, to writer: inout JSONWriter) {
        writer.beginArray()
        for rank in 0..<min(limit, side.count) {
            level(side[rank].price, side[rank].quantity, market, to: &writer)
        }
        writer.endArray()
    }

    func level(_ price: Price, _ quantity: Quantity, _ market: Market, to writer: inout JSONWriter) {
        writer.beginArray()
        writer.price(price, market)
        writer.quantity(quantity, market)
        writer.endArray()
    }

    /// `trades`, `historicalTrades`.
    public func trades(_ trades: [PublicTrade], _ market: Market, to writer: inout JSONWriter) {
        writer.beginArray()
        for trade in trades {
            writer.beginObject()
            writer.key("id")
            writer.integer(trade.tradeId.rawValue)
            writer.key("price")
            writer.price(trade.price, market)
            writer.key("qty")
            writer.quantity(trade.quantity, market)
            writer.key("quoteQty")
            writer.quoteAmount(trade.quoteAmount, market)
            writer.key("time")
            writer.time(trade.time, unit)
            writer.key("isBuyerMaker")
            writer.bool(trade.buyerIsMaker)
            writer.key("isBestMatch")
            writer.bool(true)
            writer.endObject()
        }
        writer.endArray()
    }

    /// `aggTrades`.
    public func aggregates(_ trades: [AggregateTrade], _ market: Market, to writer: inout JSONWriter) {
        writer.beginArray()
        for trade in trades {
            writer.beginObject()
            aggregateMembers(trade, market, to: &writer)
            writer.endObject()
        }
        writer.endArray()
    }

    func aggregateMembers(_ trade: AggregateTrade, _ market: Market, to writer: inout JSONWriter) {
        writer.key("a")
        writer.integer(trade.aggregateId)
        writer.key("p")
        writer.price(trade.price, market)
        writer.key("q")
        writer.quantity(trade.quantity, market)
        writer.key("f")
        writer.integer(trade.firstTradeId.rawValue)
        writer.key("l")
        writer.integer(trade.lastTradeId.rawValue)
        writer.key("T")
        writer.time(trade.time, unit)
        writer.key("m")
        writer.bool(trade.buyerIsMaker)
        writer.key("M")
        writer.bool(true)
    }

    /// `klines`.
    public func candles(
        _ candles: [Candle], _ interval: CandleInterval, _ market: Market, to writer: inout JSONWriter
    ) {
        writer.beginArray()
        for candle in candles {
            writer.beginArray()
            writer.time(candle.openTime, unit)
            writer.price(candle.open, market)
            writer.price(candle.high, market)
            writer.price(candle.low, market)
            writer.price(candle.close, market)
            writer.quantity(candle.volume, market)
            closeTime(candle, interval, to: &writer)
            writer.decimal(
                Int128(wide(candle.quoteVolumeHigh, candle.quoteVolumeLow)), decimals: market.quoteDecimals)
            writer.integer(Int64(clamping: candle.count))
            writer.quantity(candle.takerBuyVolume, market)
            writer.decimal(
                Int128(wide(candle.takerBuyQuoteHigh, candle.takerBuyQuoteLow)), decimals: market.quoteDecimals)
            writer.string("0")
            writer.endArray()
        }
        writer.endArray()
    }

    func closeTime(_ candle: Candle, _ interval: CandleInterval, to writer: inout JSONWriter) {
        let next = interval.next(after: candle.openTime).rawValue
        // The last unit of the interval.
        writer.integer(unit == .milliseconds ? next - 1 : next * 1_000 - 1)
    }

    /// `ticker/24hr`, in its full or its short form.
    public func ticker(
        _ view: MarketView, _ market: Market, isShort: Bool, now: Timestamp, to writer: inout JSONWriter
    ) {
        let figures = TickerFigures(
            view.tickers[MarketView.day], market, last: view.lastPrice, now: now, windowMinutes: MarketView.day)
        let ticker = figures.ticker
        writer.beginObject()
        writer.key("symbol")
        writer.string(market.symbol)
        if !isShort {
            writer.key("priceChange")
            writer.decimal(figures.change, decimals: market.quoteDecimals)
            writer.key("priceChangePercent")
            writer.decimal(figures.changePercent, decimals: 3, minimumDecimals: 3)
            writer.key("weightedAvgPrice")
            writer.decimal(figures.weightedAverage, decimals: market.quoteDecimals)
            writer.key("prevClosePrice")
            writer.price(ticker.previousClose, market)
        }
        writer.key("lastPrice")
        writer.price(ticker.last, market)
        if !isShort {
            writer.key("lastQty")
            writer.quantity(ticker.lastQuantity, market)
            touchMembers(view, market, to: &writer)
        }
        writer.key("openPrice")
        writer.price(ticker.open, market)
        writer.key("highPrice")
        writer.price(ticker.high, market)
        writer.key("lowPrice")
        writer.price(ticker.low, market)
        writer.key("volume")
        writer.quantity(ticker.volume, market)
        writer.key("quoteVolume")
        writer.decimal(figures.quoteVolume, decimals: market.quoteDecimals)
        writer.key("openTime")
        writer.time(ticker.openTime, unit)
        writer.key("closeTime")
        writer.time(ticker.closeTime, unit)
        writer.key("firstId")
        writer.integer(figures.firstID)
        writer.key("lastId")
        writer.integer(figures.lastID)
        writer.key("count")
        writer.integer(Int64(clamping: ticker.count))
        writer.endObject()
    }

    private func touchMembers(_ view: MarketView, _ market: Market, to writer: inout JSONWriter) {
        let (bid, ask) = (view.bids.best, view.asks.best)
        writer.key("bidPrice")
        writer.price(bid?.price ?? .zero, market)
        writer.key("bidQty")
        writer.quantity(bid?.quantity ?? .zero, market)
        writer.key("askPrice")
        writer.price(ask?.price ?? .zero, market)
        writer.key("askQty")
        writer.quantity(ask?.quantity ?? .zero, market)
    }

    /// `ticker/price`.
    public func lastPrice(_ view: MarketView, _ market: Market, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("symbol")
        writer.string(market.symbol)
        writer.key("price")
        writer.price(view.lastPrice, market)
        writer.endObject()
    }

    /// `ticker/bookTicker`.
    public func touch(_ view: MarketView, _ market: Market, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("symbol")
        writer.string(market.symbol)
        touchMembers(view, market, to: &writer)
        writer.endObject()
    }

    /// `avgPrice`: over the minute candles of the last five minutes, the last price when nothing traded.
    public func averagePrice(_ view: MarketView, _ market: Market, now: Timestamp, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("mins")
        writer.integer(MarketRenderer.averageMinutes)
        writer.key("price")
        writer.decimal(MarketRenderer.average(view, market, now: now), decimals: market.quoteDecimals)
        writer.key("closeTime")
        writer.time(view.trades.last?.time ?? now, unit)
        writer.endObject()
    }

    static let averageMinutes: Int64 = 5

    static func average(_ view: MarketView, _ market: Market, now: Timestamp) -> Int128 {
        var quote: Int128 = 0
        var base = Quantity.zero
        for candle in view.recentCandles(.minute)
        where candle.openTime.rawValue > now.rawValue - averageMinutes * 60_000 {
            quote += Int128(wide(candle.quoteVolumeHigh, candle.quoteVolumeLow))
            base += candle.volume
        }
        return market.averagePrice(quote: quote, base: base) ?? market.price(view.lastPrice)
    }
}
