/// What is wrong with a record batch that a client has sent.
enum BatchFault: Error, Hashable, CustomStringConvertible {
    /// The bytes are not a batch: too few, or lengths or the checksum do not fit.
    case corrupt(String)
    /// Larger than the topic allows.
    case tooLarge(bytes: Int, limit: Int)
    /// Another format than version 2.
    case unsupportedFormat(magic: UInt8)
    /// Well-formed, but nothing that a producer may send.
    case invalidRecord(String)
    /// A stamp too far from the broker's clock, or one that only the broker may give.
    case invalidTimestamp(String)
    /// Part of a transaction.
    case transactional

    /// Kafka's error code.
    var code: Int16 {
        switch self {
        case .corrupt: StoreCode.corruptMessage
        case .tooLarge: StoreCode.messageTooLarge
        case .unsupportedFormat: StoreCode.unsupportedForMessageFormat
        case .invalidRecord: StoreCode.invalidRecord
        case .invalidTimestamp: StoreCode.invalidTimestamp
        case .transactional: StoreCode.invalidTransactionState
        }
    }

    var description: String {
        switch self {
        case .corrupt(let reason): "corrupt batch: \(reason)"
        case .tooLarge(let bytes, let limit): "a batch of \(bytes) bytes where \(limit) are allowed"
        case .unsupportedFormat(let magic): "batches of format \(magic) are not taken, only of 2"
        case .invalidRecord(let reason): "invalid record: \(reason)"
        case .invalidTimestamp(let reason): "invalid timestamp: \(reason)"
        case .transactional: "transactions are not supported"
        }
    }
}
