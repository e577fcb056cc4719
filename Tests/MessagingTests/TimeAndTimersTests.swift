import Messaging
import Records
import Testing
import TradingCore

/// Rules 5, 6 and the owner's ticks.
struct TimeAndTimersTests {
    @Test func `The clock is the largest stamp and never goes back`() throws {
        let bench = try Bench()
        var gateway = TestWriter()
        let start = bench.cluster.now
        bench.feed(gateway.frame(TallyMachine.Kind.add, [1]))
        bench.cluster.now = start - 5_000
        bench.feed(gateway.frame(TallyMachine.Kind.add, [1]))
        #expect(bench.processor.machine?.clock == start)
        bench.cluster.now = start + 5_000
        bench.feed(gateway.frame(TallyMachine.Kind.add, [1]))
        #expect(bench.processor.machine?.clock == start + 5_000)
    }

    @Test func `What waited beyond its deadline is refused, not executed late`() throws {
        let bench = try Bench()
        var gateway = TestWriter()
        let deadline = bench.cluster.now + 100
        bench.feed(gateway.frame(TallyMachine.Kind.addBefore, [1, deadline]))
        bench.cluster.now = deadline
        bench.feed(gateway.frame(TallyMachine.Kind.addBefore, [2, deadline]))
        bench.cluster.now = deadline + 1
        bench.feed(gateway.frame(TallyMachine.Kind.addBefore, [4, deadline]))
        #expect(bench.total == 3)
        #expect(bench.effects(0).map(\.type) == [TallyMachine.Effect.sum, TallyMachine.Effect.refused])
    }

    @Test func `A timer fires before the record that moved the clock past it`() throws {
        let bench = try Bench()
        var gateway = TestWriter()
        let due = bench.cluster.now + 1_000
        bench.feed(gateway.frame(TallyMachine.Kind.alarm, [due]))
        bench.cluster.now = due - 1
        bench.feed(gateway.frame(TallyMachine.Kind.alarm, [due + 500_000]))
        #expect(bench.effects(0).isEmpty)
        bench.cluster.now = due
        bench.feed(gateway.frame(TallyMachine.Kind.add, [9]))
        #expect(bench.effects(0).map(\.type) == [TallyMachine.Effect.alarm])
        #expect(bench.effects(0).first?.header.origin == Origin.none)
        #expect(bench.effects(1).map(\.value) == [9])
    }

    @Test func `A copy moves no timer`() throws {
        let bench = try Bench()
        var gateway = TestWriter()
        let frame = gateway.frame(TallyMachine.Kind.alarm, [bench.cluster.now + 10])
        bench.feed(frame)
        bench.cluster.now += 60_000
        bench.feed(frame)
        #expect(bench.effects(0).isEmpty)
    }

    @Test func `The owner appends ticks to its inbox and log time goes on`() throws {
        let bench = try Bench(configure: { $0.tickMilliseconds = 500 })
        var gateway = TestWriter()
        let due = bench.cluster.now + 2_000
        bench.feed(gateway.frame(TallyMachine.Kind.alarm, [due]))
        for _ in 0..<4 {
            bench.now += 1_000
            bench.cluster.now += 1_000
            let before = bench.cluster.end(of: Bench.inbox)
            bench.settle()
            #expect(bench.cluster.end(of: Bench.inbox) > before)
        }
        #expect(bench.effects(0).map(\.type) == [TallyMachine.Effect.alarm])
        #expect(
            bench.records(of: Bench.inbox).filter { $0.0.type == TallyMachine.Kind.tick }.allSatisfy {
                $0.0.number == 0
            })
    }

    @Test func `A shard owns every partition exactly once`() throws {
        let shards = try (0..<3).map { try #require(Shard(index: $0, count: 3)) }
        for partition in 0..<20 { #expect(shards.filter { $0.owns(partition: partition) }.count == 1) }
        #expect(shards[1].partitions(of: 8) == [1, 4, 7])
        #expect(Shard(index: 3, count: 3) == nil)
        #expect(Shard(index: -1, count: 3) == nil)
    }
}
