// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a response. API key 15, versions 0 to 6.
struct DescribeGroupsResponse: ResponseBody {
    static let key: Int16 = 15
    static let versions: ClosedRange<Int16> = 0...6
    static let firstFlexible: Int16 = 5

    /// The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the
    /// request did not violate any quota.
    var throttleTimeMs: Int32 = 0
    /// Each described group.
    var groups: [DescribedGroup] = []

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 1 {
            writer.int32(throttleTimeMs)
        }
        writer.count(groups.count, compact: version >= 5)
        for element in groups { element.write(to: &writer, version: version) }
        if version >= 5 { writer.noTags() }
    }

    struct DescribedGroup: Equatable, Sendable {
        /// The describe error, or 0 if there was no error.
        var errorCode: Int16 = 0
        /// The describe error message, or null if there was no error.
        var errorMessage: String? = nil
        /// The group ID string.
        var groupId: String = ""
        /// The group state string, or the empty string.
        var groupState: String = ""
        /// The group protocol type, or the empty string.
        var protocolType: String = ""
        /// The group protocol data, or the empty string.
        var protocolData: String = ""
        /// The group members.
        var members: [DescribedGroupMember] = []
        /// 32-bit bitfield to represent authorized operations for this group.
        var authorizedOperations: Int32 = -2147483648

        func write(to writer: inout WireWriter, version: Int16) {
            writer.int16(errorCode)
            if version >= 6 {
                writer.string(errorMessage, compact: true)
            }
            writer.string(groupId, compact: version >= 5)
            writer.string(groupState, compact: version >= 5)
            writer.string(protocolType, compact: version >= 5)
            writer.string(protocolData, compact: version >= 5)
            writer.count(members.count, compact: version >= 5)
            for element in members { element.write(to: &writer, version: version) }
            if version >= 3 {
                writer.int32(authorizedOperations)
            }
            if version >= 5 { writer.noTags() }
        }

        struct DescribedGroupMember: Equatable, Sendable {
            /// The member id.
            var memberId: String = ""
            /// The unique identifier of the consumer instance provided by end user.
            var groupInstanceId: String? = nil
            /// The client ID used in the member's latest join group request.
            var clientId: String = ""
            /// The client host.
            var clientHost: String = ""
            /// The metadata corresponding to the current group protocol in use.
            var memberMetadata: [UInt8] = []
            /// The current assignment provided by the group leader.
            var memberAssignment: [UInt8] = []

            func write(to writer: inout WireWriter, version: Int16) {
                writer.string(memberId, compact: version >= 5)
                if version >= 4 {
                    writer.string(groupInstanceId, compact: version >= 5)
                }
                writer.string(clientId, compact: version >= 5)
                writer.string(clientHost, compact: version >= 5)
                writer.bytes(memberMetadata, compact: version >= 5)
                writer.bytes(memberAssignment, compact: version >= 5)
                if version >= 5 { writer.noTags() }
            }
        }
    }
}
