// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a request. API key 14, versions 0 to 5.
struct SyncGroupRequest: RequestBody {
    static let key: Int16 = 14
    static let versions: ClosedRange<Int16> = 0...5
    static let firstFlexible: Int16 = 4

    /// The unique group identifier.
    var groupId: String = ""
    /// The generation of the group.
    var generationId: Int32 = 0
    /// The member ID assigned by the group.
    var memberId: String = ""
    /// The unique identifier of the consumer instance provided by end user.
    var groupInstanceId: String? = nil
    /// The group protocol type.
    var protocolType: String? = nil
    /// The group protocol name.
    var protocolName: String? = nil
    /// Each assignment.
    var assignments: [SyncGroupRequestAssignment] = []

    init() {}

    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        groupId = try reader.required(reader.string(compact: version >= 4, "GroupId"), "GroupId")
        generationId = try reader.int32()
        memberId = try reader.required(reader.string(compact: version >= 4, "MemberId"), "MemberId")
        if version >= 3 {
            groupInstanceId = try reader.string(compact: version >= 4, "GroupInstanceId")
        }
        if version >= 5 {
            protocolType = try reader.string(compact: true, "ProtocolType")
        }
        if version >= 5 {
            protocolName = try reader.string(compact: true, "ProtocolName")
        }
        for _ in 0..<(try reader.required(reader.count(compact: version >= 4, elementSize: 2, "Assignments"), "Assignments")) {
            assignments.append(try SyncGroupRequestAssignment(from: &reader, version: version))
        }
        if version >= 4 { try reader.skipTags() }
    }

    struct SyncGroupRequestAssignment: Equatable, Sendable {
        /// The ID of the member to assign.
        var memberId: String = ""
        /// The member assignment.
        var assignment: WireSlice = .empty

        init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            memberId = try reader.required(reader.string(compact: version >= 4, "MemberId"), "MemberId")
            assignment = try reader.required(reader.bytes(compact: version >= 4, "Assignment"), "Assignment")
            if version >= 4 { try reader.skipTags() }
        }
    }
}
