import Foundation
import Testing

@testable import Storage

/// Needs Redis at `REDIS_URL`; skipped without it.
@Suite(.enabled(if: TestServers.redisURL != nil, "REDIS_URL is not set"), .timeLimit(.minutes(2)))
struct RedisConnectionTests {
    private func connection(_ change: (inout RedisConfiguration) -> Void = { _ in }) throws -> RedisConnection {
        var configuration = try RedisConfiguration(url: TestServers.redisURL ?? "")
        change(&configuration)
        return RedisConnection(configuration)
    }

    @Test func `Values of any bytes and sizes come back`() throws {
        let redis = try connection()
        let key = TestServers.uniqueName("storage")
        for value in [[], [0, 13, 10, 255], [UInt8](repeating: 7, count: 5_000_000)] as [[UInt8]] {
            try redis.send(RedisCommand("SET", .text(key), .bytes(value), "EX", 60))
            #expect(try redis.send(RedisCommand("GET", .text(key))).optionalBytes() == value)
        }
        try redis.send(RedisCommand("DEL", .text(key)))
        #expect(try redis.send(RedisCommand("GET", .text(key))).optionalBytes() == nil)
    }

    @Test func `A pipeline answers in order, and an error stands at its command`() throws {
        let redis = try connection()
        let key = TestServers.uniqueName("storage")
        var commands = (1...10_000).map { RedisCommand("INCRBY", .text(key), .integer($0)) }
        commands += [RedisCommand("LPUSH", .text(key), "x"), RedisCommand("DEL", .text(key))]
        let replies = try redis.pipeline(commands)
        #expect(try replies[9_999].integer() == 50_005_000)
        #expect(throws: RedisError.self) { try replies[10_000].check() }
        #expect(replies[10_001] == .integer(1))
        let error = #expect(throws: RedisError.self) { try redis.send(RedisCommand("NOSUCHCOMMAND")) }
        guard case .refused? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try redis.send(RedisCommand("PING")) == .status("PONG"))
    }

    @Test func `A script runs whether Redis knows it or not`() throws {
        let redis = try connection()
        let script = try RedisScript("return {KEYS[1], ARGV[1], '\(TestServers.uniqueName("script"))'}")
        for _ in 0..<2 {
            let reply = try redis.evaluate(script, keys: ["k"], arguments: [5]).array()
            #expect(try reply[0].optionalText() == "k")
            #expect(try reply[1].optionalText() == "5")
        }
        let broken = try RedisScript("return redis.call('NOSUCHCOMMAND')")
        #expect(throws: RedisError.self) { try redis.evaluate(broken, keys: [], arguments: []) }
    }

    @Test func `Silence beyond the limit closes the connection, and the next call makes a new one`() throws {
        let redis = try connection { $0.replyTimeoutMilliseconds = 100 }
        #expect(throws: RedisError.timedOut(milliseconds: 100)) {
            try redis.send(RedisCommand("BLPOP", .text(TestServers.uniqueName("storage")), 0))
        }
        #expect(!redis.isConnected)
        #expect(try redis.send(RedisCommand("PING")) == .status("PONG"))
    }

    @Test func `A connection that the server ended while idle is made again`() throws {
        let redis = try connection()
        let identifier = try redis.send(RedisCommand("CLIENT", "ID")).integer()
        try connection().send(RedisCommand("CLIENT", "KILL", "ID", .integer(identifier)))
        #expect(try redis.send(RedisCommand("CLIENT", "ID")).integer() != identifier)
    }
}

/// Starts Redis servers of its own; skipped where none is installed.
@Suite(
    .enabled(if: TestServers.redisURL != nil && RedisServerProcess.executable != nil, "no Redis to start"),
    .timeLimit(.minutes(2)))
struct RedisOwnServerTests {
    /// Connects once the server listens.
    private func connect(_ url: String) throws -> RedisConnection {
        let redis = RedisConnection(try RedisConfiguration(url: url))
        var backoff = Backoff(firstMilliseconds: 5, longestMilliseconds: 100, attemptLimit: 200)
        while true {
            do {
                try redis.connect()
                return redis
            } catch {
                guard !error.description.contains("refused:"), let pause = backoff.next() else { throw error }
                usleep(UInt32(pause) * 1_000)
            }
        }
    }

    @Test func `User, password and database of the URL are used, and a wrong password is refused`() throws {
        let server = try RedisServerProcess(
            ["--user", "ann", "on", ">p@ss", "~*", "&*", "+@all", "--requirepass", "word"])
        let redis = try connect("redis://ann:p%40ss@127.0.0.1:\(server.port)/3")
        #expect(try redis.send(RedisCommand("ACL", "WHOAMI")).optionalText() == "ann")
        #expect(try redis.send(RedisCommand("CLIENT", "INFO")).optionalText()?.contains(" db=3 ") == true)
        try connect("redis://:word@127.0.0.1:\(server.port)").send(RedisCommand("PING"))
        for user in ["ann:wrong@", ""] {
            let redis = RedisConnection(try RedisConfiguration(url: "redis://\(user)127.0.0.1:\(server.port)"))
            let error = #expect(throws: RedisError.self) { try redis.connect() }
            #expect(error?.isRetryable == true)
            #expect(error?.description.contains("refused") == true)
        }
    }

    @Test func `TLS reaches a server whose certificate is trusted, and no other`() throws {
        let server = try RedisServerProcess(isTLS: true)
        let place = "rediss://127.0.0.1:\(server.port)"
        let redis = try connect("\(place)?ssl_ca_certs=\(server.certificateFile)")
        let value = [UInt8](repeating: 9, count: 3_000_000)
        try redis.send(RedisCommand("SET", "k", .bytes(value)))
        #expect(try redis.send(RedisCommand("GET", "k")).optionalBytes() == value)
        try connect("\(place)?ssl_cert_reqs=none").send(RedisCommand("PING"))
        let stranger = RedisConnection(try RedisConfiguration(url: place))
        #expect(throws: RedisError.self) { try stranger.connect() }
    }

    @Test func `A connection goes on after the server was restarted`() throws {
        let server = try RedisServerProcess()
        let redis = try connect("redis://127.0.0.1:\(server.port)")
        server.stop()
        let error = #expect(throws: RedisError.self) { try redis.send(RedisCommand("PING")) }
        #expect(error?.isRetryable == true)
        try server.start()
        var reply: RedisReply?
        while reply == nil {
            do {
                reply = try redis.send(RedisCommand("PING"))
            } catch {
                #expect(error.isRetryable)
            }
        }
        #expect(reply == .status("PONG"))
    }

    @Test func `A client refuses at once while the server is away, and goes on when it is back`() async throws {
        let server = try RedisServerProcess()
        let states = Box<[RedisClient.State]>([])
        let configuration = try RedisConfiguration(url: "redis://127.0.0.1:\(server.port)")
        let client = try RedisClient(configuration) { state in states.update { $0.append(state) } }
        try await eventually { client.state == .connected }
        #expect(try await client.send(RedisCommand("PING")) == .status("PONG"))
        server.stop()
        try await eventually { client.state != .connected }
        let refusal = #expect(throws: RedisError.self) { try client.submit([RedisCommand("PING")]) { _ in } }
        guard case .notConnected? = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
        try server.start()
        try await eventually { client.state == .connected }
        #expect(try await client.send(RedisCommand("PING")) == .status("PONG"))
        client.close()
        #expect(client.state == .closed)
        #expect(states.get().last == .closed)
        #expect(throws: RedisError.closed) { try client.submit([RedisCommand("PING")]) { _ in } }
    }

    @Test func `What was under way when the server went away fails, each once`() async throws {
        let server = try RedisServerProcess()
        let client = try RedisClient(RedisConfiguration(url: "redis://127.0.0.1:\(server.port)"))
        try await eventually { client.state == .connected }
        let failures = Box<[RedisError]>([])
        for _ in 0..<10 {
            try client.submit([RedisCommand("BLPOP", "nothing", 0)]) { result in
                if case .failure(let error) = result { failures.update { $0.append(error) } }
            }
        }
        server.stop()
        try await eventually { failures.get().count == 10 }
        #expect(failures.get().allSatisfy { $0.isRetryable })
        #expect(client.pendingCount == 0)
        client.close()
    }
}
