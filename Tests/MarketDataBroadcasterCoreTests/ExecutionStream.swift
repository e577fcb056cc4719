import Records
import TestBasics
import TradingCore

@testable import MarketDataBroadcasterCore

/// Keeps everything that a broadcaster says.
struct CollectingSink: MarketDataSink, Equatable {
    var updates: [MarketUpdate] = []
    var statistics: [MarketStatistics] = []
    var snapshots: [MarketSnapshot] = []

    mutating func update(_ update: borrowing KeptRecord<MarketUpdate>) { updates.append(update.value) }
    mutating func statistics(_ statistics: MarketStatistics) { self.statistics.append(statistics) }
    mutating func snapshot(_ snapshot: MarketSnapshot) { snapshots.append(snapshot) }
}

/// A trade and its log time.
struct TimedTrade {
    var trade: Trade
    var time: Int64
}

/// Makes what an engine could have said of one market, and remembers it all.
struct ExecutionStream {
    static let market = InstrumentID(7)

    var random: SplitMix64
    var clock: Int64
    private(set) var bids: [Int64: Int64] = [:]
    private(set) var asks: [Int64: Int64] = [:]
    private(set) var trades: [TimedTrade] = []
    private(set) var lastUpdate: Int64 = 0
    private var number: UInt64 = 0
    private var price: Int64 = 10_000

    init(seed: UInt64, clock: Int64) {
        random = SplitMix64(seed: seed)
        self.clock = clock
    }

    mutating func context() -> RecordContext {
        number += 1
        return RecordContext(clock: Timestamp(clock), writer: Writer(.matchingEngine, 0), number: number)
    }

    static func listing(_ status: TradingStatus = .trading, revision: UInt64 = 1) -> Execution {
        Execution(
            instrument: market,
            report: InstrumentReport(
                revision: revision, status: status, quotePerTickLot: 10, basePerLot: 1_000, symbol: "BTCUSDT"))
    }

    /// Changes of a few levels, and now and then trades.
    mutating func next() -> Execution {
        var execution = Execution(instrument: ExecutionStream.market)
        price = max(100, price + random.below(21) - 10)
        if random.chance(40) { execution.trades = makeTrades() }
        for _ in 0...random.below(3) {
            let side: Side = random.chance(50) ? .buy : .sell
            let distance = random.chance(90) ? random.below(30) : random.below(3_000)
            let level = side == .buy ? 5_000 - distance : 20_000 + distance
            let known = side == .buy ? bids[level] : asks[level]
            let quantity = known != nil && random.chance(50) ? 0 : 1 + random.below(1_000)
            if execution.levels.contains(where: { $0.price.rawValue == level && $0.side == side }) { continue }
            execution.levels.append(LevelChange(side: side, price: Price(level), quantity: Quantity(quantity)))
            set(side, level, quantity)
        }
        execution.firstUpdateId = UpdateID(lastUpdate + 1)
        lastUpdate += Int64(execution.levels.count)
        return execution
    }

    private mutating func set(_ side: Side, _ price: Int64, _ quantity: Int64) {
        let value = quantity == 0 ? nil : quantity
        if side == .buy { bids[price] = value } else { asks[price] = value }
    }

    private mutating func makeTrades() -> [Trade] {
        let side: Side = random.chance(50) ? .buy : .sell
        var made: [Trade] = []
        var at = price
        for _ in 0...random.below(4) {
            if random.chance(40) { at += side == .buy ? 1 : -1 }
            let lots = 1 + random.below(50)
            let trade = Trade(
                tradeId: TradeID(Int64(trades.count) + 1), price: Price(at), quantity: Quantity(lots),
                quoteAmount: Amount(at * lots * 10), takerSide: side)
            made.append(trade)
            trades.append(TimedTrade(trade: trade, time: clock))
        }
        return made
    }

    func levels(_ side: Side) -> [BookLevel] {
        let book = side == .buy ? bids.sorted { $0.key > $1.key } : asks.sorted { $0.key < $1.key }
        return book.map { BookLevel(price: Price($0.key), quantity: Quantity($0.value)) }
    }
}

/// Candles and tickers from all trades at once.
enum NaiveStatistics {
    static func candle(_ trades: [Trade], _ interval: CandleInterval, _ start: Int64, closed: Bool) -> Candle {
        let quote = trades.reduce(Int128(0)) { $0 + Int128($1.quoteAmount.rawValue) }
        let buys = trades.filter { $0.takerSide == .buy }
        let buyQuote = buys.reduce(Int128(0)) { $0 + Int128($1.quoteAmount.rawValue) }
        return Candle(
            instrument: ExecutionStream.market, interval: interval.rawValue, openTime: Timestamp(start * 1_000),
            open: trades.first?.price ?? .zero, high: trades.map(\.price).max() ?? .zero,
            low: trades.map(\.price).min() ?? .zero, close: trades.last?.price ?? .zero,
            volume: Quantity(trades.reduce(0) { $0 + $1.quantity.rawValue }), quoteVolumeLow: quote.lowHalf,
            quoteVolumeHigh: quote.highHalf, count: UInt64(trades.count),
            takerBuyVolume: Quantity(buys.reduce(0) { $0 + $1.quantity.rawValue }),
            takerBuyQuoteLow: buyQuote.lowHalf, takerBuyQuoteHigh: buyQuote.highHalf,
            firstTradeId: trades.first?.tradeId ?? TradeID(0), lastTradeId: trades.last?.tradeId ?? TradeID(0),
            closed: closed)
    }

    static func ticker(_ all: [TimedTrade], minutes: Int64, at clock: Int64) -> Ticker {
        let oldest = clock / 60_000 - minutes
        let trades = all.filter { $0.time / 60_000 >= oldest }.map(\.trade)
        let before = all.last { $0.time / 60_000 < oldest }?.trade.price ?? .zero
        let candle = candle(trades, .oneDay, 0, closed: false)
        return Ticker(
            instrument: ExecutionStream.market, windowMinutes: UInt32(minutes), openTime: Timestamp(oldest * 60_000),
            closeTime: Timestamp(clock), open: trades.first?.price ?? before,
            high: trades.isEmpty ? before : candle.high,
            low: trades.isEmpty ? before : candle.low, last: trades.last?.price ?? before,
            lastQuantity: trades.last?.quantity ?? .zero, previousClose: before, volume: candle.volume,
            quoteVolumeLow: candle.quoteVolumeLow, quoteVolumeHigh: candle.quoteVolumeHigh,
            firstTradeId: candle.firstTradeId, lastTradeId: candle.lastTradeId, count: candle.count)
    }
}

/// A broadcaster and ways to drive it as the runtime does: timers first, then the record as it stands in the log.
final class BroadcasterBench {
    var core = BroadcasterCore(partition: 0)

    func apply(_ record: ExecutionsRecord, _ context: RecordContext) throws -> CollectingSink {
        var sink = CollectingSink()
        if let timer = core.nextTimer, timer <= context.clock { core.fireTimers(at: context.clock, to: &sink) }
        var writer = RecordWriter()
        record.encodePayload(into: &writer)
        let payload = writer.array
        do throws(InboxError) {
            try core.apply(type: record.type, payload: payload.span.bytes, context, to: &sink)
        } catch {
            if case .broken(let violation) = error { throw violation }
            throw error
        }
        return sink
    }

    func tick(at clock: Int64) throws -> CollectingSink {
        try apply(
            .tick(EngineTick()),
            RecordContext(clock: Timestamp(clock), writer: Writer(.matchingEngine, 0), number: 0))
    }

    var encodedState: [UInt8] {
        var writer = StateWriter()
        core.encodeState(into: &writer)
        return writer.bytes
    }

    func restart() throws {
        var reader = StateReader(encodedState)
        core = try BroadcasterCore(decoding: &reader)
    }
}
