// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a response. API key 8, versions 2 to 10.
struct OffsetCommitResponse: ResponseBody {
    static let key: Int16 = 8
    static let versions: ClosedRange<Int16> = 2...10
    static let firstFlexible: Int16 = 8

    /// The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the
    /// request did not violate any quota.
    var throttleTimeMs: Int32 = 0
    /// The responses for each topic.
    var topics: [OffsetCommitResponseTopic] = []

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 3 {
            writer.int32(throttleTimeMs)
        }
        writer.count(topics.count, compact: version >= 8)
        for element in topics { element.write(to: &writer, version: version) }
        if version >= 8 { writer.noTags() }
    }

    struct OffsetCommitResponseTopic: Equatable, Sendable {
        /// The topic name.
        var name: String = ""
        /// The topic ID.
        var topicId: KafkaUUID = .zero
        /// The responses for each partition in the topic.
        var partitions: [OffsetCommitResponsePartition] = []

        func write(to writer: inout WireWriter, version: Int16) {
            if version <= 9 {
                writer.string(name, compact: version >= 8)
            }
            if version >= 10 {
                writer.uuid(topicId)
            }
            writer.count(partitions.count, compact: version >= 8)
            for element in partitions { element.write(to: &writer, version: version) }
            if version >= 8 { writer.noTags() }
        }

        struct OffsetCommitResponsePartition: Equatable, Sendable {
            /// The partition index.
            var partitionIndex: Int32 = 0
            /// The error code, or 0 if there was no error.
            var errorCode: Int16 = 0

            func write(to writer: inout WireWriter, version: Int16) {
                writer.int32(partitionIndex)
                writer.int16(errorCode)
                if version >= 8 { writer.noTags() }
            }
        }
    }
}
