// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a request. API key 8, versions 2 to 10.
struct OffsetCommitRequest: RequestBody {
    static let key: Int16 = 8
    static let versions: ClosedRange<Int16> = 2...10
    static let firstFlexible: Int16 = 8

    /// The unique group identifier.
    var groupId: String = ""
    /// The generation of the group if using the classic group protocol or the member epoch if using the consumer
    /// protocol.
    var generationIdOrMemberEpoch: Int32 = -1
    /// The member ID assigned by the group coordinator.
    var memberId: String = ""
    /// The unique identifier of the consumer instance provided by end user.
    var groupInstanceId: String? = nil
    /// The time period in ms to retain the offset.
    var retentionTimeMs: Int64 = -1
    /// The topics to commit offsets for.
    var topics: [OffsetCommitRequestTopic] = []

    init() {}

    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        groupId = try reader.required(reader.string(compact: version >= 8, "GroupId"), "GroupId")
        generationIdOrMemberEpoch = try reader.int32()
        memberId = try reader.required(reader.string(compact: version >= 8, "MemberId"), "MemberId")
        if version >= 7 {
            groupInstanceId = try reader.string(compact: version >= 8, "GroupInstanceId")
        }
        if version <= 4 {
            retentionTimeMs = try reader.int64()
        }
        for _ in 0..<(try reader.required(reader.count(compact: version >= 8, elementSize: 2, "Topics"), "Topics")) {
            topics.append(try OffsetCommitRequestTopic(from: &reader, version: version))
        }
        if version >= 8 { try reader.skipTags() }
    }

    struct OffsetCommitRequestTopic: Equatable, Sendable {
        /// The topic name.
        var name: String = ""
        /// The topic ID.
        var topicId: KafkaUUID = .zero
        /// Each partition to commit offsets for.
        var partitions: [OffsetCommitRequestPartition] = []

        init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            if version <= 9 {
                name = try reader.required(reader.string(compact: version >= 8, "Name"), "Name")
            }
            if version >= 10 {
                topicId = try reader.uuid()
            }
            for _ in 0..<(try reader.required(reader.count(compact: version >= 8, elementSize: 13, "Partitions"), "Partitions")) {
                partitions.append(try OffsetCommitRequestPartition(from: &reader, version: version))
            }
            if version >= 8 { try reader.skipTags() }
        }

        struct OffsetCommitRequestPartition: Equatable, Sendable {
            /// The partition index.
            var partitionIndex: Int32 = 0
            /// The message offset to be committed.
            var committedOffset: Int64 = 0
            /// The leader epoch of this partition.
            var committedLeaderEpoch: Int32 = -1
            /// Any associated metadata the client wants to keep.
            var committedMetadata: String? = ""

            init() {}

            init(from reader: inout WireReader, version: Int16) throws(WireError) {
                partitionIndex = try reader.int32()
                committedOffset = try reader.int64()
                if version >= 6 {
                    committedLeaderEpoch = try reader.int32()
                }
                committedMetadata = try reader.string(compact: version >= 8, "CommittedMetadata")
                if version >= 8 { try reader.skipTags() }
            }
        }
    }
}
