import MarketDataBroadcasterCore
import Messaging
import ProcessorKit
import Records
import Storage
import TradingCore

/// Writes batches of public history with the position behind them, in one transaction each. Used by the projection's thread only.
final class ProjectionStore {
    /// Another replica has moved the position: what was gathered here is there already.
    struct Superseded: Error {}

    /// Where a partition's projection stands.
    struct Start {
        var position: FollowerPosition
        var cluster: String?
        /// The market that every round of snapshots begins with; nil before the first.
        var firstInstrument: InstrumentID?
    }

    let partition: TopicPartition
    private let connection: PostgresConnection
    private let lock: PostgresLockKey
    private let migrator: Migrator
    private var holdsLock = false

    /// - Parameter partition: of `market-data`; one replica writes it at a time.
    init(_ configuration: PostgresConfiguration, _ partition: TopicPartition, migrator: Migrator) throws {
        self.partition = partition
        self.migrator = migrator
        connection = PostgresConnection(configuration)
        lock = try PostgresLockKey(name: "market_data \(partition.partition)")
    }

    /// Connects where needed, and tries to become the one that writes.
    ///
    /// - Returns: whether this session is the one that writes.
    func becomeWriter() throws -> Bool {
        if !connection.checkAlive() {
            holdsLock = false
            try connection.connect()
            try migrator.check(connection)
        }
        if !holdsLock { holdsLock = try connection.tryLock(lock) }
        return holdsLock
    }

    func load() throws -> Start {
        let row = try connection.query(
            "SELECT position, first_instrument FROM market_data.positions WHERE partition = $1",
            [.int64(Int64(partition.partition))]
        ).first
        guard let row else { return Start(position: FollowerPosition(beginningOf: partition)) }
        let stored = try StoredPosition(decoding: try row.get(0))
        let first: Int64? = try row.get(1)
        return Start(
            position: stored.position, cluster: stored.cluster,
            firstInstrument: first.map { InstrumentID(UInt32(truncatingIfNeeded: $0)) })
    }

    /// What a batch belongs to.
    struct Move {
        var from: Int64
        var to: FollowerPosition
        /// In front of a round of snapshots that the batch has seen begin.
        var snapshot: FollowerPosition?
        var firstInstrument: InstrumentID?
        var cluster: String
    }

    /// Stores a batch and moves the position.
    ///
    /// - Throws: `Superseded` when the position is not where the move begins; nothing is stored then.
    func save(_ batch: MarketDataBatch, _ move: Move) throws {
        try connection.withTransaction { connection in
            try self.moved(move, connection)
            if !batch.trades.isEmpty { try self.insert(batch.trades, connection) }
            if !batch.aggregates.isEmpty { try self.insert(batch.aggregates, connection) }
            if !batch.candles.isEmpty { try self.insert(batch.candles, connection) }
        }
    }

    private func moved(_ move: Move, _ connection: PostgresConnection) throws {
        let snapshot = move.snapshot.map { StoredPosition(position: $0, cluster: move.cluster).encoded }
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
                .int64(Int64(partition.partition)), .int64(move.to.next),
                .bytes(StoredPosition(position: move.to, cluster: move.cluster).encoded), PostgresValue(snapshot),
                PostgresValue(move.firstInstrument.map { Int64($0.rawValue) }), .int64(move.from),
            ])
        guard moved.affectedCount == 1 else { throw Superseded() }
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
