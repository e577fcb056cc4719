import Messaging
import Records
import TradingCore

extension GatewayEngine {
    private static var units: [TimeUnit] { [.milliseconds, .microseconds] }

    /// Tells subscribers what `events` say of their orders.
    func sendExecutionReports() {
        guard !users.isEmpty else { return }
        for event in events where users.has(event.order.account) {
            guard let market = reference.market(event.order.instrument) else { continue }
            send(to: event.order.account) { renderer, writer in
                renderer.executionReport(event, market, to: &writer)
            }
        }
    }

    /// Tells subscribers of balances, once the executions that caused them have been told.
    func releaseHeld() {
        for partition in held.indices {
            while let first = held[partition].first {
                let isCovered = readView.executionsCover(
                    partition: partition, causeWriter: first.causeWriter, causeNumber: first.causeNumber,
                    forwards: first.event.forwards.map { ReadView.Forward($0) })
                guard isCovered || held[partition].count > HeldEvents.maximum else { break }
                held[partition].removeFirst()
                sendBalances(first.event, first.time)
            }
        }
    }

    private func sendBalances(_ event: AccountEvent, _ time: Timestamp) {
        sendTransfers(event, time)
        var told: [AccountID] = []
        for balance in event.balances where users.has(balance.account) && !told.contains(balance.account) {
            told.append(balance.account)
            send(to: balance.account) { renderer, writer in
                renderer.accountPosition(event.balances, of: balance.account, reference, at: time, to: &writer)
            }
        }
    }

    /// What came in or left: a deposit, a withdrawal that was settled.
    private func sendTransfers(_ event: AccountEvent, _ time: Timestamp) {
        if let deposit = event.deposit, !deposit.repeatedReference, let asset = reference.assets[deposit.asset] {
            send(to: deposit.account) { renderer, writer in
                renderer.balanceUpdate(deposit.amount, asset, at: time, to: &writer)
            }
        }
        if let withdrawal = event.withdrawal, !withdrawal.repeatedId, withdrawal.status == .settled,
            let asset = reference.assets[withdrawal.asset]
        {
            send(to: withdrawal.account) { renderer, writer in
                renderer.balanceUpdate(-withdrawal.amount, asset, at: time, to: &writer)
            }
        }
    }

    /// Renders an event once for each unit that is wanted and hands it to every loop with subscribers.
    private func send(to account: AccountID, _ render: (UserEventRenderer, inout JSONWriter) -> Void) {
        for unit in Self.units {
            let mask = users.mask(account, unit)
            guard mask != 0 else { continue }
            writer.removeAll()
            render(UserEventRenderer(unit: unit), &writer)
            let bytes = writer.bytes
            LoopMask.forEach(mask) { loops.post(.user(account, unit, bytes), to: $0) }
        }
    }
}
