import Messaging
import Records
import Testing
import TradingCore

/// Rule 11: what cannot be read is set aside, refused, or stops the reader.
struct PoisonTests {
    private let quarantine = TopicPartition(.quarantine, UInt16(0))

    private func quarantined(_ bench: Bench) throws -> [QuarantinedRecord] {
        try bench.records(of: quarantine).map { _, payload in try QuarantinedRecord(decoding: payload) }
    }

    @Test func `A gateway's unreadable record is set aside, refused, and counts as applied`() throws {
        let bench = try Bench()
        var gateway = TestWriter()
        bench.feed(gateway.frame(TallyMachine.Kind.add, [1]))
        bench.feed(gateway.frame(TallyMachine.Kind.add, bytes: [1, 2, 3]))
        bench.feed(gateway.frame(TallyMachine.Kind.add, [4]))
        #expect(bench.total == 5)
        #expect(bench.processor.metrics.quarantined == 1)
        let record = try #require(try quarantined(bench).first)
        #expect(record.topic == "ledger" && record.offset == 1 && record.index == 0)
        #expect(record.bytes == [1, 2, 3])
        let refusal = try #require(bench.effects(1).first { $0.type == TallyMachine.Effect.unreadable })
        #expect(refusal.value == 2)
        #expect(refusal.header.origin.number == 2)
    }

    @Test func `A processor's unreadable record stops its reader`() throws {
        let bench = try Bench()
        var engine = TestWriter(.matchingEngine, 2)
        bench.feed(engine.frame(TallyMachine.Kind.add, bytes: [1, 2, 3]))
        #expect(bench.processor.failure?.kind == .unreadableRecord)
        #expect(bench.processor.failure?.reason.contains("matchingEngine/2 number 1") == true)
    }

    @Test func `A processor's record that cannot be kept is set aside, refused, and counts as applied`() throws {
        let bench = try Bench()
        var orders = TestWriter(.orderService, 0)
        bench.feed(
            orders.frame { [(TallyMachine.Kind.poison, [9]), (TallyMachine.Kind.add, TallyMachine.bytes([5]))] })
        #expect(bench.processor.failure == nil)
        #expect(bench.total == 5)
        #expect(try quarantined(bench).map(\.bytes) == [[9]])
        #expect(bench.effects(0).map(\.type) == [TallyMachine.Effect.unreadable])
    }

    @Test func `A record that cannot follow stops its reader`() throws {
        let bench = try Bench()
        var engine = TestWriter(.matchingEngine, 0)
        bench.feed(engine.frame { [(TallyMachine.Kind.add, TallyMachine.bytes([1])), (TallyMachine.Kind.broken, [])] })
        let failure = try #require(bench.processor.failure)
        #expect(failure.kind == .brokenInvariant)
        #expect(failure.offset == 0 && failure.index == 1)
    }

    @Test func `A record without a readable envelope is set aside and belongs to no sequence`() throws {
        let bench = try Bench()
        var gateway = TestWriter()
        let good = gateway.frame(TallyMachine.Kind.add, [1])
        // An envelope of two bytes: a field that ends too early.
        bench.feed([10, 2, 25, 1] + good)
        #expect(bench.total == 1)
        let record = try #require(try quarantined(bench).first)
        #expect(record.bytes == [25, 1])
        #expect(bench.processor.metrics.quarantined == 1)
    }

    @Test func `A frame that is no frame is set aside whole`() throws {
        let bench = try Bench()
        var gateway = TestWriter()
        let clock = bench.processor.metrics.clock
        bench.feed([255, 255, 255])
        #expect(try quarantined(bench).first?.bytes == [255, 255, 255])
        #expect(bench.processor.metrics.clock == clock)
        bench.feed(gateway.frame(TallyMachine.Kind.add, [1]))
        #expect(bench.total == 1)
    }

    @Test func `A writer of no known kind is set aside`() throws {
        let bench = try Bench()
        var stranger = TestWriter()
        stranger.writer = Writer(rawValue: 0x0009_0000)
        bench.feed(stranger.frame(TallyMachine.Kind.add, [1]))
        #expect(bench.total == 0)
        #expect(try quarantined(bench).count == 1)
    }

    @Test func `What is reported about a record comes with its trace`() throws {
        let bench = try Bench()
        var gateway = TestWriter()
        var engine = TestWriter(.matchingEngine, 0)
        let traces = (1...4).map { TraceContext(traceIDHigh: 1, traceIDLow: $0, parentSpanID: 1, flags: 0) }
        gateway.trace = traces[0]
        bench.feed(gateway.frame(TallyMachine.Kind.add, bytes: [1]))
        _ = engine.frame(TallyMachine.Kind.add, [1])
        engine.trace = traces[1]
        bench.feed(engine.frame(TallyMachine.Kind.add, [1]))
        gateway.hash += 1
        gateway.trace = traces[2]
        bench.feed(gateway.frame(TallyMachine.Kind.add, [1]))
        var orders = TestWriter(.orderService, 0)
        orders.trace = traces[3]
        bench.feed(orders.frame(TallyMachine.Kind.broken, []))
        #expect(bench.reports.map { $0.prefix(9) } == ["set aside", "matchingE", "epoch 1 o", "stopped: "])
        #expect(bench.reportedTraces == traces)
        #expect(bench.processor.failure?.trace == traces[3])
    }

    @Test func `Whoever looks sees each record that was applied, once`() throws {
        let bench = try Bench()
        var seen: [(UInt64, Int64, Int, TraceContext?)] = []
        bench.processor.observeRecord = { seen.append(($0.number, $1, $2, $0.traceContext)) }
        var gateway = TestWriter()
        gateway.trace = TraceContext(traceIDHigh: 1, traceIDLow: 2, parentSpanID: 3, flags: 1)
        let pair = gateway.frame {
            [(TallyMachine.Kind.add, TallyMachine.bytes([1])), (TallyMachine.Kind.add, TallyMachine.bytes([2]))]
        }
        bench.feed(pair, pair, gateway.fact(TallyMachine.Kind.tick, []))
        #expect(seen.map(\.0) == [1, 2])
        #expect(seen.map(\.1) == [0, 0])
        #expect(seen.map(\.2) == [0, 1])
        #expect(seen.allSatisfy { $0.3 == gateway.trace })
    }

    @Test func `Replicas set the same records aside under the same numbers`() throws {
        let cluster = InMemoryCluster()
        let (first, second) = (try Bench(cluster), try Bench(cluster))
        var gateway = TestWriter()
        cluster.append(gateway.frame(TallyMachine.Kind.add, bytes: [1]), to: Bench.inbox)
        first.settle()
        second.settle()
        let records = first.records(of: quarantine)
        #expect(records.count == 2)
        #expect(records.map(\.0.hash) == [records[0].0.hash, records[0].0.hash])
        #expect(first.processor.fingerprint == second.processor.fingerprint)
    }
}
