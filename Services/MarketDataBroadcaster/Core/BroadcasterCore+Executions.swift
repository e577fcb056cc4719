import Records
import TradingCore

extension BroadcasterCore {
    /// What an execution means to the public.
    @usableFromInline
    enum Effect {
        case nothing
        case update
        /// The market is new.
        case listing
    }

    /// Takes an execution in and makes the update in the scratch.
    @usableFromInline
    mutating func run(
        _ execution: UnsafePointer<Execution>, _ context: RecordContext
    ) throws(InvariantViolation) -> Effect {
        startTimer(context.clock)
        isWithinInput = execution.pointee.moreParts
        // Every part of a large input gives an update, so that the parts stay numbered without gaps.
        let isWhole = execution.pointee.part == 0 && !execution.pointee.moreParts
        let changesLevels = !execution.pointee.levels.isEmpty
        let hasTrades = !execution.pointee.trades.isEmpty
        if isWhole, !changesLevels, !hasTrades, execution.pointee.report == nil { return .nothing }
        var effect = Effect.update
        let market: Int
        if let known = slot(execution.pointee.instrument) {
            market = known
        } else {
            guard let report = execution.pointee.report else {
                throw InvariantViolation("market \(execution.pointee.instrument) was never listed")
            }
            guard report.revision > 0 else { return .nothing }
            market = add(MarketState(report, execution.pointee.instrument))
            effect = .listing
        }
        let state = markets + market
        clearUpdate(execution, context.clock)
        if hasTrades { try addTrades(execution, context.clock, state) }
        if changesLevels { try setLevels(execution, state) }
        if let report = execution.pointee.report {
            state.pointee.report = report
            update.report = report
        }
        if !execution.pointee.moreParts { noteTop(state) }
        hasNews = true
        return effect
    }

    private mutating func clearUpdate(_ execution: UnsafePointer<Execution>, _ clock: Timestamp) {
        update.instrument = execution.pointee.instrument
        update.firstUpdateId = UpdateID(0)
        update.lastUpdateId = UpdateID(0)
        update.time = clock
        update.top = nil
        update.report = nil
        update.part = execution.pointee.part
        update.moreParts = execution.pointee.moreParts
        update.levels.empty()
        update.trades.empty()
        update.aggregates.empty()
    }

    private mutating func setLevels(
        _ execution: UnsafePointer<Execution>, _ state: UnsafeMutablePointer<MarketState>
    ) throws(InvariantViolation) {
        let first = execution.pointee.firstUpdateId
        let instrument = execution.pointee.instrument
        guard first.rawValue == state.pointee.lastUpdateID + 1 else {
            throw InvariantViolation(
                "update \(first) of market \(instrument) follows \(state.pointee.lastUpdateID)")
        }
        for index in 0..<execution.pointee.levels.count {
            let level = execution.pointee.levels[index]
            let isKnown =
                level.side == .buy
                ? state.pointee.bids.set(level.price, level.quantity)
                : state.pointee.asks.set(level.price, level.quantity)
            guard isKnown else {
                throw InvariantViolation("market \(instrument) has no level at \(level.price) to remove")
            }
            // Copied one by one: sharing the engine's array would make its owner copy it at the next change.
            update.levels.append(level)
        }
        update.firstUpdateId = first
        state.pointee.lastUpdateID += Int64(execution.pointee.levels.count)
        update.lastUpdateId = UpdateID(state.pointee.lastUpdateID)
    }

    private mutating func addTrades(
        _ execution: UnsafePointer<Execution>, _ clock: Timestamp, _ state: UnsafeMutablePointer<MarketState>
    ) throws(InvariantViolation) {
        let second = CivilCalendar.floor(clock.rawValue, 1_000) / 1_000
        for index in 0..<execution.pointee.trades.count {
            let trade = execution.pointee.trades[index]
            guard trade.tradeId.rawValue == state.pointee.lastTradeID + 1 else {
                throw InvariantViolation(
                    "trade \(trade.tradeId) of market \(state.pointee.instrument) follows "
                        + "\(state.pointee.lastTradeID)")
            }
            state.pointee.lastTradeID = trade.tradeId.rawValue
            let publicTrade = PublicTrade(
                tradeId: trade.tradeId, price: trade.price, quantity: trade.quantity, quoteAmount: trade.quoteAmount,
                buyerIsMaker: trade.takerSide == .sell, time: clock)
            update.trades.append(publicTrade)
            state.pointee.remember(publicTrade)
            state.pointee.add(trade, second: second)
            aggregate(publicTrade, state)
        }
        if !execution.pointee.moreParts, let last = state.pointee.openAggregate {
            update.aggregates.append(last)
            state.pointee.openAggregate = nil
        }
    }

    /// Adds a trade to the running aggregate, or begins the next: one input has one taker, so only the price tells them apart.
    private mutating func aggregate(_ trade: PublicTrade, _ state: UnsafeMutablePointer<MarketState>) {
        if let open = state.pointee.openAggregate, open.price == trade.price {
            state.pointee.openAggregate = AggregateTrade(
                aggregateId: open.aggregateId, price: open.price, quantity: open.quantity + trade.quantity,
                firstTradeId: open.firstTradeId, lastTradeId: trade.tradeId, buyerIsMaker: open.buyerIsMaker,
                time: open.time, quoteAmount: open.quoteAmount + trade.quoteAmount)
            return
        }
        if let finished = state.pointee.openAggregate { update.aggregates.append(finished) }
        state.pointee.lastAggregateID += 1
        state.pointee.openAggregate = AggregateTrade(
            aggregateId: state.pointee.lastAggregateID, price: trade.price, quantity: trade.quantity,
            firstTradeId: trade.tradeId, lastTradeId: trade.tradeId, buyerIsMaker: trade.buyerIsMaker,
            time: trade.time, quoteAmount: trade.quoteAmount)
    }

    private mutating func noteTop(_ state: UnsafeMutablePointer<MarketState>) {
        let bid = state.pointee.bids.best
        let ask = state.pointee.asks.best
        let top = TopOfBook(
            bidPrice: Price(bid?.price.rawValue ?? 0), bidQuantity: Quantity(bid?.quantity.rawValue ?? 0),
            askPrice: Price(ask?.price.rawValue ?? 0), askQuantity: Quantity(ask?.quantity.rawValue ?? 0))
        guard top != state.pointee.top else { return }
        state.pointee.top = top
        update.top = top
    }
}
