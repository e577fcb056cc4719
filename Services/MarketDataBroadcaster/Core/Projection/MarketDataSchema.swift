/// The database schema `market_data`: public history that gateways read. Prices are ticks, quantities lots, times milliseconds.
public enum MarketDataSchema {
    public static let name = "market_data"

    /// Numbered from 1; an applied one never changes.
    public static let migrations: [(name: String, sql: String)] = [
        (
            "trades, candles, positions",
            """
            CREATE TABLE trades (
                instrument bigint NOT NULL,
                trade_id bigint NOT NULL,
                price bigint NOT NULL,
                quantity bigint NOT NULL,
                quote_amount bigint NOT NULL,
                buyer_is_maker boolean NOT NULL,
                time bigint NOT NULL,
                PRIMARY KEY (instrument, trade_id)
            );

            CREATE TABLE aggregate_trades (
                instrument bigint NOT NULL,
                aggregate_id bigint NOT NULL,
                price bigint NOT NULL,
                quantity bigint NOT NULL,
                first_trade_id bigint NOT NULL,
                last_trade_id bigint NOT NULL,
                buyer_is_maker boolean NOT NULL,
                time bigint NOT NULL,
                quote_amount bigint NOT NULL,
                PRIMARY KEY (instrument, aggregate_id)
            );
            CREATE INDEX aggregate_trades_by_time ON aggregate_trades (instrument, time);

            CREATE TABLE candles (
                instrument bigint NOT NULL,
                "interval" integer NOT NULL,
                open_time bigint NOT NULL,
                open bigint NOT NULL,
                high bigint NOT NULL,
                low bigint NOT NULL,
                close bigint NOT NULL,
                volume bigint NOT NULL,
                quote_volume numeric(39, 0) NOT NULL,
                count bigint NOT NULL,
                taker_buy_volume bigint NOT NULL,
                taker_buy_quote numeric(39, 0) NOT NULL,
                first_trade_id bigint NOT NULL,
                last_trade_id bigint NOT NULL,
                PRIMARY KEY (instrument, "interval", open_time)
            );

            -- How far market-data is stored here, by its partition. snapshot_position stands in front of the last round of
            -- snapshots: who starts there learns of every market. A round begins with the market listed first.
            CREATE TABLE positions (
                partition integer PRIMARY KEY,
                next_offset bigint NOT NULL,
                position bytea NOT NULL,
                snapshot_position bytea,
                first_instrument bigint
            );
            """
        )
    ]
}
