// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a request. API key 1, versions 4 to 18.
struct FetchRequest: RequestBody {
    static let key: Int16 = 1
    static let versions: ClosedRange<Int16> = 4...18
    static let firstFlexible: Int16 = 12

    /// The broker ID of the follower, of -1 if this request is from a consumer.
    var replicaId: Int32 = -1
    /// The maximum time in milliseconds to wait for the response.
    var maxWaitMs: Int32 = 0
    /// The minimum bytes to accumulate in the response.
    var minBytes: Int32 = 0
    /// The maximum bytes to fetch. See KIP-74 for cases where this limit may not be honored.
    var maxBytes: Int32 = 2147483647
    /// This setting controls the visibility of transactional records. Using READ_UNCOMMITTED (isolation_level = 0)
    /// makes all records visible. With READ_COMMITTED (isolation_level = 1), non-transactional and COMMITTED
    /// transactional records are visible. To be more concrete, READ_COMMITTED returns all data from offsets smaller
    /// than the current LSO (last stable offset), and enables the inclusion of the list of aborted transactions in the
    /// result, which allows consumers to discard ABORTED transactional records.
    var isolationLevel: Int8 = 0
    /// The fetch session ID.
    var sessionId: Int32 = 0
    /// The fetch session epoch, which is used for ordering requests in a session.
    var sessionEpoch: Int32 = -1
    /// The topics to fetch.
    var topics: [FetchTopic] = []
    /// In an incremental fetch request, the partitions to remove.
    var forgottenTopicsData: [ForgottenTopic] = []
    /// Rack ID of the consumer making this request.
    var rackId: String = ""

    init() {}

    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        if version <= 14 {
            replicaId = try reader.int32()
        }
        maxWaitMs = try reader.int32()
        minBytes = try reader.int32()
        maxBytes = try reader.int32()
        isolationLevel = try reader.int8()
        if version >= 7 {
            sessionId = try reader.int32()
        }
        if version >= 7 {
            sessionEpoch = try reader.int32()
        }
        for _ in 0..<(try reader.required(reader.count(compact: version >= 12, elementSize: 2, "Topics"), "Topics")) {
            topics.append(try FetchTopic(from: &reader, version: version))
        }
        if version >= 7 {
            for _ in 0..<(try reader.required(reader.count(compact: version >= 12, elementSize: 2, "ForgottenTopicsData"), "ForgottenTopicsData")) {
                forgottenTopicsData.append(try ForgottenTopic(from: &reader, version: version))
            }
        }
        if version >= 11 {
            rackId = try reader.required(reader.string(compact: version >= 12, "RackId"), "RackId")
        }
        if version >= 12 { try reader.skipTags() }
    }

    struct FetchTopic: Equatable, Sendable {
        /// The name of the topic to fetch.
        var topic: String = ""
        /// The unique topic ID.
        var topicId: KafkaUUID = .zero
        /// The partitions to fetch.
        var partitions: [FetchPartition] = []

        init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            if version <= 12 {
                topic = try reader.required(reader.string(compact: version >= 12, "Topic"), "Topic")
            }
            if version >= 13 {
                topicId = try reader.uuid()
            }
            for _ in 0..<(try reader.required(reader.count(compact: version >= 12, elementSize: 16, "Partitions"), "Partitions")) {
                partitions.append(try FetchPartition(from: &reader, version: version))
            }
            if version >= 12 { try reader.skipTags() }
        }

        struct FetchPartition: Equatable, Sendable {
            /// The partition index.
            var partition: Int32 = 0
            /// The current leader epoch of the partition.
            var currentLeaderEpoch: Int32 = -1
            /// The message offset.
            var fetchOffset: Int64 = 0
            /// The epoch of the last fetched record or -1 if there is none.
            var lastFetchedEpoch: Int32 = -1
            /// The earliest available offset of the follower replica. The field is only used when the request is sent
            /// by the follower.
            var logStartOffset: Int64 = -1
            /// The maximum bytes to fetch from this partition. See KIP-74 for cases where this limit may not be
            /// honored.
            var partitionMaxBytes: Int32 = 0

            init() {}

            init(from reader: inout WireReader, version: Int16) throws(WireError) {
                partition = try reader.int32()
                if version >= 9 {
                    currentLeaderEpoch = try reader.int32()
                }
                fetchOffset = try reader.int64()
                if version >= 12 {
                    lastFetchedEpoch = try reader.int32()
                }
                if version >= 5 {
                    logStartOffset = try reader.int64()
                }
                partitionMaxBytes = try reader.int32()
                if version >= 12 { try reader.skipTags() }
            }
        }
    }

    struct ForgottenTopic: Equatable, Sendable {
        /// The topic name.
        var topic: String = ""
        /// The unique topic ID.
        var topicId: KafkaUUID = .zero
        /// The partitions indexes to forget.
        var partitions: [Int32] = []

        init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            if version <= 12 {
                topic = try reader.required(reader.string(compact: version >= 12, "Topic"), "Topic")
            }
            if version >= 13 {
                topicId = try reader.uuid()
            }
            for _ in 0..<(try reader.required(reader.count(compact: version >= 12, elementSize: 4, "Partitions"), "Partitions")) {
                partitions.append(try reader.int32())
            }
            if version >= 12 { try reader.skipTags() }
        }
    }
}
