import Records
import TradingCore

/// The incoming order while it trades.
struct Taker {
    let id: OrderID
    let account: AccountID
    let side: Side
    /// The limit or the protection price.
    let price: Price
    let selfTradePrevention: SelfTradePrevention
    let tradeGroup: UInt32
    let basisPoints: UInt32
    let ledgerPartition: UInt16
    /// Whether it is bounded by an amount of quote instead of (a purchase) or beside (a sale) a quantity.
    let byQuote: Bool
    /// Lots that it may still trade; of a purchase by quote amount the most that there are.
    var remaining: Int64
    /// Quote minor units that it may still spend or receive.
    var budget: Int64
    var executed: Int64 = 0
    /// Lots lost to self-trade prevention.
    var prevented: Int64 = 0
    /// Filled, or ended by self-trade prevention.
    var isDone = false

    init(_ order: SubmitOrder, ledgerPartition: UInt16) {
        id = order.orderId
        account = order.account
        side = order.side
        price = order.price
        selfTradePrevention = order.selfTradePrevention
        tradeGroup = order.tradeGroup
        basisPoints = order.takerBasisPoints
        self.ledgerPartition = ledgerPartition
        byQuote = order.type == .market && order.quoteQuantity.rawValue > 0
        remaining = byQuote && order.side == .buy ? .max : order.quantity.rawValue
        budget = order.quoteQuantity.rawValue
    }

    @inline(__always)
    func crosses(_ level: Price) -> Bool { side == .buy ? level <= price : level >= price }

    /// Whether self-trade prevention keeps it from trading with `maker`.
    @inline(__always)
    func isKept(from maker: RestingOrder) -> Bool {
        guard selfTradePrevention != .none else { return false }
        return maker.account == account || (tradeGroup != 0 && maker.tradeGroup == tradeGroup)
    }
}

extension MatchingCore {
    mutating func submit(_ order: SubmitOrder, _ context: RecordContext) throws(InvariantViolation) {
        execution.instrument = order.instrument
        guard let partition = ledgerPartition(context.writer) else {
            throw InvariantViolation("order \(order.orderId) comes from \(context.writer), not from a ledger-service")
        }
        let ledger = UInt16(truncatingIfNeeded: partition)
        if context.hasPassed(order.deadline) { return refuse(order, .deadlinePassed, ledger) }
        guard let book = books.book(order.instrument) else { return refuse(order, .unknownInstrument, ledger) }
        let market = books.market(book)
        guard market.pointee.scale.quotePerTickLot == order.quotePerTickLot,
            market.pointee.scale.basePerLot == order.basePerLot
        else { return refuse(order, .unknownInstrument, ledger) }
        guard market.pointee.definition.status.takesOrders else { return refuse(order, .marketClosed, ledger) }
        try MatchingCore.check(order)
        guard books.slot(order.orderId) == noSlot else {
            throw InvariantViolation("order \(order.orderId) is already open")
        }

        var taker = Taker(order, ledgerPartition: ledger)
        let opposite = OrderBooks.sideIndex(book, order.side.opposite)
        let best = books.side(opposite).pointee.best
        let crosses = best != noSlot && taker.crosses(books.levels[best].pointee.price)
        if crosses, order.type == .limitMaker { return refuse(order, .wouldMatchImmediately, ledger) }

        accept(order, ledger, market)
        if order.type == .limit, order.timeInForce == .fillOrKill, !canFill(taker, opposite) {
            return end(taker, .fillOrKillUnfilled, market)
        }
        if crosses { try match(&taker, opposite, market) }
        if taker.isDone { return }
        if order.type == .market { return end(taker, .insufficientLiquidity, market) }
        if order.type == .limit, order.timeInForce == .immediateOrCancel {
            return end(taker, .immediateOrCancelRest, market)
        }
        rest(taker, order, book)
    }

    /// What upstream services guarantee of every order.
    private static func check(_ order: SubmitOrder) throws(InvariantViolation) {
        switch order.type {
        case .limit, .limitMaker, .market: break
        case .stopLoss, .stopLossLimit, .takeProfit, .takeProfitLimit:
            throw InvariantViolation("order \(order.orderId) is of a type that order-service refuses")
        }
        let byQuote = order.type == .market && order.quoteQuantity.rawValue > 0
        guard order.price.rawValue > 0, order.quantity.rawValue > 0 || (byQuote && order.side == .buy),
            order.makerBasisPoints <= Fees.maximumBasisPoints, order.takerBasisPoints <= Fees.maximumBasisPoints
        else { throw InvariantViolation("order \(order.orderId) has no price, no quantity, or fees beyond the whole") }
    }

    private mutating func refuse(_ order: SubmitOrder, _ reason: RefusalReason, _ ledger: UInt16) {
        refuse(
            Refusal(
                account: order.account, instrument: order.instrument, reason: reason, orderId: order.orderId,
                clientOrderId: order.clientOrderId))
        settleEnd(ledger, order.orderId, order.account, refused: true)
    }

    @inline(__always)
    private mutating func accept(_ order: SubmitOrder, _ ledger: UInt16, _ market: UnsafeMutablePointer<Market>) {
        hasAccepted = true
        execution.accepted = OrderAccepted(
            orderId: order.orderId, account: order.account, clientOrderId: order.clientOrderId, side: order.side,
            type: order.type, timeInForce: order.timeInForce, price: order.price, quantity: order.quantity,
            quoteQuantity: order.quoteQuantity, selfTradePrevention: order.selfTradePrevention,
            executionId: market.pointee.nextExecutionID(), ordersIn10Seconds: order.ordersIn10Seconds,
            ordersInDay: order.ordersInDay, strategyId: order.strategyId, strategyType: order.strategyType,
            ledgerPartition: UInt32(ledger))
    }

    /// Ends the taker with what it has left.
    private mutating func end(_ taker: Taker, _ reason: DoneReason, _ market: UnsafeMutablePointer<Market>) {
        lists.done.append(
            OrderDone(
                orderId: taker.id, account: taker.account, reason: reason,
                executionId: market.pointee.nextExecutionID(),
                executed: Quantity(taker.executed)))
        settleEnd(taker.ledgerPartition, taker.id, taker.account)
    }

    @inline(__always)
    private mutating func rest(_ taker: Taker, _ order: SubmitOrder, _ book: Int) {
        let level = books.level(order.price, OrderBooks.sideIndex(book, order.side))
        touch(level)
        books.append(
            RestingOrder(
                id: order.orderId, remaining: Quantity(taker.remaining), executed: Quantity(taker.executed),
                original: order.quantity, level: level, next: noSlot, previous: noSlot, accountNext: noSlot,
                accountPrevious: noSlot, account: order.account, tradeGroup: order.tradeGroup,
                makerBasisPoints: UInt16(order.makerBasisPoints), ledgerPartition: taker.ledgerPartition))
        guard taker.prevented > 0 else { return }
        settle(in: Int(taker.ledgerPartition))
        settlements[Int(taker.ledgerPartition)].reductions.append(
            OrderReduced(orderId: order.orderId, account: order.account, quantity: Quantity(taker.prevented)))
    }

    /// Whether the book holds all that a fill-or-kill order asks for, within its price, ahead of anything that would end or reduce it.
    ///
    /// Changes nothing; `mutating` because a value without copies of this size is otherwise copied to be looked at.
    private mutating func canFill(_ taker: Taker, _ opposite: UInt32) -> Bool {
        var wanted = taker.remaining
        let side = books.side(opposite)
        var levelSlot = side.pointee.best
        while levelSlot != noSlot {
            let level = books.levels[levelSlot]
            guard taker.crosses(level.pointee.price) else { return false }
            if taker.selfTradePrevention == .none {
                wanted -= level.pointee.quantity.rawValue
            } else {
                var slot = level.pointee.first
                while slot != noSlot, wanted > 0 {
                    let maker = books.orders[slot]
                    if !taker.isKept(from: maker.pointee) {
                        wanted -= maker.pointee.remaining.rawValue
                    } else if taker.selfTradePrevention != .expireMaker {
                        return false
                    }
                    slot = maker.pointee.next
                }
            }
            if wanted <= 0 { return true }
            levelSlot = books.levels.next(after: levelSlot, in: side)
        }
        return false
    }
}
