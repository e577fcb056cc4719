import TradingCore

extension Topic {
    /// What decides the partition of a record.
    public enum Partitioning: Sendable { case account, market, single }

    public var partitioning: Partitioning {
        switch self {
        case .orders, .ledger, .accountEvents: .account
        case .matching, .executions, .marketData: .market
        case .referenceData, .quarantine: .single
        }
    }
}

/// One partition of one topic.
public struct TopicPartition: Hashable, Sendable, Comparable, CustomStringConvertible {
    public var topic: Topic
    public var partition: UInt16

    @inlinable
    public init(_ topic: Topic, _ partition: UInt16) {
        self.topic = topic
        self.partition = partition
    }

    /// - Parameter partition: 0 to 65,535; anything else is a broken invariant.
    public init(_ topic: Topic, _ partition: Int) {
        precondition(partition >= 0 && partition <= Int(UInt16.max), "a partition is at most 65,535")
        self.init(topic, UInt16(partition))
    }

    /// The topic in the high 16 bits and the partition in the low 16, as origins name a log.
    @inlinable
    public var rawValue: UInt32 { UInt32(topic.rawValue) << 16 | UInt32(partition) }

    public init?(rawValue: UInt32) {
        guard let topic = Topic(rawValue: UInt16(truncatingIfNeeded: rawValue >> 16)) else { return nil }
        self.init(topic, UInt16(truncatingIfNeeded: rawValue))
    }

    public var description: String { "\(topic.name)-\(partition)" }

    public static func < (left: TopicPartition, right: TopicPartition) -> Bool { left.rawValue < right.rawValue }
}
