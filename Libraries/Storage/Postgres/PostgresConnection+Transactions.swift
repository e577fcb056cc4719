import CLibPQ
import Crypto

public enum PostgresIsolation: String, Sendable {
    case readCommitted = "READ COMMITTED"
    case repeatableRead = "REPEATABLE READ"
    case serializable = "SERIALIZABLE"
}

extension PostgresConnection {
    /// Runs `body` in one transaction: commits when it returns, rolls back when it throws.
    ///
    /// A connection that is lost at the commit leaves open whether it happened; the caller has to look, by something
    /// that it wrote in the same transaction.
    ///
    /// - Parameters:
    ///   - isolation: how much the transaction may see of others.
    ///   - attempts: how often `body` is run when transactions get in each other's way, at least 1.
    public func withTransaction<Value>(
        isolation: PostgresIsolation = .readCommitted, attempts: Int = 1,
        _ body: (PostgresConnection) throws -> Value
    ) throws -> Value {
        precondition(attempts >= 1)
        for _ in 1..<attempts {
            do {
                return try runTransaction(isolation, body)
            } catch let error as PostgresError where error.isSerializationFailure {
                continue
            }
        }
        return try runTransaction(isolation, body)
    }

    private func runTransaction<Value>(
        _ isolation: PostgresIsolation, _ body: (PostgresConnection) throws -> Value
    ) throws -> Value {
        guard !isInTransaction else { throw PostgresError.misuse("BEGIN", "a transaction is open already") }
        try run("BEGIN ISOLATION LEVEL \(isolation.rawValue)")
        isInTransaction = true
        defer { isInTransaction = false }
        let value: Value
        do {
            value = try body(self)
        } catch {
            rollBack()
            throw error
        }
        try commit()
        return value
    }

    private func commit() throws(PostgresError) {
        let connection = try ready("COMMIT")
        // A connection that `body` lost and made again has no transaction to commit.
        guard PQtransactionStatus(connection) != PQTRANS_IDLE else {
            throw PostgresError(.connectionLost, operation: "COMMIT", message: "the transaction is gone")
        }
        guard PQsendQuery(connection, "COMMIT") == 1 else { throw lost("COMMIT") }
        var tag = ""
        while let result = try nextResult("COMMIT") {
            let committed = try checked(result, "COMMIT")
            tag = String(cString: PQcmdStatus(committed))
            PQclear(committed)
        }
        // A transaction with a failed statement in it "commits" with the tag ROLLBACK.
        guard tag == "COMMIT" else {
            throw PostgresError(
                .refused, operation: "COMMIT", message: "rolled back, because a statement failed", sqlState: "25P02")
        }
    }

    /// The error that led here matters more than one of the rollback, after which the connection is closed.
    private func rollBack() {
        guard isConnected else { return }
        do throws(PostgresError) {
            try run("ROLLBACK")
        } catch {
            close()
        }
    }
}

/// A lock that PostgreSQL keeps by number. Sessions hold it until they release it or end.
public struct PostgresLockKey: Sendable, Hashable {
    public let number: Int64

    public init(number: Int64) {
        self.number = number
    }

    /// The number that stands for a name: the first 64 bits of its SHA-256.
    public init(name: String) throws(CryptoError) {
        let bytes = try SHA256.digest(of: Array(name.utf8)).bytes
        number = Int64(bitPattern: bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }
}

extension PostgresConnection {
    /// - Returns: whether this session holds the lock now. A session may take it several times.
    public func tryLock(_ key: PostgresLockKey) throws(PostgresError) -> Bool {
        try query("SELECT pg_try_advisory_lock($1::bigint)", [.int64(key.number)]).only().get(0)
    }

    /// Waits for the lock as long as the statement timeout allows.
    public func lock(_ key: PostgresLockKey) throws(PostgresError) {
        try query("SELECT pg_advisory_lock($1::bigint)", [.int64(key.number)])
    }

    /// - Returns: whether this session held the lock.
    @discardableResult
    public func unlock(_ key: PostgresLockKey) throws(PostgresError) -> Bool {
        try query("SELECT pg_advisory_unlock($1::bigint)", [.int64(key.number)]).only().get(0)
    }
}
