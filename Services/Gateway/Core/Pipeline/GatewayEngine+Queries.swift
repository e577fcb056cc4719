import Messaging
import Records
import TradingCore

/// A query of balances that waits until `account-events` has shown what executions show. It belongs to a waiting request, whose number
/// loops bound (`WaitingRequests.maximum`); its marks are one pair of numbers for each engine.
struct BalanceWait {
    var ledgerPartition: Int
    var marks: ReadView.Marks
    var deadline: Int64
    var body: (Bool) -> Void
}

extension GatewayEngine {
    /// Answers a query of an account once the views are current (rule 14 of the log protocol).
    ///
    /// - Parameter trace: of the request, for the marker that a query for an order may send.
    func query(
        _ operation: Operation, _ address: ReplyAddress, _ unit: TimeUnit, trace: Records.TraceContext? = nil
    ) {
        switch operation {
        case .order(let query): queryOrder(query, address, unit, trace: trace)
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
        _ partitions: [TopicPartition], _ address: ReplyAddress, _ body: @escaping () -> Void
    ) {
        session.follower.whenCurrent(partitions, deadline: now + configuration.queryMicroseconds) {
            [unowned self] isCurrent in
            if isCurrent { body() } else { reply(address, .overloaded) }
        }
    }

    func whenExecutionsAreCurrent(
        _ partitions: [Int], _ address: ReplyAddress, _ body: @escaping () -> Void
    ) {
        whenCurrent(partitions.map { TopicPartition(.executions, $0) }, address, body)
    }

    /// A depth query's book is as new as anything that was published when it came.
    func whenBookIsCurrent(_ market: Market, _ address: ReplyAddress, _ body: @escaping () -> Void) {
        whenCurrent([TopicPartition(.marketData, market.partition)], address, body)
    }

    /// Balances are current once `account-events` has named what the executions show that the engine applied and wrote.
    private func whenBalancesAreCurrent(
        of account: AccountID, _ address: ReplyAddress, _ body: @escaping () -> Void
    ) {
        let ledger = partition(of: account)
        var partitions = (0..<configuration.marketPartitions).map { TopicPartition(.executions, $0) }
        partitions.append(TopicPartition(.accountEvents, ledger))
        let deadline = now + configuration.queryMicroseconds
        whenCurrent(partitions, address) { [unowned self] in
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

    // MARK: Answers

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
