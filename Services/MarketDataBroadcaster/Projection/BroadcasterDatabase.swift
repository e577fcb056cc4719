import MarketDataBroadcasterCore
import ServiceKit
import Storage

/// The service's part of the database.
public enum BroadcasterDatabase {
    static func configuration(_ context: ServiceContext, _ purpose: String) -> PostgresConfiguration {
        PostgresConfiguration(
            url: context.configuration[StandardKeys.databaseURL].revealed,
            applicationName: "market-data-broadcaster \(purpose)")
    }

    static func migrator() throws -> Migrator {
        try Migrator(
            schema: MarketDataSchema.name,
            migrations: MarketDataSchema.migrations.enumerated().map { index, migration in
                Migration(number: index + 1, name: migration.name, sql: migration.sql)
            })
    }

    public static func migrate(_ context: ServiceContext) throws -> ExitCode {
        let connection = PostgresConnection(configuration(context, "migrate"))
        try connection.connect()
        let applied = try migrator().migrate(connection)
        print("\(MarketDataSchema.name): \(applied.isEmpty ? "up to date" : "applied \(applied)")")
        return .clean
    }
}
