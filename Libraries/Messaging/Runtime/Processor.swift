import Glibc
import Records
import TradingCore

/// How one processor runs. Times are monotonic milliseconds.
public struct ProcessorConfiguration: Sendable, Equatable {
    public var kind: WriterKind
    public var inbox: TopicPartition
    /// How often the owner appends a tick; at least once a second, 0 turns it off.
    public var tickMilliseconds: Int64 = 500
    public var checkpointMilliseconds: Int64 = 1_000
    /// A checkpoint is begun earlier when so many records were applied.
    public var checkpointRecords = 200_000
    /// The inbox waits when more records than this are in no saved checkpoint.
    public var maximumUnsavedRecords = 2_000_000
    /// The inbox waits while more bytes than this wait for acknowledgements.
    public var maximumPendingBytes = 8 << 20
    /// How often the log is compared with what was seen of it.
    public var inspectionMilliseconds: Int64 = 5_000
    /// How soon after a disturbance, and after a look that failed.
    public var inspectionRetryMilliseconds: Int64 = 250

    /// The least milliseconds between two frames of a topic for whose records nobody waits; 0 where it is not named. A record
    /// emitted as urgent goes at once, with what gathered before it.
    public var frameMilliseconds: [Topic: Int64] = [:]

    public init(kind: WriterKind, inbox: TopicPartition) {
        self.kind = kind
        self.inbox = inbox
    }

    public var writer: Writer { Writer(kind, Int(inbox.partition)) }

    /// The most fences that wait to be passed; later ones are left out.
    static let maximumFences = 1_024
    static let tickType: UInt32 = 16
    static let raiseLogicVersionType: UInt32 = 14
    static let quarantinedType: UInt32 = 1
    /// The most bytes of an unreadable record that are set aside.
    static let quarantinedBytes = 128 << 10
    static let quarantine = TopicPartition(.quarantine, UInt16(0))
}

/// A state machine fed by one inbox partition: applies every record once and in order, writes its outputs, checkpoints
/// what the broker has acknowledged, and stops rather than guess. Driven by a `ProcessorHost`.
public final class Processor<Machine: StateMachine, Source: Log> {
    public enum Phase: Sendable, Equatable {
        case loading
        /// The log is compared with the checkpoint.
        case verifying
        case running
        /// A broken invariant; `failure` says which.
        case stopped
        /// Everything is acknowledged and saved, as `drain` asked.
        case drained
    }

    public typealias MakeMachine = (_ state: [UInt8]?) throws(StateError) -> Machine

    public let configuration: ProcessorConfiguration
    public internal(set) var phase = Phase.loading
    public internal(set) var failure: InvariantError?
    public internal(set) var machine: Machine?
    public internal(set) var metrics = ProcessorMetrics()
    /// Gets the nanoseconds and the records of each applied frame.
    public var observeFrame: ((_ nanoseconds: UInt64, _ records: Int) -> Void)?
    /// Gets every numbered record that was applied; nil where nobody looks.
    public var observeRecord: ((_ header: EnvelopeHeader, _ offset: Int64, _ index: Int) -> Void)?
    /// Gets a line when something happened that an operator should know: holes, closed epochs, returns, mismatches. What
    /// happened at a record comes with that record's trace.
    public var report: (_ line: String, _ trace: TraceContext?) -> Void = { _, _ in }

    let log: Source
    let sink: any CheckpointSink
    let makeMachine: MakeMachine
    let owner: UInt16
    var incarnation: UInt16 = 0
    @exclusivity(unchecked) var outputs: Outputs
    var now: Int64 = 0

    // The runtime's part of the state.
    @exclusivity(unchecked) var sequences = SequenceTable()
    var next: Int64 = 0
    var last: RecordMark?
    @exclusivity(unchecked) var clock: Int64 = 0
    var clusterID: String?

    // Checkpoints.
    var candidate: Checkpoint?
    var isSaving = false
    var lastCheckpoint: Int64 = 0
    var recordsSinceCapture = 0
    var unsavedRecords = 0
    var heldBack: [(destination: TopicPartition, number: UInt64)] = []
    var refusal: (destination: TopicPartition, numbers: ClosedRange<UInt64>)?
    var isDraining = false

    /// A frame of this processor's own in its inbox, a tick mostly, and what was acknowledged of each lane when it left.
    struct Fence {
        var offset: Int64
        var acknowledged: [Int64]
    }

    /// Fences that the inbox has not passed.
    var fences: [Fence] = []
    /// What was acknowledged of each lane when the frame in flight to the own inbox left.
    var departed: [Int64]?

    // Comparing the log.
    var expectation: LogExpectation?
    var disturbedLog = DisturbedLog()
    var inspectionToken: UInt64 = 0
    var nextInspection: Int64 = 0
    var lastInterruption: Int64 = 0
    /// Disturbances so far, and how many had been when the log was last found whole.
    var disturbances: UInt64 = 0
    var inspectedDisturbances: UInt64 = 0
    var verifiedDisturbances: UInt64 = 0
    var isDisturbed: Bool { disturbances != verifiedDisturbances }
    var nextTick: Int64 = 0

    /// - Parameters:
    ///   - owner: this processor's number in its host; it comes back in the log's tokens.
    ///   - makeMachine: a new state machine, from a checkpoint's state or from nothing.
    public init(
        _ configuration: ProcessorConfiguration, log: Source, sink: any CheckpointSink, owner: Int = 0,
        makeMachine: @escaping MakeMachine
    ) {
        self.configuration = configuration
        self.log = log
        self.sink = sink
        self.owner = UInt16(owner)
        self.makeMachine = makeMachine
        outputs = Outputs(writer: configuration.writer, intervals: configuration.frameMilliseconds)
        sink.load()
    }

    /// Whether the inbox was read to the end that it had when last looked at.
    public var isCaughtUp: Bool { phase == .running && next >= metrics.end }

    /// Frames that may be taken now: none while too much waits for acknowledgements or for checkpoints.
    var mayTakeFrames: Bool {
        var pending = 0
        for lane in outputs.lanes { pending += lane.pendingBytes }
        return phase == .running && !isDraining && pending <= configuration.maximumPendingBytes
            && unsavedRecords <= configuration.maximumUnsavedRecords
    }

    /// Everything but the records: checkpoints, ticks, comparing the log, sending what is ready.
    public func turn(now: Int64) {
        self.now = now
        while let outcome = sink.takeOutcome() { take(outcome) }
        switch phase {
        case .loading, .stopped, .drained: return
        case .verifying:
            flush()
            inspectIfDue()
        case .running:
            if configuration.tickMilliseconds > 0, now >= nextTick, !isDraining { tick() }
            flush()
            advanceCheckpoint()
            inspectIfDue()
        }
    }

    /// Applies nothing more, waits for acknowledgements, saves a last checkpoint.
    public func drain() {
        guard phase == .running else {
            if phase != .stopped { phase = .drained }
            return
        }
        isDraining = true
        log.stop(configuration.inbox)
    }

    /// Appends a fact that may be repeated to the own inbox: a reference price.
    public func appendFact(_ type: UInt32, _ encode: (inout RecordWriter) -> Void) {
        guard phase == .running, !isDraining else { return }
        outputs.begin(EnvelopeHeader(), origin: .none)
        outputs.emitFact(type, to: configuration.inbox, encode)
    }

    private func tick() {
        nextTick = now + configuration.tickMilliseconds
        let lane = outputs.lane(to: configuration.inbox)
        guard lane.inFlight == nil, !lane.hasPending else { return }
        appendFact(ProcessorConfiguration.tickType) { _ in }
    }

    /// Sends what is ready: what leads to clients' answers first, for a broker's connection has one request under way.
    func flush() {
        for index in outputs.lanes.indices where outputs.lanes[index].leadsToAnswers { flushLane(index) }
        for index in outputs.lanes.indices where !outputs.lanes[index].leadsToAnswers { flushLane(index) }
    }

    private func flushLane(_ index: Int) {
        let lane = outputs.lanes[index]
        guard lane.flush(to: log, token: token(UInt32(index)), now: now, isForced: isDraining) else { return }
        metrics.framesOut += 1
        if lane.destination == configuration.inbox { departed = outputs.lanes.map { $0.acknowledged?.offset ?? -1 } }
    }

    /// When `turn` is due though nothing arrives, because a frame waits for its interval; nil when none does.
    public var nextFrame: Int64? {
        guard phase == .running || phase == .verifying else { return nil }
        var earliest: Int64?
        for lane in outputs.lanes {
            if let due = lane.due { earliest = min(earliest ?? .max, due) }
        }
        return earliest
    }

    /// Owner, incarnation and lane or inquiry in one number, so that what belongs to an earlier incarnation is known.
    func token(_ value: UInt32) -> UInt64 {
        UInt64(owner) << 48 | UInt64(incarnation) << 32 | UInt64(value)
    }

    func isCurrent(_ token: UInt64) -> Bool { UInt16(truncatingIfNeeded: token >> 32) == incarnation }

    // MARK: Outcomes of frames

    func acknowledged(_ token: UInt64, offset: Int64) {
        guard isCurrent(token), phase != .stopped else { return }
        let index = Int(UInt32(truncatingIfNeeded: token))
        let lane = outputs.lanes[index]
        if let before = lane.acknowledged, offset <= before.offset {
            stop(
                InvariantError(
                    .logMismatch, lane.destination, offset: before.offset,
                    "number \(before.number) was acknowledged here, what was written after it at offset \(offset)"))
            return
        }
        lane.acknowledge(offset: offset)
        if lane.destination == configuration.inbox { raiseFence(at: offset) }
        flushLane(index)
    }

    func refused(_ token: UInt64, _ reason: LogRefusal) {
        guard isCurrent(token), phase != .stopped else { return }
        let lane = outputs.lanes[Int(UInt32(truncatingIfNeeded: token))]
        guard let numbers = lane.refuse() else { return }
        report("records \(numbers) for \(lane.destination) were refused: \(reason)", nil)
        if let refusal, refusal.destination == lane.destination, refusal.numbers.overlaps(numbers) {
            stop(
                InvariantError(
                    .refusedTwice, configuration.inbox, offset: next,
                    "records \(numbers) for \(lane.destination) were refused twice: \(reason)"))
            return
        }
        refusal = (lane.destination, numbers)
        returnToCheckpoint()
    }

    // MARK: Stopping and going back

    func stop(_ error: InvariantError) {
        guard phase != .stopped else { return }
        phase = .stopped
        failure = error
        log.stop(configuration.inbox)
        report("stopped: \(error)", error.trace)
    }

    /// Loads the checkpoint again and replays from it, which writes the missing records again (rule 3).
    func returnToCheckpoint() {
        metrics.returns += 1
        for lane in outputs.lanes where lane.written.number > 0 {
            heldBack.removeAll { $0.destination == lane.destination && $0.number <= lane.written.number }
            heldBack.append((lane.destination, lane.written.number))
        }
        log.stop(configuration.inbox)
        incarnation &+= 1
        candidate = nil
        isSaving = false
        // What was read and written must stand in the log though it is done again (rule 8).
        disturbedLog.note(presentExpectation)
        disturbances &+= 1
        expectation = nil
        phase = .loading
        sink.load()
    }
}
