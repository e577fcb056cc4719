import Messaging
import ServiceKit

/// Configuration keys that every log processor has.
public enum ProcessorKeys {
    public static let tickInterval = ConfigurationKey.duration(
        "processor.tick-interval", default: .milliseconds(500), in: .milliseconds(50) ... .seconds(1),
        help: "how often log time is moved on when nothing else happens")

    /// To be declared by the service beside its own.
    public static let all: [any ConfigurationDeclaration] =
        KafkaKeys.all + [
            StandardKeys.shardIndex, StandardKeys.shardCount, StandardKeys.checkpointInterval, tickInterval,
        ]

    /// A shard's number is below the count of shards.
    public static let rules: [@Sendable (Configuration) -> ConfigurationError?] =
        KafkaKeys.rules + [
            { configuration in
                let index = configuration[StandardKeys.shardIndex]
                let count = configuration[StandardKeys.shardCount]
                guard index >= count else { return nil }
                return .rule("shard.index is \(index) and shard.count \(count): the index is below the count")
            }
        ]
}

extension Configuration {
    /// The partitions that this process owns.
    ///
    /// - Throws: `ServiceFailure` when the shard's number is not below their count.
    public func shard() throws(ServiceFailure) -> Shard {
        guard let shard = Shard(index: self[StandardKeys.shardIndex], count: self[StandardKeys.shardCount]) else {
            throw ServiceFailure(.badConfiguration, "shard.index must be below shard.count")
        }
        return shard
    }
}
