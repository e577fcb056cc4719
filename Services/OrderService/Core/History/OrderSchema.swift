/// The database schema `orders`: order-service's checkpoint and the history of orders that gateways read.
public enum OrderSchema {
    public static let name = "orders"

    /// Numbered from 1; an applied one never changes.
    public static let migrations: [(name: String, sql: String)] = [
        (
            "history and checkpoint",
            """
            CREATE TABLE orders (
                order_id bigint PRIMARY KEY,
                account bigint NOT NULL,
                instrument bigint NOT NULL,
                client_order_id text NOT NULL,
                side smallint NOT NULL,
                type smallint NOT NULL,
                time_in_force smallint NOT NULL,
                price bigint NOT NULL,
                quantity bigint NOT NULL,
                quote_quantity bigint NOT NULL,
                self_trade_prevention smallint NOT NULL,
                strategy_id bigint NOT NULL,
                strategy_type bigint NOT NULL,
                status smallint NOT NULL,
                executed bigint NOT NULL DEFAULT 0,
                cumulative_quote bigint NOT NULL DEFAULT 0,
                prevented bigint NOT NULL DEFAULT 0,
                done_reason smallint NOT NULL DEFAULT 0,
                created_at bigint NOT NULL,
                updated_at bigint NOT NULL
            );
            CREATE INDEX orders_by_market ON orders (account, instrument, order_id);
            CREATE INDEX orders_by_client_id ON orders (account, instrument, client_order_id, order_id);
            CREATE INDEX orders_by_time ON orders (account, instrument, created_at);
            CREATE INDEX orders_open ON orders (account) WHERE status IN (1, 2);

            CREATE TABLE fills (
                instrument bigint NOT NULL,
                trade_id bigint NOT NULL,
                maker boolean NOT NULL,
                account bigint NOT NULL,
                order_id bigint NOT NULL,
                side smallint NOT NULL,
                price bigint NOT NULL,
                quantity bigint NOT NULL,
                quote_amount bigint NOT NULL,
                fee bigint NOT NULL,
                time bigint NOT NULL,
                PRIMARY KEY (instrument, trade_id, maker)
            );
            CREATE INDEX fills_by_account ON fills (account, instrument, trade_id);
            CREATE INDEX fills_by_order ON fills (order_id);

            CREATE TABLE positions (
                partition integer PRIMARY KEY,
                next_offset bigint NOT NULL,
                position bytea NOT NULL
            );

            CREATE TABLE checkpoints (
                partition integer PRIMARY KEY,
                next_offset bigint NOT NULL,
                checkpoint bytea NOT NULL
            );
            """
        ),
        (
            "the last prevented match of an order",
            "ALTER TABLE orders ADD COLUMN prevented_match_id bigint NOT NULL DEFAULT 0"
        ),
    ]
}
