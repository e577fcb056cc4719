import Records
import TestBasics
import Testing
import TradingCore

@testable import MatchingEngineCore

/// The running input's event against the record that it stands for.
@Suite struct EngineEventTests {
    /// A number of any length: small ones are as likely as the widest.
    private func number(_ random: inout SplitMix64) -> Int64 {
        Int64(bitPattern: random.next() >> UInt64(random.below(64)))
    }

    private func small(_ random: inout SplitMix64) -> UInt32 { UInt32(truncatingIfNeeded: number(&random)) }

    private func text(_ random: inout SplitMix64) -> ASCIIText {
        ASCIIText(String(repeating: "x", count: Int(random.below(Int64(ASCIIText.capacity) + 1)))) ?? ASCIIText()
    }

    private func trade(_ random: inout SplitMix64) -> Trade {
        Trade(
            tradeId: TradeID(number(&random)), price: Price(number(&random)), quantity: Quantity(number(&random)),
            quoteAmount: Amount(number(&random)), makerOrderId: OrderID(number(&random)),
            makerAccount: AccountID(small(&random)), takerOrderId: OrderID(number(&random)),
            takerAccount: AccountID(small(&random)), takerSide: random.chance(50) ? .buy : .sell,
            makerFee: Amount(number(&random)), takerFee: Amount(number(&random)),
            executionId: ExecutionID(number(&random)), makerDone: random.chance(50), takerDone: random.chance(50))
    }

    private func event(_ random: inout SplitMix64, _ mostElements: Int64) -> EngineEvent {
        var head = Execution(
            instrument: InstrumentID(small(&random)), ledgerApplied: [UInt64(bitPattern: number(&random)), 7],
            ledgerWritten: [0, UInt64(bitPattern: number(&random))])
        if random.chance(70) { head.firstUpdateId = UpdateID(number(&random)) }
        if random.chance(50) {
            head.accepted = OrderAccepted(
                orderId: OrderID(number(&random)), account: AccountID(small(&random)), clientOrderId: text(&random),
                price: Price(number(&random)), ledgerPartition: small(&random))
        }
        let event = EngineEvent(head)
        for _ in 0..<random.below(mostElements + 1) { event.lists.pointee.trades.append(trade(&random)) }
        for _ in 0..<random.below(mostElements + 1) {
            event.lists.pointee.done.append(
                OrderDone(
                    orderId: OrderID(number(&random)), account: AccountID(small(&random)), reason: .canceled,
                    executionId: ExecutionID(number(&random)), executed: Quantity(number(&random)),
                    cancelClientOrderId: text(&random)))
        }
        for _ in 0..<random.below(mostElements + 1) {
            event.lists.pointee.levels.append(
                LevelChange(
                    side: random.chance(50) ? .buy : .sell, price: Price(number(&random)),
                    quantity: Quantity(number(&random))))
        }
        return event
    }

    @Test func `An event is encoded as its record is, its lists within their bound`() {
        var random = SplitMix64(seed: testSeed(27))
        var writer = RecordWriter()
        for _ in 0..<5_000 {
            let event = event(&random, random.chance(2) ? 200 : 3)
            writer.clear()
            event.encode(into: &writer)
            let record = event.execution
            #expect(writer.array == record.encoded)
            var head = record
            head.trades = []
            head.done = []
            head.levels = []
            head.firstUpdateId = UpdateID(0)
            #expect(writer.count - head.encodedSize <= event.listsBound)
        }
    }
}
