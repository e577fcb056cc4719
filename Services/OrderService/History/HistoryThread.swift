import Messaging
import ProcessorKit
import ServiceKit
import Storage
import TradingCore

/// Follows `executions`: stores the history of the partitions that this shard writes, and tells the last trades of all, the
/// database being there or not.
public typealias HistoryThread<Source: Log & SendableMetatype> = ProjectionThread<HistoryProjection, Source>

extension ProjectionThread where Partition == HistoryProjection {
    /// - Parameter makeLog: makes a client of the log, on the thread, each time that following begins.
    public convenience init(
        _ context: ServiceContext, catalogue: TopicCatalogue, shard: Shard, lastTrades: LastTrades,
        makeLog: @escaping @Sendable () throws -> Source
    ) throws {
        let database = ServiceDatabase.orders.settings(context.configuration, "history")
        var settings = ProjectionSettings(name: "history", subject: "order history", flushMilliseconds: 100)
        settings.followsUnwritten = true
        try self.init(
            context, settings,
            partitions: {
                try catalogue.partitions(of: .executions).map { partition in
                    try HistoryProjection(
                        database, partition, isOwned: shard.owns(partition: Int(partition.partition)),
                        lastTrades: lastTrades)
                }
            }, log: makeLog)
    }
}
