// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a response. API key 18, versions 0 to 4.
struct ApiVersionsResponse: ResponseBody {
    static let key: Int16 = 18
    static let versions: ClosedRange<Int16> = 0...4
    static let firstFlexible: Int16 = 3

    /// The top-level error code.
    var errorCode: Int16 = 0
    /// The APIs supported by the broker.
    var apiKeys: [ApiVersion] = []
    /// The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the
    /// request did not violate any quota.
    var throttleTimeMs: Int32 = 0

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int16(errorCode)
        writer.count(apiKeys.count, compact: version >= 3)
        for element in apiKeys { element.write(to: &writer, version: version) }
        if version >= 1 {
            writer.int32(throttleTimeMs)
        }
        if version >= 3 { writer.noTags() }
    }

    struct ApiVersion: Equatable, Sendable {
        /// The API index.
        var apiKey: Int16 = 0
        /// The minimum supported version, inclusive.
        var minVersion: Int16 = 0
        /// The maximum supported version, inclusive.
        var maxVersion: Int16 = 0

        func write(to writer: inout WireWriter, version: Int16) {
            writer.int16(apiKey)
            writer.int16(minVersion)
            writer.int16(maxVersion)
            if version >= 3 { writer.noTags() }
        }
    }
}
