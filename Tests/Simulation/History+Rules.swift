import Messaging
import Records
import TradingCore

extension History {
    // MARK: Order and copies (rules 2 and 3)

    /// What was taken of a gateway's epoch is a prefix of what it wrote, in order, and epochs follow one another.
    func checkSequences() throws {
        for (partition, reader) in logs.ledger.enumerated() {
            var last: [Writer: Input] = [:]
            for record in reader.records where record.header.writer.kind == .orderService {
                let cause = record.cause
                guard cause.writer.kind == .gateway, cause.writer.index != History.toolSlot else { continue }
                let before = last[cause.writer] ?? Input(writer: cause.writer, epoch: 0, number: 0)
                // A definition that kills gives a second record: its report.
                var isReport = false
                if case .revisionReport = record.record { isReport = true }
                let follows =
                    cause.epoch == before.epoch
                    ? cause.number == before.number + 1 || isReport && cause.number == before.number
                    : cause.epoch > before.epoch && cause.number == 1
                guard follows else { throw Violation("orders-\(partition): \(cause) was taken after \(before)") }
                last[cause.writer] = cause
            }
        }
        try checkQuarantine()
    }

    /// What nobody could read was set aside, once.
    private func checkQuarantine() throws {
        let unreadable = logs.orders.reduce(0) { $0 + $1.records.count { $0.record == nil } }
        let quarantined = logs.quarantine.records.count
        guard unreadable == quarantined else {
            throw Violation("\(unreadable) records were unreadable, \(quarantined) were set aside")
        }
        events[.quarantined] += quarantined
    }

    // MARK: Deadlines (rule 6)

    /// Exactly the commands whose time had passed by the log's clock were refused for it.
    func checkDeadlines() throws {
        try checkDeadlines(of: logs.orders, answeredIn: logs.ledger, by: .orderService)
        try checkDeadlines(of: logs.ledger, answeredIn: logs.accountEvents, by: .ledgerService)
        try checkDeadlines(of: logs.matching, answeredIn: logs.executions, by: .matchingEngine)
    }

    private func checkDeadlines<Command: MayExpire, Answer: MayRefuse>(
        of commands: [LogReader<Command>], answeredIn answers: [LogReader<Answer>], by kind: WriterKind
    ) throws {
        for (commands, answers) in zip(commands, answers) {
            var refused: [Input: RefusalReason] = [:]
            for applied in answers.records where applied.header.writer.kind == kind {
                if let reason = applied.record?.refusal?.reason { refused[applied.cause] = reason }
            }
            for applied in commands.records { try checkDeadline(applied, refused) }
        }
    }

    private func checkDeadline<Command: MayExpire>(
        _ applied: Applied<Command>, _ refused: [Input: RefusalReason]
    ) throws {
        guard let deadline = applied.record?.deadline, deadline.rawValue != 0 else { return }
        let hasPassed = applied.clock > deadline.rawValue
        guard (refused[applied.input] == .deadlinePassed) == hasPassed else {
            throw Violation(
                "\(applied.input) with deadline \(deadline) came at \(applied.clock) and was "
                    + "\(refused[applied.input].map { "refused: \($0)" } ?? "taken")")
        }
    }

    // MARK: Closed markets and killed accounts (rule 15)

    /// Who is closed or killed takes no new order, from the record on that says so.
    func checkClosedMarkets() throws {
        for (partition, reader) in logs.ledger.enumerated() {
            var versions: [VenueOperator.Subject: VenueOperator.Version] = [:]
            var revisions: [VenueOperator.Subject: UInt64] = [:]
            for applied in reader.records where applied.header.writer.kind == .orderService {
                switch applied.record {
                case .revisionReport(let report):
                    guard let subject = subject(of: report) else { continue }
                    guard report.revision >= revisions[subject, default: 0] else {
                        throw Violation("orders-\(partition) went back to \(report)")
                    }
                    revisions[subject] = report.revision
                    versions[subject] = venueOperator.version(subject, report.revision)
                case .submitOrder(let order): try checkMayTrade(order, versions, partition)
                case .refusal(let refusal):
                    if refusal.reason == .marketClosed { events[.closedMarketRefused] += 1 }
                    if refusal.reason == .accountActionDisabled { events[.killedRefused] += 1 }
                default: break
                }
            }
        }
        for (_, execution) in executions where execution.refusal?.reason == .marketClosed {
            events[.closedMarketRefused] += 1
        }
    }

    private func checkMayTrade(
        _ order: SubmitOrder, _ versions: [VenueOperator.Subject: VenueOperator.Version], _ partition: Int
    ) throws {
        for (subject, version) in versions {
            let isConcerned =
                venueOperator.instrument(of: subject) == Int(order.instrument.rawValue)
                || venueOperator.account(of: subject) == Int(order.account.rawValue) || subject == .venue
            guard isConcerned, version.isKilled || version.status != .trading else { continue }
            throw Violation("orders-\(partition) let order \(order.orderId) through against \(subject) \(version)")
        }
    }

    private func subject(of report: RevisionReport) -> VenueOperator.Subject? {
        switch report.kind {
        case .venue: .venue
        case .feeSchedule: .feeSchedule
        case .instrument, .account:
            VenueOperator.Subject.allCases.first {
                let number =
                    report.kind == .instrument ? venueOperator.instrument(of: $0) : venueOperator.account(of: $0)
                return number == Int(report.id)
            }
        case .asset, .apiKey: nil
        }
    }

    /// No order is left open of an account that is killed at last.
    func checkKilled(_ markets: [MarketModel]) throws {
        let isVenueKilled = venueOperator.current(.venue).isKilled
        let killed = VenueOperator.Subject.allCases
            .filter { venueOperator.current($0).isKilled }.compactMap(venueOperator.account(of:))
        for market in markets {
            for (id, order) in market.orders
            where isVenueKilled || killed.contains(Int(order.account.rawValue)) {
                throw Violation("order \(id) of account \(order.account) is open though it is killed")
            }
        }
    }
}

/// A command that counts until its deadline.
private protocol MayExpire {
    /// nil where the client's time window does not count.
    var deadline: Timestamp? { get }
}

/// An answer that may be a refusal.
private protocol MayRefuse {
    var refusal: Refusal? { get }
}

extension OrdersRecord: MayExpire {
    fileprivate var deadline: Timestamp? {
        switch self {
        case .placeOrder(let order): order.deadline
        case .cancelOrder(let cancel): cancel.deadline
        case .cancelAll(let cancel): cancel.deadline
        case .amendOrder(let amend): amend.deadline
        case .requestWithdrawal(let request): request.deadline
        default: nil
        }
    }
}

extension LedgerRecord: MayExpire, MayRefuse {
    fileprivate var deadline: Timestamp? {
        switch self {
        case .submitOrder(let order): order.deadline
        case .cancelOrder(let cancel): cancel.deadline
        case .cancelAll(let cancel): cancel.deadline
        case .amendOrder(let amend): amend.deadline
        case .requestWithdrawal(let request): request.deadline
        default: nil
        }
    }

    fileprivate var refusal: Refusal? { if case .refusal(let refusal) = self { refusal } else { nil } }
}

extension MatchingRecord: MayExpire {
    fileprivate var deadline: Timestamp? {
        switch self {
        case .submitOrder(let order): order.deadline
        case .cancelOrder(let cancel): cancel.deadline
        case .cancelAll(let cancel): cancel.deadline
        case .amendOrder(let amend): amend.deadline
        default: nil
        }
    }
}

extension AccountEventsRecord: MayRefuse {
    fileprivate var refusal: Refusal? { if case .event(let event) = self { event.refusal } else { nil } }
}

extension ExecutionsRecord: MayRefuse {
    fileprivate var refusal: Refusal? { if case .execution(let execution) = self { execution.refusal } else { nil } }
}
