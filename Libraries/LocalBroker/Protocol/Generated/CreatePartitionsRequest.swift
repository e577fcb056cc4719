// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a request. API key 37, versions 0 to 3.
struct CreatePartitionsRequest: RequestBody {
    static let key: Int16 = 37
    static let versions: ClosedRange<Int16> = 0...3
    static let firstFlexible: Int16 = 2

    /// Each topic that we want to create new partitions inside.
    var topics: [CreatePartitionsTopic] = []
    /// The time in ms to wait for the partitions to be created.
    var timeoutMs: Int32 = 0
    /// If true, then validate the request, but don't actually increase the number of partitions.
    var validateOnly: Bool = false

    init() {}

    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        for _ in 0..<(try reader.required(reader.count(compact: version >= 2, elementSize: 6, "Topics"), "Topics")) {
            topics.append(try CreatePartitionsTopic(from: &reader, version: version))
        }
        timeoutMs = try reader.int32()
        validateOnly = try reader.bool()
        if version >= 2 { try reader.skipTags() }
    }

    struct CreatePartitionsTopic: Equatable, Sendable {
        /// The topic name.
        var name: String = ""
        /// The new partition count.
        var count: Int32 = 0
        /// The new partition assignments.
        var assignments: [CreatePartitionsAssignment]? = []

        init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            name = try reader.required(reader.string(compact: version >= 2, "Name"), "Name")
            count = try reader.int32()
            if let count = try reader.count(compact: version >= 2, elementSize: 1, "Assignments") {
                assignments = []
                for _ in 0..<count { assignments?.append(try CreatePartitionsAssignment(from: &reader, version: version)) }
            } else {
                assignments = nil
            }
            if version >= 2 { try reader.skipTags() }
        }

        struct CreatePartitionsAssignment: Equatable, Sendable {
            /// The assigned broker IDs.
            var brokerIds: [Int32] = []

            init() {}

            init(from reader: inout WireReader, version: Int16) throws(WireError) {
                for _ in 0..<(try reader.required(reader.count(compact: version >= 2, elementSize: 4, "BrokerIds"), "BrokerIds")) {
                    brokerIds.append(try reader.int32())
                }
                if version >= 2 { try reader.skipTags() }
            }
        }
    }
}
