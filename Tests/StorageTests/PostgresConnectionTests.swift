import Testing

@testable import Storage

/// Needs PostgreSQL at `DATABASE_URL`; skipped without it.
@Suite(.enabled(if: TestServers.databaseURL != nil, "DATABASE_URL is not set"), .timeLimit(.minutes(2)))
struct PostgresConnectionTests {
    @Test func `Parameters and results keep every value of each type`() throws {
        let connection = try TestServers.connection()
        let row = try connection.query(
            """
            SELECT $1::bigint AS a, $2::integer AS b, $3::boolean AS c, $4::text AS d, $5::bytea AS e,
                $6::numeric AS f, $7::text AS g, $8::text AS empty
            """,
            [
                .int64(.min), .int32(.max), true, "Zürich \"\\ '", .bytes([0, 1, 255]), .numeric(.min), nil, "",
            ]
        ).only()
        #expect(try row.get("a") == Int64.min)
        #expect(try row.get("b") == Int32.max)
        #expect(try row.get("c") == true)
        #expect(try row.get("d") == "Zürich \"\\ '")
        #expect(try row.get("e") == [0, 1, 255] as [UInt8])
        #expect(try row.get("f") == Int128.min)
        #expect(try row.get("g") == String?.none)
        #expect(try row.get("empty") == "")
        #expect(try row.get("b", as: Int64.self) == Int64(Int32.max))
    }

    @Test func `Whole numerics of any size come back, and fractions are refused`() throws {
        let connection = try TestServers.connection()
        let magnitudes: [Int128] = [0, 1, 9_999, 10_000, 100_000_000, 123_456_789_012_345_678_901_234, .max]
        for value in magnitudes + magnitudes.map({ -$0 }) {
            let row = try connection.query("SELECT $1::numeric AS a, $1::numeric::text AS b", [.numeric(value)]).only()
            #expect(try row.get("a") == value)
            #expect(try row.get("b") == String(value))
        }
        for text in ["0.5", "1e39", "NaN", "-170141183460469231731687303715884105729"] {
            let row = try connection.query("SELECT $1::text::numeric AS a", [.text(text)]).only()
            #expect(throws: PostgresError.self) { try row.get("a", as: Int128.self) }
        }
        let scaled = try connection.query("SELECT 12.000::numeric AS a").only()
        #expect(try scaled.get("a") == Int128(12))
    }

    @Test func `Arrays unnest to rows and come back as arrays`() throws {
        let connection = try TestServers.connection()
        let texts = ["a", "", "b,c", "\"q\"", "NULL", "back\\slash"]
        let rows = try connection.query(
            "SELECT * FROM UNNEST($1::bigint[], $2::text[], $3::boolean[], $4::bytea[], $5::numeric[], $6::text[])",
            [
                .int64Array([1, 2, 3, 4, 5, 6]), .textArray(texts), .boolArray([true, false, true, true, true, true]),
                .bytesArray([[1], [], [2], [3], [4], [5]]), .numericArray([1, 2, 3, 4, 5, .max]),
                .optionalTextArray([nil, "x", nil, nil, nil, nil]),
            ])
        #expect(rows.count == 6)
        #expect(try rows.map { try $0.get(1, as: String.self) } == texts)
        #expect(try rows[1].get(3, as: [UInt8].self) == [])
        #expect(try rows[5].get(4, as: Int128.self) == .max)
        #expect(try rows.map { try $0.get(5, as: String?.self) } == [nil, "x", nil, nil, nil, nil])
        let back = try connection.query(
            "SELECT $1::bigint[] AS a, $2::text[] AS b, $3::bigint[] AS c",
            [.int64Array([.min, 0, .max]), .textArray(texts), .int64Array([])]
        ).only()
        #expect(try back.get("a") == [Int64.min, 0, .max])
        #expect(try back.get("b") == texts)
        #expect(try back.get("c") == [Int64]())
    }

    @Test func `Values of another type than the parameter's are converted by the server`() throws {
        let connection = try TestServers.connection()
        let row = try connection.query(
            """
            SELECT $1::integer AS a, $2::numeric AS b, $3::bigint AS c, ($4::jsonb ->> 'k') AS d, $5::integer[] AS e,
                $6::varchar[] AS f
            """,
            [
                .int64(7), .int64(8), .text("9"), .text("{\"k\": \"v\"}"), .int64Array([1, 2]),
                .textArray(["x\"y", "z"]),
            ]
        ).only()
        #expect(try row.get("a") == Int32(7))
        #expect(try row.get("b") == Int128(8))
        #expect(try row.get("c") == Int64(9))
        #expect(try row.get("d") == "v")
        #expect(try row.get("e") == [Int64(1), 2])
        #expect(try row.get("f") == ["x\"y", "z"])
        let error = #expect(throws: PostgresError.self) {
            try connection.query("SELECT $1::integer", [.int64(.max)])
        }
        #expect(error?.sqlState == "22003")
    }

    @Test func `A column that is missing, NULL or of another type is named in the error`() throws {
        let connection = try TestServers.connection()
        let row = try connection.query("SELECT NULL::bigint AS nothing, 'x'::text AS word").only()
        for (column, problem) in [("absent", "absent"), ("nothing", "nothing"), ("word", "word")] {
            let error = #expect(throws: PostgresError.self) { try row.get(column, as: Int64.self) }
            #expect(error?.kind == .unexpectedValue)
            #expect(error?.message.contains(problem) == true)
        }
    }

    @Test func `A unique violation carries its SQLSTATE and constraint, and the connection goes on`() throws {
        try TestServers.withSchema { connection, schema in
            try connection.run("CREATE TABLE \(schema).t (id bigint CONSTRAINT one_id PRIMARY KEY)")
            let insert = "INSERT INTO \(schema).t VALUES ($1)"
            #expect(try connection.query(insert, [1]).affectedCount == 1)
            let error = #expect(throws: PostgresError.self) { try connection.query(insert, [1]) }
            #expect(error?.sqlState == "23505")
            #expect(error?.isUniqueViolation == true)
            #expect(error?.constraint == "one_id")
            #expect(error?.isRetryable == false)
            try connection.query(insert, [2])
        }
    }

    @Test func `A pipeline happens as a whole or not at all`() throws {
        try TestServers.withSchema { connection, schema in
            try connection.run("CREATE TABLE \(schema).t (id bigint PRIMARY KEY, name text)")
            let insert = "INSERT INTO \(schema).t VALUES ($1, $2) RETURNING id"
            let good = (1...5_000).map {
                PostgresStatement(insert, [.int64($0), .text(String(repeating: "x", count: 500))])
            }
            let results = try connection.pipeline(good)
            #expect(results.count == 5_000)
            #expect(try results[4_999].only().get(0, as: Int64.self) == 5_000)
            let bad = [6_001, 6_002, 1, 6_003].map { PostgresStatement(insert, [.int64($0), nil]) }
            let error = #expect(throws: PostgresError.self) { try connection.pipeline(bad) }
            #expect(error?.isUniqueViolation == true)
            #expect(error?.operation.hasPrefix("statement 3 of 4") == true)
            #expect(try connection.query("SELECT count(*) FROM \(schema).t").only().get(0, as: Int64.self) == 5_000)
        }
    }

    @Test func `More different statements than a connection keeps still run`() throws {
        let connection = try TestServers.connection()
        for number in 0..<(PostgresConnection.preparedStatementLimit + 10) {
            #expect(try connection.query("SELECT \(number)").only().get(0, as: Int.self) == number)
        }
        let kept: Int64 = try connection.query("SELECT count(*) FROM pg_prepared_statements").only().get(0)
        #expect(kept <= Int64(PostgresConnection.preparedStatementLimit))
    }

    @Test func `A statement whose table has changed fails once and is then prepared anew`() throws {
        try TestServers.withSchema { connection, schema in
            try connection.run("CREATE TABLE \(schema).t (a bigint); INSERT INTO \(schema).t VALUES (1)")
            try connection.query("SELECT * FROM \(schema).t")
            try connection.run("ALTER TABLE \(schema).t ADD COLUMN b text DEFAULT 'new'")
            #expect(throws: PostgresError.self) { try connection.query("SELECT * FROM \(schema).t") }
            #expect(try connection.query("SELECT * FROM \(schema).t").only().get("b") == "new")
        }
    }

    @Test func `A statement that takes longer than its limit is ended and may be tried again`() throws {
        var configuration = TestServers.configuration()
        configuration.statementTimeoutMilliseconds = 20
        let connection = PostgresConnection(configuration)
        try connection.connect()
        let error = #expect(throws: PostgresError.self) { try connection.query("SELECT pg_sleep(60)") }
        #expect(error?.sqlState == "57014")
        #expect(error?.isRetryable == true)
        try connection.query("SELECT 1")
    }

    @Test func `A server that is silent longer than the limit counts as lost`() throws {
        var configuration = TestServers.configuration()
        configuration.statementTimeoutMilliseconds = 0
        configuration.replyTimeoutMilliseconds = 50
        let connection = PostgresConnection(configuration)
        try connection.connect()
        let error = #expect(throws: PostgresError.self) { try connection.query("SELECT pg_sleep(2)") }
        #expect(error?.kind == .connectionLost)
        #expect(!connection.isConnected)
    }

    @Test func `A lost connection is reported, stays lost until it is made again, and then works`() throws {
        let connection = try TestServers.connection()
        try TestServers.terminate(connection)
        let lost = #expect(throws: PostgresError.self) { try connection.query("SELECT 1") }
        #expect(lost?.kind == .connectionLost)
        #expect(lost?.isRetryable == true)
        let absent = #expect(throws: PostgresError.self) { try connection.query("SELECT 1") }
        #expect(absent?.kind == .notConnected)
        try connection.connect(retrying: Backoff(firstMilliseconds: 1, attemptLimit: 3))
        #expect(try connection.query("SELECT 1").only().get(0, as: Int.self) == 1)
        try TestServers.terminate(connection)
        #expect(!connection.checkAlive())
    }

    @Test func `Advisory locks exclude other sessions and end with theirs`() throws {
        let key = try PostgresLockKey(name: TestServers.uniqueName("lock"))
        let first = try TestServers.connection()
        let second = try TestServers.connection()
        #expect(try first.tryLock(key))
        #expect(try !second.tryLock(key))
        #expect(try first.unlock(key))
        #expect(try second.tryLock(key))
        second.close()
        try first.lock(key)
        #expect(try first.unlock(key))
        #expect(try !first.unlock(key))
    }
}

@Suite struct PostgresErrorTests {
    @Test(arguments: ["40001", "40P01", "57P01", "57P03", "53300", "53100", "08006", "55P03", "25006", "57014"])
    func `States that pass are retryable`(state: String) {
        #expect(PostgresError(.refused, operation: "test", message: "", sqlState: state).isRetryable)
    }

    @Test(arguments: ["23505", "42601", "22003", "25P02", "28P01", "23514"])
    func `States that stay are not retryable`(state: String) {
        #expect(!PostgresError(.refused, operation: "test", message: "", sqlState: state).isRetryable)
    }

    @Test func `A server that is not there is reported once the attempts are used up`() throws {
        let connection = PostgresConnection(
            PostgresConfiguration(url: "postgres://nobody@127.0.0.1:1/none", applicationName: "storage-tests"))
        let error = #expect(throws: PostgresError.self) {
            try connection.connect(retrying: Backoff(firstMilliseconds: 1, longestMilliseconds: 2, attemptLimit: 3))
        }
        #expect(error?.kind == .notConnected)
        #expect(error?.isRetryable == true)
    }

    @Test func `Pauses double up to the longest and end after the limit`() {
        var backoff = Backoff(firstMilliseconds: 10, longestMilliseconds: 35, attemptLimit: 4)
        #expect(
            [backoff.next(), backoff.next(), backoff.next(), backoff.next(), backoff.next()] == [10, 20, 35, 35, nil])
        backoff.reset()
        #expect(backoff.next() == 10)
    }
}
