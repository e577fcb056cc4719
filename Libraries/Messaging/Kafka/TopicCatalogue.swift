import TradingCore

/// Every topic of a venue with its name, partition count and settings: the one place that says so.
public struct TopicCatalogue: Sendable, Equatable {
    /// Put before every topic's name, so that venues and tests share a cluster without meeting.
    public var prefix: String
    /// Partitions of `orders`, `ledger` and `account-events`.
    public var accountPartitions: Int
    /// Partitions of `matching`, `executions` and `market-data`.
    public var marketPartitions: Int
    public var replication: Int
    public var minimumInSync: Int
    /// How long inboxes and events are kept. It must outlive the oldest checkpoint that may still be loaded.
    public var retentionHours: Int

    public init(
        prefix: String = "", accountPartitions: Int = 1, marketPartitions: Int = 1, replication: Int = 1,
        minimumInSync: Int = 1, retentionHours: Int = 168
    ) {
        self.prefix = prefix
        self.accountPartitions = accountPartitions
        self.marketPartitions = marketPartitions
        self.replication = replication
        self.minimumInSync = minimumInSync
        self.retentionHours = retentionHours
    }

    public func name(of topic: Topic) -> String { prefix + topic.name }

    public func partitionCount(of topic: Topic) -> Int {
        switch topic.partitioning {
        case .account: accountPartitions
        case .market: marketPartitions
        case .single: 1
        }
    }

    /// Every partition of a topic.
    public func partitions(of topic: Topic) -> [TopicPartition] {
        (0..<partitionCount(of: topic)).map { TopicPartition(topic, $0) }
    }

    /// A topic's settings, by Kafka's names.
    ///
    /// LogAppendTime is the venue's only clock; records of market data are of use for a day.
    public func configuration(of topic: Topic) -> [String: String] {
        var settings = [
            "message.timestamp.type": "LogAppendTime",
            "max.message.bytes": "\(KafkaSettings.maximumMessageBytes)",
            "min.insync.replicas": "\(minimumInSync)",
            "unclean.leader.election.enable": "false",
            "cleanup.policy": "delete",
        ]
        switch topic {
        case .referenceData: settings["cleanup.policy"] = "compact"
        case .marketData: settings["retention.ms"] = "\(min(retentionHours, 24) * 3_600_000)"
        case .orders, .ledger, .matching, .executions, .accountEvents, .quarantine:
            settings["retention.ms"] = "\(retentionHours * 3_600_000)"
        }
        return settings
    }

    /// Creates what is missing and adds partitions where there are fewer than wanted, and waits until the broker shows them.
    /// Safe to repeat.
    ///
    /// - Returns: what was changed, one line each, for an operator to read.
    /// - Throws: `TopicMismatch` when a topic exists with more partitions or with settings that break the protocol.
    public func create(with admin: KafkaAdmin) throws -> [String] {
        var changes: [String] = []
        let existing = try admin.partitionCounts(of: Topic.allCases.map(name(of:)))
        for topic in Topic.allCases {
            let name = name(of: topic)
            let wanted = partitionCount(of: topic)
            switch existing[name] {
            case nil:
                try admin.create(
                    topic: name, partitions: wanted, replication: replication, configuration: configuration(of: topic))
                changes.append("created \(name) with \(wanted) partitions")
            case let count? where count < wanted:
                try checkSettings(of: topic, with: admin)
                try admin.grow(topic: name, to: wanted)
                changes.append("grew \(name) from \(count) to \(wanted) partitions")
            case let count? where count > wanted:
                throw TopicMismatch(topic: name, setting: "partitions", found: "\(count)", wanted: "\(wanted)")
            default: try checkSettings(of: topic, with: admin)
            }
        }
        if !changes.isEmpty { try awaitTopics(with: admin) }
        return changes
    }

    private static let looks = 200
    private static let lookMilliseconds: Int32 = 50

    /// A broker shows what it has created a moment later.
    private func awaitTopics(with admin: KafkaAdmin) throws {
        let pause = try LogWake()
        for _ in 0..<Self.looks {
            let counts = try admin.partitionCounts(of: Topic.allCases.map(name(of:)))
            if Topic.allCases.allSatisfy({ counts[name(of: $0)] == partitionCount(of: $0) }) { return }
            pause.wait(milliseconds: Self.lookMilliseconds)
        }
        throw KafkaError(operation: "create topics", message: "the broker does not show them")
    }

    /// Compares the settings on which correctness hangs; retention and replicas are the operator's to change.
    private func checkSettings(of topic: Topic, with admin: KafkaAdmin) throws {
        let found = try admin.configuration(of: name(of: topic))
        let wanted = configuration(of: topic)
        for key in ["message.timestamp.type", "cleanup.policy"] where found[key] != wanted[key] {
            throw TopicMismatch(
                topic: name(of: topic), setting: key, found: found[key] ?? "nothing", wanted: wanted[key] ?? "nothing")
        }
        if let largest = found["max.message.bytes"].flatMap({ Int($0) }), largest < KafkaSettings.maximumMessageBytes {
            throw TopicMismatch(
                topic: name(of: topic), setting: "max.message.bytes", found: "\(largest)",
                wanted: "\(KafkaSettings.maximumMessageBytes)")
        }
    }
}

/// A topic that exists otherwise than the catalogue wants it.
public struct TopicMismatch: Error, Sendable, Equatable, CustomStringConvertible {
    public let topic: String
    public let setting: String
    public let found: String
    public let wanted: String

    public var description: String { "topic \(topic) has \(setting) \(found), wanted is \(wanted)" }
}
