// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a request. API key 12, versions 0 to 4.
struct HeartbeatRequest: RequestBody {
    static let key: Int16 = 12
    static let versions: ClosedRange<Int16> = 0...4
    static let firstFlexible: Int16 = 4

    /// The group id.
    var groupId: String = ""
    /// The generation of the group.
    var generationId: Int32 = 0
    /// The member ID.
    var memberId: String = ""
    /// The unique identifier of the consumer instance provided by end user.
    var groupInstanceId: String? = nil

    init() {}

    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        groupId = try reader.required(reader.string(compact: version >= 4, "GroupId"), "GroupId")
        generationId = try reader.int32()
        memberId = try reader.required(reader.string(compact: version >= 4, "MemberId"), "MemberId")
        if version >= 3 {
            groupInstanceId = try reader.string(compact: version >= 4, "GroupInstanceId")
        }
        if version >= 4 { try reader.skipTags() }
    }
}
