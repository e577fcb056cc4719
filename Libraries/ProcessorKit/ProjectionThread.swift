import Messaging
import ServiceKit
import Storage
import Synchronization
import TradingCore

/// Follows partitions and stores what their records become, on a thread of its own.
///
/// One replica writes a partition; another takes over from the stored position when it ends. What is stored follows from a
/// position in the log alone, so nothing is lost or doubled in between.
public final class ProjectionThread<Partition: PartitionProjection & SendableMetatype, Source: Log & SendableMetatype>:
    Sendable
{
    private let context: ServiceContext
    private let settings: ProjectionSettings
    private let makePartitions: @Sendable () throws -> [Partition]
    private let makeLog: @Sendable () throws -> Source
    private let stopping = Atomic(false)
    private let heartbeat: Health.Heartbeat
    private let stored = Atomic<Int64>(0)
    private let waiting = Atomic<Int64>(0)

    /// - Parameters:
    ///   - partitions: makes what is followed, on the thread, once.
    ///   - log: makes a client of the log, on the thread, each time that following begins.
    public init(
        _ context: ServiceContext, _ settings: ProjectionSettings,
        partitions: @escaping @Sendable () throws -> [Partition], log: @escaping @Sendable () throws -> Source
    ) throws {
        self.context = context
        self.settings = settings
        makePartitions = partitions
        makeLog = log
        heartbeat = context.health.heartbeat(settings.name, limit: Bounds.stuckAfter)
        try context.metrics.counter(
            "\(settings.name)_rows_total", help: "Rows of \(settings.subject) stored.",
            read: { Double(self.stored.load(ordering: .relaxed)) })
        try context.metrics.gauge(
            "\(settings.name)_waiting_rows", help: "Rows of \(settings.subject) that wait for the database.",
            read: { Double(self.waiting.load(ordering: .relaxed)) })
    }

    /// Stores what was gathered and ends.
    public func stop() { stopping.store(true, ordering: .releasing) }

    private var isStopping: Bool { stopping.load(ordering: .acquiring) }

    /// Works until stopped; the thread's body.
    public func run() {
        do {
            let partitions = try makePartitions()
            let pause = try LogWake()
            var standing = Standing()
            while !isStopping {
                if !follow(partitions, &standing) { pause.wait(milliseconds: Int32(settings.retryMilliseconds)) }
                heartbeat.beat()
            }
        } catch {
            context.lifecycle.requestStop(
                .temporaryFailure, reason: "\(settings.subject) could not be followed: \(error)")
        }
    }

    // MARK: Beginning

    /// Where the thread stood when following ended last.
    private struct Standing {
        var cluster: String?
        var positions: [FollowerPosition] = []
    }

    /// A partition that is followed.
    private final class Followed {
        let projection: Partition
        let isWritten: Bool
        let start: FollowerPosition
        var savedOffset: Int64
        /// When rows began to wait.
        var firstRowAt: Int64?
        /// When the position was stored last, or begun from.
        var storedAt: Int64
        /// Set once it is made; it exists whenever records come.
        weak var follower: TopicFollower<Source>?

        init(_ projection: Partition, from start: FollowerPosition, isWritten: Bool, now: Int64) {
            self.projection = projection
            self.isWritten = isWritten
            self.start = start
            savedOffset = start.next
            storedAt = now
        }

        func take(_ record: FollowedRecord, _ payload: RawSpan) throws(RecordFailure) {
            try projection.take(
                record, payload, after: follower?.position(of: record.source)?.last, isWritten: isWritten)
        }
    }

    /// Follows until stopped, or until what is written here has changed.
    ///
    /// - Returns: whether to go on at once.
    private func follow(_ partitions: [Partition], _ standing: inout Standing) -> Bool {
        do {
            let followed = try begin(partitions, &standing)
            guard !followed.isEmpty else { return false }
            try turn(
                followed, others: partitions.filter { other in !followed.contains { $0.projection === other } },
                &standing)
            return true
        } catch is ProjectionSuperseded {
            context.logger.info("another replica has written \(settings.subject); going on from there")
            return true
        } catch {
            noteAway(error)
            return false
        }
    }

    /// The partitions that are followed from now on, from their stored positions. While the database is away those that are
    /// followed in any case go on from where they stand; the first time, with what is new.
    private func begin(_ partitions: [Partition], _ standing: inout Standing) throws -> [Followed] {
        for partition in partitions { partition.discard() }
        do {
            var followed: [Followed] = []
            var cluster: String?
            for partition in partitions {
                let isWritten = partition.isOwned ? try partition.becomeWriter() : false
                guard isWritten || settings.followsUnwritten else { continue }
                if !isWritten { try partition.connect() }
                let stored = try partition.load()
                cluster = cluster ?? stored?.cluster
                let start = stored?.position ?? FollowerPosition(beginningOf: partition.partition)
                followed.append(Followed(partition, from: start, isWritten: isWritten, now: Self.now()))
            }
            standing.cluster = cluster
            return followed
        } catch let error as PostgresError where error.isRetryable && settings.followsUnwritten {
            noteAway(error)
            return partitions.map { partition in
                let stood = standing.positions.first { $0.partition == partition.partition }
                return Followed(
                    partition, from: stood ?? FollowerPosition(endOf: partition.partition), isWritten: false,
                    now: Self.now())
            }
        }
    }

    private func makeHost(_ followed: [Followed], cluster: String?) throws -> FollowerHost<Source> {
        let (logger, name) = (context.logger, settings.name)
        let host = FollowerHost(followed.map(\.start), clusterID: cluster, log: try makeLog()) {
            record, payload throws(RecordFailure) in
            for one in followed where one.start.partition == record.source { try one.take(record, payload) }
        }
        host.follower.report = { line, trace in
            logger.with(recordTrace: trace).warning(name, ["report": .string(line)])
        }
        for one in followed { one.follower = host.follower }
        return host
    }

    private func noteAway(_ error: any Error) {
        context.logger.warning("\(settings.subject) waits", ["error": .string("\(error)")])
    }

    // MARK: Going on

    private func turn(_ followed: [Followed], others: [Partition], _ standing: inout Standing) throws {
        let host = try makeHost(followed, cluster: standing.cluster)
        defer { standing = Standing(cluster: host.follower.cluster, positions: host.follower.positions) }
        let candidates = others + followed.lazy.filter { !$0.isWritten }.map(\.projection)
        var isAway = false
        var nextAttempt: Int64 = 0
        var nextTakeover = Self.now() + settings.retryMilliseconds
        while true {
            heartbeat.beat()
            let now = Self.now()
            let didWork = read(host, followed, now)
            let isStopping = isStopping
            if now >= nextAttempt {
                do {
                    for one in followed { try flush(one, host, now, force: isStopping) }
                    isAway = false
                } catch let error as PostgresError where error.isRetryable && !isStopping {
                    if !isAway { noteAway(error) }
                    isAway = true
                    nextAttempt = now + settings.retryMilliseconds
                    try checkWriters(followed)
                }
            }
            if isStopping { return }
            if now >= nextTakeover {
                nextTakeover = now + settings.retryMilliseconds
                if try takesOver(candidates) { return }
            }
            if !didWork {
                host.log.wake.wait(milliseconds: Bounds.idleMilliseconds)
                host.log.wake.drain()
            }
        }
    }

    /// - Returns: whether anything arrived.
    private func read(_ host: FollowerHost<Source>, _ followed: [Followed], _ now: Int64) -> Bool {
        let rows = followed.reduce(0) { $0 + $1.projection.waitingRows }
        // Between parts nothing can be stored, so the rest of the parts is read however many rows wait.
        let takesMore = rows < settings.maximumRows || followed.contains { $0.projection.isWithinParts }
        let didWork = host.turn(now: now * 1_000, frames: takesMore ? Bounds.framesPerTurn : 0)
        if let failure = host.follower.failure {
            context.lifecycle.stopOnBrokenInvariant(
                failure.description, trace: failure.trace.flatMap { ServiceKit.TraceContext($0) })
        }
        waiting.store(Int64(followed.reduce(0) { $0 + $1.projection.waitingRows }), ordering: .relaxed)
        return didWork
    }

    private func flush(_ one: Followed, _ host: FollowerHost<Source>, _ now: Int64, force: Bool) throws {
        guard one.isWritten else { return }
        let count = one.projection.waitingRows
        if count > 0, one.firstRowAt == nil { one.firstRowAt = now }
        guard force || count >= settings.flushRows || isDue(one, now), !one.projection.isWithinParts,
            let cluster = host.follower.cluster, let position = host.follower.position(of: one.start.partition),
            position.next > one.savedOffset
        else { return }
        try one.projection.save(from: one.savedOffset, to: position, cluster: cluster)
        one.savedOffset = position.next
        one.firstRowAt = nil
        one.storedAt = now
        stored.add(Int64(count), ordering: .relaxed)
    }

    /// A market without trades has ticks only: its position moves on all the same, or retention would pass it.
    private func isDue(_ one: Followed, _ now: Int64) -> Bool {
        guard let first = one.firstRowAt else { return now - one.storedAt >= settings.positionMilliseconds }
        return now - first >= settings.flushMilliseconds
    }

    /// A lost session has lost its lock: whoever has it now may have moved the position.
    private func checkWriters(_ followed: [Followed]) throws {
        for one in followed where one.isWritten {
            guard let isWriter = try becomeWriter(one.projection) else { return }
            guard isWriter else { throw ProjectionSuperseded() }
        }
    }

    /// Whether a partition whose writer has ended is written here from now on: following begins again with it.
    private func takesOver(_ candidates: [Partition]) throws -> Bool {
        for candidate in candidates where candidate.isOwned {
            guard let isWriter = try becomeWriter(candidate) else { return false }
            if isWriter { return true }
        }
        return false
    }

    /// Whether the partition is written here; nil while the database is away, when the log is followed all the same.
    private func becomeWriter(_ partition: Partition) throws -> Bool? {
        do {
            return try partition.becomeWriter()
        } catch let error as PostgresError where error.isRetryable {
            return nil
        }
    }

    private static func now() -> Int64 { ServiceKit.Timestamp.monotonicNanoseconds() / 1_000_000 }
}

private enum Bounds {
    static let stuckAfter: Duration = .seconds(60)
    static let framesPerTurn = 64
    static let idleMilliseconds: Int32 = 25
}
