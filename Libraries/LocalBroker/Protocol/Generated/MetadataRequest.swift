// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a request. API key 3, versions 0 to 13.
struct MetadataRequest: RequestBody {
    static let key: Int16 = 3
    static let versions: ClosedRange<Int16> = 0...13
    static let firstFlexible: Int16 = 9

    /// The topics to fetch metadata for.
    var topics: [MetadataRequestTopic]? = []
    /// If this is true, the broker may auto-create topics that we requested which do not already exist, if it is
    /// configured to do so.
    var allowAutoTopicCreation: Bool = true
    /// Whether to include cluster authorized operations.
    var includeClusterAuthorizedOperations: Bool = false
    /// Whether to include topic authorized operations.
    var includeTopicAuthorizedOperations: Bool = false

    init() {}

    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        if let count = try reader.count(compact: version >= 9, elementSize: 1, "Topics") {
            topics = []
            for _ in 0..<count { topics?.append(try MetadataRequestTopic(from: &reader, version: version)) }
        } else {
            topics = nil
        }
        if version >= 4 {
            allowAutoTopicCreation = try reader.bool()
        }
        if version >= 8, version <= 10 {
            includeClusterAuthorizedOperations = try reader.bool()
        }
        if version >= 8 {
            includeTopicAuthorizedOperations = try reader.bool()
        }
        if version >= 9 { try reader.skipTags() }
    }

    struct MetadataRequestTopic: Equatable, Sendable {
        /// The topic id.
        var topicId: KafkaUUID = .zero
        /// The topic name.
        var name: String? = ""

        init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            if version >= 10 {
                topicId = try reader.uuid()
            }
            name = try reader.string(compact: version >= 9, "Name")
            if version >= 9 { try reader.skipTags() }
        }
    }
}
