import Records
import TradingCore

/// A market's public state by what `market-data` said: book, trades, tickers, candles. Confined to its owner's thread.
public final class MarketView {
    public static let recentTrades = 1_000
    /// Closed candles kept of each interval until the database has them.
    public static let recentCandles = 64

    public let instrument: InstrumentID
    public private(set) var bids = BookSide(.buy)
    public private(set) var asks = BookSide(.sell)
    public private(set) var lastUpdateID = UpdateID(0)
    public private(set) var trades = RecentItems<PublicTrade>(capacity: MarketView.recentTrades)
    public private(set) var aggregates = RecentItems<AggregateTrade>(capacity: MarketView.recentTrades)
    public private(set) var tickers: [UInt32: Ticker] = [:]
    private var candles = [RecentItems<Candle>](
        repeating: RecentItems(capacity: MarketView.recentCandles), count: CandleInterval.allCases.count)
    private var current = [Candle?](repeating: nil, count: CandleInterval.allCases.count)
    /// Log time of the last record.
    public private(set) var time = Timestamp(0)
    private var snapshotParts = SnapshotParts()

    /// Changes gathered for `@depth@100ms` and `@depth`.
    public var fastChanges = DepthChanges()
    public var slowChanges = DepthChanges()
    /// Set when the touch has changed since `bookTicker` was last sent; the partial books' and tickers' flags alike.
    public var changed = Changes()
    /// Running candles that have changed since their streams last showed them.
    public var pendingCandles: Set<CandleInterval> = []

    public struct Changes: OptionSet, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        public static let fastBook = Changes(rawValue: 1)
        public static let slowBook = Changes(rawValue: 2)
        public static let ticker = Changes(rawValue: 4)
        public static let candles = Changes(rawValue: 8)
    }

    private struct SnapshotParts {
        var bids: [BookLevel] = []
        var asks: [BookLevel] = []
    }

    public init(instrument: InstrumentID) { self.instrument = instrument }

    public func candle(_ interval: CandleInterval) -> Candle? { current[Int(interval.rawValue) - 1] }

    /// Closed candles lately and the running one, oldest first.
    public func recentCandles(_ interval: CandleInterval) -> [Candle] {
        let index = Int(interval.rawValue) - 1
        var result = candles[index].newest(MarketView.recentCandles)
        if let running = current[index], running.openTime != result.last?.openTime { result.append(running) }
        return result
    }

    public var lastPrice: Price { trades.last?.price ?? tickers[MarketView.day]?.last ?? .zero }

    /// The window of the 24-hour ticker, in minutes.
    public static let day: UInt32 = 1_440

    /// Takes in what one input of the engine changed.
    public func apply(_ update: MarketUpdate) {
        time = max(time, update.time)
        if !update.levels.isEmpty, update.lastUpdateId > lastUpdateID {
            for level in update.levels {
                if level.side == .buy {
                    bids.set(level.price, level.quantity)
                } else {
                    asks.set(level.price, level.quantity)
                }
            }
            lastUpdateID = update.lastUpdateId
            fastChanges.add(update.levels, firstID: update.firstUpdateId)
            slowChanges.add(update.levels, firstID: update.firstUpdateId)
            changed.formUnion([.fastBook, .slowBook])
        }
        for trade in update.trades where trade.tradeId > trades.last?.tradeId ?? TradeID(0) { trades.append(trade) }
        for aggregate in update.aggregates where aggregate.aggregateId > aggregates.last?.aggregateId ?? 0 {
            aggregates.append(aggregate)
        }
    }

    public func apply(_ statistics: MarketStatistics) {
        time = max(time, statistics.time)
        for ticker in statistics.tickers { tickers[ticker.windowMinutes] = ticker }
        for candle in statistics.candles { set(candle) }
        if !statistics.tickers.isEmpty { changed.insert(.ticker) }
        if !statistics.candles.isEmpty { changed.insert(.candles) }
    }

    /// Takes in a part of a snapshot; the book is replaced when the last part has come, unless it is newer already.
    public func apply(_ snapshot: MarketSnapshot) {
        if snapshot.part == 0 { snapshotParts = SnapshotParts() }
        snapshotParts.bids.append(contentsOf: snapshot.bids)
        snapshotParts.asks.append(contentsOf: snapshot.asks)
        time = max(time, snapshot.time)
        for ticker in snapshot.tickers { tickers[ticker.windowMinutes] = ticker }
        for candle in snapshot.candles { set(candle) }
        for trade in snapshot.recentTrades where trade.tradeId > trades.last?.tradeId ?? TradeID(0) {
            trades.append(trade)
        }
        guard !snapshot.moreParts else { return }
        if snapshot.lastUpdateId >= lastUpdateID {
            bids.replace(snapshotParts.bids)
            asks.replace(snapshotParts.asks)
            lastUpdateID = snapshot.lastUpdateId
        }
        snapshotParts = SnapshotParts()
    }

    private func set(_ candle: Candle) {
        guard let interval = CandleInterval(rawValue: candle.interval) else { return }
        let index = Int(interval.rawValue) - 1
        if let running = current[index], candle.openTime < running.openTime { return }
        current[index] = candle
        if candle.closed, candles[index].last?.openTime ?? Timestamp(-1) < candle.openTime {
            candles[index].append(candle)
        }
    }
}
