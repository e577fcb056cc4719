import Messaging
import Records
import TradingCore

/// Which program a process runs.
enum Release {
    case current
    /// Knows one logic version more.
    case next
    /// Writes one record too many: what two replicas of different builds, or broken memory, would do.
    case faulty
}

/// The next release of a service: it knows logic version 2, which behaves as version 1 does.
final class NextRelease<Base: ServiceMachine>: ServiceMachine {
    static var kind: WriterKind { Base.kind }
    static var inbox: Topic { Base.inbox }
    static var newestLogicVersion: UInt32 { 2 }
    /// Stands behind a state of version 2, so that states of version 1 are those of the release before.
    private static var mark: [UInt8] { Array("version2".utf8) }

    private let inner: Base
    private(set) var logicVersion: UInt32

    init(partition: Int, state: [UInt8]?) throws(StateError) {
        let isRaised = state.map { $0.suffix(Self.mark.count).elementsEqual(Self.mark) } ?? false
        inner = try Base(partition: partition, state: isRaised ? state?.dropLast(Self.mark.count) : state)
        logicVersion = isRaised ? 2 : 1
    }

    var base: any ServiceMachine { inner }
    var nextTimer: Timestamp? { inner.nextTimer }

    func fireTimers(at clock: Timestamp, into outputs: Outputs) throws(RecordFailure) {
        try inner.fireTimers(at: clock, into: outputs)
    }

    func apply(
        type: UInt32, payload: RawSpan, context: RecordContext, into outputs: Outputs
    ) throws(RecordFailure) {
        guard type == RaisedVersion.type, let raise = RaisedVersion.decode(payload),
            raise.service == UInt32(Self.kind.rawValue)
        else { return try inner.apply(type: type, payload: payload, context: context, into: outputs) }
        logicVersion = max(logicVersion, raise.version)
        // The core inside knows version 1 only.
        var writer = RecordWriter()
        RaiseLogicVersion(service: raise.service, version: 1).encode(into: &writer)
        try writer.withBytes { payload throws(RecordFailure) in
            try inner.apply(type: type, payload: payload, context: context, into: outputs)
        }
    }

    func refuseUnreadable(context: RecordContext, into outputs: Outputs) {
        inner.refuseUnreadable(context: context, into: outputs)
    }

    func encodeState(into writer: inout StateWriter) {
        inner.encodeState(into: &writer)
        if logicVersion == 2 { for byte in Self.mark { writer.write(byte) } }
    }
}

/// The record that raises a logic version, the same in every inbox.
enum RaisedVersion {
    static let type: UInt32 = 14

    static func decode(_ payload: RawSpan) -> RaiseLogicVersion? {
        do throws(RecordError) { return try RaiseLogicVersion(decoding: payload) } catch { return nil }
    }
}

/// A replica whose outputs differ from the others': at one number of any writer it emits a record too many.
final class FaultyRelease<Base: ServiceMachine>: ServiceMachine {
    static var kind: WriterKind { Base.kind }
    static var inbox: Topic { Base.inbox }
    static var newestLogicVersion: UInt32 { Base.newestLogicVersion }
    /// Beyond the venue's definitions and first balances.
    static var fault: UInt64 { 15 }

    private let inner: Base
    private let partition: Int

    init(partition: Int, state: [UInt8]?) throws(StateError) {
        inner = try Base(partition: partition, state: state)
        self.partition = partition
    }

    var base: any ServiceMachine { inner }
    var logicVersion: UInt32 { inner.logicVersion }
    var nextTimer: Timestamp? { inner.nextTimer }

    func fireTimers(at clock: Timestamp, into outputs: Outputs) throws(RecordFailure) {
        try inner.fireTimers(at: clock, into: outputs)
    }

    func apply(
        type: UInt32, payload: RawSpan, context: RecordContext, into outputs: Outputs
    ) throws(RecordFailure) {
        if context.number == Self.fault { emitOneTooMany(outputs) }
        try inner.apply(type: type, payload: payload, context: context, into: outputs)
    }

    private func emitOneTooMany(_ outputs: Outputs) {
        switch Self.kind {
        case .gateway: break
        case .orderService:
            outputs.emit(LedgerRecord.refusal(Refusal(reason: .unreadable)), to: TopicPartition(.ledger, partition))
        case .ledgerService:
            outputs.emit(AccountEventsRecord.event(AccountEvent()), to: TopicPartition(.accountEvents, partition))
        case .matchingEngine:
            outputs.emit(ExecutionsRecord.execution(Execution()), to: TopicPartition(.executions, partition))
        case .marketDataBroadcaster:
            outputs.emit(MarketDataRecord.update(MarketUpdate()), to: TopicPartition(.marketData, partition))
        }
    }

    func refuseUnreadable(context: RecordContext, into outputs: Outputs) {
        inner.refuseUnreadable(context: context, into: outputs)
    }

    func encodeState(into writer: inout StateWriter) { inner.encodeState(into: &writer) }
}
