import LedgerServiceCore
import Messaging
import Storage
import TradingCore

extension LedgerBooks {
    private var partitionValue: PostgresValue { .int64(Int64(partition)) }

    // MARK: Journal

    func write(_ journal: JournalRows, after sequence: UInt64) throws {
        guard journal.entries.contains(where: { $0.sequence > sequence }) else { return }
        let partition = Int32(partition)
        try connection.copy(
            into: "ledger.journal_entries",
            columns: [
                "partition", "sequence", "kind", "time", "cause_writer", "cause_number", "account", "instrument",
                "order_id", "trade_id", "withdrawal_id",
            ]
        ) { writer in
            try journal.forEach(after: sequence) { entry, _ in
                try writer.beginRow()
                writer.int32(partition)
                writer.int64(Int64(bitPattern: entry.sequence))
                writer.int16(Int16(entry.kind.rawValue))
                writer.int64(entry.time.rawValue)
                writer.int64(Int64(entry.causeWriter.rawValue))
                writer.int64(Int64(bitPattern: entry.causeNumber))
                writer.int64(Int64(entry.account.rawValue))
                writer.int64(Int64(entry.instrument.rawValue))
                writer.int64(entry.orderID.rawValue)
                writer.int64(entry.tradeID.rawValue)
                writer.int64(entry.withdrawalID.rawValue)
            }
        }
        try connection.copy(
            into: "ledger.postings",
            columns: ["partition", "sequence", "line", "ledger_account", "account", "asset", "amount"]
        ) { writer in
            try journal.forEach(after: sequence) { entry, lines in
                for (line, posting) in journal.postings[lines].enumerated() {
                    try writer.beginRow()
                    writer.int32(partition)
                    writer.int64(Int64(bitPattern: entry.sequence))
                    writer.int16(Int16(line))
                    writer.int16(Int16(posting.ledgerAccount.rawValue))
                    writer.int64(Int64(posting.account.rawValue))
                    writer.int64(Int64(posting.asset.rawValue))
                    writer.int64(posting.amount.rawValue)
                }
            }
        }
    }

    // MARK: State

    func write(_ rows: LedgerRows) throws {
        try write(rows.balances)
        try write(rows.venue)
        try writeOrders(rows)
        try write(rows.closedNames, clock: rows.counters.clock)
        try write(rows.marks, clock: rows.counters.clock)
        try write(rows.deposits)
        try write(rows.withdrawals)
    }

    private func write(_ rows: [BalanceRow]) throws {
        guard !rows.isEmpty else { return }
        try connection.query(
            """
            INSERT INTO ledger.balances (partition, account, asset, free, locked)
            SELECT $1::integer, * FROM UNNEST($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
            ON CONFLICT (account, asset) DO UPDATE SET free = excluded.free, locked = excluded.locked
            """,
            [
                partitionValue, integers(rows) { Int64($0.account.rawValue) },
                integers(rows) { Int64($0.asset.rawValue) }, integers(rows) { $0.free.rawValue },
                integers(rows) { $0.locked.rawValue },
            ])
    }

    private func write(_ rows: [VenueRow]) throws {
        guard !rows.isEmpty else { return }
        try connection.query(
            """
            INSERT INTO ledger.venue_accounts (partition, asset, clearing, fees, custody)
            SELECT $1::integer, * FROM UNNEST($2::bigint[], $3::numeric[], $4::numeric[], $5::numeric[])
            ON CONFLICT (partition, asset) DO UPDATE
            SET clearing = excluded.clearing, fees = excluded.fees, custody = excluded.custody
            """,
            [
                partitionValue, integers(rows) { Int64($0.asset.rawValue) }, .numericArray(rows.map(\.clearing)),
                .numericArray(rows.map(\.fees)), .numericArray(rows.map(\.custody)),
            ])
    }

    private func writeOrders(_ rows: LedgerRows) throws {
        if !rows.endedOrders.isEmpty {
            try connection.query(
                "DELETE FROM ledger.open_orders WHERE partition = $1 AND order_id = ANY ($2::bigint[])",
                [partitionValue, integers(rows.endedOrders) { $0.rawValue }])
        }
        let open = rows.openOrders
        guard !open.isEmpty else { return }
        try connection.query(
            """
            INSERT INTO ledger.open_orders (
                partition, order_id, account, instrument, client_order_id, side, by_quote, matching_partition, price,
                remaining, held, quote_per_tick_lot, base_per_lot, base_asset, quote_asset)
            SELECT $1::integer, * FROM UNNEST(
                $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::smallint[], $7::boolean[], $8::integer[],
                $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[])
            ON CONFLICT (partition, order_id) DO UPDATE
            SET client_order_id = excluded.client_order_id, remaining = excluded.remaining, held = excluded.held
            """,
            [
                partitionValue, integers(open) { $0.orderID.rawValue }, integers(open) { Int64($0.account.rawValue) },
                integers(open) { Int64($0.instrument.rawValue) }, .textArray(open.map(\.clientOrderID.description)),
                .int32Array(open.map { Int32($0.side.rawValue) }), .boolArray(open.map(\.isByQuote)),
                .int32Array(open.map { Int32($0.matchingPartition) }), integers(open) { $0.price.rawValue },
                integers(open) { $0.remaining.rawValue }, integers(open) { $0.held.rawValue },
                integers(open) { $0.scale.quotePerTickLot }, integers(open) { $0.scale.basePerLot },
                integers(open) { Int64($0.baseAsset.rawValue) }, integers(open) { Int64($0.quoteAsset.rawValue) },
            ])
    }

    private func write(_ rows: [ClosedNameRow], clock: Timestamp) throws {
        try connection.query(
            "DELETE FROM ledger.closed_client_ids WHERE partition = $1 AND kept_until < $2",
            [partitionValue, .int64(clock.rawValue)])
        let rows = rows.filter { $0.keptUntil >= clock }
        guard !rows.isEmpty else { return }
        try connection.query(
            """
            INSERT INTO ledger.closed_client_ids (
                partition, sequence, order_id, account, instrument, client_order_id, kept_until)
            SELECT $1::integer, * FROM UNNEST(
                $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::bigint[])
            ON CONFLICT (partition, sequence) DO UPDATE
            SET order_id = excluded.order_id, account = excluded.account, instrument = excluded.instrument,
                client_order_id = excluded.client_order_id
            """,
            [
                partitionValue, integers(rows) { Int64(bitPattern: $0.sequence) },
                integers(rows) { $0.orderID.rawValue }, integers(rows) { Int64($0.account.rawValue) },
                integers(rows) { Int64($0.instrument.rawValue) }, .textArray(rows.map(\.clientOrderID.description)),
                integers(rows) { $0.keptUntil.rawValue },
            ])
    }

    private func write(_ rows: [MarkRow], clock: Timestamp) throws {
        try connection.query(
            "DELETE FROM ledger.marks WHERE partition = $1 AND kept_until < $2",
            [partitionValue, .int64(clock.rawValue)])
        let rows = rows.filter { $0.keptUntil >= clock }
        guard !rows.isEmpty else { return }
        try connection.query(
            """
            INSERT INTO ledger.marks (
                partition, sequence, account, instrument, order_id, client_order_id, timestamp, kept_until)
            SELECT $1::integer, * FROM UNNEST(
                $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::bigint[], $8::bigint[])
            ON CONFLICT (partition, sequence) DO NOTHING
            """,
            [
                partitionValue, integers(rows) { Int64(bitPattern: $0.sequence) },
                integers(rows) { Int64($0.account.rawValue) }, integers(rows) { Int64($0.instrument.rawValue) },
                integers(rows) { $0.orderID.rawValue }, .textArray(rows.map(\.clientOrderID.description)),
                integers(rows) { $0.timestamp.rawValue }, integers(rows) { $0.keptUntil.rawValue },
            ])
    }

    private func write(_ rows: [DepositRow]) throws {
        guard !rows.isEmpty else { return }
        try connection.query(
            """
            INSERT INTO ledger.deposits (
                partition, sequence, account, asset, amount, reference, transaction_id, network, posted_at)
            SELECT $1::integer, * FROM UNNEST(
                $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::bigint[])
            ON CONFLICT (partition, sequence) DO NOTHING
            """,
            [
                partitionValue, integers(rows) { Int64(bitPattern: $0.sequence) },
                integers(rows) { Int64($0.account.rawValue) }, integers(rows) { Int64($0.asset.rawValue) },
                integers(rows) { $0.amount.rawValue }, .textArray(rows.map(\.reference.description)),
                .textArray(rows.map(\.transactionID)), .textArray(rows.map(\.network.description)),
                integers(rows) { $0.postedAt.rawValue },
            ])
    }

    private func write(_ rows: [WithdrawalRow]) throws {
        guard !rows.isEmpty else { return }
        try connection.query(
            """
            INSERT INTO ledger.withdrawals (
                partition, withdrawal_id, account, asset, amount, fee, status, withdraw_order_id, address, address_tag,
                network, transaction_id, requested_at, resolved_at)
            SELECT $1::integer, * FROM UNNEST(
                $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::smallint[], $8::text[],
                $9::text[], $10::text[], $11::text[], $12::text[], $13::bigint[], $14::bigint[])
            ON CONFLICT (withdrawal_id) DO UPDATE
            SET status = excluded.status, transaction_id = excluded.transaction_id, resolved_at = excluded.resolved_at
            """,
            [
                partitionValue, integers(rows) { $0.id.rawValue }, integers(rows) { Int64($0.account.rawValue) },
                integers(rows) { Int64($0.asset.rawValue) }, integers(rows) { $0.amount.rawValue },
                integers(rows) { $0.fee.rawValue }, .int32Array(rows.map { Int32($0.status.rawValue) }),
                .textArray(rows.map(\.withdrawOrderID.description)), .textArray(rows.map(\.address)),
                .textArray(rows.map(\.addressTag)), .textArray(rows.map(\.network.description)),
                .textArray(rows.map(\.transactionID)), integers(rows) { $0.requestedAt.rawValue },
                integers(rows) { $0.resolvedAt.rawValue },
            ])
    }

    // MARK: Position

    func writePosition(_ counters: LedgerCounters, _ runtime: RuntimeState) throws {
        var writer = StateWriter()
        runtime.encode(into: &writer)
        try connection.query(
            """
            INSERT INTO ledger.checkpoints (
                partition, next_offset, runtime, logic_version, clock, journal_sequence, withdrawal_counter,
                deposit_counter, closed_sequence, mark_sequence, forwarded)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::bigint[])
            ON CONFLICT (partition) DO UPDATE
            SET next_offset = excluded.next_offset, runtime = excluded.runtime,
                logic_version = excluded.logic_version, clock = excluded.clock,
                journal_sequence = excluded.journal_sequence, withdrawal_counter = excluded.withdrawal_counter,
                deposit_counter = excluded.deposit_counter, closed_sequence = excluded.closed_sequence,
                mark_sequence = excluded.mark_sequence, forwarded = excluded.forwarded
            """,
            [
                partitionValue, .int64(runtime.next), .bytes(writer.bytes), .int64(Int64(counters.logicVersion)),
                .int64(counters.clock.rawValue), .int64(Int64(bitPattern: counters.journalSequence)),
                .int64(Int64(bitPattern: counters.withdrawalCounter)),
                .int64(Int64(bitPattern: counters.depositCounter)),
                .int64(Int64(bitPattern: counters.closedSequence)), .int64(Int64(bitPattern: counters.markSequence)),
                .int64Array(counters.forwarded.map { Int64(bitPattern: $0) }),
            ])
    }

    private func integers<Row>(_ rows: [Row], _ value: (Row) -> Int64) -> PostgresValue {
        .int64Array(rows.map(value))
    }
}
