// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a request. API key 2, versions 1 to 10.
struct ListOffsetsRequest: RequestBody {
    static let key: Int16 = 2
    static let versions: ClosedRange<Int16> = 1...10
    static let firstFlexible: Int16 = 6

    /// The broker ID of the requester, or -1 if this request is being made by a normal consumer.
    var replicaId: Int32 = 0
    /// This setting controls the visibility of transactional records. Using READ_UNCOMMITTED (isolation_level = 0)
    /// makes all records visible. With READ_COMMITTED (isolation_level = 1), non-transactional and COMMITTED
    /// transactional records are visible. To be more concrete, READ_COMMITTED returns all data from offsets smaller
    /// than the current LSO (last stable offset), and enables the inclusion of the list of aborted transactions in the
    /// result, which allows consumers to discard ABORTED transactional records.
    var isolationLevel: Int8 = 0
    /// Each topic in the request.
    var topics: [ListOffsetsTopic] = []
    /// The timeout to await a response in milliseconds for requests that require reading from remote storage for topics
    /// enabled with tiered storage.
    var timeoutMs: Int32 = 0

    init() {}

    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        replicaId = try reader.int32()
        if version >= 2 {
            isolationLevel = try reader.int8()
        }
        for _ in 0..<(try reader.required(reader.count(compact: version >= 6, elementSize: 2, "Topics"), "Topics")) {
            topics.append(try ListOffsetsTopic(from: &reader, version: version))
        }
        if version >= 10 {
            timeoutMs = try reader.int32()
        }
        if version >= 6 { try reader.skipTags() }
    }

    struct ListOffsetsTopic: Equatable, Sendable {
        /// The topic name.
        var name: String = ""
        /// Each partition in the request.
        var partitions: [ListOffsetsPartition] = []

        init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            name = try reader.required(reader.string(compact: version >= 6, "Name"), "Name")
            for _ in 0..<(try reader.required(reader.count(compact: version >= 6, elementSize: 12, "Partitions"), "Partitions")) {
                partitions.append(try ListOffsetsPartition(from: &reader, version: version))
            }
            if version >= 6 { try reader.skipTags() }
        }

        struct ListOffsetsPartition: Equatable, Sendable {
            /// The partition index.
            var partitionIndex: Int32 = 0
            /// The current leader epoch.
            var currentLeaderEpoch: Int32 = -1
            /// The current timestamp.
            var timestamp: Int64 = 0

            init() {}

            init(from reader: inout WireReader, version: Int16) throws(WireError) {
                partitionIndex = try reader.int32()
                if version >= 4 {
                    currentLeaderEpoch = try reader.int32()
                }
                timestamp = try reader.int64()
                if version >= 6 { try reader.skipTags() }
            }
        }
    }
}
