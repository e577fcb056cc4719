import Records
import TradingCore

/// The picture as JSON, in the shapes of the client API: decimals as strings with all of their asset's places.
extension MarketPicture {
    /// `{"lastUpdateId":…,"bids":[["price","quantity"],…],"asks":[…]}`, the best level first.
    public var bookJSON: [UInt8] {
        var text = JSONBytes(report)
        text.raw("{\"lastUpdateId\":\(lastUpdateID),\"bids\":")
        text.levels(bids)
        text.raw(",\"asks\":")
        text.levels(asks)
        text.raw("}")
        return text.bytes
    }

    /// An array of the last trades, the oldest first.
    public var tradesJSON: [UInt8] {
        var text = JSONBytes(report)
        text.raw("[")
        for (index, trade) in trades.enumerated() {
            text.raw(index == 0 ? "{\"id\":\(trade.tradeId),\"price\":" : ",{\"id\":\(trade.tradeId),\"price\":")
            text.price(trade.price)
            text.raw(",\"qty\":")
            text.quantity(trade.quantity)
            text.raw(",\"quoteQty\":")
            text.quote(Int128(trade.quoteAmount.rawValue))
            text.raw(",\"time\":\(trade.time),\"isBuyerMaker\":\(trade.buyerIsMaker),\"isBestMatch\":true}")
        }
        text.raw("]")
        return text.bytes
    }

    /// The figures of the last 24 hours from which everything else in a ticker follows; nil before the first trade.
    public var tickerJSON: [UInt8]? {
        guard let day else { return nil }
        var text = JSONBytes(report)
        text.raw("{\"symbol\":\"\(report.symbol)\"")
        let prices = [
            ("prevClosePrice", day.previousClose), ("openPrice", day.open), ("highPrice", day.high),
            ("lowPrice", day.low), ("lastPrice", day.last), ("bidPrice", bids.last?.price ?? .zero),
            ("askPrice", asks.last?.price ?? .zero),
        ]
        for (name, price) in prices {
            text.raw(",\"\(name)\":")
            text.price(price)
        }
        let quantities = [
            ("lastQty", day.lastQuantity), ("bidQty", bids.last?.quantity ?? .zero),
            ("askQty", asks.last?.quantity ?? .zero), ("volume", day.volume),
        ]
        for (name, quantity) in quantities {
            text.raw(",\"\(name)\":")
            text.quantity(quantity)
        }
        text.raw(",\"quoteVolume\":")
        text.quote(Int128(truncatingIfNeeded: day.quoteVolumeHigh) << 64 | Int128(day.quoteVolumeLow))
        let isEmpty = day.count == 0
        text.raw(",\"openTime\":\(day.openTime),\"closeTime\":\(day.closeTime)")
        text.raw(",\"firstId\":\(isEmpty ? -1 : day.firstTradeId.rawValue)")
        text.raw(",\"lastId\":\(isEmpty ? -1 : day.lastTradeId.rawValue),\"count\":\(day.count)}")
        return text.bytes
    }
}

/// JSON of one market in the making.
private struct JSONBytes {
    private(set) var bytes: [UInt8] = []
    private let report: InstrumentReport

    init(_ report: InstrumentReport) {
        self.report = report
        bytes.reserveCapacity(4_096)
    }

    mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func price(_ price: Price) {
        quote(Int128(price.rawValue) * Int128(report.tickSize))
    }

    mutating func quantity(_ quantity: Quantity) {
        decimal(Int128(quantity.rawValue) * Int128(report.stepSize), report.baseDecimals)
    }

    mutating func quote(_ amount: Int128) { decimal(amount, report.quoteDecimals) }

    private mutating func decimal(_ value: Int128, _ decimals: UInt32) {
        bytes.append(UInt8(ascii: "\""))
        DecimalText.append(value, decimals: Int(decimals), to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func levels(_ worstFirst: [BookLevel]) {
        raw("[")
        for (index, level) in worstFirst.suffix(MarketPicture.maximumLevels).reversed().enumerated() {
            raw(index == 0 ? "[" : ",[")
            price(level.price)
            raw(",")
            quantity(level.quantity)
            raw("]")
        }
        raw("]")
    }
}
