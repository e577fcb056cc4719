// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a request. API key 19, versions 2 to 7.
struct CreateTopicsRequest: RequestBody {
    static let key: Int16 = 19
    static let versions: ClosedRange<Int16> = 2...7
    static let firstFlexible: Int16 = 5

    /// The topics to create.
    var topics: [CreatableTopic] = []
    /// How long to wait in milliseconds before timing out the request.
    var timeoutMs: Int32 = 60000
    /// If true, check that the topics can be created as specified, but don't create anything.
    var validateOnly: Bool = false

    init() {}

    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        for _ in 0..<(try reader.required(reader.count(compact: version >= 5, elementSize: 9, "Topics"), "Topics")) {
            topics.append(try CreatableTopic(from: &reader, version: version))
        }
        timeoutMs = try reader.int32()
        validateOnly = try reader.bool()
        if version >= 5 { try reader.skipTags() }
    }

    struct CreatableTopic: Equatable, Sendable {
        /// The topic name.
        var name: String = ""
        /// The number of partitions to create in the topic, or -1 if we are either specifying a manual partition
        /// assignment or using the default partitions.
        var numPartitions: Int32 = 0
        /// The number of replicas to create for each partition in the topic, or -1 if we are either specifying a manual
        /// partition assignment or using the default replication factor.
        var replicationFactor: Int16 = 0
        /// The manual partition assignment, or the empty array if we are using automatic assignment.
        var assignments: [CreatableReplicaAssignment] = []
        /// The custom topic configurations to set.
        var configs: [CreatableTopicConfig] = []

        init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            name = try reader.required(reader.string(compact: version >= 5, "Name"), "Name")
            numPartitions = try reader.int32()
            replicationFactor = try reader.int16()
            for _ in 0..<(try reader.required(reader.count(compact: version >= 5, elementSize: 5, "Assignments"), "Assignments")) {
                assignments.append(try CreatableReplicaAssignment(from: &reader, version: version))
            }
            for _ in 0..<(try reader.required(reader.count(compact: version >= 5, elementSize: 2, "Configs"), "Configs")) {
                configs.append(try CreatableTopicConfig(from: &reader, version: version))
            }
            if version >= 5 { try reader.skipTags() }
        }

        struct CreatableReplicaAssignment: Equatable, Sendable {
            /// The partition index.
            var partitionIndex: Int32 = 0
            /// The brokers to place the partition on.
            var brokerIds: [Int32] = []

            init() {}

            init(from reader: inout WireReader, version: Int16) throws(WireError) {
                partitionIndex = try reader.int32()
                for _ in 0..<(try reader.required(reader.count(compact: version >= 5, elementSize: 4, "BrokerIds"), "BrokerIds")) {
                    brokerIds.append(try reader.int32())
                }
                if version >= 5 { try reader.skipTags() }
            }
        }

        struct CreatableTopicConfig: Equatable, Sendable {
            /// The configuration name.
            var name: String = ""
            /// The configuration value.
            var value: String? = ""

            init() {}

            init(from reader: inout WireReader, version: Int16) throws(WireError) {
                name = try reader.required(reader.string(compact: version >= 5, "Name"), "Name")
                value = try reader.string(compact: version >= 5, "Value")
                if version >= 5 { try reader.skipTags() }
            }
        }
    }
}
