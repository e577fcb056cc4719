import Records
import TradingCore

extension GatewayEngine {
    private static var units: [TimeUnit] { [.milliseconds, .microseconds] }

    /// Renders an event of a stream for each unit that is wanted and hands it to every loop with subscribers.
    private func send(
        _ kind: StreamKey.Kind, _ market: InstrumentID, interval: CandleInterval? = nil,
        _ render: (StreamRenderer, inout JSONWriter) -> Void
    ) {
        for unit in Self.units {
            let key = StreamKey(kind, market: market, interval: interval, unit: unit)
            let mask = streams.mask(key)
            guard mask != 0 else { continue }
            writer.removeAll()
            render(StreamRenderer(unit: unit), &writer)
            let bytes = writer.bytes
            LoopMask.forEach(mask) { loops.post(.stream(key, bytes), to: $0) }
        }
    }

    // MARK: At once

    /// Trades and the touch go out as they change.
    func sendAtOnce(_ update: MarketUpdate, _ view: MarketView) {
        guard streams.hasAny(update.instrument), let market = reference.market(update.instrument) else { return }
        for trade in update.trades {
            send(.trade, market.id) { $0.trade(trade, market, to: &$1) }
        }
        for aggregate in update.aggregates {
            send(.aggregateTrade, market.id) { $0.aggregate(aggregate, market, to: &$1) }
        }
        if update.top != nil {
            send(.bookTicker, market.id) { $0.bookTicker(view, market, to: &$1) }
        }
    }

    /// Candles of a second and closed ones go out as they change, the others every two seconds.
    func sendCandles(_ statistics: MarketStatistics, _ view: MarketView) {
        guard streams.hasAny(statistics.instrument), let market = reference.market(statistics.instrument) else {
            return
        }
        for candle in statistics.candles {
            guard let interval = CandleInterval(rawValue: candle.interval) else { continue }
            if candle.closed || interval == .second {
                send(candle, interval, market, at: statistics.time)
            } else {
                view.pendingCandles.insert(interval)
            }
        }
    }

    private func send(_ candle: Candle, _ interval: CandleInterval, _ market: Market, at time: Timestamp) {
        send(.candle, market.id, interval: interval) { $0.candle(candle, interval, market, at: time, to: &$1) }
    }

    // MARK: By cadence

    /// Every 100 ms: the books that have changed.
    public func sendFastBooks() {
        for view in markets {
            guard let view, view.changed.contains(.fastBook) else { continue }
            view.changed.remove(.fastBook)
            let changes = view.fastChanges.take()
            guard streams.hasAny(view.instrument), let market = reference.market(view.instrument) else { continue }
            sendBook(view, market, changes, (.depthFast, .partial5Fast, .partial10Fast, .partial20Fast))
        }
    }

    /// Every second: books, tickers, averages; every other second the candles that run.
    public func sendSlow(isEvenSecond: Bool) {
        var changedTickers: [(MarketView, Market)] = []
        for view in markets {
            guard let view else { continue }
            let changes = view.changed.contains(.slowBook) ? view.slowChanges.take() : nil
            let hasTicker = view.changed.contains(.ticker)
            view.changed.subtract([.slowBook, .ticker])
            guard let market = reference.market(view.instrument) else { continue }
            if hasTicker { changedTickers.append((view, market)) }
            guard streams.hasAny(view.instrument) else {
                view.pendingCandles.removeAll()
                continue
            }
            if let changes { sendBook(view, market, changes, (.depth, .partial5, .partial10, .partial20)) }
            if hasTicker { sendTickers(view, market) }
            if isEvenSecond { sendPendingCandles(view, market) }
        }
        sendAllTickers(changedTickers)
    }

    private func sendBook(
        _ view: MarketView, _ market: Market,
        _ changes: (first: UpdateID, last: UpdateID, bids: [Price], asks: [Price]),
        _ kinds: (diff: StreamKey.Kind, five: StreamKey.Kind, ten: StreamKey.Kind, twenty: StreamKey.Kind)
    ) {
        if changes.first.rawValue != 0 {
            send(kinds.diff, market.id) {
                $0.depthUpdate(
                    view, market, first: changes.first, last: changes.last, bids: changes.bids, asks: changes.asks,
                    to: &$1)
            }
        }
        send(kinds.five, market.id) { $0.partialDepth(view, market, levels: 5, to: &$1) }
        send(kinds.ten, market.id) { $0.partialDepth(view, market, levels: 10, to: &$1) }
        send(kinds.twenty, market.id) { $0.partialDepth(view, market, levels: 20, to: &$1) }
    }

    private func sendTickers(_ view: MarketView, _ market: Market) {
        send(.miniTicker, market.id) { $0.miniTicker(view, market, at: view.time, to: &$1) }
        send(.ticker, market.id) { $0.ticker(view, market, at: view.time, to: &$1) }
        send(.averagePrice, market.id) { $0.averagePrice(view, market, at: view.time, to: &$1) }
    }

    private func sendPendingCandles(_ view: MarketView, _ market: Market) {
        let pending = view.pendingCandles
        view.pendingCandles.removeAll()
        for interval in CandleInterval.allCases where pending.contains(interval) {
            guard let candle = view.candle(interval), !candle.closed else { continue }
            send(candle, interval, market, at: view.time)
        }
    }

    private func sendAllTickers(_ changed: [(MarketView, Market)]) {
        guard !changed.isEmpty else { return }
        send(.allMiniTickers, InstrumentID(0)) { renderer, writer in
            writer.beginArray()
            for (view, market) in changed { renderer.miniTicker(view, market, at: view.time, to: &writer) }
            writer.endArray()
        }
    }
}
