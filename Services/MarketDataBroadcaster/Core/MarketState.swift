import Records
import TradingCore

/// The public state of one market.
struct MarketState: ~Copyable {
    /// Public trades kept for snapshots.
    static let recentTradeCount = 1_000

    let instrument: InstrumentID
    var report: InstrumentReport
    var bids = DepthSide(.buy)
    var asks = DepthSide(.sell)
    /// As of the last whole input.
    var top = TopOfBook()
    var lastUpdateID: Int64 = 0
    var lastTradeID: Int64 = 0
    var lastAggregateID: Int64 = 0
    /// Between the parts of one input, the aggregate that the next part may go on with.
    var openAggregate: AggregateTrade?
    /// The last trades; a ring once it is full, of which `oldestTrade` is the oldest.
    private(set) var recentTrades: [PublicTrade] = []
    private var oldestTrade = 0

    /// The trades of the running second, which are not in candles and windows yet.
    var pending = Bar()
    var pendingSecond: Int64 = 0
    var candles = CandleSet()
    var windows = RollingWindows()

    init(_ report: InstrumentReport, _ instrument: InstrumentID) {
        self.instrument = instrument
        self.report = report
    }

    mutating func remember(_ trade: PublicTrade) {
        if recentTrades.count < MarketState.recentTradeCount {
            recentTrades.append(trade)
        } else {
            recentTrades[oldestTrade] = trade
            oldestTrade = (oldestTrade + 1) % MarketState.recentTradeCount
        }
    }

    /// The last trades, the oldest first.
    var recentTradesInOrder: [PublicTrade] { Array(recentTrades[oldestTrade...] + recentTrades[..<oldestTrade]) }

    mutating func add(_ trade: Trade, second: Int64) {
        if pendingSecond != second {
            settlePending()
            pendingSecond = second
        }
        pending.add(trade)
    }

    /// Moves the running second's trades into candles and windows.
    mutating func settlePending() {
        guard !pending.isEmpty else { return }
        candles.add(pending, second: pendingSecond)
        windows.add(pending, second: pendingSecond)
        pending = Bar()
    }

    /// Brings candles and windows to `clock`.
    mutating func advance(to clock: Timestamp) {
        settlePending()
        let second = clock.rawValue / 1_000
        candles.close(at: second)
        windows.evict(at: second)
    }
}

extension MarketState {
    func encode(into writer: inout StateWriter) {
        writer.write(instrument)
        writer.write(report.encoded)
        for levels in [bids.levels, asks.levels] {
            writer.write(UInt64(levels.count))
            for level in levels {
                writer.write(level.price)
                writer.write(level.quantity)
            }
        }
        writer.write(top.bidPrice)
        writer.write(top.bidQuantity)
        writer.write(top.askPrice)
        writer.write(top.askQuantity)
        writer.write(lastUpdateID)
        writer.write(lastTradeID)
        writer.write(lastAggregateID)
        writer.write(openAggregate != nil)
        if let openAggregate { writer.write(openAggregate.encoded) }
        writer.write(UInt64(recentTrades.count))
        for trade in recentTradesInOrder {
            writer.write(trade.tradeId)
            writer.write(trade.price)
            writer.write(trade.quantity)
            writer.write(trade.quoteAmount)
            writer.write(trade.buyerIsMaker)
            writer.write(trade.time)
        }
        pending.encode(into: &writer)
        writer.write(pendingSecond)
        candles.encode(into: &writer)
        windows.encode(into: &writer)
    }

    init(decoding reader: inout StateReader) throws(StateError) {
        let instrument: InstrumentID = try reader.read()
        let report: InstrumentReport = try MarketState.message(from: &reader)
        let bids = try MarketState.side(.buy, from: &reader)
        let asks = try MarketState.side(.sell, from: &reader)
        let top = TopOfBook(
            bidPrice: try reader.read(), bidQuantity: try reader.read(), askPrice: try reader.read(),
            askQuantity: try reader.read())
        let lastUpdateID: Int64 = try reader.read()
        let lastTradeID: Int64 = try reader.read()
        let lastAggregateID: Int64 = try reader.read()
        let openAggregate: AggregateTrade? = try reader.readBool() ? try MarketState.message(from: &reader) : nil
        let recentTrades = try MarketState.trades(from: &reader)
        let pending = try Bar(decoding: &reader)
        let pendingSecond: Int64 = try reader.read()
        let candles = try CandleSet(decoding: &reader)
        let windows = try RollingWindows(decoding: &reader)
        self.init(report, instrument)
        self.bids = bids
        self.asks = asks
        self.top = top
        self.lastUpdateID = lastUpdateID
        self.lastTradeID = lastTradeID
        self.lastAggregateID = lastAggregateID
        self.openAggregate = openAggregate
        self.recentTrades = recentTrades
        self.pending = pending
        self.pendingSecond = pendingSecond
        self.candles = candles
        self.windows = windows
    }

    /// The trades that `recentTradesInOrder` gave.
    private static func trades(from reader: inout StateReader) throws(StateError) -> [PublicTrade] {
        var trades: [PublicTrade] = []
        for _ in 0..<(try reader.readCount(elementSize: 41)) {
            trades.append(
                PublicTrade(
                    tradeId: try reader.read(), price: try reader.read(), quantity: try reader.read(),
                    quoteAmount: try reader.read(), buyerIsMaker: try reader.readBool(), time: try reader.read()))
        }
        guard trades.count <= MarketState.recentTradeCount else {
            throw StateError("\(trades.count) recent trades of a market")
        }
        return trades
    }

    private static func side(_ side: Side, from reader: inout StateReader) throws(StateError) -> DepthSide {
        var depth = DepthSide(side)
        for _ in 0..<(try reader.readCount(elementSize: 16)) {
            let price: Price = try reader.read()
            _ = depth.set(price, try reader.read())
        }
        return depth
    }

    private static func message<Message: RecordMessage>(from reader: inout StateReader) throws(StateError) -> Message {
        let bytes = try reader.readBytes()
        do throws(RecordError) {
            return try Message(decoding: bytes)
        } catch {
            throw StateError("a \(Message.self) is not readable: \(error)")
        }
    }
}
