import Records
import TradingCore

extension MatchingCore {
    /// Trades the taker against the best levels until it is done, its price or its budget ends it, or the side is empty.
    mutating func match(
        _ taker: inout Taker, _ opposite: UInt32, _ market: UnsafeMutablePointer<Market>
    ) throws(InvariantViolation) {
        let side = books.side(opposite)
        while !taker.isDone {
            let levelSlot = side.pointee.best
            guard levelSlot != noSlot else { return }
            let price = books.levels[levelSlot].pointee.price
            guard taker.crosses(price) else { return }
            let slot = books.levels[levelSlot].pointee.first
            let affordable = taker.byQuote ? MatchingCore.lots(for: taker, at: price, market) : taker.remaining
            guard affordable > 0 else { return spent(&taker) }
            if taker.isKept(from: books.orders[slot].pointee) {
                try prevent(&taker, slot, price, affordable, market)
            } else {
                try trade(&taker, slot, price, affordable, market)
            }
        }
    }

    /// The lots that the budget allows at `price`, and the quantity beside it.
    @inline(__always)
    private static func lots(for taker: Taker, at price: Price, _ market: UnsafeMutablePointer<Market>) -> Int64 {
        min(taker.remaining, market.pointee.scale.lots(for: Amount(taker.budget), at: price).rawValue)
    }

    /// The budget buys no further lot: an order whose last event is a trade is filled, any other has found nothing to take.
    private mutating func spent(_ taker: inout Taker) {
        let last = lists.trades.count - 1
        guard last >= 0, lists.trades[last].takerOrderId == taker.id else { return }
        if let prevention = lists.preventions.elements.last, prevention.executionId > lists.trades[last].executionId {
            return
        }
        lists.trades[last].takerDone = true
        let partition = Int(taker.ledgerPartition)
        // The taker's side of a trade is settled after the maker's.
        let takerFill = settlements[partition].fills.count - 1
        settlements[partition].fills[takerFill].done = true
        taker.isDone = true
    }

    @inline(__always)
    private mutating func trade(
        _ taker: inout Taker, _ slot: UInt32, _ price: Price, _ affordable: Int64,
        _ market: UnsafeMutablePointer<Market>
    ) throws(InvariantViolation) {
        let maker = books.orders[slot]
        let quantity = Quantity(min(affordable, maker.pointee.remaining.rawValue))
        guard let quote = market.pointee.scale.quoteAmount(price, quantity),
            let base = market.pointee.scale.baseAmount(quantity)
        else { throw InvariantViolation("a trade of orders \(maker.pointee.id) and \(taker.id) exceeds an amount") }
        taker.remaining -= quantity.rawValue
        taker.executed += quantity.rawValue
        if taker.byQuote { taker.budget -= quote.rawValue }
        taker.isDone = taker.remaining == 0
        let makerDone = maker.pointee.remaining == quantity

        market.pointee.lastTradeID += 1
        let executionID = market.pointee.nextExecutionID()
        market.pointee.lastExecutionID += 1
        let takerBuys = taker.side == .buy
        let trade = Trade(
            tradeId: TradeID(market.pointee.lastTradeID), price: price, quantity: quantity, quoteAmount: quote,
            makerOrderId: maker.pointee.id, makerAccount: maker.pointee.account, takerOrderId: taker.id,
            takerAccount: taker.account, takerSide: taker.side,
            makerFee: Fees.fee(on: takerBuys ? quote : base, basisPoints: UInt32(maker.pointee.makerBasisPoints)),
            takerFee: Fees.fee(on: takerBuys ? base : quote, basisPoints: taker.basisPoints),
            executionId: executionID, makerDone: makerDone, takerDone: taker.isDone)
        lists.trades.append(trade)
        settleFills(trade, base, maker.pointee.ledgerPartition, taker.ledgerPartition)
        if makerDone {
            removeOrder(slot)
        } else {
            touch(maker.pointee.level)
            maker.pointee.executed += quantity
            books.reduce(slot, by: quantity)
        }
    }

    @inline(__always)
    private mutating func settleFills(_ trade: Trade, _ base: Amount, _ makerLedger: UInt16, _ takerLedger: UInt16) {
        settle(in: Int(makerLedger))
        settlements[Int(makerLedger)].fills.append(
            SettleFill(
                orderId: trade.makerOrderId, account: trade.makerAccount, side: trade.takerSide.opposite,
                price: trade.price, quantity: trade.quantity, baseAmount: base, quoteAmount: trade.quoteAmount,
                fee: trade.makerFee, tradeId: trade.tradeId, maker: true, done: trade.makerDone))
        settle(in: Int(takerLedger))
        settlements[Int(takerLedger)].fills.append(
            SettleFill(
                orderId: trade.takerOrderId, account: trade.takerAccount, side: trade.takerSide,
                price: trade.price, quantity: trade.quantity, baseAmount: base, quoteAmount: trade.quoteAmount,
                fee: trade.takerFee, tradeId: trade.tradeId, maker: false, done: trade.takerDone))
    }

    /// Two orders of one account or trade group meet: the taker's mode says what becomes of them.
    private mutating func prevent(
        _ taker: inout Taker, _ slot: UInt32, _ price: Price, _ affordable: Int64,
        _ market: UnsafeMutablePointer<Market>
    ) throws(InvariantViolation) {
        let maker = books.orders[slot].pointee
        var makerLoss: Int64 = 0
        var takerLoss: Int64 = 0
        switch taker.selfTradePrevention {
        case .none: throw InvariantViolation("order \(taker.id) prevents no self-trade")
        case .expireTaker: takerLoss = affordable
        case .expireMaker: makerLoss = maker.remaining.rawValue
        case .expireBoth:
            takerLoss = affordable
            makerLoss = maker.remaining.rawValue
        case .decrement:
            takerLoss = min(affordable, maker.remaining.rawValue)
            makerLoss = takerLoss
        }
        let makerDone = makerLoss == maker.remaining.rawValue
        let takerDone = takerLoss == affordable
        market.pointee.lastPreventedMatchID += 1
        let executionID = market.pointee.nextExecutionID()
        market.pointee.lastExecutionID += 1
        lists.preventions.append(
            Prevention(
                preventedMatchId: market.pointee.lastPreventedMatchID, makerOrderId: maker.id,
                makerAccount: maker.account, takerOrderId: taker.id, takerAccount: taker.account, price: price,
                makerQuantity: Quantity(makerLoss), takerQuantity: Quantity(takerLoss), executionId: executionID,
                makerDone: makerDone, takerDone: takerDone, mode: taker.selfTradePrevention,
                tradeGroup: taker.tradeGroup))
        if makerDone {
            removeOrder(slot)
            settleEnd(maker.ledgerPartition, maker.id, maker.account)
        } else if makerLoss > 0 {
            touch(maker.level)
            books.reduce(slot, by: Quantity(makerLoss))
            settle(in: Int(maker.ledgerPartition))
            settlements[Int(maker.ledgerPartition)].reductions.append(
                OrderReduced(orderId: maker.id, account: maker.account, quantity: Quantity(makerLoss)))
        }
        taker.prevented += takerLoss
        taker.remaining -= takerLoss
        if taker.byQuote, takerLoss > 0 {
            guard let quote = market.pointee.scale.quoteAmount(price, Quantity(takerLoss)) else {
                throw InvariantViolation("a prevented trade of order \(taker.id) exceeds an amount")
            }
            taker.budget -= quote.rawValue
        }
        guard takerDone else { return }
        taker.isDone = true
        settleEnd(taker.ledgerPartition, taker.id, taker.account)
    }
}
