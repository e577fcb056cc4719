import Messaging
import Storage
import TradingCore

/// Order-service's checkpoints: one row a partition in PostgreSQL. Used by the checkpoint thread only.
final class OrderCheckpoints: Messaging.CheckpointStore, @unchecked Sendable {
    // One thread, that of `BackgroundCheckpoints`, uses the connection; the type only crosses to it.
    private let connection: PostgresConnection
    private let partition: Int

    init(_ configuration: PostgresConfiguration, partition: Int) {
        connection = PostgresConnection(configuration)
        self.partition = partition
    }

    /// A replica that is ahead leaves its own row: it is the same state, further on.
    func save(_ checkpoint: Checkpoint) throws(CheckpointStoreError) -> Bool {
        try attempt { () throws(PostgresError) in
            try connection.query(
                """
                INSERT INTO orders.checkpoints (partition, next_offset, checkpoint) VALUES ($1, $2, $3)
                ON CONFLICT (partition) DO UPDATE
                SET next_offset = excluded.next_offset, checkpoint = excluded.checkpoint
                WHERE checkpoints.next_offset <= excluded.next_offset
                """,
                [.int64(Int64(partition)), .int64(checkpoint.runtime.next), .bytes(checkpoint.encoded)])
            return true
        }
    }

    func load() throws(CheckpointStoreError) -> Checkpoint? {
        let bytes: [UInt8]? = try attempt { () throws(PostgresError) in
            try connection.query(
                "SELECT checkpoint FROM orders.checkpoints WHERE partition = $1", [.int64(Int64(partition))]
            ).first?.get(0)
        }
        guard let bytes else { return nil }
        do throws(StateError) {
            return try Checkpoint(decoding: bytes)
        } catch {
            throw CheckpointStoreError("checkpoint of orders-\(partition): \(error)", isRetryable: false)
        }
    }

    private func attempt<Value>(_ work: () throws(PostgresError) -> Value) throws(CheckpointStoreError) -> Value {
        do throws(PostgresError) {
            if !connection.isConnected { try connection.connect() }
            return try work()
        } catch {
            throw CheckpointStoreError(error.description, isRetryable: error.isRetryable)
        }
    }
}
