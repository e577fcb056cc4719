// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a request. API key 42, versions 0 to 2.
struct DeleteGroupsRequest: RequestBody {
    static let key: Int16 = 42
    static let versions: ClosedRange<Int16> = 0...2
    static let firstFlexible: Int16 = 2

    /// The group names to delete.
    var groupsNames: [String] = []

    init() {}

    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        for _ in 0..<(try reader.required(reader.count(compact: version >= 2, elementSize: 1, "GroupsNames"), "GroupsNames")) {
            groupsNames.append(try reader.required(reader.string(compact: version >= 2, "element"), "element"))
        }
        if version >= 2 { try reader.skipTags() }
    }
}
