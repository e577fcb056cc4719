import Messaging
import Network
import Records
import Storage
import Synchronization
import TradingCore

/// The floor: the same number of bare consume-produce hops over the same broker, framed and held back the same way, with no work in them.
///
/// A request goes orders → ledger → matching → executions, as an order does, through three relays and back to whoever wrote it.
enum Floor {
    /// As the gateway leaves between two frames of a partition.
    static let frameNanoseconds: UInt64 = 2_000_000
    /// About an order's bytes.
    static let payloadBytes = 150
    private static let patienceNanoseconds: UInt64 = 15_000_000_000
    private static let settleMilliseconds: Int32 = 2_000

    static func measure(servers: String, prefix: String, schedule: Schedule) throws -> Report {
        let settings = KafkaSettings(bootstrapServers: servers, clientID: "bench-floor")
        let catalogue = TopicCatalogue(prefix: prefix)
        _ = try catalogue.create(with: KafkaAdmin(settings))
        let stop = StopFlag()
        let hops: [(Topic, Topic)] = [(.orders, .ledger), (.ledger, .matching), (.matching, .executions)]
        let ends = try KafkaAdmin(settings).ends(of: catalogue)
        let relays = hops.map { from, to in
            WorkerThread(name: "relay \(to)") {
                do {
                    try Relay.run(settings, catalogue, from: from, at: ends[from] ?? 0, to: to, stop)
                } catch {
                    stop.fail("\(error)")
                }
            }
        }
        defer {
            stop.set()
            for relay in relays { relay.join() }
        }
        let log = try KafkaLog(settings, catalogue: catalogue)
        let source = FloorSource(log, schedule)
        log.start(TopicPartition(.executions, 0), at: ends[.executions] ?? 0)
        log.wake.wait(milliseconds: settleMilliseconds)
        source.begin()
        while !source.isDone(patience: patienceNanoseconds) {
            if let failure = stop.failure { throw UsageError(text: failure) }
            source.turn()
        }
        Report.loadHasEnded()
        let measurement = source.measurement
        let averages = try Hops.measure(
            settings, catalogue, from: ends, since: measurement.countsSince, mean: measurement.mean
        ) { _, _, payload in
            let index = FloorSource.number(in: payload)
            return Hops.Sighting(request: UInt64(index), sentAt: measurement.intendedAt(index))
        }
        return measurement.report(sent: source.sent, hops: averages)
    }
}

/// Ends the relays, or says why one ended by itself.
final class StopFlag: Sendable {
    private let stopped = Atomic(false)
    private let reason = Mutex<String?>(nil)

    func set() { stopped.store(true, ordering: .releasing) }
    func fail(_ text: String) { reason.withLock { $0 = text } }
    var isSet: Bool { stopped.load(ordering: .acquiring) }
    var failure: String? { reason.withLock { $0 } }
}

extension KafkaAdmin {
    /// The next offset of partition 0 of every topic.
    func ends(of catalogue: TopicCatalogue) throws -> [Topic: Int64] {
        let partitions = Topic.allCases.map { Partition(topic: catalogue.name(of: $0), partition: 0) }
        let offsets = try offsets(.latest, of: partitions)
        var ends: [Topic: Int64] = [:]
        for (topic, partition) in zip(Topic.allCases, partitions) { ends[topic] = offsets[partition] ?? 0 }
        return ends
    }
}

/// One destination's frame that waits while another is under way.
struct HeldBackFrame: ~Copyable {
    private var frame = FrameWriter()
    private var isInFlight = false
    private var token: UInt64 = 0

    mutating func append(_ payload: RawSpan) {
        let isTaken = frame.append(EnvelopeHeader(type: 1), payload: payload)
        precondition(isTaken, "more than a frame waits: the floor cannot hold this rate")
    }

    mutating func acknowledge() { isInFlight = false }

    mutating func flush(to destination: TopicPartition, _ log: KafkaLog) {
        guard !isInFlight, !frame.isEmpty else { return }
        token += 1
        isInFlight = true
        let number = token
        frame.withBytes { log.submit($0, key: nil, to: destination, token: number) }
        frame.clear()
    }
}

/// Hands on what comes.
private final class Relay: LogReceiver {
    private let log: KafkaLog
    private let destination: TopicPartition
    private var frame = HeldBackFrame()

    private init(_ log: KafkaLog, _ destination: TopicPartition) {
        self.log = log
        self.destination = destination
    }

    static func run(
        _ settings: KafkaSettings, _ catalogue: TopicCatalogue, from: Topic, at offset: Int64, to: Topic,
        _ stop: StopFlag
    ) throws {
        let log = try KafkaLog(settings, catalogue: catalogue)
        let relay = Relay(log, TopicPartition(to, 0))
        log.start(TopicPartition(from, 0), at: offset)
        while !stop.isSet {
            log.wake.drain()
            while log.poll(relay, limit: 64) { relay.frame.flush(to: relay.destination, log) }
            relay.frame.flush(to: relay.destination, log)
            log.wake.wait(milliseconds: 50)
        }
    }

    func received(_ source: TopicPartition, offset: Int64, stamp: Int64, frame bytes: RawSpan) {
        var reader = FrameReader()
        while let item = reader.next(in: bytes) {
            if case .record(let record) = item { frame.append(bytes.extracting(record.payload)) }
        }
    }

    func acknowledged(_ token: UInt64, offset: Int64) { frame.acknowledge() }
    func refused(_ token: UInt64, _ refusal: LogRefusal) { preconditionFailure("\(refusal)") }
    func interrupted(_ source: TopicPartition, _ reason: LogInterruption) { preconditionFailure("\(reason)") }
    func inspected(_ token: UInt64, _ outcome: Result<LogInspection, LogUnavailable>) {}
    func disturbed(_ reason: String) {}
}

/// Writes requests by the clock and takes them back at the end of the chain.
private final class FloorSource: LogReceiver {
    private let log: KafkaLog
    private let schedule: Schedule
    private(set) var measurement: Measurement
    private var frame = HeldBackFrame()
    private var start: UInt64 = 0
    private(set) var sent = 0
    private var lastSent: UInt64 = 0
    private var nextFrame: UInt64 = 0

    init(_ log: KafkaLog, _ schedule: Schedule) {
        self.log = log
        self.schedule = schedule
        measurement = Measurement(schedule, start: 0)
    }

    static func number(in payload: RawSpan) -> Int {
        let number = payload.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
        return Int(truncatingIfNeeded: UInt64(littleEndian: number))
    }

    func begin() {
        start = MonotonicClock.nanoseconds()
        measurement = Measurement(schedule, start: start)
    }

    func isDone(patience: UInt64) -> Bool {
        guard sent == schedule.count else { return false }
        return measurement.isComplete || MonotonicClock.nanoseconds() > lastSent + patience
    }

    func turn() {
        log.wake.drain()
        let now = MonotonicClock.nanoseconds()
        let due = schedule.due(now - start)
        while sent < due {
            var payload = [UInt8](repeating: 0, count: Floor.payloadBytes)
            withUnsafeBytes(of: UInt64(sent).littleEndian) { payload.replaceSubrange(0..<8, with: $0) }
            frame.append(payload.span.bytes)
            sent += 1
            lastSent = now
        }
        if now >= nextFrame {
            frame.flush(to: TopicPartition(.orders, 0), log)
            nextFrame = now + Floor.frameNanoseconds
        }
        while log.poll(self, limit: 64) {}
        log.wake.wait(milliseconds: 1)
    }

    func received(_ source: TopicPartition, offset: Int64, stamp: Int64, frame bytes: RawSpan) {
        let now = MonotonicClock.nanoseconds()
        var reader = FrameReader()
        while let item = reader.next(in: bytes) {
            guard case .record(let record) = item else { continue }
            measurement.take(FloorSource.number(in: bytes.extracting(record.payload)), now: now)
        }
    }

    func acknowledged(_ token: UInt64, offset: Int64) { frame.acknowledge() }
    func refused(_ token: UInt64, _ refusal: LogRefusal) { preconditionFailure("\(refusal)") }
    func interrupted(_ source: TopicPartition, _ reason: LogInterruption) { preconditionFailure("\(reason)") }
    func inspected(_ token: UInt64, _ outcome: Result<LogInspection, LogUnavailable>) {}
    func disturbed(_ reason: String) {}
}
