import Records
import TradingCore

/// The latest candle of every interval of a market.
///
/// A candle begins with its first trade and is closed at its end in log time; a span without trades has none.
struct CandleSet {
    private struct Running {
        /// Seconds since the Unix epoch.
        var start: Int64 = 0
        var end: Int64 = 0
        var bar = Bar()
        var isClosed = false
        /// Whether it changed since it was last reported.
        var isChanged = false
    }

    private var candles = [Running](repeating: Running(), count: CandleInterval.allCases.count)
    /// The earliest end of a candle that is not closed, in seconds.
    private var nextEnd = Int64.max
    private var hasChanges = false

    /// Adds the trades of one second.
    mutating func add(_ bar: Bar, second: Int64) {
        for (index, interval) in CandleInterval.allCases.enumerated() {
            if candles[index].bar.isEmpty || candles[index].isClosed || second >= candles[index].end {
                let (start, end) = interval.bounds(of: second)
                candles[index] = Running(start: start, end: end)
                nextEnd = min(nextEnd, end)
            }
            candles[index].bar.append(bar)
            candles[index].isChanged = true
        }
        hasChanges = true
    }

    /// Closes the candles that have ended by `second`.
    mutating func close(at second: Int64) {
        guard second >= nextEnd else { return }
        nextEnd = .max
        for index in candles.indices where !candles[index].bar.isEmpty && !candles[index].isClosed {
            if candles[index].end <= second {
                candles[index].isClosed = true
                candles[index].isChanged = true
                hasChanges = true
            } else {
                nextEnd = min(nextEnd, candles[index].end)
            }
        }
    }

    /// Appends the candles that changed since this was last asked.
    mutating func takeChanges(_ instrument: InstrumentID, into list: inout [Candle]) {
        guard hasChanges else { return }
        hasChanges = false
        for index in candles.indices where candles[index].isChanged {
            candles[index].isChanged = false
            list.append(candle(index, instrument))
        }
    }

    /// The latest candle of every interval that had a trade.
    func all(_ instrument: InstrumentID) -> [Candle] {
        candles.indices.filter { !candles[$0].bar.isEmpty }.map { candle($0, instrument) }
    }

    private func candle(_ index: Int, _ instrument: InstrumentID) -> Candle {
        let running = candles[index]
        let bar = running.bar
        return Candle(
            instrument: instrument, interval: CandleInterval.allCases[index].rawValue,
            openTime: Timestamp(running.start * 1_000), open: bar.open, high: bar.high, low: bar.low, close: bar.close,
            volume: bar.volume, quoteVolumeLow: bar.quoteVolume.lowHalf, quoteVolumeHigh: bar.quoteVolume.highHalf,
            count: bar.count, takerBuyVolume: bar.takerBuyVolume, takerBuyQuoteLow: bar.takerBuyQuote.lowHalf,
            takerBuyQuoteHigh: bar.takerBuyQuote.highHalf, firstTradeId: bar.firstTradeID,
            lastTradeId: bar.lastTradeID, closed: running.isClosed)
    }
}

extension CandleSet {
    func encode(into writer: inout StateWriter) {
        for candle in candles {
            writer.write(candle.start)
            writer.write(candle.end)
            candle.bar.encode(into: &writer)
            writer.write(candle.isClosed)
            writer.write(candle.isChanged)
        }
    }

    init(decoding reader: inout StateReader) throws(StateError) {
        for index in candles.indices {
            candles[index] = Running(
                start: try reader.read(), end: try reader.read(), bar: try Bar(decoding: &reader),
                isClosed: try reader.readBool(), isChanged: try reader.readBool())
            if candles[index].isChanged { hasChanges = true }
            if !candles[index].bar.isEmpty, !candles[index].isClosed { nextEnd = min(nextEnd, candles[index].end) }
        }
    }
}
