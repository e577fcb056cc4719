import Storage
import TradingCore

/// A deposit as the ledger's books have it.
struct DepositEntry: Sendable {
    var account: Int64
    var asset: AssetID
    var amount: Int64
    var reference: String
    var transactionID: String
    var network: String
    var time: Int64
}

/// A withdrawal as the ledger's books have it.
struct WithdrawalEntry: Sendable {
    var id: Int64
    var account: Int64
    var asset: AssetID
    var amount: Int64
    var fee: Int64
    var status: WithdrawalStatus
    var withdrawOrderID: String
    var address: String
    var network: String
    var transactionID: String
    var requestedAt: Int64
}

/// A row of the audit trail.
struct AuditRow: Codable, Sendable {
    var id: Int64
    var at: String
    var `operator`: String
    var action: String
    var subject: String
    var reason: String
    var request: String
    var outcome: String
}

/// What operators read of the ledger's books and of the audit trail. The books lag the ledger by the time of a projection.
public struct OperatorBooks: Sendable {
    private let pool: PostgresPool

    public init(pool: PostgresPool) { self.pool = pool }

    /// The newest deposits first.
    func deposits(account: Int64?, limit: Int) async throws -> [DepositEntry] {
        try await pool.run { connection in
            let rows = try connection.query(
                """
                SELECT account, asset, amount, reference, transaction_id, network, posted_at FROM ledger.deposits
                WHERE $1::bigint IS NULL OR account = $1 ORDER BY posted_at DESC, account, reference LIMIT $2
                """, [PostgresValue(account), .int64(Int64(limit))])
            return try rows.map { row in
                DepositEntry(
                    account: try row.get(0), asset: AssetID(UInt32(truncatingIfNeeded: try row.get(1, as: Int64.self))),
                    amount: try row.get(2), reference: try row.get(3), transactionID: try row.get(4),
                    network: try row.get(5), time: try row.get(6))
            }
        }
    }

    /// The newest withdrawals first.
    func withdrawals(
        id: Int64? = nil, account: Int64?, status: WithdrawalStatus?, limit: Int
    ) async throws -> [WithdrawalEntry] {
        try await pool.run { connection in
            let rows = try connection.query(
                """
                SELECT withdrawal_id, account, asset, amount, fee, status::integer, withdraw_order_id, address, network,
                    transaction_id, requested_at
                FROM ledger.withdrawals
                WHERE ($1::bigint IS NULL OR withdrawal_id = $1) AND ($2::bigint IS NULL OR account = $2)
                    AND ($3::bigint IS NULL OR status = $3)
                ORDER BY requested_at DESC, withdrawal_id DESC LIMIT $4
                """,
                [
                    PostgresValue(id), PostgresValue(account), PostgresValue(status.map { Int64($0.rawValue) }),
                    .int64(Int64(limit)),
                ])
            return try rows.map(OperatorBooks.withdrawal(from:))
        }
    }

    private static func withdrawal(from row: PostgresRow) throws -> WithdrawalEntry {
        let status: Int32 = try row.get(5)
        guard let status = UInt8(exactly: status).flatMap(WithdrawalStatus.init(rawValue:)) else {
            throw OperatorError.conflict("withdrawal status \(status) in the database is not known to this release")
        }
        return WithdrawalEntry(
            id: try row.get(0), account: try row.get(1),
            asset: AssetID(UInt32(truncatingIfNeeded: try row.get(2, as: Int64.self))), amount: try row.get(3),
            fee: try row.get(4), status: status, withdrawOrderID: try row.get(6), address: try row.get(7),
            network: try row.get(8), transactionID: try row.get(9), requestedAt: try row.get(10))
    }

    /// The newest changes first.
    func audit(limit: Int) async throws -> [AuditRow] {
        try await pool.run { connection in
            let rows = try connection.query(
                """
                SELECT id, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), operator, action, subject,
                    reason, request, outcome
                FROM reference.audit ORDER BY id DESC LIMIT $1
                """, [.int64(Int64(limit))])
            return try rows.map { row in
                AuditRow(
                    id: try row.get(0), at: try row.get(1), operator: try row.get(2), action: try row.get(3),
                    subject: try row.get(4), reason: try row.get(5), request: try row.get(6), outcome: try row.get(7))
            }
        }
    }

    /// Adds a row for a change that has no transaction of its own here: it went down an account's line.
    func record(_ audit: AuditEntry, subject: String, outcome: String) async throws {
        try await pool.run { try audit.insert($0, subject: subject, outcome: outcome) }
    }
}
