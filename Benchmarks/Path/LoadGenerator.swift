import Messaging
import Network
import Web

/// Sends requests by the clock over one connection an account, whether or not answers come.
///
/// The first two accounts are makers: before the load each puts standing orders at the touch of every market, one side each.
final class LoadGenerator: WebSocketHandler {
    static let makers = 2
    private static let settleMilliseconds = 500
    private static let patienceNanoseconds: UInt64 = 15_000_000_000

    private let loop: EventLoop
    private let schedule: Schedule
    private var sockets: [WebSocket?]
    private var mixes: [RequestMix]
    private var measurement: Measurement
    private var start: UInt64 = 0
    private var sent = 0
    private var standing = 0
    private var opened = 0
    private var failure: String?
    private var completion: UInt64 = 0

    /// Runs the whole schedule on a loop of its own and reports.
    ///
    /// - Parameters:
    ///   - servers: the venue's broker, in whose topics the hops are read.
    ///   - prefix: of the venue's topics.
    static func measure(
        port: UInt16, keys: [ApiKey], schedule: Schedule, servers: String, prefix: String
    ) throws -> Report {
        let settings = KafkaSettings(bootstrapServers: servers, clientID: "bench-hops")
        let catalogue = TopicCatalogue(prefix: prefix)
        let starts = try KafkaAdmin(settings).ends(of: catalogue)
        guard keys.count > makers else { throw UsageError(text: "more than \(makers) keys are needed") }
        let loop = try EventLoop()
        let generator = try LoadGenerator(loop, keys, schedule)
        for index in keys.indices {
            let handler = Forwarder(generator, index)
            _ = try WebSocketClient.connect(
                to: "127.0.0.1", port: port, target: "/ws-api/v3?returnRateLimits=false", on: loop, handler: handler,
                failed: { generator.failure = "connection \(index): \($0)" })
        }
        while generator.failure == nil, !generator.isDone { loop.runTurn(maximumWaitMilliseconds: 1) }
        if let failure = generator.failure { throw UsageError(text: failure) }
        Report.loadHasEnded()
        let measurement = generator.measurement
        let hops = try Hops.measure(
            settings, catalogue, from: starts, since: measurement.countsSince, mean: measurement.mean,
            identify: Hops.ofVenue)
        return measurement.report(sent: generator.sent, hops: hops)
    }

    private init(_ loop: EventLoop, _ keys: [ApiKey], _ schedule: Schedule) throws {
        self.loop = loop
        self.schedule = schedule
        sockets = Array(repeating: nil, count: keys.count)
        let run = "b\(WallClock.milliseconds() / 1_000)"
        mixes = try keys.enumerated().map { try RequestMix($1, account: $0, run: run) }
        measurement = Measurement(schedule, start: 0)
    }

    private var isDone: Bool {
        guard start > 0, sent == schedule.count else { return false }
        return measurement.isComplete || MonotonicClock.nanoseconds() > completion
    }

    private func opened(_ index: Int, _ socket: WebSocket) {
        sockets[index] = socket
        opened += 1
        if opened == sockets.count { stand() }
    }

    private func stand() {
        for maker in 0..<LoadGenerator.makers {
            for market in BenchMarket.all {
                standing += 1
                let buys = maker == 0
                send(maker) {
                    try self.mixes[maker].place(
                        -self.standing, "standing-\(maker)-\(market.symbol)", market, buys,
                        buys ? market.bid : market.ask, "GTC", market.standing)
                }
            }
        }
    }

    private func begin() {
        _ = loop.schedule(afterMilliseconds: LoadGenerator.settleMilliseconds) {
            self.start = MonotonicClock.nanoseconds()
            self.measurement = Measurement(self.schedule, start: self.start)
            self.loop.scheduleRepeating(everyMilliseconds: 1) { self.sendDue() }
        }
    }

    private func sendDue() {
        let due = schedule.due(MonotonicClock.nanoseconds() - start)
        while sent < due {
            let number = sent
            let account = LoadGenerator.makers + number % (sockets.count - LoadGenerator.makers)
            send(account) { try self.mixes[account].next(number) }
            sent += 1
            completion = MonotonicClock.nanoseconds() + LoadGenerator.patienceNanoseconds
        }
    }

    private func send(_ account: Int, _ text: () throws -> String) {
        do {
            guard sockets[account]?.send(text: try text()) == true else {
                failure = failure ?? "connection \(account) takes no more"
                return
            }
        } catch {
            failure = failure ?? "\(error)"
        }
    }

    private func received(_ message: WebSocketMessage) {
        let now = MonotonicClock.nanoseconds()
        guard let number = LoadGenerator.integer(message.bytes, after: "\"id\":") else { return }
        let isGood = LoadGenerator.integer(message.bytes, after: "\"status\":") == 200
        if number < 0 {
            // One that stands since an earlier run is as good.
            if !isGood, !message.text.contains("Duplicate order sent.") {
                failure = "a standing order was refused: \(message.text)"
            }
            standing -= 1
            if standing == 0 { begin() }
            return
        }
        if !isGood { takeRefusal(message) }
        measurement.take(number, now: now)
    }

    private func takeRefusal(_ message: WebSocketMessage) {
        let code = LoadGenerator.integer(message.bytes, after: "\"code\":") ?? 0
        if [-1003, -1008, -1015, -1007].contains(code) { measurement.shed += 1 }
        measurement.refused["\(code)", default: 0] += 1
    }

    /// The whole number behind the first `name`.
    private static func integer(_ bytes: UnsafeRawBufferPointer, after name: StaticString) -> Int? {
        let count = name.utf8CodeUnitCount
        guard bytes.count > count else { return nil }
        var index = 0
        scan: while index + count < bytes.count {
            for offset in 0..<count where bytes[index + offset] != name.utf8Start[offset] {
                index += 1
                continue scan
            }
            var cursor = index + count
            let isNegative = bytes[cursor] == UInt8(ascii: "-")
            if isNegative { cursor += 1 }
            var value = 0
            let first = cursor
            while cursor < bytes.count, bytes[cursor] &- 48 < 10 {
                value = value * 10 + Int(bytes[cursor] - 48)
                cursor += 1
            }
            return cursor > first ? (isNegative ? -value : value) : nil
        }
        return nil
    }

    /// One connection's events, with its account.
    private final class Forwarder: WebSocketHandler {
        let generator: LoadGenerator
        let index: Int

        init(_ generator: LoadGenerator, _ index: Int) {
            self.generator = generator
            self.index = index
        }

        func opened(_ socket: WebSocket) { generator.opened(index, socket) }

        func received(_ socket: WebSocket, _ message: WebSocketMessage) { generator.received(message) }

        func closed(_ socket: WebSocket, code: UInt16, reason: String) {
            generator.failure = generator.failure ?? "connection \(index) was closed: \(code) \(reason)"
        }
    }

    func received(_ socket: WebSocket, _ message: WebSocketMessage) { received(message) }
}
