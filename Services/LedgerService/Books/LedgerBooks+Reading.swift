import LedgerServiceCore
import Messaging
import Storage
import TradingCore

extension LedgerBooks {
    /// The checkpoint with the whole state, read in the transaction that is open; nil when there is none.
    func read() throws -> Checkpoint? {
        let row = try connection.query(
            """
            SELECT runtime, logic_version, clock, journal_sequence, withdrawal_counter, deposit_counter,
                closed_sequence, mark_sequence, forwarded
            FROM ledger.checkpoints WHERE partition = $1
            """, [.int64(Int64(partition))]
        ).first
        guard let row else { return nil }
        var reader = StateReader(try row.get(0, as: [UInt8].self))
        let runtime = try RuntimeState(decoding: &reader)
        let rows = try readRows(counters(row))
        let core = try LedgerCore(partition: partition, restoring: rows)
        var writer = StateWriter()
        core.encodeState(into: &writer)
        return Checkpoint(runtime: runtime, state: writer.bytes)
    }

    private func counters(_ row: PostgresRow) throws -> LedgerCounters {
        var counters = LedgerCounters()
        counters.logicVersion = UInt32(truncatingIfNeeded: try row.get(1, as: Int64.self))
        counters.clock = Timestamp(try row.get(2))
        counters.journalSequence = try counter(row, 3)
        counters.withdrawalCounter = try counter(row, 4)
        counters.depositCounter = try counter(row, 5)
        counters.closedSequence = try counter(row, 6)
        counters.markSequence = try counter(row, 7)
        counters.forwarded = try row.get(8, as: [Int64].self).map { UInt64(bitPattern: $0) }
        return counters
    }

    /// The state's rows, in the order of their keys.
    private func readRows(_ counters: LedgerCounters) throws -> LedgerRows {
        var rows = LedgerRows()
        rows.counters = counters
        for row in try table("account, asset, free, locked", "balances", "account, asset") {
            rows.balances.append(
                BalanceRow(
                    account: AccountID(try id(row, 0)), asset: AssetID(try id(row, 1)), free: Amount(try row.get(2)),
                    locked: Amount(try row.get(3))))
        }
        for row in try table("asset, clearing, fees, custody", "venue_accounts", "asset") {
            rows.venue.append(
                VenueRow(
                    asset: AssetID(try id(row, 0)), clearing: try row.get(1), fees: try row.get(2),
                    custody: try row.get(3)))
        }
        try readOrders(into: &rows)
        for row in try table(
            "sequence, account, instrument, order_id, client_order_id, timestamp, kept_until", "marks", "sequence")
        {
            rows.marks.append(
                MarkRow(
                    sequence: try counter(row, 0), account: AccountID(try id(row, 1)),
                    instrument: InstrumentID(try id(row, 2)), orderID: OrderID(try row.get(3)),
                    clientOrderID: try text(row, 4), timestamp: Timestamp(try row.get(5)),
                    keptUntil: Timestamp(try row.get(6))))
        }
        try readTransfers(into: &rows)
        return rows
    }

    private func readOrders(into rows: inout LedgerRows) throws {
        let columns = """
            order_id, account, instrument, client_order_id, side::integer, by_quote, matching_partition, price, remaining,
            held, quote_per_tick_lot, base_per_lot, base_asset, quote_asset
            """
        for row in try table(columns, "open_orders", "order_id") {
            rows.openOrders.append(
                OpenOrderRow(
                    orderID: OrderID(try row.get(0)), account: AccountID(try id(row, 1)),
                    instrument: InstrumentID(try id(row, 2)), clientOrderID: try text(row, 3),
                    side: try value(row, 4), isByQuote: try row.get(5),
                    matchingPartition: UInt32(truncatingIfNeeded: try row.get(6, as: Int32.self)),
                    price: Price(try row.get(7)), remaining: Quantity(try row.get(8)), held: Amount(try row.get(9)),
                    scale: InstrumentScale(quotePerTickLot: try row.get(10), basePerLot: try row.get(11)),
                    baseAsset: AssetID(try id(row, 12)), quoteAsset: AssetID(try id(row, 13))))
        }
        for row in try table(
            "sequence, order_id, account, instrument, client_order_id, kept_until", "closed_client_ids", "sequence")
        {
            rows.closedNames.append(
                ClosedNameRow(
                    sequence: try counter(row, 0), orderID: OrderID(try row.get(1)),
                    account: AccountID(try id(row, 2)), instrument: InstrumentID(try id(row, 3)),
                    clientOrderID: try text(row, 4), keptUntil: Timestamp(try row.get(5))))
        }
    }

    private func readTransfers(into rows: inout LedgerRows) throws {
        for row in try table(
            "sequence, account, asset, amount, reference, transaction_id, network, posted_at", "deposits", "sequence")
        {
            rows.deposits.append(
                DepositRow(
                    sequence: try counter(row, 0), account: AccountID(try id(row, 1)), asset: AssetID(try id(row, 2)),
                    amount: Amount(try row.get(3)), reference: try text(row, 4), transactionID: try row.get(5),
                    network: try text(row, 6), postedAt: Timestamp(try row.get(7))))
        }
        let columns = """
            withdrawal_id, account, asset, amount, fee, status::integer, withdraw_order_id, address, address_tag, network,
            transaction_id, requested_at, resolved_at
            """
        for row in try table(columns, "withdrawals", "withdrawal_id") {
            rows.withdrawals.append(
                WithdrawalRow(
                    id: WithdrawalID(try row.get(0)), account: AccountID(try id(row, 1)),
                    asset: AssetID(try id(row, 2)), amount: Amount(try row.get(3)), fee: Amount(try row.get(4)),
                    status: try value(row, 5), withdrawOrderID: try text(row, 6), address: try row.get(7),
                    addressTag: try row.get(8), network: try text(row, 9), transactionID: try row.get(10),
                    requestedAt: Timestamp(try row.get(11)), resolvedAt: Timestamp(try row.get(12))))
        }
    }

    // MARK: Values

    private func table(_ columns: String, _ table: String, _ order: String) throws -> PostgresRows {
        try connection.query(
            "SELECT \(columns) FROM ledger.\(table) WHERE partition = $1 ORDER BY \(order)",
            [.int64(Int64(partition))])
    }

    private func id(_ row: PostgresRow, _ column: Int) throws -> UInt32 {
        let value: Int64 = try row.get(column)
        guard let id = UInt32(exactly: value) else { throw StateError("\(value) is no id") }
        return id
    }

    private func counter(_ row: PostgresRow, _ column: Int) throws -> UInt64 {
        UInt64(bitPattern: try row.get(column, as: Int64.self))
    }

    private func text(_ row: PostgresRow, _ column: Int) throws -> ASCIIText {
        let value: String = try row.get(column)
        guard let text = ASCIIText(value) else { throw StateError("'\(value)' is no client id or reference") }
        return text
    }

    private func value<Value: RawRepresentable>(
        _ row: PostgresRow, _ column: Int
    ) throws -> Value where Value.RawValue == UInt8 {
        let raw: Int32 = try row.get(column)
        guard let byte = UInt8(exactly: raw), let value = Value(rawValue: byte) else {
            throw StateError("\(raw) is no \(Value.self)")
        }
        return value
    }
}
