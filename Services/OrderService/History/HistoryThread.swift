import Messaging
import OrderServiceCore
import ProcessorKit
import Records
import ServiceKit
import Storage
import Synchronization
import TradingCore

/// Follows `executions`: projects the history of the partitions that this shard writes, and tells the last trades of all.
///
/// One replica writes a partition's history, by an advisory lock. The others follow too and take over when it ends.
public final class HistoryThread<Source: Log & SendableMetatype>: Sendable {
    private let context: ServiceContext
    private let catalogue: TopicCatalogue
    private let shard: Shard
    private let lastTrades: LastTrades
    private let makeLog: @Sendable () throws -> Source
    private let stopping = Atomic(false)
    private let heartbeat: Health.Heartbeat
    private let stored = Atomic<Int64>(0)
    private let lag = Atomic<Int64>(0)

    /// - Parameter makeLog: makes a client of the log, on the thread, each time that following begins.
    public init(
        _ context: ServiceContext, catalogue: TopicCatalogue, shard: Shard, lastTrades: LastTrades,
        makeLog: @escaping @Sendable () throws -> Source
    ) throws {
        self.makeLog = makeLog
        self.context = context
        self.catalogue = catalogue
        self.shard = shard
        self.lastTrades = lastTrades
        heartbeat = context.health.heartbeat("history", limit: Bounds.stuckAfter)
        try context.metrics.counter(
            "history_rows_total", help: "Rows of order history stored.",
            read: { Double(self.stored.load(ordering: .relaxed)) })
        try context.metrics.gauge(
            "history_waiting_rows", help: "Rows of order history that wait for the database.",
            read: { Double(self.lag.load(ordering: .relaxed)) })
    }

    /// Stores what was gathered and ends.
    public func stop() { stopping.store(true, ordering: .releasing) }

    /// Works until stopped; the thread's body.
    public func run() {
        while !stopping.load(ordering: .acquiring) {
            do {
                try follow()
            } catch is HistoryStore.Superseded {
                context.logger.info("another replica has written the history; reading it again")
            } catch {
                context.logger.warning("the history waits", ["error": .string("\(error)")])
                pause()
            }
        }
    }

    private func pause() {
        heartbeat.beat()
        do throws(KafkaError) {
            try LogWake().wait(milliseconds: Int32(Bounds.retryMilliseconds))
        } catch {
            context.logger.error("no descriptor is left", ["error": .string("\(error)")])
        }
    }

    /// Everything that one incarnation of the follower holds; of the history thread only.
    private final class Gathering {
        var batch = OrderHistoryBatch()
        let store: HistoryStore
        let partition: TopicPartition
        let isOwned: Bool
        var savedOffset: Int64
        var firstRowAt: Int64?
        /// When the position was last stored, or was begun from; monotonic milliseconds.
        var storedAt: Int64

        init(store: HistoryStore, partition: TopicPartition, isOwned: Bool, savedOffset: Int64) {
            self.store = store
            self.partition = partition
            self.isOwned = isOwned
            self.savedOffset = savedOffset
            storedAt = HistoryThread.now()
        }
    }

    /// Follows from the stored positions until stopped.
    private func follow() throws {
        let database = PostgresConfiguration(
            url: context.configuration[StandardKeys.databaseURL].revealed, applicationName: "order-service history")
        var gatherings: [Gathering] = []
        var positions: [FollowerPosition] = []
        var cluster: String?
        for partition in catalogue.partitions(of: .executions) {
            let isOwned = shard.owns(partition: Int(partition.partition))
            let store = try HistoryStore(database, partition: Int(partition.partition))
            let isWriter = try store.connect(asWriter: isOwned)
            let loaded = try store.load(partition)
            cluster = cluster ?? loaded.cluster
            positions.append(loaded.position)
            gatherings.append(
                Gathering(
                    store: store, partition: partition, isOwned: isOwned && isWriter,
                    savedOffset: loaded.position.next))
        }
        let logger = context.logger
        let host = FollowerHost(positions, clusterID: cluster, log: try makeLog(), deliver: deliverer(gatherings))
        host.follower.report = { line, trace in
            logger.with(recordTrace: trace).warning("history", ["report": .string(line)])
        }
        try turn(host, gatherings)
    }

    private func deliverer(_ gatherings: [Gathering]) -> TopicFollower<Source>.Deliver {
        let lastTrades = lastTrades
        return { context, payload throws(RecordFailure) in
            let record: ExecutionsRecord
            do throws(RecordError) {
                record = try ExecutionsRecord(type: context.header.type, payload: payload)
            } catch {
                throw .unreadable("\(error)")
            }
            guard case .execution(let execution) = record else { return }
            for trade in execution.trades { lastTrades.saw(trade, in: execution.instrument) }
            for gathering in gatherings where gathering.partition == context.source && gathering.isOwned {
                gathering.batch.add(execution, at: Timestamp(context.stamp))
                if gathering.firstRowAt == nil { gathering.firstRowAt = Self.now() }
            }
        }
    }

    private func turn(_ host: FollowerHost<Source>, _ gatherings: [Gathering]) throws {
        var isAway = false
        var nextAttempt: Int64 = 0
        var nextLock: Int64 = 0
        while true {
            heartbeat.beat()
            let now = Self.now()
            let rows = gatherings.reduce(0) { $0 + $1.batch.count }
            lag.store(Int64(rows), ordering: .relaxed)
            // Between parts nothing can be stored, so the rest of the parts is read however many rows wait.
            let takesMore = rows < Bounds.maximumRows || gatherings.contains { $0.batch.isWithinParts }
            let didWork = host.turn(now: now * 1_000, frames: takesMore ? Bounds.framesPerTurn : 0)
            if let failure = host.follower.failure {
                context.lifecycle.stopOnBrokenInvariant(
                    failure.description, trace: failure.trace.flatMap { ServiceKit.TraceContext($0) })
            }
            let isStopping = stopping.load(ordering: .acquiring)
            if now >= nextAttempt {
                do {
                    for gathering in gatherings { try flush(gathering, host, now, force: isStopping) }
                    isAway = false
                } catch let error as PostgresError where error.isRetryable {
                    if !isAway { context.logger.warning("the history waits", ["error": .string("\(error)")]) }
                    isAway = true
                    nextAttempt = now + Bounds.retryMilliseconds
                    // A lost session has lost its lock: whoever has it now may have moved the position.
                    if error.isConnectionLost { try reconnect(gatherings) }
                }
            }
            if isStopping { return }
            if now >= nextLock {
                nextLock = now + Bounds.retryMilliseconds
                try takeOver(gatherings)
            }
            if !didWork {
                host.log.wake.wait(milliseconds: Bounds.idleMilliseconds)
                host.log.wake.drain()
            }
        }
    }

    private func flush(_ gathering: Gathering, _ host: FollowerHost<Source>, _ now: Int64, force: Bool) throws {
        guard gathering.isOwned, !gathering.batch.isWithinParts, let cluster = host.follower.cluster,
            force || gathering.batch.count >= Bounds.flushRows || isDue(gathering, now),
            let position = host.follower.positions.first(where: { $0.partition == gathering.partition }),
            position.next > gathering.savedOffset
        else { return }
        let count = gathering.batch.count
        try gathering.store.save(gathering.batch, from: gathering.savedOffset, to: position, cluster: cluster)
        gathering.savedOffset = position.next
        gathering.firstRowAt = nil
        gathering.storedAt = now
        gathering.batch.removeAll()
        stored.add(Int64(count), ordering: .relaxed)
    }

    /// A market without trades has ticks only: its position moves on all the same, or retention would pass it.
    private func isDue(_ gathering: Gathering, _ now: Int64) -> Bool {
        guard let first = gathering.firstRowAt else { return now - gathering.storedAt >= Bounds.positionMilliseconds }
        return now - first >= Bounds.flushMilliseconds
    }

    private func reconnect(_ gatherings: [Gathering]) throws {
        for gathering in gatherings where gathering.isOwned {
            if try becomeWriter(gathering) == false { throw HistoryStore.Superseded() }
        }
    }

    /// A partition whose writer has ended is written here from now on, from its stored position.
    private func takeOver(_ gatherings: [Gathering]) throws {
        for gathering in gatherings where !gathering.isOwned {
            guard shard.owns(partition: Int(gathering.partition.partition)) else { continue }
            if try becomeWriter(gathering) == true { throw HistoryStore.Superseded() }
        }
    }

    /// Whether the partition is written here; nil while the database is away, when trades are followed all the same.
    private func becomeWriter(_ gathering: Gathering) throws -> Bool? {
        do {
            return try gathering.store.connect(asWriter: true)
        } catch let error as PostgresError where error.isRetryable {
            return nil
        }
    }

    private static func now() -> Int64 { ServiceKit.Timestamp.monotonicNanoseconds() / 1_000_000 }
}

/// The bounds of the history thread.
private enum Bounds {
    /// A batch is stored when it is this old or this large.
    static let flushMilliseconds: Int64 = 100
    static let flushRows = 5_000
    /// A position without rows is stored when it is this old.
    static let positionMilliseconds: Int64 = 5_000
    /// Rows that are kept while the database is away; then the log waits.
    static let maximumRows = 200_000
    static let retryMilliseconds: Int64 = 500
    static let stuckAfter: Duration = .seconds(60)
    static let framesPerTurn = 64
    static let idleMilliseconds: Int32 = 25
}
