import Foundation
import Storage
import Testing

/// Needs PostgreSQL at `DATABASE_URL`; skipped without it.
@Suite(.enabled(if: TestServers.databaseURL != nil, "DATABASE_URL is not set"), .timeLimit(.minutes(2)))
struct PostgresPoolTests {
    @Test func `Jobs run on several connections at once and answer by await and by completion`() async throws {
        let pool = PostgresPool(TestServers.configuration(), limits: .init(connections: 3))
        let sum = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 1...100 {
                group.addTask {
                    try await pool.run { try $0.query("SELECT $1::bigint", [.int64(Int64(number))]).only().get(0) }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(sum == 5_050)
        let answer = Box<Int?>(nil)
        pool.submit({ try $0.query("SELECT 7").only().get(0, as: Int.self) }) { result in
            if case .success(let value) = result { answer.update { $0 = value } }
        }
        try await eventually { answer.get() == 7 }
        pool.close()
    }

    @Test func `What a job throws comes back`() async throws {
        let pool = PostgresPool(TestServers.configuration(), limits: .init(connections: 1))
        let error = await #expect(throws: PostgresError.self) { try await pool.run { try $0.run("SELECT 1/0") } }
        #expect(error?.sqlState == "22012")
        pool.close()
    }

    @Test func `A full queue refuses at once, a late job is not begun, a closed pool takes none`() async throws {
        let limits = PostgresPool.Limits(connections: 1, waiting: 2, waitMilliseconds: 30)
        let pool = PostgresPool(TestServers.configuration(), limits: limits)
        let isRunning = Box(false)
        let mayEnd = Box(false)
        let failures = Box<[PostgresPoolError]>([])
        pool.submit({ _ in
            isRunning.update { $0 = true }
            while !mayEnd.get() { usleep(1_000) }
        }) { _ in }
        try await eventually { isRunning.get() }
        for _ in 0..<3 {
            pool.submit({ _ in }) { result in
                if case .failure(let error as PostgresPoolError) = result { failures.update { $0.append(error) } }
            }
        }
        #expect(failures.get() == [.queueFull(limit: 2)])
        #expect(pool.waitingCount == 2)
        let passed = ContinuousClock.now + .milliseconds(40)
        try await eventually { ContinuousClock.now > passed }
        mayEnd.update { $0 = true }
        pool.close()
        let late = PostgresPoolError.waitedTooLong(limitMilliseconds: 30)
        #expect(failures.get() == [.queueFull(limit: 2), late, late])
        await #expect(throws: PostgresPoolError.closed) { try await pool.run { _ in } }
    }

    @Test func `A connection that the server ended is made again for the next job`() async throws {
        let pool = PostgresPool(TestServers.configuration(), limits: .init(connections: 1))
        try await pool.run { try TestServers.terminate($0) }
        #expect(try await pool.run { try $0.query("SELECT 1").only().get(0, as: Int.self) } == 1)
        pool.close()
    }

    @Test func `While the server is away jobs fail with a retryable error`() async throws {
        let away = TestServers.configuration(url: "postgres://nobody@127.0.0.1:1/none")
        let pool = PostgresPool(away, limits: .init(connections: 1))
        for _ in 0..<3 {
            let error = await #expect(throws: PostgresError.self) { try await pool.run { _ in } }
            #expect(error?.kind == .notConnected)
        }
        pool.close()
    }
}
