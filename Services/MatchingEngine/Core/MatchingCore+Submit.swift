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

    init(_ order: UnsafePointer<SubmitOrder>, ledgerPartition: UInt16) {
        id = order.pointee.orderId
        account = order.pointee.account
        side = order.pointee.side
        price = order.pointee.price
        selfTradePrevention = order.pointee.selfTradePrevention
        tradeGroup = order.pointee.tradeGroup
        basisPoints = order.pointee.takerBasisPoints
        self.ledgerPartition = ledgerPartition
        byQuote = order.pointee.type == .market && order.pointee.quoteQuantity.rawValue > 0
        remaining = byQuote && order.pointee.side == .buy ? .max : order.pointee.quantity.rawValue
        budget = order.pointee.quoteQuantity.rawValue
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
    mutating func submit(_ order: UnsafePointer<SubmitOrder>, _ context: RecordContext) throws(InvariantViolation) {
        execution.instrument = order.pointee.instrument
        guard let partition = ledgerPartition(context.writer) else {
            throw InvariantViolation(
                "order \(order.pointee.orderId) comes from \(context.writer), not from a ledger-service")
        }
        let ledger = UInt16(truncatingIfNeeded: partition)
        if context.hasPassed(order.pointee.deadline) { return refuse(order, .deadlinePassed, ledger) }
        guard let book = books.book(order.pointee.instrument) else { return refuse(order, .unknownInstrument, ledger) }
        let market = books.market(book)
        guard market.pointee.scale.quotePerTickLot == order.pointee.quotePerTickLot,
            market.pointee.scale.basePerLot == order.pointee.basePerLot
        else { return refuse(order, .unknownInstrument, ledger) }
        guard market.pointee.definition.status.takesOrders else { return refuse(order, .marketClosed, ledger) }
        try MatchingCore.check(order)
        guard books.slot(order.pointee.orderId) == noSlot else {
            throw InvariantViolation("order \(order.pointee.orderId) is already open")
        }

        var taker = Taker(order, ledgerPartition: ledger)
        let opposite = OrderBooks.sideIndex(book, order.pointee.side.opposite)
        let best = books.side(opposite).pointee.best
        let crosses = best != noSlot && taker.crosses(books.levels[best].pointee.price)
        if crosses, order.pointee.type == .limitMaker { return refuse(order, .wouldMatchImmediately, ledger) }

        accept(order, ledger, market)
        if order.pointee.type == .limit, order.pointee.timeInForce == .fillOrKill, !canFill(taker, opposite) {
            return end(taker, .fillOrKillUnfilled, market)
        }
        if crosses { try match(&taker, opposite, market) }
        if taker.isDone { return }
        if order.pointee.type == .market { return end(taker, .insufficientLiquidity, market) }
        if order.pointee.type == .limit, order.pointee.timeInForce == .immediateOrCancel {
            return end(taker, .immediateOrCancelRest, market)
        }
        rest(taker, order, book)
    }

    /// What upstream services guarantee of every order.
    private static func check(_ order: UnsafePointer<SubmitOrder>) throws(InvariantViolation) {
        switch order.pointee.type {
        case .limit, .limitMaker, .market: break
        case .stopLoss, .stopLossLimit, .takeProfit, .takeProfitLimit:
            throw InvariantViolation("order \(order.pointee.orderId) is of a type that order-service refuses")
        }
        let byQuote = order.pointee.type == .market && order.pointee.quoteQuantity.rawValue > 0
        guard order.pointee.price.rawValue > 0,
            order.pointee.quantity.rawValue > 0 || (byQuote && order.pointee.side == .buy),
            order.pointee.makerBasisPoints <= Fees.maximumBasisPoints,
            order.pointee.takerBasisPoints <= Fees.maximumBasisPoints
        else {
            throw InvariantViolation(
                "order \(order.pointee.orderId) has no price, no quantity, or fees beyond the whole")
        }
    }

    private mutating func refuse(_ order: UnsafePointer<SubmitOrder>, _ reason: RefusalReason, _ ledger: UInt16) {
        refuse(
            Refusal(
                account: order.pointee.account, instrument: order.pointee.instrument, reason: reason,
                orderId: order.pointee.orderId,
                clientOrderId: order.pointee.clientOrderId))
        settleEnd(ledger, order.pointee.orderId, order.pointee.account, refused: true)
    }

    @inline(__always)
    private mutating func accept(
        _ order: UnsafePointer<SubmitOrder>, _ ledger: UInt16, _ market: UnsafeMutablePointer<Market>
    ) {
        hasAccepted = true
        execution.accepted = OrderAccepted(
            orderId: order.pointee.orderId, account: order.pointee.account, clientOrderId: order.pointee.clientOrderId,
            side: order.pointee.side,
            type: order.pointee.type, timeInForce: order.pointee.timeInForce, price: order.pointee.price,
            quantity: order.pointee.quantity,
            quoteQuantity: order.pointee.quoteQuantity, selfTradePrevention: order.pointee.selfTradePrevention,
            executionId: market.pointee.nextExecutionID(), ordersIn10Seconds: order.pointee.ordersIn10Seconds,
            ordersInDay: order.pointee.ordersInDay, strategyId: order.pointee.strategyId,
            strategyType: order.pointee.strategyType,
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
    private mutating func rest(_ taker: Taker, _ order: UnsafePointer<SubmitOrder>, _ book: Int) {
        let level = books.level(order.pointee.price, OrderBooks.sideIndex(book, order.pointee.side))
        touch(level)
        books.append(
            RestingOrder(
                id: order.pointee.orderId, remaining: Quantity(taker.remaining), executed: Quantity(taker.executed),
                original: order.pointee.quantity, level: level, next: noSlot, previous: noSlot, accountNext: noSlot,
                accountPrevious: noSlot, account: order.pointee.account, tradeGroup: order.pointee.tradeGroup,
                makerBasisPoints: UInt16(order.pointee.makerBasisPoints), ledgerPartition: taker.ledgerPartition))
        guard taker.prevented > 0 else { return }
        settle(in: Int(taker.ledgerPartition))
        settlements[Int(taker.ledgerPartition)].reductions.append(
            OrderReduced(
                orderId: order.pointee.orderId, account: order.pointee.account, quantity: Quantity(taker.prevented)))
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
