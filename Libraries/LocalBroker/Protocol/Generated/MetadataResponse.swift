// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a response. API key 3, versions 0 to 13.
struct MetadataResponse: ResponseBody {
    static let key: Int16 = 3
    static let versions: ClosedRange<Int16> = 0...13
    static let firstFlexible: Int16 = 9

    /// The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the
    /// request did not violate any quota.
    var throttleTimeMs: Int32 = 0
    /// A list of brokers present in the cluster.
    var brokers: [MetadataResponseBroker] = []
    /// The cluster ID that responding broker belongs to.
    var clusterId: String? = nil
    /// The ID of the controller broker.
    var controllerId: Int32 = -1
    /// Each topic in the response.
    var topics: [MetadataResponseTopic] = []
    /// 32-bit bitfield to represent authorized operations for this cluster.
    var clusterAuthorizedOperations: Int32 = -2147483648
    /// The top-level error code, or 0 if there was no error.
    var errorCode: Int16 = 0

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 3 {
            writer.int32(throttleTimeMs)
        }
        writer.count(brokers.count, compact: version >= 9)
        for element in brokers { element.write(to: &writer, version: version) }
        if version >= 2 {
            writer.string(clusterId, compact: version >= 9)
        }
        if version >= 1 {
            writer.int32(controllerId)
        }
        writer.count(topics.count, compact: version >= 9)
        for element in topics { element.write(to: &writer, version: version) }
        if version >= 8, version <= 10 {
            writer.int32(clusterAuthorizedOperations)
        }
        if version >= 13 {
            writer.int16(errorCode)
        }
        if version >= 9 { writer.noTags() }
    }

    struct MetadataResponseBroker: Equatable, Sendable {
        /// The broker ID.
        var nodeId: Int32 = 0
        /// The broker hostname.
        var host: String = ""
        /// The broker port.
        var port: Int32 = 0
        /// The rack of the broker, or null if it has not been assigned to a rack.
        var rack: String? = nil

        func write(to writer: inout WireWriter, version: Int16) {
            writer.int32(nodeId)
            writer.string(host, compact: version >= 9)
            writer.int32(port)
            if version >= 1 {
                writer.string(rack, compact: version >= 9)
            }
            if version >= 9 { writer.noTags() }
        }
    }

    struct MetadataResponseTopic: Equatable, Sendable {
        /// The topic error, or 0 if there was no error.
        var errorCode: Int16 = 0
        /// The topic name. Null for non-existing topics queried by ID. This is never null when ErrorCode is zero. One
        /// of Name and TopicId is always populated.
        var name: String? = ""
        /// The topic id. Zero for non-existing topics queried by name. This is never zero when ErrorCode is zero. One
        /// of Name and TopicId is always populated.
        var topicId: KafkaUUID = .zero
        /// True if the topic is internal.
        var isInternal: Bool = false
        /// Each partition in the topic.
        var partitions: [MetadataResponsePartition] = []
        /// 32-bit bitfield to represent authorized operations for this topic.
        var topicAuthorizedOperations: Int32 = -2147483648

        func write(to writer: inout WireWriter, version: Int16) {
            writer.int16(errorCode)
            writer.string(name, compact: version >= 9)
            if version >= 10 {
                writer.uuid(topicId)
            }
            if version >= 1 {
                writer.bool(isInternal)
            }
            writer.count(partitions.count, compact: version >= 9)
            for element in partitions { element.write(to: &writer, version: version) }
            if version >= 8 {
                writer.int32(topicAuthorizedOperations)
            }
            if version >= 9 { writer.noTags() }
        }

        struct MetadataResponsePartition: Equatable, Sendable {
            /// The partition error, or 0 if there was no error.
            var errorCode: Int16 = 0
            /// The partition index.
            var partitionIndex: Int32 = 0
            /// The ID of the leader broker.
            var leaderId: Int32 = 0
            /// The leader epoch of this partition.
            var leaderEpoch: Int32 = -1
            /// The set of all nodes that host this partition.
            var replicaNodes: [Int32] = []
            /// The set of nodes that are in sync with the leader for this partition.
            var isrNodes: [Int32] = []
            /// The set of offline replicas of this partition.
            var offlineReplicas: [Int32] = []

            func write(to writer: inout WireWriter, version: Int16) {
                writer.int16(errorCode)
                writer.int32(partitionIndex)
                writer.int32(leaderId)
                if version >= 7 {
                    writer.int32(leaderEpoch)
                }
                writer.count(replicaNodes.count, compact: version >= 9)
                for element in replicaNodes { writer.int32(element) }
                writer.count(isrNodes.count, compact: version >= 9)
                for element in isrNodes { writer.int32(element) }
                if version >= 5 {
                    writer.count(offlineReplicas.count, compact: version >= 9)
                    for element in offlineReplicas { writer.int32(element) }
                }
                if version >= 9 { writer.noTags() }
            }
        }
    }
}
