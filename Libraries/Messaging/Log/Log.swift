import TradingCore

/// A client's connection to the log: reads partitions, appends frames, looks things up. Confined to one thread.
///
/// Nothing here waits: results come to a `LogReceiver` in `poll`. Kafka and the in-memory log stand behind it, and the
/// runtime cannot tell them apart.
public protocol Log: AnyObject {
    /// Begins to deliver the frames of `source` from `offset` on.
    func start(_ source: TopicPartition, at offset: Int64)

    /// Ends delivery; nothing that was fetched before is delivered after it.
    func stop(_ source: TopicPartition)

    /// Appends a frame. Its outcome comes with `token`. Callers keep one frame in flight a partition.
    func submit(_ frame: RawSpan, key: [UInt8]?, to destination: TopicPartition, token: UInt64)

    /// Gives up all frames in flight: each is refused, though it may be in the log or still reach it.
    func purge()

    /// Looks up the state of partitions; the answer comes with `token`, in order with other answers.
    func inspect(_ requests: [InspectionRequest], token: UInt64)

    /// Delivers what has arrived: every outcome and answer, and at most `limit` frames.
    ///
    /// - Returns: whether there was anything.
    @discardableResult
    func poll<Receiver: LogReceiver>(_ receiver: Receiver, limit: Int) -> Bool

    /// Readable, or signalled, whenever `poll` may have something.
    var wake: LogWake { get }
}

/// Takes what a log delivers.
public protocol LogReceiver: AnyObject {
    /// A frame, valid during the call. `stamp` is the broker's append time in milliseconds.
    func received(_ source: TopicPartition, offset: Int64, stamp: Int64, frame: RawSpan)

    /// A source delivers no more.
    func interrupted(_ source: TopicPartition, _ reason: LogInterruption)

    /// A frame is in the log, at `offset`, and will not be lost with a broker.
    func acknowledged(_ token: UInt64, offset: Int64)

    /// A frame was not taken.
    func refused(_ token: UInt64, _ refusal: LogRefusal)

    func inspected(_ token: UInt64, _ outcome: Result<LogInspection, LogUnavailable>)

    /// A connection or a leader was lost: what was true of the log before may be so no longer.
    func disturbed(_ reason: String)
}

/// Why a source stopped delivering.
public enum LogInterruption: Sendable, Equatable {
    /// The next offset is outside the log: before its first one or after its last.
    case offsetOutOfRange
    case failed(String)
}

/// Why a frame was not taken.
public enum LogRefusal: Sendable, Equatable {
    /// The broker will not take it, ever.
    case permanent(String)
    /// It was purged.
    case purged
}

/// The log did not answer in time.
public struct LogUnavailable: Error, Sendable, Equatable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
}

/// A question about one partition: its first and next offset, and the frame at `offset` where one is wanted.
public struct InspectionRequest: Sendable, Equatable {
    public var partition: TopicPartition
    public var offset: Int64?

    public init(_ partition: TopicPartition, offset: Int64? = nil) {
        self.partition = partition
        self.offset = offset
    }
}

/// The state of partitions at one moment.
public struct LogInspection: Sendable, Equatable {
    /// A frame as it stands in the log.
    public struct Found: Sendable, Equatable {
        public var offset: Int64
        public var stamp: Int64
        public var bytes: [UInt8]

        public init(offset: Int64, stamp: Int64, bytes: [UInt8]) {
            self.offset = offset
            self.stamp = stamp
            self.bytes = bytes
        }
    }

    public struct Entry: Sendable, Equatable {
        public var partition: TopicPartition
        /// The first offset that retention has left.
        public var start: Int64
        /// The offset that the next frame will get.
        public var end: Int64
        /// The frame at the wanted offset; nil when none was wanted or the log has none there.
        public var frame: Found?

        public init(partition: TopicPartition, start: Int64, end: Int64, frame: Found? = nil) {
            self.partition = partition
            self.start = start
            self.end = end
            self.frame = frame
        }
    }

    public var clusterID: String
    /// In the order of the requests.
    public var entries: [Entry]

    public init(clusterID: String, entries: [Entry]) {
        self.clusterID = clusterID
        self.entries = entries
    }

    public func entry(of partition: TopicPartition) -> Entry? { entries.first { $0.partition == partition } }
}
