import CRDKafka

/// A failed Kafka operation: what was tried, librdkafka's code and text, and whether trying again may help.
public struct KafkaError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was tried, with the names it was tried on.
    public let operation: String
    /// librdkafka's error code: negative for errors of the client, positive for answers of the broker.
    public let code: Int32
    /// librdkafka's name of the code, e.g. `MSG_SIZE_TOO_LARGE`.
    public let name: String
    public let message: String
    /// Whether the same call may succeed later without anybody changing anything.
    public let isRetryable: Bool

    public var description: String { "\(operation): \(message) (\(name))" }

    init(operation: String, code: rd_kafka_resp_err_t, message: String? = nil) {
        self.operation = operation
        self.code = code.rawValue
        self.name = String(cString: rd_kafka_err2name(code))
        self.message = message ?? String(cString: rd_kafka_err2str(code))
        self.isRetryable = KafkaError.retryable.contains(code.rawValue)
    }

    init(operation: String, message: String) {
        self.init(operation: operation, code: RD_KAFKA_RESP_ERR__INVALID_ARG, message: message)
    }

    static let retryable: Set<Int32> = Set(
        [
            RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__TIMED_OUT,
            RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE, RD_KAFKA_RESP_ERR__QUEUE_FULL, RD_KAFKA_RESP_ERR__RESOLVE,
            RD_KAFKA_RESP_ERR__WAIT_COORD, RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
            RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION, RD_KAFKA_RESP_ERR_NOT_CONTROLLER,
            RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND,
        ].map(\.rawValue))
}

/// What the client library reports beside records and acknowledgements.
public enum KafkaEvent: Sendable, Equatable {
    /// A connection failed or all brokers are away; librdkafka goes on trying.
    case disturbed(KafkaError)
    /// The client cannot go on.
    case fatal(KafkaError)
    /// A line of librdkafka's own log.
    case log(level: Int, facility: String, text: String)
}

extension KafkaError {
    /// The frame was purged by its own sender.
    var isPurge: Bool {
        code == RD_KAFKA_RESP_ERR__PURGE_QUEUE.rawValue || code == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT.rawValue
    }
}
