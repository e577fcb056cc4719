// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a response. API key 12, versions 0 to 4.
struct HeartbeatResponse: ResponseBody {
    static let key: Int16 = 12
    static let versions: ClosedRange<Int16> = 0...4
    static let firstFlexible: Int16 = 4

    /// The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the
    /// request did not violate any quota.
    var throttleTimeMs: Int32 = 0
    /// The error code, or 0 if there was no error.
    var errorCode: Int16 = 0

    func write(to writer: inout WireWriter, version: Int16) {
        if version >= 1 {
            writer.int32(throttleTimeMs)
        }
        writer.int16(errorCode)
        if version >= 4 { writer.noTags() }
    }
}
