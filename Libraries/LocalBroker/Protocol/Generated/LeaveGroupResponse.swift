// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a response. API key 13, versions 0 to 5.
struct LeaveGroupResponse: ResponseBody {
    static let key: Int16 = 13
    static let versions: ClosedRange<Int16> = 0...5
    static let firstFlexible: Int16 = 4

    /// The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the
    /// request did not violate any quota.
    var throttleTimeMs: Int32 = 0
    /// The error code, or 0 if there was no error.
    var errorCode: Int16 = 0
    /// List of leaving member responses.
    var members: [MemberResponse] = []

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 1 {
            writer.int32(throttleTimeMs)
        }
        writer.int16(errorCode)
        if version >= 3 {
            writer.count(members.count, compact: version >= 4)
            for element in members { element.write(to: &writer, version: version) }
        }
        if version >= 4 { writer.noTags() }
    }

    struct MemberResponse: Equatable, Sendable {
        /// The member ID to remove from the group.
        var memberId: String = ""
        /// The group instance ID to remove from the group.
        var groupInstanceId: String? = ""
        /// The error code, or 0 if there was no error.
        var errorCode: Int16 = 0

        func write(to writer: inout WireWriter, version: Int16) {
            writer.string(memberId, compact: version >= 4)
            writer.string(groupInstanceId, compact: version >= 4)
            writer.int16(errorCode)
            if version >= 4 { writer.noTags() }
        }
    }
}
