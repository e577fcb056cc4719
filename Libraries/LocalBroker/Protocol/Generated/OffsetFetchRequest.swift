// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a request. API key 9, versions 1 to 10.
struct OffsetFetchRequest: RequestBody {
    static let key: Int16 = 9
    static let versions: ClosedRange<Int16> = 1...10
    static let firstFlexible: Int16 = 6

    /// The group to fetch offsets for.
    var groupId: String = ""
    /// Each topic we would like to fetch offsets for, or null to fetch offsets for all topics.
    var topics: [OffsetFetchRequestTopic]? = []
    /// Each group we would like to fetch offsets for.
    var groups: [OffsetFetchRequestGroup] = []
    /// Whether broker should hold on returning unstable offsets but set a retriable error code for the partitions.
    var requireStable: Bool = false

    init() {}

    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        if version <= 7 {
            groupId = try reader.required(reader.string(compact: version >= 6, "GroupId"), "GroupId")
        }
        if version <= 7 {
            if let count = try reader.count(compact: version >= 6, elementSize: 2, "Topics") {
                topics = []
                for _ in 0..<count { topics?.append(try OffsetFetchRequestTopic(from: &reader, version: version)) }
            } else {
                topics = nil
            }
        }
        if version >= 8 {
            for _ in 0..<(try reader.required(reader.count(compact: true, elementSize: 2, "Groups"), "Groups")) {
                groups.append(try OffsetFetchRequestGroup(from: &reader, version: version))
            }
        }
        if version >= 7 {
            requireStable = try reader.bool()
        }
        if version >= 6 { try reader.skipTags() }
    }

    struct OffsetFetchRequestTopic: Equatable, Sendable {
        /// The topic name.
        var name: String = ""
        /// The partition indexes we would like to fetch offsets for.
        var partitionIndexes: [Int32] = []

        init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            name = try reader.required(reader.string(compact: version >= 6, "Name"), "Name")
            for _ in 0..<(try reader.required(reader.count(compact: version >= 6, elementSize: 4, "PartitionIndexes"), "PartitionIndexes")) {
                partitionIndexes.append(try reader.int32())
            }
            if version >= 6 { try reader.skipTags() }
        }
    }

    struct OffsetFetchRequestGroup: Equatable, Sendable {
        /// The group ID.
        var groupId: String = ""
        /// The member id.
        var memberId: String? = nil
        /// The member epoch if using the new consumer protocol (KIP-848).
        var memberEpoch: Int32 = -1
        /// Each topic we would like to fetch offsets for, or null to fetch offsets for all topics.
        var topics: [OffsetFetchRequestTopics]? = []

        init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            groupId = try reader.required(reader.string(compact: true, "GroupId"), "GroupId")
            if version >= 9 {
                memberId = try reader.string(compact: true, "MemberId")
            }
            if version >= 9 {
                memberEpoch = try reader.int32()
            }
            if let count = try reader.count(compact: true, elementSize: 2, "Topics") {
                topics = []
                for _ in 0..<count { topics?.append(try OffsetFetchRequestTopics(from: &reader, version: version)) }
            } else {
                topics = nil
            }
            try reader.skipTags()
        }

        struct OffsetFetchRequestTopics: Equatable, Sendable {
            /// The topic name.
            var name: String = ""
            /// The topic ID.
            var topicId: KafkaUUID = .zero
            /// The partition indexes we would like to fetch offsets for.
            var partitionIndexes: [Int32] = []

            init() {}

            init(from reader: inout WireReader, version: Int16) throws(WireError) {
                if version <= 9 {
                    name = try reader.required(reader.string(compact: true, "Name"), "Name")
                }
                if version >= 10 {
                    topicId = try reader.uuid()
                }
                for _ in 0..<(try reader.required(reader.count(compact: true, elementSize: 4, "PartitionIndexes"), "PartitionIndexes")) {
                    partitionIndexes.append(try reader.int32())
                }
                try reader.skipTags()
            }
        }
    }
}
