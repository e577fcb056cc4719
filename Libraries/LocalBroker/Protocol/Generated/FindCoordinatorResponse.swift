// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a response. API key 10, versions 0 to 6.
struct FindCoordinatorResponse: ResponseBody {
    static let key: Int16 = 10
    static let versions: ClosedRange<Int16> = 0...6
    static let firstFlexible: Int16 = 3

    /// The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the
    /// request did not violate any quota.
    var throttleTimeMs: Int32 = 0
    /// The error code, or 0 if there was no error.
    var errorCode: Int16 = 0
    /// The error message, or null if there was no error.
    var errorMessage: String? = ""
    /// The node id.
    var nodeId: Int32 = 0
    /// The host name.
    var host: String = ""
    /// The port.
    var port: Int32 = 0
    /// Each coordinator result in the response.
    var coordinators: [Coordinator] = []

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 1 {
            writer.int32(throttleTimeMs)
        }
        if version <= 3 {
            writer.int16(errorCode)
        }
        if version >= 1, version <= 3 {
            writer.string(errorMessage, compact: version >= 3)
        }
        if version <= 3 {
            writer.int32(nodeId)
        }
        if version <= 3 {
            writer.string(host, compact: version >= 3)
        }
        if version <= 3 {
            writer.int32(port)
        }
        if version >= 4 {
            writer.count(coordinators.count, compact: true)
            for element in coordinators { element.write(to: &writer, version: version) }
        }
        if version >= 3 { writer.noTags() }
    }

    struct Coordinator: Equatable, Sendable {
        /// The coordinator key.
        var key: String = ""
        /// The node id.
        var nodeId: Int32 = 0
        /// The host name.
        var host: String = ""
        /// The port.
        var port: Int32 = 0
        /// The error code, or 0 if there was no error.
        var errorCode: Int16 = 0
        /// The error message, or null if there was no error.
        var errorMessage: String? = ""

        func write(to writer: inout WireWriter, version: Int16) {
            writer.string(key, compact: true)
            writer.int32(nodeId)
            writer.string(host, compact: true)
            writer.int32(port)
            writer.int16(errorCode)
            writer.string(errorMessage, compact: true)
            writer.noTags()
        }
    }
}
