import Records
import Testing
import TradingCore

@testable import LedgerServiceCore

/// The running input's event against the record that it stands for; `LEDGER_SEED` repeats a run.
@Suite struct EventTests {
    /// A number of any length: small ones are as likely as the widest.
    private func number(_ random: inout RandomInputs) -> UInt64 { random.next() >> UInt64(random.below(64)) }

    private func fill(_ event: inout LedgerEvent, _ random: inout RandomInputs, _ mostElements: Int) {
        event.clear()
        for _ in 0..<random.below(mostElements + 1) {
            event.balances.append(
                Balance(
                    account: AccountID(UInt32(truncatingIfNeeded: number(&random))),
                    asset: AssetID(UInt32(truncatingIfNeeded: number(&random))),
                    free: Amount(Int64(bitPattern: number(&random))),
                    locked: Amount(Int64(bitPattern: number(&random)))))
        }
        for _ in 0..<random.below(mostElements + 1) {
            event.forwards.append(
                Forward(
                    matchingPartition: UInt32(truncatingIfNeeded: number(&random)), number: number(&random)))
        }
        if random.chance(50) { event.orderID = OrderID(Int64(bitPattern: number(&random))) }
    }

    @Test func `An event is encoded as its record is, within its bound`() {
        print("LEDGER_SEED=\(TwinTests.seed)")
        var random = RandomInputs(seed: TwinTests.seed)
        var event = LedgerEvent()
        var writer = RecordWriter()
        for _ in 0..<5_000 {
            fill(&event, &random, random.chance(2) ? 300 : 4)
            writer.clear()
            event.encode(into: &writer)
            #expect(writer.array == event.accountEvent.encoded)
            #expect(writer.count <= event.listsBound)
        }
    }

    @Test func `The widest numbers fit into the bound`() {
        var event = LedgerEvent()
        for _ in 0..<3 {
            event.balances.append(
                Balance(
                    account: AccountID(.max), asset: AssetID(.max), free: Amount(.min), locked: Amount(.min)))
            event.forwards.append(Forward(matchingPartition: .max, number: .max))
        }
        event.orderID = OrderID(.min)
        var writer = RecordWriter()
        event.encode(into: &writer)
        #expect(writer.array == event.accountEvent.encoded)
        #expect(writer.count <= event.listsBound)
    }
}
