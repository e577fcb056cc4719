import Messaging
import OrderServiceCore
import ProcessorKit
import Records
import Storage
import TradingCore

/// The order history of one partition of `executions`, which tells the last trades too. Of the history's thread only.
public final class HistoryProjection: PartitionProjection, SendableMetatype {
    public let partition: TopicPartition
    public let isOwned: Bool
    private let lastTrades: LastTrades
    private let connection: PostgresConnection
    private let lock: PostgresLockKey
    private var holdsLock = false
    private var batch = OrderHistoryBatch()

    init(
        _ configuration: PostgresConfiguration, _ partition: TopicPartition, isOwned: Bool, lastTrades: LastTrades
    ) throws {
        self.partition = partition
        self.isOwned = isOwned
        self.lastTrades = lastTrades
        connection = PostgresConnection(configuration)
        lock = try PostgresLockKey(name: "orders history \(partition.partition)")
    }

    public var waitingRows: Int { batch.count }

    public var isWithinParts: Bool { batch.isWithinParts }

    public func connect() throws {
        guard !connection.checkAlive() else { return }
        holdsLock = false
        try connection.connect()
    }

    public func becomeWriter() throws -> Bool {
        try connect()
        if !holdsLock { holdsLock = try connection.tryLock(lock) }
        return holdsLock
    }

    public func load() throws -> StoredPosition? {
        let bytes: [UInt8]? = try connection.query(
            "SELECT position FROM orders.positions WHERE partition = $1", [.int64(Int64(partition.partition))]
        ).first?.get(0)
        return try bytes.map { try StoredPosition(decoding: $0) }
    }

    public func discard() { batch = OrderHistoryBatch() }

    public func take(
        _ record: FollowedRecord, _ payload: RawSpan, after last: @autoclosure () -> RecordMark?, isWritten: Bool
    ) throws(RecordFailure) {
        let content: ExecutionsRecord
        do throws(RecordError) {
            content = try ExecutionsRecord(type: record.header.type, payload: payload)
        } catch {
            throw .unreadable("\(error)")
        }
        guard case .execution(let execution) = content else { return }
        for trade in execution.trades { lastTrades.saw(trade, in: execution.instrument) }
        if isWritten { batch.add(execution, at: Timestamp(record.stamp)) }
    }

    public func save(from previous: Int64, to position: FollowerPosition, cluster: String) throws {
        let (orders, changes, fills) = (batch.orders, batch.changes, batch.fills)
        try connection.withTransaction { connection in
            try self.move(from: previous, to: position, cluster, connection)
            if !orders.isEmpty { try self.insert(orders, connection) }
            if !changes.isEmpty { try self.update(changes, connection) }
            if !fills.isEmpty { try self.insert(fills, connection) }
        }
        batch.removeAll()
    }

    private func move(
        from previous: Int64, to position: FollowerPosition, _ cluster: String, _ connection: PostgresConnection
    ) throws {
        let bytes = StoredPosition(position: position, cluster: cluster).encoded
        let moved = try connection.query(
            """
            INSERT INTO orders.positions (partition, next_offset, position) VALUES ($1, $2, $3)
            ON CONFLICT (partition) DO UPDATE SET next_offset = excluded.next_offset, position = excluded.position
            WHERE positions.next_offset = $4
            """,
            [
                .int64(Int64(position.partition.partition)), .int64(position.next), .bytes(bytes), .int64(previous),
            ])
        guard moved.affectedCount == 1 else { throw ProjectionSuperseded() }
    }

    private func insert(_ rows: [OrderHistoryRow], _ connection: PostgresConnection) throws {
        try connection.copy(
            into: "orders.orders",
            columns: [
                "order_id", "account", "instrument", "client_order_id", "side", "type", "time_in_force", "price",
                "quantity", "quote_quantity", "self_trade_prevention", "strategy_id", "strategy_type", "status",
                "created_at", "updated_at",
            ]
        ) { writer in
            for row in rows {
                let order = row.accepted
                try writer.beginRow()
                writer.int64(order.orderId.rawValue)
                writer.int64(Int64(order.account.rawValue))
                writer.int64(Int64(row.instrument.rawValue))
                writer.text(storable(order.clientOrderId))
                writer.int16(Int16(order.side.rawValue))
                writer.int16(Int16(order.type.rawValue))
                writer.int16(Int16(order.timeInForce.rawValue))
                writer.int64(order.price.rawValue)
                writer.int64(order.quantity.rawValue)
                writer.int64(order.quoteQuantity.rawValue)
                writer.int16(Int16(order.selfTradePrevention.rawValue))
                writer.int64(Int64(bitPattern: order.strategyId))
                writer.int64(Int64(order.strategyType))
                writer.int16(Int16(OrderStatus.new.rawValue))
                writer.int64(row.createdAt.rawValue)
                writer.int64(row.createdAt.rawValue)
            }
        }
    }

    /// An order's state only advances: a final one stays.
    private func update(_ changes: [OrderHistoryChange], _ connection: PostgresConnection) throws {
        try connection.query(
            """
            UPDATE orders.orders AS o SET
                executed = o.executed + c.executed,
                cumulative_quote = o.cumulative_quote + c.quote,
                prevented = o.prevented + c.prevented,
                prevented_match_id = greatest(o.prevented_match_id, c.prevented_match),
                quantity = CASE WHEN c.new_quantity > 0 THEN c.new_quantity ELSE o.quantity END,
                client_order_id = CASE WHEN c.new_client_id <> '' THEN c.new_client_id ELSE o.client_order_id END,
                status = CASE
                    WHEN c.status > 0 THEN c.status WHEN o.executed + c.executed > 0 THEN 2 ELSE o.status
                END,
                done_reason = CASE WHEN c.reason > 0 THEN c.reason ELSE o.done_reason END,
                updated_at = greatest(o.updated_at, c.updated_at)
            FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::bigint[],
                $8::bigint[], $9::bigint[], $10::bigint[])
                AS c(order_id, executed, quote, prevented, new_quantity, new_client_id, status, reason, updated_at,
                    prevented_match)
            WHERE o.order_id = c.order_id
            """,
            [
                .int64Array(changes.map(\.orderID.rawValue)), .int64Array(changes.map(\.executed.rawValue)),
                .int64Array(changes.map(\.quote.rawValue)), .int64Array(changes.map(\.prevented.rawValue)),
                .int64Array(changes.map(\.newQuantity.rawValue)),
                .textArray(changes.map { storable($0.newClientOrderID) }),
                .int64Array(changes.map { Int64($0.finalStatus?.rawValue ?? 0) }),
                .int64Array(changes.map { Int64($0.doneReason?.rawValue ?? 0) }),
                .int64Array(changes.map(\.updatedAt.rawValue)), .int64Array(changes.map(\.preventedMatchID)),
            ])
    }

    /// PostgreSQL's text has no zero byte. No client id has one, and a row that cannot be stored would stop the history for good.
    private func storable(_ text: ASCIIText) -> String {
        text.isPrintable ? text.description : text.description.replacing("\0", with: "\u{FFFD}")
    }

    private func insert(_ rows: [FillHistoryRow], _ connection: PostgresConnection) throws {
        try connection.copy(
            into: "orders.fills",
            columns: [
                "instrument", "trade_id", "maker", "account", "order_id", "side", "price", "quantity", "quote_amount",
                "fee", "time",
            ]
        ) { writer in
            for row in rows {
                try writer.beginRow()
                writer.int64(Int64(row.instrument.rawValue))
                writer.int64(row.tradeID.rawValue)
                writer.bool(row.maker)
                writer.int64(Int64(row.account.rawValue))
                writer.int64(row.orderID.rawValue)
                writer.int16(Int16(row.side.rawValue))
                writer.int64(row.price.rawValue)
                writer.int64(row.quantity.rawValue)
                writer.int64(row.quoteAmount.rawValue)
                writer.int64(row.fee.rawValue)
                writer.int64(row.time.rawValue)
            }
        }
    }
}
