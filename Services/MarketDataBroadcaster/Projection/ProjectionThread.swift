import MarketDataBroadcasterCore
import Messaging
import ProcessorKit
import Records
import ServiceKit
import Storage
import Synchronization
import TradingCore

/// Follows this shard's own `market-data` and stores trades, aggregate trades and closed candles in PostgreSQL.
///
/// One replica writes a partition, by an advisory lock; another takes over from the stored position when it ends. It reads the log rather
/// than the state machine, so what is stored follows from a position alone and nothing is lost or doubled in between.
public final class ProjectionThread<Source: Log & SendableMetatype>: Sendable {
    private let context: ServiceContext
    private let partitions: [TopicPartition]
    private let makeLog: @Sendable () throws -> Source
    private let stopping = Atomic(false)
    private let heartbeat: Health.Heartbeat
    private let stored = Atomic<Int64>(0)
    private let waiting = Atomic<Int64>(0)

    /// - Parameters:
    ///   - partitions: of `market-data`, those that this shard owns.
    ///   - makeLog: makes a client of the log, on the thread, each time that following begins.
    public init(
        _ context: ServiceContext, partitions: [TopicPartition], makeLog: @escaping @Sendable () throws -> Source
    ) throws {
        self.context = context
        self.makeLog = makeLog
        self.partitions = partitions
        heartbeat = context.health.heartbeat("projection", limit: Bounds.stuckAfter)
        try context.metrics.counter(
            "projection_rows_total", help: "Rows of public history stored.",
            read: { Double(self.stored.load(ordering: .relaxed)) })
        try context.metrics.gauge(
            "projection_waiting_rows", help: "Rows of public history that wait for the database.",
            read: { Double(self.waiting.load(ordering: .relaxed)) })
    }

    /// Stores what was gathered and ends.
    public func stop() { stopping.store(true, ordering: .releasing) }

    /// Works until stopped; the thread's body.
    public func run() {
        do {
            let migrator = try BroadcasterDatabase.migrator()
            let configuration = BroadcasterDatabase.configuration(context, "projection")
            let stores = try partitions.map { try ProjectionStore(configuration, $0, migrator: migrator) }
            let pause = try LogWake()
            while !stopping.load(ordering: .acquiring) {
                if !follow(stores) { pause.wait(milliseconds: Int32(Bounds.retryMilliseconds)) }
                heartbeat.beat()
            }
        } catch {
            context.lifecycle.requestStop(.temporaryFailure, reason: "the projection could not start: \(error)")
        }
    }

    /// Follows the partitions that this session may write, until that changes.
    ///
    /// - Returns: whether to go on at once.
    private func follow(_ stores: [ProjectionStore]) -> Bool {
        do {
            let writable = try stores.filter { try $0.becomeWriter() }
            guard !writable.isEmpty else { return false }
            let gatherings = try writable.map { Gathering<Source>($0, try $0.load()) }
            try turn(gatherings, others: stores.filter { store in !writable.contains { $0 === store } })
            return true
        } catch is ProjectionStore.Superseded {
            context.logger.info("another replica has written public history; going on from there")
            return true
        } catch {
            context.logger.warning("public history waits", ["error": .string("\(error)")])
            return false
        }
    }

    private func makeHost(_ gatherings: [Gathering<Source>]) throws -> FollowerHost<Source> {
        let logger = context.logger
        let host = FollowerHost(
            gatherings.map(\.start.position), clusterID: gatherings.lazy.compactMap(\.start.cluster).first,
            log: try makeLog()
        ) { context, payload throws(RecordFailure) in
            for gathering in gatherings where gathering.store.partition == context.source {
                try gathering.take(context, payload)
            }
        }
        host.follower.report = { line, trace in
            logger.with(recordTrace: trace).warning("projection", ["report": .string(line)])
        }
        for gathering in gatherings { gathering.follower = host.follower }
        return host
    }

    private func turn(_ gatherings: [Gathering<Source>], others: [ProjectionStore]) throws {
        let host = try makeHost(gatherings)
        var nextAttempt: Int64 = 0
        var nextTakeover = Self.now() + Bounds.retryMilliseconds
        while true {
            heartbeat.beat()
            let now = Self.now()
            let rows = gatherings.reduce(0) { $0 + $1.batch.count }
            waiting.store(Int64(rows), ordering: .relaxed)
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
                } catch let error as PostgresError where error.isRetryable && !isStopping {
                    context.logger.warning("public history waits", ["error": .string("\(error)")])
                    nextAttempt = now + Bounds.retryMilliseconds
                    // A lost session has lost its lock: whoever has it now may have moved the position.
                    for gathering in gatherings {
                        guard try isStillWriter(gathering) else { throw ProjectionStore.Superseded() }
                    }
                }
            }
            if isStopping { return }
            if !others.isEmpty, now >= nextTakeover {
                nextTakeover = now + Bounds.retryMilliseconds
                // A partition whose writer has ended: begin again with it.
                for store in others where try store.becomeWriter() { return }
            }
            if !didWork {
                host.log.wake.wait(milliseconds: Bounds.idleMilliseconds)
                host.log.wake.drain()
            }
        }
    }

    /// Whether the lock is held, perhaps by a new session; an absent database counts as yes, until it is back.
    private func isStillWriter(_ gathering: Gathering<Source>) throws -> Bool {
        do {
            return try gathering.store.becomeWriter()
        } catch let error as PostgresError where error.isRetryable {
            return true
        }
    }

    private func flush(_ gathering: Gathering<Source>, _ host: FollowerHost<Source>, _ now: Int64, force: Bool) throws {
        guard let cluster = host.follower.cluster,
            let position = host.follower.positions.first(where: { $0.partition == gathering.store.partition }),
            position.next > gathering.savedOffset, !gathering.batch.isWithinParts
        else { return }
        let count = gathering.batch.count
        let age = now - gathering.gatheredSince(now)
        let isDue = count > 0 ? age >= Bounds.flushMilliseconds : age >= Bounds.positionMilliseconds
        guard force || count >= Bounds.flushRows || isDue else { return }
        try gathering.store.save(
            gathering.batch,
            ProjectionStore.Move(
                from: gathering.savedOffset, to: position, snapshot: gathering.snapshotPosition,
                firstInstrument: gathering.firstInstrument, cluster: cluster))
        gathering.saved(position.next)
        stored.add(Int64(count), ordering: .relaxed)
    }

    private static func now() -> Int64 { ServiceKit.Timestamp.monotonicNanoseconds() / 1_000_000 }
}

/// The bounds of the projection's thread.
private enum Bounds {
    /// A batch is stored when it is this old or this large.
    static let flushMilliseconds: Int64 = 200
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
