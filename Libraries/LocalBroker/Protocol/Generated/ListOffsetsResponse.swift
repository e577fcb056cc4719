// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a response. API key 2, versions 1 to 10.
struct ListOffsetsResponse: ResponseBody {
    static let key: Int16 = 2
    static let versions: ClosedRange<Int16> = 1...10
    static let firstFlexible: Int16 = 6

    /// The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the
    /// request did not violate any quota.
    var throttleTimeMs: Int32 = 0
    /// Each topic in the response.
    var topics: [ListOffsetsTopicResponse] = []

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 2 {
            writer.int32(throttleTimeMs)
        }
        writer.count(topics.count, compact: version >= 6)
        for element in topics { element.write(to: &writer, version: version) }
        if version >= 6 { writer.noTags() }
    }

    struct ListOffsetsTopicResponse: Equatable, Sendable {
        /// The topic name.
        var name: String = ""
        /// Each partition in the response.
        var partitions: [ListOffsetsPartitionResponse] = []

        func write(to writer: inout WireWriter, version: Int16) {
            writer.string(name, compact: version >= 6)
            writer.count(partitions.count, compact: version >= 6)
            for element in partitions { element.write(to: &writer, version: version) }
            if version >= 6 { writer.noTags() }
        }

        struct ListOffsetsPartitionResponse: Equatable, Sendable {
            /// The partition index.
            var partitionIndex: Int32 = 0
            /// The partition error code, or 0 if there was no error.
            var errorCode: Int16 = 0
            /// The timestamp associated with the returned offset.
            var timestamp: Int64 = -1
            /// The returned offset.
            var offset: Int64 = -1
            /// The leader epoch associated with the returned offset.
            var leaderEpoch: Int32 = -1

            func write(to writer: inout WireWriter, version: Int16) {
                writer.int32(partitionIndex)
                writer.int16(errorCode)
                writer.int64(timestamp)
                writer.int64(offset)
                if version >= 4 {
                    writer.int32(leaderEpoch)
                }
                if version >= 6 { writer.noTags() }
            }
        }
    }
}
