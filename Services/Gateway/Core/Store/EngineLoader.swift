import Messaging
import ProcessorKit
import Records
import Storage
import TradingCore

/// Loads what an engine starts with: the open orders, and from where each log is followed.
///
/// A view that was stored begins at the position that was stored with it; one that was not begins with its log.
public struct EngineLoader: Sendable {
    private let accountPartitions: Int
    private let marketPartitions: Int

    public init(accountPartitions: Int, marketPartitions: Int) {
        self.accountPartitions = accountPartitions
        self.marketPartitions = marketPartitions
    }

    /// Reads everything as one moment had it.
    ///
    /// - Throws: `PostgresError` when the database is away, `StateError` when a stored position cannot be read.
    public func load(_ connection: PostgresConnection) throws -> EngineStart {
        try connection.withTransaction(isolation: .repeatableRead) { connection in
            var start = EngineStart(accountPartitions: accountPartitions, marketPartitions: marketPartitions)
            if try exists("orders.positions", connection) { try loadOrders(&start, connection) }
            if try exists("ledger.checkpoints", connection) { try loadBalances(&start, connection) }
            if try exists("market_data.positions", connection) { try loadMarketData(&start, connection) }
            return start
        }
    }

    private func exists(_ table: String, _ connection: PostgresConnection) throws -> Bool {
        try connection.query("SELECT to_regclass($1) IS NOT NULL", [.text(table)]).only().get(0)
    }

    private func loadOrders(_ start: inout EngineStart, _ connection: PostgresConnection) throws {
        for row in try connection.query("SELECT position FROM orders.positions") {
            try adopt(try StoredPosition(decoding: try row.get(0)), &start)
        }
        let rows = try connection.query(
            "SELECT \(OrderHistoryQueries.columns) FROM orders.orders WHERE status IN (1, 2) ORDER BY order_id")
        start.orders = try rows.map(OrderHistoryQueries.order(from:))
    }

    /// The ledger's checkpoint says how far its books go: `account-events` is followed from the first record that they do not know.
    private func loadBalances(_ start: inout EngineStart, _ connection: PostgresConnection) throws {
        for row in try connection.query("SELECT runtime FROM ledger.checkpoints") {
            var reader = StateReader(try row.get(0, as: [UInt8].self))
            let runtime = try RuntimeState(decoding: &reader)
            start.marks.adopt(runtime)
            start.balancesTime = max(start.balancesTime, Timestamp(runtime.clock))
            for mark in runtime.written where mark.destination.topic == .accountEvents {
                let position = FollowerPosition(behind: mark, of: runtime.writer)
                try adopt(StoredPosition(position: position, cluster: runtime.clusterID), &start)
            }
        }
        start.balances = try connection.query("SELECT account, asset, free, locked FROM ledger.balances").map { row in
            Balance(
                account: AccountID(UInt32(truncatingIfNeeded: try row.get(0, as: Int64.self))),
                asset: AssetID(UInt32(truncatingIfNeeded: try row.get(1, as: Int64.self))),
                free: Amount(try row.get(2)), locked: Amount(try row.get(3)))
        }
    }

    /// In front of the last round of snapshots, whoever starts learns of every market.
    private func loadMarketData(_ start: inout EngineStart, _ connection: PostgresConnection) throws {
        let rows = try connection.query(
            "SELECT snapshot_position FROM market_data.positions WHERE snapshot_position IS NOT NULL")
        for row in rows { try adopt(try StoredPosition(decoding: try row.get(0)), &start) }
    }

    /// Follows a partition from a stored position instead of from its beginning.
    func adopt(_ stored: StoredPosition, _ start: inout EngineStart) throws {
        guard let index = start.positions.firstIndex(where: { $0.partition == stored.position.partition }) else {
            return
        }
        start.positions[index] = stored.position
        start.clusterID = stored.cluster
    }
}
