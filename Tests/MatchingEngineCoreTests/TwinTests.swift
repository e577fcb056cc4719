import Records
import TestBasics
import Testing
import TradingCore

@testable import MatchingEngineCore

@Suite struct TwinTests {
    /// An engine and its naive twin through the same inputs; now and then the engine goes on from its saved state.
    private func run(seed: UInt64, steps: Int) throws {
        var stream = CommandStream(seed: seed)
        let naive = NaiveEngine()
        var engine = MatchingCore(partition: 0)
        var inputs = stream.listings()
        for step in 0..<steps {
            let (record, context) = inputs.isEmpty ? stream.next() : inputs.removeFirst()
            var sink = CollectingSink()
            try engine.applyEncoded(record, context, to: &sink)
            let expected = naive.apply(record, context)
            guard sink == expected else {
                Issue.record("seed \(seed), step \(step): \(record) gave \(sink) instead of \(expected)")
                return
            }
            engine.checkInvariants()
            if step % 701 == 700 {
                let bytes = engine.encodedState
                var reader = StateReader(bytes)
                engine = try MatchingCore(decoding: &reader)
                #expect(reader.remaining == 0)
                #expect(engine.encodedState == bytes, "a state read and written again has other bytes, seed \(seed)")
                engine.checkInvariants()
            }
        }
        #expect(naive.markets.values.contains { $0.trades > 0 && $0.preventions > 0 })
    }

    @Test func `The engine does what its naive twin does, over every kind of input`() throws {
        let seed = testSeed(20_120_621)
        for offset in 0..<12 { try run(seed: seed &+ UInt64(offset), steps: 3_000) }
    }

    @Test func `Replicas write equal bytes whatever their slots hold`() throws {
        var stream = CommandStream(seed: testSeed(42))
        var first = MatchingCore(partition: 0)
        var inputs = stream.listings()
        for _ in 0..<2_000 { inputs.append(stream.next()) }
        for (record, context) in inputs.prefix(1_000) {
            var sink = CollectingSink()
            try first.apply(record, context, to: &sink)
        }
        var reader = StateReader(first.encodedState)
        var second = try MatchingCore(decoding: &reader)
        for (record, context) in inputs.dropFirst(1_000) {
            var firstSink = CollectingSink()
            var secondSink = CollectingSink()
            try first.apply(record, context, to: &firstSink)
            try second.applyEncoded(record, context, to: &secondSink)
            #expect(firstSink == secondSink)
        }
        #expect(first.encodedState == second.encodedState)
    }
}
