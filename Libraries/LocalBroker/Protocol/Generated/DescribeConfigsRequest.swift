// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a request. API key 32, versions 1 to 4.
struct DescribeConfigsRequest: RequestBody {
    static let key: Int16 = 32
    static let versions: ClosedRange<Int16> = 1...4
    static let firstFlexible: Int16 = 4

    /// The resources whose configurations we want to describe.
    var resources: [DescribeConfigsResource] = []
    /// True if we should include all synonyms.
    var includeSynonyms: Bool = false
    /// True if we should include configuration documentation.
    var includeDocumentation: Bool = false

    init() {}

    init(from reader: inout WireReader, version: Int16) throws(WireError) {
        for _ in 0..<(try reader.required(reader.count(compact: version >= 4, elementSize: 3, "Resources"), "Resources")) {
            resources.append(try DescribeConfigsResource(from: &reader, version: version))
        }
        includeSynonyms = try reader.bool()
        if version >= 3 {
            includeDocumentation = try reader.bool()
        }
        if version >= 4 { try reader.skipTags() }
    }

    struct DescribeConfigsResource: Equatable, Sendable {
        /// The resource type.
        var resourceType: Int8 = 0
        /// The resource name.
        var resourceName: String = ""
        /// The configuration keys to list, or null to list all configuration keys.
        var configurationKeys: [String]? = []

        init() {}

        init(from reader: inout WireReader, version: Int16) throws(WireError) {
            resourceType = try reader.int8()
            resourceName = try reader.required(reader.string(compact: version >= 4, "ResourceName"), "ResourceName")
            if let count = try reader.count(compact: version >= 4, elementSize: 1, "ConfigurationKeys") {
                configurationKeys = []
                for _ in 0..<count { configurationKeys?.append(try reader.required(reader.string(compact: version >= 4, "element"), "element")) }
            } else {
                configurationKeys = nil
            }
            if version >= 4 { try reader.skipTags() }
        }
    }
}
