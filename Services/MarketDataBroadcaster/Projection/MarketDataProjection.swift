import MarketDataBroadcasterCore
import Messaging
import ProcessorKit
import Records
import Storage
import TradingCore

/// The public history in one partition of `market-data`. Of the projection's thread only.
public final class MarketDataProjection: PartitionProjection, SendableMetatype {
    public let partition: TopicPartition
    public let isOwned = true
    private let connection: PostgresConnection
    private let lock: PostgresLockKey
    private let migrator: Migrator
    private var holdsLock = false
    private var gathering: Gathering

    /// - Parameter partition: of `market-data`; one replica writes it at a time.
    init(_ configuration: PostgresConfiguration, _ partition: TopicPartition, migrator: Migrator) throws {
        self.partition = partition
        self.migrator = migrator
        connection = PostgresConnection(configuration)
        lock = try PostgresLockKey(name: "market_data \(partition.partition)")
        gathering = Gathering(partition)
    }

    public var waitingRows: Int { gathering.batch.count }

    public var isWithinParts: Bool { gathering.batch.isWithinParts }

    public func connect() throws {
        guard !connection.checkAlive() else { return }
        holdsLock = false
        try connection.connect()
        try migrator.check(connection)
    }

    public func becomeWriter() throws -> Bool {
        try connect()
        if !holdsLock { holdsLock = try connection.tryLock(lock) }
        return holdsLock
    }

    public func load() throws -> StoredPosition? {
        let row = try connection.query(
            "SELECT position, first_instrument FROM market_data.positions WHERE partition = $1",
            [.int64(Int64(partition.partition))]
        ).first
        guard let row else { return nil }
        let stored = try StoredPosition(decoding: try row.get(0))
        let first: Int64? = try row.get(1)
        gathering = Gathering(
            partition, from: stored.position.sequences,
            firstInstrument: first.map { InstrumentID(UInt32(truncatingIfNeeded: $0)) })
        return stored
    }

    public func discard() { gathering = Gathering(partition) }

    public func take(
        _ record: FollowedRecord, _ payload: RawSpan, after last: @autoclosure () -> RecordMark?, isWritten: Bool
    ) throws(RecordFailure) {
        try gathering.take(record, payload, after: last())
    }

    public func save(from previous: Int64, to position: FollowerPosition, cluster: String) throws {
        let gathered = gathering
        try connection.withTransaction { connection in
            try self.move(from: previous, to: position, cluster, gathered, connection)
            if !gathered.batch.trades.isEmpty { try self.insert(gathered.batch.trades, connection) }
            if !gathered.batch.aggregates.isEmpty { try self.insert(gathered.batch.aggregates, connection) }
            if !gathered.batch.candles.isEmpty { try self.insert(gathered.batch.candles, connection) }
        }
        gathering.removeAll()
    }

    private func move(
        from previous: Int64, to position: FollowerPosition, _ cluster: String, _ gathered: Gathering,
        _ connection: PostgresConnection
    ) throws {
        let snapshot = gathered.snapshotPosition.map { StoredPosition(position: $0, cluster: cluster).encoded }
        let moved = try connection.query(
            """
            INSERT INTO market_data.positions (partition, next_offset, position, snapshot_position, first_instrument)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (partition) DO UPDATE SET next_offset = excluded.next_offset, position = excluded.position,
                snapshot_position = COALESCE(excluded.snapshot_position, positions.snapshot_position),
                first_instrument = excluded.first_instrument
            WHERE positions.next_offset = $6
            """,
            [
                .int64(Int64(partition.partition)), .int64(position.next),
                .bytes(StoredPosition(position: position, cluster: cluster).encoded), PostgresValue(snapshot),
                PostgresValue(gathered.firstInstrument.map { Int64($0.rawValue) }), .int64(previous),
            ])
        guard moved.affectedCount == 1 else { throw ProjectionSuperseded() }
    }

    private func insert(_ rows: [MarketDataBatch.TradeRow], _ connection: PostgresConnection) throws {
        try connection.copy(
            into: "market_data.trades",
            columns: ["instrument", "trade_id", "price", "quantity", "quote_amount", "buyer_is_maker", "time"]
        ) { writer in
            for row in rows {
                try writer.beginRow()
                writer.int64(Int64(row.instrument.rawValue))
                writer.int64(row.trade.tradeId.rawValue)
                writer.int64(row.trade.price.rawValue)
                writer.int64(row.trade.quantity.rawValue)
                writer.int64(row.trade.quoteAmount.rawValue)
                writer.bool(row.trade.buyerIsMaker)
                writer.int64(row.trade.time.rawValue)
            }
        }
    }

    private func insert(_ rows: [MarketDataBatch.AggregateRow], _ connection: PostgresConnection) throws {
        try connection.copy(
            into: "market_data.aggregate_trades",
            columns: [
                "instrument", "aggregate_id", "price", "quantity", "first_trade_id", "last_trade_id", "buyer_is_maker",
                "time", "quote_amount",
            ]
        ) { writer in
            for row in rows {
                try writer.beginRow()
                writer.int64(Int64(row.instrument.rawValue))
                writer.int64(row.trade.aggregateId)
                writer.int64(row.trade.price.rawValue)
                writer.int64(row.trade.quantity.rawValue)
                writer.int64(row.trade.firstTradeId.rawValue)
                writer.int64(row.trade.lastTradeId.rawValue)
                writer.bool(row.trade.buyerIsMaker)
                writer.int64(row.trade.time.rawValue)
                writer.int64(row.trade.quoteAmount.rawValue)
            }
        }
    }

    private func insert(_ candles: [Candle], _ connection: PostgresConnection) throws {
        try connection.copy(
            into: "market_data.candles",
            columns: [
                "instrument", "\"interval\"", "open_time", "open", "high", "low", "close", "volume", "quote_volume",
                "count", "taker_buy_volume", "taker_buy_quote", "first_trade_id", "last_trade_id",
            ]
        ) { writer in
            for candle in candles {
                try writer.beginRow()
                writer.int64(Int64(candle.instrument.rawValue))
                writer.int32(Int32(candle.interval))
                writer.int64(candle.openTime.rawValue)
                for price in [candle.open, candle.high, candle.low, candle.close] { writer.int64(price.rawValue) }
                writer.int64(candle.volume.rawValue)
                writer.numeric(Self.whole(candle.quoteVolumeHigh, candle.quoteVolumeLow))
                writer.int64(Int64(candle.count))
                writer.int64(candle.takerBuyVolume.rawValue)
                writer.numeric(Self.whole(candle.takerBuyQuoteHigh, candle.takerBuyQuoteLow))
                writer.int64(candle.firstTradeId.rawValue)
                writer.int64(candle.lastTradeId.rawValue)
            }
        }
    }

    private static func whole(_ high: UInt64, _ low: UInt64) -> Int128 {
        Int128(truncatingIfNeeded: high) << 64 | Int128(low)
    }
}
