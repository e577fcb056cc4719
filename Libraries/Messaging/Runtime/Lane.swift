import Records
import TradingCore

/// What one writer has ready for one partition: numbers it, frames it, keeps one frame in flight (rules 1 and 3).
///
/// What becomes ready meanwhile gathers in one frame, so nothing waits for a frame to fill and the batch grows with the load.
/// Where nobody waits for what a lane writes, it also leaves some time between two frames: each costs the broker and every
/// reader the same, however little it holds.
///
/// A lane is its owner's alone and calls nobody back while it is at work, so its hot members go without the run-time checks
/// of exclusive access; with those of `Outputs` and `Processor` they were a third of the runtime's instructions.
final class Lane {
    /// A written record: its number and the running hash with it.
    struct Mark: Sendable, Equatable {
        var number: UInt64 = 0
        var hash: UInt64 = 0
    }

    /// An acknowledged frame: where it stands and its last numbered record.
    struct Acknowledged: Sendable, Equatable {
        var offset: Int64
        var number: UInt64
        var hash: UInt64
    }

    /// A full frame, or a keyed record, which is a frame by itself.
    private struct Sealed {
        var bytes: [UInt8]
        var last: Mark
        var key: [UInt8]?
    }

    let destination: TopicPartition
    /// Whether an order's way to its answer leads through it from where there is a choice: a ledger writes balances too, an
    /// engine settlements.
    let leadsToAnswers: Bool
    /// The least time between two frames of which nothing is urgent, milliseconds; 0: none.
    private let interval: Int64
    /// When the last frame was sent, monotonic milliseconds.
    private var lastFrame = Int64.min
    /// Whether somebody waits for a record that is ready.
    @exclusivity(unchecked) private var isUrgent = false
    /// The last numbered record that was appended.
    @exclusivity(unchecked) private(set) var written: Mark
    /// The last acknowledged frame that had a numbered record.
    private(set) var acknowledged: Acknowledged?
    /// See `WrittenMark.coveredOffset`.
    private(set) var coveredOffset: Int64
    /// What had been sent before the frame in flight and with it; nil when none is.
    private(set) var inFlight: (before: Mark, last: Mark)?
    /// Everything up to this number is in the log.
    private(set) var settledNumber: UInt64
    private var lastSent: Mark
    @exclusivity(unchecked) private var current = FrameWriter()
    private var sealed: [Sealed] = []
    private var sealedBytes = 0

    init(
        _ destination: TopicPartition, written: Mark = Mark(), acknowledged: Acknowledged? = nil,
        coveredOffset: Int64 = -1, interval: Int64 = 0
    ) {
        self.destination = destination
        self.interval = interval
        leadsToAnswers = destination.topic == .matching || destination.topic == .executions
        self.written = written
        self.acknowledged = acknowledged
        self.coveredOffset = coveredOffset
        lastSent = written
        settledNumber = written.number
    }

    var pendingBytes: Int { current.count + sealedBytes }
    var hasPending: Bool { !current.isEmpty || !sealed.isEmpty }
    var isIdle: Bool { inFlight == nil && !hasPending }

    /// Appends a numbered record: fills in its number and hash.
    ///
    /// - Returns: false when the record is larger than a frame may be; nothing is appended then.
    func append(_ header: EnvelopeHeader, _ payload: RawSpan, key: [UInt8]? = nil) -> Bool {
        if key != nil { seal(key: nil) }
        var numbered = header
        numbered.number = written.number + 1
        numbered.hash = XXH64.hash(payload, seed: written.hash)
        guard store(numbered, payload) else { return false }
        written = Mark(number: numbered.number, hash: numbered.hash)
        if key != nil { seal(key: key) }
        return true
    }

    /// Appends a fact that may be repeated; it carries no number.
    func appendFact(_ header: EnvelopeHeader, _ payload: RawSpan, key: [UInt8]? = nil) -> Bool {
        if key != nil { seal(key: nil) }
        guard store(header, payload) else { return false }
        if key != nil { seal(key: key) }
        return true
    }

    private func store(_ header: EnvelopeHeader, _ payload: RawSpan) -> Bool {
        if current.append(header, payload: payload) { return true }
        seal(key: nil)
        return current.append(header, payload: payload)
    }

    private func seal(key: [UInt8]?) {
        guard !current.isEmpty else { return }
        sealed.append(Sealed(bytes: current.array, last: written, key: key))
        sealedBytes += current.count
        current.clear()
    }

    /// What is ready goes as soon as no frame is in flight.
    func hurry() { isUrgent = true }

    /// When what is ready may go, monotonic milliseconds: in the past when it may at once; nil when nothing is, or when an
    /// acknowledgement comes first.
    var due: Int64? {
        guard inFlight == nil, hasPending else { return nil }
        return interval == 0 || isUrgent || !sealed.isEmpty || lastFrame == .min ? .min : lastFrame + interval
    }

    /// Sends what is ready and due as one frame, unless one is in flight.
    ///
    /// - Parameters:
    ///   - now: in the interval's unit.
    ///   - isForced: what is not due yet goes too.
    /// - Returns: whether a frame was sent.
    @discardableResult
    func flush<Destination: Log>(to log: Destination, token: UInt64, now: Int64, isForced: Bool = false) -> Bool {
        guard let due, isForced || now >= due else { return false }
        lastFrame = now
        if sealed.isEmpty {
            isUrgent = false
            depart(written)
            current.withBytes { log.submit($0, key: nil, to: destination, token: token) }
            current.clear()
        } else {
            let frame = sealed.removeFirst()
            sealedBytes -= frame.bytes.count
            depart(frame.last)
            log.submit(frame.bytes.span.bytes, key: frame.key, to: destination, token: token)
        }
        return true
    }

    private func depart(_ last: Mark) {
        inFlight = (lastSent, last)
        lastSent = last
    }

    /// The frame in flight is in the log.
    func acknowledge(offset: Int64) {
        guard let (before, last) = inFlight else { return }
        inFlight = nil
        settledNumber = last.number
        if last.number > before.number {
            acknowledged = Acknowledged(offset: offset, number: last.number, hash: last.hash)
        }
    }

    /// Whatever is written after `written` stands behind `offset`.
    func cover(_ offset: Int64) { coveredOffset = max(coveredOffset, offset) }

    /// The frame in flight was not taken.
    ///
    /// - Returns: the numbers it held, or nil when it held facts only, which may be lost.
    func refuse() -> ClosedRange<UInt64>? {
        guard let (before, last) = inFlight else { return nil }
        inFlight = nil
        return last.number > before.number ? before.number + 1...last.number : nil
    }
}
