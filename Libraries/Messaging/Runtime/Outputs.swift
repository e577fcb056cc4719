import Records
import TradingCore

/// Takes what a state machine emits. Numbers, hashes, causes and origins are filled in here.
///
/// Destinations are few, so a table by topic and partition finds a lane without hashing.
public final class Outputs {
    /// The version of the schema that this release writes.
    public static let schemaVersion: UInt32 = 1

    let writer: Writer
    @exclusivity(unchecked) private(set) var lanes: [Lane] = []
    /// By topic, then by partition: index into `lanes` or -1.
    @exclusivity(unchecked) private var table: [[Int16]]
    @exclusivity(unchecked) private var header = EnvelopeHeader()
    private var scratch = RecordWriter(capacity: 4_096)
    @exclusivity(unchecked) private(set) var emitted: UInt64 = 0
    /// Set when a record was larger than a frame; the processor stops at it.
    @exclusivity(unchecked) private(set) var tooLarge: TopicPartition?

    private let intervals: [Topic: Int64]

    /// - Parameter intervals: the least milliseconds between two frames of a topic; 0 where it is not named.
    init(writer: Writer, intervals: [Topic: Int64] = [:]) {
        self.writer = writer
        self.intervals = intervals
        table = Array(repeating: [], count: Int(Topic.quarantine.rawValue) + 1)
    }

    /// Emits a numbered record, encoded by `encode`.
    ///
    /// - Parameters:
    ///   - type: the field number of the topic's union.
    ///   - origin: the client's record that began it, where it is not the input's.
    ///   - isUrgent: whether somebody waits for it: false lets it wait for the destination's interval.
    /// - Returns: the record's number in `destination`.
    @discardableResult
    public func emit(
        _ type: UInt32, to destination: TopicPartition, origin: Origin? = nil, isUrgent: Bool = true,
        _ encode: (inout RecordWriter) -> Void
    ) -> UInt64 {
        scratch.clear()
        encode(&scratch)
        header.type = type
        let inputOrigin = header.origin
        if let origin { header.origin = origin }
        let lane = lane(to: destination)
        let taken = scratch.withBytes { lane.append(header, $0) }
        header.origin = inputOrigin
        if !taken { tooLarge = destination }
        if isUrgent { lane.hurry() }
        emitted &+= 1
        return lane.written.number
    }

    /// Emits a numbered record of a topic's union.
    @discardableResult
    @inlinable
    public func emit<Record: RecordUnion>(
        _ record: Record, to destination: TopicPartition, origin: Origin? = nil
    ) -> UInt64 {
        emit(record.type, to: destination, origin: origin) { record.encodePayload(into: &$0) }
    }

    /// Emits a fact that may be repeated and lost: it carries no number.
    public func emitFact(_ type: UInt32, to destination: TopicPartition, _ encode: (inout RecordWriter) -> Void) {
        scratch.clear()
        encode(&scratch)
        header.type = type
        let lane = lane(to: destination)
        if !scratch.withBytes({ lane.appendFact(header, $0) }) { tooLarge = destination }
        lane.hurry()
        emitted &+= 1
    }

    /// The number of the last record emitted to `destination`; 0 when there was none.
    public func number(in destination: TopicPartition) -> UInt64 {
        existingLane(to: destination)?.written.number ?? 0
    }

    /// Sets what the next records follow from.
    func begin(_ input: EnvelopeHeader, origin: Origin) {
        header.writer = writer
        header.schemaVersion = Outputs.schemaVersion
        header.causeWriter = input.writer
        header.causeNumber = input.number
        header.origin = origin
        header.traceContext = input.traceContext.map { $0.child(of: writer, cause: input) }
    }

    func interval(to destination: TopicPartition) -> Int64 { intervals[destination.topic] ?? 0 }

    func restore(_ lane: Lane) {
        lanes.append(lane)
        enter(lane.destination, Int16(lanes.count - 1))
    }

    func lane(to destination: TopicPartition) -> Lane {
        if let lane = existingLane(to: destination) { return lane }
        let lane = Lane(destination, interval: interval(to: destination))
        restore(lane)
        return lane
    }

    private func existingLane(to destination: TopicPartition) -> Lane? {
        let row = Int(destination.topic.rawValue)
        let column = Int(destination.partition)
        guard column < table[row].count, table[row][column] >= 0 else { return nil }
        return lanes[Int(table[row][column])]
    }

    private func enter(_ destination: TopicPartition, _ index: Int16) {
        let row = Int(destination.topic.rawValue)
        let column = Int(destination.partition)
        while table[row].count <= column { table[row].append(-1) }
        table[row][column] = index
    }
}
