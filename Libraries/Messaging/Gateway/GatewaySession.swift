import Records
import TradingCore

/// A gateway's side of the log on one thread: what it writes and what it follows, over one client.
public final class GatewaySession<Client: Log>: LogReceiver {
    /// Frames taken between two looks at everything else.
    public static var framesPerTurn: Int { 64 }
    static var writerOwner: UInt16 { 0 }
    static var followerOwner: UInt16 { 1 }

    public let log: Client
    public let writer: GatewayWriter<Client>
    public let follower: TopicFollower<Client>

    public init(
        log: Client, writer configuration: GatewayWriterConfiguration, registry: any SlotRegistry,
        wallClock: @escaping () -> Int64, following positions: [FollowerPosition], clusterID: String? = nil,
        deliver: @escaping TopicFollower<Client>.Deliver
    ) {
        self.log = log
        writer = GatewayWriter(
            configuration, log: log, registry: registry, owner: GatewaySession.writerOwner, wallClock: wallClock)
        follower = TopicFollower(
            positions, clusterID: clusterID, log: log, owner: GatewaySession.followerOwner, deliver: deliver)
    }

    /// Everything that can be done now, without waiting.
    ///
    /// - Parameter now: monotonic microseconds.
    /// - Returns: whether anything arrived; sleep on the log's wake until `nextTurn` when not.
    @discardableResult
    public func turn(now: Int64, frames: Int = framesPerTurn) -> Bool {
        let anything = log.poll(self, limit: frames)
        writer.turn(now: now)
        follower.turn(now: now)
        return anything
    }

    /// When a turn is due though nothing arrives; monotonic microseconds, nil when nothing is.
    public var nextTurn: Int64? { writer.nextFrame }

    // MARK: LogReceiver

    public func received(_ source: TopicPartition, offset: Int64, stamp: Int64, frame: RawSpan) {
        follower.received(source, offset: offset, stamp: stamp, frame: frame)
    }

    public func interrupted(_ source: TopicPartition, _ reason: LogInterruption) {
        follower.interrupted(source, reason)
    }

    public func acknowledged(_ token: UInt64, offset: Int64) { writer.acknowledged(token, offset: offset) }

    public func refused(_ token: UInt64, _ refusal: LogRefusal) { writer.refused(token, refusal) }

    public func inspected(_ token: UInt64, _ outcome: Result<LogInspection, LogUnavailable>) {
        if UInt16(truncatingIfNeeded: token >> 48) == GatewaySession.followerOwner {
            follower.inspected(token, outcome)
        } else {
            writer.inspected(token, outcome)
        }
    }

    public func disturbed(_ reason: String) { follower.disturbed(reason) }
}
