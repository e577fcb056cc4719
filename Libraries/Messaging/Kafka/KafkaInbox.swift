import CRDKafka

/// Reads partitions from given offsets, without a consumer group. Confined to one thread.
///
/// `take` never waits; sleep on `wake` and drain it before taking. An inbox that shares its `wake` with an outbox lets
/// one thread serve both.
public final class KafkaInbox {
    /// Why a partition gives no more messages.
    public enum Interruption: Sendable, Equatable {
        /// The wanted offset is outside the log: retention has passed it, or the log lost its tail.
        case offsetOutOfRange
        case failed(KafkaError)
    }

    public static let messagesPerTake = 256

    public let wake: LogWake
    private let handle: KafkaHandle
    private let queue: OpaquePointer
    private let batch: UnsafeMutablePointer<UnsafeMutablePointer<rd_kafka_message_t>?>
    private var topics: [(name: String, sources: [Int32: Int])] = []

    public init(_ settings: KafkaSettings, wake: LogWake) throws(KafkaError) {
        self.wake = wake
        let properties = KafkaSettings.consumer.merging(settings.fetchProperties, uniquingKeysWith: { $1 })
        handle = try KafkaHandle(RD_KAFKA_CONSUMER, settings, properties, events: 0)
        queue = rd_kafka_queue_new(handle.raw)
        batch = .allocate(capacity: KafkaInbox.messagesPerTake)
        var payload = LogWake.payload
        rd_kafka_queue_io_event_enable(queue, wake.descriptor, &payload, MemoryLayout<UInt64>.size)
        rd_kafka_queue_io_event_enable(handle.events, wake.descriptor, &payload, MemoryLayout<UInt64>.size)
    }

    deinit {
        for topic in topics {
            for partition in topic.sources.keys { stop(topic: topic.name, partition: partition) }
        }
        while take({ _, _, _, _ in }) > 0 {}
        rd_kafka_queue_destroy(queue)
        batch.deallocate()
    }

    /// Begins to fetch at `offset`. Messages carry `source` back.
    public func start(topic: String, partition: Int32, offset: Int64, source: Int) throws(KafkaError) {
        let index = topics.firstIndex { $0.name == topic } ?? topics.count
        if index == topics.count { topics.append((topic, [:])) }
        let object = try handle.topic(topic, tag: index)
        guard rd_kafka_consume_start_queue(object, partition, offset, queue) == 0 else {
            throw KafkaError(
                operation: "consume \(topic)-\(partition) from \(offset)", code: rd_kafka_last_error())
        }
        topics[index].sources[partition] = source
    }

    /// Ends fetching. Messages of the partition that were fetched already are not delivered any more.
    public func stop(topic: String, partition: Int32) {
        guard let index = topics.firstIndex(where: { $0.name == topic }),
            topics[index].sources.removeValue(forKey: partition) != nil,
            let object = handle.knownTopic(topic)
        else { return }
        rd_kafka_consume_stop(object, partition)
    }

    /// Hands over what has arrived: source, offset, append time in milliseconds, payload (valid during the call).
    ///
    /// - Returns: how many messages were taken; 0 when there is none.
    @discardableResult
    public func take(
        limit: Int = messagesPerTake, _ body: (Int, Int64, Int64, RawSpan) -> Void,
        interrupted: (Int, Interruption) -> Void = { _, _ in }
    ) -> Int {
        let count = rd_kafka_consume_batch_queue(queue, 0, batch, min(limit, KafkaInbox.messagesPerTake))
        guard count > 0 else { return 0 }
        for index in 0..<count {
            guard let message = batch[index] else { continue }
            deliver(message, body, interrupted)
            rd_kafka_message_destroy(message)
        }
        return count
    }

    private func deliver(
        _ message: UnsafeMutablePointer<rd_kafka_message_t>, _ body: (Int, Int64, Int64, RawSpan) -> Void,
        _ interrupted: (Int, Interruption) -> Void
    ) {
        let topic = Int(bitPattern: message.pointee.rkt.flatMap { rd_kafka_topic_opaque($0) })
        guard topics.indices.contains(topic), let source = topics[topic].sources[message.pointee.partition] else {
            return
        }
        switch message.pointee.err {
        case RD_KAFKA_RESP_ERR_NO_ERROR:
            var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
            let stamp = rd_kafka_message_timestamp(message, &kind)
            let payload = UnsafeRawBufferPointer(start: message.pointee.payload, count: message.pointee.len)
            body(source, message.pointee.offset, stamp, payload.bytes)
        case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET, RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
            interrupted(source, .offsetOutOfRange)
        case RD_KAFKA_RESP_ERR__PARTITION_EOF: break
        case let code:
            let operation = "fetch \(topics[topic].name)-\(message.pointee.partition)"
            interrupted(source, .failed(KafkaError(operation: operation, code: code)))
        }
    }

    /// Hands over what the client library reports: connections lost, its log.
    public func events(_ body: (KafkaEvent) -> Void) {
        while let event = rd_kafka_queue_poll(handle.events, 0) {
            if let described = KafkaHandle.describe(event, client: handle.raw) { body(described) }
            rd_kafka_event_destroy(event)
        }
    }
}
