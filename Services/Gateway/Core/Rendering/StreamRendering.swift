import Records
import TradingCore

/// The events of the public streams (section 9.4 of the client API's contract).
public struct StreamRenderer: Sendable {
    private let rest: MarketRenderer
    private var unit: TimeUnit { rest.unit }

    public init(unit: TimeUnit = .milliseconds) { rest = MarketRenderer(unit: unit) }

    private func begin(_ name: StaticString, _ market: Market, at time: Timestamp, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("e")
        writer.string(name)
        writer.key("E")
        writer.time(time, unit)
        writer.key("s")
        writer.string(market.symbol)
    }

    /// `depthUpdate`: each changed level with the quantity it has now.
    public func depthUpdate(
        _ view: MarketView, _ market: Market, first: UpdateID, last: UpdateID, bids: [Price], asks: [Price],
        to writer: inout JSONWriter
    ) {
        begin("depthUpdate", market, at: view.time, to: &writer)
        writer.key("U")
        writer.integer(first.rawValue)
        writer.key("u")
        writer.integer(last.rawValue)
        writer.key("b")
        writer.beginArray()
        for price in bids { rest.level(price, view.bids.quantity(at: price), market, to: &writer) }
        writer.endArray()
        writer.key("a")
        writer.beginArray()
        for price in asks { rest.level(price, view.asks.quantity(at: price), market, to: &writer) }
        writer.endArray()
        writer.endObject()
    }

    /// The partial book of `@depth5`, `@depth10`, `@depth20`.
    public func partialDepth(_ view: MarketView, _ market: Market, levels: Int, to writer: inout JSONWriter) {
        rest.depth(view, market, limit: levels, to: &writer)
    }

    public func trade(_ trade: PublicTrade, _ market: Market, to writer: inout JSONWriter) {
        begin("trade", market, at: trade.time, to: &writer)
        writer.key("t")
        writer.integer(trade.tradeId.rawValue)
        writer.key("p")
        writer.price(trade.price, market)
        writer.key("q")
        writer.quantity(trade.quantity, market)
        writer.key("T")
        writer.time(trade.time, unit)
        writer.key("m")
        writer.bool(trade.buyerIsMaker)
        writer.key("M")
        writer.bool(true)
        writer.endObject()
    }

    public func aggregate(_ trade: AggregateTrade, _ market: Market, to writer: inout JSONWriter) {
        begin("aggTrade", market, at: trade.time, to: &writer)
        rest.aggregateMembers(trade, market, to: &writer)
        writer.endObject()
    }

    public func candle(
        _ candle: Candle, _ interval: CandleInterval, _ market: Market, at time: Timestamp, to writer: inout JSONWriter
    ) {
        begin("kline", market, at: time, to: &writer)
        writer.key("k")
        writer.beginObject()
        writer.key("t")
        writer.time(candle.openTime, unit)
        writer.key("T")
        rest.closeTime(candle, interval, to: &writer)
        writer.key("s")
        writer.string(market.symbol)
        writer.key("i")
        writer.string(interval.text)
        writer.key("f")
        writer.integer(candle.count == 0 ? -1 : candle.firstTradeId.rawValue)
        writer.key("L")
        writer.integer(candle.count == 0 ? -1 : candle.lastTradeId.rawValue)
        writer.key("o")
        writer.price(candle.open, market)
        writer.key("c")
        writer.price(candle.close, market)
        writer.key("h")
        writer.price(candle.high, market)
        writer.key("l")
        writer.price(candle.low, market)
        writer.key("v")
        writer.quantity(candle.volume, market)
        writer.key("n")
        writer.integer(Int64(clamping: candle.count))
        writer.key("x")
        writer.bool(candle.closed)
        writer.key("q")
        writer.decimal(Int128(wide(candle.quoteVolumeHigh, candle.quoteVolumeLow)), decimals: market.quoteDecimals)
        writer.key("V")
        writer.quantity(candle.takerBuyVolume, market)
        writer.key("Q")
        writer.decimal(Int128(wide(candle.takerBuyQuoteHigh, candle.takerBuyQuoteLow)), decimals: market.quoteDecimals)
        writer.key("B")
        writer.string("0")
        writer.endObject()
        writer.endObject()
    }

    /// `24hrMiniTicker`.
    public func miniTicker(_ view: MarketView, _ market: Market, at time: Timestamp, to writer: inout JSONWriter) {
        let figures = TickerFigures(
            view.tickers[MarketView.day], market, last: view.lastPrice, now: time, windowMinutes: MarketView.day)
        begin("24hrMiniTicker", market, at: time, to: &writer)
        writer.key("c")
        writer.price(figures.ticker.last, market)
        writer.key("o")
        writer.price(figures.ticker.open, market)
        writer.key("h")
        writer.price(figures.ticker.high, market)
        writer.key("l")
        writer.price(figures.ticker.low, market)
        writer.key("v")
        writer.quantity(figures.ticker.volume, market)
        writer.key("q")
        writer.decimal(figures.quoteVolume, decimals: market.quoteDecimals)
        writer.endObject()
    }

    /// `24hrTicker`.
    public func ticker(_ view: MarketView, _ market: Market, at time: Timestamp, to writer: inout JSONWriter) {
        let figures = TickerFigures(
            view.tickers[MarketView.day], market, last: view.lastPrice, now: time, windowMinutes: MarketView.day)
        begin("24hrTicker", market, at: time, to: &writer)
        writer.key("p")
        writer.decimal(figures.change, decimals: market.quoteDecimals)
        writer.key("P")
        writer.decimal(figures.changePercent, decimals: 3, minimumDecimals: 3)
        writer.key("w")
        writer.decimal(figures.weightedAverage, decimals: market.quoteDecimals)
        writer.key("x")
        writer.price(figures.ticker.previousClose, market)
        writer.key("c")
        writer.price(figures.ticker.last, market)
        writer.key("Q")
        writer.quantity(figures.ticker.lastQuantity, market)
        touch(view.bids.best, view.asks.best, market, to: &writer)
        writer.key("o")
        writer.price(figures.ticker.open, market)
        writer.key("h")
        writer.price(figures.ticker.high, market)
        writer.key("l")
        writer.price(figures.ticker.low, market)
        writer.key("v")
        writer.quantity(figures.ticker.volume, market)
        writer.key("q")
        writer.decimal(figures.quoteVolume, decimals: market.quoteDecimals)
        writer.key("O")
        writer.time(figures.ticker.openTime, unit)
        writer.key("C")
        writer.time(figures.ticker.closeTime, unit)
        writer.key("F")
        writer.integer(figures.firstID)
        writer.key("L")
        writer.integer(figures.lastID)
        writer.key("n")
        writer.integer(Int64(clamping: figures.ticker.count))
        writer.endObject()
    }

    /// `bookTicker`, which has no `e`.
    public func bookTicker(_ view: MarketView, _ market: Market, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("u")
        writer.integer(view.lastUpdateID.rawValue)
        writer.key("s")
        writer.string(market.symbol)
        touch(view.bids.best, view.asks.best, market, to: &writer)
        writer.endObject()
    }

    private func touch(_ bid: BookLevel?, _ ask: BookLevel?, _ market: Market, to writer: inout JSONWriter) {
        writer.key("b")
        writer.price(bid?.price ?? .zero, market)
        writer.key("B")
        writer.quantity(bid?.quantity ?? .zero, market)
        writer.key("a")
        writer.price(ask?.price ?? .zero, market)
        writer.key("A")
        writer.quantity(ask?.quantity ?? .zero, market)
    }

    public func averagePrice(_ view: MarketView, _ market: Market, at time: Timestamp, to writer: inout JSONWriter) {
        begin("avgPrice", market, at: time, to: &writer)
        writer.key("i")
        writer.string("5m")
        writer.key("w")
        writer.decimal(MarketRenderer.average(view, market, now: time), decimals: market.quoteDecimals)
        writer.key("T")
        writer.time(view.trades.last?.time ?? time, unit)
        writer.endObject()
    }
}
