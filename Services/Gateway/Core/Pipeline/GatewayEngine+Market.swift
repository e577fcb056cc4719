import Messaging
import Records
import TradingCore

extension GatewayEngine {
    /// Answers a query of public market data.
    func marketQuery(_ operation: Operation, _ address: ReplyAddress, _ unit: TimeUnit) {
        let renderer = MarketRenderer(unit: unit)
        switch operation {
        case .depth(let market, let limit):
            whenBookIsCurrent(market, address) { [unowned self] in
                answer(address) { renderer.depth(self.market(market.id), market, limit: limit, to: &$0) }
            }
        case .trades(let market, let limit, let fromID):
            answerTrades(market, limit: limit, fromID: fromID, address, renderer)
        case .aggregateTrades(let query): answerAggregates(query, address, renderer)
        case .candles(let query, let interval): answerCandles(query, interval, address, renderer)
        case .averagePrice(let market):
            answer(address) {
                renderer.averagePrice(
                    self.market(market.id), market, now: Timestamp(wallClock()), to: &$0)
            }
        case .ticker24Hours(let selection, let isShort):
            let clock = Timestamp(wallClock())
            answer(selection, address) { renderer.ticker($0, $1, isShort: isShort, now: clock, to: &$2) }
        case .tickerPrice(let selection): answer(selection, address) { renderer.lastPrice($0, $1, to: &$2) }
        case .tickerBook(let selection): answer(selection, address) { renderer.touch($0, $1, to: &$2) }
        default: reply(address, ApiError(.unsupportedOperation))
        }
    }

    private func answer(_ address: ReplyAddress, _ render: (inout JSONWriter) -> Void) {
        writer.removeAll()
        render(&writer)
        reply(address, Answer(body: writer.bytes))
    }

    /// An object for one market, an array for several.
    private func answer(
        _ selection: Operation.Selection, _ address: ReplyAddress,
        _ render: (MarketView, Market, inout JSONWriter) -> Void
    ) {
        answer(address) { writer in
            switch selection {
            case .one(let market): render(self.market(market.id), market, &writer)
            case .several(let markets):
                writer.beginArray()
                for market in markets { render(self.market(market.id), market, &writer) }
                writer.endArray()
            }
        }
    }

    // MARK: Trades

    /// From memory where memory goes back far enough, from the database else.
    private func answerTrades(
        _ market: Market, limit: Int, fromID: Int64?, _ address: ReplyAddress, _ renderer: MarketRenderer
    ) {
        let recent = self.market(market.id).trades
        guard let fromID else {
            return answer(address) { renderer.trades(recent.newest(limit), market, to: &$0) }
        }
        if recent.count > 0, recent[0].tradeId.rawValue <= fromID || recent[0].tradeId.rawValue == 1 {
            let items = recent.from(limit: limit) { $0.tradeId.rawValue >= fromID }
            return answer(address) { renderer.trades(items, market, to: &$0) }
        }
        askHistory(.trades(market, fromID: fromID, limit: limit), address) { [unowned self] result in
            guard case .trades(let found) = result else {
                return reply(address, ApiError(.unexpectedResponse))
            }
            answer(address) { renderer.trades(found, market, to: &$0) }
        }
    }

    private func answerAggregates(_ query: RangeQuery, _ address: ReplyAddress, _ renderer: MarketRenderer) {
        let recent = self.market(query.market.id).aggregates
        let items: [AggregateTrade]?
        let reachesBack = recent.count > 0 && recent[0].aggregateId == 1
        if let fromID = query.fromID {
            let isThere = recent.count > 0 && recent[0].aggregateId <= fromID
            items = isThere || reachesBack ? recent.from(limit: query.limit) { $0.aggregateId >= fromID } : nil
        } else if let start = query.start {
            let isThere = recent.count > 0 && recent[0].time < start
            items =
                isThere || reachesBack
                ? recent.from(limit: query.limit) { $0.time >= start }
                    .filter { query.end == nil || $0.time.rawValue <= query.end?.rawValue ?? .max } : nil
        } else if query.end == nil, recent.count >= query.limit || reachesBack {
            items = recent.newest(query.limit)
        } else {
            items = nil
        }
        if let items { return answer(address) { renderer.aggregates(items, query.market, to: &$0) } }
        askHistory(.aggregateTrades(query), address) { [unowned self] result in
            guard case .aggregateTrades(let found) = result else {
                return reply(address, ApiError(.unexpectedResponse))
            }
            // Memory has what the database has not got yet.
            let last = found.last?.aggregateId ?? 0
            let isOpenEnded = query.end == nil && (query.fromID ?? 0) <= last + 1
            let newer = isOpenEnded ? recent.from(limit: query.limit) { $0.aggregateId > last } : []
            let isNewest = query.fromID == nil && query.start == nil
            let all = found + newer
            let taken = isNewest ? Array(all.suffix(query.limit)) : Array(all.prefix(query.limit))
            answer(address) { renderer.aggregates(taken, query.market, to: &$0) }
        }
    }

    // MARK: Candles

    /// Closed candles come from the database, the newest from memory; intervals without trades are filled in.
    private func answerCandles(
        _ query: RangeQuery, _ interval: CandleInterval, _ address: ReplyAddress, _ renderer: MarketRenderer
    ) {
        let clock = Timestamp(wallClock())
        let recent = self.market(query.market.id).recentCandles(interval)
        let range = CandleRange(query, interval, now: clock)
        if let first = recent.first, first.openTime <= range.first {
            let rows = range.filled(recent)
            return answer(address) { renderer.candles(rows, interval, query.market, to: &$0) }
        }
        var bounded = query
        bounded.start = range.first
        bounded.end = range.last
        askHistory(.candles(bounded, interval), address) { [unowned self] result in
            guard case .candles(let found) = result else {
                return reply(address, ApiError(.unexpectedResponse))
            }
            let newest = self.market(query.market.id).recentCandles(interval)
            let rows = range.filled(CandleRange.merged(found, newest))
            answer(address) { renderer.candles(rows, interval, query.market, to: &$0) }
        }
    }
}
