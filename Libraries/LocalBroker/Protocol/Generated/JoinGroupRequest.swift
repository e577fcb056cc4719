// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a request. API key 11, versions 0 to 9.
struct JoinGroupRequest: RequestBody {
    static let key: Int16 = 11
    static let versions: ClosedRange<Int16> = 0...9
    static let firstFlexible: Int16 = 6

    /// The group identifier.
    var groupId: String = ""
    /// The coordinator considers the consumer dead if it receives no heartbeat after this timeout in milliseconds.
    var sessionTimeoutMs: Int32 = 0
    /// The maximum time in milliseconds that the coordinator will wait for each member to rejoin when rebalancing the
    /// group.
    var rebalanceTimeoutMs: Int32 = -1
    /// The member id assigned by the group coordinator.
    var memberId: String = ""
    /// The unique identifier of the consumer instance provided by end user.
    var groupInstanceId: String? = nil
    /// The unique name the for class of protocols implemented by the group we want to join.
    var protocolType: String = ""
    /// The list of protocols that the member supports.
    var protocols: [JoinGroupRequestProtocol] = []
    /// The reason why the member (re-)joins the group.
    var reason: String? = nil

    init() {}

    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        groupId = try reader.required(reader.string(compact: version >= 6, "GroupId"), "GroupId")
        sessionTimeoutMs = try reader.int32()
        if version >= 1 {
            rebalanceTimeoutMs = try reader.int32()
        }
        memberId = try reader.required(reader.string(compact: version >= 6, "MemberId"), "MemberId")
        if version >= 5 {
            groupInstanceId = try reader.string(compact: version >= 6, "GroupInstanceId")
        }
        protocolType = try reader.required(reader.string(compact: version >= 6, "ProtocolType"), "ProtocolType")
        for _ in 0..<(try reader.required(reader.count(compact: version >= 6, elementSize: 2, "Protocols"), "Protocols")) {
            protocols.append(try JoinGroupRequestProtocol(from: &reader, version: version))
        }
        if version >= 8 {
            reason = try reader.string(compact: true, "Reason")
        }
        if version >= 6 { try reader.skipTags() }
    }

    struct JoinGroupRequestProtocol: Equatable, Sendable {
        /// The protocol name.
        var name: String = ""
        /// The protocol metadata.
        var metadata: WireSlice = .empty

        init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            name = try reader.required(reader.string(compact: version >= 6, "Name"), "Name")
            metadata = try reader.required(reader.bytes(compact: version >= 6, "Metadata"), "Metadata")
            if version >= 6 { try reader.skipTags() }
        }
    }
}
