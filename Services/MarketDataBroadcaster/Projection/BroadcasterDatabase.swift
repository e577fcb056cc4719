import MarketDataBroadcasterCore
import ProcessorKit
import Storage

extension ServiceDatabase {
    /// Market-data-broadcaster's schema.
    public static let marketData = ServiceDatabase(service: "market-data-broadcaster", schema: MarketDataSchema.name) {
        () throws(MigrationError) in
        try Migrator(schema: MarketDataSchema.name, numbering: MarketDataSchema.migrations)
    }
}
