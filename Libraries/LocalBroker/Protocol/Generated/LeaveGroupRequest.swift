// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a request. API key 13, versions 0 to 5.
struct LeaveGroupRequest: RequestBody {
    static let key: Int16 = 13
    static let versions: ClosedRange<Int16> = 0...5
    static let firstFlexible: Int16 = 4

    /// The ID of the group to leave.
    var groupId: String = ""
    /// The member ID to remove from the group.
    var memberId: String = ""
    /// List of leaving member identities.
    var members: [MemberIdentity] = []

    init() {}

    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        groupId = try reader.required(reader.string(compact: version >= 4, "GroupId"), "GroupId")
        if version <= 2 {
            memberId = try reader.required(reader.string(compact: version >= 4, "MemberId"), "MemberId")
        }
        if version >= 3 {
            for _ in 0..<(try reader.required(reader.count(compact: version >= 4, elementSize: 2, "Members"), "Members")) {
                members.append(try MemberIdentity(from: &reader, version: version))
            }
        }
        if version >= 4 { try reader.skipTags() }
    }

    struct MemberIdentity: Equatable, Sendable {
        /// The member ID to remove from the group.
        var memberId: String = ""
        /// The group instance ID to remove from the group.
        var groupInstanceId: String? = nil
        /// The reason why the member left the group.
        var reason: String? = nil

        init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            memberId = try reader.required(reader.string(compact: version >= 4, "MemberId"), "MemberId")
            groupInstanceId = try reader.string(compact: version >= 4, "GroupInstanceId")
            if version >= 5 {
                reason = try reader.string(compact: true, "Reason")
            }
            if version >= 4 { try reader.skipTags() }
        }
    }
}
