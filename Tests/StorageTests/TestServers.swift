import Foundation
import Storage
import Synchronization

/// The real servers that tests run on, as `scripts/test` hands them over. Without them those tests are skipped.
enum TestServers {
    static let databaseURL = ProcessInfo.processInfo.environment["DATABASE_URL"]
    static let redisURL = ProcessInfo.processInfo.environment["REDIS_URL"]

    static func configuration(url: String? = nil) -> PostgresConfiguration {
        PostgresConfiguration(
            url: url ?? databaseURL ?? "", applicationName: "storage-tests", statementTimeoutMilliseconds: 60_000,
            replyTimeoutMilliseconds: 90_000)
    }

    static func connection() throws -> PostgresConnection {
        let connection = PostgresConnection(configuration())
        try connection.connect()
        return connection
    }

    /// A name that nothing else uses.
    static func uniqueName(_ prefix: String) -> String {
        prefix + "_" + UUID().uuidString.lowercased().replacingOccurrences(of: "-", with: "")
    }

    /// Runs `body` with a connection and a schema of its own, which is gone afterwards.
    static func withSchema(_ body: (PostgresConnection, String) throws -> Void) throws {
        let connection = try connection()
        let schema = uniqueName("storage_test")
        try connection.run("CREATE SCHEMA \(schema)")
        let outcome = Result { try body(connection, schema) }
        let cleaner = try self.connection()
        try cleaner.run("DROP SCHEMA \(schema) CASCADE")
        try outcome.get()
    }

    /// Ends the server's side of a connection, as a restart of the server would.
    static func terminate(_ connection: PostgresConnection) throws {
        let process: Int32 = try connection.query("SELECT pg_backend_pid()").only().get(0)
        let other = try self.connection()
        try other.query("SELECT pg_terminate_backend($1)", [.int32(process)])
        while try !other.query("SELECT 1 FROM pg_stat_activity WHERE pid = $1", [.int32(process)]).isEmpty {}
    }
}

extension PostgresRows {
    var isEmpty: Bool { first == nil }
}

/// A value that threads hand to a test.
final class Box<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    init(_ value: Value) {
        self.value = Mutex(value)
    }

    func get() -> Value { value.withLock { $0 } }

    func update(_ body: @Sendable (inout Value) -> Void) {
        value.withLock { body(&$0) }
    }
}

/// Waits until `condition` holds; the test's time limit is the bound.
func eventually(_ condition: @Sendable () throws -> Bool) async throws {
    while try !condition() { try await Task.sleep(for: .milliseconds(5)) }
}
