import CRDKafka

extension KafkaAdmin {
    /// A partition by the full name of its topic.
    public struct Partition: Hashable, Sendable {
        public var topic: String
        public var partition: Int32

        public init(topic: String, partition: Int32) {
            self.topic = topic
            self.partition = partition
        }
    }

    /// Which offset of a partition is asked for.
    public enum Point: Sendable, Equatable {
        /// The first offset that retention has left.
        case earliest
        /// The offset that the next record will get.
        case latest
        /// The first record appended at or after this time; the end of the log when there is none.
        case time(milliseconds: Int64)
    }

    /// Looks up one point in each of the partitions, by one request a leader.
    public func offsets(_ point: Point, of partitions: [Partition]) throws(KafkaError) -> [Partition: Int64] {
        guard !partitions.isEmpty else { return [:] }
        let operation = "look up offsets"
        guard let list = rd_kafka_topic_partition_list_new(Int32(partitions.count)) else { return [:] }
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for partition in partitions {
            let entry = rd_kafka_topic_partition_list_add(list, partition.topic, partition.partition)
            entry?.pointee.offset =
                switch point {
                case .earliest: Int64(RD_KAFKA_OFFSET_BEGINNING)
                case .latest: Int64(RD_KAFKA_OFFSET_END)
                case .time(let milliseconds): milliseconds
                }
        }
        let code = rd_kafka_offsets_for_times(handle.raw, list, timeout)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(operation: operation, code: code) }
        var found: [Partition: Int64] = [:]
        var afterTheLast: [Partition] = []
        for index in 0..<Int(list.pointee.cnt) {
            let entry = list.pointee.elems[index]
            let partition = Partition(topic: String(cString: entry.topic), partition: entry.partition)
            guard entry.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
                throw KafkaError(operation: "\(operation) of \(partition.topic)-\(entry.partition)", code: entry.err)
            }
            if entry.offset >= 0 { found[partition] = entry.offset } else { afterTheLast.append(partition) }
        }
        if !afterTheLast.isEmpty, point != .latest {
            try found.merge(offsets(.latest, of: afterTheLast)) { $1 }
        }
        return found
    }
}
