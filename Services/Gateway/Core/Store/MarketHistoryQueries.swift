import Records
import Storage
import TradingCore

/// Questions to the schema `market_data`.
enum MarketHistoryQueries {
    /// Closed and running candles from `start` to `end`, by opening; with the last one before, at which flat rows begin.
    static func candles(
        _ query: RangeQuery, _ interval: CandleInterval, _ connection: PostgresConnection
    ) throws -> HistoryResult {
        let rows = try connection.query(
            """
            SELECT open_time, open, high, low, close, volume, quote_volume, count, taker_buy_volume, taker_buy_quote,
                first_trade_id, last_trade_id
            FROM market_data.candles
            WHERE instrument = $1 AND "interval" = $2 AND open_time <= $4 AND open_time >= COALESCE(
                (SELECT max(open_time) FROM market_data.candles
                 WHERE instrument = $1 AND "interval" = $2 AND open_time < $3), $3)
            ORDER BY open_time LIMIT $5
            """,
            [
                .int64(Int64(query.market.id.rawValue)), .int64(Int64(interval.rawValue)),
                .int64(query.start?.rawValue ?? 0), .int64(query.end?.rawValue ?? .max),
                .int64(Int64(query.limit) + 1),
            ])
        return .candles(
            try rows.map { row in
                var candle = Candle()
                candle.instrument = query.market.id
                candle.interval = interval.rawValue
                candle.openTime = Timestamp(try row.get(0))
                candle.open = Price(try row.get(1))
                candle.high = Price(try row.get(2))
                candle.low = Price(try row.get(3))
                candle.close = Price(try row.get(4))
                candle.volume = Quantity(try row.get(5))
                (candle.quoteVolumeHigh, candle.quoteVolumeLow) = halves(try row.get(6))
                candle.count = UInt64(try row.get(7, as: Int64.self))
                candle.takerBuyVolume = Quantity(try row.get(8))
                (candle.takerBuyQuoteHigh, candle.takerBuyQuoteLow) = halves(try row.get(9))
                candle.firstTradeId = TradeID(try row.get(10))
                candle.lastTradeId = TradeID(try row.get(11))
                return candle
            })
    }

    private static func halves(_ value: Int128) -> (high: UInt64, low: UInt64) {
        (UInt64(truncatingIfNeeded: value >> 64), UInt64(truncatingIfNeeded: value))
    }

    static func trades(
        _ market: Market, fromID: Int64, limit: Int, _ connection: PostgresConnection
    ) throws -> HistoryResult {
        let rows = try connection.query(
            """
            SELECT trade_id, price, quantity, quote_amount, buyer_is_maker, time FROM market_data.trades
            WHERE instrument = $1 AND trade_id >= $2 ORDER BY trade_id LIMIT $3
            """, [.int64(Int64(market.id.rawValue)), .int64(fromID), .int64(Int64(limit))])
        return .trades(
            try rows.map { row in
                PublicTrade(
                    tradeId: TradeID(try row.get(0)), price: Price(try row.get(1)), quantity: Quantity(try row.get(2)),
                    quoteAmount: Amount(try row.get(3)), buyerIsMaker: try row.get(4), time: Timestamp(try row.get(5)))
            })
    }

    static func aggregates(_ query: RangeQuery, _ connection: PostgresConnection) throws -> HistoryResult {
        let isNewest = query.fromID == nil && query.start == nil
        let rows = try connection.query(
            """
            SELECT aggregate_id, price, quantity, first_trade_id, last_trade_id, buyer_is_maker, time, quote_amount
            FROM market_data.aggregate_trades
            WHERE instrument = $1 AND ($2::bigint IS NULL OR aggregate_id >= $2)
                AND ($3::bigint IS NULL OR time >= $3) AND ($4::bigint IS NULL OR time <= $4)
            ORDER BY aggregate_id \(isNewest ? "DESC" : "ASC") LIMIT $5
            """,
            [
                .int64(Int64(query.market.id.rawValue)), PostgresValue(query.fromID),
                PostgresValue(query.start?.rawValue), PostgresValue(query.end?.rawValue), .int64(Int64(query.limit)),
            ])
        let trades = try rows.map { row in
            AggregateTrade(
                aggregateId: try row.get(0), price: Price(try row.get(1)), quantity: Quantity(try row.get(2)),
                firstTradeId: TradeID(try row.get(3)), lastTradeId: TradeID(try row.get(4)),
                buyerIsMaker: try row.get(5), time: Timestamp(try row.get(6)), quoteAmount: Amount(try row.get(7)))
        }
        return .aggregateTrades(isNewest ? trades.reversed() : trades)
    }
}
