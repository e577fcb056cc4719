import TradingCore

/// A public stream: what it tells, of which market, in which unit its times are.
public struct StreamKey: Hashable, Sendable {
    public enum Kind: UInt8, CaseIterable, Sendable {
        case depth, depthFast
        case partial5, partial10, partial20, partial5Fast, partial10Fast, partial20Fast
        case trade, aggregateTrade, miniTicker, ticker, bookTicker, averagePrice
        case candle
        /// Of all markets.
        case allMiniTickers, serverShutdown
    }

    public var kind: Kind
    /// Zero for the streams of all markets.
    public var market: InstrumentID
    /// Of a candle stream.
    public var interval: CandleInterval?
    public var unit: TimeUnit

    public init(
        _ kind: Kind, market: InstrumentID = InstrumentID(0), interval: CandleInterval? = nil,
        unit: TimeUnit = .milliseconds
    ) {
        self.kind = kind
        self.market = market
        self.interval = interval
        self.unit = unit
    }

    private static let suffixes: [String: Kind] = [
        "depth": .depth, "depth@100ms": .depthFast, "depth@1000ms": .depth, "depth5": .partial5,
        "depth10": .partial10, "depth20": .partial20, "depth5@100ms": .partial5Fast, "depth10@100ms": .partial10Fast,
        "depth20@100ms": .partial20Fast, "trade": .trade, "aggTrade": .aggregateTrade, "miniTicker": .miniTicker,
        "ticker": .ticker, "bookTicker": .bookTicker, "avgPrice": .averagePrice,
    ]

    /// The stream of a name as clients write it (`btcusdt@depth@100ms`); nil when there is none.
    public init?(name: String, reference: ReferenceSnapshot, unit: TimeUnit) {
        switch name {
        case "!miniTicker@arr":
            self.init(.allMiniTickers, unit: unit)
            return
        case "!serverShutdown":
            self.init(.serverShutdown, unit: unit)
            return
        default: break
        }
        guard let at = name.firstIndex(of: "@") else { return nil }
        let lower = name[..<at]
        guard lower == lower.lowercased(), let symbol = ASCIIText(lower.uppercased()),
            let market = reference.market(symbol)
        else { return nil }
        let suffix = String(name[name.index(after: at)...])
        if let kind = StreamKey.suffixes[suffix] {
            self.init(kind, market: market.id, unit: unit)
        } else if suffix.hasPrefix("kline_"), let interval = CandleInterval(text: String(suffix.dropFirst(6))) {
            self.init(.candle, market: market.id, interval: interval, unit: unit)
        } else {
            return nil
        }
    }

    /// Whether a part of a URL's path is meant as the name of a stream; anything else there is a token without meaning.
    public static func isName(_ text: String) -> Bool { text.contains("@") || text.hasPrefix("!") }
}
