import Records
import TradingCore

extension BroadcasterCore {
    /// The most levels and trades of one part of a snapshot; a trade, the larger, takes 56 bytes.
    static let maximumItemsInPart = 4_000

    @usableFromInline
    func snapshots(of instrument: InstrumentID, _ clock: Timestamp) -> [MarketSnapshot] {
        guard let market = slot(instrument) else { return [] }
        return snapshots(market, clock)
    }

    /// A market's whole public state, in parts where it is large. The running second's trades are in the next statistics.
    @usableFromInline
    func snapshots(_ market: Int, _ clock: Timestamp) -> [MarketSnapshot] {
        let state = place(market)
        let bids = Array(state.pointee.bids.levels.reversed())
        let asks = Array(state.pointee.asks.levels.reversed())
        var parts: [MarketSnapshot] = []
        var takenBids = 0
        var takenAsks = 0
        repeat {
            var part = MarketSnapshot(
                instrument: state.pointee.instrument, lastUpdateId: UpdateID(state.pointee.lastUpdateID),
                lastAggregateId: state.pointee.lastAggregateID, time: clock)
            var room = BroadcasterCore.maximumItemsInPart
            if parts.isEmpty {
                part.report = state.pointee.report
                part.tickers = state.pointee.windows.all(state.pointee.instrument, at: clock)
                part.candles = state.pointee.candles.all(state.pointee.instrument)
                part.recentTrades = state.pointee.recentTradesInOrder
                room -= part.recentTrades.count
            }
            part.bids = Array(bids[takenBids..<min(bids.count, takenBids + room)])
            room -= part.bids.count
            part.asks = Array(asks[takenAsks..<min(asks.count, takenAsks + room)])
            takenBids += part.bids.count
            takenAsks += part.asks.count
            part.part = UInt32(parts.count)
            part.moreParts = takenBids < bids.count || takenAsks < asks.count
            parts.append(part)
        } while takenBids < bids.count || takenAsks < asks.count
        return parts
    }
}
