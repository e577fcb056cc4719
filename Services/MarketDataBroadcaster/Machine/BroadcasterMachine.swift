import MarketDataBroadcasterCore
import Messaging
import Records
import TradingCore

/// The broadcaster core on the log-processor runtime: decodes `executions`, encodes `market-data`.
public final class BroadcasterMachine: StateMachine {
    public static let newestLogicVersion = BroadcasterCore.newestLogicVersion

    private var core: BroadcasterCore
    private let marketData: TopicPartition
    /// Markets that changed since pictures were last taken; no part of the state.
    private var changed: Set<InstrumentID> = []

    /// - Throws: `StateError` when `state` is not one of a broadcaster core of this partition.
    public init(partition: Int, state: [UInt8]?) throws(StateError) {
        marketData = TopicPartition(.marketData, partition)
        guard let state else {
            core = BroadcasterCore(partition: partition)
            return
        }
        var reader = StateReader(state)
        core = try BroadcasterCore(decoding: &reader)
        guard core.partition == partition else {
            throw StateError("the state is of partition \(core.partition), not \(partition)")
        }
    }

    public var logicVersion: UInt32 { core.logicVersion }

    public var nextTimer: Timestamp? { core.nextTimer }

    public func fireTimers(at clock: Timestamp, into outputs: Outputs) {
        var sink = Sink(outputs: outputs, marketData: marketData)
        core.fireTimers(at: clock, to: &sink)
    }

    public func apply(
        type: UInt32, payload: RawSpan, context: RecordContext, into outputs: Outputs
    ) throws(RecordFailure) {
        var sink = Sink(outputs: outputs, marketData: marketData)
        do throws(InboxError) {
            try core.apply(type: type, payload: payload, context, to: &sink)
        } catch {
            throw RecordFailure(error)
        }
        if let instrument = sink.updated { changed.insert(instrument) }
    }

    /// Only gateways' records are set aside, and none writes `executions`.
    public func refuseUnreadable(context: RecordContext, into outputs: Outputs) {}

    public func encodeState(into writer: inout StateWriter) { core.encodeState(into: &writer) }

    /// Pictures of the markets that changed since this was last asked, or of all.
    ///
    /// - Parameter withStatistics: whether tickers and trades are wanted too.
    public func takePictures(all: Bool, withStatistics: Bool) -> [InstrumentID: MarketPicture] {
        let wanted = all ? core.instruments : Array(changed)
        changed.removeAll(keepingCapacity: true)
        var pictures: [InstrumentID: MarketPicture] = [:]
        for instrument in wanted {
            pictures[instrument] = core.picture(of: instrument, withStatistics: withStatistics)
        }
        return pictures
    }

    private struct Sink: MarketDataSink {
        let outputs: Outputs
        let marketData: TopicPartition
        var updated: InstrumentID?

        mutating func update(_ update: borrowing KeptRecord<MarketUpdate>) {
            updated = update.value.instrument
            outputs.emit(MarketDataRecord.Number.update, to: marketData, isUrgent: false) { update.encode(into: &$0) }
        }

        mutating func statistics(_ statistics: MarketStatistics) {
            outputs.emit(MarketDataRecord.Number.statistics, to: marketData, isUrgent: false) {
                statistics.encode(into: &$0)
            }
        }

        mutating func snapshot(_ snapshot: MarketSnapshot) {
            outputs.emit(MarketDataRecord.Number.snapshot, to: marketData, isUrgent: false) {
                snapshot.encode(into: &$0)
            }
        }
    }
}
