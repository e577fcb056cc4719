import LedgerServiceCore
import Messaging
import Records
import TradingCore

extension History {
    /// A record as every reader keeps it: copies dropped, in order.
    struct Applied {
        var header: EnvelopeHeader
        var payload: [UInt8]
        var offset: Int64
    }

    /// What must hold once everything has come to rest.
    func check() throws {
        try checkAnswers()
        try checkReplicas()
        let executions = try (0..<venue.marketPartitions).flatMap { try self.executions($0) }
        let events = try (0..<venue.accountPartitions).flatMap { try accountEvents($0) }
        try checkOnce(executions, events)
        try checkAcknowledged(executions, events)
        try checkMarkers(executions)
        try checkMoney(executions, events)
    }

    /// Every request was answered, or its client was told that nobody knows.
    private func checkAnswers() throws {
        for gateway in gateways where gateway.session.writer.openRequests > 0 {
            throw Violation("gateway \(gateway.slot) leaves \(gateway.session.writer.openRequests) requests open")
        }
        for operation in operations {
            for attempt in operation.attempts where attempt.answer == nil {
                throw Violation("an attempt of \(operation.key) was never answered")
            }
        }
        for gateway in gateways where !gateway.session.follower.isCaughtUp {
            throw Violation("gateway \(gateway.slot) does not catch up")
        }
    }

    /// Replicas of one partition have the same state, to the byte.
    private func checkReplicas() throws {
        for (index, replica) in replicas.enumerated() {
            guard let fingerprint = replica.fingerprint else { throw Violation("\(replica.name) does not run") }
            guard replica.position == cluster.end(of: replica.inbox) || replica.position >= 0 else { continue }
            for other in replicas[..<index] where other.inbox == replica.inbox && other.position == replica.position {
                guard other.fingerprint == fingerprint else {
                    throw Violation("\(replica.name) and \(other.name) differ at offset \(replica.position)")
                }
            }
        }
    }

    /// Nothing is done twice: each client id is accepted once, each reference and each withdrawal taken once.
    private func checkOnce(_ executions: [(Applied, Execution)], _ events: [(Applied, AccountEvent)]) throws {
        var seen: Set<String> = []
        for (_, execution) in executions {
            guard let accepted = execution.accepted else { continue }
            let name = "order \(accepted.account) \(accepted.clientOrderId)"
            guard seen.insert(name).inserted else { throw Violation("\(name) was accepted twice") }
        }
        for (_, event) in events {
            if let deposit = event.deposit, !deposit.repeatedReference {
                let name = "deposit \(deposit.account) \(deposit.reference)"
                guard seen.insert(name).inserted else { throw Violation("\(name) was posted twice") }
            }
            if let withdrawal = event.withdrawal, !withdrawal.repeatedId {
                let name = "withdrawal \(withdrawal.account) \(withdrawal.withdrawOrderId)"
                guard seen.insert(name).inserted else { throw Violation("\(name) was held twice") }
            }
        }
    }

    /// Nothing that a client was told is missing.
    private func checkAcknowledged(
        _ executions: [(Applied, Execution)], _ events: [(Applied, AccountEvent)]
    ) throws {
        let accepted = Set(executions.compactMap { $0.1.accepted.map { "\($0.account) \($0.clientOrderId)" } })
        let deposits = Set(events.compactMap { $0.1.deposit.map { "\($0.account) \($0.reference)" } })
        for operation in operations {
            let name = "\(AccountID(UInt32(operation.account))) \(operation.key)"
            for attempt in operation.attempts {
                switch attempt.answer {
                case .execution(let execution) where execution.accepted != nil:
                    guard accepted.contains(name) else { throw Violation("accepted order \(name) is lost") }
                case .event(let event) where event.deposit != nil:
                    guard deposits.contains(name) else { throw Violation("deposit \(name) is lost") }
                default: break
                }
            }
        }
    }

    /// "Order does not exist" stays true: no order of that id with an earlier timestamp is accepted.
    private func checkMarkers(_ executions: [(Applied, Execution)]) throws {
        guard !notFound.isEmpty else { return }
        let sent = Dictionary(
            operations.map { ("\($0.account) \($0.key)", $0) }, uniquingKeysWith: { first, _ in first })
        for (_, execution) in executions {
            guard let accepted = execution.accepted,
                let operation = sent["\(accepted.account.rawValue) \(accepted.clientOrderId)"]
            else { continue }
            // The attempt whose answer this was, or would have been, is one of those sent; the latest is the most lenient.
            guard let latest = operation.attempts.last?.timestamp else { continue }
            for mark in notFound where mark.account == operation.account && mark.target == operation.key {
                guard latest > mark.timestamp else {
                    throw Violation("order \(operation.key) was accepted after it was said not to exist")
                }
            }
        }
    }

    // MARK: Reads

    /// A view that calls itself current shows every execution that the log held when the query came.
    func checkRead(_ read: Read, _ partition: Int) throws {
        for market in 0..<venue.marketPartitions {
            let settled = try settlements(partition, market)
            for (applied, execution) in try executions(market) where applied.offset < read.ends[market] {
                try checkShown(applied, execution, read, partition, market, settled)
            }
        }
    }

    private func checkShown(
        _ applied: Applied, _ execution: Execution, _ read: Read, _ partition: Int, _ market: Int,
        _ settled: [SimulatedGateway.Named: UInt64]
    ) throws {
        let cause = applied.header
        if cause.causeWriter == Writer(.ledgerService, partition) {
            let forward = SimulatedGateway.Forwarded(partition: partition, market: market, number: cause.causeNumber)
            guard read.gateway.forwarded.contains(forward) else {
                throw Violation(
                    "a current view does not show what was handed to engine \(market) as \(cause.causeNumber)")
            }
        }
        let input = SimulatedGateway.Named(
            partition: partition, writer: cause.causeWriter, number: cause.causeNumber)
        guard let number = settled[input] else {
            guard !concerned(execution).contains(partition) else {
                throw Violation("a current view was told of a fill that is not even in the ledger's inbox")
            }
            return
        }
        let named = SimulatedGateway.Named(
            partition: partition, writer: Writer(.matchingEngine, market), number: number)
        guard read.gateway.named.contains(named) else {
            throw Violation("a current view does not show settlement \(number) of engine \(market)")
        }
    }

    /// The ledger partitions whose accounts an execution moves money of.
    private func concerned(_ execution: Execution) -> Set<Int> {
        var accounts = execution.trades.flatMap { [$0.makerAccount, $0.takerAccount] }
        accounts += execution.done.map(\.account)
        return Set(accounts.map { venue.partition(ofAccount: Int($0.rawValue)) })
    }

    /// The number of each settlement of an engine in a ledger partition, by the input that caused it.
    private func settlements(_ partition: Int, _ market: Int) throws -> [SimulatedGateway.Named: UInt64] {
        var numbers: [SimulatedGateway.Named: UInt64] = [:]
        for record in try applied(TopicPartition(.ledger, partition)) {
            let header = record.header
            guard header.writer == Writer(.matchingEngine, market) else { continue }
            let input = SimulatedGateway.Named(
                partition: partition, writer: header.causeWriter, number: header.causeNumber)
            numbers[input] = header.number
        }
        return numbers
    }

    // MARK: The log as readers keep it

    func applied(_ partition: TopicPartition) throws -> [Applied] {
        var table = SequenceTable()
        var records: [Applied] = []
        for frame in cluster.frames(of: partition) {
            var reader = FrameReader()
            while let item = reader.next(in: frame.bytes.span.bytes) {
                guard case .record(let record) = item, record.header.number != 0 else { continue }
                let payload = Array(frame.bytes[record.payload])
                switch table.judge(record.header, payload.span.bytes) {
                case .next:
                    table.accept(record.header)
                    records.append(Applied(header: record.header, payload: payload, offset: frame.offset))
                case .diverged: throw Violation("\(partition) offset \(frame.offset) diverged")
                case .copy, .hole, .stale: break
                }
            }
        }
        return records
    }

    func executions(_ market: Int) throws -> [(Applied, Execution)] {
        try applied(TopicPartition(.executions, market)).compactMap { record in
            guard
                case .execution(let execution) = try ExecutionsRecord(type: record.header.type, payload: record.payload)
            else { return nil }
            return (record, execution)
        }
    }

    func accountEvents(_ partition: Int) throws -> [(Applied, AccountEvent)] {
        try applied(TopicPartition(.accountEvents, partition)).compactMap { record in
            guard case .event(let event) = try AccountEventsRecord(type: record.header.type, payload: record.payload)
            else { return nil }
            return (record, event)
        }
    }
}
