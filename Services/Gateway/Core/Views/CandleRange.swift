import Records
import TradingCore

/// The candles that a query asks for: a run of intervals, each with a row (section 6.7 of the client API's contract).
struct CandleRange {
    let interval: CandleInterval
    /// The opening of the first and of the last row.
    let first: Timestamp
    let last: Timestamp
    let limit: Int
    /// Whether rows are counted from the start or from the end.
    private let isFromStart: Bool

    init(_ query: RangeQuery, _ interval: CandleInterval, now: Timestamp) {
        self.interval = interval
        limit = query.limit
        let running = interval.open(at: now)
        let end = query.end.map { min(interval.open(at: $0), running) } ?? running
        isFromStart = query.start != nil
        guard let start = query.start else {
            last = end
            first = CandleRange.back(query.limit - 1, from: end, interval)
            return
        }
        let open = interval.open(at: start)
        first = open < start ? interval.next(after: open) : open
        last = end
    }

    private static func back(_ count: Int, from time: Timestamp, _ interval: CandleInterval) -> Timestamp {
        if let length = interval.milliseconds { return Timestamp(time.rawValue - Int64(count) * length) }
        var open = time
        for _ in 0..<count { open = interval.open(at: Timestamp(open.rawValue - 1)) }
        return open
    }

    /// `newer` over `older` where both have a candle; by time.
    static func merged(_ older: [Candle], _ newer: [Candle]) -> [Candle] {
        guard let start = newer.first?.openTime else { return older }
        return older.filter { $0.openTime < start } + newer
    }

    /// A row an interval: where nothing traded, a flat one at the close before. Nothing stands before the first trade.
    func filled(_ candles: [Candle]) -> [Candle] {
        var rows: [Candle] = []
        var previous = candles.last { $0.openTime < first }
        var index = candles.firstIndex { $0.openTime >= first } ?? candles.count
        var open = first
        while open <= last, rows.count < limit {
            if index < candles.count, candles[index].openTime == open {
                previous = candles[index]
                rows.append(candles[index])
                index += 1
            } else if let before = previous {
                rows.append(flat(at: open, before))
            } else if index == candles.count {
                break
            } else {
                // Before the first trade there is nothing to show.
                open = candles[index].openTime
                continue
            }
            open = interval.next(after: open)
        }
        return rows
    }

    private func flat(at open: Timestamp, _ before: Candle) -> Candle {
        var candle = Candle()
        candle.instrument = before.instrument
        candle.interval = interval.rawValue
        candle.openTime = open
        (candle.open, candle.high, candle.low, candle.close) = (before.close, before.close, before.close, before.close)
        candle.closed = true
        return candle
    }
}
