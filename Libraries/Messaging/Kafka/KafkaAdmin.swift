import CRDKafka

/// Questions and orders to a cluster. Every call blocks until the answer or the time limit: not for a thread that serves
/// records.
public final class KafkaAdmin {
    public static let defaultTimeoutMilliseconds: Int32 = 10_000

    let handle: KafkaHandle
    let timeout: Int32

    public init(_ settings: KafkaSettings, timeoutMilliseconds: Int32 = defaultTimeoutMilliseconds) throws(KafkaError) {
        handle = try KafkaHandle(RD_KAFKA_PRODUCER, settings, KafkaSettings.common, events: 0)
        timeout = timeoutMilliseconds
    }

    /// The cluster's id, which no other cluster has.
    public func clusterID() throws(KafkaError) -> String {
        guard let text = rd_kafka_clusterid(handle.raw, timeout) else {
            throw failure("ask for the cluster id", RD_KAFKA_RESP_ERR__TIMED_OUT)
        }
        defer { rd_kafka_mem_free(handle.raw, text) }
        return String(cString: text)
    }

    /// The partition counts of those of the topics that exist.
    public func partitionCounts(of topics: [String]) throws(KafkaError) -> [String: Int] {
        var metadata: UnsafePointer<rd_kafka_metadata>?
        let code = rd_kafka_metadata(handle.raw, 1, nil, &metadata, timeout)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata else {
            throw failure("ask for topics", code)
        }
        defer { rd_kafka_metadata_destroy(metadata) }
        var counts: [String: Int] = [:]
        for index in 0..<Int(metadata.pointee.topic_cnt) {
            let topic = metadata.pointee.topics[index]
            guard topic.err == RD_KAFKA_RESP_ERR_NO_ERROR, let name = topic.topic else { continue }
            counts[String(cString: name)] = Int(topic.partition_cnt)
        }
        return counts.filter { topics.contains($0.key) }
    }

    /// The error with what the connections reported last, such as a certificate that was refused: the code of a question that could not
    /// be asked says only that it could not.
    private func failure(_ operation: String, _ code: rd_kafka_resp_err_t) -> KafkaError {
        var message: String?
        while let event = rd_kafka_queue_poll(handle.events, 0) {
            defer { rd_kafka_event_destroy(event) }
            switch KafkaHandle.describe(event, client: handle.raw) {
            case .disturbed(let error) where error.code != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN.rawValue:
                message = error.message
            case .fatal(let error): message = error.message
            default: break
            }
        }
        return KafkaError(operation: operation, code: code, message: message)
    }

    /// Creates a topic and waits until it is there.
    public func create(
        topic: String, partitions: Int, replication: Int, configuration: [String: String]
    ) throws(KafkaError) {
        let operation = "create topic \(topic)"
        var created: OpaquePointer?
        let problem = KafkaHandle.text {
            created = rd_kafka_NewTopic_new(topic, Int32(partitions), Int32(replication), $0, $1)
            return created != nil
        }
        guard let created else { throw KafkaError(operation: operation, message: problem ?? "refused") }
        defer { rd_kafka_NewTopic_destroy(created) }
        for (key, value) in configuration {
            let code = rd_kafka_NewTopic_set_config(created, key, value)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(operation: operation, code: code) }
        }
        try run(operation, RD_KAFKA_ADMIN_OP_CREATETOPICS, accepting: RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
            var list: OpaquePointer? = created
            rd_kafka_CreateTopics(handle.raw, &list, 1, $0, $1)
        } topics: {
            rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result($0), $1)
        }
    }

    /// Adds partitions to a topic. Existing records stay where they are.
    public func grow(topic: String, to partitions: Int) throws(KafkaError) {
        let operation = "grow topic \(topic) to \(partitions) partitions"
        var wanted: OpaquePointer?
        let problem = KafkaHandle.text {
            wanted = rd_kafka_NewPartitions_new(topic, partitions, $0, $1)
            return wanted != nil
        }
        guard let wanted else { throw KafkaError(operation: operation, message: problem ?? "refused") }
        defer { rd_kafka_NewPartitions_destroy(wanted) }
        try run(operation, RD_KAFKA_ADMIN_OP_CREATEPARTITIONS) {
            var list: OpaquePointer? = wanted
            rd_kafka_CreatePartitions(handle.raw, &list, 1, $0, $1)
        } topics: {
            rd_kafka_CreatePartitions_result_topics(rd_kafka_event_CreatePartitions_result($0), $1)
        }
    }

    /// Deletes a topic with all that is in it.
    public func delete(topic: String) throws(KafkaError) {
        guard let named = rd_kafka_DeleteTopic_new(topic) else { return }
        defer { rd_kafka_DeleteTopic_destroy(named) }
        try run("delete topic \(topic)", RD_KAFKA_ADMIN_OP_DELETETOPICS) {
            var list: OpaquePointer? = named
            rd_kafka_DeleteTopics(handle.raw, &list, 1, $0, $1)
        } topics: {
            rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result($0), $1)
        }
    }

    /// Sends one admin request, waits for its event, and throws what it or its topic reports.
    private func run(
        _ operation: String, _ kind: rd_kafka_admin_op_t,
        accepting accepted: rd_kafka_resp_err_t = RD_KAFKA_RESP_ERR_NO_ERROR,
        request: (_ options: OpaquePointer?, _ queue: OpaquePointer?) -> Void,
        topics: (OpaquePointer, UnsafeMutablePointer<Int>) -> UnsafeMutablePointer<OpaquePointer?>?
    ) throws(KafkaError) {
        let event = try answer(operation, kind, request)
        defer { rd_kafka_event_destroy(event) }
        var count = 0
        guard let results = topics(event, &count) else { return }
        for index in 0..<count {
            let code = rd_kafka_topic_result_error(results[index])
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR || code == accepted else {
                let text = rd_kafka_topic_result_error_string(results[index]).map { String(cString: $0) }
                throw KafkaError(operation: operation, code: code, message: text)
            }
        }
    }

    private func answer(
        _ operation: String, _ kind: rd_kafka_admin_op_t, _ request: (OpaquePointer?, OpaquePointer?) -> Void
    ) throws(KafkaError) -> OpaquePointer {
        let options = rd_kafka_AdminOptions_new(handle.raw, kind)
        let queue = rd_kafka_queue_new(handle.raw)
        defer {
            rd_kafka_AdminOptions_destroy(options)
            rd_kafka_queue_destroy(queue)
        }
        _ = KafkaHandle.text {
            rd_kafka_AdminOptions_set_request_timeout(options, timeout, $0, $1) == RD_KAFKA_RESP_ERR_NO_ERROR
        }
        request(options, queue)
        guard let event = rd_kafka_queue_poll(queue, timeout + 1_000) else {
            throw KafkaError(operation: operation, code: RD_KAFKA_RESP_ERR__TIMED_OUT)
        }
        let code = rd_kafka_event_error(event)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            let text = rd_kafka_event_error_string(event).map { String(cString: $0) }
            rd_kafka_event_destroy(event)
            throw KafkaError(operation: operation, code: code, message: text)
        }
        return event
    }

    /// The settings of a topic as the broker has them, defaults included.
    public func configuration(of topic: String) throws(KafkaError) -> [String: String] {
        let operation = "describe topic \(topic)"
        guard let resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic) else { return [:] }
        defer { rd_kafka_ConfigResource_destroy(resource) }
        let event = try answer(operation, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS) {
            var list: OpaquePointer? = resource
            rd_kafka_DescribeConfigs(handle.raw, &list, 1, $0, $1)
        }
        defer { rd_kafka_event_destroy(event) }
        var settings: [String: String] = [:]
        var count = 0
        let result = rd_kafka_event_DescribeConfigs_result(event)
        let resources = rd_kafka_DescribeConfigs_result_resources(result, &count)
        guard count == 1, let described = resources?[0] else { return settings }
        let code = rd_kafka_ConfigResource_error(described)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(operation: operation, code: code) }
        var entryCount = 0
        let entries = rd_kafka_ConfigResource_configs(described, &entryCount)
        for index in 0..<entryCount {
            guard let entry = entries?[index], let name = rd_kafka_ConfigEntry_name(entry) else { continue }
            guard let value = rd_kafka_ConfigEntry_value(entry) else { continue }
            settings[String(cString: name)] = String(cString: value)
        }
        return settings
    }
}
