import Messaging
import Records
import Testing
import TradingCore

/// Rules 1, 2 and 4: numbers, copies, holes, epochs, hashes, facts.
struct SequenceTests {
    @Test func `Records are applied in order and their effects are numbered from one`() throws {
        let bench = try Bench()
        var gateway = TestWriter()
        bench.feed(gateway.frame(TallyMachine.Kind.add, [5]), gateway.frame(TallyMachine.Kind.add, [7]))
        #expect(bench.total == 12)
        let first = try #require(bench.effects(1).first)
        #expect(first.header.writer == Writer(.ledgerService, 0))
        #expect(first.header.number == 1)
        #expect(first.header.causeWriter == gateway.writer)
        #expect(first.header.causeNumber == 1)
        let origin = Origin(writer: gateway.writer, epoch: 1, number: 1, log: Origin.log(.ledger, 0))
        #expect(first.header.origin == origin)
        #expect(first.header.hash == XXH64.hash(TallyMachine.bytes([5]), seed: 0))
        #expect(bench.effects(0).map(\.value) == [12])
    }

    @Test func `All records of a frame are applied, each once`() throws {
        let bench = try Bench()
        var gateway = TestWriter()
        bench.feed(gateway.frame { (1...10).map { (TallyMachine.Kind.add, TallyMachine.bytes([$0])) } })
        #expect(bench.total == 55)
        #expect(bench.processor.metrics.recordsIn == 10)
        #expect(bench.processor.metrics.framesIn == 1)
    }

    @Test func `A copy changes nothing, not even the clock`() throws {
        let bench = try Bench()
        var gateway = TestWriter()
        let frame = gateway.frame(TallyMachine.Kind.add, [5])
        bench.feed(frame)
        let clock = bench.processor.metrics.clock
        bench.cluster.now += 1_000
        bench.feed(frame)
        #expect(bench.total == 5)
        #expect(bench.processor.metrics.clock == clock)
        #expect(bench.processor.metrics.duplicates == 1)
        #expect(bench.effects(1).count == 1)
    }

    @Test func `A hole drops what follows until the missing record comes`() throws {
        let bench = try Bench()
        var gateway = TestWriter()
        let frames = [1, 2, 4].map { gateway.frame(TallyMachine.Kind.add, [$0]) }
        bench.feed(frames[0], frames[2])
        #expect(bench.total == 1)
        #expect(bench.processor.metrics.holes == 1)
        #expect(bench.reports.contains { $0.contains("2 is missing") })
        bench.feed(frames[1], frames[2])
        #expect(bench.total == 7)
    }

    @Test func `A reader does not begin in the middle of a writer's numbers`() throws {
        let bench = try Bench()
        var gateway = TestWriter()
        _ = gateway.frame(TallyMachine.Kind.add, [1])
        bench.feed(gateway.frame(TallyMachine.Kind.add, [2]))
        #expect(bench.total == 0)
        var second = TestWriter(.gateway, 0, epoch: 5)
        _ = second.frame(TallyMachine.Kind.add, [1])
        bench.feed(second.frame(TallyMachine.Kind.add, [2]))
        #expect(bench.total == 0)
        #expect(bench.processor.metrics.holes == 2)
    }

    @Test func `A slot taken over ends the epoch before`() throws {
        let bench = try Bench()
        var old = TestWriter(.gateway, 0, epoch: 10)
        bench.feed(old.frame(TallyMachine.Kind.add, [1]), old.frame(TallyMachine.Kind.add, [2]))
        var new = TestWriter(.gateway, 0, epoch: 11)
        bench.feed(new.frame(TallyMachine.Kind.add, [10]))
        bench.feed(old.frame(TallyMachine.Kind.add, [4]))
        bench.feed(new.frame(TallyMachine.Kind.add, [20]))
        #expect(bench.total == 33)
        #expect(bench.processor.metrics.stale == 1)
    }

    @Test func `Slots are numbered apart from one another`() throws {
        let bench = try Bench()
        var first = TestWriter(.gateway, 0, epoch: 10)
        var second = TestWriter(.gateway, 1, epoch: 3)
        bench.feed(first.frame(TallyMachine.Kind.add, [1]), second.frame(TallyMachine.Kind.add, [2]))
        bench.feed(first.frame(TallyMachine.Kind.add, [4]), second.frame(TallyMachine.Kind.add, [8]))
        #expect(bench.total == 15)
    }

    @Test func `A processor whose hash does not follow stops its reader`() throws {
        let bench = try Bench()
        var engine = TestWriter(.matchingEngine, 0)
        var replica = engine
        bench.feed(engine.frame(TallyMachine.Kind.add, [1]))
        _ = replica.frame(TallyMachine.Kind.add, [2])
        bench.feed(replica.frame(TallyMachine.Kind.add, [3]))
        #expect(bench.processor.failure?.kind == .diverged)
        #expect(bench.processor.failure?.offset == 1)
        #expect(bench.processor.phase == .stopped)
        #expect(bench.total == 1)
    }

    @Test func `An equal number with another hash is a divergence too`() throws {
        let bench = try Bench()
        var engine = TestWriter(.matchingEngine, 0)
        var replica = engine
        bench.feed(engine.frame(TallyMachine.Kind.add, [1]), replica.frame(TallyMachine.Kind.add, [2]))
        #expect(bench.processor.failure?.kind == .diverged)
    }

    @Test func `A replica that stays behind is found by the copies that it writes`() throws {
        let bench = try Bench()
        var ahead = TestWriter(.matchingEngine, 0)
        var behind = ahead
        bench.feed(ahead.frame(TallyMachine.Kind.add, [1]))
        _ = behind.frame(TallyMachine.Kind.add, [1])
        for _ in 0..<2 { bench.feed(ahead.frame(TallyMachine.Kind.add, [2])) }
        #expect(bench.processor.phase == .running)
        bench.feed(ahead.frame(TallyMachine.Kind.add, [3]), behind.frame(TallyMachine.Kind.add, [3]))
        #expect(bench.processor.failure?.kind == .diverged)
        #expect(bench.processor.failure?.offset == 4)
    }

    @Test func `An earlier number of a gateway is a copy whatever its hash`() throws {
        let bench = try Bench()
        var gateway = TestWriter()
        var other = gateway
        for amount: Int64 in 1...3 { bench.feed(gateway.frame(TallyMachine.Kind.add, [amount])) }
        bench.feed(other.frame(TallyMachine.Kind.add, [9]), gateway.frame(TallyMachine.Kind.add, [4]))
        #expect(bench.total == 10)
        #expect(bench.processor.metrics.duplicates == 1)
        #expect(bench.processor.metrics.closedEpochs == 0)
    }

    @Test func `A gateway whose hash does not follow loses its epoch and begins another`() throws {
        let bench = try Bench()
        var gateway = TestWriter(.gateway, 0, epoch: 7)
        bench.feed(gateway.frame(TallyMachine.Kind.add, [1]))
        gateway.hash &+= 1
        bench.feed(gateway.frame(TallyMachine.Kind.add, [2]), gateway.frame(TallyMachine.Kind.add, [4]))
        #expect(bench.total == 1)
        #expect(bench.processor.phase == .running)
        #expect(bench.processor.metrics.closedEpochs == 1)
        var next = TestWriter(.gateway, 0, epoch: 8)
        bench.feed(next.frame(TallyMachine.Kind.add, [8]))
        #expect(bench.total == 9)
    }

    @Test func `A fact carries no number and an older one changes nothing`() throws {
        let bench = try Bench()
        let owner = TestWriter(.ledgerService, 0)
        bench.feed(owner.fact(TallyMachine.Kind.price, [50]), owner.fact(TallyMachine.Kind.price, [40]))
        #expect(bench.processor.machine?.price == 50)
        let clock = bench.processor.metrics.clock
        bench.cluster.now -= 60_000
        bench.feed(owner.fact(TallyMachine.Kind.tick, []))
        #expect(bench.processor.metrics.clock == clock)
        bench.cluster.now += 120_000
        bench.feed(owner.fact(TallyMachine.Kind.tick, []))
        #expect(bench.processor.metrics.clock == clock + 60_000)
        #expect(bench.processor.metrics.holes == 0)
    }
}
