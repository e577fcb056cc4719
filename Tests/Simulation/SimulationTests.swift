import Foundation
import Testing

/// Random histories of the whole protocol: runtime and cores over the log in memory.
///
/// `SIMULATION_HISTORIES` says how many are run and `SIMULATION_SEED` where they begin; a violation names the seed of its
/// history, which alone repeats it.
struct SimulationTests {
    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }

    @Test func `Random histories of the protocol break no rule`() throws {
        let count = SimulationTests.number("SIMULATION_HISTORIES") ?? 50
        let first = SimulationTests.number("SIMULATION_SEED") ?? UInt64.random(in: 0...UInt64.max / 2)
        print("simulation: \(count) histories from seed \(first)")
        var summary = Summary()
        for seed in first..<first + count {
            do {
                let history = try History(seed: seed)
                let ending = try history.run()
                summary.add(history, ending)
            } catch {
                Issue.record("\(error)")
                summary.violations += 1
                if summary.violations == 5 { break }
            }
        }
        print("simulation: \(summary)")
        if count >= 50 {
            #expect(summary.orders > 0 && summary.trades > 0 && summary.reads > 0, "the histories do something")
        }
    }

    private struct Summary: CustomStringConvertible {
        var histories = 0
        var stopped = 0
        var orders = 0
        var trades = 0
        var reads = 0
        var violations = 0

        mutating func add(_ history: History, _ ending: History.Ending) {
            histories += 1
            stopped += ending == .stoppedByLoss ? 1 : 0
            reads += history.completedReads
            do {
                for market in 0..<history.venue.marketPartitions {
                    for (_, execution) in try history.executions(market) {
                        orders += execution.accepted == nil ? 0 : 1
                        trades += execution.trades.count
                    }
                }
            } catch {
                // A log that has lost its tail may not be readable to its end; its history ended with that.
                return
            }
        }

        var description: String {
            "\(histories) histories, \(stopped) stopped by a lost tail, \(orders) orders, \(trades) trades, "
                + "\(reads) reads, \(violations) violations"
        }
    }
}
