/// The topics of the venue. They are a public interface: other services consume them.
public enum Topic: UInt8, CaseIterable, Sendable {
    /// By account: the inbox of order-service.
    case orders
    /// By account: the inbox of ledger-service.
    case ledger
    /// By market: the inbox of matching-engine.
    case matching
    /// By market: the inbox of market-data-broadcaster; gateways and auditors read it too.
    case executions
    /// By account: what ledger-service did.
    case accountEvents
    /// By market: books, trades, tickers, candles.
    case marketData
    /// One partition, compacted, a key a definition.
    case referenceData
    /// What processors set aside.
    case quarantine

    /// The name without a venue's prefix.
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

    public init(_ topic: Topic, _ partition: UInt16) {
        self.topic = topic
        self.partition = partition
    }

    public var description: String { "\(topic.name)-\(partition)" }

    public static func < (left: TopicPartition, right: TopicPartition) -> Bool {
        (left.topic.rawValue, left.partition) < (right.topic.rawValue, right.partition)
    }
}
