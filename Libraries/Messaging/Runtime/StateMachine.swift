import Records
import TradingCore

/// A log processor's logic: state and outputs follow from the records alone. No clock, no randomness, no I/O.
///
/// A class, so that the runtime's loop, which is generic over it, pays a witness call a record and no copies.
public protocol StateMachine: AnyObject {
    /// The highest logic version that this release knows (rule 12).
    static var newestLogicVersion: UInt32 { get }

    /// The logic version in force; part of the state. A `RaiseLogicVersion` record raises it in `apply`.
    var logicVersion: UInt32 { get }

    /// When the next timer is due, in log time.
    var nextTimer: Timestamp? { get }

    /// Fires the timers that are due at `clock`. Called before the record that moved the clock there.
    func fireTimers(at clock: Timestamp, into outputs: Outputs) throws(RecordFailure)

    /// Applies one record. Decode first: nothing may have changed when `unreadable` or `poison` is thrown.
    func apply(
        type: UInt32, payload: RawSpan, context: RecordContext, into outputs: Outputs
    ) throws(RecordFailure)

    /// A gateway's record that cannot be read, or anybody's poison, was set aside: refuse it with the fixed text (rule 11).
    func refuseUnreadable(context: RecordContext, into outputs: Outputs)

    /// Appends the state. Equal states give equal bytes.
    func encodeState(into writer: inout StateWriter)
}

/// Which partitions a process owns: configuration, not an election (rule 10).
public struct Shard: Sendable, Equatable {
    public var index: Int
    public var count: Int

    /// - Returns: nil unless 0 ≤ index < count.
    public init?(index: Int, count: Int) {
        guard count > 0, index >= 0, index < count else { return nil }
        self.index = index
        self.count = count
    }

    public func owns(partition: Int) -> Bool { partition % count == index }

    /// The partitions of this shard among the first `partitionCount`.
    public func partitions(of partitionCount: Int) -> [Int] { (0..<partitionCount).filter(owns(partition:)) }
}

/// What a service exports about one processor.
public struct ProcessorMetrics: Sendable, Equatable {
    public var recordsIn: UInt64 = 0
    public var recordsOut: UInt64 = 0
    public var framesIn: UInt64 = 0
    public var framesOut: UInt64 = 0
    /// Records dropped because they were applied before.
    public var duplicates: UInt64 = 0
    /// Records dropped because one before them is missing.
    public var holes: UInt64 = 0
    /// Records dropped because their gateway's epoch has ended.
    public var stale: UInt64 = 0
    /// Epochs of gateways closed because of a hash that did not fit.
    public var closedEpochs: UInt64 = 0
    public var quarantined: UInt64 = 0
    public var checkpoints: UInt64 = 0
    /// Times that the processor went back to its checkpoint because a record was refused.
    public var returns: UInt64 = 0
    /// The next offset to read, and the log's end when it was last looked at.
    public var position: Int64 = 0
    public var end: Int64 = 0
    /// Log time in milliseconds.
    public var clock: Int64 = 0
    /// Monotonic milliseconds of the last saved checkpoint.
    public var checkpointedAt: Int64 = 0

    public init() {}

    /// Frames of the inbox that were not applied when its end was last looked at.
    public var lag: Int64 { max(0, end - position) }
}
