// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a request. API key 0, versions 3 to 13.
struct ProduceRequest: RequestBody {
    static let key: Int16 = 0
    static let versions: ClosedRange<Int16> = 3...13
    static let firstFlexible: Int16 = 9

    /// The transactional ID, or null if the producer is not transactional.
    var transactionalId: String? = nil
    /// The number of acknowledgments the producer requires the leader to have received before considering a request
    /// complete. Allowed values: 0 for no acknowledgments, 1 for only the leader and -1 for the full ISR.
    var acks: Int16 = 0
    /// The timeout to await a response in milliseconds.
    var timeoutMs: Int32 = 0
    /// Each topic to produce to.
    var topicData: [TopicProduceData] = []

    init() {}

    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        transactionalId = try reader.string(compact: version >= 9, "TransactionalId")
        acks = try reader.int16()
        timeoutMs = try reader.int32()
        for _ in 0..<(try reader.required(reader.count(compact: version >= 9, elementSize: 2, "TopicData"), "TopicData")) {
            topicData.append(try TopicProduceData(from: &reader, version: version))
        }
        if version >= 9 { try reader.skipTags() }
    }

    struct TopicProduceData: Equatable, Sendable {
        /// The topic name.
        var name: String = ""
        /// The unique topic ID
        var topicId: KafkaUUID = .zero
        /// Each partition to produce to.
        var partitionData: [PartitionProduceData] = []

        init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            if version <= 12 {
                name = try reader.required(reader.string(compact: version >= 9, "Name"), "Name")
            }
            if version >= 13 {
                topicId = try reader.uuid()
            }
            for _ in 0..<(try reader.required(reader.count(compact: version >= 9, elementSize: 5, "PartitionData"), "PartitionData")) {
                partitionData.append(try PartitionProduceData(from: &reader, version: version))
            }
            if version >= 9 { try reader.skipTags() }
        }

        struct PartitionProduceData: Equatable, Sendable {
            /// The partition index.
            var index: Int32 = 0
            /// The record data to be produced.
            var records: WireSlice? = nil

            init() {}

            init(from reader: inout WireReader, version: Int16) throws(WireError) {
                index = try reader.int32()
                records = try reader.bytes(compact: version >= 9, "Records")
                if version >= 9 { try reader.skipTags() }
            }
        }
    }
}
