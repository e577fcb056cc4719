import Records
import TradingCore

/// What must be true of the log for a reader or writer to go on (rule 8): the log is never less durable than what was made
/// of it.
struct LogExpectation: Sendable, Equatable {
    struct Source: Sendable, Equatable {
        var partition: TopicPartition
        /// The next offset to read.
        var next: Int64
        /// The frame before it.
        var last: RecordMark?
        /// Whether the log forgets records that later ones replace: then it may begin anywhere.
        var isCompacted = false
        /// Whether it was true at an earlier moment: what came after it has been read since, and retention may take it.
        var isEarlier = false

        func isSame(as other: Source) -> Bool {
            partition == other.partition && next == other.next && last == other.last
        }
    }

    /// The last record that was acknowledged at a destination.
    struct Written: Sendable, Equatable {
        var destination: TopicPartition
        var offset: Int64
        var writer: Writer
        var epoch: UInt64
        var number: UInt64
        var hash: UInt64
    }

    /// nil before the first look at the log.
    var clusterID: String?
    var sources: [Source] = []
    var written: [Written] = []

    /// Takes in what was true before: what was read or written since may stand where something was lost.
    mutating func add(_ earlier: LogExpectation) {
        for var source in earlier.sources where !sources.contains(where: { $0.isSame(as: source) }) {
            source.isEarlier = true
            sources.append(source)
        }
        written += earlier.written.filter { !written.contains($0) }
    }

    var requests: [InspectionRequest] {
        sources.map { InspectionRequest($0.partition, offset: $0.last?.offset) }
            + written.map { InspectionRequest($0.destination, offset: $0.offset) }
    }

    /// Compares with an answer to `requests`.
    ///
    /// - Returns: the first mismatch, both positions named; nil when everything stands where it was.
    func mismatch(in inspection: LogInspection) -> InvariantError? {
        if let clusterID, clusterID != inspection.clusterID, let position = anyPosition {
            return InvariantError(
                .logMismatch, position.0, offset: position.1,
                "the cluster is \(inspection.clusterID), the position was taken in \(clusterID)")
        }
        for (source, entry) in zip(sources, inspection.entries) {
            if let problem = problem(of: source, entry) {
                return InvariantError(.logMismatch, source.partition, offset: source.next, problem)
            }
        }
        for (mark, entry) in zip(written, inspection.entries.dropFirst(sources.count)) {
            if let problem = problem(of: mark, entry) {
                return InvariantError(.logMismatch, mark.destination, offset: mark.offset, problem)
            }
        }
        return nil
    }

    private var anyPosition: (TopicPartition, Int64)? {
        sources.first.map { ($0.partition, $0.next) } ?? written.first.map { ($0.destination, $0.offset) }
    }

    private func problem(of source: Source, _ entry: LogInspection.Entry) -> String? {
        if source.next < entry.start, !source.isCompacted, !source.isEarlier {
            return "the next offset is \(source.next), but the log begins at \(entry.start): retention has passed it"
        }
        if source.next > entry.end {
            return "the next offset is \(source.next), but the log ends at \(entry.end): it has lost its tail"
        }
        guard let last = source.last, last.offset >= entry.start else { return nil }
        guard let frame = entry.frame else { return "the log has no record at offset \(last.offset)" }
        let found = RecordMark(of: frame.bytes.span.bytes, offset: frame.offset, stamp: frame.stamp)
        guard found != last else { return nil }
        return "before it stood \(last.identity), the log has \(found.identity)"
    }

    private func problem(of mark: Written, _ entry: LogInspection.Entry) -> String? {
        guard mark.offset >= entry.start else { return nil }
        let name = "\(mark.writer) number \(mark.number)"
        if mark.offset >= entry.end {
            return "\(name) was acknowledged at offset \(mark.offset), but the log ends at \(entry.end)"
        }
        guard let frame = entry.frame else { return "the log has no record at offset \(mark.offset)" }
        return isThere(mark, frame.bytes.span.bytes)
            ? nil : "\(name) was acknowledged at offset \(mark.offset) and is not there"
    }

    private func isThere(_ mark: Written, _ frame: RawSpan) -> Bool {
        var reader = FrameReader()
        while let item = reader.next(in: frame) {
            guard case .record(let record) = item else { continue }
            let header = record.header
            if header.writer == mark.writer, header.epoch == mark.epoch, header.number == mark.number {
                return header.hash == mark.hash
            }
        }
        return false
    }
}

/// What was true of the log at each disturbance since it was last found whole.
///
/// Each counts, not only the first: a tail that was lost at a later one, and read over since, shows in nothing else.
struct DisturbedLog: Sendable {
    /// The most moments that are kept. Whoever has as many reads no further until the log was compared.
    static let maximumMoments = 16

    private(set) var expectation: LogExpectation?
    private var moments = 0

    var isFull: Bool { moments >= DisturbedLog.maximumMoments }

    /// Keeps what is true at this moment.
    mutating func note(_ present: LogExpectation) {
        guard var kept = expectation else {
            expectation = present
            moments = 1
            return
        }
        kept.add(present)
        guard kept != expectation else { return }
        expectation = kept
        moments += 1
    }

    /// The log was found whole.
    mutating func clear() { self = DisturbedLog() }
}
