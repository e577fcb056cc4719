// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a response. API key 16, versions 0 to 5.
struct ListGroupsResponse: ResponseBody {
    static let key: Int16 = 16
    static let versions: ClosedRange<Int16> = 0...5
    static let firstFlexible: Int16 = 3

    /// The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the
    /// request did not violate any quota.
    var throttleTimeMs: Int32 = 0
    /// The error code, or 0 if there was no error.
    var errorCode: Int16 = 0
    /// Each group in the response.
    var groups: [ListedGroup] = []

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 1 {
            writer.int32(throttleTimeMs)
        }
        writer.int16(errorCode)
        writer.count(groups.count, compact: version >= 3)
        for element in groups { element.write(to: &writer, version: version) }
        if version >= 3 { writer.noTags() }
    }

    struct ListedGroup: Equatable, Sendable {
        /// The group ID.
        var groupId: String = ""
        /// The group protocol type.
        var protocolType: String = ""
        /// The group state name.
        var groupState: String = ""
        /// The group type name.
        var groupType: String = ""

        func write(to writer: inout WireWriter, version: Int16) {
            writer.string(groupId, compact: version >= 3)
            writer.string(protocolType, compact: version >= 3)
            if version >= 4 {
                writer.string(groupState, compact: true)
            }
            if version >= 5 {
                writer.string(groupType, compact: true)
            }
            if version >= 3 { writer.noTags() }
        }
    }
}
