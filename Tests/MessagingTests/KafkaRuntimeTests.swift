import Foundation
import Messaging
import Records
import Testing
import TradingCore

/// The runtime on a real broker. Skipped unless KAFKA_BOOTSTRAP_SERVERS names one.
@Suite(.enabled(if: TestCluster.isPresent, "KAFKA_BOOTSTRAP_SERVERS is not set"), .serialized)
struct KafkaRuntimeTests {
    @Test func `Requests go through a processor and back, framed, each once`() throws {
        let venue = try KafkaVenue("hop")
        defer { venue.remove() }
        let processor = try venue.processor()
        let client = try KafkaGateway(venue)
        let count: UInt64 = 5_000
        var sent: UInt64 = 0
        let done = venue.run([processor], client) {
            while client.isOpen, sent < count, sent < UInt64(client.answers.count) + 500 {
                sent += 1
                client.add(1, token: sent)
            }
            return client.answers.count == Int(count)
        }
        #expect(done)
        #expect(processor.total == Int64(count))
        #expect(Set(client.answers.values) == Set((1...Int64(count))))
        let metrics = processor.processor.metrics
        #expect(metrics.duplicates == 0 && metrics.holes == 0)
        #expect(metrics.framesIn < count / 4, "records that are ready together go as one message")
        #expect(processor.processor.isCaughtUp || metrics.position > 0)
    }

    @Test func `Two replicas serve at once and clients see no gap when one dies`() throws {
        let venue = try KafkaVenue("replicas")
        defer { venue.remove() }
        var replicas = [try venue.processor(), try venue.processor()]
        let client = try KafkaGateway(venue)
        let count: UInt64 = 4_000
        var sent: UInt64 = 0
        let done = venue.run({ replicas }, client) {
            while client.isOpen, sent < count, sent < UInt64(client.answers.count) + 200 {
                sent += 1
                client.add(1, token: sent)
            }
            if client.answers.count > 1_500, replicas.count == 2 { replicas.removeFirst() }
            return client.answers.count == Int(count)
        }
        #expect(done)
        #expect(replicas.count == 1)
        #expect(client.unanswered.isEmpty)
        #expect(Set(client.answers.values) == Set((1...Int64(count))))
        #expect(client.session.follower.duplicates > 0, "both have written")
        #expect(replicas[0].processor.failure == nil)
    }

    @Test func `A processor that was killed goes on where its checkpoint stands`() throws {
        let venue = try KafkaVenue("killed")
        defer { venue.remove() }
        let checkpoints = InMemoryCheckpoints()
        var processors = [try venue.processor(checkpoints) { $0.checkpointMilliseconds = 50 }]
        let client = try KafkaGateway(venue)
        let count: UInt64 = 3_000
        var sent: UInt64 = 0
        var kills = 0
        let done = try venue.run({ processors }, client) {
            while client.isOpen, sent < count, sent < UInt64(client.answers.count) + 100 {
                sent += 1
                client.add(1, token: sent)
            }
            if client.answers.count > 800 * (kills + 1), kills < 3, checkpoints.newest != nil {
                checkpoints.crash()
                processors = [try venue.processor(checkpoints) { $0.checkpointMilliseconds = 50 }]
                kills += 1
            }
            return client.answers.count == Int(count)
        }
        #expect(done)
        #expect(kills == 3)
        #expect(processors[0].total == Int64(count))
        #expect(Set(client.answers.values) == Set((1...Int64(count))))
    }
}

/// Rule 8 on a broker that is stopped, harmed and started again. Skipped unless KAFKA_HOME names a distribution.
@Suite(.enabled(if: TestCluster.home != nil, "KAFKA_HOME is not set"))
struct HarmedBrokerTests {
    @Test func `A broker that lost a tail, or is another one, stops every processor that had seen more`() throws {
        let broker = try TestBroker(home: try #require(TestCluster.home))
        try broker.format()
        try broker.start()
        let venue = try KafkaVenue("harmed", settings: broker.settings)
        let (running, checkpoint) = try fed(venue)
        let kept = broker.directory + "/kept"

        broker.stop()
        try FileManager.default.copyItem(atPath: broker.data, toPath: kept)
        try broker.start()
        #expect(try outcome(venue, checkpoint) == nil, "an unharmed log lets it start")
        #expect(running.processor.failure == nil)

        for topic in [Topic.ledger, .matching] {
            broker.stop()
            try FileManager.default.removeItem(atPath: broker.data)
            try FileManager.default.copyItem(atPath: kept, toPath: broker.data)
            try broker.cutTail(of: venue.catalogue.name(of: topic))
            try broker.start()
            let failure = try #require(try outcome(venue, checkpoint), "the tail of \(topic) was cut")
            #expect(failure.kind == .logMismatch)
            #expect(failure.log.topic == topic)
            let stopped = venue.run([running], nil) { running.processor.failure != nil }
            #expect(stopped, "a processor that runs through it finds it too")
            #expect(running.processor.failure?.kind == .logMismatch)
        }

        broker.stop()
        try FileManager.default.removeItem(atPath: broker.data)
        try broker.format()
        try broker.start()
        _ = try venue.catalogue.create(with: KafkaAdmin(broker.settings))
        let failure = try #require(try outcome(venue, checkpoint))
        #expect(failure.kind == .logMismatch)
        #expect(failure.reason.contains("cluster"))
    }

    /// A processor that has applied a few requests, and its checkpoint. It ticks no more, so that the tail is what it knows.
    private func fed(_ venue: KafkaVenue) throws -> (KafkaProcessor, Checkpoint) {
        let checkpoints = InMemoryCheckpoints()
        let processor = try venue.processor(checkpoints) {
            $0.checkpointMilliseconds = 10
            $0.tickMilliseconds = 0
        }
        let client = try KafkaGateway(venue)
        var sent: UInt64 = 0
        let isFed = venue.run([processor], client) {
            if client.isOpen, sent < 8, sent == UInt64(client.answers.count) {
                sent += 1
                client.add(1, token: sent)
            }
            return client.answers.count == 8 && processor.isSaved
        }
        try #require(isFed)
        return (processor, try #require(checkpoints.newest))
    }

    /// Starts a processor from the checkpoint: nil when it runs, else why it stopped.
    private func outcome(_ venue: KafkaVenue, _ checkpoint: Checkpoint) throws -> InvariantError? {
        let processor = try venue.processor(InMemoryCheckpoints(checkpoint)) { $0.tickMilliseconds = 0 }
        let hasEnded = venue.run([processor], nil) {
            processor.processor.phase == .running || processor.processor.failure != nil
        }
        #expect(hasEnded)
        return processor.processor.failure
    }
}

/// Topics of a test's own on a broker.
final class KafkaVenue {
    let settings: KafkaSettings
    let catalogue: TopicCatalogue

    init(_ name: String, settings: KafkaSettings = TestCluster.settings("venue")) throws {
        self.settings = settings
        catalogue = TestCluster.catalogue(name)
        _ = try catalogue.create(with: KafkaAdmin(settings))
    }

    func remove() {
        do { TestCluster.remove(catalogue, try KafkaAdmin(settings)) } catch { Issue.record(error) }
    }

    func processor(
        _ checkpoints: InMemoryCheckpoints = InMemoryCheckpoints(),
        configure: (inout ProcessorConfiguration) -> Void = { _ in }
    ) throws -> KafkaProcessor {
        try KafkaProcessor(self, checkpoints, configure)
    }

    func run(_ processors: [KafkaProcessor], _ client: KafkaGateway?, until condition: () throws -> Bool) rethrows
        -> Bool
    {
        try run({ processors }, client, until: condition)
    }

    /// Turns everything on this thread until the condition holds or patience ends.
    func run(
        _ processors: () -> [KafkaProcessor], _ client: KafkaGateway?, until condition: () throws -> Bool
    ) rethrows -> Bool {
        let deadline = monotonicMilliseconds() + patience
        while monotonicMilliseconds() < deadline {
            var isBusy = false
            for processor in processors() { isBusy = processor.host.turn(now: monotonicMilliseconds()) || isBusy }
            if let client { isBusy = client.turn() || isBusy }
            if try condition() { return true }
            if !isBusy { usleep(200) }
        }
        return false
    }
}

/// A tally on Kafka that writes everything into one partition.
final class KafkaProcessor {
    let host: ProcessorHost<TallyMachine, KafkaLog>
    let processor: Processor<TallyMachine, KafkaLog>
    private let checkpoints: InMemoryCheckpoints

    init(
        _ venue: KafkaVenue, _ checkpoints: InMemoryCheckpoints, _ configure: (inout ProcessorConfiguration) -> Void
    ) throws {
        self.checkpoints = checkpoints
        host = ProcessorHost(log: try KafkaLog(venue.settings, catalogue: venue.catalogue))
        var configuration = ProcessorConfiguration(kind: .ledgerService, inbox: Bench.inbox)
        configuration.inspectionMilliseconds = 1_000
        configure(&configuration)
        processor = host.add(configuration, sink: checkpoints) { state throws(StateError) in
            try TallyMachine(state, partitions: 1)
        }
    }

    var total: Int64 { processor.machine?.total ?? -1 }

    /// Whether everything that was applied is in the newest checkpoint, with an acknowledged output.
    var isSaved: Bool {
        guard let newest = checkpoints.newest?.runtime, newest.next == processor.metrics.position else { return false }
        return newest.written.allSatisfy { $0.acknowledgedNumber == $0.number }
    }
}

/// A gateway on Kafka that follows the tally's effects.
final class KafkaGateway: GatewayWriterDelegate {
    private(set) var session: GatewaySession<KafkaLog>!
    private(set) var answers: [UInt64: Int64] = [:]
    private(set) var unanswered: [UInt64] = []
    private let slots = InMemorySlots()

    init(_ venue: KafkaVenue) throws {
        session = GatewaySession(
            log: try KafkaLog(venue.settings, catalogue: venue.catalogue), writer: GatewayWriterConfiguration(slot: 0),
            registry: slots.registry(), wallClock: { 1_700_000_000_000 },
            following: [FollowerPosition(beginningOf: TopicPartition(.matching, UInt16(0)))]
        ) { [unowned self] context, payload in
            guard let token = session.writer.answered(context.header.origin) else { return }
            answers[token] = TallyMachine.words(payload).first
        }
        session.writer.delegate = self
    }

    var isOpen: Bool { session.writer.epoch != nil }

    func add(_ amount: Int64, token: UInt64) {
        let outcome = session.writer.submit(TallyRecord.add(amount), to: Bench.inbox, token: token)
        if case .failure(let error) = outcome { Issue.record(error) }
    }

    func turn() -> Bool { session.turn(now: monotonicMilliseconds() * 1_000) }

    func unanswered(_ tokens: [UInt64], reason: String) { unanswered += tokens }
    func written(_ token: UInt64) {}
    func slotTaken(epoch: UInt64) {}
}
