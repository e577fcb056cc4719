import Messaging
import Storage
import Synchronization

/// The slots' epochs in PostgreSQL. The database is asked on a thread of its pool; the log's wake-up tells that an outcome is there.
public final class PostgresSlotRegistry: SlotRegistry {
    private final class Outcomes: Sendable {
        let waiting = Mutex<[SlotOutcome]>([])
    }

    private let pool: PostgresPool
    private let wake: LogWake
    private let outcomes = Outcomes()

    public init(pool: PostgresPool, wake: LogWake) {
        self.pool = pool
        self.wake = wake
    }

    public func claim(slot: Int, milliseconds: UInt64) {
        ask { connection in
            let epoch: Int64 = try connection.query(
                """
                INSERT INTO reference.gateway_slots (slot, epoch) VALUES ($1, $2)
                ON CONFLICT (slot) DO UPDATE
                    SET epoch = GREATEST(gateway_slots.epoch + 1, excluded.epoch), claimed_at = now()
                RETURNING epoch
                """, [.int64(Int64(slot)), .int64(Int64(clamping: milliseconds))]
            ).only().get(0)
            return .claimed(epoch: UInt64(max(0, epoch)))
        }
    }

    public func look(slot: Int) {
        ask { connection in
            let epoch: Int64? = try connection.query(
                "SELECT epoch FROM reference.gateway_slots WHERE slot = $1", [.int64(Int64(slot))]
            ).first?.get(0)
            return .seen(epoch: UInt64(max(0, epoch ?? 0)))
        }
    }

    public func takeOutcome() -> SlotOutcome? {
        outcomes.waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }

    private func ask(_ question: @escaping @Sendable (PostgresConnection) throws -> SlotOutcome) {
        let outcomes = outcomes
        let wake = wake
        pool.submit(question) { result in
            let outcome: SlotOutcome
            switch result {
            case .success(let answer): outcome = answer
            case .failure(let error): outcome = .unavailable("\(error)")
            }
            outcomes.waiting.withLock { $0.append(outcome) }
            wake.signal()
        }
    }
}
