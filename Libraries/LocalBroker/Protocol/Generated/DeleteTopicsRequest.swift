// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a request. API key 20, versions 1 to 6.
struct DeleteTopicsRequest: RequestBody {
    static let key: Int16 = 20
    static let versions: ClosedRange<Int16> = 1...6
    static let firstFlexible: Int16 = 4

    /// The name or topic ID of the topic.
    var topics: [DeleteTopicState] = []
    /// The names of the topics to delete.
    var topicNames: [String] = []
    /// The length of time in milliseconds to wait for the deletions to complete.
    var timeoutMs: Int32 = 0

    init() {}

    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        if version >= 6 {
            for _ in 0..<(try reader.required(reader.count(compact: true, elementSize: 17, "Topics"), "Topics")) {
                topics.append(try DeleteTopicState(from: &reader, version: version))
            }
        }
        if version <= 5 {
            for _ in 0..<(try reader.required(reader.count(compact: version >= 4, elementSize: 1, "TopicNames"), "TopicNames")) {
                topicNames.append(try reader.required(reader.string(compact: version >= 4, "element"), "element"))
            }
        }
        timeoutMs = try reader.int32()
        if version >= 4 { try reader.skipTags() }
    }

    struct DeleteTopicState: Equatable, Sendable {
        /// The topic name.
        var name: String? = nil
        /// The unique topic ID.
        var topicId: KafkaUUID = .zero

        init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            name = try reader.string(compact: true, "Name")
            topicId = try reader.uuid()
            try reader.skipTags()
        }
    }
}
