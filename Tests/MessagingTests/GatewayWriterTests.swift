import Messaging
import Records
import Testing
import TradingCore

/// The tally's inbox as a topic's union, for the gateway's writer.
enum TallyRecord: RecordUnion {
    case add(Int64)
    case raw([UInt8])

    static let typeNames: [UInt32: String] = [1: "add"]

    init(type: UInt32, payload: RawSpan) throws(RecordError) {
        self = .raw(payload.withUnsafeBytes { Array($0) })
    }

    var type: UInt32 { TallyMachine.Kind.add }
    var payloadSizeBound: Int { 64 }

    func encodePayload(into writer: inout RecordWriter) {
        switch self {
        case .add(let amount): writer.append(TallyMachine.bytes([amount]).span.bytes)
        case .raw(let bytes): writer.append(bytes.span.bytes)
        }
    }
}

/// A registry whose outcomes wait for `settle`: a database that takes its time.
final class SlowSlots: SlotRegistry {
    enum Question: Equatable { case claim, look }

    private let registry: InMemorySlots.Registry
    private(set) var asked: [Question] = []
    private var own: UInt64?
    private var outcomes: [SlotOutcome] = []

    init(_ slots: InMemorySlots) { registry = slots.registry() }

    func claim(slot: Int, above own: UInt64?, milliseconds: UInt64) {
        self.own = own
        asked.append(.claim)
    }

    func look(slot: Int) { asked.append(.look) }
    func takeOutcome() -> SlotOutcome? { outcomes.isEmpty ? nil : outcomes.removeFirst() }

    /// Answers the oldest question; a lost answer says that the database was away.
    func settle(losing: Bool = false) {
        switch asked.removeFirst() {
        case .claim: registry.claim(slot: 0, above: own, milliseconds: 0)
        case .look: registry.look(slot: 0)
        }
        while let outcome = registry.takeOutcome() { outcomes.append(losing ? .unavailable("lost") : outcome) }
    }
}

/// A gateway over a log in memory: what it answered, and how.
final class GatewayBench: GatewayWriterDelegate {
    static let effects = (0..<2).map { TopicPartition(.matching, $0) }

    let cluster: InMemoryCluster
    var session: GatewaySession<InMemoryLog>!
    var now: Int64 = 1_000_000
    var answers: [UInt64: Int64] = [:]
    var unanswered: [UInt64] = []
    var written: [UInt64] = []
    var takenBy: UInt64?
    var seen: [(TopicPartition, UInt64, Int64)] = []

    init(
        _ cluster: InMemoryCluster, slots: InMemorySlots, slot: Int = 0, registry: (any SlotRegistry)? = nil,
        positions: [FollowerPosition]? = nil, clusterID: String? = nil,
        configure: (inout GatewayWriterConfiguration) -> Void = { _ in }
    ) throws {
        self.cluster = cluster
        var configuration = GatewayWriterConfiguration(slot: slot)
        configuration.frameMicroseconds = 0
        configure(&configuration)
        session = GatewaySession(
            log: try InMemoryLog(cluster), writer: configuration, registry: registry ?? slots.registry(),
            wallClock: { cluster.now },
            following: positions ?? GatewayBench.effects.map { FollowerPosition(beginningOf: $0) },
            clusterID: clusterID
        ) { [unowned self] context, payload in
            let value = TallyMachine.words(payload).first ?? 0
            seen.append((context.source, context.header.number, value))
            if let token = session.writer.answered(context.header.origin) { answers[token] = value }
        }
        session.writer.delegate = self
    }

    func unanswered(_ tokens: [UInt64], reason: String) { unanswered += tokens }
    func written(_ token: UInt64) { written.append(token) }
    func slotTaken(epoch: UInt64) { takenBy = epoch }

    func settle(_ microseconds: Int64 = 10) {
        for _ in 0..<6 {
            now += microseconds
            session.turn(now: now)
        }
    }

    @discardableResult
    func add(_ amount: Int64, token: UInt64) -> Shedding? {
        switch session.writer.submit(TallyRecord.add(amount), to: Bench.inbox, token: token) {
        case .success: return nil
        case .failure(let error): return error.reason
        }
    }
}

/// Rules 1 to 3 from the gateway's side.
struct GatewayWriterTests {
    @Test func `A request is answered by the record that names it as its origin`() throws {
        let bench = try Bench()
        let gateway = try GatewayBench(bench.cluster, slots: InMemorySlots())
        #expect(gateway.add(1, token: 100) == .noEpoch)
        gateway.settle()
        #expect(gateway.add(1, token: 101) == nil)
        #expect(gateway.add(2, token: 102) == nil)
        gateway.settle()
        bench.settle()
        gateway.settle()
        #expect(gateway.answers == [101: 1, 102: 3])
        #expect(gateway.session.writer.openRequests == 0)
        #expect(bench.processor.metrics.framesIn == 1, "both went in one frame")
    }

    @Test func `A new epoch is above the old one and the clock`() {
        let slots = InMemorySlots()
        #expect(slots.claim(slot: 0, milliseconds: 1_000) == 1_000)
        #expect(slots.claim(slot: 0, milliseconds: 1_000) == 1_001)
        #expect(slots.claim(slot: 0, milliseconds: 5) == 1_002)
        #expect(slots.claim(slot: 0, milliseconds: 9_000) == 9_000)
        #expect(slots.claim(slot: 1, milliseconds: 7) == 7)
    }

    @Test func `Frames of a partition keep their distance`() throws {
        let bench = try Bench()
        let gateway = try GatewayBench(bench.cluster, slots: InMemorySlots()) { $0.frameMicroseconds = 2_000 }
        gateway.settle()
        for amount in 1...10 {
            gateway.add(1, token: UInt64(amount))
            gateway.settle()
        }
        #expect(bench.cluster.end(of: Bench.inbox) == 1)
        let due = try #require(gateway.session.nextTurn)
        gateway.now = due
        gateway.session.turn(now: due)
        gateway.settle()
        #expect(bench.cluster.end(of: Bench.inbox) == 2)
        bench.settle()
        #expect(bench.total == 10)
    }

    @Test func `A gateway sheds while its frames are not acknowledged`() throws {
        let bench = try Bench()
        let gateway = try GatewayBench(bench.cluster, slots: InMemorySlots())
        gateway.settle()
        bench.cluster.isAway = true
        gateway.add(1, token: 1)
        gateway.settle()
        #expect(gateway.add(1, token: 2) == nil)
        gateway.settle(200_000)
        let shed = gateway.add(1, token: 3)
        #expect(shed == .brokerAway)
        #expect(shed?.closesConnections == true)
        bench.cluster.isAway = false
        gateway.settle()
        #expect(gateway.add(1, token: 4) == nil)
        gateway.settle()
        bench.settle()
        gateway.settle()
        #expect(gateway.answers.keys.sorted() == [1, 2, 4])
    }

    @Test func `A request without an answer for ten seconds ends the epoch`() throws {
        let bench = try Bench(InMemoryCluster(automatic: false))
        let gateway = try GatewayBench(bench.cluster, slots: InMemorySlots())
        gateway.settle()
        let before = try #require(gateway.session.writer.epoch)
        gateway.add(1, token: 1)
        gateway.add(2, token: 2)
        gateway.settle()
        let late = try #require(bench.cluster.submissions.first)
        gateway.settle(2_000_000)
        #expect(gateway.unanswered == [1, 2])
        gateway.settle()
        let after = try #require(gateway.session.writer.epoch)
        #expect(after > before)
        #expect(gateway.add(4, token: 3) == nil)
        gateway.settle()
        let next = try #require(bench.cluster.submissions.last)
        #expect(next.id != late.id)
        bench.cluster.settle(next.id, .acknowledged)
        bench.cluster.settle(late.id, .acknowledged)
        bench.settle()
        #expect(bench.total == 4, "what comes late of an ended epoch is dropped")
    }

    @Test func `A refused frame ends the epoch and answers what is open`() throws {
        let bench = try Bench(InMemoryCluster(automatic: false))
        let gateway = try GatewayBench(bench.cluster, slots: InMemorySlots())
        gateway.settle()
        gateway.add(1, token: 1)
        gateway.settle()
        let submission = try #require(bench.cluster.submissions.first)
        bench.cluster.settle(submission.id, .refused("no"))
        gateway.settle()
        #expect(gateway.unanswered == [1])
        #expect(gateway.session.writer.epochChanges == 1)
        #expect(gateway.session.writer.epoch != nil)
    }

    @Test func `A higher epoch of its slot ends a gateway, the registry being away does not`() throws {
        let bench = try Bench()
        let slots = InMemorySlots()
        let gateway = try GatewayBench(bench.cluster, slots: slots)
        gateway.settle()
        slots.isAway = true
        gateway.settle(1_000_000)
        #expect(gateway.session.writer.epoch != nil)
        slots.isAway = false
        gateway.add(1, token: 1)
        let higher = slots.claim(slot: 0, milliseconds: 0)
        gateway.settle(1_000_000)
        #expect(gateway.takenBy == higher)
        #expect(gateway.unanswered == [1])
        #expect(gateway.add(1, token: 2) == .ended)
    }

    @Test func `An epoch that ends while its slot is looked at is followed by one claim`() throws {
        let cluster = InMemoryCluster(automatic: false)
        let slots = InMemorySlots()
        let registry = SlowSlots(slots)
        let gateway = try GatewayBench(cluster, slots: slots, registry: registry)
        gateway.settle()
        registry.settle()
        gateway.settle()
        let before = try #require(gateway.session.writer.epoch)
        gateway.add(1, token: 1)
        gateway.settle(gateway.session.writer.configuration.lookMicroseconds / 2)
        #expect(registry.asked == [.look])
        let submission = try #require(cluster.submissions.first)
        cluster.settle(submission.id, .refused("no"))
        gateway.settle()
        #expect(gateway.unanswered == [1])
        #expect(registry.asked == [.look])
        registry.settle()
        gateway.settle()
        #expect(registry.asked == [.claim])
        while !registry.asked.isEmpty {
            registry.settle()
            gateway.settle()
        }
        let after = try #require(gateway.session.writer.epoch)
        #expect(after > before)
        gateway.settle(gateway.session.writer.configuration.lookMicroseconds / 2)
        #expect(registry.asked == [.look])
        registry.settle()
        gateway.settle()
        #expect(gateway.takenBy == nil)
        #expect(gateway.session.writer.epoch == after)
    }

    /// A gateway whose first epoch was just given up because its frame was refused; `isLooking`: while its slot was looked at.
    private func abandoned(_ slots: InMemorySlots, _ registry: SlowSlots, isLooking: Bool) throws -> GatewayBench {
        let cluster = InMemoryCluster(automatic: false)
        let gateway = try GatewayBench(cluster, slots: slots, registry: registry)
        gateway.settle()
        registry.settle()
        gateway.settle()
        gateway.add(1, token: 1)
        gateway.settle(isLooking ? gateway.session.writer.configuration.lookMicroseconds / 2 : 10)
        let submission = try #require(cluster.submissions.first)
        cluster.settle(submission.id, .refused("no"))
        gateway.settle()
        #expect(gateway.session.writer.state == .claiming)
        return gateway
    }

    @Test func `A gateway between two epochs that sees another process's epoch leaves it the slot`() throws {
        let slots = InMemorySlots()
        let registry = SlowSlots(slots)
        let gateway = try abandoned(slots, registry, isLooking: true)
        #expect(registry.asked == [.look])
        let higher = slots.claim(slot: 0, milliseconds: 0)
        registry.settle()
        gateway.settle()
        #expect(gateway.takenBy == higher)
        #expect(gateway.unanswered == [1])
        #expect(registry.asked == [])
        #expect(slots.epochs[0] == higher)
        #expect(gateway.add(1, token: 2) == .ended)
    }

    @Test func `A claim after another process's is none`() throws {
        let slots = InMemorySlots()
        let registry = SlowSlots(slots)
        let gateway = try abandoned(slots, registry, isLooking: false)
        #expect(registry.asked == [.claim])
        let higher = slots.claim(slot: 0, milliseconds: 0)
        registry.settle()
        gateway.settle()
        #expect(gateway.takenBy == higher)
        #expect(slots.epochs[0] == higher)
    }

    @Test func `A claim whose outcome was lost is made again and ends nobody`() throws {
        let slots = InMemorySlots()
        let registry = SlowSlots(slots)
        let gateway = try abandoned(slots, registry, isLooking: false)
        registry.settle(losing: true)
        gateway.settle(gateway.session.writer.configuration.retryMicroseconds)
        #expect(registry.asked == [.claim])
        registry.settle()
        gateway.settle()
        #expect(gateway.takenBy == nil)
        #expect(gateway.session.writer.epoch == slots.epochs[0])
    }

    @Test func `Open requests are bounded`() throws {
        let bench = try Bench()
        let gateway = try GatewayBench(bench.cluster, slots: InMemorySlots()) { $0.maximumOpenRequests = 3 }
        gateway.settle()
        for token: UInt64 in 1...3 { #expect(gateway.add(1, token: token) == nil) }
        #expect(gateway.add(1, token: 4) == .tooManyOpen)
        gateway.settle()
        bench.settle()
        gateway.settle()
        #expect(gateway.add(1, token: 5) == nil)
    }

    @Test func `A keyed fact is a frame of its own and reported when it is in the log`() throws {
        let cluster = InMemoryCluster()
        let gateway = try GatewayBench(cluster, slots: InMemorySlots())
        gateway.settle()
        let reference = TopicPartition(.referenceData, UInt16(0))
        for token: UInt64 in 1...3 {
            #expect(publish(gateway, token: token) == nil)
        }
        gateway.settle()
        #expect(gateway.written == [1, 2, 3])
        #expect(cluster.end(of: reference) == 3)
    }

    @Test func `A keyed fact whose frame is refused is reported as unanswered, and so are those behind it`() throws {
        let cluster = InMemoryCluster(automatic: false)
        let gateway = try GatewayBench(cluster, slots: InMemorySlots())
        gateway.settle()
        for token: UInt64 in 1...2 { #expect(publish(gateway, token: token) == nil) }
        gateway.settle()
        let submission = try #require(cluster.submissions.first)
        cluster.settle(submission.id, .refused("no"))
        gateway.settle()
        #expect(gateway.unanswered == [1, 2])
        #expect(gateway.written == [])
    }

    @Test func `A keyed fact that is not written for ten seconds ends the epoch`() throws {
        let cluster = InMemoryCluster(automatic: false)
        let gateway = try GatewayBench(cluster, slots: InMemorySlots())
        gateway.settle()
        #expect(publish(gateway, token: 7) == nil)
        gateway.settle()
        #expect(gateway.unanswered == [])
        gateway.settle(2_000_000)
        #expect(gateway.unanswered == [7])
        #expect(gateway.session.writer.epochChanges == 1)
    }

    private func publish(_ gateway: GatewayBench, token: UInt64) -> Shedding? {
        gateway.session.writer.publish(
            TallyRecord.add(1), key: [UInt8(token)], to: TopicPartition(.referenceData, UInt16(0)), token: token)
    }

    @Test func `Answers of an earlier epoch or of another slot are nobody's`() throws {
        let bench = try Bench()
        let gateway = try GatewayBench(bench.cluster, slots: InMemorySlots())
        gateway.settle()
        gateway.add(1, token: 1)
        let epoch = try #require(gateway.session.writer.epoch)
        var origin = Origin(
            writer: gateway.session.writer.writer, epoch: epoch - 1, number: 1, log: Bench.inbox.rawValue)
        #expect(gateway.session.writer.answered(origin) == nil)
        origin.epoch = epoch
        origin.writer = Writer(.gateway, 1)
        #expect(gateway.session.writer.answered(origin) == nil)
        origin.writer = gateway.session.writer.writer
        origin.log += 1
        #expect(gateway.session.writer.answered(origin) == nil)
        origin.log -= 1
        #expect(gateway.session.writer.answered(origin) == 1)
        #expect(gateway.session.writer.answered(origin) == nil)
    }
}
