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
    /// Tells this process's claims from those of others.
    private let claimant: Int64

    public init(pool: PostgresPool, wake: LogWake) {
        self.pool = pool
        self.wake = wake
        claimant = .random(in: .min ... .max)
    }

    public func claim(slot: Int, above own: UInt64?, milliseconds: UInt64) {
        let claimant = claimant
        ask { connection in
            let claimed: Int64? = try connection.query(
                """
                INSERT INTO reference.gateway_slots (slot, epoch, claimant) VALUES ($1, $2, $3)
                ON CONFLICT (slot) DO UPDATE
                    SET epoch = GREATEST(gateway_slots.epoch + 1, excluded.epoch), claimant = excluded.claimant,
                        claimed_at = now()
                    WHERE gateway_slots.epoch <= $4 OR gateway_slots.claimant = excluded.claimant
                RETURNING epoch
                """,
                [
                    .int64(Int64(slot)), .int64(Int64(clamping: milliseconds)), .int64(claimant),
                    .int64(own.map { Int64(clamping: $0) } ?? .max),
                ]
            ).first?.get(0)
            guard let claimed else { return try Self.look(slot, claimant, connection) }
            return .claimed(epoch: UInt64(max(0, claimed)))
        }
    }

    public func look(slot: Int) {
        let claimant = claimant
        ask { connection in try Self.look(slot, claimant, connection) }
    }

    private static func look(
        _ slot: Int, _ claimant: Int64, _ connection: PostgresConnection
    ) throws -> SlotOutcome {
        let epoch: Int64? = try connection.query(
            "SELECT epoch FROM reference.gateway_slots WHERE slot = $1 AND claimant IS DISTINCT FROM $2",
            [.int64(Int64(slot)), .int64(claimant)]
        ).first?.get(0)
        return .seen(epoch: UInt64(max(0, epoch ?? 0)))
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
