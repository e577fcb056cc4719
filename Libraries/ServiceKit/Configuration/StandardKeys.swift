/// Keys that services share, so that one name means one thing everywhere.
public enum StandardKeys {
    public static let logLevel = ConfigurationKey.choice(
        "log.level", default: "info", of: LogLevel.allCases.map(\.rawValue), help: "least level that is logged")

    public static let operationsListen = operationsListen(defaultPort: 0)

    /// The same key with a service's own default port.
    public static func operationsListen(defaultPort: UInt16) -> ConfigurationKey<ListenAddress> {
        .listenAddress(
            "operations.listen", default: .loopback(port: defaultPort),
            help: "where /healthz, /readyz and /metrics are; port 0 takes a free one and logs it")
    }

    public static let kafkaBootstrapServers = ConfigurationKey.list(
        "kafka.bootstrap-servers", default: nil, count: 1...100, help: "Kafka brokers, host:port")

    public static let kafkaTopicPrefix = ConfigurationKey.text(
        "kafka.topic-prefix", default: "", help: "put before every topic's name, so that several venues share a cluster"
    )

    /// A URL may hold a password, so it is masked.
    public static let databaseURL = ConfigurationKey<Secret>(
        "database.url", default: nil, help: "PostgreSQL, postgresql://user:password@host:port/database?sslmode=…",
        limitText: "a URL postgresql://…"
    ) { url in
        ["postgresql://", "postgres://"].contains { url.revealed.hasPrefix($0) }
    }

    /// A URL may hold a password, so it is masked.
    public static let redisURL = ConfigurationKey<Secret>(
        "redis.url", default: "redis://127.0.0.1:6379",
        help: "Redis, redis://[user:password@]host:port[/database]; without it the one at 127.0.0.1:6379",
        limitText: "a URL redis://… or rediss://…"
    ) { url in
        ["redis://", "rediss://"].contains { url.revealed.hasPrefix($0) }
    }

    public static let kafkaPartitions = ConfigurationKey.integer(
        "kafka.partitions", default: 1, in: 1...1_024,
        help: "partitions of every topic but reference-data, when created")

    public static let kafkaReplicationFactor = ConfigurationKey.integer(
        "kafka.replication-factor", default: 1, in: 1...9, help: "replicas of every topic, when created")

    public static let shardIndex = ConfigurationKey.integer(
        "shard.index", default: 0, in: 0...1_023, help: "number of this shard; it owns the partitions p % shard.count")

    public static let shardCount = ConfigurationKey.integer(
        "shard.count", default: 1, in: 1...1_024, help: "how many shards the service has")

    public static let checkpointDirectory = ConfigurationKey.text(
        "checkpoint.directory", default: nil, help: "folder for checkpoints, kept across restarts")

    public static let checkpointInterval = ConfigurationKey.duration(
        "checkpoint.interval", default: .seconds(10), in: .milliseconds(100) ... .seconds(3_600),
        help: "time between two checkpoints")
}

extension Secret: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) {
        self.init(value)
    }
}
