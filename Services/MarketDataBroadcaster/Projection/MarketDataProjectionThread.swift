import Messaging
import ProcessorKit
import ServiceKit
import Storage
import TradingCore

/// Follows this shard's own `market-data` and stores trades, aggregate trades and closed candles in PostgreSQL. It reads the log
/// rather than the state machine, so what is stored follows from a position alone.
public typealias MarketDataProjectionThread<Source: Log & SendableMetatype> =
    ProjectionThread<MarketDataProjection, Source>

extension ProjectionThread where Partition == MarketDataProjection {
    /// - Parameters:
    ///   - partitions: of `market-data`, those that this shard owns.
    ///   - makeLog: makes a client of the log, on the thread, each time that following begins.
    public convenience init(
        _ context: ServiceContext, partitions: [TopicPartition], makeLog: @escaping @Sendable () throws -> Source
    ) throws {
        let database = ServiceDatabase.marketData.settings(context.configuration, "projection")
        try self.init(
            context, ProjectionSettings(name: "projection", subject: "public history", flushMilliseconds: 200),
            partitions: {
                let migrator = try ServiceDatabase.marketData.migrator()
                return try partitions.map { try MarketDataProjection(database, $0, migrator: migrator) }
            }, log: makeLog)
    }
}
