// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a response. API key 20, versions 1 to 6.
struct DeleteTopicsResponse: ResponseBody {
    static let key: Int16 = 20
    static let versions: ClosedRange<Int16> = 1...6
    static let firstFlexible: Int16 = 4

    /// The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the
    /// request did not violate any quota.
    var throttleTimeMs: Int32 = 0
    /// The results for each topic we tried to delete.
    var responses: [DeletableTopicResult] = []

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.count(responses.count, compact: version >= 4)
        for element in responses { element.write(to: &writer, version: version) }
        if version >= 4 { writer.noTags() }
    }

    struct DeletableTopicResult: Equatable, Sendable {
        /// The topic name.
        var name: String? = ""
        /// The unique topic ID.
        var topicId: KafkaUUID = .zero
        /// The deletion error, or 0 if the deletion succeeded.
        var errorCode: Int16 = 0
        /// The error message, or null if there was no error.
        var errorMessage: String? = nil

        func write(to writer: inout WireWriter, version: Int16) {
            writer.string(name, compact: version >= 4)
            if version >= 6 {
                writer.uuid(topicId)
            }
            writer.int16(errorCode)
            if version >= 5 {
                writer.string(errorMessage, compact: true)
            }
            if version >= 4 { writer.noTags() }
        }
    }
}
