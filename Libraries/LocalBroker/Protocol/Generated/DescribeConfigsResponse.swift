// Written by scripts/generate-broker-protocol from Apache Kafka's message definitions. Not edited by hand.
// swift-format-ignore-file

/// The body of a response. API key 32, versions 1 to 4.
struct DescribeConfigsResponse: ResponseBody {
    static let key: Int16 = 32
    static let versions: ClosedRange<Int16> = 1...4
    static let firstFlexible: Int16 = 4

    /// The duration in milliseconds for which the request was throttled due to a quota violation, or zero if the
    /// request did not violate any quota.
    var throttleTimeMs: Int32 = 0
    /// The results for each resource.
    var results: [DescribeConfigsResult] = []

    func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.count(results.count, compact: version >= 4)
        for element in results { element.write(to: &writer, version: version) }
        if version >= 4 { writer.noTags() }
    }

    struct DescribeConfigsResult: Equatable, Sendable {
        /// The error code, or 0 if we were able to successfully describe the configurations.
        var errorCode: Int16 = 0
        /// The error message, or null if we were able to successfully describe the configurations.
        var errorMessage: String? = ""
        /// The resource type.
        var resourceType: Int8 = 0
        /// The resource name.
        var resourceName: String = ""
        /// Each listed configuration.
        var configs: [DescribeConfigsResourceResult] = []

        func write(to writer: inout WireWriter, version: Int16) {
            writer.int16(errorCode)
            writer.string(errorMessage, compact: version >= 4)
            writer.int8(resourceType)
            writer.string(resourceName, compact: version >= 4)
            writer.count(configs.count, compact: version >= 4)
            for element in configs { element.write(to: &writer, version: version) }
            if version >= 4 { writer.noTags() }
        }

        struct DescribeConfigsResourceResult: Equatable, Sendable {
            /// The configuration name.
            var name: String = ""
            /// The configuration value.
            var value: String? = ""
            /// True if the configuration is read-only.
            var readOnly: Bool = false
            /// The configuration source.
            var configSource: Int8 = -1
            /// True if this configuration is sensitive.
            var isSensitive: Bool = false
            /// The synonyms for this configuration key.
            var synonyms: [DescribeConfigsSynonym] = []
            /// The configuration data type. Type can be one of the following values - BOOLEAN, STRING, INT, SHORT,
            /// LONG, DOUBLE, LIST, CLASS, PASSWORD.
            var configType: Int8 = 0
            /// The configuration documentation.
            var documentation: String? = ""

            func write(to writer: inout WireWriter, version: Int16) {
                writer.string(name, compact: version >= 4)
                writer.string(value, compact: version >= 4)
                writer.bool(readOnly)
                writer.int8(configSource)
                writer.bool(isSensitive)
                writer.count(synonyms.count, compact: version >= 4)
                for element in synonyms { element.write(to: &writer, version: version) }
                if version >= 3 {
                    writer.int8(configType)
                }
                if version >= 3 {
                    writer.string(documentation, compact: version >= 4)
                }
                if version >= 4 { writer.noTags() }
            }

            struct DescribeConfigsSynonym: Equatable, Sendable {
                /// The synonym name.
                var name: String = ""
                /// The synonym value.
                var value: String? = ""
                /// The synonym source.
                var source: Int8 = 0

                func write(to writer: inout WireWriter, version: Int16) {
                    writer.string(name, compact: version >= 4)
                    writer.string(value, compact: version >= 4)
                    writer.int8(source)
                    if version >= 4 { writer.noTags() }
                }
            }
        }
    }
}
