import Foundation
import Records
import TestBasics
import Testing
import TradingCore

@Suite struct `A damaged message` {
    /// Messages with every kind of field, by type.
    private static let samples: [String: [UInt8]] = [
        "PlaceOrder": PlaceOrder(
            account: AccountID(7), instrument: InstrumentID(3), clientOrderId: "order-1", side: .sell, type: .limit,
            timeInForce: .fillOrKill, quantity: 100, price: 5, timestamp: Timestamp(1), strategyId: 1, test: true,
            stopPrice: 9
        ).encoded,
        "Execution": Execution(
            instrument: InstrumentID(3), ledgerApplied: [1, 2, 3], ledgerWritten: [4],
            accepted: OrderAccepted(orderId: OrderID(5), clientOrderId: "a"),
            trades: [Trade(tradeId: TradeID(1)), Trade(makerDone: true)], done: [OrderDone(orderId: OrderID(1))],
            levels: [LevelChange(side: .sell, price: Price(2)), LevelChange()], refusal: Refusal(filter: .notional),
            report: InstrumentReport(revision: 4, symbol: "BTCUSDT"), part: 200, moreParts: true
        ).encoded,
        "AccountEvent": AccountEvent(
            balances: [Balance(account: AccountID(1), free: Amount(-5)), Balance()], forwards: [Forward(number: 9)],
            marker: Marker(clientOrderId: "m"), deposit: DepositPosted(transactionId: "grüße"), testPassed: TestPassed()
        ).encoded,
        "Settlement": Settlement(
            fills: [SettleFill(), SettleFill(maker: true)], reductions: [OrderReduced(clientOrderId: "x")],
            ends: [OrderEnd(refused: true)]
        ).encoded,
        "Frame": Frame(envelopes: [
            Envelope(type: 1, writer: Writer(.gateway, 1), number: 2, payload: [1, 2, 3]),
            Envelope(hash: 5, traceContext: Array(0..<25)),
        ]).encoded,
        "AccountDefinition": AccountDefinition(
            openNotionalLimits: [OpenNotionalLimit(amount: Amount(1))], name: "A name"
        ).encoded,
    ]

    /// As many as `RECORDS_MUTATIONS` says.
    private static let count: Int = {
        if let count = Int(ProcessInfo.processInfo.environment["RECORDS_MUTATIONS"] ?? "") { return count }
        #if DEBUG
            return 50_000
        #else
            return 1_000_000
        #endif
    }()

    private static let seed =
        UInt64(ProcessInfo.processInfo.environment["RECORDS_SEED"] ?? "") ?? UInt64.random(in: 0...UInt64.max)

    @Test func `is read or refused, and what was read is the same when it is written and read again`() {
        print("seed \(Self.seed) (RECORDS_SEED)")
        var generator = SplitMix64(seed: Self.seed)
        let samples = Self.samples.sorted { $0.key < $1.key }
        let owners = samples.map { sample in recordTypes.firstIndex { $0.name == sample.key } ?? 0 }
        var readable = 0
        for _ in 0..<Self.count {
            let sample = generator.below(samples.count)
            let other = samples[generator.below(samples.count)].value
            let bytes = mutate(samples[sample].value, with: other, &generator)
            // Mostly as what it was, at times as a message that it never was.
            let type = recordTypes[
                generator.below(4) == 0 ? generator.below(recordTypes.count) : owners[sample]]
            do throws(RecordError) {
                let stable = try type.isStable(bytes)
                if !stable { Issue.record("\(type.name) \(bytes)") }
                // What a value was before leaves no trace in what is decoded into it.
                if let sample = Self.samples[type.name], try type.recodeOver(sample, bytes) != type.recode(bytes) {
                    Issue.record("\(type.name) \(bytes) over a kept value")
                }
                readable += 1
            } catch {}
        }
        #expect(readable > Self.count / 20)
    }

    @Test func `never makes a frame's reader read outside or go on for ever`() {
        print("seed \(Self.seed) (RECORDS_SEED)")
        var generator = SplitMix64(seed: Self.seed)
        let frame = Self.samples["Frame"] ?? []
        for _ in 0..<Self.count / 10 {
            let bytes = mutate(frame, with: frame, &generator)
            var reader = FrameReader()
            var items = 0
            while let item = reader.next(in: bytes.span.bytes) {
                items += 1
                switch item {
                case .record(let record):
                    if !(record.payload.lowerBound >= 0 && record.payload.upperBound <= bytes.count) {
                        Issue.record("\(bytes)")
                    }
                case .unreadable(let range, _):
                    if range.upperBound > bytes.count { Issue.record("\(bytes)") }
                }
                if items > bytes.count {
                    Issue.record("\(bytes)")
                    break
                }
            }
        }
    }
}
