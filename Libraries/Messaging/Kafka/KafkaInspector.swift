import CRDKafka
import Network
import Synchronization
import TradingCore

/// Looks partitions up on a thread of its own, since librdkafka's lookups wait for their answers.
final class KafkaInspector {
    struct Question: Sendable {
        var requests: [InspectionRequest]
        var token: UInt64
    }

    struct Answer: Sendable {
        var token: UInt64
        var outcome: Result<LogInspection, LogUnavailable>
    }

    /// What the two threads share.
    final class Mailbox: Sendable {
        struct Content {
            var questions: [Question] = []
            var answers: [Answer] = []
            var ended = false
        }

        let content = Mutex(Content())
        let asked: LogWake
        let answered: LogWake

        init(asked: LogWake, answered: LogWake) {
            self.asked = asked
            self.answered = answered
        }
    }

    private let mailbox: Mailbox
    private let thread: WorkerThread

    init(_ settings: KafkaSettings, catalogue: TopicCatalogue, wake: LogWake) throws(KafkaError) {
        let mailbox = Mailbox(asked: try LogWake(), answered: wake)
        self.mailbox = mailbox
        thread = WorkerThread(name: "log-lookup") { KafkaInspector.answer(mailbox, settings, catalogue) }
    }

    deinit {
        mailbox.content.withLock { $0.ended = true }
        mailbox.asked.signal()
        thread.join()
    }

    func post(_ requests: [InspectionRequest], token: UInt64) {
        mailbox.content.withLock { $0.questions.append(Question(requests: requests, token: token)) }
        mailbox.asked.signal()
    }

    func answers() -> [Answer] {
        mailbox.content.withLock { content in
            guard !content.answers.isEmpty else { return [] }
            defer { content.answers = [] }
            return content.answers
        }
    }

    private static func answer(_ mailbox: Mailbox, _ settings: KafkaSettings, _ catalogue: TopicCatalogue) {
        var lookup: KafkaLookup?
        while true {
            mailbox.asked.wait(milliseconds: -1)
            mailbox.asked.drain()
            let (questions, ended) = mailbox.content.withLock { content in
                defer { content.questions = [] }
                return (content.questions, content.ended)
            }
            if ended { return }
            for question in questions {
                let outcome: Result<LogInspection, LogUnavailable>
                do throws(KafkaError) {
                    outcome = .success(try inspect(question.requests, &lookup, settings, catalogue))
                } catch {
                    outcome = .failure(LogUnavailable(error.description))
                }
                mailbox.content.withLock { $0.answers.append(Answer(token: question.token, outcome: outcome)) }
                mailbox.answered.signal()
            }
        }
    }

    private static func inspect(
        _ requests: [InspectionRequest], _ lookup: inout KafkaLookup?, _ settings: KafkaSettings,
        _ catalogue: TopicCatalogue
    ) throws(KafkaError) -> LogInspection {
        if let lookup { return try lookup.inspect(requests) }
        let made = try KafkaLookup(settings, catalogue)
        lookup = made
        return try made.inspect(requests)
    }
}

/// Blocking lookups of offsets and single frames.
final class KafkaLookup {
    static let timeoutMilliseconds: Int32 = 5_000

    private let admin: KafkaAdmin
    private let reader: KafkaHandle
    private let catalogue: TopicCatalogue

    init(_ settings: KafkaSettings, _ catalogue: TopicCatalogue) throws(KafkaError) {
        self.catalogue = catalogue
        admin = try KafkaAdmin(settings, timeoutMilliseconds: KafkaLookup.timeoutMilliseconds)
        reader = try KafkaHandle(RD_KAFKA_CONSUMER, settings, KafkaSettings.inspector, events: 0)
    }

    func inspect(_ requests: [InspectionRequest]) throws(KafkaError) -> LogInspection {
        drainEvents()
        let partitions = requests.map { named($0.partition) }
        let latest = try admin.offsets(.latest, of: partitions)
        let wantsFrames = requests.contains { $0.offset != nil }
        let earliest = wantsFrames ? try admin.offsets(.earliest, of: partitions) : [:]
        var entries: [LogInspection.Entry] = []
        for (request, partition) in zip(requests, partitions) {
            let start = earliest[partition] ?? 0
            let end = latest[partition] ?? 0
            var entry = LogInspection.Entry(partition: request.partition, start: start, end: end)
            if let offset = request.offset, offset >= start, offset < end {
                entry.frame = try frame(at: offset, of: partition)
            }
            entries.append(entry)
        }
        return LogInspection(clusterID: try admin.clusterID(), entries: entries)
    }

    private func named(_ partition: TopicPartition) -> KafkaAdmin.Partition {
        KafkaAdmin.Partition(topic: catalogue.name(of: partition.topic), partition: Int32(partition.partition))
    }

    /// Reads one frame; nil when the log has no record at that very offset.
    private func frame(at offset: Int64, of partition: KafkaAdmin.Partition) throws(KafkaError) -> LogInspection.Found?
    {
        let operation = "read \(partition.topic)-\(partition.partition) at \(offset)"
        let topic = try reader.topic(partition.topic)
        guard rd_kafka_consume_start(topic, partition.partition, offset) == 0 else {
            throw KafkaError(operation: operation, code: rd_kafka_last_error())
        }
        defer { rd_kafka_consume_stop(topic, partition.partition) }
        guard let message = rd_kafka_consume(topic, partition.partition, KafkaLookup.timeoutMilliseconds) else {
            throw KafkaError(operation: operation, code: RD_KAFKA_RESP_ERR__TIMED_OUT)
        }
        defer { rd_kafka_message_destroy(message) }
        switch message.pointee.err {
        case RD_KAFKA_RESP_ERR_NO_ERROR: break
        case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET, RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE: return nil
        case let code: throw KafkaError(operation: operation, code: code)
        }
        guard message.pointee.offset == offset else { return nil }
        var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        let bytes = UnsafeRawBufferPointer(start: message.pointee.payload, count: message.pointee.len)
        return LogInspection.Found(
            offset: offset, stamp: rd_kafka_message_timestamp(message, &kind), bytes: Array(bytes))
    }

    /// Reports pile up otherwise; the inbox reports the same disturbances.
    private func drainEvents() {
        for queue in [reader.events, admin.handle.events] {
            while let event = rd_kafka_queue_poll(queue, 0) { rd_kafka_event_destroy(event) }
        }
    }
}
