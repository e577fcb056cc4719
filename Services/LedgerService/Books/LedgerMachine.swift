import LedgerServiceCore
import Messaging
import Records
import TradingCore

/// The ledger's core on the log-processor runtime: decodes what comes, encodes what goes to `matching` and `account-events`.
public final class LedgerMachine: StateMachine {
    /// What a checkpoint of this machine holds.
    public enum CheckpointContent: Sendable {
        /// The whole state. Equal states give equal bytes.
        case state
        /// What changed since the checkpoint before, and the journal: what the books need. One call of `encodeState` takes it.
        case changes
    }

    public static let newestLogicVersion = LedgerCore.newestLogicVersion

    private var core: LedgerCore
    private let content: CheckpointContent
    private let accountEvents: TopicPartition
    private let journal = JournalBuffer()

    /// - Parameters:
    ///   - state: a whole state, or nil for a new ledger.
    /// - Throws: `StateError` when `state` is not one of a ledger of this partition.
    public init(partition: Int, state: [UInt8]?, content: CheckpointContent) throws(StateError) {
        self.content = content
        accountEvents = TopicPartition(.accountEvents, partition)
        let tracksChanges = content == .changes
        guard let state else {
            core = LedgerCore(partition: partition, tracksChanges: tracksChanges)
            return
        }
        var reader = StateReader(state)
        core = try LedgerCore(decoding: &reader, tracksChanges: tracksChanges)
        guard core.partition == partition else {
            throw StateError("the state is of partition \(core.partition), not \(partition)")
        }
    }

    public var logicVersion: UInt32 { core.logicVersion }

    /// The ledger waits for no time: what expires is looked at before every record.
    public var nextTimer: Timestamp? { nil }

    public func fireTimers(at clock: Timestamp, into outputs: Outputs) {}

    public func apply(
        type: UInt32, payload: RawSpan, context: RecordContext, into outputs: Outputs
    ) throws(RecordFailure) {
        var sink = Sink(outputs: outputs, machine: self)
        do throws(InboxError) {
            try core.apply(type: type, payload: payload, context, to: &sink)
        } catch {
            throw RecordFailure(error)
        }
        guard let last = sink.lastForward else { return }
        // A gateway waits for the engine by the numbers that account events name: they must be those of the log.
        guard core.forwardedCount(last.partition) == last.number else {
            throw .broken(
                "record \(core.forwardedCount(last.partition)) of matching-\(last.partition) has number \(last.number)")
        }
    }

    public func refuseUnreadable(context: RecordContext, into outputs: Outputs) {
        var sink = Sink(outputs: outputs, machine: self)
        core.refuseUnreadable(context, to: &sink)
    }

    public func encodeState(into writer: inout StateWriter) {
        switch content {
        case .state: core.encodeState(into: &writer)
        case .changes:
            LedgerChanges(rows: core.takeChanges(), journal: journal.rows).encode(into: &writer)
            journal.rows.clear()
        }
    }

    /// Reads what the state machine has, for tests and simulations.
    public func withCore<Result>(_ body: (borrowing LedgerCore) throws -> Result) rethrows -> Result {
        try body(core)
    }

    private struct Sink: LedgerSink {
        let outputs: Outputs
        let accountEvents: TopicPartition
        let journal: JournalBuffer?
        var lastForward: (partition: Int, number: UInt64)?

        init(outputs: Outputs, machine: LedgerMachine) {
            self.outputs = outputs
            accountEvents = machine.accountEvents
            journal = machine.content == .changes ? machine.journal : nil
        }

        mutating func submit(_ order: borrowing KeptRecord<SubmitOrder>, to partition: Int) {
            forward(MatchingRecord.Number.submitOrder, to: partition) { order.encode(into: &$0) }
        }

        mutating func cancel(_ cancel: borrowing KeptRecord<CancelOrder>, to partition: Int) {
            forward(MatchingRecord.Number.cancelOrder, to: partition) { cancel.encode(into: &$0) }
        }

        mutating func cancelAll(_ cancel: CancelAll, to partition: Int) {
            forward(MatchingRecord.Number.cancelAll, to: partition) { cancel.encode(into: &$0) }
        }

        mutating func amend(_ amend: AmendOrder, to partition: Int) {
            forward(MatchingRecord.Number.amendOrder, to: partition) { amend.encode(into: &$0) }
        }

        @inline(__always)
        private mutating func forward(
            _ type: UInt32, to partition: Int, _ encode: (inout RecordWriter) -> Void
        ) {
            let number = outputs.emit(
                type, to: TopicPartition(.matching, UInt16(truncatingIfNeeded: partition)), encode)
            lastForward = (partition, number)
        }

        mutating func accountEvent(_ event: borrowing LedgerEvent) {
            // Balances wait a few milliseconds; whoever asked does not.
            outputs.emit(AccountEventsRecord.Number.event, to: accountEvents, isUrgent: event.isAnswer) {
                event.encode(into: &$0)
            }
        }

        mutating func journal(_ entry: JournalEntry, _ postings: Span<Posting>) {
            journal?.rows.append(entry, postings)
        }
    }

    /// The journal since the last checkpoint. An object of its own: the sink fills it while the core is being changed.
    private final class JournalBuffer {
        var rows = JournalRows()
    }
}
