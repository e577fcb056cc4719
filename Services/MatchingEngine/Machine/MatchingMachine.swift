import MatchingEngineCore
import Messaging
import Records
import TradingCore

/// The matching core on the log-processor runtime: decodes what comes, encodes what goes to `executions` and `ledger`.
public final class MatchingMachine: StateMachine {
    public static let newestLogicVersion = MatchingCore.newestLogicVersion

    private var core: MatchingCore
    private let executions: TopicPartition

    /// - Throws: `StateError` when `state` is not one of a matching core of this partition.
    public init(partition: Int, state: [UInt8]?) throws(StateError) {
        executions = TopicPartition(.executions, partition)
        guard let state else {
            core = MatchingCore(partition: partition)
            return
        }
        var reader = StateReader(state)
        core = try MatchingCore(decoding: &reader)
        guard core.partition == partition else {
            throw StateError("the state is of partition \(core.partition), not \(partition)")
        }
    }

    public var logicVersion: UInt32 { core.logicVersion }

    public var nextTimer: Timestamp? { core.nextTimer }

    public func fireTimers(at clock: Timestamp, into outputs: Outputs) {
        var sink = Sink(outputs: outputs, executions: executions)
        core.fireTimers(at: clock, to: &sink)
    }

    public func apply(
        type: UInt32, payload: RawSpan, context: RecordContext, into outputs: Outputs
    ) throws(RecordFailure) {
        var sink = Sink(outputs: outputs, executions: executions)
        do throws(InboxError) {
            try core.apply(type: type, payload: payload, context, to: &sink)
        } catch {
            throw RecordFailure(error)
        }
        try checkNumbers(outputs)
    }

    /// A gateway waits for balances by the numbers of settlements that executions name: they must be those of the log.
    private func checkNumbers(_ outputs: Outputs) throws(RecordFailure) {
        for index in 0..<core.settledCount {
            let partition = core.settledPartition(index)
            let number = outputs.number(in: TopicPartition(.ledger, UInt16(truncatingIfNeeded: partition)))
            guard number == core.ledgerWritten(partition) else {
                throw .broken("settlement \(core.ledgerWritten(partition)) of ledger-\(partition) has number \(number)")
            }
        }
    }

    public func refuseUnreadable(context: RecordContext, into outputs: Outputs) {
        var sink = Sink(outputs: outputs, executions: executions)
        core.refuseUnreadable(to: &sink)
    }

    public func encodeState(into writer: inout StateWriter) { core.encodeState(into: &writer) }

    private struct Sink: MatchingSink {
        let outputs: Outputs
        let executions: TopicPartition

        mutating func execution(_ execution: borrowing EngineEvent) {
            outputs.emit(ExecutionsRecord.Number.execution, to: executions) { execution.encode(into: &$0) }
        }

        mutating func tick(_ tick: EngineTick) {
            outputs.emitFact(ExecutionsRecord.Number.tick, to: executions) { tick.encode(into: &$0) }
        }

        mutating func settlement(_ partition: Int, _ settlement: borrowing KeptRecord<Settlement>) {
            outputs.emit(
                LedgerRecord.Number.settlement, to: TopicPartition(.ledger, UInt16(truncatingIfNeeded: partition))
            ) { settlement.encode(into: &$0) }
        }
    }
}
