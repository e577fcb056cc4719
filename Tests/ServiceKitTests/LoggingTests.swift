import Glibc
import Synchronization
import Testing

@testable import ServiceKit

/// A pipe whose reading end a test looks at.
final class TestPipe: Sendable {
    let reader: Int32
    let writer: Int32

    init() {
        var ends: [Int32] = [0, 0]
        precondition(pipe(&ends) == 0)
        (reader, writer) = (ends[0], ends[1])
    }

    deinit {
        close(reader)
        close(writer)
    }

    /// Reads until `count` line ends have come.
    func lines(_ count: Int) -> [String] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count(where: { $0 == 0x0A }) < count {
            let length = read(reader, &chunk, chunk.count)
            guard length > 0 else { break }
            bytes += chunk[..<length]
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

@Suite struct LoggingTests {
    @Test func `A line has time, level, service, message, fields and the trace`() throws {
        let pipe = TestPipe()
        let trace = TraceContext(traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
        let logger = Logger(service: "demo", sink: LogSink(descriptor: pipe.writer)).with(["slot": 7])
        logger.with(trace: trace).info(
            "started \"now\"\n",
            [
                "port": .integer(UInt16(80)), "open": true, "ratio": 0.5, "nan": .number(.nan),
                "list": .list(["a", "b"]),
            ])
        let line = try #require(pipe.lines(1).first)
        let time = #/^{"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",/#
        #expect(line.prefixMatch(of: time) != nil)
        #expect(
            line.hasSuffix(
                #""level":"info","service":"demo","message":"started \"now\"\n","slot":7,"port":80,"open":true,"ratio":0.5,"#
                    + #""nan":"nan","list":["a","b"],"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}"#))
    }

    @Test func `Control characters are escaped, other text stands as it is`() {
        var line = JSONLine()
        line.append("k\u{1}", "a\u{7F}\\é\u{1F600}\t")
        #expect(String(decoding: line.finished(), as: UTF8.self) == "{\"k\\u0001\":\"a\\u007f\\\\é\u{1F600}\\t\"}\n")
    }

    @Test func `What is below the level is not even built`() {
        let pipe = TestPipe()
        let logger = Logger(service: "demo", level: .warning, sink: LogSink(descriptor: pipe.writer))
        let built = Atomic(0)
        func message() -> String {
            built.add(1, ordering: .relaxed)
            return "m"
        }
        logger.info(message())
        logger.warning(message())
        #expect(pipe.lines(1).count == 1)
        #expect(built.load(ordering: .relaxed) == 1)
    }

    @Test func `A full queue drops lines, counts them and says so`() {
        let pipe = TestPipe()
        // Nobody reads yet: the pipe takes 64 KiB, the queue 8 KiB more.
        let sink = LogSink(descriptor: pipe.writer, capacity: 8_192)
        let logger = Logger(service: "demo", sink: sink)
        let text = String(repeating: "x", count: 1_000)
        var attempts: UInt64 = 0
        while sink.droppedLines < 5, attempts < 100_000 {
            logger.info(text)
            attempts += 1
        }
        #expect(sink.droppedLines == 5)
        let lines = pipe.lines(Int(attempts) - 5 + 1)
        #expect(lines.contains { $0.contains("log lines dropped") && $0.contains("\"dropped\":") })
        sink.flush()
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_400_123, "2000-02-29T00:00:00.123Z"),
            (-1, "1969-12-31T23:59:59.999Z"), (4_102_444_799_999, "2099-12-31T23:59:59.999Z"),
            (1_709_208_000_000, "2024-02-29T12:00:00.000Z"),
        ] as [(Int64, String)])
    func `Times are RFC 3339 in UTC with milliseconds`(_ milliseconds: Int64, _ text: String) {
        #expect(Timestamp.rfc3339(wallNanoseconds: milliseconds * 1_000_000) == text)
    }
}
