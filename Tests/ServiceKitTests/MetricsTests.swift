import Foundation
import Testing

@testable import ServiceKit

@Suite struct MetricsTests {
    @Test func `Metrics are printed in the text format`() throws {
        let registry = MetricsRegistry()
        let orders = try registry.counter("records_total", help: "Records\nin \\.", labels: ["topic": "orders"])
        let ledger = try registry.counter("records_total", help: "Records\nin \\.", labels: ["topic": "le\"d\\g\ner"])
        let age = try registry.gauge("checkpoint_age_seconds", help: "Age.")
        try registry.gauge("lag_records", help: "Lag.", read: { 12.5 })
        try registry.gauge("unknown", help: "Nothing.", read: { .nan })
        orders.increment(by: 3)
        ledger.increment()
        age.set(2)
        age.add(0.25)
        #expect(
            registry.text() == #"""
                # HELP records_total Records\nin \\.
                # TYPE records_total counter
                records_total{topic="orders"} 3
                records_total{topic="le\"d\\g\ner"} 1
                # HELP checkpoint_age_seconds Age.
                # TYPE checkpoint_age_seconds gauge
                checkpoint_age_seconds 2.25
                # HELP lag_records Lag.
                # TYPE lag_records gauge
                lag_records 12.5
                # HELP unknown Nothing.
                # TYPE unknown gauge

                """#)
    }

    @Test func `A duplicate, a clash of kinds and a bad name are errors`() throws {
        let registry = MetricsRegistry()
        _ = try registry.counter("a_total", help: "A.", labels: ["x": "1"])
        _ = try registry.counter("a_total", help: "A.", labels: ["x": "2"])
        _ = try registry.latency("b_seconds", help: "B.")
        #expect(throws: MetricsError.duplicate(name: "a_total", labels: #"x="1""#)) {
            try registry.counter("a_total", help: "A.", labels: ["x": "1"])
        }
        #expect(throws: MetricsError.conflict(name: "a_total")) { try registry.gauge("a_total", help: "A.") }
        #expect(throws: MetricsError.conflict(name: "a_total")) { try registry.counter("a_total", help: "Other.") }
        #expect(throws: MetricsError.conflict(name: "b_seconds_count")) {
            try registry.counter("b_seconds_count", help: "B.")
        }
        for name in ["", "1a", "a-b", "é"] {
            #expect(throws: MetricsError.invalidName(name)) { try registry.gauge(name, help: "") }
        }
        for label in ["le", "quantile", "__a", "a:b"] {
            #expect(throws: MetricsError.invalidName(label)) { try registry.gauge("c", help: "", labels: [label: ""]) }
        }
    }

    @Test func `Counters and gauges add up from many threads`() async throws {
        let registry = MetricsRegistry()
        let counter = try registry.counter("c_total", help: "")
        let gauge = try registry.gauge("g", help: "")
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<10_000 {
                        counter.increment()
                        gauge.add(1)
                    }
                }
            }
        }
        #expect(counter.value == 40_000)
        #expect(gauge.value == 40_000)
    }

    @Test func `Every bucket begins where the one before ends and is at most 0.8% wide`() {
        var next: UInt64 = 0
        for index in 0..<LatencyHistogram.bucketCount {
            let upper = LatencyHistogram.upperBound(ofBucket: index)
            #expect(LatencyHistogram.index(of: next) == index)
            #expect(LatencyHistogram.index(of: upper) == index)
            #expect(Double(upper - next) <= Double(next) / 128)
            next = upper + 1
        }
        #expect(next == LatencyHistogram.maximumNanoseconds + 1)
    }

    @Test func `Quantiles agree with a sorted list to within a bucket`() throws {
        let seed = UInt64(ProcessInfo.processInfo.environment["TEST_SEED"] ?? "") ?? UInt64.random(in: 1 ... .max)
        print("TEST_SEED=\(seed)")
        var state = seed
        let histogram = LatencyHistogram()
        var values: [UInt64] = []
        for _ in 0..<20_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let value = (state >> 20) >> (state >> 58)
            values.append(min(value, LatencyHistogram.maximumNanoseconds))
            histogram.record(nanoseconds: Int64(value))
        }
        values.sort()
        let snapshot = histogram.snapshot()
        #expect(snapshot.count == 20_000)
        #expect(snapshot.sumNanoseconds == values.reduce(0, +))
        for quantile in [0, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 1] {
            let exact = values[max(1, Int((quantile * 20_000).rounded(.up))) - 1]
            let found = try #require(snapshot.nanoseconds(atQuantile: quantile))
            #expect(found >= exact)
            #expect(found - exact <= exact / 128)
        }
        let bounds = MetricsRegistry.latencyBounds
        for (bound, count) in zip(bounds, snapshot.cumulativeCounts(upTo: bounds)) {
            let exact = UInt64(values.count { $0 <= bound })
            let narrow = UInt64(values.count { $0 <= bound - bound / 128 })
            #expect((narrow...exact).contains(count))
        }
    }

    @Test func `An empty histogram has no quantile, a negative duration counts as none`() {
        let histogram = LatencyHistogram()
        #expect(histogram.snapshot().nanoseconds(atQuantile: 0.5) == nil)
        histogram.record(nanoseconds: -5)
        histogram.record(nanoseconds: .max)
        #expect(histogram.snapshot().nanoseconds(atQuantile: 0) == 0)
        #expect(histogram.snapshot().nanoseconds(atQuantile: 1) == LatencyHistogram.maximumNanoseconds)
    }

    @Test func `Exported quantiles speak of the recent past`() throws {
        let registry = MetricsRegistry()
        let latency = try registry.latency("trip_seconds", help: "Trip.", labels: ["via": "ws"])
        let second: Int64 = 1_000_000_000
        for _ in 0..<1_000 { latency.record(nanoseconds: second) }
        #expect(registry.text(now: 0).contains(#"trip_recent_seconds{via="ws",quantile="0.5"} 1.0"#))
        _ = registry.text(now: 10 * second)
        for _ in 0..<10 { latency.record(nanoseconds: 100) }
        let text = registry.text(now: 21 * second)
        #expect(text.contains(#"trip_recent_seconds{via="ws",quantile="1"} 0.0000001"#))
        #expect(text.contains(#"trip_seconds_bucket{via="ws",le="0.00001"} 10"#))
        #expect(text.contains(#"trip_seconds_bucket{via="ws",le="+Inf"} 1010"#))
        #expect(text.contains(#"trip_seconds_count{via="ws"} 1010"#))
        #expect(text.contains(#"trip_seconds_sum{via="ws"} 1000.000001"#))
    }

    @Test func `The process reports its own figures`() throws {
        let registry = MetricsRegistry()
        try ProcessMetrics.register(in: registry)
        let text = registry.text()
        for name in [
            "process_resident_memory_bytes", "process_cpu_seconds_total", "process_open_fds", "process_threads",
        ] {
            let line = text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
            let value = try #require(line.flatMap { Double($0.split(separator: " ")[1]) })
            #expect(value > 0)
        }
    }

    // promtool is in Debian's package `prometheus`; scripts/test puts it on the path.
    @Test(.enabled(if: promtool != nil, "promtool is not on the path"))
    func `promtool finds nothing wrong`() throws {
        let registry = MetricsRegistry()
        try ProcessMetrics.register(in: registry)
        let latency = try registry.latency(
            "order_round_trip_seconds", help: "From request to answer.", labels: ["via": "ws"])
        for step in 1...1_000 { latency.record(nanoseconds: Int64(step * step * 1_000)) }
        _ = try registry.counter("odd_total", help: "Odd \\ \n help.", labels: ["value": "a\"b\\c\nd"])
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(promtool))
        process.arguments = ["check", "metrics"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        input.fileHandleForWriting.write(Data(registry.text().utf8))
        try input.fileHandleForWriting.close()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(String(decoding: said, as: UTF8.self) == "")
    }
}

private let promtool = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { "\($0)/promtool" }.first { FileManager.default.isExecutableFile(atPath: $0) }
