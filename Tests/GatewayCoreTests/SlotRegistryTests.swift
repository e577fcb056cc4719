import GatewayCore
import Messaging
import Storage
import Testing

/// The slots' table in a real database; the suite makes the schema anew for each test.
extension OperatorServiceTests {
    private func outcome(of registry: PostgresSlotRegistry, _ wake: LogWake) throws -> SlotOutcome {
        while true {
            if let outcome = registry.takeOutcome() { return outcome }
            wake.wait(milliseconds: 1_000)
            wake.drain()
        }
    }

    private func claim(
        _ registry: PostgresSlotRegistry, _ wake: LogWake, above own: UInt64?, _ milliseconds: UInt64
    ) throws -> SlotOutcome {
        registry.claim(slot: 3, above: own, milliseconds: milliseconds)
        return try outcome(of: registry, wake)
    }

    private func look(_ registry: PostgresSlotRegistry, _ wake: LogWake) throws -> SlotOutcome {
        registry.look(slot: 3)
        return try outcome(of: registry, wake)
    }

    @Test func `A process takes a slot at its start and never takes it back`() throws {
        let wake = try LogWake()
        let first = PostgresSlotRegistry(pool: pool, wake: wake)
        let second = PostgresSlotRegistry(pool: pool, wake: wake)
        #expect(try claim(first, wake, above: nil, 1_000) == .claimed(epoch: 1_000))
        #expect(try look(first, wake) == .seen(epoch: 0))
        #expect(try claim(second, wake, above: nil, 1_000) == .claimed(epoch: 1_001))
        #expect(try look(second, wake) == .seen(epoch: 0))
        #expect(try look(first, wake) == .seen(epoch: 1_001))
        #expect(try claim(first, wake, above: 1_000, 2_000) == .seen(epoch: 1_001))
        #expect(try claim(second, wake, above: 1_001, 1_002) == .claimed(epoch: 1_002))
    }

    @Test func `A claim that was made though its outcome was lost is the process's own`() throws {
        let wake = try LogWake()
        let registry = PostgresSlotRegistry(pool: pool, wake: wake)
        #expect(try claim(registry, wake, above: nil, 10) == .claimed(epoch: 10))
        #expect(try claim(registry, wake, above: 10, 20) == .claimed(epoch: 20))
        #expect(try claim(registry, wake, above: 10, 20) == .claimed(epoch: 21))
    }
}
