import Records
import Storage
import TradingCore

/// What has been traded, by what order-service and market-data-broadcaster wrote into PostgreSQL.
public final class PostgresHistoryStore: HistoryStore {
    private let pool: PostgresPool
    private let marketPartitions: Int

    public init(pool: PostgresPool, marketPartitions: Int) {
        self.pool = pool
        self.marketPartitions = marketPartitions
    }

    public func ask(_ question: HistoryQuestion, _ completion: @escaping @Sendable (HistoryResult) -> Void) {
        let partitions = marketPartitions
        pool.submit { connection in
            switch question {
            case .positions: try PostgresHistoryStore.positions(connection, partitions)
            case .order(let query): try OrderHistoryQueries.order(query, connection)
            case .orders(let query): try OrderHistoryQueries.orders(query, connection)
            case .fills(let query): try OrderHistoryQueries.fills(query, connection)
            case .candles(let query, let interval): try MarketHistoryQueries.candles(query, interval, connection)
            case .trades(let market, let fromID, let limit):
                try MarketHistoryQueries.trades(market, fromID: fromID, limit: limit, connection)
            case .aggregateTrades(let query): try MarketHistoryQueries.aggregates(query, connection)
            }
        } completion: { (result: Result<HistoryResult, any Error>) in
            switch result {
            case .success(let answer): completion(answer)
            case .failure(let error): completion(.unavailable("\(error)"))
            }
        }
    }

    private static func positions(_ connection: PostgresConnection, _ partitions: Int) throws -> HistoryResult {
        var positions = HistoryPositions(orders: Array(repeating: 0, count: partitions))
        for row in try connection.query("SELECT partition, next_offset FROM orders.positions") {
            let partition = Int(try row.get(0, as: Int32.self))
            if partition < partitions { positions.orders[partition] = try row.get(1) }
        }
        return .positions(positions)
    }
}

/// Questions to the schema `orders`.
enum OrderHistoryQueries {
    static let columns = """
        order_id, account, instrument, client_order_id, side::integer, type::integer, time_in_force::integer, price,
        quantity, quote_quantity, self_trade_prevention::integer, strategy_id, strategy_type, status::integer, executed,
        cumulative_quote, prevented, done_reason::integer, created_at, updated_at, prevented_match_id
        """

    static func order(_ query: OrderQuery, _ connection: PostgresConnection) throws -> HistoryResult {
        let (account, instrument) = (Int64(query.account.rawValue), Int64(query.market.id.rawValue))
        let rows: PostgresRows
        if query.orderID.rawValue != 0 {
            rows = try connection.query(
                "SELECT \(columns) FROM orders.orders WHERE order_id = $1 AND account = $2 AND instrument = $3",
                [.int64(query.orderID.rawValue), .int64(account), .int64(instrument)])
        } else {
            rows = try connection.query(
                """
                SELECT \(columns) FROM orders.orders
                WHERE account = $1 AND instrument = $2 AND client_order_id = $3 ORDER BY order_id DESC LIMIT 1
                """, [.int64(account), .int64(instrument), .text(query.clientOrderID.description)])
        }
        return .orders(try rows.map(order(from:)))
    }

    /// By id from `orderId` on; by time from the start, up to the end, or the newest.
    static func orders(_ query: HistoryQuery, _ connection: PostgresConnection) throws -> HistoryResult {
        let isNewest = query.orderID == nil && query.start == nil
        let key = query.orderID != nil || (query.start == nil && query.end == nil) ? "order_id" : "created_at, order_id"
        let direction = isNewest ? "DESC" : "ASC"
        let rows = try connection.query(
            """
            SELECT \(columns) FROM orders.orders
            WHERE account = $1 AND instrument = $2 AND ($3::bigint IS NULL OR order_id >= $3)
                AND ($4::bigint IS NULL OR created_at >= $4) AND ($5::bigint IS NULL OR created_at <= $5)
            ORDER BY \(ordering(key, direction)) LIMIT $6
            """,
            [
                .int64(Int64(query.account.rawValue)), .int64(Int64(query.market.id.rawValue)),
                PostgresValue(query.orderID), PostgresValue(query.start?.rawValue),
                PostgresValue(query.end?.rawValue), .int64(Int64(query.limit)),
            ])
        let orders = try rows.map(order(from:))
        return .orders(isNewest ? orders.reversed() : orders)
    }

    private static func ordering(_ key: String, _ direction: String) -> String {
        key.split(separator: ",").map { "\($0) \(direction)" }.joined(separator: ",")
    }

    /// An account's trades, by trade id or by time.
    static func fills(_ query: HistoryQuery, _ connection: PostgresConnection) throws -> HistoryResult {
        let isNewest = query.fromID == nil && query.start == nil && query.orderID == nil
        let direction = isNewest ? "DESC" : "ASC"
        let rows = try connection.query(
            """
            SELECT trade_id, order_id, side::integer, maker, price, quantity, quote_amount, fee, time FROM orders.fills
            WHERE account = $1 AND instrument = $2 AND ($3::bigint IS NULL OR order_id = $3)
                AND ($4::bigint IS NULL OR trade_id >= $4)
                AND ($5::bigint IS NULL OR time >= $5) AND ($6::bigint IS NULL OR time <= $6)
            ORDER BY trade_id \(direction), maker \(direction) LIMIT $7
            """,
            [
                .int64(Int64(query.account.rawValue)), .int64(Int64(query.market.id.rawValue)),
                PostgresValue(query.orderID), PostgresValue(query.fromID), PostgresValue(query.start?.rawValue),
                PostgresValue(query.end?.rawValue), .int64(Int64(query.limit)),
            ])
        let fills = try rows.map { row in
            HistoryFill(
                tradeID: TradeID(try row.get(0)), orderID: OrderID(try row.get(1)),
                side: try Terms.side(row.get(2)), isMaker: try row.get(3), price: Price(try row.get(4)),
                quantity: Quantity(try row.get(5)), quoteAmount: Amount(try row.get(6)), fee: Amount(try row.get(7)),
                time: Timestamp(try row.get(8)))
        }
        return .fills(isNewest ? fills.reversed() : fills)
    }

    static func order(from row: PostgresRow) throws -> OrderState {
        var order = OrderState()
        order.orderID = OrderID(try row.get(0))
        order.account = AccountID(UInt32(truncatingIfNeeded: try row.get(1, as: Int64.self)))
        order.instrument = InstrumentID(UInt32(truncatingIfNeeded: try row.get(2, as: Int64.self)))
        order.clientOrderID = ASCIIText(try row.get(3, as: String.self)) ?? ASCIIText()
        order.side = try Terms.side(row.get(4))
        order.type = try Terms.value(row.get(5), "type")
        order.timeInForce = try Terms.value(row.get(6), "time_in_force")
        // A market order's price is its protection price, which clients never see.
        order.price = order.type.hasPrice ? Price(try row.get(7)) : .zero
        order.quoteQuantity = Amount(try row.get(9))
        order.quantity = order.quoteQuantity == .zero ? Quantity(try row.get(8)) : .zero
        order.selfTradePrevention = try Terms.value(row.get(10), "self_trade_prevention")
        order.strategyID = UInt64(bitPattern: try row.get(11, as: Int64.self))
        order.strategyType = UInt32(truncatingIfNeeded: try row.get(12, as: Int64.self))
        order.status = try Terms.value(row.get(13), "status")
        order.executed = Quantity(try row.get(14))
        order.quoteFilled = Amount(try row.get(15))
        order.prevented = Quantity(try row.get(16))
        let reason: Int32 = try row.get(17)
        order.doneReason = UInt8(exactly: reason).flatMap(DoneReason.init(rawValue:))
        order.created = Timestamp(try row.get(18))
        order.updated = Timestamp(try row.get(19))
        order.preventedMatchID = try row.get(20)
        return order
    }
}

/// Enumerations that the database holds as numbers.
enum Terms {
    struct Unknown: Error, CustomStringConvertible {
        let description: String
    }

    static func side(_ number: Int32) throws -> Side { try value(number, "side") }

    static func value<Value: RawRepresentable>(
        _ number: Int32, _ column: String
    ) throws -> Value where Value.RawValue == UInt8 {
        guard let small = UInt8(exactly: number), let value = Value(rawValue: small) else {
            throw Unknown(description: "\(column) \(number) is not known to this release")
        }
        return value
    }
}
