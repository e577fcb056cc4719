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
        try run(StoredExecution(head: execution), context)
    }

    /// Takes in an execution whose lists stand apart from it.
    @usableFromInline
    mutating func run(
        _ head: UnsafePointer<Execution>, _ trades: UnsafeBufferPointer<Trade>,
        _ levels: UnsafeBufferPointer<LevelChange>, _ context: RecordContext
    ) throws(InvariantViolation) -> Effect {
        try run(LentExecution(head: head, trades: trades, levels: levels), context)
    }

    private mutating func run<Source: ExecutionSource>(
        _ execution: Source, _ context: RecordContext
    ) throws(InvariantViolation) -> Effect {
        let head = execution.head
        startTimer(context.clock)
        isWithinInput = head.pointee.moreParts
        // Every part of a large input gives an update, so that the parts stay numbered without gaps.
        let isWhole = head.pointee.part == 0 && !head.pointee.moreParts
        let changesLevels = execution.levelCount > 0
        let trades = execution.tradeCount > 0
        let reports = head.pointee.report != nil
        if isWhole, !changesLevels, !trades, !reports { return .nothing }
        var effect = Effect.update
        let market: Int
        if let known = slot(head.pointee.instrument) {
            market = known
        } else {
            guard let report = head.pointee.report else {
                throw InvariantViolation("market \(head.pointee.instrument) was never listed")
            }
            guard report.revision > 0 else { return .nothing }
            market = add(MarketState(report, head.pointee.instrument))
            effect = .listing
        }
        let state = place(market)
        clearUpdate(head, context.clock)
        if trades { try addTrades(execution, context.clock, state) }
        if changesLevels { try setLevels(execution, state) } else { update.levels.empty() }
        if reports, let report = head.pointee.report {
            state.pointee.report = report
            update.report = report
            hasReport = true
        }
        if !head.pointee.moreParts { noteTop(state) }
        hasNews = true
        return effect
    }

    /// Clears what the last update said, but for its levels, which are written over.
    private mutating func clearUpdate(_ execution: UnsafePointer<Execution>, _ clock: Timestamp) {
        update.instrument = execution.pointee.instrument
        update.firstUpdateId = UpdateID(0)
        update.lastUpdateId = UpdateID(0)
        update.time = clock
        update.top = nil
        update.part = execution.pointee.part
        update.moreParts = execution.pointee.moreParts
        if hasReport {
            update.report = nil
            hasReport = false
        }
        if hasTrades {
            update.trades.empty()
            update.aggregates.empty()
            hasTrades = false
        }
    }

    private mutating func setLevels<Source: ExecutionSource>(
        _ execution: Source, _ state: UnsafeMutablePointer<MarketState>
    ) throws(InvariantViolation) {
        let first = execution.head.pointee.firstUpdateId
        guard first.rawValue == state.pointee.lastUpdateID + 1 else {
            throw InvariantViolation(
                "update \(first) of market \(state.pointee.instrument) follows \(state.pointee.lastUpdateID)")
        }
        // Written over the last update's, one by one: sharing the execution's list would make its owner copy it at the next change.
        let count = execution.levelCount
        while update.levels.count > count { update.levels.removeLast() }
        for index in 0..<count {
            let level = execution.level(index)
            let isKnown =
                level.side == .buy
                ? state.pointee.bids.set(level.price, level.quantity)
                : state.pointee.asks.set(level.price, level.quantity)
            guard isKnown else {
                throw InvariantViolation(
                    "market \(state.pointee.instrument) has no level at \(level.price) to remove")
            }
            if index < update.levels.count { update.levels[index] = level } else { update.levels.append(level) }
        }
        update.firstUpdateId = first
        state.pointee.lastUpdateID += Int64(count)
        update.lastUpdateId = UpdateID(state.pointee.lastUpdateID)
    }

    private mutating func addTrades<Source: ExecutionSource>(
        _ execution: Source, _ clock: Timestamp, _ state: UnsafeMutablePointer<MarketState>
    ) throws(InvariantViolation) {
        hasTrades = true
        let second = CivilCalendar.floor(clock.rawValue, 1_000) / 1_000
        for index in 0..<execution.tradeCount {
            let trade = execution.trade(index)
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
        if !execution.head.pointee.moreParts, let last = state.pointee.openAggregate {
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
