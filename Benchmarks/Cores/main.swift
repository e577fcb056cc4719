import Foundation
import TradingCore

// Runs one real hour of orders through the four cores in one process and prints what a command costs, in nanoseconds of CPU:
// {"ns_per_command": …, "ns_per_command_encoded": …, "fills": …}. The runtime, hashes and journals are left out. Medians of several passes over
// fresh cores, direct and encoded ones in turn. `--passes N` sets how many (7); the first is not counted.

let passes =
    CommandLine.arguments.count == 3 && CommandLine.arguments[1] == "--passes"
    ? max(2, Int(CommandLine.arguments[2]) ?? 7) : 7

func cpuNanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// One pass over fresh cores.
///
/// - Returns: nanoseconds a command, and how many fills there were.
func pass<Kind: Line & ~Copyable>(_ kind: Kind.Type, _ hour: borrowing Hour) throws -> (nanoseconds: Double, fills: Int)
{
    var line = Kind()
    line.list(Hour.market, at: Hour.start)
    for record in hour.preparation { line.prepare(record, at: Hour.start) }
    let began = cpuNanoseconds()
    for index in hour.commands.indices { line.apply(hour.commands[index], at: hour.time(index)) }
    let taken = cpuNanoseconds() - began
    if let refusal = line.refusal { throw HourError(description: "a command was refused: \(refusal)") }
    guard line.fills == Hour.expectedFills else {
        throw HourError(description: "\(line.fills) fills came out instead of \(Hour.expectedFills)")
    }
    return (Double(taken) / Double(hour.commands.count), line.fills)
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

func measure() throws {
    let hour = try Hour()
    var direct: [Double] = []
    var encoded: [Double] = []
    var fills = 0
    for number in 0..<passes {
        let one = try pass(DirectLine.self, hour)
        let two = try pass(EncodedLine.self, hour)
        guard number > 0 else { continue }
        direct.append(one.nanoseconds)
        encoded.append(two.nanoseconds)
        fills = one.fills
    }
    func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
    print(
        """
        {"ns_per_command": \(rounded(median(direct))), "ns_per_command_encoded": \(rounded(median(encoded))), \
        "fills": \(fills)}
        """)
}

do {
    try measure()
} catch {
    FileHandle.standardError.write(Data("bench-cores: \(error)\n".utf8))
    exit(1)
}
