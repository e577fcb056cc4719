import GatewayCore
import Records
import TradingCore

/// A market as its executions tell it, order by order: a book kept without the engine, and what must hold of every step.
struct MarketModel {
    struct Resting {
        var account: AccountID
        var side: Side
        var price: Price
        /// Lots ordered, after amendments, and lots left.
        var quantity: Int64
        var remaining: Int64
        /// Its place in time among the orders of its price.
        var place: Int
    }

    struct LevelKey: Hashable, Comparable {
        var side: Side
        var price: Price

        static func < (left: LevelKey, right: LevelKey) -> Bool { left.price < right.price }
    }

    let instrument: InstrumentID
    private(set) var orders: [OrderID: Resting] = [:]
    /// By what the executions said of each level.
    private(set) var levels: [LevelKey: Int64] = [:]
    private(set) var lastUpdate: Int64 = 0
    private(set) var trades: [(trade: Trade, clock: Int64)] = []
    private(set) var status = TradingStatus.trading
    private(set) var basePerLot: Int64 = 0
    private var revision: UInt64 = 0
    private var lastExecution: Int64 = 0
    private var places = 0

    init(instrument: InstrumentID) { self.instrument = instrument }

    /// The order that is entering the market.
    private struct Taker {
        var accepted: OrderAccepted
        var remaining: Int64
        var traded: Int64 = 0
        var spent: Int64 = 0
        var isDone = false
        var isUnbounded: Bool { accepted.type == .market && accepted.quantity.rawValue == 0 }
    }

    mutating func apply(_ execution: Execution, clock: Int64, _ events: inout EventCounts) throws {
        if let report = execution.report { try take(report) }
        var taker: Taker?
        if let accepted = execution.accepted {
            guard status == .trading else { throw wrong("order \(accepted.orderId) was accepted while \(status)") }
            try number(accepted.executionId, 1)
            taker = Taker(accepted: accepted, remaining: accepted.quantity.rawValue)
            events[.accepted] += 1
        }
        if let amended = execution.amended {
            try apply(amended)
            events[.amended] += 1
        }
        try applyMatches(execution, clock, &taker, &events)
        try applyEnds(execution, &taker, &events)
        if let taker { try rest(taker, &events) }
        try applyLevels(execution)
    }

    private mutating func take(_ report: InstrumentReport) throws {
        guard report.revision >= revision else { throw wrong("revision \(report.revision) follows \(revision)") }
        revision = report.revision
        status = report.status
        basePerLot = report.basePerLot
    }

    private func wrong(_ text: String) -> Violation { Violation("market \(instrument): \(text)") }

    /// Execution ids run without gaps; a trade or a prevention takes two.
    private mutating func number(_ id: ExecutionID, _ count: Int64) throws {
        guard id.rawValue == lastExecution + 1 else { throw wrong("execution \(id) follows \(lastExecution)") }
        lastExecution += count
    }

    // MARK: Trades and preventions

    private mutating func applyMatches(
        _ execution: Execution, _ clock: Int64, _ taker: inout Taker?, _ events: inout EventCounts
    ) throws {
        var (trade, prevention) = (0, 0)
        while trade < execution.trades.count || prevention < execution.preventions.count {
            let isTrade =
                prevention == execution.preventions.count
                || trade < execution.trades.count
                    && execution.trades[trade].executionId < execution.preventions[prevention].executionId
            guard var entering = taker else { throw wrong("a trade without a taker") }
            if isTrade {
                try apply(execution.trades[trade], &entering)
                trades.append((execution.trades[trade], clock))
                events[.trade] += 1
                trade += 1
            } else {
                try apply(execution.preventions[prevention], &entering)
                events[.prevention] += 1
                prevention += 1
            }
            taker = entering
        }
    }

    /// The maker must be the first order at the best price, and the price one that the taker asked for.
    private mutating func match(_ makerID: OrderID, _ price: Price, _ taker: Taker) throws -> Resting {
        guard let maker = orders[makerID], maker.price == price, maker.side != taker.accepted.side else {
            throw wrong("order \(makerID) is not there to be matched at \(price)")
        }
        for (id, other) in orders where other.side == maker.side && id != makerID {
            let isBetter = maker.side == .buy ? other.price > price : other.price < price
            guard !isBetter, other.price != price || other.place > maker.place else {
                throw wrong("order \(id) came before order \(makerID) and was passed over")
            }
        }
        let limit = taker.accepted.price
        guard taker.accepted.side == .buy ? price <= limit : price >= limit else {
            throw wrong("order \(taker.accepted.orderId) with limit \(limit) met \(price)")
        }
        guard !taker.isDone else { throw wrong("order \(taker.accepted.orderId) goes on though it is done") }
        return maker
    }

    private mutating func apply(_ trade: Trade, _ taker: inout Taker) throws {
        let maker = try match(trade.makerOrderId, trade.price, taker)
        guard trade.tradeId.rawValue == (trades.last?.trade.tradeId.rawValue ?? 0) + 1 else {
            throw wrong("trade \(trade.tradeId) follows \(trades.count)")
        }
        try number(trade.executionId, 2)
        guard taker.accepted.type != .limitMaker else { throw wrong("a LIMIT_MAKER took") }
        guard taker.accepted.selfTradePrevention == .none || maker.account != taker.accepted.account else {
            throw wrong("account \(maker.account) traded with itself")
        }
        try reduce(trade.makerOrderId, maker, by: trade.quantity.rawValue, isDone: trade.makerDone)
        taker.traded += trade.quantity.rawValue
        taker.spent += trade.quoteAmount.rawValue
        try reduce(&taker, by: trade.quantity.rawValue, isDone: trade.takerDone)
    }

    private mutating func apply(_ prevention: Prevention, _ taker: inout Taker) throws {
        let maker = try match(prevention.makerOrderId, prevention.price, taker)
        try number(prevention.executionId, 2)
        guard maker.account == taker.accepted.account, taker.accepted.selfTradePrevention == prevention.mode else {
            throw wrong("orders of two accounts were kept from trading")
        }
        try reduce(
            prevention.makerOrderId, maker, by: prevention.makerQuantity.rawValue, isDone: prevention.makerDone)
        try reduce(&taker, by: prevention.takerQuantity.rawValue, isDone: prevention.takerDone)
    }

    private mutating func reduce(_ id: OrderID, _ order: Resting, by lots: Int64, isDone: Bool) throws {
        guard lots <= order.remaining, (lots == order.remaining) == isDone else {
            throw wrong("order \(id) with \(order.remaining) lots gave \(lots), done: \(isDone)")
        }
        orders[id]?.remaining -= lots
        if isDone { orders[id] = nil }
    }

    private func reduce(_ taker: inout Taker, by lots: Int64, isDone: Bool) throws {
        taker.isDone = isDone
        if taker.isUnbounded { return }
        let byQuote = taker.accepted.quoteQuantity.rawValue > 0
        guard lots <= taker.remaining, byQuote || (lots == taker.remaining) == isDone else {
            throw wrong("order \(taker.accepted.orderId) with \(taker.remaining) lots took \(lots), done: \(isDone)")
        }
        taker.remaining -= lots
    }

    // MARK: Ends and amendments

    private mutating func applyEnds(
        _ execution: Execution, _ taker: inout Taker?, _ events: inout EventCounts
    ) throws {
        for done in execution.done {
            try number(done.executionId, 1)
            if done.orderId == taker?.accepted.orderId {
                taker?.isDone = true
                guard done.executed.rawValue == taker?.traded else {
                    throw wrong("\(done) does not say what it traded")
                }
            } else {
                guard orders.removeValue(forKey: done.orderId)?.account == done.account else {
                    throw wrong("order \(done.orderId) ended and was not open")
                }
                events[done.reason == .canceled ? .canceled : .canceledByVenue] += 1
            }
        }
    }

    private mutating func apply(_ amended: OrderAmended) throws {
        try number(amended.executionId, 1)
        guard var order = orders[amended.orderId] else {
            throw wrong("order \(amended.orderId) was amended and is not open")
        }
        order.remaining -= order.quantity - amended.newQuantity.rawValue
        guard order.remaining > 0, amended.newQuantity.rawValue < order.quantity else {
            throw wrong("order \(amended.orderId) was amended from \(order.quantity) to \(amended.newQuantity)")
        }
        order.quantity = amended.newQuantity.rawValue
        orders[amended.orderId] = order
    }

    /// What the taker has left rests, or must have ended.
    private mutating func rest(_ taker: Taker, _ events: inout EventCounts) throws {
        let accepted = taker.accepted
        try checkPromise(taker, &events)
        guard !taker.isDone else { return }
        guard accepted.type == .limit && accepted.timeInForce == .goodTillCanceled || accepted.type == .limitMaker,
            taker.remaining > 0
        else { throw wrong("order \(accepted.orderId) rests though it may not") }
        places += 1
        orders[accepted.orderId] = Resting(
            account: accepted.account, side: accepted.side, price: accepted.price,
            quantity: accepted.quantity.rawValue, remaining: taker.remaining, place: places)
    }

    /// What each kind of order promises.
    private func checkPromise(_ taker: Taker, _ events: inout EventCounts) throws {
        let accepted = taker.accepted
        switch (accepted.type, accepted.timeInForce) {
        case (.market, _):
            let byQuote = accepted.quoteQuantity.rawValue > 0
            events[byQuote ? .marketByQuote : .marketByQuantity] += 1
            guard !byQuote || taker.spent <= accepted.quoteQuantity.rawValue else {
                throw wrong("order \(accepted.orderId) spent \(taker.spent) of \(accepted.quoteQuantity)")
            }
        case (.limit, .fillOrKill):
            let isFilled = taker.traded == accepted.quantity.rawValue
            guard isFilled || taker.traded == 0 else { throw wrong("a FOK traded \(taker.traded) lots") }
            events[isFilled ? .fillOrKillFilled : .fillOrKillEnded] += 1
        case (.limit, .immediateOrCancel): events[.immediateOrCancelEnded] += 1
        case (.limitMaker, _): events[.makerOnlyRested] += 1
        default: break
        }
    }

    // MARK: Levels

    /// The levels that the execution gives are the sums of the open orders, under update ids without gaps.
    private mutating func applyLevels(_ execution: Execution) throws {
        if !execution.levels.isEmpty {
            guard execution.firstUpdateId.rawValue == lastUpdate + 1 else {
                throw wrong("update \(execution.firstUpdateId) follows \(lastUpdate)")
            }
            lastUpdate += Int64(execution.levels.count)
        }
        for level in execution.levels {
            let key = LevelKey(side: level.side, price: level.price)
            levels[key] = level.quantity.rawValue > 0 ? level.quantity.rawValue : nil
        }
        guard sums == levels else { throw wrong("the levels are \(levels), the open orders make \(sums)") }
        let bid = levels.keys.filter { $0.side == .buy }.max()
        let ask = levels.keys.filter { $0.side == .sell }.min()
        if let bid, let ask, bid.price >= ask.price { throw wrong("bid \(bid.price) crosses ask \(ask.price)") }
    }

    private var sums: [LevelKey: Int64] {
        orders.values.reduce(into: [:]) {
            $0[LevelKey(side: $1.side, price: $1.price), default: 0] += $1.remaining
        }
    }

    /// One side's levels, the best first.
    func book(_ side: Side) -> [BookLevel] {
        levels.filter { $0.key.side == side }
            .sorted { side == .buy ? $0.key > $1.key : $0.key < $1.key }
            .map { BookLevel(price: $0.key.price, quantity: Quantity($0.value)) }
    }

    /// What an order of a gateway's view has left.
    func remaining(of order: OrderState) -> Int64 {
        order.quantity.rawValue - order.executed.rawValue - order.prevented.rawValue
    }
}
