import Records
import TradingCore

/// A record by its place and its identity: what must still stand there (rule 8).
public struct RecordMark: Sendable, Equatable {
    public var offset: Int64
    /// The frame's append time, milliseconds.
    public var stamp: Int64
    /// The last readable record of the frame; all zero when it had none.
    public var writer: Writer
    public var epoch: UInt64
    public var number: UInt64
    public var hash: UInt64

    public init(
        offset: Int64, stamp: Int64, writer: Writer = Writer(rawValue: 0), epoch: UInt64 = 0, number: UInt64 = 0,
        hash: UInt64 = 0
    ) {
        self.offset = offset
        self.stamp = stamp
        self.writer = writer
        self.epoch = epoch
        self.number = number
        self.hash = hash
    }

    /// What stands in a frame: its last readable record.
    public init(of frame: RawSpan, offset: Int64, stamp: Int64) {
        self.init(offset: offset, stamp: stamp)
        var reader = FrameReader()
        while let item = reader.next(in: frame) {
            if case .record(let record) = item, record.header.writer.kind != nil { identify(record.header) }
        }
    }

    mutating func identify(_ header: EnvelopeHeader) {
        writer = header.writer
        epoch = header.epoch
        number = header.number
        hash = header.hash
    }

    var identity: String { "\(writer) epoch \(epoch) number \(number) hash \(hash) stamp \(stamp)" }
}

/// What a processor has written to one destination.
public struct WrittenMark: Sendable, Equatable {
    public var destination: TopicPartition
    public var number: UInt64
    public var hash: UInt64
    /// The last acknowledged frame: its offset and its last number and hash; offset -1 when there is none.
    public var acknowledgedOffset: Int64
    public var acknowledgedNumber: UInt64
    public var acknowledgedHash: UInt64
    /// A frame behind which every later record than `number` stands, whichever replica wrote it; -1 when none is known.
    /// `acknowledgedOffset` is one's own and may lie beyond such records: another replica may have written them before.
    public var coveredOffset: Int64

    public init(
        destination: TopicPartition, number: UInt64, hash: UInt64, acknowledgedOffset: Int64 = -1,
        acknowledgedNumber: UInt64 = 0, acknowledgedHash: UInt64 = 0, coveredOffset: Int64 = -1
    ) {
        self.destination = destination
        self.number = number
        self.hash = hash
        self.acknowledgedOffset = acknowledgedOffset
        self.acknowledgedNumber = acknowledgedNumber
        self.acknowledgedHash = acknowledgedHash
        self.coveredOffset = coveredOffset
    }
}

/// The runtime's part of a checkpoint.
public struct RuntimeState: Sendable, Equatable {
    public var clusterID: String
    public var inbox: TopicPartition
    public var writer: Writer
    /// The first offset that is not applied.
    public var next: Int64
    /// The frame before `next`; nil at the log's beginning.
    public var last: RecordMark?
    /// Log time, milliseconds.
    public var clock: Int64
    public var logicVersion: UInt32
    public var sequences: SequenceTable
    public var written: [WrittenMark]

    public init(
        clusterID: String, inbox: TopicPartition, writer: Writer, next: Int64 = 0, last: RecordMark? = nil,
        clock: Int64 = 0, logicVersion: UInt32 = 0, sequences: SequenceTable = SequenceTable(),
        written: [WrittenMark] = []
    ) {
        self.clusterID = clusterID
        self.inbox = inbox
        self.writer = writer
        self.next = next
        self.last = last
        self.clock = clock
        self.logicVersion = logicVersion
        self.sequences = sequences
        self.written = written
    }
}

/// State, numbers and inbox offset of one moment, saved together (rule 7).
public struct Checkpoint: Sendable, Equatable {
    public var runtime: RuntimeState
    /// The state machine's part.
    public var state: [UInt8]

    public init(runtime: RuntimeState, state: [UInt8]) {
        self.runtime = runtime
        self.state = state
    }
}

/// How a save or a load ended.
public enum CheckpointOutcome: Sendable, Equatable {
    /// The checkpoint with this next offset is durable.
    case saved(next: Int64)
    /// Another replica's checkpoint stands where this one was to go: load it.
    case superseded
    /// The newest checkpoint, or nil when there is none yet.
    case loaded(Checkpoint?)
    /// It was not saved or loaded and will not be by itself. A sink tries again by itself while its store is away.
    case failed(String)
}

/// Where a processor's checkpoints go: files, a row, or the books' own transaction. Used by the processor's thread only; a
/// sink that waits does so on a thread of its own and signals the log's wake when it has an outcome.
public protocol CheckpointSink: AnyObject {
    /// Begins to save. One save is under way at a time.
    func save(_ checkpoint: Checkpoint)

    /// Begins to load the newest checkpoint.
    func load()

    /// The oldest outcome that was not taken yet.
    func takeOutcome() -> CheckpointOutcome?
}
