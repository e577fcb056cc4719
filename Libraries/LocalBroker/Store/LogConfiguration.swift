/// Whose clock stamps a topic's records.
enum TimestampType: Sendable {
    /// The producer's, as sent (`CreateTime`).
    case create
    /// The broker's, when it appends (`LogAppendTime`).
    case logAppend
}

/// What a topic's configuration says about each of its partitions. The names in parentheses are Kafka's.
struct LogConfiguration: Sendable, Equatable {
    /// A segment is closed before it would exceed this (`segment.bytes`).
    var segmentBytes = 64 << 20
    /// A segment is closed this long after its first append (`segment.ms`).
    var segmentMilliseconds: Int64 = 7 * 24 * 3_600_000
    /// Closed segments whose newest record is older are removed; -1 keeps all (`retention.ms`).
    var retentionMilliseconds: Int64 = 7 * 24 * 3_600_000
    /// The oldest segments are removed while the log without them still has this many bytes; -1 keeps all
    /// (`retention.bytes`).
    var retentionBytes: Int64 = -1
    /// The largest batch, its header of 61 bytes included (`max.message.bytes`).
    var maxMessageBytes = 1_048_588
    /// `message.timestamp.type`.
    var timestampType = TimestampType.create
    /// How far a producer's stamp may lie ahead of the broker's clock (`message.timestamp.after.max.ms`).
    var timestampAfterMaximumMilliseconds: Int64 = 3_600_000
    /// How far a producer's stamp may lie behind the broker's clock (`message.timestamp.before.max.ms`).
    var timestampBeforeMaximumMilliseconds: Int64 = .max
    /// Bytes of log between two entries of the sparse index (`index.interval.bytes`).
    var indexIntervalBytes = 4_096
}

/// How the store works, the same for all of its logs.
struct StoreOptions {
    /// Whether an append counts (is shown) only once it is on the disk. Without, it counts once it is in the file: the
    /// end of the process loses nothing, the end of the machine may.
    var sync = true
    /// The most that the in-memory copy of one log's newest bytes takes; a larger batch is held alone.
    var tailBytes = 1 << 20
    /// The most by which a segment's file is made longer at once, ahead of what is written.
    var preallocationBytes = 4 << 20
    /// A recovery point is saved whenever this many bytes have been appended.
    var recoveryPointBytes = 4 << 20
    /// Idempotent producers that one partition remembers; the longest silent ones are forgotten beyond it.
    var maximumProducers = 4_096
    /// A producer that is silent for longer is forgotten.
    var producerExpiryMilliseconds: Int64 = 24 * 3_600_000
    /// Which start of the machine this is.
    var boot = BootIdentity.current()
    /// The system calls on files.
    var files: any FileCalls = SystemFiles()
}
