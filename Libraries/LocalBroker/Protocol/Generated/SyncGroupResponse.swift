// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a response. API key 14, versions 0 to 5.
struct SyncGroupResponse: ResponseBody {
    static let key: Int16 = 14
    static let versions: ClosedRange<Int16> = 0...5
    static let firstFlexible: Int16 = 4

    /// The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the
    /// request did not violate any quota.
    var throttleTimeMs: Int32 = 0
    /// The error code, or 0 if there was no error.
    var errorCode: Int16 = 0
    /// The group protocol type.
    var protocolType: String? = nil
    /// The group protocol name.
    var protocolName: String? = nil
    /// The member assignment.
    var assignment: [UInt8] = []

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 1 {
            writer.int32(throttleTimeMs)
        }
        writer.int16(errorCode)
        if version >= 5 {
            writer.string(protocolType, compact: true)
        }
        if version >= 5 {
            writer.string(protocolName, compact: true)
        }
        writer.bytes(assignment, compact: version >= 4)
        if version >= 4 { writer.noTags() }
    }
}
