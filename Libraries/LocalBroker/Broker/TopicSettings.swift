/// A topic's settings by Kafka's names (https://kafka.apache.org/documentation/#topicconfigs): which there are, what
/// they may be, and what they are when nothing was given.
struct TopicSettings {
    enum Kind: Int8 {
        // The numbers that DescribeConfigs gives.
        case boolean = 1
        case string = 2
        case int = 3
        case long = 5
        case double = 6
        case list = 7
    }

    struct Setting {
        let name: String
        let kind: Kind
        let standard: String
        /// Values of a string; nil where any will do.
        var choices: [String]?
        var range: ClosedRange<Int64> = Int64.min...Int64.max
    }

    /// Those that this broker acts upon come first; the others are kept and shown, and change nothing on one node
    /// without compaction.
    static let all: [Setting] = [
        Setting(name: "retention.ms", kind: .long, standard: "", range: -1...Int64.max),
        Setting(name: "retention.bytes", kind: .long, standard: "-1", range: -1...Int64.max),
        Setting(name: "segment.bytes", kind: .int, standard: "67108864", range: (1 << 20)...2_147_483_647),
        Setting(name: "segment.ms", kind: .long, standard: "604800000", range: 1...Int64.max),
        Setting(name: "max.message.bytes", kind: .int, standard: "1048588", range: 0...2_147_483_647),
        Setting(
            name: "message.timestamp.type", kind: .string, standard: "CreateTime",
            choices: ["CreateTime", "LogAppendTime"]),
        Setting(name: "index.interval.bytes", kind: .int, standard: "4096", range: 0...2_147_483_647),
        Setting(name: "cleanup.policy", kind: .list, standard: "delete", choices: ["delete", "compact"]),
        Setting(
            name: "compression.type", kind: .string, standard: "producer",
            choices: ["producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"]),
        Setting(name: "min.insync.replicas", kind: .int, standard: "1", range: 1...2_147_483_647),
        Setting(name: "flush.messages", kind: .long, standard: "9223372036854775807", range: 1...Int64.max),
        Setting(name: "flush.ms", kind: .long, standard: "9223372036854775807", range: 0...Int64.max),
        Setting(name: "file.delete.delay.ms", kind: .long, standard: "60000", range: 0...Int64.max),
        Setting(name: "delete.retention.ms", kind: .long, standard: "86400000", range: 0...Int64.max),
        Setting(name: "min.compaction.lag.ms", kind: .long, standard: "0", range: 0...Int64.max),
        Setting(name: "max.compaction.lag.ms", kind: .long, standard: "9223372036854775807", range: 1...Int64.max),
        Setting(name: "min.cleanable.dirty.ratio", kind: .double, standard: "0.5"),
        Setting(name: "segment.index.bytes", kind: .int, standard: "10485760", range: 4...2_147_483_647),
        Setting(name: "segment.jitter.ms", kind: .long, standard: "0", range: 0...Int64.max),
        Setting(name: "preallocate", kind: .boolean, standard: "false"),
        Setting(name: "unclean.leader.election.enable", kind: .boolean, standard: "false"),
        Setting(
            name: "message.timestamp.before.max.ms", kind: .long, standard: "9223372036854775807", range: 0...Int64.max),
        Setting(name: "message.timestamp.after.max.ms", kind: .long, standard: "3600000", range: 0...Int64.max),
    ]

    private let given: [String: String]
    private let options: BrokerOptions

    init(_ given: [String: String], _ options: BrokerOptions) {
        self.given = given
        self.options = options
    }

    func value(_ setting: Setting) -> String {
        if let value = given[setting.name] { return value }
        return setting.name == "retention.ms" ? "\(options.retentionMilliseconds)" : setting.standard
    }

    /// What is wrong with a setting, with its name, value and limit; nil when nothing is.
    static func fault(_ name: String, _ value: String?) -> String? {
        guard let setting = all.first(where: { $0.name == name }) else { return "Unknown topic config name: \(name)" }
        guard let value else { return "Null value not supported for topic configs: \(name)" }
        switch setting.kind {
        case .boolean:
            return value == "true" || value == "false" ? nil : wrong(setting, value, "must be true or false")
        case .int, .long:
            guard let number = Int64(value) else { return wrong(setting, value, "must be a whole number") }
            guard setting.range.contains(number) else {
                return wrong(
                    setting, value, "must be between \(setting.range.lowerBound) and \(setting.range.upperBound)")
            }
        case .double:
            guard let number = Double(value), (0...1).contains(number) else {
                return wrong(setting, value, "must be between 0 and 1")
            }
        case .string, .list:
            let parts = setting.kind == .list ? value.split(separator: ",").map(String.init) : [value]
            guard let choices = setting.choices, !parts.allSatisfy(choices.contains) else { return nil }
            return wrong(setting, value, "must be one of \(choices.joined(separator: ", "))")
        }
        return nil
    }

    private static func wrong(_ setting: Setting, _ value: String, _ why: String) -> String {
        "Invalid value \(value) for configuration \(setting.name): \(why)"
    }

    /// What a log is opened with.
    var configuration: LogConfiguration {
        func number(_ name: String) -> Int64 {
            Self.all.first { $0.name == name }.flatMap { Int64(value($0)) } ?? -1
        }
        var configuration = LogConfiguration()
        configuration.retentionMilliseconds = number("retention.ms")
        configuration.retentionBytes = number("retention.bytes")
        configuration.segmentBytes = Int(number("segment.bytes"))
        configuration.segmentMilliseconds = number("segment.ms")
        configuration.maxMessageBytes = Int(number("max.message.bytes"))
        configuration.timestampType = given["message.timestamp.type"] == "LogAppendTime" ? .logAppend : .create
        configuration.indexIntervalBytes = Int(number("index.interval.bytes"))
        if given["cleanup.policy"] == "compact" {
            // Without a cleaner, what a compacted topic holds must not go by age or size.
            configuration.retentionMilliseconds = -1
            configuration.retentionBytes = -1
        }
        return configuration
    }
}
