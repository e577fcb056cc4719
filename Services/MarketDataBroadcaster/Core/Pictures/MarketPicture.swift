import Records
import TradingCore

/// What of a market is kept hot for readers who want it at once: its book, its day and its last trades.
public struct MarketPicture: Sendable, Equatable {
    /// Levels of a side that are shown.
    public static let maximumLevels = 5_000
    /// Trades that are shown.
    public static let maximumTrades = 500

    public var report: InstrumentReport
    public var lastUpdateID: UpdateID
    /// The worst first.
    public var bids: [BookLevel]
    public var asks: [BookLevel]
    /// The 24-hour ticker; nil before the first trade.
    public var day: Ticker?
    /// The oldest first.
    public var trades: [PublicTrade]
}

extension BroadcasterCore {
    /// Every market, in the order of listing.
    public var instruments: [InstrumentID] { (0..<marketCount).map { markets[$0].instrument } }

    /// A market as it stands; nil when it is unknown. The levels are shared, not copied, until the next change.
    ///
    /// - Parameter withStatistics: whether the ticker and trades are wanted too.
    public func picture(of instrument: InstrumentID, withStatistics: Bool) -> MarketPicture? {
        guard let market = slot(instrument) else { return nil }
        let state = place(market)
        var picture = MarketPicture(
            report: state.pointee.report, lastUpdateID: UpdateID(state.pointee.lastUpdateID),
            bids: state.pointee.bids.levels, asks: state.pointee.asks.levels, trades: [])
        guard withStatistics else { return picture }
        let clock = nextTimer ?? Timestamp(0)
        picture.day = state.pointee.windows.all(instrument, at: clock).first
        picture.trades = state.pointee.recentTradesInOrder.suffix(MarketPicture.maximumTrades)
        return picture
    }
}
