import Storage
import Testing

/// Needs Redis at `REDIS_URL`; skipped without it.
@Suite(.enabled(if: TestServers.redisURL != nil, "REDIS_URL is not set"), .timeLimit(.minutes(2)))
struct RedisClientTests {
    private func client(
        _ limits: RedisClient.Limits = .init(), replyTimeoutMilliseconds: Int = 10_000
    ) async throws -> RedisClient {
        var configuration = try RedisConfiguration(url: TestServers.redisURL ?? "")
        configuration.replyTimeoutMilliseconds = replyTimeoutMilliseconds
        let client = try RedisClient(configuration, limits: limits)
        try await eventually { client.state == .connected }
        return client
    }

    @Test func `Groups from many threads are answered, each with its own replies in order`() async throws {
        let client = try await client()
        let answered = Box(0)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for number in 0..<500 {
                        let words = ["\(task)", "\(number)", ""]
                        do {
                            try client.submit(words.map { RedisCommand("ECHO", .text($0)) }) { result in
                                let expected = words.map { RedisReply.bytes(Array($0.utf8)) }
                                if case .success(expected) = result { answered.update { $0 += 1 } }
                            }
                        } catch {
                            Issue.record(error)
                        }
                    }
                }
            }
        }
        try await eventually { answered.get() == 4_000 }
        #expect(client.pendingCount == 0)
        client.close()
    }

    @Test func `What exceeds a limit is refused at once, and the limit is free again after the answers`() async throws {
        let client = try await client(.init(commands: 3, bytes: 1_000))
        let key = TestServers.uniqueName("storage")
        let answers = Box(0)
        try client.submit([RedisCommand("BLPOP", .text(key), 0)]) { _ in answers.update { $0 += 1 } }
        let pair = [RedisCommand("PING"), RedisCommand("PING")]
        try client.submit(pair) { _ in answers.update { $0 += 1 } }
        #expect(throws: RedisError.queueFull(limit: 3)) { try client.submit([RedisCommand("PING")]) { _ in } }
        let other = try await self.client()
        _ = try await other.send(RedisCommand("LPUSH", .text(key), "x"))
        try await eventually { answers.get() == 2 }
        let large = RedisCommand("ECHO", .bytes([UInt8](repeating: 0, count: 1_000)))
        #expect(throws: RedisError.queueFull(limit: 1_000)) { try client.submit([large]) { _ in } }
        #expect(try await client.send(RedisCommand("PING")) == .status("PONG"))
        client.close()
        other.close()
    }

    @Test func `Closing waits for what was handed over`() async throws {
        let client = try await client()
        let answered = Box(0)
        for _ in 0..<1_000 { try client.submit([RedisCommand("PING")]) { _ in answered.update { $0 += 1 } } }
        client.close()
        #expect(answered.get() == 1_000)
    }

    @Test func `Silence beyond the limit fails what is under way, and the client connects again`() async throws {
        let client = try await client(replyTimeoutMilliseconds: 100)
        await #expect(throws: RedisError.timedOut(milliseconds: 100)) {
            try await client.send(RedisCommand("BLPOP", .text(TestServers.uniqueName("storage")), 0))
        }
        try await eventually { client.state == .connected }
        #expect(try await client.send(RedisCommand("PING")) == .status("PONG"))
        client.close()
    }

    @Test func `A script runs whether Redis knows it or not, and its errors are errors`() async throws {
        let client = try await client()
        let script = try RedisScript("return ARGV[1] .. '\(TestServers.uniqueName("script"))'")
        let broken = try RedisScript("return redis.call('NOSUCHCOMMAND')")
        let results = Box<[Result<RedisReply, RedisError>]>([])
        for script in [script, script, broken] {
            let count = results.get().count
            try client.evaluate(script, keys: [], arguments: ["a"]) { result in results.update { $0.append(result) } }
            try await eventually { results.get().count == count + 1 }
        }
        let outcomes = results.get()
        #expect(try outcomes[0].get() == outcomes[1].get())
        #expect(throws: RedisError.self) { try outcomes[2].get() }
        client.close()
    }

    @Test func `A client that is let go ends by itself`() async throws {
        let states = Box<[RedisClient.State]>([])
        do {
            let configuration = try RedisConfiguration(url: TestServers.redisURL ?? "")
            let client = try RedisClient(configuration) { state in states.update { $0.append(state) } }
            try await eventually { client.state == .connected }
        }
        try await eventually { states.get().last == .closed }
    }
}
