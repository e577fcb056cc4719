/// Keys that services share, so that one name means one thing everywhere.
public enum StandardKeys {
    public static let logLevel = ConfigurationKey.choice(
        "log.level", default: "info", of: LogLevel.allCases.map(\.rawValue), help: "least level that is logged")

    public static let operationsListen = ConfigurationKey.text(
        "operations.listen", default: "127.0.0.1:0",
        help: "address and port of /healthz, /readyz and /metrics; port 0 takes a free one and logs it")

    public static let kafkaBootstrapServers = ConfigurationKey.list(
        "kafka.bootstrap-servers", default: nil, count: 1...100, help: "Kafka brokers, host:port")

    public static let kafkaTopicPrefix = ConfigurationKey.text(
        "kafka.topic-prefix", default: "", help: "put before every topic's name, so that several venues share a cluster"
    )

    /// A URL may hold a password, so it is masked.
    public static let databaseURL = ConfigurationKey.secret(
        "database.url", default: nil, help: "PostgreSQL, postgresql://user:password@host:port/database?sslmode=…")

    /// A URL may hold a password, so it is masked.
    public static let redisURL = ConfigurationKey.secret(
        "redis.url", default: "redis://127.0.0.1:6379", help: "Redis, redis://[user:password@]host:port[/database]")

    /// Every service has these; `ServiceMain` adds them to what a service declares.
    public static let ofEveryService: [any ConfigurationDeclaration] = [logLevel, operationsListen]
}

extension Secret: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) {
        self.init(value)
    }
}
