import Records
import TradingCore

/// Rows for the schema `market_data`, gathered from `market-data` until they are stored together.
public struct MarketDataBatch {
    public struct TradeRow: Equatable, Sendable {
        public var instrument: InstrumentID
        public var trade: PublicTrade
    }

    public struct AggregateRow: Equatable, Sendable {
        public var instrument: InstrumentID
        public var trade: AggregateTrade
    }

    public private(set) var trades: [TradeRow] = []
    public private(set) var aggregates: [AggregateRow] = []
    /// Closed ones; each is closed once.
    public private(set) var candles: [Candle] = []
    /// Whether more parts follow what was added last. No position that is kept may stand there: a reader cannot begin with a later part.
    public private(set) var isWithinParts = false

    public init() {}

    public var count: Int { trades.count + aggregates.count + candles.count }

    public mutating func add(_ update: MarketUpdate) {
        isWithinParts = update.moreParts
        for trade in update.trades { trades.append(TradeRow(instrument: update.instrument, trade: trade)) }
        for trade in update.aggregates { aggregates.append(AggregateRow(instrument: update.instrument, trade: trade)) }
    }

    public mutating func add(_ statistics: MarketStatistics) {
        for candle in statistics.candles where candle.closed { candles.append(candle) }
    }

    /// A snapshot gives no rows.
    public mutating func add(_ snapshot: MarketSnapshot) { isWithinParts = snapshot.moreParts }

    /// Empties the batch; where it stands between parts stays known.
    public mutating func removeAll() {
        trades.removeAll(keepingCapacity: true)
        aggregates.removeAll(keepingCapacity: true)
        candles.removeAll(keepingCapacity: true)
    }
}
