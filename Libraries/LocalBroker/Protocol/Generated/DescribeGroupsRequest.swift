// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a request. API key 15, versions 0 to 6.
struct DescribeGroupsRequest: RequestBody {
    static let key: Int16 = 15
    static let versions: ClosedRange<Int16> = 0...6
    static let firstFlexible: Int16 = 5

    /// The names of the groups to describe.
    var groups: [String] = []
    /// Whether to include authorized operations.
    var includeAuthorizedOperations: Bool = false

    init() {}

    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        for _ in 0..<(try reader.required(reader.count(compact: version >= 5, elementSize: 1, "Groups"), "Groups")) {
            groups.append(try reader.required(reader.string(compact: version >= 5, "element"), "element"))
        }
        if version >= 3 {
            includeAuthorizedOperations = try reader.bool()
        }
        if version >= 5 { try reader.skipTags() }
    }
}
