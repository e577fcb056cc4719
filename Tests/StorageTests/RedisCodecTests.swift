import Testing

@testable import Storage

@Suite struct RedisCodecTests {
    @Test func `A command is an array of bulk strings whose lengths count bytes`() {
        let command = RedisCommand("SET", "ключ", .bytes([0, 13, 10, 255]), "PX", 1_500)
        let expected =
            Array("*5\r\n$3\r\nSET\r\n$8\r\nключ\r\n$4\r\n".utf8) + [0, 13, 10, 255]
            + Array("\r\n$2\r\nPX\r\n$4\r\n1500\r\n".utf8)
        #expect(command.encoded == expected)
    }

    @Test func `Replies are read the same wherever the stream is cut`() throws {
        let stream = Array(
            "+OK\r\n:-42\r\n$5\r\na\r\nbc\r\n$-1\r\n*3\r\n:1\r\n*-1\r\n*1\r\n$0\r\n\r\n-ERR no\r\n*0\r\n".utf8)
        let expected: [RedisReply] = [
            .status("OK"), .integer(-42), .bytes(Array("a\r\nbc".utf8)), .null,
            .array([.integer(1), .null, .array([.bytes([])])]), .error("ERR no"), .array([]),
        ]
        for cut in 0...stream.count {
            let reader = RedisReplyReader(replyLimit: 1_024)
            var replies: [RedisReply] = []
            for part in [stream[..<cut], stream[cut...]] {
                try part.withUnsafeBytes { try reader.feed($0) }
                while let reply = try reader.next() { replies.append(reply) }
            }
            #expect(replies == expected, "cut at \(cut)")
        }
    }

    @Test func `A stream that is no Redis, and a reply above the limit, are refused`() throws {
        let reader = RedisReplyReader(replyLimit: 100)
        try Array("HTTP/1.1 400 Bad Request\r\n".utf8).withUnsafeBytes { try reader.feed($0) }
        #expect(throws: RedisError.self) { try reader.next() }
        let other = RedisReplyReader(replyLimit: 100)
        #expect(throws: RedisError.self) {
            try [UInt8](repeating: 36, count: 101).withUnsafeBytes { try other.feed($0) }
        }
    }

    @Test func `A URL gives every part`() throws {
        let full = try RedisURL("redis://ann:p%40ss%3Aw@cache.example:6380/3")
        #expect(full.host == "cache.example" && full.port == 6_380 && full.database == 3 && !full.isTLS)
        #expect(full.username == "ann" && full.password == "p@ss:w")
        let short = try RedisURL("rediss://:secret@[::1]?ssl_cert_reqs=none")
        #expect(short.host == "::1" && short.port == 6_379 && short.database == 0 && short.isTLS)
        #expect(short.username == nil && short.password == "secret")
        #expect(short.options == ["ssl_cert_reqs": "none"])
        #expect(try RedisURL("redis://localhost").password == nil)
    }

    @Test(arguments: [
        "", "http://h", "redis://", "redis://h:0", "redis://h:99999", "redis://h:x", "redis://h/x", "redis://h/-1",
        "redis://user@h", "redis://u:%zz@h", "redis://u:%f@h", "rediss://h?unknown=1", "rediss://h?ssl_ca_certs",
    ])
    func `A URL that is none is refused`(url: String) {
        #expect(throws: RedisError.self) { try RedisURL(url) }
    }

    @Test func `A reply of another kind than expected is an error that says what came`() throws {
        #expect(try RedisReply.null.optionalText() == nil)
        #expect(try RedisReply.status("OK").optionalText() == "OK")
        #expect(throws: RedisError.refused("ERR x")) { try RedisReply.error("ERR x").integer() }
        #expect(throws: RedisError.unexpectedReply("null")) { try RedisReply.null.integer() }
        #expect(throws: RedisError.unexpectedReply("integer 1")) { try RedisReply.integer(1).array() }
    }

    @Test func `Errors say whether trying again may help`() {
        #expect(RedisError.notConnected(reason: "").isRetryable)
        #expect(RedisError.refused("LOADING Redis is loading").isRetryable)
        #expect(!RedisError.refused("WRONGTYPE").isRetryable)
        #expect(!RedisError.closed.isRetryable)
    }
}
