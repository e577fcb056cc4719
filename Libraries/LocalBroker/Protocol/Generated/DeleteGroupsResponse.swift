// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a response. API key 42, versions 0 to 2.
struct DeleteGroupsResponse: ResponseBody {
    static let key: Int16 = 42
    static let versions: ClosedRange<Int16> = 0...2
    static let firstFlexible: Int16 = 2

    /// The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the
    /// request did not violate any quota.
    var throttleTimeMs: Int32 = 0
    /// The deletion results.
    var results: [DeletableGroupResult] = []

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.count(results.count, compact: version >= 2)
        for element in results { element.write(to: &writer, version: version) }
        if version >= 2 { writer.noTags() }
    }

    struct DeletableGroupResult: Equatable, Sendable {
        /// The group id.
        var groupId: String = ""
        /// The deletion error, or 0 if the deletion succeeded.
        var errorCode: Int16 = 0

        func write(to writer: inout WireWriter, version: Int16) {
            writer.string(groupId, compact: version >= 2)
            writer.int16(errorCode)
            if version >= 2 { writer.noTags() }
        }
    }
}
