import LedgerServiceCore
import Messaging
import Records
import TradingCore

extension History {
    /// Money is conserved: every ledger balances, what accounts and fees have is what was paid in, clearing is empty, and
    /// what is held is what is open.
    func checkMoney(_ executions: [(Applied, Execution)], _ events: [(Applied, AccountEvent)]) throws {
        var accounts: [UInt32: Int128] = [:]
        var clearing: [UInt32: Int128] = [:]
        var open = 0
        for partition in 0..<venue.accountPartitions {
            guard let ledger = ledger(partition) else { throw Violation("ledger \(partition) does not run") }
            do { try ledger.checkInvariants() } catch { throw Violation("ledger \(partition): \(error)") }
            let rows = ledger.rows()
            for row in rows.balances {
                accounts[row.asset.rawValue, default: 0] += Int128(row.free.rawValue) + Int128(row.locked.rawValue)
            }
            for row in rows.venue {
                accounts[row.asset.rawValue, default: 0] += row.fees
                clearing[row.asset.rawValue, default: 0] += row.clearing
            }
            open += ledger.openOrderCount
        }
        for (asset, sum) in clearing where sum != 0 { throw Violation("clearing of asset \(asset) is \(sum)") }
        try checkTotals(accounts, events)
        let resting = openOrders(executions)
        guard resting == open else { throw Violation("the engines have \(resting) open orders, the ledgers \(open)") }
    }

    /// No withdrawal is settled in a history, so everything that was paid in is still there.
    private func checkTotals(_ accounts: [UInt32: Int128], _ events: [(Applied, AccountEvent)]) throws {
        var paidIn: [UInt32: Int128] = [:]
        for (_, event) in events {
            guard let deposit = event.deposit, !deposit.repeatedReference else { continue }
            paidIn[deposit.asset.rawValue, default: 0] += Int128(deposit.amount.rawValue)
        }
        guard accounts == paidIn else { throw Violation("accounts and fees have \(accounts), paid in were \(paidIn)") }
    }

    /// Orders that were accepted and have neither been filled nor ended, by the executions alone.
    private func openOrders(_ executions: [(Applied, Execution)]) -> Int {
        var open: Set<OrderID> = []
        for (_, execution) in executions {
            if let accepted = execution.accepted { open.insert(accepted.orderId) }
            for trade in execution.trades {
                if trade.makerDone { open.remove(trade.makerOrderId) }
                if trade.takerDone { open.remove(trade.takerOrderId) }
            }
            for prevention in execution.preventions {
                if prevention.makerDone { open.remove(prevention.makerOrderId) }
                if prevention.takerDone { open.remove(prevention.takerOrderId) }
            }
            for done in execution.done { open.remove(done.orderId) }
        }
        return open.count
    }

    private func ledger(_ partition: Int) -> LedgerMachine? {
        replicas.lazy.compactMap { $0 as? Replica<LedgerMachine> }
            .first { Int($0.inbox.partition) == partition }?.machine
    }
}
