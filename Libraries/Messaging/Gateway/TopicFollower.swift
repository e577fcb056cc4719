import Records
import TradingCore

/// From where a partition is followed: an offset with the last numbers before it, stored together (rule 2).
public struct FollowerPosition: Sendable, Equatable {
    public var partition: TopicPartition
    /// The next offset to read.
    public var next: Int64
    /// The frame before it; nil at the log's beginning, and in a compacted topic, where it may be gone.
    public var last: RecordMark?
    public var sequences: SequenceTable
    /// Whether only what is new counts: a writer's numbers rise, but what stood before the first one is not known.
    private(set) var isOfNews = false

    /// The log's beginning.
    public init(beginningOf partition: TopicPartition) {
        self.init(partition: partition, next: 0, last: nil, sequences: SequenceTable())
    }

    public init(partition: TopicPartition, next: Int64, last: RecordMark?, sequences: SequenceTable) {
        self.partition = partition
        self.next = next
        self.last = last
        self.sequences = sequences
    }

    /// In front of everything that a processor, or another replica of it, wrote after its checkpoint's state was captured:
    /// the next record delivered is the first one that this state does not know. What is read again before it is dropped by
    /// its number.
    public init(behind mark: WrittenMark, of writer: Writer) {
        let entry = SequenceTable.Entry(writer: writer, number: mark.number, hash: mark.hash)
        self.init(
            partition: mark.destination, next: mark.coveredOffset + 1, last: nil, sequences: SequenceTable([entry]))
    }

    /// Wherever the partition ends when it is first looked at: for a view of the newest, which keeps nothing that must be
    /// whole.
    public init(endOf partition: TopicPartition) {
        self.init(beginningOf: partition)
        next = FollowerPosition.atEnd
        isOfNews = true
    }

    /// The next offset of a position at an end that was not looked at yet.
    private static let atEnd: Int64 = -1

    var isAtEnd: Bool { next == FollowerPosition.atEnd }

    var isCompacted: Bool { partition.topic == .referenceData }

    mutating func judge(_ header: EnvelopeHeader, _ payload: RawSpan) -> SequenceTable.Verdict {
        guard isOfNews else { return sequences.judge(header, payload) }
        let known = sequences[header.writer]
        return (header.epoch, header.number) > (known.epoch, known.number) ? .next : .copy
    }
}

/// A record that is followed, with its place.
public struct FollowedRecord: Sendable {
    public var source: TopicPartition
    public var offset: Int64
    public var index: Int
    /// The frame's append time, milliseconds.
    public var stamp: Int64
    public var header: EnvelopeHeader
}

/// Reads partitions for a view: every record once and in order, the log compared with what was seen of it, and queries
/// that wait until the view has passed an end.
public final class TopicFollower<Source: Log> {
    public typealias Deliver = (_ record: FollowedRecord, _ payload: RawSpan) throws(RecordFailure) -> Void

    /// The most queries that wait at once.
    public static var maximumWaits: Int { 10_000 }

    /// How often the log is compared with what was seen of it, and how soon after a disturbance; microseconds.
    public var inspectionMicroseconds: Int64 = 5_000_000
    public var retryMicroseconds: Int64 = 250_000
    public private(set) var failure: InvariantError?
    public private(set) var duplicates: UInt64 = 0
    public private(set) var holes: UInt64 = 0
    public private(set) var recordsIn: UInt64 = 0
    /// Gets a line when something happened that an operator should know, with the trace of the record at which it did.
    public var report: (_ line: String, _ trace: TraceContext?) -> Void = { _, _ in }

    private enum Inquiry {
        case comparison(LogExpectation)
        case ends
    }

    struct Wait {
        var partitions: [TopicPartition]
        var deadline: Int64
        var body: (Bool) -> Void
        var ends: [Int64] = []
    }

    private struct Followed {
        var position: FollowerPosition
        var isReading = false
        var end: Int64 = 0
    }

    private let log: Source
    private let owner: UInt16
    private let deliver: Deliver
    private var followed: [Followed]
    private var clusterID: String?
    private var inquiries: [UInt64: Inquiry] = [:]
    private var nextToken: UInt64 = 0
    private var nextComparison: Int64 = 0
    private var isComparing = false
    private var disturbedLog = DisturbedLog()
    private var disturbances: UInt64 = 0
    private var comparedDisturbances: UInt64 = 0
    private var isAskingForEnds = false
    private var waitingForEnds: [Wait] = []
    private var askedForEnds: [Wait] = []
    private var waits: [Wait] = []
    private var now: Int64 = 0

    /// - Parameters:
    ///   - clusterID: of the cluster in which the positions were stored; nil when they are all beginnings.
    ///   - owner: comes back in the log's tokens; the session's number for this follower.
    ///   - deliver: applies a record to the view; what it throws stops the follower.
    public init(
        _ positions: [FollowerPosition], clusterID: String? = nil, log: Source, owner: UInt16 = 1,
        deliver: @escaping Deliver
    ) {
        self.log = log
        self.owner = owner
        self.clusterID = clusterID
        self.deliver = deliver
        followed = positions.map { Followed(position: $0) }
    }

    /// Where each partition stands: what to store with what was made of it.
    public var positions: [FollowerPosition] { followed.map { $0.position } }

    /// Where a partition stands; nil when it is not followed.
    public func position(of partition: TopicPartition) -> FollowerPosition? {
        index(of: partition).map { followed[$0].position }
    }

    /// The cluster's id, once it was looked at.
    public var cluster: String? { clusterID }

    /// Whether every partition was read to the end that it had when last looked at.
    public var isCaughtUp: Bool { followed.allSatisfy { $0.isReading && $0.position.next >= $0.end } }

    /// Frames of a topic that were not read when its ends were last looked at and are not yet.
    public func lag(of topic: Topic) -> Int64 {
        followed.reduce(0) { sum, one in
            one.position.partition.topic == topic ? sum + max(0, one.end - one.position.next) : sum
        }
    }

    public func turn(now: Int64) {
        self.now = now
        guard failure == nil else { return }
        if !isComparing, now >= nextComparison { compare() }
        if !isAskingForEnds, !waitingForEnds.isEmpty { askForEnds() }
        if !waits.isEmpty || !askedForEnds.isEmpty || !waitingForEnds.isEmpty { expireWaits() }
    }

    // MARK: Records

    func index(of source: TopicPartition) -> Int? { followed.firstIndex { $0.position.partition == source } }

    public func received(_ source: TopicPartition, offset: Int64, stamp: Int64, frame: RawSpan) {
        guard failure == nil, let index = index(of: source), followed[index].isReading else { return }
        let next = followed[index].position.next
        guard offset >= next else { return }
        guard offset == next || followed[index].position.isCompacted else {
            fail(InvariantError(.logMismatch, source, offset: next, "offset \(next) was to come, \(offset) came"))
            return
        }
        var reader = FrameReader()
        while failure == nil, let item = reader.next(in: frame) {
            guard case .record(let record) = item else {
                report("\(source) offset \(offset) record \(reader.index) has no readable envelope", nil)
                continue
            }
            let context = FollowedRecord(
                source: source, offset: offset, index: reader.index, stamp: stamp, header: record.header)
            take(context, frame.extracting(record.payload), index)
        }
        guard failure == nil else { return }
        followed[index].position.next = offset + 1
        if !followed[index].position.isCompacted {
            followed[index].position.last = RecordMark(of: frame, offset: offset, stamp: stamp)
        }
        finishWaits()
    }

    private func take(_ context: FollowedRecord, _ payload: RawSpan, _ index: Int) {
        let header = context.header
        if header.number != 0 {
            switch followed[index].position.judge(header, payload) {
            case .next: followed[index].position.sequences.accept(header)
            case .copy, .stale:
                duplicates += 1
                return
            case .hole:
                holes += 1
                report(
                    "\(context.source): \(header.writer) number \(header.number) came and one before it is missing",
                    header.traceContext)
                missed()
                return
            case .diverged:
                fail(
                    InvariantError(
                        .diverged, context.source, offset: context.offset, index: context.index,
                        "\(header.writer) number \(header.number) has a hash that does not follow"
                    ).at(header.traceContext))
                return
            }
        }
        recordsIn += 1
        do throws(RecordFailure) { try deliver(context, payload) } catch {
            let (kind, reason): (InvariantError.Kind, String) =
                switch error {
                case .unreadable(let reason), .poison(let reason): (.unreadableRecord, reason)
                case .broken(let reason): (.brokenInvariant, reason)
                }
            fail(
                InvariantError(kind, context.source, offset: context.offset, index: context.index, reason)
                    .at(header.traceContext))
        }
    }

    private func fail(_ error: InvariantError) {
        failure = error
        for followed in followed { log.stop(followed.position.partition) }
        report("stopped: \(error)", error.trace)
        let given = waits + askedForEnds + waitingForEnds
        waits = []
        askedForEnds = []
        waitingForEnds = []
        for wait in given { wait.body(false) }
    }

    public func interrupted(_ source: TopicPartition, _ reason: LogInterruption) {
        guard failure == nil, let index = index(of: source) else { return }
        report("\(source) was interrupted: \(reason)", nil)
        log.stop(source)
        followed[index].isReading = false
        nextComparison = now
    }

    // MARK: Comparing the log (rule 8)

    public func disturbed(_ reason: String) {
        guard failure == nil else { return }
        disturbedLog.note(presentExpectation)
        if disturbedLog.isFull {
            for index in followed.indices where followed[index].isReading {
                log.stop(followed[index].position.partition)
                followed[index].isReading = false
            }
        }
        lookSoon()
    }

    /// A record is missing: something was lost before, and where is not known.
    private func missed() {
        if disturbedLog.expectation == nil { disturbedLog.note(presentExpectation) }
        lookSoon()
    }

    private func lookSoon() {
        disturbances &+= 1
        nextComparison = min(nextComparison, now + retryMicroseconds)
    }

    private var presentExpectation: LogExpectation {
        var wanted = LogExpectation(clusterID: clusterID)
        wanted.sources = followed.map {
            LogExpectation.Source(
                partition: $0.position.partition, next: $0.position.next, last: $0.position.last,
                isCompacted: $0.position.isCompacted || $0.position.isAtEnd)
        }
        return wanted
    }

    private func compare() {
        var wanted = presentExpectation
        if let earlier = disturbedLog.expectation { wanted.add(earlier) }
        comparedDisturbances = disturbances
        isComparing = true
        nextComparison = now + inspectionMicroseconds
        log.inspect(wanted.requests, token: token(for: .comparison(wanted)))
    }

    private func token(for inquiry: Inquiry) -> UInt64 {
        nextToken += 1
        let token = UInt64(owner) << 48 | nextToken
        inquiries[token] = inquiry
        return token
    }

    public func inspected(_ token: UInt64, _ outcome: Result<LogInspection, LogUnavailable>) {
        guard let inquiry = inquiries.removeValue(forKey: token), failure == nil else { return }
        switch inquiry {
        case .comparison(let wanted): compared(wanted, outcome)
        case .ends: tookEnds(outcome)
        }
    }

    private func compared(_ wanted: LogExpectation, _ outcome: Result<LogInspection, LogUnavailable>) {
        isComparing = false
        switch outcome {
        case .failure(let error):
            report("the log could not be looked at: \(error)", nil)
            nextComparison = now + retryMicroseconds
        case .success(let inspection):
            if let mismatch = wanted.mismatch(in: inspection) { return fail(mismatch) }
            clusterID = inspection.clusterID
            if comparedDisturbances == disturbances { disturbedLog.clear() }
            for (index, entry) in inspection.entries.prefix(followed.count).enumerated() {
                followed[index].end = entry.end
                guard !followed[index].isReading else { continue }
                if followed[index].position.isAtEnd { followed[index].position.next = entry.end }
                followed[index].isReading = true
                log.start(entry.partition, at: followed[index].position.next)
            }
        }
    }

    // MARK: Queries that wait

    /// Calls `body` with true once everything that the partitions hold now has been delivered, and with false when
    /// `deadline` (monotonic microseconds) comes first or too many wait.
    public func whenCurrent(_ partitions: [TopicPartition], deadline: Int64, _ body: @escaping (Bool) -> Void) {
        guard failure == nil, waits.count + waitingForEnds.count < TopicFollower.maximumWaits else {
            return body(false)
        }
        waitingForEnds.append(Wait(partitions: partitions, deadline: deadline, body: body))
    }

    /// Whether every partition has been delivered up to its end.
    public func hasPassed(_ ends: [TopicPartition: Int64]) -> Bool {
        ends.allSatisfy { partition, end in
            index(of: partition).map { followed[$0].position.next >= end } ?? false
        }
    }

    /// Queries that came while one was under way share the next one: their ends must be taken after they came.
    private func askForEnds() {
        isAskingForEnds = true
        askedForEnds = waitingForEnds
        waitingForEnds = []
        let partitions = Set(askedForEnds.flatMap(\.partitions)).sorted()
        log.inspect(partitions.map { InspectionRequest($0) }, token: token(for: .ends))
    }

    private func tookEnds(_ outcome: Result<LogInspection, LogUnavailable>) {
        isAskingForEnds = false
        let asked = askedForEnds
        askedForEnds = []
        switch outcome {
        case .failure: waitingForEnds = asked + waitingForEnds
        case .success(let inspection):
            for var wait in asked {
                wait.ends = wait.partitions.map { inspection.entry(of: $0)?.end ?? 0 }
                waits.append(wait)
            }
            finishWaits()
        }
        expireWaits()
    }

    private func finishWaits() {
        guard !waits.isEmpty else { return }
        var finished: [Wait] = []
        waits.removeAll { wait in
            let isDone = zip(wait.partitions, wait.ends).allSatisfy { partition, end in
                index(of: partition).map { followed[$0].position.next >= end } ?? false
            }
            if isDone { finished.append(wait) }
            return isDone
        }
        for wait in finished { wait.body(true) }
    }

    private func expireWaits() {
        let late = (waits + askedForEnds + waitingForEnds).filter { now >= $0.deadline }
        guard !late.isEmpty else { return }
        waits.removeAll { now >= $0.deadline }
        askedForEnds.removeAll { now >= $0.deadline }
        waitingForEnds.removeAll { now >= $0.deadline }
        for wait in late { wait.body(false) }
    }
}
