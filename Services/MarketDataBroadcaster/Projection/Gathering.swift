import MarketDataBroadcasterCore
import Messaging
import Records
import TradingCore

/// What the projection has gathered of one partition since its position was stored. Of the projection's thread only.
final class Gathering<Source: Log> {
    let store: ProjectionStore
    let start: ProjectionStore.Start
    private(set) var batch = MarketDataBatch()
    private(set) var savedOffset: Int64
    /// In front of the newest round of snapshots that has begun since the position was stored.
    private(set) var snapshotPosition: FollowerPosition?
    private(set) var firstInstrument: InstrumentID?
    /// Set once it is made; it exists whenever records come.
    weak var follower: TopicFollower<Source>?

    private var since: Int64?
    private let writer: Writer
    /// The last record, for the sequence in front of the next frame.
    private var lastNumber: UInt64
    private var lastHash: UInt64
    /// In front of the newest frame that does not begin with a later part.
    private var frameStart: FollowerPosition?
    private var frameOffset: Int64?

    init(_ store: ProjectionStore, _ start: ProjectionStore.Start) {
        self.store = store
        self.start = start
        savedOffset = start.position.next
        firstInstrument = start.firstInstrument
        writer = Writer(.marketDataBroadcaster, Int(store.partition.partition))
        var sequences = start.position.sequences
        let last = sequences[writer]
        lastNumber = last.number
        lastHash = last.hash
    }

    /// Since when something waits to be stored, monotonic milliseconds.
    func gatheredSince(_ now: Int64) -> Int64 {
        if since == nil { since = now }
        return since ?? now
    }

    func saved(_ next: Int64) {
        savedOffset = next
        batch.removeAll()
        snapshotPosition = nil
        since = nil
    }

    func take(_ context: TopicFollower<Source>.Context, _ payload: RawSpan) throws(RecordFailure) {
        if frameOffset != context.offset {
            frameOffset = context.offset
            if !batch.isWithinParts { frameStart = position(inFrontOf: context.offset) }
        }
        if context.header.number != 0 {
            lastNumber = context.header.number
            lastHash = context.header.hash
        }
        let record: MarketDataRecord
        do throws(RecordError) {
            record = try MarketDataRecord(type: context.header.type, payload: payload)
        } catch {
            throw .unreadable("\(error)")
        }
        switch record {
        case .update(let update): batch.add(update)
        case .statistics(let statistics): batch.add(statistics)
        case .snapshot(let snapshot):
            batch.add(snapshot)
            if firstInstrument == nil { firstInstrument = snapshot.instrument }
            // Every round begins with the market listed first.
            if snapshot.instrument == firstInstrument, snapshot.part == 0 { snapshotPosition = frameStart }
        }
    }

    /// A frame's beginning, with the last numbers before it.
    private func position(inFrontOf offset: Int64) -> FollowerPosition {
        let last = follower?.positions.first { $0.partition == store.partition }?.last
        let entries =
            lastNumber == 0 ? [] : [SequenceTable.Entry(writer: writer, number: lastNumber, hash: lastHash)]
        return FollowerPosition(
            partition: store.partition, next: offset, last: last, sequences: SequenceTable(entries))
    }
}
