import Foundation
import Network
import ServiceKit

/// Quantiles in milliseconds.
struct Quantiles: Codable {
    var p50: Double
    var p99: Double
    var p999: Double

    init(_ snapshot: LatencyHistogram.Snapshot) {
        func milliseconds(_ quantile: Double) -> Double {
            Double(snapshot.nanoseconds(atQuantile: quantile) ?? 0) / 1e6
        }
        p50 = milliseconds(0.5)
        p99 = milliseconds(0.99)
        p999 = milliseconds(0.999)
    }
}

/// What one run says.
struct Report: Codable {
    var rate: Int
    var sent: Int
    var answered: Int
    var lost: Int
    var duplicated: Int
    /// Requests that the gateway shed (-1008, -1003, -1015) and other refusals.
    var shed: Int
    var refused: [String: Int]
    var latency_ms: Quantiles
    var mean_ms: Double
    /// Where the mean goes.
    var hops: [Hop]
    var first_10s_p99_ms: Double
    var last_10s_p99_ms: Double
    /// Nothing lost, nothing shed or refused otherwise, and the p99 of the last 10 s at most twice that of the first.
    var held: Bool

    /// Says it to whoever started this process and reads the processes' times.
    static func loadHasEnded() {
        FileHandle.standardOutput.write(Data("answered\n".utf8))
    }
}

/// Takes answers by request number. Requests of the warm-up count for loss, not for latency.
struct Measurement {
    private let schedule: Schedule
    private let start: UInt64
    /// `start` by the wall clock, milliseconds.
    private let startedAt: Int64
    private var isAnswered: [Bool]
    private let all = LatencyHistogram()
    private let first = LatencyHistogram()
    private let last = LatencyHistogram()
    private(set) var answered = 0
    private(set) var duplicated = 0
    var shed = 0
    var refused: [String: Int] = [:]

    /// - Parameter start: monotonic nanoseconds of the first intended sending.
    init(_ schedule: Schedule, start: UInt64) {
        self.schedule = schedule
        self.start = start
        startedAt = WallClock.milliseconds() - (Int64(MonotonicClock.nanoseconds()) - Int64(start)) / 1_000_000
        isAnswered = Array(repeating: false, count: schedule.count)
    }

    var isComplete: Bool { answered == schedule.count }

    mutating func take(_ index: Int, now: UInt64) {
        guard index >= 0, index < isAnswered.count else { return }
        guard !isAnswered[index] else {
            duplicated += 1
            return
        }
        isAnswered[index] = true
        answered += 1
        guard index >= schedule.warmUpCount else { return }
        let latency = Int64(now &- start &- schedule.intendedTime(index))
        all.record(nanoseconds: latency)
        let second = (index - schedule.warmUpCount) / schedule.rate
        if second < 10 { first.record(nanoseconds: latency) }
        if second >= schedule.seconds - 10 { last.record(nanoseconds: latency) }
    }

    /// When a request was to be sent, by the wall clock, milliseconds.
    func intendedAt(_ index: Int) -> Int64 { startedAt + Int64(schedule.intendedTime(index) / 1_000_000) }

    /// When the warm-up ended, by the wall clock, milliseconds.
    var countsSince: Int64 { intendedAt(schedule.warmUpCount) }

    /// The mean latency, milliseconds.
    var mean: Double {
        let snapshot = all.snapshot()
        return snapshot.count == 0 ? 0 : Double(snapshot.sumNanoseconds) / Double(snapshot.count) / 1e6
    }

    func report(sent: Int, hops: [Hop]) -> Report {
        let firstTail = Quantiles(first.snapshot()).p99
        let lastTail = Quantiles(last.snapshot()).p99
        return Report(
            rate: schedule.rate, sent: sent, answered: answered, lost: sent - answered, duplicated: duplicated,
            shed: shed, refused: refused, latency_ms: Quantiles(all.snapshot()), mean_ms: mean, hops: hops,
            first_10s_p99_ms: firstTail,
            last_10s_p99_ms: lastTail,
            held: sent == answered && sent == schedule.count && shed == 0 && refused.isEmpty
                && lastTail <= 2 * firstTail)
    }
}
