import Testing

@testable import Storage

private struct Abandoned: Error {}

/// Needs PostgreSQL at `DATABASE_URL`; skipped without it.
@Suite(.enabled(if: TestServers.databaseURL != nil, "DATABASE_URL is not set"), .timeLimit(.minutes(2)))
struct PostgresTransactionTests {
    @Test func `A transaction commits when its body returns and rolls back when it throws`() throws {
        try TestServers.withSchema { connection, schema in
            try connection.run("CREATE TABLE \(schema).t (id bigint)")
            let value = try connection.withTransaction { connection in
                try connection.query("INSERT INTO \(schema).t VALUES (1)")
                return 42
            }
            #expect(value == 42)
            #expect(throws: Abandoned.self) {
                try connection.withTransaction { connection in
                    try connection.query("INSERT INTO \(schema).t VALUES (2)")
                    throw Abandoned()
                }
            }
            #expect(try connection.query("SELECT id FROM \(schema).t").only().get(0, as: Int64.self) == 1)
        }
    }

    @Test func `A transaction whose failed statement was overlooked does not pass for committed`() throws {
        let connection = try TestServers.connection()
        let error = #expect(throws: PostgresError.self) {
            try connection.withTransaction { connection in
                _ = Result { try connection.query("SELECT 1/0") }
            }
        }
        #expect(error?.sqlState == "25P02")
        try connection.query("SELECT 1")
    }

    @Test func `A transaction inside another is refused`() throws {
        let connection = try TestServers.connection()
        let error = #expect(throws: PostgresError.self) {
            try connection.withTransaction { try $0.withTransaction { _ in } }
        }
        #expect(error?.kind == .misuse)
    }

    @Test func `A serialization failure is classified and the transaction run again`() throws {
        try TestServers.withSchema { connection, schema in
            try connection.run("CREATE TABLE \(schema).t (id bigint, n bigint); INSERT INTO \(schema).t VALUES (1, 0)")
            let other = try TestServers.connection()
            var runs = 0
            func conflict(attempts: Int) throws {
                try connection.withTransaction(isolation: .repeatableRead, attempts: attempts) { connection in
                    runs += 1
                    try connection.query("SELECT n FROM \(schema).t")
                    if runs == 1 { try other.query("UPDATE \(schema).t SET n = n + 1") }
                    try connection.query("UPDATE \(schema).t SET n = n + 10")
                }
            }
            let error = #expect(throws: PostgresError.self) { try conflict(attempts: 1) }
            #expect(error?.sqlState == "40001")
            #expect(error?.isSerializationFailure == true)
            runs = 0
            try conflict(attempts: 2)
            #expect(runs == 2)
            #expect(try connection.query("SELECT n FROM \(schema).t").only().get(0, as: Int64.self) == 12)
        }
    }

    @Test func `A connection that is lost inside a transaction leaves nothing behind`() throws {
        try TestServers.withSchema { connection, schema in
            try connection.run("CREATE TABLE \(schema).t (id bigint)")
            let error = #expect(throws: PostgresError.self) {
                try connection.withTransaction { connection in
                    try connection.query("INSERT INTO \(schema).t VALUES (1)")
                    try TestServers.terminate(connection)
                    try connection.query("INSERT INTO \(schema).t VALUES (2)")
                }
            }
            #expect(error?.isConnectionLost == true)
            try connection.connect()
            #expect(try connection.query("SELECT * FROM \(schema).t").count == 0)
        }
    }

    @Test func `A copy inserts a hundred thousand rows with every type`() throws {
        try TestServers.withSchema { connection, schema in
            try connection.run(
                """
                CREATE TABLE \(schema).t (
                    a bigint, b integer, c text, d bytea, e boolean, f numeric, g bigint, h smallint)
                """)
            let count = 100_000
            let columns = ["a", "b", "c", "d", "e", "f", "g", "h"]
            let inserted = try connection.copy(into: "\(schema).t", columns: columns) { writer in
                for number in 0..<count {
                    try writer.beginRow()
                    writer.int64(Int64(number))
                    writer.int32(Int32(-number))
                    writer.text("row \(number)")
                    writer.bytes([UInt8(truncatingIfNeeded: number), 0])
                    writer.bool(number % 2 == 0)
                    writer.numeric(Int128(number) * 1_000_000_000_000_000_000_000)
                    writer.null()
                    writer.int16(Int16(truncatingIfNeeded: number))
                }
            }
            #expect(inserted == count)
            let row = try connection.query("SELECT * FROM \(schema).t WHERE a = 99999").only()
            #expect(try row.get("b") == Int32(-99_999))
            #expect(try row.get("c") == "row 99999")
            #expect(try row.get("d") == [159, 0] as [UInt8])
            #expect(try row.get("e") == false)
            #expect(try row.get("f") == Int128(99_999) * 1_000_000_000_000_000_000_000)
            #expect(try row.get("g") == Int64?.none)
            #expect(try row.get("h", as: Int64.self) == Int64(Int16(truncatingIfNeeded: 99_999)))
        }
    }

    @Test func `A copy that a plain statement begins ends the connection instead of hanging`() throws {
        for sql in ["COPY pg_class TO STDOUT", "COPY pg_class FROM STDIN"] {
            let connection = try TestServers.connection()
            let error = #expect(throws: PostgresError.self) { try connection.run(sql) }
            #expect(error?.kind == .connectionLost)
            #expect(!connection.isConnected)
        }
    }

    @Test func `A copy that is given up, incomplete or refused inserts nothing and leaves the connection usable`()
        throws
    {
        try TestServers.withSchema { connection, schema in
            try connection.run("CREATE TABLE \(schema).t (a bigint PRIMARY KEY, b bigint)")
            #expect(throws: Abandoned.self) {
                try connection.copy(into: "\(schema).t", columns: ["a", "b"]) { writer in
                    for number in 0..<100_000 {
                        try writer.beginRow()
                        writer.int64(Int64(number))
                        writer.null()
                    }
                    throw Abandoned()
                }
            }
            let incomplete = #expect(throws: PostgresError.self) {
                try connection.copy(into: "\(schema).t", columns: ["a", "b"]) { writer in
                    try writer.beginRow()
                    writer.int64(1)
                }
            }
            #expect(incomplete?.kind == .misuse)
            let twice = #expect(throws: PostgresError.self) {
                try connection.copy(into: "\(schema).t", columns: ["a"]) { writer in
                    for _ in 0..<2 {
                        try writer.beginRow()
                        writer.int64(1)
                    }
                }
            }
            #expect(twice?.isUniqueViolation == true)
            let missing = #expect(throws: PostgresError.self) {
                try connection.copy(into: "\(schema).absent", columns: ["a"]) { _ in }
            }
            #expect(missing?.sqlState == "42P01")
            #expect(try connection.query("SELECT count(*) FROM \(schema).t").only().get(0, as: Int64.self) == 0)
        }
    }
}
