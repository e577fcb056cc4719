import Glibc

/// An I/O failure of the store, or a file that is not what it wrote.
enum StoreError: Error, Hashable, CustomStringConvertible {
    /// A system call failed: what was attempted, on which file, and the positive error number.
    case system(operation: String, path: String, code: Int32)
    /// A file holds something else than what was once known to be durable there.
    case damaged(path: String, position: Int, reason: String)
    /// The log takes and gives nothing until it is opened again, because of an earlier failure.
    case offline(reason: String)
    /// The offset is below the log's start or above its end.
    case offsetOutOfRange(offset: Int64, start: Int64, end: Int64)
    /// Another process uses the folder.
    case locked(path: String, holder: String)
    /// The folder was written in a format that this program does not know.
    case unknownFormat(path: String, found: String)

    /// Whether the disk (or the user's share of it) is full; the same call succeeds once there is room.
    var isDiskFull: Bool {
        guard case .system(_, _, let code) = self else { return false }
        return code == ENOSPC || code == EDQUOT || code == EFBIG
    }

    /// Kafka's error code.
    var code: Int16 {
        if case .offsetOutOfRange = self { return StoreCode.offsetOutOfRange }
        return StoreCode.storageError
    }

    var description: String {
        switch self {
        case .system(let operation, let path, let code):
            return "\(operation) \(path): \(Self.text(code))"
        case .damaged(let path, let position, let reason):
            return "\(path) is damaged at byte \(position): \(reason)"
        case .offline(let reason):
            return "the log is offline until it is opened again: \(reason)"
        case .offsetOutOfRange(let offset, let start, let end):
            return "offset \(offset) is outside the log, which has \(start) to \(end)"
        case .locked(let path, let holder):
            return "\(path) is in use by process \(holder)"
        case .unknownFormat(let path, let found):
            return "\(path) has the unknown format \(found)"
        }
    }

    private static func text(_ code: Int32) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            guard let start = buffer.baseAddress, strerror_r(code, start, buffer.count) == 0 else {
                return "error \(code)"
            }
            return String(cString: start)
        }
    }
}

/// Why an append was refused. Nothing of the batch is in the log then.
enum AppendRefusal: Error, Hashable, CustomStringConvertible {
    /// The batch itself is wrong.
    case batch(BatchFault)
    /// The producer's sequence does not follow its last one.
    case outOfOrderSequence(expected: Int32, found: Int32)
    /// A later session of this producer has written here.
    case invalidProducerEpoch(current: Int16, found: Int16)
    /// The disk is full or broken.
    case storage(StoreError)

    /// Kafka's error code.
    var code: Int16 {
        switch self {
        case .batch(let fault): fault.code
        case .outOfOrderSequence: StoreCode.outOfOrderSequenceNumber
        case .invalidProducerEpoch: StoreCode.invalidProducerEpoch
        case .storage(let error): error.code
        }
    }

    var description: String {
        switch self {
        case .batch(let fault): fault.description
        case .outOfOrderSequence(let expected, let found): "sequence \(found) where \(expected) follows"
        case .invalidProducerEpoch(let current, let found): "producer epoch \(found) is older than \(current)"
        case .storage(let error): error.description
        }
    }
}
