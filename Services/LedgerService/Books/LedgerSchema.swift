import ProcessorKit
import Storage

extension ServiceDatabase {
    /// Ledger-service's schema.
    public static let ledger = ServiceDatabase(
        service: "ledger-service", schema: LedgerSchema.name, migrator: LedgerSchema.migrator)
}

/// The tables of the schema `ledger`: the journal, and the state as it stands at the position of `checkpoints`.
///
/// Amounts are minor units, times milliseconds of log time, 64-bit counters their bits as `bigint`.
public enum LedgerSchema {
    public static let name = "ledger"

    public static func migrator() throws(MigrationError) -> Migrator {
        try Migrator(schema: name, migrations: [Migration(number: 1, name: "books", sql: books)])
    }

    private static let books = """
        CREATE TABLE checkpoints (
            partition integer PRIMARY KEY,
            next_offset bigint NOT NULL,
            runtime bytea NOT NULL,
            logic_version integer NOT NULL,
            clock bigint NOT NULL,
            journal_sequence bigint NOT NULL,
            withdrawal_counter bigint NOT NULL,
            deposit_counter bigint NOT NULL,
            closed_sequence bigint NOT NULL,
            mark_sequence bigint NOT NULL,
            forwarded bigint[] NOT NULL
        );
        CREATE TABLE journal_entries (
            partition integer NOT NULL,
            sequence bigint NOT NULL,
            kind smallint NOT NULL,
            time bigint NOT NULL,
            cause_writer bigint NOT NULL,
            cause_number bigint NOT NULL,
            account bigint NOT NULL,
            instrument bigint NOT NULL,
            order_id bigint NOT NULL,
            trade_id bigint NOT NULL,
            withdrawal_id bigint NOT NULL,
            PRIMARY KEY (partition, sequence)
        );
        CREATE TABLE postings (
            partition integer NOT NULL,
            sequence bigint NOT NULL,
            line smallint NOT NULL,
            ledger_account smallint NOT NULL,
            account bigint NOT NULL,
            asset bigint NOT NULL,
            amount bigint NOT NULL,
            PRIMARY KEY (partition, sequence, line)
        );
        CREATE TABLE balances (
            partition integer NOT NULL,
            account bigint NOT NULL,
            asset bigint NOT NULL,
            free bigint NOT NULL CHECK (free >= 0),
            locked bigint NOT NULL CHECK (locked >= 0),
            PRIMARY KEY (account, asset)
        );
        CREATE TABLE venue_accounts (
            partition integer NOT NULL,
            asset bigint NOT NULL,
            clearing numeric(39) NOT NULL,
            fees numeric(39) NOT NULL,
            custody numeric(39) NOT NULL,
            PRIMARY KEY (partition, asset)
        );
        CREATE TABLE open_orders (
            partition integer NOT NULL,
            order_id bigint NOT NULL,
            account bigint NOT NULL,
            instrument bigint NOT NULL,
            client_order_id text NOT NULL,
            side smallint NOT NULL,
            by_quote boolean NOT NULL,
            matching_partition integer NOT NULL,
            price bigint NOT NULL,
            remaining bigint NOT NULL,
            held bigint NOT NULL,
            quote_per_tick_lot bigint NOT NULL,
            base_per_lot bigint NOT NULL,
            base_asset bigint NOT NULL,
            quote_asset bigint NOT NULL,
            PRIMARY KEY (partition, order_id)
        );
        CREATE TABLE closed_client_ids (
            partition integer NOT NULL,
            sequence bigint NOT NULL,
            order_id bigint NOT NULL,
            account bigint NOT NULL,
            instrument bigint NOT NULL,
            client_order_id text NOT NULL,
            kept_until bigint NOT NULL,
            PRIMARY KEY (partition, sequence)
        );
        CREATE TABLE marks (
            partition integer NOT NULL,
            sequence bigint NOT NULL,
            account bigint NOT NULL,
            instrument bigint NOT NULL,
            order_id bigint NOT NULL,
            client_order_id text NOT NULL,
            timestamp bigint NOT NULL,
            kept_until bigint NOT NULL,
            PRIMARY KEY (partition, sequence)
        );
        CREATE TABLE deposits (
            partition integer NOT NULL,
            sequence bigint NOT NULL,
            account bigint NOT NULL,
            asset bigint NOT NULL,
            amount bigint NOT NULL CHECK (amount > 0),
            reference text NOT NULL,
            transaction_id text NOT NULL,
            network text NOT NULL,
            posted_at bigint NOT NULL,
            PRIMARY KEY (partition, sequence),
            UNIQUE (account, reference)
        );
        CREATE TABLE withdrawals (
            withdrawal_id bigint PRIMARY KEY,
            partition integer NOT NULL,
            account bigint NOT NULL,
            asset bigint NOT NULL,
            amount bigint NOT NULL CHECK (amount > 0),
            fee bigint NOT NULL CHECK (fee >= 0 AND fee < amount),
            status smallint NOT NULL,
            withdraw_order_id text NOT NULL,
            address text NOT NULL,
            address_tag text NOT NULL,
            network text NOT NULL,
            transaction_id text NOT NULL,
            requested_at bigint NOT NULL,
            resolved_at bigint NOT NULL
        );
        CREATE UNIQUE INDEX withdrawals_by_client_id ON withdrawals (account, withdraw_order_id)
            WHERE withdraw_order_id <> '';
        CREATE INDEX withdrawals_by_partition ON withdrawals (partition);
        """
}
