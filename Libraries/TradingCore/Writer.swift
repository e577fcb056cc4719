/// What kind of process writes a record; the high half of a `Writer`.
public enum WriterKind: UInt16, Sendable, CaseIterable {
    case gateway = 1
    case orderService = 2
    case ledgerService = 3
    case matchingEngine = 4
    case marketDataBroadcaster = 5
}

/// The name under which records are numbered: a gateway's slot, or a processor's inbox partition.
@frozen
public struct Writer: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// Kind in the high 16 bits, slot or partition in the low 16.
    public var rawValue: UInt32

    @inlinable
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public init(_ kind: WriterKind, _ index: Int) {
        precondition(index >= 0 && index <= Int(UInt16.max), "a slot or partition is at most 65,535")
        rawValue = UInt32(kind.rawValue) << 16 | UInt32(index)
    }

    /// The kind, or nil when the number is not one this release knows.
    @inlinable
    public var kind: WriterKind? { WriterKind(rawValue: UInt16(truncatingIfNeeded: rawValue >> 16)) }

    /// The gateway's slot or the processor's inbox partition.
    @inlinable
    public var index: Int { Int(rawValue & 0xFFFF) }

    public var description: String {
        guard let kind else { return "writer \(rawValue)" }
        return "\(kind)/\(index)"
    }
}

/// The topics by number, as records name them (`origin_log`).
public enum Topic: UInt16, Sendable, CaseIterable {
    case orders = 1
    case ledger = 2
    case matching = 3
    case executions = 4
    case accountEvents = 5
    case marketData = 6
    case referenceData = 7
    case quarantine = 8

    /// The topic's name on the broker, without prefix.
    public var name: String {
        switch self {
        case .orders: "orders"
        case .ledger: "ledger"
        case .matching: "matching"
        case .executions: "executions"
        case .accountEvents: "account-events"
        case .marketData: "market-data"
        case .referenceData: "reference-data"
        case .quarantine: "quarantine"
        }
    }
}

/// Where a client's or operator's record began: its writer, its number, and the log in which that number counts.
@frozen
public struct Origin: Hashable, Sendable {
    public var writer: Writer
    public var epoch: UInt64
    public var number: UInt64
    /// The topic in the high 16 bits, the partition in the low 16.
    public var log: UInt32

    @inlinable
    public init(writer: Writer, epoch: UInt64, number: UInt64, log: UInt32) {
        self.writer = writer
        self.epoch = epoch
        self.number = number
        self.log = log
    }

    /// The log's number for `topic` and `partition`.
    public static func log(_ topic: Topic, _ partition: Int) -> UInt32 {
        UInt32(topic.rawValue) << 16 | UInt32(truncatingIfNeeded: partition)
    }

    /// No origin: what a processor did by itself.
    @inlinable
    public static var none: Origin { Origin(writer: Writer(rawValue: 0), epoch: 0, number: 0, log: 0) }
}
