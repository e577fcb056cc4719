import Messaging
import Records
import TradingCore

/// A query of balances that waits until `account-events` has shown what executions show.
struct BalanceWait {
    var ledgerPartition: Int
    var marks: ReadView.Marks
    var deadline: Int64
    var body: (Bool) -> Void
}

extension GatewayEngine {
    /// Answers a query of an account once the views are current (rule 14 of the log protocol).
    func query(_ operation: Operation, _ address: ReplyAddress, _ unit: TimeUnit) {
        switch operation {
        case .order(let query):
            whenExecutionsAreCurrent([query.market.partition], address) { [unowned self] in
                if answerOrder(query, address, unit) { return }
                askHistory(.order(query), address) { [unowned self] result in
                    foundOrder(result, query, address, unit)
                }
            }
        case .openOrders(let account, let market):
            let partitions = market.map { [$0.partition] } ?? Array(0..<configuration.marketPartitions)
            whenExecutionsAreCurrent(partitions, address) { [unowned self] in
                answerOpenOrders(account, market, address, unit)
            }
        case .allOrders(let query):
            whenHistoryIsCurrent(query.market.partition, address) { [unowned self] in
                askHistory(.orders(query), address) { [unowned self] in answerOrders($0, query, address, unit) }
            }
        case .myTrades(let query):
            whenHistoryIsCurrent(query.market.partition, address) { [unowned self] in
                askHistory(.fills(query), address) { [unowned self] in answerFills($0, query, address, unit) }
            }
        case .account(let account, let omitZero):
            whenBalancesAreCurrent(of: account, address) { [unowned self] in
                writer.removeAll()
                renderer(unit).account(
                    account, balances.balances(of: account), updated: balances.updated(account), omitZero: omitZero,
                    to: &writer)
                reply(address, Answer(body: writer.bytes))
            }
        case .wallet(let account):
            whenBalancesAreCurrent(of: account, address) { [unowned self] in
                writer.removeAll()
                renderer(unit).wallet(balances.balances(of: account), to: &writer)
                reply(address, Answer(body: writer.bytes))
            }
        case .orderRateLimits(let account): answerOrderLimits(account, address, unit)
        default: reply(address, ApiError(.unsupportedOperation))
        }
    }

    func renderer(_ unit: TimeUnit) -> ReferenceRenderer {
        ReferenceRenderer(reference, limits: limits, unit: unit)
    }

    // MARK: Waiting for the views

    private func whenCurrent(
        _ partitions: [TopicPartition], _ address: ReplyAddress, within limit: Int64, _ body: @escaping () -> Void
    ) {
        session.follower.whenCurrent(partitions, deadline: now + limit) { [unowned self] isCurrent in
            if isCurrent { body() } else { reply(address, .overloaded) }
        }
    }

    private func whenExecutionsAreCurrent(
        _ partitions: [Int], _ address: ReplyAddress, _ body: @escaping () -> Void
    ) {
        whenCurrent(
            partitions.map { TopicPartition(.executions, $0) }, address, within: configuration.queryMicroseconds, body)
    }

    /// A depth query's book is as new as anything that was published when it came.
    func whenBookIsCurrent(_ market: Market, _ address: ReplyAddress, _ body: @escaping () -> Void) {
        whenCurrent(
            [TopicPartition(.marketData, market.partition)], address, within: configuration.depthMicroseconds, body)
    }

    /// Balances are current once `account-events` has named what the executions show that the engine applied and wrote.
    private func whenBalancesAreCurrent(
        of account: AccountID, _ address: ReplyAddress, _ body: @escaping () -> Void
    ) {
        let ledger = partition(of: account)
        var partitions = (0..<configuration.marketPartitions).map { TopicPartition(.executions, $0) }
        partitions.append(TopicPartition(.accountEvents, ledger))
        let deadline = now + configuration.queryMicroseconds
        whenCurrent(partitions, address, within: configuration.queryMicroseconds) { [unowned self] in
            let marks = readView.marks(ledgerPartition: ledger)
            if readView.shows(marks, ledgerPartition: ledger) { return body() }
            waitingForBalances.append(
                BalanceWait(ledgerPartition: ledger, marks: marks, deadline: deadline) { [unowned self] isCurrent in
                    if isCurrent { body() } else { reply(address, .overloaded) }
                })
        }
    }

    func finishBalanceWaits() {
        guard !waitingForBalances.isEmpty else { return }
        let waits = waitingForBalances
        waitingForBalances = []
        for wait in waits {
            if readView.shows(wait.marks, ledgerPartition: wait.ledgerPartition) {
                wait.body(true)
            } else if now >= wait.deadline {
                wait.body(false)
            } else {
                waitingForBalances.append(wait)
            }
        }
    }

    // MARK: One order

    /// Answers from memory.
    ///
    /// - Returns: false when memory does not have the order.
    private func answerOrder(_ query: OrderQuery, _ address: ReplyAddress, _ unit: TimeUnit) -> Bool {
        let order: OrderState?
        if query.orderID.rawValue != 0 {
            order = orders.order(query.orderID)
        } else {
            order = orders.order(
                account: query.account, instrument: query.market.id, clientOrderID: query.clientOrderID)
        }
        guard let order, order.account == query.account, order.instrument == query.market.id else { return false }
        answer(order, query, address, unit)
        return true
    }

    private func answer(_ order: OrderState, _ query: OrderQuery, _ address: ReplyAddress, _ unit: TimeUnit) {
        guard query.clientOrderID.isEmpty || query.clientOrderID == order.clientOrderID else {
            return reply(address, ApiError(.clientOrderIDMismatch))
        }
        writer.removeAll()
        OrderRenderer(unit: unit).queried(order, query.market, to: &writer)
        reply(address, Answer(body: writer.bytes))
    }

    /// The database's word. When it does not know the order either, a marker goes down the account's line and comes back first.
    private func foundOrder(
        _ result: HistoryResult, _ query: OrderQuery, _ address: ReplyAddress, _ unit: TimeUnit
    ) {
        if case .orders(let found) = result, let order = found.first {
            // What memory has is never older.
            return answer(orders.order(order.orderID) ?? order, query, address, unit)
        }
        var marker = Marker()
        marker.account = query.account
        marker.instrument = query.market.id
        marker.orderId = query.orderID
        marker.clientOrderId = query.clientOrderID
        marker.timestamp = query.timestamp
        write(.marker(marker), query.account, .marker(query), address, unit)
    }

    /// A marker has come back: everything sent before it on the account's line has been applied by the ledger.
    func markerCame(_ query: OrderQuery, found: OrderID, _ address: ReplyAddress, _ unit: TimeUnit) {
        guard found.rawValue != 0 else { return reply(address, .noSuchOrder) }
        var named = query
        named.orderID = found
        awaitOrder(named, address, unit, until: now + configuration.queryMicroseconds)
    }

    /// The ledger has handed the order to the engine, which may not have answered yet.
    private func awaitOrder(_ query: OrderQuery, _ address: ReplyAddress, _ unit: TimeUnit, until deadline: Int64) {
        if answerOrder(query, address, unit) { return }
        guard now < deadline else { return reply(address, .overloaded) }
        session.follower.whenCurrent(
            [TopicPartition(.executions, query.market.partition)], deadline: deadline
        ) { [unowned self] isCurrent in
            guard isCurrent else { return reply(address, .overloaded) }
            if answerOrder(query, address, unit) { return }
            askHistory(.order(query), address) { [unowned self] result in
                if case .orders(let found) = result, let order = found.first {
                    return answer(order, query, address, unit)
                }
                awaitOrder(query, address, unit, until: deadline)
            }
        }
    }

    private func answerOpenOrders(
        _ account: AccountID, _ market: Market?, _ address: ReplyAddress, _ unit: TimeUnit
    ) {
        let renderer = OrderRenderer(unit: unit)
        writer.removeAll()
        writer.beginArray()
        for order in orders.openOrders(of: account, in: market?.id) {
            guard let market = reference.market(order.instrument) else { continue }
            renderer.queried(order, market, to: &writer)
        }
        writer.endArray()
        reply(address, Answer(body: writer.bytes))
    }

    /// The counts of the last placement that is still in the running windows.
    private func answerOrderLimits(_ account: AccountID, _ address: ReplyAddress, _ unit: TimeUnit) {
        let clock = wallClock()
        let last = orderCounts[account]
        let isSameSlot = last.map { $0.time.rawValue / 10_000 == clock / 10_000 } ?? false
        let isSameDay = last.map { $0.time.rawValue / 86_400_000 == clock / 86_400_000 } ?? false
        writer.removeAll()
        renderer(unit).orderRateLimits(
            account, countIn10Seconds: isSameSlot ? Int(last?.counts.in10Seconds ?? 0) : 0,
            countInDay: isSameDay ? Int(last?.counts.inDay ?? 0) : 0, to: &writer)
        reply(address, Answer(body: writer.bytes))
    }
}
