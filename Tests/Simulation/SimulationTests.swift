import Foundation
import Testing

/// Random histories of the whole protocol: runtime and cores over the log in memory.
///
/// `SIMULATION_HISTORIES` says how many are run and `SIMULATION_SEED` where they begin. A violation names the seed of its
/// history, which repeats it: `SIMULATION_SEED=… SIMULATION_HISTORIES=1 swift test --filter SimulationTests`.
struct SimulationTests {
    /// Violations after which no more histories are begun.
    private static let enough = 5
    /// From how many histories on it is asked whether everything happened often enough.
    private static let manyHistories: UInt64 = 1_000

    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }

    @Test func `Random histories of the protocol break no rule`() async {
        let count = SimulationTests.number("SIMULATION_HISTORIES") ?? 50
        let first = SimulationTests.number("SIMULATION_SEED") ?? UInt64.random(in: 0...UInt64.max / 2)
        print("simulation: \(count) histories from seed \(first)")
        let workers = UInt64(max(1, min(ProcessInfo.processInfo.activeProcessorCount, 8)))
        let summary = await withTaskGroup(of: Summary.self) { group in
            for worker in 0..<workers {
                group.addTask { SimulationTests.run(from: first + worker, to: first + count, by: workers) }
            }
            return await group.reduce(into: Summary()) { $0.add($1) }
        }
        print("simulation: \(summary)")
        if count >= SimulationTests.manyHistories {
            let missing = summary.events.missing(in: Int(count))
            #expect(missing.isEmpty, "the histories have lost their power: these happen too seldom")
        }
    }

    private static func run(from first: UInt64, to end: UInt64, by step: UInt64) -> Summary {
        var summary = Summary()
        for seed in stride(from: first, to: end, by: Int(step)) {
            do {
                let history = try History(seed: seed)
                let ending = try history.run()
                summary.add(history, ending)
            } catch {
                Issue.record("\(error)\nagain: SIMULATION_SEED=\(seed) SIMULATION_HISTORIES=1")
                summary.violations += 1
                if summary.violations == SimulationTests.enough { break }
            }
        }
        return summary
    }

    private struct Summary: CustomStringConvertible {
        var histories = 0
        var stoppedByLoss = 0
        var stoppedByDivergence = 0
        var violations = 0
        var events = EventCounts()

        mutating func add(_ history: History, _ ending: History.Ending) {
            histories += 1
            stoppedByLoss += ending == .stoppedByLoss ? 1 : 0
            stoppedByDivergence += ending == .stoppedByDivergence ? 1 : 0
            events.add(history.events)
        }

        mutating func add(_ other: Summary) {
            histories += other.histories
            stoppedByLoss += other.stoppedByLoss
            stoppedByDivergence += other.stoppedByDivergence
            violations += other.violations
            events.add(other.events)
        }

        var description: String {
            "\(histories) histories, \(stoppedByLoss) stopped by a loss, \(stoppedByDivergence) by a divergence, "
                + "\(violations) violations; \(events)"
        }
    }
}
