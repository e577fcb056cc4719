import Messaging
import TradingCore

/// A follower with a log of its own, for a thread that only reads.
public final class FollowerHost<Source: Log>: LogReceiver {
    public let log: Source
    public let follower: TopicFollower<Source>

    /// - Parameters:
    ///   - positions: where each partition is followed from.
    ///   - clusterID: of the cluster in which they were stored; nil when all are beginnings.
    ///   - deliver: applies a record; what it throws stops the follower.
    public init(
        _ positions: [FollowerPosition], clusterID: String?, log: Source,
        deliver: @escaping TopicFollower<Source>.Deliver
    ) {
        self.log = log
        follower = TopicFollower(positions, clusterID: clusterID, log: log, deliver: deliver)
    }

    /// Everything that can be done now, without waiting.
    ///
    /// - Parameters:
    ///   - now: monotonic microseconds.
    ///   - frames: how many may be taken; 0 while what they led to cannot be kept.
    /// - Returns: whether anything arrived.
    @discardableResult
    public func turn(now: Int64, frames: Int) -> Bool {
        let anything = log.poll(self, limit: frames)
        follower.turn(now: now)
        return anything
    }

    public func received(_ source: TopicPartition, offset: Int64, stamp: Int64, frame: RawSpan) {
        follower.received(source, offset: offset, stamp: stamp, frame: frame)
    }

    public func interrupted(_ source: TopicPartition, _ reason: LogInterruption) {
        follower.interrupted(source, reason)
    }

    public func acknowledged(_ token: UInt64, offset: Int64) {}

    public func refused(_ token: UInt64, _ refusal: LogRefusal) {}

    public func inspected(_ token: UInt64, _ outcome: Result<LogInspection, LogUnavailable>) {
        follower.inspected(token, outcome)
    }

    public func disturbed(_ reason: String) { follower.disturbed(reason) }
}
