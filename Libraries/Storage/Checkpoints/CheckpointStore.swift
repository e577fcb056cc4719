/// Where a processor keeps the newest states that it can start from.
///
/// A checkpoint is bytes that mean nothing to the store. What `save` has returned from survives a crash of the process
/// and of the machine; what it has thrown from leaves the checkpoints before it as they were.
public protocol CheckpointStore: Sendable {
    /// Stores a checkpoint that is newer than all before it.
    func save(_ checkpoint: [UInt8]) throws(CheckpointError)

    /// - Returns: the newest checkpoint that is whole; `nil` when none was ever stored.
    /// - Throws: `CheckpointError.allDamaged` when there are some and none is whole.
    func loadNewest() throws(CheckpointError) -> StoredCheckpoint?
}

public struct StoredCheckpoint: Sendable, Hashable {
    /// 1 for the first that was stored, then one more each time.
    public let sequence: UInt64
    public let bytes: [UInt8]
    /// Newer ones that could not be used, each with its reason: for an alarm.
    public let damaged: [String]

    public init(sequence: UInt64, bytes: [UInt8], damaged: [String] = []) {
        self.sequence = sequence
        self.bytes = bytes
        self.damaged = damaged
    }
}

public enum CheckpointError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The disk or the quota is full; older checkpoints stand.
    case diskFull(path: String)
    /// Another process uses the same checkpoints.
    case inUse(path: String)
    /// A checkpoint of a newer release, which this one cannot read.
    case newerFormat(path: String, version: UInt32)
    /// There are checkpoints, but none is whole.
    case allDamaged([String])
    /// The storage failed.
    case failed(operation: String, path: String, reason: String, isRetryable: Bool)

    /// Whether saving the same checkpoint may succeed later.
    public var isRetryable: Bool {
        switch self {
        case .diskFull: true
        case .failed(_, _, _, let isRetryable): isRetryable
        case .inUse, .newerFormat, .allDamaged: false
        }
    }

    public var description: String {
        switch self {
        case .diskFull(let path): "no space left for checkpoint \(path)"
        case .inUse(let path): "checkpoints of \(path) are in use by another process"
        case .newerFormat(let path, let version): "checkpoint \(path) has format \(version), of a newer release"
        case .allDamaged(let reasons): "no checkpoint is whole: \(reasons.joined(separator: "; "))"
        case .failed(let operation, let path, let reason, _): "cannot \(operation) checkpoint \(path): \(reason)"
        }
    }
}
