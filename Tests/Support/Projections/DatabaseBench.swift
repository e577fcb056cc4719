import Foundation
import Storage

/// The database of `DATABASE_URL` for a thread that stores what it follows.
public final class DatabaseBench {
    public static let url = ProcessInfo.processInfo.environment["DATABASE_URL"]

    public let connection: PostgresConnection
    private let applicationName: String

    /// Makes the schema anew.
    ///
    /// - Parameter applicationName: what the thread's sessions are called in the database.
    public init(schema: String, _ migrations: [(name: String, sql: String)], applicationName: String) throws {
        self.applicationName = applicationName
        connection = PostgresConnection(PostgresConfiguration(url: Self.url ?? "", applicationName: "projection tests"))
        try connection.connect()
        try connection.run("DROP SCHEMA IF EXISTS \(schema) CASCADE")
        _ = try Migrator(schema: schema, numbering: migrations).migrate(connection)
    }

    public func number(_ query: String) throws -> Int64 { try connection.query(query).only().get(0) }

    /// Ends the thread's sessions, as a restart of the database does.
    public func endSessions() throws {
        try connection.query(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE application_name = '\(applicationName)' AND datname = current_database()
            """)
    }
}
