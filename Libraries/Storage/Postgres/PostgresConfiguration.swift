/// Where a PostgreSQL server is, and how long to wait for it.
public struct PostgresConfiguration: Sendable, Hashable {
    /// What libpq takes: `postgres://user:password@host:port/database?sslmode=verify-full&sslrootcert=/path`, or
    /// `key=value` pairs. TLS is the URL's: `sslmode`, `sslrootcert`, `sslcert`, `sslkey`.
    public var url: String

    /// Shown in `pg_stat_activity`, unless the URL names another.
    public var applicationName: String

    /// The longest that connecting may take, for each address of the host; at least 2.
    public var connectTimeoutSeconds: Int

    /// The longest that the server works on one statement; 0 is without limit.
    public var statementTimeoutMilliseconds: Int

    /// The longest silence of the server, after which the connection counts as lost; it has to be longer than the
    /// longest statement.
    public var replyTimeoutMilliseconds: Int

    public init(
        url: String, applicationName: String, connectTimeoutSeconds: Int = 5,
        statementTimeoutMilliseconds: Int = 10_000, replyTimeoutMilliseconds: Int = 30_000
    ) {
        self.url = url
        self.applicationName = applicationName
        self.connectTimeoutSeconds = connectTimeoutSeconds
        self.statementTimeoutMilliseconds = statementTimeoutMilliseconds
        self.replyTimeoutMilliseconds = replyTimeoutMilliseconds
    }

    /// The URL's parts in libpq's order; earlier ones are defaults that the URL overrides.
    var keywords: [(name: String, value: String)] {
        [
            ("fallback_application_name", applicationName),
            ("connect_timeout", String(connectTimeoutSeconds)),
            ("keepalives_idle", "10"),
            ("keepalives_interval", "5"),
            ("keepalives_count", "3"),
            ("tcp_user_timeout", String(replyTimeoutMilliseconds)),
            ("dbname", url),
            ("client_encoding", "UTF8"),
        ]
    }
}
