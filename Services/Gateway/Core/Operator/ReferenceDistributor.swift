import Records
import TradingCore

/// Brings definitions to every state machine that depends on them and, once each has reported it, to the gateways (rule 15 of the log
/// protocol). What is not confirmed is sent again, by whichever gateway comes to it: a lower or equal revision changes nothing.
public struct ReferenceDistributor: Sendable {
    private let store: ReferenceStore
    private let line: any OperatorLine

    public init(store: ReferenceStore, line: any OperatorLine) {
        self.store = store
        self.line = line
    }

    /// Distributes one definition and notes its confirmation.
    ///
    /// - Throws: `OperatorError` when a state machine did not take it or did not answer; it stays unconfirmed then.
    public func distribute(_ definition: ReferenceDefinition) async throws {
        if case .instrument(let instrument) = definition { try await list(instrument) }
        switch definition {
        case .account(let account):
            try await send(definition, partition: Int(account.partition))
        case .asset, .instrument, .feeSchedule, .venue:
            for partition in 0..<line.accountPartitions { try await send(definition, partition: partition) }
        }
        guard await line.publish(definition.referenceRecord, key: definition.key) else {
            throw OperatorError.outcomeUnknown
        }
        try await store.confirm(definition, partitions: line.accountPartitions)
    }

    /// Sends again whatever is not confirmed.
    ///
    /// - Returns: how many definitions are still not confirmed.
    public func reconcile() async throws -> Int {
        let open = try await store.unconfirmed(partitions: line.accountPartitions)
        var failures = 0
        for stored in open {
            do {
                try await distribute(stored.definition)
            } catch {
                failures += 1
            }
        }
        return failures
    }

    /// The engine first: no order of a market may reach an engine that does not know it.
    private func list(_ instrument: InstrumentDefinition) async throws {
        let partition = Int(instrument.partition)
        guard partition < line.marketPartitions else {
            throw OperatorError.invalid(
                "partition", "partition \(partition) of matching does not exist, there are \(line.marketPartitions)")
        }
        let execution: Execution
        switch await line.submit(MatchingRecord.instrument(instrument), partition: partition) {
        case .execution(let answer): execution = answer
        case .event, .outcomeUnknown: throw OperatorError.outcomeUnknown
        case .shed: throw OperatorError.overloaded
        }
        guard let report = execution.report, report.revision >= instrument.revision else {
            throw OperatorError.conflict("the engine keeps revision \(execution.report?.revision ?? 0)")
        }
    }

    private func send(_ definition: ReferenceDefinition, partition: Int) async throws {
        guard partition < line.accountPartitions else {
            throw OperatorError.invalid(
                "partition", "partition \(partition) of orders does not exist, there are \(line.accountPartitions)")
        }
        let event: AccountEvent
        switch await line.submit(definition.ordersRecord, partition: partition) {
        case .event(let answer): event = answer
        case .execution, .outcomeUnknown: throw OperatorError.outcomeUnknown
        case .shed: throw OperatorError.overloaded
        }
        if let refusal = event.refusal { throw OperatorError.refused(refusal.reason) }
        guard let report = event.revisionReport, report.revision >= definition.revision else {
            throw OperatorError.conflict(
                "partition \(partition) keeps revision \(event.revisionReport?.revision ?? 0)")
        }
    }
}
