import CRDKafka

/// Appends frames to partitions, acknowledged by all replicas in sync. Confined to one thread.
///
/// Its user keeps one frame in flight a destination partition: the client library guarantees order only then.
public final class KafkaOutbox {
    public enum Outcome: Sendable, Equatable {
        /// The frame is in the log at this offset.
        case acknowledged(offset: Int64)
        /// The broker will not take it, or it was purged. While a broker is merely away there is no outcome.
        case refused(KafkaError)
    }

    public let wake: LogWake
    private let handle: KafkaHandle

    public init(_ settings: KafkaSettings, wake: LogWake) throws(KafkaError) {
        self.wake = wake
        handle = try KafkaHandle(
            RD_KAFKA_PRODUCER, settings, KafkaSettings.producer, events: RD_KAFKA_EVENT_DR)
        var payload = LogWake.payload
        rd_kafka_queue_io_event_enable(handle.events, wake.descriptor, &payload, MemoryLayout<UInt64>.size)
    }

    /// Frames that were submitted and have no outcome yet.
    public var inFlight: Int { Int(rd_kafka_outq_len(handle.raw)) }

    /// Hands a frame to the client library, which copies it. Its outcome comes from `outcomes` with `token`.
    ///
    /// - Throws: when it cannot be taken at all: unknown partition, larger than a message may be, queue full.
    public func submit(
        _ frame: RawSpan, key: RawSpan? = nil, topic: String, partition: Int32, token: UInt
    ) throws(KafkaError) {
        let object = try handle.topic(topic)
        let code = frame.withUnsafeBytes { bytes -> rd_kafka_resp_err_t in
            guard let key else { return produce(object, partition, bytes, nil, token) }
            return key.withUnsafeBytes { produce(object, partition, bytes, $0, token) }
        }
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaError(operation: "produce to \(topic)-\(partition)", code: code)
        }
    }

    private func produce(
        _ topic: OpaquePointer, _ partition: Int32, _ frame: UnsafeRawBufferPointer, _ key: UnsafeRawBufferPointer?,
        _ token: UInt
    ) -> rd_kafka_resp_err_t {
        let taken = rd_kafka_produce(
            topic, partition, RD_KAFKA_MSG_F_COPY, UnsafeMutableRawPointer(mutating: frame.baseAddress), frame.count,
            key?.baseAddress, key?.count ?? 0, UnsafeMutableRawPointer(bitPattern: token))
        return taken == 0 ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_last_error()
    }

    /// Hands over the outcomes that have arrived, with their tokens, and what the client library reports.
    public func outcomes(_ body: (UInt, Outcome) -> Void, events: (KafkaEvent) -> Void) {
        while let event = rd_kafka_queue_poll(handle.events, 0) {
            if rd_kafka_event_type(event) == RD_KAFKA_EVENT_DR {
                while let message = rd_kafka_event_message_next(event) { body(token(message), outcome(message)) }
            } else if let described = KafkaHandle.describe(event, client: handle.raw) {
                events(described)
            }
            rd_kafka_event_destroy(event)
        }
    }

    private func token(_ message: UnsafePointer<rd_kafka_message_t>) -> UInt {
        UInt(bitPattern: message.pointee._private)
    }

    private func outcome(_ message: UnsafePointer<rd_kafka_message_t>) -> Outcome {
        guard message.pointee.err != RD_KAFKA_RESP_ERR_NO_ERROR else {
            return .acknowledged(offset: message.pointee.offset)
        }
        let topic = message.pointee.rkt.map { String(cString: rd_kafka_topic_name($0)) } ?? "?"
        let operation = "append to \(topic)-\(message.pointee.partition)"
        return .refused(KafkaError(operation: operation, code: message.pointee.err))
    }

    /// Gives up everything that is queued or in flight: each frame's outcome is a refusal, though it may be in the log.
    public func purge() {
        rd_kafka_purge(handle.raw, Int32(RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT))
    }
}
