import Messaging
import OrderServiceCore
import Records
import TradingCore

/// The order core on the log-processor runtime: decodes what comes, encodes what goes to `ledger`.
public final class OrderMachine: StateMachine {
    public static let newestLogicVersion = OrderCore.newestLogicVersion

    private var core: OrderCore
    private let ledger: TopicPartition

    /// - Throws: `StateError` when `state` is not one of an order core of this partition.
    public init(partition: Int, state: [UInt8]?) throws(StateError) {
        ledger = TopicPartition(.ledger, partition)
        guard let state else {
            core = OrderCore(partition: partition)
            return
        }
        var reader = StateReader(state)
        core = try OrderCore(decoding: &reader)
        guard core.partition == partition else {
            throw StateError("the state is of partition \(core.partition), not \(partition)")
        }
    }

    public var logicVersion: UInt32 { core.logicVersion }

    public var nextTimer: Timestamp? { nil }

    public func fireTimers(at clock: Timestamp, into outputs: Outputs) {}

    public func apply(
        type: UInt32, payload: RawSpan, context: RecordContext, into outputs: Outputs
    ) throws(RecordFailure) {
        var sink = Sink(outputs: outputs, ledger: ledger)
        do throws(InboxError) {
            try core.apply(type: type, payload: payload, context, to: &sink)
        } catch {
            throw RecordFailure(error)
        }
    }

    public func refuseUnreadable(context: RecordContext, into outputs: Outputs) {
        var sink = Sink(outputs: outputs, ledger: ledger)
        core.refuseUnreadable(to: &sink)
    }

    public func encodeState(into writer: inout StateWriter) { core.encodeState(into: &writer) }

    /// What the owner compares with the last trades.
    public var referencePrices: [ReferencePrice] { core.referencePrices }

    private struct Sink: OrderSink {
        let outputs: Outputs
        let ledger: TopicPartition

        mutating func ledger(_ record: LedgerRecord) {
            outputs.emit(record.type, to: ledger) { record.encodePayload(into: &$0) }
        }

        mutating func submit(_ order: borrowing KeptRecord<SubmitOrder>) {
            outputs.emit(LedgerRecord.Number.submitOrder, to: ledger) { order.encode(into: &$0) }
        }

        mutating func cancel(_ cancel: borrowing KeptRecord<CancelOrder>) {
            outputs.emit(LedgerRecord.Number.cancelOrder, to: ledger) { cancel.encode(into: &$0) }
        }
    }
}
