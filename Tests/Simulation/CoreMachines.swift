import LedgerServiceCore
import MarketDataBroadcasterCore
import MatchingEngineCore
import Messaging
import OrderServiceCore
import Records
import TradingCore

/// A state machine of a service, made for one partition.
protocol ServiceMachine: StateMachine {
    static var kind: WriterKind { get }
    static var inbox: Topic { get }
    init(partition: Int, state: [UInt8]?) throws(StateError)
    /// The machine itself, without what a test has put around it.
    var base: any ServiceMachine { get }
}

extension ServiceMachine {
    var base: any ServiceMachine { self }
}

final class OrderMachine: ServiceMachine {
    static let kind = WriterKind.orderService
    static let inbox = Topic.orders
    static let newestLogicVersion = OrderCore.newestLogicVersion

    private struct Sink: OrderSink {
        let outputs: Outputs
        let destination: TopicPartition

        func ledger(_ record: LedgerRecord) { outputs.emit(record, to: destination) }
    }

    private var core: OrderCore
    private let destination: TopicPartition

    init(partition: Int, state: [UInt8]?) throws(StateError) {
        destination = TopicPartition(.ledger, partition)
        guard let state else {
            core = OrderCore(partition: partition)
            return
        }
        var reader = StateReader(state)
        core = try OrderCore(decoding: &reader)
    }

    var logicVersion: UInt32 { core.logicVersion }
    var nextTimer: Timestamp? { nil }
    func fireTimers(at clock: Timestamp, into outputs: Outputs) {}
    func encodeState(into writer: inout StateWriter) { core.encodeState(into: &writer) }

    func apply(
        type: UInt32, payload: RawSpan, context: RecordContext, into outputs: Outputs
    ) throws(RecordFailure) {
        var sink = Sink(outputs: outputs, destination: destination)
        do throws(InboxError) {
            try core.apply(type: type, payload: payload, context, to: &sink)
        } catch {
            throw RecordFailure(error)
        }
    }

    func refuseUnreadable(context: RecordContext, into outputs: Outputs) {
        var sink = Sink(outputs: outputs, destination: destination)
        core.refuseUnreadable(to: &sink)
    }
}

final class LedgerMachine: ServiceMachine {
    static let kind = WriterKind.ledgerService
    static let inbox = Topic.ledger
    static let newestLogicVersion = LedgerCore.newestLogicVersion

    private struct Sink: LedgerSink {
        let outputs: Outputs
        let events: TopicPartition

        func submit(_ order: borrowing KeptRecord<SubmitOrder>, to partition: Int) {
            emit(.submitOrder(order.value), partition)
        }
        func cancel(_ cancel: borrowing KeptRecord<CancelOrder>, to partition: Int) {
            emit(.cancelOrder(cancel.value), partition)
        }
        func cancelAll(_ cancel: CancelAll, to partition: Int) { emit(.cancelAll(cancel), partition) }
        func amend(_ amend: AmendOrder, to partition: Int) { emit(.amendOrder(amend), partition) }

        private func emit(_ record: MatchingRecord, _ partition: Int) {
            outputs.emit(record, to: TopicPartition(.matching, partition))
        }

        func accountEvent(_ event: borrowing LedgerEvent) {
            outputs.emit(AccountEventsRecord.Number.event, to: events, isUrgent: event.isAnswer) {
                event.encode(into: &$0)
            }
        }

        func journal(_ entry: JournalEntry, _ postings: Span<Posting>) {}
    }

    private(set) var core: LedgerCore
    private let events: TopicPartition

    init(partition: Int, state: [UInt8]?) throws(StateError) {
        events = TopicPartition(.accountEvents, partition)
        guard let state else {
            core = LedgerCore(partition: partition)
            return
        }
        var reader = StateReader(state)
        core = try LedgerCore(decoding: &reader)
    }

    var logicVersion: UInt32 { core.logicVersion }
    var nextTimer: Timestamp? { nil }
    func fireTimers(at clock: Timestamp, into outputs: Outputs) {}
    func encodeState(into writer: inout StateWriter) { core.encodeState(into: &writer) }
    func checkInvariants() throws(InvariantViolation) { try core.checkInvariants() }
    func rows() -> LedgerRows { core.rows() }
    var openOrderCount: Int { core.openOrderCount }

    func apply(
        type: UInt32, payload: RawSpan, context: RecordContext, into outputs: Outputs
    ) throws(RecordFailure) {
        var sink = Sink(outputs: outputs, events: events)
        do throws(InboxError) {
            try core.apply(type: type, payload: payload, context, to: &sink)
        } catch {
            throw RecordFailure(error)
        }
    }

    func refuseUnreadable(context: RecordContext, into outputs: Outputs) {
        var sink = Sink(outputs: outputs, events: events)
        core.refuseUnreadable(context, to: &sink)
    }
}

final class MatchingMachine: ServiceMachine {
    static let kind = WriterKind.matchingEngine
    static let inbox = Topic.matching
    static let newestLogicVersion = MatchingCore.newestLogicVersion

    private struct Sink: MatchingSink {
        let outputs: Outputs
        let executions: TopicPartition

        func execution(_ execution: borrowing EngineEvent) {
            outputs.emit(ExecutionsRecord.Number.execution, to: executions) { execution.encode(into: &$0) }
        }

        func tick(_ tick: EngineTick) {
            let record = ExecutionsRecord.tick(tick)
            outputs.emitFact(record.type, to: executions) { record.encodePayload(into: &$0) }
        }

        func settlement(_ partition: Int, _ settlement: borrowing KeptRecord<Settlement>) {
            outputs.emit(LedgerRecord.Number.settlement, to: TopicPartition(.ledger, partition)) {
                settlement.encode(into: &$0)
            }
        }
    }

    private var core: MatchingCore
    private let executions: TopicPartition

    init(partition: Int, state: [UInt8]?) throws(StateError) {
        executions = TopicPartition(.executions, partition)
        guard let state else {
            core = MatchingCore(partition: partition)
            return
        }
        var reader = StateReader(state)
        core = try MatchingCore(decoding: &reader)
    }

    var logicVersion: UInt32 { core.logicVersion }
    var nextTimer: Timestamp? { core.nextTimer }
    func encodeState(into writer: inout StateWriter) { core.encodeState(into: &writer) }

    func fireTimers(at clock: Timestamp, into outputs: Outputs) {
        var sink = Sink(outputs: outputs, executions: executions)
        core.fireTimers(at: clock, to: &sink)
    }

    func apply(
        type: UInt32, payload: RawSpan, context: RecordContext, into outputs: Outputs
    ) throws(RecordFailure) {
        var sink = Sink(outputs: outputs, executions: executions)
        do throws(InboxError) {
            try core.apply(type: type, payload: payload, context, to: &sink)
        } catch {
            throw RecordFailure(error)
        }
    }

    func refuseUnreadable(context: RecordContext, into outputs: Outputs) {
        var sink = Sink(outputs: outputs, executions: executions)
        core.refuseUnreadable(to: &sink)
    }
}

final class BroadcasterMachine: ServiceMachine {
    static let kind = WriterKind.marketDataBroadcaster
    static let inbox = Topic.executions
    static let newestLogicVersion = BroadcasterCore.newestLogicVersion

    private struct Sink: MarketDataSink {
        let outputs: Outputs
        let marketData: TopicPartition

        func update(_ update: borrowing KeptRecord<MarketUpdate>) {
            outputs.emit(MarketDataRecord.Number.update, to: marketData, isUrgent: false) { update.encode(into: &$0) }
        }

        func statistics(_ statistics: MarketStatistics) { emit(.statistics(statistics)) }
        func snapshot(_ snapshot: MarketSnapshot) { emit(.snapshot(snapshot)) }

        private func emit(_ record: MarketDataRecord) {
            outputs.emit(record.type, to: marketData, isUrgent: false) { record.encodePayload(into: &$0) }
        }
    }

    private var core: BroadcasterCore
    private let marketData: TopicPartition

    init(partition: Int, state: [UInt8]?) throws(StateError) {
        marketData = TopicPartition(.marketData, partition)
        guard let state else {
            core = BroadcasterCore(partition: partition)
            return
        }
        var reader = StateReader(state)
        core = try BroadcasterCore(decoding: &reader)
    }

    var logicVersion: UInt32 { core.logicVersion }
    var nextTimer: Timestamp? { core.nextTimer }
    func encodeState(into writer: inout StateWriter) { core.encodeState(into: &writer) }
    func picture(of instrument: InstrumentID) -> MarketPicture? {
        core.picture(of: instrument, withStatistics: true)
    }

    func fireTimers(at clock: Timestamp, into outputs: Outputs) {
        var sink = Sink(outputs: outputs, marketData: marketData)
        core.fireTimers(at: clock, to: &sink)
    }

    func apply(
        type: UInt32, payload: RawSpan, context: RecordContext, into outputs: Outputs
    ) throws(RecordFailure) {
        var sink = Sink(outputs: outputs, marketData: marketData)
        do throws(InboxError) {
            try core.apply(type: type, payload: payload, context, to: &sink)
        } catch {
            throw RecordFailure(error)
        }
    }

    func refuseUnreadable(context: RecordContext, into outputs: Outputs) {}
}
