// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a request. API key 60, versions 0 to 2.
struct DescribeClusterRequest: RequestBody {
    static let key: Int16 = 60
    static let versions: ClosedRange<Int16> = 0...2
    static let firstFlexible: Int16 = 0

    /// Whether to include cluster authorized operations.
    var includeClusterAuthorizedOperations: Bool = false
    /// The endpoint type to describe. 1=brokers, 2=controllers.
    var endpointType: Int8 = 1
    /// Whether to include fenced brokers when listing brokers.
    var includeFencedBrokers: Bool = false

    init() {}

    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        includeClusterAuthorizedOperations = try reader.bool()
        if version >= 1 {
            endpointType = try reader.int8()
        }
        if version >= 2 {
            includeFencedBrokers = try reader.bool()
        }
        try reader.skipTags()
    }
}
