import LedgerServiceCore
import Messaging
import Records
import Storage
import TradingCore

/// The ledger's checkpoints, which are its books in PostgreSQL: one transaction adds the journal, brings the state's rows up
/// to date and moves the partition's position. Used by one thread, the checkpoint thread.
///
/// One replica of a partition writes, by an advisory lock. A replica without the lock keeps its changes until it sees that the
/// other's position has passed them, so it can go on from any position of the other: rows hold absolute values, and of the
/// journal it adds what is not there.
public final class LedgerBooks: Messaging.CheckpointStore, @unchecked Sendable {
    // The runtime hands the store to its checkpoint thread, which alone calls it.
    let connection: PostgresConnection
    let partition: Int
    private var holdsLock = false
    /// The position from which the next changes count.
    private var base: Int64 = 0

    public init(_ configuration: PostgresConfiguration, partition: Int) {
        connection = PostgresConnection(configuration)
        self.partition = partition
    }

    public func save(_ checkpoint: Checkpoint) throws(CheckpointStoreError) -> Bool {
        let changes: LedgerChanges
        do throws(StateError) {
            var reader = StateReader(checkpoint.state)
            changes = try LedgerChanges(decoding: &reader)
        } catch {
            throw CheckpointStoreError("changes of ledger-\(partition): \(error)", isRetryable: false)
        }
        let target = checkpoint.runtime.next
        let isStored = try attempt { () throws in
            guard try self.takeLock() else {
                guard try self.storedPosition() ?? 0 >= target else {
                    throw CheckpointStoreError("another replica writes the books", isRetryable: true)
                }
                return true
            }
            return try self.connection.withTransaction { _ in try self.write(changes, checkpoint.runtime) }
        }
        if isStored { base = target }
        return isStored
    }

    public func load() throws(CheckpointStoreError) -> Checkpoint? {
        let checkpoint = try attempt { () throws in
            try self.connection.withTransaction(isolation: .repeatableRead) { _ in try self.read() }
        }
        base = checkpoint?.runtime.next ?? 0
        return checkpoint
    }

    // MARK: One step

    /// - Returns: false when the stored position is not one that these changes can follow: it must be loaded.
    private func write(_ changes: LedgerChanges, _ runtime: RuntimeState) throws -> Bool {
        let row = try connection.query(
            "SELECT next_offset, journal_sequence FROM ledger.checkpoints WHERE partition = $1 FOR UPDATE",
            [.int64(Int64(partition))]
        ).first
        let stored: Int64 = try row?.get(0) ?? 0
        let journaled: Int64 = try row?.get(1) ?? 0
        if stored >= runtime.next { return true }
        guard stored >= base else { return false }
        try write(changes.journal, after: UInt64(bitPattern: journaled))
        try write(changes.rows)
        try writePosition(changes.rows.counters, runtime)
        return true
    }

    private func takeLock() throws -> Bool {
        if holdsLock { return true }
        holdsLock = try connection.tryLock(PostgresLockKey(name: "books of ledger-\(partition)"))
        return holdsLock
    }

    private func storedPosition() throws -> Int64? {
        try connection.query(
            "SELECT next_offset FROM ledger.checkpoints WHERE partition = $1", [.int64(Int64(partition))]
        ).first?.get(0)
    }

    /// Runs `work` on a connection; one that was lost took the lock with it.
    private func attempt<Value>(_ work: () throws -> Value) throws(CheckpointStoreError) -> Value {
        do {
            if !connection.isConnected {
                holdsLock = false
                try connection.connect()
            }
            return try work()
        } catch let error as CheckpointStoreError {
            throw error
        } catch let error as PostgresError {
            throw CheckpointStoreError(error.description, isRetryable: error.isRetryable)
        } catch {
            throw CheckpointStoreError("books of ledger-\(partition): \(error)", isRetryable: false)
        }
    }
}
