import Storage
import Testing

/// Needs PostgreSQL at `DATABASE_URL`; skipped without it.
@Suite(.enabled(if: TestServers.databaseURL != nil, "DATABASE_URL is not set"), .timeLimit(.minutes(2)))
struct MigratorTests {
    static let first = Migration(
        number: 1, name: "orders", sql: "CREATE TABLE orders (id bigint); INSERT INTO orders VALUES (1);")
    static let second = Migration(number: 2, name: "trades", sql: "CREATE TABLE trades (id bigint)")

    @Test func `Migrations are applied once, in order, in their schema`() throws {
        try TestServers.withSchema { connection, schema in
            #expect(try Migrator(schema: schema, migrations: [Self.first]).migrate(connection) == [1])
            let both = try Migrator(schema: schema, migrations: [Self.first, Self.second])
            let older = MigrationError.databaseIsOlder(schema: schema, database: 1, program: 2)
            #expect(throws: older) { try both.check(connection) }
            #expect(try both.migrate(connection) == [2])
            #expect(try both.migrate(connection) == [])
            try both.check(connection)
            #expect(try connection.query("SELECT id FROM \(schema).orders").count == 1)
            #expect(try connection.query("SELECT id FROM \(schema).trades").count == 0)
        }
    }

    @Test func `An empty database is older than the program`() throws {
        let connection = try TestServers.connection()
        let migrator = try Migrator(schema: TestServers.uniqueName("absent"), migrations: [Self.first])
        #expect(throws: MigrationError.self) { try migrator.check(connection) }
    }

    @Test func `A migration that was changed after it had been applied stops everything`() throws {
        try TestServers.withSchema { connection, schema in
            _ = try Migrator(schema: schema, migrations: [Self.first]).migrate(connection)
            let changed = Migration(number: 1, name: "orders", sql: "CREATE TABLE orders (id integer)")
            let migrator = try Migrator(schema: schema, migrations: [changed, Self.second])
            let error = MigrationError.changed(schema: schema, number: 1, name: "orders")
            #expect(throws: error) { try migrator.migrate(connection) }
            #expect(throws: error) { try migrator.check(connection) }
        }
    }

    @Test func `A database of a newer release is left alone`() throws {
        try TestServers.withSchema { connection, schema in
            _ = try Migrator(schema: schema, migrations: [Self.first, Self.second]).migrate(connection)
            let older = try Migrator(schema: schema, migrations: [Self.first])
            let error = MigrationError.databaseIsNewer(schema: schema, database: 2, program: 1)
            #expect(throws: error) { try older.migrate(connection) }
            #expect(throws: error) { try older.check(connection) }
        }
    }

    @Test func `A migration that fails leaves nothing of itself, and those before it stay`() throws {
        try TestServers.withSchema { connection, schema in
            let broken = Migration(number: 2, name: "broken", sql: "CREATE TABLE half (id bigint); SELECT 1/0")
            let migrator = try Migrator(schema: schema, migrations: [Self.first, broken])
            #expect(throws: MigrationError.self) { try migrator.migrate(connection) }
            #expect(try Migrator(schema: schema, migrations: [Self.first, Self.second]).migrate(connection) == [2])
            let half = try connection.query("SELECT to_regclass($1::text) IS NULL", [.text("\(schema).half")])
            #expect(try half.only().get(0) == true)
        }
    }

    @Test func `Two migrators at once apply everything once`() async throws {
        let schema = TestServers.uniqueName("storage_test")
        let applied = try await withThrowingTaskGroup(of: [Int].self) { group in
            for _ in 0..<2 {
                group.addTask {
                    let connection = try TestServers.connection()
                    return try Migrator(schema: schema, migrations: [Self.first, Self.second]).migrate(connection)
                }
            }
            return try await group.reduce([], +)
        }
        #expect(applied == [1, 2])
        try TestServers.connection().run("DROP SCHEMA \(schema) CASCADE")
    }

    @Test func `Gaps in the numbers and names that are no schema are refused`() {
        #expect(throws: MigrationError.self) { try Migrator(schema: "s", migrations: [Self.second]) }
        for name in ["", "1a", "A", "a-b", "a; DROP SCHEMA b", String(repeating: "a", count: 64)] {
            #expect(throws: MigrationError.self) { try Migrator(schema: name, migrations: []) }
        }
    }
}
