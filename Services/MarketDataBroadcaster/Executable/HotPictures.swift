import MarketDataBroadcasterCore
import MarketDataBroadcasterMachine
import Messaging
import ProcessorKit
import ServiceKit
import Storage
import Synchronization
import TradingCore

/// Keeps `book:`, `ticker:` and `trades:` of every market in Redis, at most so often. Losing Redis costs nothing: what could not be
/// written is written again a few seconds later, as everything is.
final class HotPictures: Sendable {
    private static let bookMilliseconds: Int64 = 100
    private static let statisticsMilliseconds: Int64 = 1_000
    private static let refreshMilliseconds: Int64 = 5_000
    private static let stuckAfter: Duration = .seconds(30)
    private static let idleMilliseconds: Int32 = 1_000

    private let client: RedisClient
    /// Before every key's name, so that several venues share a server.
    private let prefix: String
    private let wake: LogWake
    /// The newest picture of each market that has not been written: bounded by the number of markets.
    private let waiting = Mutex<[InstrumentID: MarketPicture]>([:])
    private let stopping = Atomic(false)
    private let heartbeat: Health.Heartbeat
    private let written = Atomic<Int64>(0)
    private let dropped = Atomic<Int64>(0)

    init(_ context: ServiceContext) throws {
        wake = try LogWake()
        let log = RedisStateLog(context.logger)
        prefix = context.configuration[StandardKeys.kafkaTopicPrefix]
        client = try RedisClient(
            try RedisConfiguration(url: context.configuration[StandardKeys.redisURL].revealed),
            onStateChange: { log.note($0) })
        heartbeat = context.health.heartbeat("pictures", limit: HotPictures.stuckAfter)
        try context.metrics.counter(
            "pictures_written_total", help: "Keys written to Redis.",
            read: { Double(self.written.load(ordering: .relaxed)) })
        try context.metrics.counter(
            "pictures_dropped_total", help: "Keys not written because Redis was away or behind.",
            read: { Double(self.dropped.load(ordering: .relaxed)) })
    }

    /// When pictures are taken next; of the processors' thread only.
    struct Schedule {
        var nextBook: Int64 = 0
        var nextStatistics: Int64 = 0
        var nextRefresh: Int64 = 0
    }

    /// Takes pictures of what changed, on the processors' thread.
    ///
    /// - Parameter now: monotonic milliseconds.
    func take(_ schedule: inout Schedule, from host: ProcessorHost<BroadcasterMachine, KafkaLog>, now: Int64) {
        guard now >= schedule.nextBook else { return }
        schedule.nextBook = now + HotPictures.bookMilliseconds
        let all = now >= schedule.nextRefresh
        if all { schedule.nextRefresh = now + HotPictures.refreshMilliseconds }
        let withStatistics = all || now >= schedule.nextStatistics
        if withStatistics { schedule.nextStatistics = now + HotPictures.statisticsMilliseconds }
        var pictures: [InstrumentID: MarketPicture] = [:]
        // While a processor catches up its books are old.
        for processor in host.processors where processor.isCaughtUp {
            guard let machine = processor.machine else { continue }
            pictures.merge(
                machine.takePictures(all: withStatistics, withStatistics: withStatistics), uniquingKeysWith: { $1 })
        }
        guard !pictures.isEmpty else { return }
        waiting.withLock { waiting in
            for (instrument, var picture) in pictures {
                if !withStatistics, let before = waiting[instrument] {
                    picture.day = before.day
                    picture.trades = before.trades
                }
                waiting[instrument] = picture
            }
        }
        wake.signal()
    }

    func stop() {
        stopping.store(true, ordering: .releasing)
        wake.signal()
    }

    /// Renders and sends, on a thread of its own.
    func run() {
        while !stopping.load(ordering: .acquiring) {
            wake.wait(milliseconds: HotPictures.idleMilliseconds)
            wake.drain()
            heartbeat.beat()
            let pictures = waiting.withLock { waiting in
                let taken = waiting
                waiting.removeAll(keepingCapacity: true)
                return taken
            }
            for picture in pictures.values { send(picture) }
        }
        client.close()
    }

    private func send(_ picture: MarketPicture) {
        let symbol = picture.report.symbol.description
        var commands = [RedisCommand("SET", .text("\(prefix)book:\(symbol)"), .bytes(picture.bookJSON))]
        if let ticker = picture.tickerJSON {
            commands.append(RedisCommand("SET", .text("\(prefix)ticker:\(symbol)"), .bytes(ticker)))
        }
        if !picture.trades.isEmpty {
            commands.append(RedisCommand("SET", .text("\(prefix)trades:\(symbol)"), .bytes(picture.tradesJSON)))
        }
        let count = Int64(commands.count)
        do throws(RedisError) {
            try client.submit(commands) { [weak self] result in self?.count(result, count) }
        } catch {
            dropped.add(count, ordering: .relaxed)
        }
    }

    private func count(_ result: Result<[RedisReply], RedisError>, _ count: Int64) {
        switch result {
        case .success: written.add(count, ordering: .relaxed)
        case .failure: dropped.add(count, ordering: .relaxed)
        }
    }
}

/// Carries the schedule to the processors' thread, which alone uses it.
final class PictureTaker: @unchecked Sendable {
    private let pictures: HotPictures
    private var schedule = HotPictures.Schedule()

    init(_ pictures: HotPictures) { self.pictures = pictures }

    func turn(_ host: ProcessorHost<BroadcasterMachine, KafkaLog>, _ now: Int64) {
        pictures.take(&schedule, from: host, now: now)
    }
}
