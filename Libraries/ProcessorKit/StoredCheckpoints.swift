import Messaging
import Storage

/// A processor's checkpoints in a store of plain bytes, such as files in a folder.
public struct StoredCheckpoints: Messaging.CheckpointStore {
    private let store: any Storage.CheckpointStore

    public init(_ store: any Storage.CheckpointStore) { self.store = store }

    public func save(_ checkpoint: Checkpoint) throws(CheckpointStoreError) -> Bool {
        do throws(CheckpointError) {
            try store.save(checkpoint.encoded)
            return true
        } catch {
            throw CheckpointStoreError(error.description, isRetryable: error.isRetryable)
        }
    }

    public func load() throws(CheckpointStoreError) -> Checkpoint? {
        let stored: StoredCheckpoint?
        do throws(CheckpointError) {
            stored = try store.loadNewest()
        } catch {
            throw CheckpointStoreError(error.description, isRetryable: error.isRetryable)
        }
        guard let stored else { return nil }
        do {
            return try Checkpoint(decoding: stored.bytes)
        } catch {
            throw CheckpointStoreError("checkpoint \(stored.sequence): \(error)", isRetryable: false)
        }
    }
}
