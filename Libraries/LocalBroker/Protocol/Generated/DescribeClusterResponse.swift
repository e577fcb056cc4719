// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a response. API key 60, versions 0 to 2.
struct DescribeClusterResponse: ResponseBody {
    static let key: Int16 = 60
    static let versions: ClosedRange<Int16> = 0...2
    static let firstFlexible: Int16 = 0

    /// The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the
    /// request did not violate any quota.
    var throttleTimeMs: Int32 = 0
    /// The top-level error code, or 0 if there was no error.
    var errorCode: Int16 = 0
    /// The top-level error message, or null if there was no error.
    var errorMessage: String? = nil
    /// The endpoint type that was described. 1=brokers, 2=controllers.
    var endpointType: Int8 = 1
    /// The cluster ID that responding broker belongs to.
    var clusterId: String = ""
    /// The ID of the controller broker.
    var controllerId: Int32 = -1
    /// Each broker in the response.
    var brokers: [DescribeClusterBroker] = []
    /// 32-bit bitfield to represent authorized operations for this cluster.
    var clusterAuthorizedOperations: Int32 = -2147483648

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.int16(errorCode)
        writer.string(errorMessage, compact: true)
        if version >= 1 {
            writer.int8(endpointType)
        }
        writer.string(clusterId, compact: true)
        writer.int32(controllerId)
        writer.count(brokers.count, compact: true)
        for element in brokers { element.write(to: &writer, version: version) }
        writer.int32(clusterAuthorizedOperations)
        writer.noTags()
    }

    struct DescribeClusterBroker: Equatable, Sendable {
        /// The broker ID.
        var brokerId: Int32 = 0
        /// The broker hostname.
        var host: String = ""
        /// The broker port.
        var port: Int32 = 0
        /// The rack of the broker, or null if it has not been assigned to a rack.
        var rack: String? = nil
        /// Whether the broker is fenced
        var isFenced: Bool = false

        func write(to writer: inout WireWriter, version: Int16) {
            writer.int32(brokerId)
            writer.string(host, compact: true)
            writer.int32(port)
            writer.string(rack, compact: true)
            if version >= 2 {
                writer.bool(isFenced)
            }
            writer.noTags()
        }
    }
}
