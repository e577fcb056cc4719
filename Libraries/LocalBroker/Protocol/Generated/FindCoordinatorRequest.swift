// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a request. API key 10, versions 0 to 6.
struct FindCoordinatorRequest: RequestBody {
    static let key: Int16 = 10
    static let versions: ClosedRange<Int16> = 0...6
    static let firstFlexible: Int16 = 3

    /// The coordinator key.
    var key: String = ""
    /// The coordinator key type. (group, transaction, share).
    var keyType: Int8 = 0
    /// The coordinator keys.
    var coordinatorKeys: [String] = []

    init() {}

    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        if version <= 3 {
            key = try reader.required(reader.string(compact: version >= 3, "Key"), "Key")
        }
        if version >= 1 {
            keyType = try reader.int8()
        }
        if version >= 4 {
            for _ in 0..<(try reader.required(reader.count(compact: true, elementSize: 1, "CoordinatorKeys"), "CoordinatorKeys")) {
                coordinatorKeys.append(try reader.required(reader.string(compact: true, "element"), "element"))
            }
        }
        if version >= 3 { try reader.skipTags() }
    }
}
