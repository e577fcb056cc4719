import Records
import TradingCore

/// Statistics of the last 24, 4 and 1 hours, kept by the minute.
///
/// A window of W minutes holds the running minute and the W before it, so it is up to 59,999 ms longer than its name. Sums are kept up to
/// date as minutes come and go; a high or low is looked for again only when the minute that held it leaves.
struct RollingWindows {
    /// The windows in minutes, the longest first.
    static let minutes: [Int64] = [1_440, 240, 60]

    private struct Minute {
        /// Minutes since the Unix epoch.
        var number: Int64
        var bar: Bar
    }

    private struct Window {
        /// Where its first minute stands in `history`.
        var first = 0
        var high = Price.zero
        var low = Price.zero
        var volume = Quantity.zero
        var quoteVolume: Int128 = 0
        var count: UInt64 = 0
        /// The last price before the window.
        var previousClose = Price.zero
        var isChanged = false
    }

    /// Left minutes at the front of `history` before it is moved up.
    private static let slack = 512

    /// Minutes with trades, the oldest first; those before the longest window's first have left it.
    private var history: [Minute] = []
    private var windows = [Window](repeating: Window(), count: RollingWindows.minutes.count)
    private var hasChanges = false

    /// Adds the trades of one second.
    mutating func add(_ bar: Bar, second: Int64) {
        let minute = second / 60
        if let last = history.last, last.number == minute {
            history[history.count - 1].bar.append(bar)
        } else {
            history.append(Minute(number: minute, bar: bar))
        }
        for index in windows.indices {
            if windows[index].count == 0 {
                windows[index].high = bar.high
                windows[index].low = bar.low
            } else {
                windows[index].high = max(windows[index].high, bar.high)
                windows[index].low = min(windows[index].low, bar.low)
            }
            windows[index].volume += bar.volume
            windows[index].quoteVolume += bar.quoteVolume
            windows[index].count += bar.count
            windows[index].isChanged = true
        }
        hasChanges = true
    }

    /// Lets the minutes go that are too old at `second`.
    mutating func evict(at second: Int64) {
        let minute = second / 60
        for index in windows.indices { evict(window: index, before: minute - RollingWindows.minutes[index]) }
        let unused = windows[0].first
        guard unused >= RollingWindows.slack else { return }
        history.removeFirst(unused)
        for index in windows.indices { windows[index].first -= unused }
    }

    private mutating func evict(window index: Int, before oldest: Int64) {
        var window = windows[index]
        guard window.first < history.count, history[window.first].number < oldest else { return }
        var extremesLeft = false
        while window.first < history.count, history[window.first].number < oldest {
            let bar = history[window.first].bar
            window.volume -= bar.volume
            window.quoteVolume -= bar.quoteVolume
            window.count -= bar.count
            window.previousClose = bar.close
            extremesLeft = extremesLeft || bar.high == window.high || bar.low == window.low
            window.first += 1
        }
        if extremesLeft, let next = history[window.first...].first?.bar {
            window.high = next.high
            window.low = next.low
            for minute in history[window.first...] {
                window.high = max(window.high, minute.bar.high)
                window.low = min(window.low, minute.bar.low)
            }
        }
        window.isChanged = true
        windows[index] = window
        hasChanges = true
    }

    /// Appends the windows that changed since this was last asked.
    mutating func takeChanges(_ instrument: InstrumentID, at clock: Timestamp, into list: inout [Ticker]) {
        guard hasChanges else { return }
        hasChanges = false
        for index in windows.indices where windows[index].isChanged {
            windows[index].isChanged = false
            list.append(ticker(index, instrument, clock))
        }
    }

    /// Every window of a market that has ever traded.
    func all(_ instrument: InstrumentID, at clock: Timestamp) -> [Ticker] {
        history.isEmpty && windows[0].previousClose == .zero
            ? [] : windows.indices.map { ticker($0, instrument, clock) }
    }

    /// A window without trades stands flat at the last price before it, with no trade ids.
    private func ticker(_ index: Int, _ instrument: InstrumentID, _ clock: Timestamp) -> Ticker {
        let window = windows[index]
        let minute = clock.rawValue / 60_000
        var ticker = Ticker(
            instrument: instrument, windowMinutes: UInt32(RollingWindows.minutes[index]),
            openTime: Timestamp((minute - RollingWindows.minutes[index]) * 60_000), closeTime: clock,
            open: window.previousClose, high: window.previousClose, low: window.previousClose,
            last: window.previousClose, previousClose: window.previousClose)
        guard window.count > 0, let last = history.last else { return ticker }
        ticker.open = history[window.first].bar.open
        ticker.high = window.high
        ticker.low = window.low
        ticker.last = last.bar.close
        ticker.lastQuantity = last.bar.lastQuantity
        ticker.volume = window.volume
        ticker.quoteVolumeLow = window.quoteVolume.lowHalf
        ticker.quoteVolumeHigh = window.quoteVolume.highHalf
        ticker.firstTradeId = history[window.first].bar.firstTradeID
        ticker.lastTradeId = last.bar.lastTradeID
        ticker.count = window.count
        return ticker
    }
}

extension RollingWindows {
    /// Writes the minutes still in the longest window, so that the bytes do not depend on when `history` was moved up.
    func encode(into writer: inout StateWriter) {
        let unused = windows[0].first
        writer.write(UInt64(history.count - unused))
        for minute in history[unused...] {
            writer.write(minute.number)
            minute.bar.encode(into: &writer)
        }
        for window in windows {
            writer.write(UInt64(window.first - unused))
            writer.write(window.previousClose)
            writer.write(window.isChanged)
        }
    }

    init(decoding reader: inout StateReader) throws(StateError) {
        for _ in 0..<(try reader.readCount(elementSize: 8)) {
            history.append(Minute(number: try reader.read(), bar: try Bar(decoding: &reader)))
        }
        for index in windows.indices {
            let first: UInt64 = try reader.read()
            guard first <= UInt64(history.count) else { throw StateError("a window begins behind its last minute") }
            windows[index].first = Int(first)
            windows[index].previousClose = try reader.read()
            windows[index].isChanged = try reader.readBool()
            if windows[index].isChanged { hasChanges = true }
            for minute in history[Int(first)...] {
                let isFirst = windows[index].count == 0
                windows[index].high = isFirst ? minute.bar.high : max(windows[index].high, minute.bar.high)
                windows[index].low = isFirst ? minute.bar.low : min(windows[index].low, minute.bar.low)
                windows[index].volume += minute.bar.volume
                windows[index].quoteVolume += minute.bar.quoteVolume
                windows[index].count += minute.bar.count
            }
        }
    }
}
