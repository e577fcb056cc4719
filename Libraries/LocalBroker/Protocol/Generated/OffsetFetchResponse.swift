// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a response. API key 9, versions 1 to 10.
struct OffsetFetchResponse: ResponseBody {
    static let key: Int16 = 9
    static let versions: ClosedRange<Int16> = 1...10
    static let firstFlexible: Int16 = 6

    /// The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the
    /// request did not violate any quota.
    var throttleTimeMs: Int32 = 0
    /// The responses per topic.
    var topics: [OffsetFetchResponseTopic] = []
    /// The top-level error code, or 0 if there was no error.
    var errorCode: Int16 = 0
    /// The responses per group id.
    var groups: [OffsetFetchResponseGroup] = []

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 3 {
            writer.int32(throttleTimeMs)
        }
        if version <= 7 {
            writer.count(topics.count, compact: version >= 6)
            for element in topics { element.write(to: &writer, version: version) }
        }
        if version >= 2, version <= 7 {
            writer.int16(errorCode)
        }
        if version >= 8 {
            writer.count(groups.count, compact: true)
            for element in groups { element.write(to: &writer, version: version) }
        }
        if version >= 6 { writer.noTags() }
    }

    struct OffsetFetchResponseTopic: Equatable, Sendable {
        /// The topic name.
        var name: String = ""
        /// The responses per partition.
        var partitions: [OffsetFetchResponsePartition] = []

        func write(to writer: inout WireWriter, version: Int16) {
            writer.string(name, compact: version >= 6)
            writer.count(partitions.count, compact: version >= 6)
            for element in partitions { element.write(to: &writer, version: version) }
            if version >= 6 { writer.noTags() }
        }

        struct OffsetFetchResponsePartition: Equatable, Sendable {
            /// The partition index.
            var partitionIndex: Int32 = 0
            /// The committed message offset.
            var committedOffset: Int64 = 0
            /// The leader epoch.
            var committedLeaderEpoch: Int32 = -1
            /// The partition metadata.
            var metadata: String? = ""
            /// The error code, or 0 if there was no error.
            var errorCode: Int16 = 0

            func write(to writer: inout WireWriter, version: Int16) {
                writer.int32(partitionIndex)
                writer.int64(committedOffset)
                if version >= 5 {
                    writer.int32(committedLeaderEpoch)
                }
                writer.string(metadata, compact: version >= 6)
                writer.int16(errorCode)
                if version >= 6 { writer.noTags() }
            }
        }
    }

    struct OffsetFetchResponseGroup: Equatable, Sendable {
        /// The group ID.
        var groupId: String = ""
        /// The responses per topic.
        var topics: [OffsetFetchResponseTopics] = []
        /// The group-level error code, or 0 if there was no error.
        var errorCode: Int16 = 0

        func write(to writer: inout WireWriter, version: Int16) {
            writer.string(groupId, compact: true)
            writer.count(topics.count, compact: true)
            for element in topics { element.write(to: &writer, version: version) }
            writer.int16(errorCode)
            writer.noTags()
        }

        struct OffsetFetchResponseTopics: Equatable, Sendable {
            /// The topic name.
            var name: String = ""
            /// The topic ID.
            var topicId: KafkaUUID = .zero
            /// The responses per partition.
            var partitions: [OffsetFetchResponsePartitions] = []

            func write(to writer: inout WireWriter, version: Int16) {
                if version <= 9 {
                    writer.string(name, compact: true)
                }
                if version >= 10 {
                    writer.uuid(topicId)
                }
                writer.count(partitions.count, compact: true)
                for element in partitions { element.write(to: &writer, version: version) }
                writer.noTags()
            }

            struct OffsetFetchResponsePartitions: Equatable, Sendable {
                /// The partition index.
                var partitionIndex: Int32 = 0
                /// The committed message offset.
                var committedOffset: Int64 = 0
                /// The leader epoch.
                var committedLeaderEpoch: Int32 = -1
                /// The partition metadata.
                var metadata: String? = ""
                /// The partition-level error code, or 0 if there was no error.
                var errorCode: Int16 = 0

                func write(to writer: inout WireWriter, version: Int16) {
                    writer.int32(partitionIndex)
                    writer.int64(committedOffset)
                    writer.int32(committedLeaderEpoch)
                    writer.string(metadata, compact: true)
                    writer.int16(errorCode)
                    writer.noTags()
                }
            }
        }
    }
}
