import GatewayCore
import LedgerServiceBooks
import LedgerServiceCore
import Messaging
import Records
import TradingCore

extension History {
    /// What must hold once everything has come to rest.
    func check() throws {
        try checkAnswers()
        try checkReplicas()
        try checkOnce()
        try checkAcknowledged()
        try checkMarkers()
        try checkOperators()
        try checkSequences()
        try checkDeadlines()
        try checkClosedMarkets()
        let markets = try checkMarkets()
        try checkMarketData(markets)
        try checkMoney(markets)
        try checkViews(markets)
        countDropped()
    }

    private func countDropped() {
        let dropped = logs.dropped
        events[.copyDropped] += dropped.copies
        events[.holeDropped] += dropped.holes
        events[.staleDropped] += dropped.stale
        events[.epochClosed] += dropped.closedEpochs
    }

    /// Every request was answered, or its client was told that nobody knows; of each slot one gateway is left.
    private func checkAnswers() throws {
        for gateway in gateways {
            let open = gateway.session.writer.openRequests
            guard open == 0 else { throw Violation("gateway \(gateway.slot) leaves \(open) requests open") }
            guard gateway.session.follower.isCaughtUp else {
                throw Violation("gateway \(gateway.slot) does not catch up")
            }
        }
        for operation in operations {
            for attempt in operation.attempts where attempt.answer == nil {
                throw Violation("an attempt of \(operation.key) was never answered")
            }
        }
        let slots = gateways.filter { !$0.hasEnded }.map(\.slot)
        guard Set(slots).count == slots.count else { throw Violation("two gateways go on in slots \(slots)") }
    }

    /// Replicas of one partition have the same state, to the byte, and have read everything.
    private func checkReplicas() throws {
        for (index, replica) in replicas.enumerated() where !condemned.contains(index) {
            guard let fingerprint = replica.process?.fingerprint, let position = replica.process?.runningPosition else {
                throw Violation("\(replica.name) does not run")
            }
            guard position + 4 >= cluster.end(of: replica.inbox) else {
                throw Violation("\(replica.name) stands at \(position) of \(cluster.end(of: replica.inbox))")
            }
            for (other, sibling) in replicas[..<index].enumerated()
            where sibling.inbox == replica.inbox && !condemned.contains(other) {
                guard sibling.process?.runningPosition == position else { continue }
                guard sibling.process?.fingerprint == fingerprint else {
                    throw Violation("\(replica.name) and \(sibling.name) differ at offset \(position)")
                }
            }
            if incident == .upgrade(replica.kind), incidentHappened {
                guard replica.process?.machine?.logicVersion == 2 else {
                    throw Violation("\(replica.name) does not know of the raised version")
                }
            }
        }
    }

    /// Nothing is done twice: each client id is accepted once, each reference and each withdrawal taken once.
    private func checkOnce() throws {
        var seen: Set<String> = []
        for (_, execution) in executions {
            guard let accepted = execution.accepted else { continue }
            let name = "order \(accepted.account) \(accepted.clientOrderId)"
            guard seen.insert(name).inserted else { throw Violation("\(name) was accepted twice") }
        }
        for (_, event) in accountEvents {
            if let deposit = event.deposit, !deposit.repeatedReference {
                let name = "deposit \(deposit.account) \(deposit.reference)"
                guard seen.insert(name).inserted else { throw Violation("\(name) was posted twice") }
            }
            if let withdrawal = event.withdrawal, !withdrawal.repeatedId {
                let word = withdrawal.status == .held ? "held" : "resolved"
                let name = "withdrawal \(withdrawal.withdrawalId) of \(withdrawal.account)"
                guard seen.insert("\(name) \(word)").inserted else { throw Violation("\(name) was \(word) twice") }
                if withdrawal.status == .settled { events[.withdrawalSettled] += 1 }
                if withdrawal.status == .released { events[.withdrawalReleased] += 1 }
            }
        }
    }

    /// Whatever a client was told stands in the log, word for word, under the origin of its request.
    private func checkAcknowledged() throws {
        var executed: [Origin: Execution] = [:]
        for (applied, execution) in executions where applied.header.origin != .none {
            executed[applied.header.origin] = execution
        }
        var told: [Origin: [AccountEvent]] = [:]
        for (applied, event) in accountEvents where applied.header.origin != .none {
            told[applied.header.origin, default: []].append(event)
        }
        for operation in operations {
            for attempt in operation.attempts {
                switch attempt.answer {
                case .execution(let execution):
                    guard let origin = attempt.origin, executed[origin] == execution else {
                        throw Violation("the execution that answered \(operation.key) is not in the log")
                    }
                case .event(let event):
                    guard let origin = attempt.origin, told[origin, default: []].contains(event) else {
                        throw Violation("the account event that answered \(operation.key) is not in the log")
                    }
                    if event.refusal?.reason == .deadlinePassed { events[.deadlinePassed] += 1 }
                case .unknown, .shed, nil: break
                }
            }
        }
    }

    /// "Order does not exist" stays true: no order of that id with an earlier timestamp is accepted.
    private func checkMarkers() throws {
        guard !notFound.isEmpty else { return }
        var timestamps: [Origin: Int64] = [:]
        for operation in operations {
            for attempt in operation.attempts {
                if let origin = attempt.origin { timestamps[origin] = attempt.timestamp }
            }
        }
        for (applied, execution) in executions {
            guard let accepted = execution.accepted, let timestamp = timestamps[applied.header.origin] else { continue }
            for mark in notFound
            where mark.account == Int(accepted.account.rawValue) && mark.target == accepted.clientOrderId {
                guard timestamp > mark.timestamp else {
                    throw Violation("order \(mark.target) was accepted after it was said not to exist")
                }
            }
        }
    }

    /// Every inbox has the last revision of every definition, whatever order they came in.
    private func checkOperators() throws {
        guard venueOperator.isConfirmed else { throw Violation("not confirmed: \(venueOperator.unconfirmed)") }
        events[.definitionOvertaken] += venueOperator.overtaken
    }

    /// All gateways show the same balances and open orders: those of the ledgers and of the executions.
    private func checkViews(_ markets: [MarketModel]) throws {
        for gateway in gateways {
            for partition in 0..<venue.accountPartitions {
                for row in ledger(partition)?.rows().balances ?? [] {
                    let shown = gateway.balances.balance(of: row.account, row.asset)
                    guard shown.free == row.free, shown.locked == row.locked else {
                        throw Violation("gateway \(gateway.slot) shows \(shown), the ledger has \(row)")
                    }
                }
            }
            for market in markets {
                let open = (1...venue.accounts).flatMap {
                    gateway.orders.openOrders(of: AccountID(UInt32($0)), in: market.instrument)
                }
                let shown = Dictionary(uniqueKeysWithValues: open.map { ($0.orderID, market.remaining(of: $0)) })
                guard shown == market.orders.mapValues(\.remaining) else {
                    throw Violation("gateway \(gateway.slot) shows open orders \(shown), there are \(market.orders)")
                }
            }
        }
    }

    // MARK: The logs

    var executions: [(Applied<ExecutionsRecord>, Execution)] {
        logs.executions.flatMap { reader in
            reader.records.compactMap { applied in
                if case .execution(let execution) = applied.record { (applied, execution) } else { nil }
            }
        }
    }

    var accountEvents: [(Applied<AccountEventsRecord>, AccountEvent)] {
        logs.accountEvents.flatMap { reader in
            reader.records.compactMap { applied in
                if case .event(let event) = applied.record { (applied, event) } else { nil }
            }
        }
    }

    /// The ledger of a partition, by a replica that is whole.
    func ledger(_ partition: Int) -> LedgerMachine? {
        replicas.indices.lazy
            .filter { !self.condemned.contains($0) && self.replicas[$0].inbox == TopicPartition(.ledger, partition) }
            .compactMap { self.replicas[$0].process?.machine?.base as? LedgerMachine }.first
    }
}
