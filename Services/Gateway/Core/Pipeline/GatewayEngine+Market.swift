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
        if let items = rememberedAggregates(query) {
            return answer(address) { renderer.aggregates(items, query.market, to: &$0) }
        }
        askHistory(.aggregateTrades(query), address) { [unowned self] result in
            guard case .aggregateTrades(let found) = result else {
                return reply(address, ApiError(.unexpectedResponse))
            }
            // Memory has what the database has not got yet.
            let last = found.last?.aggregateId ?? 0
            let recent = market(query.market.id).aggregates
            let newer = recent.from(limit: recent.count) { $0.aggregateId > last }.filter(query.includes)
            let all = found + newer
            let taken = query.isOfNewest ? Array(all.suffix(query.limit)) : Array(all.prefix(query.limit))
            answer(address) { renderer.aggregates(taken, query.market, to: &$0) }
        }
    }

    /// The rows of a query that memory goes back far enough for; nil when it may not.
    private func rememberedAggregates(_ query: RangeQuery) -> [AggregateTrade]? {
        let recent = market(query.market.id).aggregates
        guard recent.count > 0 else { return nil }
        let oldest = recent[0]
        let reachesBack = oldest.aggregateId == 1
        if query.isOfNewest {
            let upToEnd =
                query.end == nil ? recent.newest(query.limit) : recent.newest(recent.count).filter(query.includes)
            guard reachesBack || upToEnd.count >= query.limit else { return nil }
            return Array(upToEnd.suffix(query.limit))
        }
        let isThere =
            query.fromID.map { oldest.aggregateId <= $0 } ?? query.start.map { oldest.time < $0 } ?? false
        guard reachesBack || isThere else { return nil }
        let from =
            if let fromID = query.fromID {
                recent.from(limit: query.limit) { $0.aggregateId >= fromID }
            } else {
                recent.from(limit: query.limit) { $0.time >= query.start ?? Timestamp(0) }
            }
        return from.filter(query.includes)
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

extension RangeQuery {
    /// Whether the newest rows up to the end are asked for.
    fileprivate var isOfNewest: Bool { fromID == nil && start == nil }

    fileprivate func includes(_ trade: AggregateTrade) -> Bool {
        trade.aggregateId >= fromID ?? 0 && trade.time >= start ?? Timestamp(0) && trade.time <= end ?? Timestamp(.max)
    }
}
