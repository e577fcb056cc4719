import Foundation
import Messaging
import ProcessorKit
import Records
import ServiceKit
import Storage
import Testing
import TradingCore

/// A database for a thread that stores what it follows, a log in memory, and what the thread says.
final class ProjectionBench {
    static let url = ProcessInfo.processInfo.environment["DATABASE_URL"]

    let cluster = InMemoryCluster()
    let connection: PostgresConnection
    private let applicationName: String
    private let lines: FileHandle
    private let wake: LogWake
    private var number: UInt64 = 0
    private var hash: UInt64 = 0

    /// Makes the schema anew.
    ///
    /// - Parameter applicationName: what the thread's sessions are called in the database.
    init(
        schema: String, _ migrations: [(name: String, sql: String)], applicationName: String
    ) throws {
        self.applicationName = applicationName
        connection = PostgresConnection(PostgresConfiguration(url: Self.url ?? "", applicationName: "projection tests"))
        try connection.connect()
        try connection.run("DROP SCHEMA IF EXISTS \(schema) CASCADE")
        let numbered = migrations.enumerated().map { index, migration in
            Migration(number: index + 1, name: migration.name, sql: migration.sql)
        }
        _ = try Migrator(schema: schema, migrations: numbered).migrate(connection)
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        _ = FileManager.default.createFile(atPath: path.path, contents: nil)
        lines = try FileHandle(forUpdating: path)
        try FileManager.default.removeItem(at: path)
        wake = try LogWake()
    }

    /// A new one for each start of a thread.
    func context() throws -> ServiceContext {
        let schema = ConfigurationSchema(
            service: "demo", summary: "stores what it follows", keys: [StandardKeys.databaseURL])
        let configuration = try schema.parse(arguments: [], environment: ["DATABASE_URL": Self.url ?? ""]) { _ in
            .failure(FileReadError(reason: "No such file or directory"))
        }.configuration
        let logger = Logger(service: "demo", sink: LogSink(descriptor: lines.fileDescriptor))
        return ServiceContext(configuration: configuration, logger: logger, lifecycle: Lifecycle(logger: logger))
    }

    /// Appends a record as its processor does, in a frame of its own.
    func append<Record: RecordUnion>(_ record: Record, _ writer: Writer, to partition: TopicPartition) throws {
        number += 1
        var frame = FrameWriter()
        let header = EnvelopeHeader(writer: writer, number: number, schemaVersion: 1)
        let written = frame.append(header, record, after: hash)
        hash = try #require(written)
        cluster.append(frame.array, to: partition)
    }

    /// Waits until `isTrue`; the suite's time limit is the bound.
    func eventually(_ isTrue: () throws -> Bool) throws {
        while try !isTrue() {
            wake.wait(milliseconds: 5)
            wake.drain()
        }
    }

    func number(_ query: String) throws -> Int64 { try connection.query(query).only().get(0) }

    /// How often the thread has said `text`.
    func said(_ text: String) throws -> Int {
        try lines.seek(toOffset: 0)
        let all = try lines.readToEnd() ?? Data()
        return String(decoding: all, as: UTF8.self).components(separatedBy: text).count - 1
    }

    /// Whether a session of the thread waits for a lock.
    func isBlocked() throws -> Bool {
        try number(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE application_name = '\(applicationName)' AND wait_event_type = 'Lock' AND datname = current_database()
            """) > 0
    }

    /// Ends the thread's sessions, as a restart of the database does.
    func endSessions() throws {
        try connection.query(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE application_name = '\(applicationName)' AND datname = current_database()
            """)
    }
}
