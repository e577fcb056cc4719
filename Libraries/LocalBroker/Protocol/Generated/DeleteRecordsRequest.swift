// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a request. API key 21, versions 0 to 2.
struct DeleteRecordsRequest: RequestBody {
    static let key: Int16 = 21
    static let versions: ClosedRange<Int16> = 0...2
    static let firstFlexible: Int16 = 2

    /// Each topic that we want to delete records from.
    var topics: [DeleteRecordsTopic] = []
    /// How long to wait for the deletion to complete, in milliseconds.
    var timeoutMs: Int32 = 0

    init() {}

    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        for _ in 0..<(try reader.required(reader.count(compact: version >= 2, elementSize: 2, "Topics"), "Topics")) {
            topics.append(try DeleteRecordsTopic(from: &reader, version: version))
        }
        timeoutMs = try reader.int32()
        if version >= 2 { try reader.skipTags() }
    }

    struct DeleteRecordsTopic: Equatable, Sendable {
        /// The topic name.
        var name: String = ""
        /// Each partition that we want to delete records from.
        var partitions: [DeleteRecordsPartition] = []

        init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            name = try reader.required(reader.string(compact: version >= 2, "Name"), "Name")
            for _ in 0..<(try reader.required(reader.count(compact: version >= 2, elementSize: 12, "Partitions"), "Partitions")) {
                partitions.append(try DeleteRecordsPartition(from: &reader, version: version))
            }
            if version >= 2 { try reader.skipTags() }
        }

        struct DeleteRecordsPartition: Equatable, Sendable {
            /// The partition index.
            var partitionIndex: Int32 = 0
            /// The deletion offset.
            var offset: Int64 = 0

            init() {}

            init(from reader: inout WireReader, version: Int16) throws(WireError) {
                partitionIndex = try reader.int32()
                offset = try reader.int64()
                if version >= 2 { try reader.skipTags() }
            }
        }
    }
}
