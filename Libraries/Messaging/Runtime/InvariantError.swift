import Records
import TradingCore

/// Why a processor or a follower stopped, with the position it stood at. The service ends with an exit code of its own and
/// is not started again by itself.
public struct InvariantError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Kind: String, Sendable {
        /// Two replicas of a writer wrote different records under one number.
        case diverged
        /// A processor's record that this release cannot read.
        case unreadableRecord
        /// A record that cannot follow from what came before.
        case brokenInvariant
        /// A record raises the logic version beyond what this release knows, or a checkpoint has such a version.
        case unknownLogicVersion
        /// The broker refused the same record a second time.
        case refusedTwice
        /// The log is not the one, or not as long, as this reader has seen.
        case logMismatch
        /// A record larger than a frame may be.
        case recordTooLarge
        /// A checkpoint that cannot be read or belongs to another processor.
        case badCheckpoint
    }

    public var kind: Kind
    public var log: TopicPartition
    /// The offset that the reader stood at, and the record's place in its frame.
    public var offset: Int64
    public var index: Int
    public var reason: String
    /// Of the record that was met there, where one was.
    public var trace: TraceContext?

    public init(_ kind: Kind, _ log: TopicPartition, offset: Int64, index: Int = 0, _ reason: String) {
        self.kind = kind
        self.log = log
        self.offset = offset
        self.index = index
        self.reason = reason
    }

    /// The same, met at a record of this trace.
    func at(_ trace: TraceContext?) -> InvariantError {
        var error = self
        error.trace = error.trace ?? trace
        return error
    }

    public var description: String { "\(kind.rawValue) at \(log) offset \(offset) record \(index): \(reason)" }
}

/// Why a state machine did not apply a record.
public enum RecordFailure: Error, Sendable, Equatable {
    /// The payload cannot be decoded.
    case unreadable(String)
    /// It was read, and cannot be kept: it is set aside and refused whoever wrote it, and counts as applied.
    case poison(String)
    /// It was read and cannot be.
    case broken(String)
}

extension RecordFailure {
    /// What a core says of a record, as the runtime takes it.
    public init(_ error: InboxError) {
        switch error {
        case .unreadable(let reason): self = .unreadable("\(reason)")
        case .poison(let reason): self = .poison(reason)
        case .broken(let violation): self = .broken(violation.description)
        }
    }
}
