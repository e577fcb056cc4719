import ServiceKit
import Storage

/// A service's part of the venue's database: the names of its sessions, and its schema, which is checked at start and brought
/// up to date by the command `migrate`.
public struct ServiceDatabase: Sendable {
    private let service: String
    private let schema: String
    private let makeMigrator: @Sendable () throws(MigrationError) -> Migrator

    public init(
        service: String, schema: String, migrator: @escaping @Sendable () throws(MigrationError) -> Migrator
    ) {
        self.service = service
        self.schema = schema
        makeMigrator = migrator
    }

    /// - Parameter purpose: ends the names of the sessions in the database.
    public func settings(_ configuration: Configuration, _ purpose: String) -> PostgresConfiguration {
        PostgresConfiguration(
            url: configuration[StandardKeys.databaseURL].revealed, applicationName: "\(service) \(purpose)")
    }

    public func migrator() throws(MigrationError) -> Migrator { try makeMigrator() }

    /// The command that brings the schema up to date.
    public var migrate: ServiceCommand {
        ServiceCommand("migrate", help: "brings the database schema '\(schema)' up to date") { context in
            let connection = PostgresConnection(settings(context.configuration, "migrate"))
            try connection.connect()
            let applied = try migrator().migrate(connection)
            print("\(schema): \(applied.isEmpty ? "up to date" : "applied \(applied)")")
            return .clean
        }
    }

    /// The schema must be the one that this release knows.
    public func check(_ configuration: Configuration) throws {
        let connection = PostgresConnection(settings(configuration, "start"))
        try connection.connect()
        try migrator().check(connection)
        connection.close()
    }
}
