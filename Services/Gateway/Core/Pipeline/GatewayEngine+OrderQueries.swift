import Messaging
import Records
import TradingCore

/// A query for one order that is being answered.
struct OrderLookup {
    var query: OrderQuery
    var trace: Records.TraceContext?
    /// When the client is told to try again; microseconds.
    var deadline: Int64
    /// A closed order of the client id. A newer one of the same id may be on its way.
    var older: OrderState?
    /// The database could not be asked: that it has no such order is not known.
    var isHistoryAway = false
    /// What a marker has named and executions have not shown yet; zero before.
    var awaited = OrderID(0)
}

/// A lookup that goes on when its order appears or its pause is over. It belongs to a waiting request, whose number loops bound.
struct OrderRetry {
    var order: OrderID
    /// Microseconds.
    var due: Int64
    var body: () -> Void
}

extension GatewayEngine {
    /// Between two markers of one query.
    private static var retryMicroseconds: Int64 { 100_000 }

    /// Answers from memory, then from the database, then by a marker that goes down the account's line and comes back (rule 14).
    func queryOrder(
        _ query: OrderQuery, _ address: ReplyAddress, _ unit: TimeUnit, trace: Records.TraceContext? = nil
    ) {
        var lookup = OrderLookup(query: query, trace: trace, deadline: now + configuration.queryMicroseconds)
        whenExecutionsAreCurrent([query.market.partition], address) { [unowned self] in
            if let order = remembered(query) { return found(order, lookup, address, unit) }
            askHistory(.order(query), address) { [unowned self] result in
                switch result {
                case .orders(let orders):
                    if let order = orders.first {
                        // What memory has is never older.
                        return found(self.orders.order(order.orderID) ?? order, lookup, address, unit)
                    }
                default: lookup.isHistoryAway = true
                }
                sendMarker(lookup, address, unit)
            }
        }
    }

    private func remembered(_ query: OrderQuery) -> OrderState? {
        let order: OrderState?
        if query.orderID.rawValue != 0 {
            order = orders.order(query.orderID)
        } else {
            order = orders.order(
                account: query.account, instrument: query.market.id, clientOrderID: query.clientOrderID)
        }
        guard let order, order.account == query.account, order.instrument == query.market.id else { return nil }
        return order
    }

    /// An open order is the newest of its client id; after a closed one, the ledger is asked for a newer one.
    private func found(_ order: OrderState, _ lookup: OrderLookup, _ address: ReplyAddress, _ unit: TimeUnit) {
        if lookup.query.orderID.rawValue != 0 || order.isOpen { return answer(order, lookup, address, unit) }
        var lookup = lookup
        lookup.older = order
        sendMarker(lookup, address, unit)
    }

    private func sendMarker(_ lookup: OrderLookup, _ address: ReplyAddress, _ unit: TimeUnit) {
        let query = lookup.query
        var marker = Marker()
        marker.account = query.account
        marker.instrument = query.market.id
        marker.orderId = query.orderID
        marker.clientOrderId = query.clientOrderID
        marker.timestamp = query.timestamp
        write(.marker(marker), query.account, .marker(lookup), address, unit, trace: lookup.trace)
    }

    /// A marker has come back: everything sent before it on the account's line has been applied by the ledger.
    func markerCame(_ lookup: OrderLookup, found: OrderID, _ address: ReplyAddress, _ unit: TimeUnit) {
        if let older = lookup.older, older.orderID == found { return answer(older, lookup, address, unit) }
        if found.rawValue == 0, lookup.awaited.rawValue == 0 { return answerAbsent(lookup, address, unit) }
        var lookup = lookup
        // An order that a marker named and the next one does not has ended meanwhile, or was refused by the engine.
        let isLast = found.rawValue == 0
        if !isLast { lookup.awaited = found }
        awaitOrder(lookup, isLast: isLast, address, unit)
    }

    /// The ledger has handed the order to the engine, which may not have answered yet, or may have refused it.
    ///
    /// - Parameter isLast: the ledger does not know the order any more: executions have by now what became of it.
    private func awaitOrder(_ lookup: OrderLookup, isLast: Bool, _ address: ReplyAddress, _ unit: TimeUnit) {
        var named = lookup.query
        named.orderID = lookup.awaited
        if let order = remembered(named) { return answer(order, lookup, address, unit) }
        session.follower.whenCurrent(
            [TopicPartition(.executions, named.market.partition)], deadline: lookup.deadline
        ) { [unowned self] isCurrent in
            guard isCurrent else { return reply(address, .overloaded) }
            if let order = remembered(named) { return answer(order, lookup, address, unit) }
            askHistory(.order(named), address) { [unowned self] result in
                var lookup = lookup
                switch result {
                case .orders(let orders):
                    if let order = orders.first { return answer(order, lookup, address, unit) }
                default: lookup.isHistoryAway = true
                }
                if isLast { return answerAbsent(lookup, address, unit) }
                retry(lookup, named, address, unit)
            }
        }
    }

    private func retry(_ lookup: OrderLookup, _ named: OrderQuery, _ address: ReplyAddress, _ unit: TimeUnit) {
        let due = now + Self.retryMicroseconds
        guard due < lookup.deadline else { return reply(address, .overloaded) }
        retries.append(
            OrderRetry(order: lookup.awaited, due: due) { [unowned self] in
                if let order = remembered(named) { return answer(order, lookup, address, unit) }
                sendMarker(lookup, address, unit)
            })
    }

    /// Goes on with lookups whose order has appeared or whose pause is over.
    func askAgain() {
        guard !retries.isEmpty else { return }
        let waiting = retries
        retries = []
        for retry in waiting {
            if now >= retry.due || orders.order(retry.order) != nil { retry.body() } else { retries.append(retry) }
        }
    }

    // MARK: Answers

    private func answer(_ order: OrderState, _ lookup: OrderLookup, _ address: ReplyAddress, _ unit: TimeUnit) {
        let query = lookup.query
        guard query.clientOrderID.isEmpty || query.clientOrderID == order.clientOrderID else {
            if query.orderID.rawValue != 0 { return reply(address, ApiError(.clientOrderIDMismatch)) }
            // An amendment has given the order another id: the one asked for is nobody's, or an older order's.
            return answerAbsent(lookup, address, unit)
        }
        render(order, query, address, unit)
    }

    private func answerAbsent(_ lookup: OrderLookup, _ address: ReplyAddress, _ unit: TimeUnit) {
        if let older = lookup.older { return render(older, lookup.query, address, unit) }
        reply(address, lookup.isHistoryAway ? ApiError(.disconnected) : .noSuchOrder)
    }

    private func render(_ order: OrderState, _ query: OrderQuery, _ address: ReplyAddress, _ unit: TimeUnit) {
        guard !order.isArchived(at: query.timestamp) else { return reply(address, ApiError(.orderArchived)) }
        writer.removeAll()
        OrderRenderer(unit: unit).queried(order, query.market, to: &writer)
        reply(address, Answer(body: writer.bytes))
    }
}
