import Records
import TradingCore

/// A ticker's figures in quote minor units for one whole base unit, base minor units and quote minor units.
struct TickerFigures {
    let ticker: Ticker
    let market: Market

    /// Of a market without trades in the window, all prices are the last one and the amounts zero.
    init(_ ticker: Ticker?, _ market: Market, last: Price, now: Timestamp, windowMinutes: UInt32) {
        self.market = market
        if let ticker {
            self.ticker = ticker
            return
        }
        var flat = Ticker()
        flat.windowMinutes = windowMinutes
        flat.openTime = Timestamp(now.rawValue - Int64(windowMinutes) * 60_000)
        flat.closeTime = now
        (flat.open, flat.high, flat.low, flat.last, flat.previousClose) = (last, last, last, last, last)
        self.ticker = flat
    }

    var quoteVolume: Int128 { Int128(wide(ticker.quoteVolumeHigh, ticker.quoteVolumeLow)) }

    var change: Int128 { market.price(ticker.last) - market.price(ticker.open) }

    /// In thousandths of a percent, truncated.
    var changePercent: Int128 {
        let open = market.price(ticker.open)
        return open == 0 ? 0 : change * 100_000 / open
    }

    /// Quote minor units for one whole base unit, truncated; the last price when nothing traded.
    var weightedAverage: Int128 {
        market.averagePrice(quote: quoteVolume, base: ticker.volume) ?? market.price(ticker.last)
    }

    var firstID: Int64 { ticker.count == 0 ? -1 : ticker.firstTradeId.rawValue }
    var lastID: Int64 { ticker.count == 0 ? -1 : ticker.lastTradeId.rawValue }
}

/// A 128-bit number from its halves.
func wide(_ high: UInt64, _ low: UInt64) -> UInt128 { UInt128(high) << 64 | UInt128(low) }

extension Market {
    /// `quote ÷ base` in quote minor units for one whole base unit, truncated; nil when nothing traded.
    func averagePrice(quote: Int128, base: Quantity) -> Int128? {
        let amount = quantity(base)
        guard amount > 0 else { return nil }
        let (product, overflow) = quote.multipliedReportingOverflow(by: Int128(PowersOfTen.int64[baseDecimals]))
        return overflow ? nil : product / amount
    }
}
