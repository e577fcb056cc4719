// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a response. API key 21, versions 0 to 2.
struct DeleteRecordsResponse: ResponseBody {
    static let key: Int16 = 21
    static let versions: ClosedRange<Int16> = 0...2
    static let firstFlexible: Int16 = 2

    /// The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the
    /// request did not violate any quota.
    var throttleTimeMs: Int32 = 0
    /// Each topic that we wanted to delete records from.
    var topics: [DeleteRecordsTopicResult] = []

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.count(topics.count, compact: version >= 2)
        for element in topics { element.write(to: &writer, version: version) }
        if version >= 2 { writer.noTags() }
    }

    struct DeleteRecordsTopicResult: Equatable, Sendable {
        /// The topic name.
        var name: String = ""
        /// Each partition that we wanted to delete records from.
        var partitions: [DeleteRecordsPartitionResult] = []

        func write(to writer: inout WireWriter, version: Int16) {
            writer.string(name, compact: version >= 2)
            writer.count(partitions.count, compact: version >= 2)
            for element in partitions { element.write(to: &writer, version: version) }
            if version >= 2 { writer.noTags() }
        }

        struct DeleteRecordsPartitionResult: Equatable, Sendable {
            /// The partition index.
            var partitionIndex: Int32 = 0
            /// The partition low water mark.
            var lowWatermark: Int64 = 0
            /// The deletion error code, or 0 if the deletion succeeded.
            var errorCode: Int16 = 0

            func write(to writer: inout WireWriter, version: Int16) {
                writer.int32(partitionIndex)
                writer.int64(lowWatermark)
                writer.int16(errorCode)
                if version >= 2 { writer.noTags() }
            }
        }
    }
}
