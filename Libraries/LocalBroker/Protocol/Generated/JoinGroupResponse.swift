// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a response. API key 11, versions 0 to 9.
struct JoinGroupResponse: ResponseBody {
    static let key: Int16 = 11
    static let versions: ClosedRange<Int16> = 0...9
    static let firstFlexible: Int16 = 6

    /// The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the
    /// request did not violate any quota.
    var throttleTimeMs: Int32 = 0
    /// The error code, or 0 if there was no error.
    var errorCode: Int16 = 0
    /// The generation ID of the group.
    var generationId: Int32 = -1
    /// The group protocol name.
    var protocolType: String? = nil
    /// The group protocol selected by the coordinator.
    var protocolName: String? = ""
    /// The leader of the group.
    var leader: String = ""
    /// True if the leader must skip running the assignment.
    var skipAssignment: Bool = false
    /// The member ID assigned by the group coordinator.
    var memberId: String = ""
    /// The group members.
    var members: [JoinGroupResponseMember] = []

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 2 {
            writer.int32(throttleTimeMs)
        }
        writer.int16(errorCode)
        writer.int32(generationId)
        if version >= 7 {
            writer.string(protocolType, compact: true)
        }
        writer.string(protocolName, compact: version >= 6)
        writer.string(leader, compact: version >= 6)
        if version >= 9 {
            writer.bool(skipAssignment)
        }
        writer.string(memberId, compact: version >= 6)
        writer.count(members.count, compact: version >= 6)
        for element in members { element.write(to: &writer, version: version) }
        if version >= 6 { writer.noTags() }
    }

    struct JoinGroupResponseMember: Equatable, Sendable {
        /// The group member ID.
        var memberId: String = ""
        /// The unique identifier of the consumer instance provided by end user.
        var groupInstanceId: String? = nil
        /// The group member metadata.
        var metadata: [UInt8] = []

        func write(to writer: inout WireWriter, version: Int16) {
            writer.string(memberId, compact: version >= 6)
            if version >= 5 {
                writer.string(groupInstanceId, compact: version >= 6)
            }
            writer.bytes(metadata, compact: version >= 6)
            if version >= 6 { writer.noTags() }
        }
    }
}
