import Messaging
import TradingCore

/// What the records of one partition become in a database, and from where it goes on there. Of a `ProjectionThread` only.
///
/// Rows and the position behind them are stored in one transaction that moves the position from where it was loaded or saved
/// last, so rows are neither lost nor stored twice, whoever else writes. An error of the database is a `PostgresError`; while
/// it is retryable the database counts as away.
public protocol PartitionProjection: AnyObject {
    var partition: TopicPartition { get }

    /// Whether this process stores the partition's rows when no other replica does.
    var isOwned: Bool { get }

    /// Rows that wait to be stored.
    var waitingRows: Int { get }

    /// Whether more parts follow the record taken last. No position that is kept may stand there: a reader cannot begin with
    /// a later part.
    var isWithinParts: Bool { get }

    /// Connects where needed.
    func connect() throws

    /// Connects where needed, and tries to become the one that writes.
    ///
    /// - Returns: whether this session is the one that writes.
    func becomeWriter() throws -> Bool

    /// Where the partition stands in the database; nil at its beginning. What follows is taken from there.
    func load() throws -> StoredPosition?

    /// Takes a record.
    ///
    /// - Parameters:
    ///   - last: the frame before the record's own; nil at the log's beginning.
    ///   - isWritten: whether what becomes of it is to be stored here.
    /// - Throws: `RecordFailure`; it stops the service.
    func take(
        _ record: FollowedRecord, _ payload: RawSpan, after last: @autoclosure () -> RecordMark?, isWritten: Bool
    ) throws(RecordFailure)

    /// Stores what waits and moves the position from `previous` to `position.next`, then forgets what it stored.
    ///
    /// - Throws: `ProjectionSuperseded` when the position is not at `previous`; nothing is stored then.
    func save(from previous: Int64, to position: FollowerPosition, cluster: String) throws

    /// Forgets what waits: following begins anew.
    func discard()
}

/// Another replica has moved a partition's position: what was gathered here is there already.
public struct ProjectionSuperseded: Error {
    public init() {}
}

/// How a projection is named, and its bounds.
public struct ProjectionSettings: Sendable {
    /// Begins the names of its metrics, and names its heartbeat.
    public var name: String
    /// What it stores, in the metrics' help and in the log.
    public var subject: String
    /// Whether partitions are followed that another replica writes, or all while the database is away.
    public var followsUnwritten = false
    /// A batch is stored when it is this old or this large.
    public var flushMilliseconds: Int64
    public var flushRows = 5_000
    /// A position without rows is stored when it is this old.
    public var positionMilliseconds: Int64 = 5_000
    /// Rows that are kept while the database is away; then the log waits.
    public var maximumRows = 200_000
    /// The pause between attempts at the database.
    public var retryMilliseconds: Int64 = 500

    public init(name: String, subject: String, flushMilliseconds: Int64) {
        self.name = name
        self.subject = subject
        self.flushMilliseconds = flushMilliseconds
    }
}
