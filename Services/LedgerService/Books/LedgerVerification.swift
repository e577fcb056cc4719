import Storage

/// Recomputes every invariant of the books from the database, in one snapshot.
///
/// Two kinds of invariants are told apart. In every partition, at every position: entries sum to zero, balances are the sums of
/// their postings, nothing is negative, holds are what open orders and withdrawals need. Over all partitions, once the settlements
/// on their way are applied: each trade has both sides and clearing is zero.
public struct LedgerVerification: Sendable {
    /// Rows that are named for each broken invariant.
    static let namedRows = 10

    /// A broken invariant and the first rows that break it.
    public struct Finding: Sendable, Equatable {
        public var invariant: String
        public var rows: [String]
    }

    public private(set) var findings: [Finding] = []
    public private(set) var partitions = 0
    public private(set) var entries: Int64 = 0
    /// Trades of which one side is not posted yet.
    public private(set) var halfTrades: Int64 = 0

    public var isPassed: Bool { findings.isEmpty }

    /// Reads the books of all partitions.
    ///
    /// - Throws: `PostgresError` when they cannot be read.
    public init(_ connection: PostgresConnection) throws {
        var result = (findings: [Finding](), partitions: 0, entries: Int64(0), halfTrades: Int64(0))
        try connection.withTransaction(isolation: .repeatableRead) { connection in
            let counts = try connection.query(
                """
                SELECT count(*), coalesce(sum(journal_sequence), 0)::bigint FROM ledger.checkpoints
                """
            ).only()
            result.partitions = try counts.get(0, as: Int.self)
            result.entries = try counts.get(1)
            for check in LedgerVerification.perPartition {
                try LedgerVerification.run(check, connection, &result.findings)
            }
            result.halfTrades = try connection.query(
                """
                SELECT count(*) FROM (
                    SELECT 1 FROM ledger.journal_entries WHERE kind = 2 GROUP BY instrument, trade_id HAVING count(*) = 1
                ) AS half
                """
            ).only().get(0)
            for check in LedgerVerification.overAll { try LedgerVerification.run(check, connection, &result.findings) }
            if result.halfTrades == 0 {
                try LedgerVerification.run(LedgerVerification.clearing, connection, &result.findings)
            }
        }
        (findings, partitions, entries, halfTrades) = result
    }

    private static func run(
        _ check: (invariant: String, sql: String), _ connection: PostgresConnection, _ findings: inout [Finding]
    ) throws {
        let rows = try connection.query("SELECT * FROM (\(check.sql)) AS broken (name) LIMIT \(namedRows)")
        guard rows.count > 0 else { return }
        var names: [String] = []
        for row in rows { names.append(try row.get(0)) }
        findings.append(Finding(invariant: check.invariant, rows: names))
    }

    /// What `ledger-service verify` prints.
    public var report: String {
        var lines = ["\(entries) journal entries of \(partitions) partition(s)"]
        lines.append("checked in every partition, at its position: " + LedgerVerification.perPartitionSummary)
        if halfTrades == 0 {
            lines.append(
                "checked over all partitions, all settlements being applied: each trade has both sides, clearing is zero"
            )
        } else {
            lines.append(
                "not checked over all partitions: \(halfTrades) trade(s) have one side posted, their settlements are on the way"
            )
        }
        for finding in findings {
            lines.append("BROKEN: \(finding.invariant)")
            lines += finding.rows.map { "    \($0)" }
        }
        lines.append(isPassed ? "pass" : "\(findings.count) invariant(s) broken")
        return lines.joined(separator: "\n")
    }
}
