import Crypto

/// One step of a schema's history. Once it has been applied somewhere its text never changes.
public struct Migration: Sendable, Hashable {
    /// 1, 2, 3, … without gaps.
    public let number: Int
    public let name: String
    /// Any number of statements; unqualified names are in the migrator's schema. It must not commit.
    public let sql: String

    public init(number: Int, name: String, sql: String) {
        self.number = number
        self.name = name
        self.sql = sql
    }
}

public enum MigrationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The list in the program is not 1, 2, 3, …, or the schema's name is none.
    case malformed(String)
    /// An applied migration is not the one of the same number in the program.
    case changed(schema: String, number: Int, name: String)
    /// The database has migrations that the program does not know: it belongs to a newer release.
    case databaseIsNewer(schema: String, database: Int, program: Int)
    /// The program needs migrations that have not been applied.
    case databaseIsOlder(schema: String, database: Int, program: Int)
    /// A migration failed, and nothing of it has happened.
    case failed(schema: String, number: Int, name: String, PostgresError)
    case unavailable(schema: String, PostgresError)

    public var description: String {
        switch self {
        case .malformed(let reason): "migrations are malformed: \(reason)"
        case .changed(let schema, let number, let name):
            "migration \(number) (\(name)) of schema \(schema) was changed after it had been applied"
        case .databaseIsNewer(let schema, let database, let program):
            "schema \(schema) is at migration \(database), this program knows \(program): use the newer release"
        case .databaseIsOlder(let schema, let database, let program):
            "schema \(schema) is at migration \(database), this program needs \(program): run the migrations"
        case .failed(let schema, let number, let name, let error):
            "migration \(number) (\(name)) of schema \(schema) failed: \(error)"
        case .unavailable(let schema, let error): "schema \(schema) cannot be migrated: \(error)"
        }
    }
}

/// Brings a schema to the state that the program needs.
///
/// Applied migrations are rows of `<schema>.schema_migrations`, each with the SHA-256 of its text. An advisory lock lets
/// one migrator work at a time; each migration is a transaction of its own.
public struct Migrator: Sendable {
    public let schema: String
    private let migrations: [Migration]
    private let checksums: [String]

    /// - Parameter migrations: in order; the first is number 1.
    public init(schema: String, numbering migrations: [(name: String, sql: String)]) throws(MigrationError) {
        try self.init(
            schema: schema,
            migrations: migrations.enumerated().map { index, migration in
                Migration(number: index + 1, name: migration.name, sql: migration.sql)
            })
    }

    /// - Parameters:
    ///   - schema: lower-case letters, digits and underscores, beginning with a letter.
    ///   - migrations: numbered 1, 2, 3, …, in order.
    public init(schema: String, migrations: [Migration]) throws(MigrationError) {
        let isName = schema.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
        guard isName, let first = schema.utf8.first, (97...122).contains(first), schema.utf8.count <= 63 else {
            throw .malformed("\(schema) is no schema name")
        }
        for (index, migration) in migrations.enumerated() where migration.number != index + 1 {
            throw .malformed("migration \(migration.number) of schema \(schema) should be number \(index + 1)")
        }
        self.schema = schema
        self.migrations = migrations
        do throws(CryptoError) {
            var checksums: [String] = []
            for migration in migrations { checksums.append(try SHA256.digest(of: Array(migration.sql.utf8)).hex) }
            self.checksums = checksums
        } catch {
            throw .malformed(error.description)
        }
    }

    /// Applies what is missing.
    ///
    /// - Returns: the numbers of the migrations that were applied now.
    public func migrate(_ connection: PostgresConnection) throws(MigrationError) -> [Int] {
        try reporting { () throws(PostgresError) in
            try connection.lock(lockKey())
        }
        let applied = Result { () throws(MigrationError) in try applyMissing(connection) }
        if connection.isConnected {
            _ = try reporting { () throws(PostgresError) in try connection.unlock(lockKey()) }
        }
        return try applied.get()
    }

    /// Checks that the database is exactly where the program needs it; changes nothing.
    public func check(_ connection: PostgresConnection) throws(MigrationError) {
        let exists = try reporting { () throws(PostgresError) -> Bool in
            try connection.query(
                "SELECT to_regclass($1::text) IS NOT NULL", [.text("\(schema).schema_migrations")]
            ).only().get(0)
        }
        let version = exists ? try verifiedVersion(connection) : 0
        guard version == migrations.count else {
            throw .databaseIsOlder(schema: schema, database: version, program: migrations.count)
        }
    }

    private func applyMissing(_ connection: PostgresConnection) throws(MigrationError) -> [Int] {
        try reporting { () throws(PostgresError) in
            try connection.run(
                """
                CREATE SCHEMA IF NOT EXISTS \(schema);
                CREATE TABLE IF NOT EXISTS \(schema).schema_migrations (
                    number integer PRIMARY KEY,
                    name text NOT NULL,
                    checksum text NOT NULL,
                    applied_at timestamptz NOT NULL DEFAULT now()
                )
                """)
        }
        let version = try verifiedVersion(connection)
        for migration in migrations[version...] { try apply(migration, connection) }
        return migrations[version...].map(\.number)
    }

    private func apply(_ migration: Migration, _ connection: PostgresConnection) throws(MigrationError) {
        do {
            try connection.withTransaction { connection in
                try connection.run("SET LOCAL search_path TO \(schema), public; SET LOCAL statement_timeout = 0")
                try connection.run(migration.sql)
                try connection.query(
                    "INSERT INTO \(schema).schema_migrations (number, name, checksum) VALUES ($1, $2, $3)",
                    [
                        .int64(Int64(migration.number)), .text(migration.name),
                        .text(checksums[migration.number - 1]),
                    ])
            }
        } catch let error as PostgresError {
            throw .failed(schema: schema, number: migration.number, name: migration.name, error)
        } catch {
            throw .malformed("\(error)")
        }
    }

    /// How many migrations have been applied, when they are those of the program.
    private func verifiedVersion(_ connection: PostgresConnection) throws(MigrationError) -> Int {
        let applied = try reporting { () throws(PostgresError) -> [(number: Int, checksum: String)] in
            let rows = try connection.query(
                "SELECT number, checksum FROM \(schema).schema_migrations ORDER BY number")
            var applied: [(number: Int, checksum: String)] = []
            for row in rows { applied.append((try row.get("number"), try row.get("checksum"))) }
            return applied
        }
        if let newest = applied.last, newest.number > migrations.count {
            throw .databaseIsNewer(schema: schema, database: newest.number, program: migrations.count)
        }
        for (index, migration) in applied.enumerated() {
            let known = migrations[index]
            guard migration.number == known.number, migration.checksum == checksums[index] else {
                throw .changed(schema: schema, number: known.number, name: known.name)
            }
        }
        return applied.count
    }

    private func lockKey() throws(PostgresError) -> PostgresLockKey {
        do throws(CryptoError) {
            return try PostgresLockKey(name: "schema_migrations of \(schema)")
        } catch {
            throw PostgresError(.misuse, operation: "lock key", message: error.description)
        }
    }

    private func reporting<Value>(_ body: () throws(PostgresError) -> Value) throws(MigrationError) -> Value {
        do throws(PostgresError) {
            return try body()
        } catch {
            throw .unavailable(schema: schema, error)
        }
    }
}
