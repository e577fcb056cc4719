import ProcessorKit
import Storage

extension ServiceDatabase {
    /// The gateway's schema.
    public static let reference = ServiceDatabase(service: "gateway", schema: ReferenceSchema.name) {
        () throws(MigrationError) in
        try Migrator(schema: ReferenceSchema.name, migrations: ReferenceSchema.migrations)
    }
}

/// The database schema `reference`: definitions, API keys, the audit trail and the gateways' slots.
public enum ReferenceSchema {
    public static let name = "reference"

    /// Numbered from 1; an applied one never changes.
    public static let migrations: [Migration] = [
        Migration(
            number: 1, name: "definitions, keys, audit, slots",
            sql: """
                -- One row a definition. `content` is its protobuf message; `confirmed_*` say what every state machine has reported.
                CREATE TABLE definitions (
                    kind smallint NOT NULL,
                    id bigint NOT NULL,
                    name text NOT NULL,
                    revision bigint NOT NULL,
                    content bytea NOT NULL,
                    confirmed_revision bigint NOT NULL DEFAULT 0,
                    confirmed_partitions integer NOT NULL DEFAULT 0,
                    changed_at timestamptz NOT NULL DEFAULT now(),
                    PRIMARY KEY (kind, id),
                    UNIQUE (kind, name)
                );

                -- `secret` is sealed with AES-256-GCM under the gateway's encryption key, bound to `key`.
                CREATE TABLE api_keys (
                    key text PRIMARY KEY,
                    account bigint NOT NULL,
                    label text NOT NULL,
                    type text NOT NULL,
                    secret bytea,
                    public_key bytea,
                    permissions smallint NOT NULL,
                    ip_allow_list text[] NOT NULL,
                    revision bigint NOT NULL,
                    revoked boolean NOT NULL DEFAULT false,
                    created_at timestamptz NOT NULL DEFAULT now()
                );
                CREATE INDEX api_keys_by_account ON api_keys (account);

                CREATE TABLE audit (
                    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    at timestamptz NOT NULL DEFAULT now(),
                    operator text NOT NULL,
                    action text NOT NULL,
                    subject text NOT NULL,
                    reason text NOT NULL,
                    request text NOT NULL,
                    outcome text NOT NULL
                );

                CREATE TABLE gateway_slots (
                    slot integer PRIMARY KEY,
                    epoch bigint NOT NULL,
                    claimed_at timestamptz NOT NULL DEFAULT now()
                );
                """),
        Migration(
            number: 2, name: "claimants of slots",
            sql: """
                -- A random number of the process that claimed last: its own claims take no slot from it.
                ALTER TABLE gateway_slots ADD COLUMN claimant bigint;
                """),
    ]
}
