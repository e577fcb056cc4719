// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a response. API key 19, versions 2 to 7.
struct CreateTopicsResponse: ResponseBody {
    static let key: Int16 = 19
    static let versions: ClosedRange<Int16> = 2...7
    static let firstFlexible: Int16 = 5

    /// The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the
    /// request did not violate any quota.
    var throttleTimeMs: Int32 = 0
    /// Results for each topic we tried to create.
    var topics: [CreatableTopicResult] = []

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.count(topics.count, compact: version >= 5)
        for element in topics { element.write(to: &writer, version: version) }
        if version >= 5 { writer.noTags() }
    }

    struct CreatableTopicResult: Equatable, Sendable {
        /// The topic name.
        var name: String = ""
        /// The unique topic ID.
        var topicId: KafkaUUID = .zero
        /// The error code, or 0 if there was no error.
        var errorCode: Int16 = 0
        /// The error message, or null if there was no error.
        var errorMessage: String? = ""
        /// Number of partitions of the topic.
        var numPartitions: Int32 = -1
        /// Replication factor of the topic.
        var replicationFactor: Int16 = -1
        /// Configuration of the topic.
        var configs: [CreatableTopicConfigs]? = []

        func write(to writer: inout WireWriter, version: Int16) {
            writer.string(name, compact: version >= 5)
            if version >= 7 {
                writer.uuid(topicId)
            }
            writer.int16(errorCode)
            writer.string(errorMessage, compact: version >= 5)
            if version >= 5 {
                writer.int32(numPartitions)
            }
            if version >= 5 {
                writer.int16(replicationFactor)
            }
            if version >= 5 {
                writer.count(configs?.count ?? -1, compact: true)
                for element in configs ?? [] { element.write(to: &writer, version: version) }
            }
            if version >= 5 { writer.noTags() }
        }

        struct CreatableTopicConfigs: Equatable, Sendable {
            /// The configuration name.
            var name: String = ""
            /// The configuration value.
            var value: String? = ""
            /// True if the configuration is read-only.
            var readOnly: Bool = false
            /// The configuration source.
            var configSource: Int8 = -1
            /// True if this configuration is sensitive.
            var isSensitive: Bool = false

            func write(to writer: inout WireWriter, version: Int16) {
                writer.string(name, compact: true)
                writer.string(value, compact: true)
                writer.bool(readOnly)
                writer.int8(configSource)
                writer.bool(isSensitive)
                writer.noTags()
            }
        }
    }
}
