import Foundation

// The measured path of a request, and the floor beside it. `scripts/bench path` runs both on a venue of its own.
//
//   bench-path load  --port P --keys FILE --servers LIST --prefix TEXT --rate R --warm-up S --seconds S
//   bench-path floor --servers LIST --prefix TEXT --rate R --warm-up S --seconds S
//
// Each prints `answered` when the load has ended, and one JSON object when the log has been read back, too. Latency counts
// from the intended time of sending, so a server that stalls cannot hide it.

func run() throws {
    var arguments = Arguments(Array(CommandLine.arguments.dropFirst()))
    let command = arguments.command()
    let schedule = Schedule(
        rate: try arguments.integer("rate"), warmUpSeconds: try arguments.integer("warm-up"),
        seconds: try arguments.integer("seconds"))
    let report: Report
    switch command {
    case "load":
        let keys = try JSONDecoder().decode(
            [ApiKey].self, from: Data(contentsOf: URL(fileURLWithPath: try arguments.text("keys"))))
        let port = try arguments.integer("port")
        report = try LoadGenerator.measure(
            port: UInt16(clamping: port), keys: keys, schedule: schedule, servers: try arguments.text("servers"),
            prefix: try arguments.text("prefix"))
    case "floor":
        report = try Floor.measure(
            servers: try arguments.text("servers"), prefix: try arguments.text("prefix"), schedule: schedule)
    default:
        throw UsageError(text: "bench-path load|floor --rate R --warm-up S --seconds S …")
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    print(String(decoding: try encoder.encode(report), as: UTF8.self))
}

do {
    try run()
} catch {
    FileHandle.standardError.write(Data("bench-path: \(error)\n".utf8))
    exit(error is UsageError ? 64 : 1)
}
