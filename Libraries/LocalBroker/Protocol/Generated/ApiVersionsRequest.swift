// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a request. API key 18, versions 0 to 4.
struct ApiVersionsRequest: RequestBody {
    static let key: Int16 = 18
    static let versions: ClosedRange<Int16> = 0...4
    static let firstFlexible: Int16 = 3

    /// The name of the client.
    var clientSoftwareName: String = ""
    /// The version of the client.
    var clientSoftwareVersion: String = ""

    init() {}

    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        if version >= 3 {
            clientSoftwareName = try reader.required(reader.string(compact: true, "ClientSoftwareName"), "ClientSoftwareName")
        }
        if version >= 3 {
            clientSoftwareVersion = try reader.required(reader.string(compact: true, "ClientSoftwareVersion"), "ClientSoftwareVersion")
        }
        if version >= 3 { try reader.skipTags() }
    }
}
