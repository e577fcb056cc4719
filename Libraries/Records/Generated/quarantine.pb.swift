import TradingCore

public struct QuarantinedRecord: Equatable, Sendable {
    public var topic: String
    public var partition: UInt32
    public var offset: UInt64
    public var index: UInt32
    public var reason: String
    public var bytes: [UInt8]

    public init(
        topic: String = "",
        partition: UInt32 = 0,
        offset: UInt64 = 0,
        index: UInt32 = 0,
        reason: String = "",
        bytes: [UInt8] = []
    ) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.index = index
        self.reason = reason
        self.bytes = bytes
    }
}

public enum QuarantineRecord: Equatable, Sendable {
    case quarantined(QuarantinedRecord)
}
