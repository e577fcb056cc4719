import MarketDataBroadcasterCore
import Messaging
import Records
import TradingCore

/// What was gathered of one partition since its position was stored.
struct Gathering {
    private(set) var batch = MarketDataBatch()
    /// In front of the newest round of snapshots that has begun since the position was stored.
    private(set) var snapshotPosition: FollowerPosition?
    /// The market that every round of snapshots begins with; nil before the first.
    private(set) var firstInstrument: InstrumentID?

    private let partition: TopicPartition
    private let writer: Writer
    /// The last record, for the sequence in front of the next frame.
    private var lastNumber: UInt64
    private var lastHash: UInt64
    /// In front of the newest frame that does not begin with a later part.
    private var frameStart: FollowerPosition?
    private var frameOffset: Int64?

    /// Begins where a position was stored; at the partition's beginning without one.
    init(
        _ partition: TopicPartition, from sequences: SequenceTable = SequenceTable(),
        firstInstrument: InstrumentID? = nil
    ) {
        self.partition = partition
        self.firstInstrument = firstInstrument
        writer = Writer(.marketDataBroadcaster, Int(partition.partition))
        var sequences = sequences
        let last = sequences[writer]
        lastNumber = last.number
        lastHash = last.hash
    }

    /// What was gathered is stored.
    mutating func removeAll() {
        batch.removeAll()
        snapshotPosition = nil
    }

    mutating func take(
        _ record: FollowedRecord, _ payload: RawSpan, after last: @autoclosure () -> RecordMark?
    ) throws(RecordFailure) {
        if frameOffset != record.offset {
            frameOffset = record.offset
            if !batch.isWithinParts { frameStart = position(inFrontOf: record.offset, after: last()) }
        }
        if record.header.number != 0 {
            lastNumber = record.header.number
            lastHash = record.header.hash
        }
        let content: MarketDataRecord
        do throws(RecordError) {
            content = try MarketDataRecord(type: record.header.type, payload: payload)
        } catch {
            throw .unreadable("\(error)")
        }
        switch content {
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
    private func position(inFrontOf offset: Int64, after last: RecordMark?) -> FollowerPosition {
        let entries =
            lastNumber == 0 ? [] : [SequenceTable.Entry(writer: writer, number: lastNumber, hash: lastHash)]
        return FollowerPosition(partition: partition, next: offset, last: last, sequences: SequenceTable(entries))
    }
}
