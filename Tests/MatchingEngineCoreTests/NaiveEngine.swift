import Records
import TradingCore

@testable import MatchingEngineCore

/// The engine's rules in the plainest form: one array of orders a market, searched from end to end.
final class NaiveEngine {
    struct Order {
        var id: OrderID
        var account: AccountID
        var side: Side
        var price: Price
        var remaining: Int64
        var executed: Int64
        var original: Int64
        var group: UInt32
        var basisPoints: UInt32
        var ledger: Int
    }

    final class Market {
        var definition: InstrumentDefinition
        let scale: InstrumentScale
        /// In the order of arrival.
        var orders: [Order] = []
        var updates: Int64 = 0
        var trades: Int64 = 0
        var executions: Int64 = 0
        var preventions: Int64 = 0

        init(_ definition: InstrumentDefinition, _ scale: InstrumentScale) {
            self.definition = definition
            self.scale = scale
        }

        func nextExecution(_ count: Int64 = 1) -> ExecutionID {
            executions += count
            return ExecutionID(executions - count + 1)
        }

        func quantity(_ side: Side, _ price: Price) -> Int64 {
            orders.filter { $0.side == side && $0.price == price }.reduce(0) { $0 + $1.remaining }
        }

        /// The index of the order that a taker of the other side meets first.
        func best(_ side: Side) -> Int? {
            orders.indices.filter { orders[$0].side == side }.min {
                let (a, b) = (orders[$0], orders[$1])
                if a.price != b.price { return side == .buy ? a.price > b.price : a.price < b.price }
                return $0 < $1
            }
        }
    }

    var markets: [InstrumentID: Market] = [:]
    private var applied: [UInt64] = []
    private var written: [UInt64] = []
    private var record = Execution()
    private var settled: [(partition: Int, settlement: Settlement)] = []

    func apply(_ input: MatchingRecord, _ context: RecordContext) -> CollectingSink {
        var sink = CollectingSink()
        record = Execution()
        settled = []
        if context.writer.kind == .ledgerService {
            while applied.count <= context.writer.index {
                applied.append(0)
                written.append(0)
            }
            applied[context.writer.index] = context.number
        }
        switch input {
        case .submitOrder(let order): submit(order, context)
        case .cancelOrder(let cancel): self.cancel(cancel, context)
        case .cancelAll(let cancel): cancelAll(cancel, context)
        case .amendOrder(let amendment): amend(amendment, context)
        case .instrument(let definition): define(definition)
        case .raiseLogicVersion: break
        case .tick:
            sink.ticks.append(EngineTick(ledgerApplied: applied, ledgerWritten: written))
            return sink
        }
        if let market = markets[record.instrument], !record.levels.isEmpty {
            for index in record.levels.indices {
                let level = record.levels[index]
                record.levels[index].quantity = Quantity(market.quantity(level.side, level.price))
            }
            record.firstUpdateId = UpdateID(market.updates + 1)
            market.updates += Int64(record.levels.count)
        }
        for (partition, _) in settled { written[partition] += 1 }
        record.ledgerApplied = applied
        record.ledgerWritten = written
        sink.executions.append(record)
        sink.settlements = settled.map {
            var settlement = $0.settlement
            settlement.instrument = record.instrument
            return CollectingSink.Settled(partition: $0.partition, settlement: settlement)
        }
        return sink
    }

    private func settle(_ partition: Int, _ change: (inout Settlement) -> Void) {
        if !settled.contains(where: { $0.partition == partition }) { settled.append((partition, Settlement())) }
        for index in settled.indices where settled[index].partition == partition { change(&settled[index].settlement) }
    }

    private func touch(_ side: Side, _ price: Price) {
        guard !record.levels.contains(where: { $0.side == side && $0.price == price }) else { return }
        record.levels.append(LevelChange(side: side, price: price))
    }

    private func refuse(
        _ account: AccountID, _ reason: RefusalReason, _ order: OrderID = OrderID(0), _ client: ASCIIText = ASCIIText()
    ) {
        record.refusal = Refusal(
            account: account, instrument: record.instrument, reason: reason, orderId: order, clientOrderId: client)
    }

    // MARK: Orders

    private func submit(_ order: SubmitOrder, _ context: RecordContext) {
        record.instrument = order.instrument
        let ledger = context.writer.index
        var refusal: RefusalReason?
        let market = markets[order.instrument]
        if context.hasPassed(order.deadline) {
            refusal = .deadlinePassed
        } else if let market {
            if market.definition.status != .trading {
                refusal = .marketClosed
            } else if order.type == .limitMaker, let best = market.best(order.side.opposite),
                crosses(order, market.orders[best].price)
            {
                refusal = .wouldMatchImmediately
            }
        } else {
            refusal = .unknownInstrument
        }
        guard let market, refusal == nil else {
            refuse(order.account, refusal ?? .unknownInstrument, order.orderId, order.clientOrderId)
            settle(ledger) {
                $0.ends.append(OrderEnd(orderId: order.orderId, account: order.account, refused: true))
            }
            return
        }
        record.accepted = OrderAccepted(
            orderId: order.orderId, account: order.account, clientOrderId: order.clientOrderId, side: order.side,
            type: order.type, timeInForce: order.timeInForce, price: order.price, quantity: order.quantity,
            quoteQuantity: order.quoteQuantity, selfTradePrevention: order.selfTradePrevention,
            executionId: market.nextExecution(), ordersIn10Seconds: order.ordersIn10Seconds,
            ordersInDay: order.ordersInDay, strategyId: order.strategyId, strategyType: order.strategyType,
            ledgerPartition: UInt32(ledger))
        place(order, ledger, market)
    }

    private func place(_ order: SubmitOrder, _ ledger: Int, _ market: Market) {
        let fillOrKill = order.type == .limit && order.timeInForce == .fillOrKill
        if fillOrKill, !fills(order, market) { return end(order, 0, .fillOrKillUnfilled, ledger, market) }
        let run = NaiveRun(order, ledger)
        trade(run, market)
        if run.isDone { return }
        if order.type == .market { return end(order, run.executed, .insufficientLiquidity, ledger, market) }
        if order.type == .limit, order.timeInForce == .immediateOrCancel {
            return end(order, run.executed, .immediateOrCancelRest, ledger, market)
        }
        touch(order.side, order.price)
        market.orders.append(
            Order(
                id: order.orderId, account: order.account, side: order.side, price: order.price,
                remaining: run.remaining, executed: run.executed, original: order.quantity.rawValue,
                group: order.tradeGroup, basisPoints: order.makerBasisPoints, ledger: ledger))
        if run.prevented > 0 {
            settle(ledger) {
                $0.reductions.append(
                    OrderReduced(orderId: order.orderId, account: order.account, quantity: Quantity(run.prevented)))
            }
        }
    }

    private func end(_ order: SubmitOrder, _ executed: Int64, _ reason: DoneReason, _ ledger: Int, _ market: Market) {
        record.done.append(
            OrderDone(
                orderId: order.orderId, account: order.account, reason: reason, executionId: market.nextExecution(),
                executed: Quantity(executed)))
        settle(ledger) { $0.ends.append(OrderEnd(orderId: order.orderId, account: order.account)) }
    }

    private func crosses(_ order: SubmitOrder, _ price: Price) -> Bool {
        order.side == .buy ? price <= order.price : price >= order.price
    }

    private func isOwn(_ order: SubmitOrder, _ maker: Order) -> Bool {
        order.selfTradePrevention != .none
            && (maker.account == order.account || (order.tradeGroup != 0 && order.tradeGroup == maker.group))
    }

    /// Tries a fill-or-kill order on a copy of the book.
    private func fills(_ order: SubmitOrder, _ market: Market) -> Bool {
        let copy = Market(market.definition, market.scale)
        copy.orders = market.orders
        var wanted = order.quantity.rawValue
        while wanted > 0, let index = copy.best(order.side.opposite), crosses(order, copy.orders[index].price) {
            let maker = copy.orders.remove(at: index)
            if isOwn(order, maker) {
                if order.selfTradePrevention != .expireMaker { return false }
            } else {
                wanted -= maker.remaining
            }
        }
        return wanted <= 0
    }

    private func trade(_ run: NaiveRun, _ market: Market) {
        let order = run.order
        while !run.isDone, let index = market.best(order.side.opposite), crosses(order, market.orders[index].price) {
            let maker = market.orders[index]
            let lotCost = maker.price.rawValue * market.scale.quotePerTickLot
            let most = run.byQuote ? min(run.remaining, run.budget / lotCost) : run.remaining
            if most == 0 {
                if run.lastEventWasTrade {
                    record.trades[record.trades.count - 1].takerDone = true
                    settle(run.ledger) { $0.fills[$0.fills.count - 1].done = true }
                    run.isDone = true
                }
                return
            }
            if isOwn(order, maker) {
                prevent(run, index, most, market)
                run.lastEventWasTrade = false
                continue
            }
            fill(run, index, min(most, maker.remaining), market)
            run.lastEventWasTrade = true
        }
    }

    private func fill(_ run: NaiveRun, _ index: Int, _ lots: Int64, _ market: Market) {
        let order = run.order
        let maker = market.orders[index]
        let quote = Amount(lots * maker.price.rawValue * market.scale.quotePerTickLot)
        let base = Amount(lots * market.scale.basePerLot)
        run.remaining -= lots
        run.executed += lots
        if run.byQuote { run.budget -= quote.rawValue }
        run.isDone = run.remaining == 0
        market.trades += 1
        let buys = order.side == .buy
        let makerFee = Amount((buys ? quote : base).rawValue * Int64(maker.basisPoints) / 10_000)
        let takerFee = Amount((buys ? base : quote).rawValue * Int64(order.takerBasisPoints) / 10_000)
        let trade = Trade(
            tradeId: TradeID(market.trades), price: maker.price, quantity: Quantity(lots), quoteAmount: quote,
            makerOrderId: maker.id, makerAccount: maker.account, takerOrderId: order.orderId,
            takerAccount: order.account, takerSide: order.side, makerFee: makerFee, takerFee: takerFee,
            executionId: market.nextExecution(2), makerDone: lots == maker.remaining, takerDone: run.isDone)
        record.trades.append(trade)
        var makerFill = SettleFill(
            orderId: maker.id, account: maker.account, side: maker.side, price: maker.price, quantity: Quantity(lots),
            baseAmount: base, quoteAmount: quote, fee: makerFee, tradeId: trade.tradeId, maker: true,
            done: trade.makerDone)
        settle(maker.ledger) { $0.fills.append(makerFill) }
        makerFill.orderId = order.orderId
        makerFill.account = order.account
        makerFill.side = order.side
        makerFill.fee = takerFee
        makerFill.maker = false
        makerFill.done = run.isDone
        settle(run.ledger) { $0.fills.append(makerFill) }
        market.orders[index].executed += lots
        take(lots, from: index, market)
    }

    private func take(_ lots: Int64, from index: Int, _ market: Market) {
        touch(market.orders[index].side, market.orders[index].price)
        market.orders[index].remaining -= lots
        if market.orders[index].remaining == 0 { market.orders.remove(at: index) }
    }

    private func prevent(_ run: NaiveRun, _ index: Int, _ most: Int64, _ market: Market) {
        let maker = market.orders[index]
        let mode = run.order.selfTradePrevention
        let both = min(most, maker.remaining)
        let takerLoss = mode == .expireMaker ? 0 : mode == .decrement ? both : most
        let makerLoss = mode == .expireTaker ? 0 : mode == .decrement ? both : maker.remaining
        market.preventions += 1
        record.preventions.append(
            Prevention(
                preventedMatchId: market.preventions, makerOrderId: maker.id, makerAccount: maker.account,
                takerOrderId: run.order.orderId, takerAccount: run.order.account, price: maker.price,
                makerQuantity: Quantity(makerLoss), takerQuantity: Quantity(takerLoss),
                executionId: market.nextExecution(2), makerDone: makerLoss == maker.remaining,
                takerDone: takerLoss == most, mode: mode, tradeGroup: run.order.tradeGroup))
        if makerLoss > 0 {
            take(makerLoss, from: index, market)
            settle(maker.ledger) {
                if makerLoss == maker.remaining {
                    $0.ends.append(OrderEnd(orderId: maker.id, account: maker.account))
                } else {
                    $0.reductions.append(
                        OrderReduced(orderId: maker.id, account: maker.account, quantity: Quantity(makerLoss)))
                }
            }
        }
        run.remaining -= takerLoss
        run.prevented += takerLoss
        if run.byQuote { run.budget -= takerLoss * maker.price.rawValue * market.scale.quotePerTickLot }
        if takerLoss == most {
            run.isDone = true
            settle(run.ledger) { $0.ends.append(OrderEnd(orderId: run.order.orderId, account: run.order.account)) }
        }
    }

    // MARK: Everything else

    private func cancel(_ cancel: CancelOrder, _ context: RecordContext) {
        record.instrument = cancel.instrument
        var reason: RefusalReason?
        let market = markets[cancel.instrument]
        let index = market?.orders.firstIndex { $0.id == cancel.orderId && $0.account == cancel.account }
        if context.hasPassed(cancel.deadline) {
            reason = .deadlinePassed
        } else if let market, let index {
            let new = market.orders[index].executed == 0
            if (cancel.restriction == .onlyNew && !new) || (cancel.restriction == .onlyPartiallyFilled && new) {
                reason = .cancelRestricted
            }
        } else {
            reason = .unknownOrder
        }
        guard let market, let index, reason == nil else {
            return refuse(cancel.account, reason ?? .unknownOrder, cancel.orderId, cancel.origClientOrderId)
        }
        end(index, .canceled, market, cancel.clientOrderId)
    }

    private func end(_ index: Int, _ reason: DoneReason, _ market: Market, _ client: ASCIIText = ASCIIText()) {
        let order = market.orders[index]
        record.done.append(
            OrderDone(
                orderId: order.id, account: order.account, reason: reason, executionId: market.nextExecution(),
                executed: Quantity(order.executed), cancelClientOrderId: client))
        settle(order.ledger) { $0.ends.append(OrderEnd(orderId: order.id, account: order.account)) }
        take(order.remaining, from: index, market)
    }

    private func cancelAll(_ cancel: CancelAll, _ context: RecordContext) {
        record.instrument = cancel.instrument
        if context.hasPassed(cancel.deadline) { return refuse(cancel.account, .deadlinePassed) }
        guard let market = markets[cancel.instrument], market.orders.contains(where: { $0.account == cancel.account })
        else { return refuse(cancel.account, .unknownOrder) }
        let ids = market.orders.filter { $0.account == cancel.account }.map(\.id).sorted()
        for id in ids {
            guard let index = market.orders.firstIndex(where: { $0.id == id }) else { continue }
            end(index, cancel.reason, market)
        }
    }

    private func amend(_ amendment: AmendOrder, _ context: RecordContext) {
        record.instrument = amendment.instrument
        var reason: RefusalReason?
        let market = markets[amendment.instrument]
        let index = market?.orders.firstIndex { $0.id == amendment.orderId && $0.account == amendment.account }
        let new = amendment.newLots.rawValue
        if context.hasPassed(amendment.deadline) {
            reason = .deadlinePassed
        } else if let market, let index {
            let order = market.orders[index]
            if new > order.original { reason = .amendIncreasesQuantity }
            if new == order.original { reason = .amendChangesNothing }
            if new <= order.original - order.remaining { reason = .invalidQuantity }
        } else {
            reason = .unknownOrder
        }
        guard let market, let index, reason == nil else {
            return refuse(
                amendment.account, reason ?? .unknownOrder, amendment.orderId, amendment.origClientOrderId)
        }
        let reduction = market.orders[index].original - new
        market.orders[index].original = new
        let ledger = market.orders[index].ledger
        take(reduction, from: index, market)
        record.amended = OrderAmended(
            orderId: amendment.orderId, account: amendment.account, newQuantity: amendment.newLots,
            origClientOrderId: amendment.origClientOrderId, clientOrderId: amendment.clientOrderId,
            executionId: market.nextExecution())
        settle(ledger) {
            $0.reductions.append(
                OrderReduced(
                    orderId: amendment.orderId, account: amendment.account, quantity: Quantity(reduction),
                    clientOrderId: amendment.clientOrderId))
        }
    }

    private func define(_ definition: InstrumentDefinition) {
        record.instrument = definition.instrument
        if let market = markets[definition.instrument] {
            if definition.revision > market.definition.revision {
                market.definition = definition
                if definition.status == .delisted {
                    for side in Side.allCases {
                        while let index = market.best(side) { end(index, .exchangeExpired, market) }
                    }
                }
            }
        } else {
            markets[definition.instrument] = Market(
                definition,
                InstrumentScale(quotePerTickLot: 10, basePerLot: 1_000))
        }
        guard let market = markets[definition.instrument] else { return }
        record.report = InstrumentReport(
            revision: market.definition.revision, status: market.definition.status,
            quotePerTickLot: market.scale.quotePerTickLot, basePerLot: market.scale.basePerLot,
            symbol: market.definition.symbol, tickSize: market.definition.tickSize,
            stepSize: market.definition.stepSize, baseDecimals: market.definition.baseDecimals,
            quoteDecimals: market.definition.quoteDecimals)
    }
}

/// A taker under way.
final class NaiveRun {
    let order: SubmitOrder
    let ledger: Int
    let byQuote: Bool
    var remaining: Int64
    var budget: Int64
    var executed: Int64 = 0
    var prevented: Int64 = 0
    var isDone = false
    var lastEventWasTrade = false

    init(_ order: SubmitOrder, _ ledger: Int) {
        self.order = order
        self.ledger = ledger
        byQuote = order.type == .market && order.quoteQuantity.rawValue > 0
        remaining = byQuote && order.side == .buy ? .max : order.quantity.rawValue
        budget = order.quoteQuantity.rawValue
    }
}
