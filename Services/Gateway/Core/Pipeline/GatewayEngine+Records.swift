import Messaging
import Records
import TradingCore

extension GatewayEngine {
    // MARK: Executions

    func apply(_ record: ExecutionsRecord, _ context: FollowedRecord) throws(RecordFailure) {
        let partition = Int(context.source.partition)
        switch record {
        case .tick(let tick):
            readView.sawExecutions(partition: partition, applied: tick.ledgerApplied, written: tick.ledgerWritten)
        case .execution(let part):
            let whole = try collectors.executions[partition].take(part, part: part.part, moreParts: part.moreParts) {
                Execution(merging: $0)
            }
            lastExecutions[partition] = context.offset
            guard let execution = whole else { return }
            let time = Timestamp(context.stamp)
            events.removeAll(keepingCapacity: true)
            orders.apply(
                execution, at: RecordPosition(partition: partition, offset: context.offset), time: time, to: &events)
            count(execution, time)
            sendExecutionReports()
            readView.sawExecutions(
                partition: partition, applied: execution.ledgerApplied, written: execution.ledgerWritten)
            if let waiting = session.writer.request(of: context.header.origin),
                open[waiting]?.isAnsweredByExecutions == true,
                let token = session.writer.answered(context.header.origin)
            {
                answer(token, execution)
            }
        }
        releaseHeld()
    }

    private func count(_ execution: Execution, _ time: Timestamp) {
        if let accepted = execution.accepted {
            metrics.orders.increment()
            let counts = OrderCounts(in10Seconds: accepted.ordersIn10Seconds, inDay: accepted.ordersInDay)
            orderCounts[accepted.account] = (counts, time)
        }
        if !execution.trades.isEmpty { metrics.trades.increment(by: UInt64(execution.trades.count)) }
    }

    // MARK: Account events

    func apply(_ record: AccountEventsRecord, _ context: FollowedRecord) throws(RecordFailure) {
        guard case .event(let part) = record else { return }
        let partition = Int(context.source.partition)
        let whole = try collectors.accountEvents[partition].take(part, part: part.part, moreParts: part.moreParts) {
            AccountEvent(merging: $0)
        }
        guard let event = whole else { return }
        let time = Timestamp(context.stamp)
        for balance in event.balances { balances.set(balance, at: time) }
        readView.sawAccountEvent(
            partition: partition, causeWriter: context.header.causeWriter, causeNumber: context.header.causeNumber,
            forwards: event.forwards.map { ReadView.Forward($0) })
        if event.isAnswer, let token = session.writer.answered(context.header.origin) { answer(token, event) }
        guard isWanted(event) else { return }
        held[partition].append(
            HeldEvents.Held(
                event: event, causeWriter: context.header.causeWriter, causeNumber: context.header.causeNumber,
                time: time))
        releaseHeld()
    }

    /// Whether anyone listens to an account that the event is about.
    private func isWanted(_ event: AccountEvent) -> Bool {
        guard !users.isEmpty else { return false }
        return event.balances.contains { users.has($0.account) }
            || event.deposit.map { users.has($0.account) } ?? false
            || event.withdrawal.map { users.has($0.account) } ?? false
    }

    // MARK: Market data

    func apply(_ record: MarketDataRecord, _ context: FollowedRecord) throws(RecordFailure) {
        switch record {
        case .update(let part):
            let partition = Int(context.source.partition)
            let whole = try collectors.updates[partition].take(part, part: part.part, moreParts: part.moreParts) {
                MarketUpdate(merging: $0)
            }
            guard let update = whole else { return }
            let view = market(update.instrument)
            view.apply(update)
            sendAtOnce(update, view)
        case .statistics(let statistics):
            let view = market(statistics.instrument)
            view.apply(statistics)
            sendCandles(statistics, view)
        case .snapshot(let snapshot): market(snapshot.instrument).apply(snapshot)
        }
    }
}

extension ReadView.Forward {
    init(_ forward: Forward) {
        self.init(matchingPartition: Int(forward.matchingPartition), number: forward.number)
    }
}

extension AccountEvent {
    /// Puts the parts of one input's effects together.
    init(merging parts: [AccountEvent]) {
        self = parts[0]
        for part in parts.dropFirst() {
            balances.append(contentsOf: part.balances)
            forwards.append(contentsOf: part.forwards)
            refusal = refusal ?? part.refusal
            marker = marker ?? part.marker
            deposit = deposit ?? part.deposit
            withdrawal = withdrawal ?? part.withdrawal
            testPassed = testPassed ?? part.testPassed
            revisionReport = revisionReport ?? part.revisionReport
            if orderId.rawValue == 0 { orderId = part.orderId }
        }
        moreParts = false
    }
}

extension Execution {
    /// Puts the parts of one input's effects together.
    init(merging parts: [Execution]) {
        self = parts[0]
        for part in parts.dropFirst() {
            accepted = accepted ?? part.accepted
            amended = amended ?? part.amended
            refusal = refusal ?? part.refusal
            report = report ?? part.report
            trades.append(contentsOf: part.trades)
            done.append(contentsOf: part.done)
            preventions.append(contentsOf: part.preventions)
            levels.append(contentsOf: part.levels)
            if !part.ledgerApplied.isEmpty { ledgerApplied = part.ledgerApplied }
            if !part.ledgerWritten.isEmpty { ledgerWritten = part.ledgerWritten }
            if firstUpdateId.rawValue == 0 { firstUpdateId = part.firstUpdateId }
        }
        moreParts = false
    }
}

extension MarketUpdate {
    /// Puts the parts of one input's effects together.
    init(merging parts: [MarketUpdate]) {
        self = parts[0]
        for part in parts.dropFirst() {
            if firstUpdateId.rawValue == 0 { firstUpdateId = part.firstUpdateId }
            if part.lastUpdateId.rawValue != 0 { lastUpdateId = part.lastUpdateId }
            levels.append(contentsOf: part.levels)
            trades.append(contentsOf: part.trades)
            aggregates.append(contentsOf: part.aggregates)
            top = part.top ?? top
            report = report ?? part.report
        }
        moreParts = false
    }
}
