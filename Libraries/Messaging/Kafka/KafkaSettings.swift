import CRDKafka

/// How to reach a cluster. `properties` go to librdkafka as they are (`security.protocol`, `sasl.*`, `ssl.*`), for every
/// handle; `fetchProperties` (`fetch.*`) only for an inbox: a producer has no use for them, and lookups must not wait.
public struct KafkaSettings: Sendable, Equatable {
    public var bootstrapServers: String
    public var clientID: String
    public var properties: [String: String]
    public var fetchProperties: [String: String] = [:]

    public init(bootstrapServers: String, clientID: String, properties: [String: String] = [:]) {
        self.bootstrapServers = bootstrapServers
        self.clientID = clientID
        self.properties = properties
    }

    /// The largest frame a topic takes; larger ones are refused by the broker.
    public static let maximumMessageBytes = 1 << 20

    static let common = [
        "log.queue": "true",
        "reconnect.backoff.ms": "100",
        "reconnect.backoff.max.ms": "1000",
        "topic.metadata.propagation.max.ms": "1000",
        "socket.nagle.disable": "true",
        "socket.keepalive.enable": "true",
    ]

    /// No idempotent producer: librdkafka's spins while several messages of a partition are in flight. Copies are
    /// dropped by their numbers instead.
    static let producer = common.merging(
        [
            "acks": "all",
            "enable.idempotence": "false",
            "max.in.flight.requests.per.connection": "1",
            "message.timeout.ms": "0",
            "linger.ms": "0",
            "message.max.bytes": "\(maximumMessageBytes)",
            "batch.size": "\(maximumMessageBytes - 4096)",
        ], uniquingKeysWith: { $1 })

    static let consumer = common.merging(
        [
            "enable.auto.commit": "false",
            "enable.auto.offset.store": "false",
            "auto.offset.reset": "error",
            "fetch.wait.max.ms": "500",
            "fetch.min.bytes": "1",
            "check.crcs": "true",
        ], uniquingKeysWith: { $1 })

    /// A consumer that looks up single frames. It may queue what it fetched with one: where `queued.min.messages` is reached,
    /// librdkafka lets the partition rest for a second, even when it is read from somewhere else.
    static let inspector = consumer.merging(
        ["fetch.wait.max.ms": "10", "fetch.message.max.bytes": "\(maximumMessageBytes)"], uniquingKeysWith: { $1 })
}

/// Owns one librdkafka handle with its event queue and topic objects. Confined to one thread.
final class KafkaHandle {
    let raw: OpaquePointer
    let events: OpaquePointer
    private var topics: [String: OpaquePointer] = [:]

    init(
        _ kind: rd_kafka_type_t, _ settings: KafkaSettings, _ defaults: [String: String], events mask: Int32
    ) throws(KafkaError) {
        let configuration = rd_kafka_conf_new()
        let given = [
            "bootstrap.servers": settings.bootstrapServers, "client.id": settings.clientID,
        ].merging(settings.properties, uniquingKeysWith: { $1 })
        for (key, value) in defaults.merging(given, uniquingKeysWith: { $1 }) {
            let problem = KafkaHandle.text { rd_kafka_conf_set(configuration, key, value, $0, $1) == RD_KAFKA_CONF_OK }
            if let problem {
                rd_kafka_conf_destroy(configuration)
                throw KafkaError(operation: "configure \(key)", message: problem)
            }
        }
        rd_kafka_conf_set_events(configuration, mask | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_LOG)
        var created: OpaquePointer?
        let problem = KafkaHandle.text {
            created = rd_kafka_new(kind, configuration, $0, $1)
            return created != nil
        }
        guard let created, let queue = rd_kafka_queue_get_main(created) else {
            rd_kafka_conf_destroy(configuration)
            throw KafkaError(operation: "create the client", message: problem ?? "no queue")
        }
        raw = created
        events = queue
        rd_kafka_set_log_queue(created, queue)
    }

    deinit {
        for topic in topics.values { rd_kafka_topic_destroy(topic) }
        rd_kafka_queue_destroy(events)
        rd_kafka_destroy(raw)
    }

    /// The topic's object, made at first use; `tag` comes back with each of its messages.
    func topic(_ name: String, tag: Int = 0) throws(KafkaError) -> OpaquePointer {
        if let known = topics[name] { return known }
        let configuration = rd_kafka_default_topic_conf_dup(raw)
        rd_kafka_topic_conf_set_opaque(configuration, UnsafeMutableRawPointer(bitPattern: tag))
        guard let created = rd_kafka_topic_new(raw, name, configuration) else {
            throw KafkaError(operation: "open topic \(name)", code: rd_kafka_last_error())
        }
        topics[name] = created
        return created
    }

    func knownTopic(_ name: String) -> OpaquePointer? { topics[name] }

    /// Runs a call that writes its reason into a buffer when it fails.
    static func text(_ call: (UnsafeMutablePointer<CChar>, Int) -> Bool) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
            guard let start = buffer.baseAddress else { return "no memory" }
            start[0] = 0
            return call(start, buffer.count) ? nil : String(cString: start)
        }
    }

    /// Turns an error or log event into a value; nil for other events.
    static func describe(_ event: OpaquePointer, client: OpaquePointer) -> KafkaEvent? {
        switch rd_kafka_event_type(event) {
        case RD_KAFKA_EVENT_ERROR:
            let code = rd_kafka_event_error(event)
            let text = String(cString: rd_kafka_event_error_string(event))
            let error = KafkaError(operation: "Kafka connection", code: code, message: text)
            return rd_kafka_event_error_is_fatal(event) != 0 ? .fatal(error) : .disturbed(error)
        case RD_KAFKA_EVENT_LOG:
            var facility: UnsafePointer<CChar>?
            var text: UnsafePointer<CChar>?
            var level: Int32 = 0
            guard rd_kafka_event_log(event, &facility, &text, &level) == 0, let facility, let text else { return nil }
            return .log(level: Int(level), facility: String(cString: facility), text: String(cString: text))
        default: return nil
        }
    }
}
