// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a response. API key 37, versions 0 to 3.
struct CreatePartitionsResponse: ResponseBody {
    static let key: Int16 = 37
    static let versions: ClosedRange<Int16> = 0...3
    static let firstFlexible: Int16 = 2

    /// The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the
    /// request did not violate any quota.
    var throttleTimeMs: Int32 = 0
    /// The partition creation results for each topic.
    var results: [CreatePartitionsTopicResult] = []

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.count(results.count, compact: version >= 2)
        for element in results { element.write(to: &writer, version: version) }
        if version >= 2 { writer.noTags() }
    }

    struct CreatePartitionsTopicResult: Equatable, Sendable {
        /// The topic name.
        var name: String = ""
        /// The result error, or zero if there was no error.
        var errorCode: Int16 = 0
        /// The result message, or null if there was no error.
        var errorMessage: String? = nil

        func write(to writer: inout WireWriter, version: Int16) {
            writer.string(name, compact: version >= 2)
            writer.int16(errorCode)
            writer.string(errorMessage, compact: version >= 2)
            if version >= 2 { writer.noTags() }
        }
    }
}
