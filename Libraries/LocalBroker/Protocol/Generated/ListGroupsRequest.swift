// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a request. API key 16, versions 0 to 5.
struct ListGroupsRequest: RequestBody {
    static let key: Int16 = 16
    static let versions: ClosedRange<Int16> = 0...5
    static let firstFlexible: Int16 = 3

    /// The states of the groups we want to list. If empty, all groups are returned with their state.
    var statesFilter: [String] = []
    /// The types of the groups we want to list. If empty, all groups are returned with their type.
    var typesFilter: [String] = []

    init() {}

    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        if version >= 4 {
            for _ in 0..<(try reader.required(reader.count(compact: true, elementSize: 1, "StatesFilter"), "StatesFilter")) {
                statesFilter.append(try reader.required(reader.string(compact: true, "element"), "element"))
            }
        }
        if version >= 5 {
            for _ in 0..<(try reader.required(reader.count(compact: true, elementSize: 1, "TypesFilter"), "TypesFilter")) {
                typesFilter.append(try reader.required(reader.string(compact: true, "element"), "element"))
            }
        }
        if version >= 3 { try reader.skipTags() }
    }
}
