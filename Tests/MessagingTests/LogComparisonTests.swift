import Messaging
import Records
import Testing
import TradingCore

/// Rule 8: the log is never less durable than what was made of it.
struct LogComparisonTests {
    /// A processor that has applied and checkpointed four records.
    private func seasoned() throws -> (Bench, TestWriter) {
        let bench = try Bench()
        var gateway = TestWriter()
        for amount: Int64 in [1, 2, 4, 8] { bench.feed(gateway.frame(TallyMachine.Kind.add, [amount])) }
        bench.checkpoint()
        #expect(bench.checkpoints.newest?.runtime.next == 4)
        return (bench, gateway)
    }

    private func restarted(_ bench: Bench) throws -> Processor<TallyMachine, InMemoryLog> {
        let again = try Bench(bench.cluster, checkpoints: bench.checkpoints)
        again.settle()
        return again.processor
    }

    @Test func `An unharmed log lets a processor start`() throws {
        let (bench, _) = try seasoned()
        let processor = try restarted(bench)
        #expect(processor.phase == .running)
        #expect(processor.isCaughtUp)
    }

    @Test func `Another cluster stops it`() throws {
        let (bench, _) = try seasoned()
        bench.cluster.id = "another"
        let failure = try #require(try restarted(bench).failure)
        #expect(failure.kind == .logMismatch)
        #expect(failure.reason.contains("another") && failure.reason.contains("memory"))
    }

    @Test func `A lost tail of the inbox stops it with both positions`() throws {
        let (bench, _) = try seasoned()
        bench.cluster.loseTail(of: Bench.inbox, from: 2)
        let failure = try #require(try restarted(bench).failure)
        #expect(failure.kind == .logMismatch)
        #expect(failure.reason.contains("4") && failure.reason.contains("2"))
    }

    @Test func `A lost tail that has grown again is found by the record before`() throws {
        let (bench, gateway) = try seasoned()
        bench.cluster.loseTail(of: Bench.inbox, from: 2)
        var other = gateway
        for amount: Int64 in [1, 1, 1] {
            bench.cluster.append(other.frame(TallyMachine.Kind.add, [amount]), to: Bench.inbox)
        }
        #expect(try restarted(bench).failure?.kind == .logMismatch)
    }

    @Test func `The same record appended later is not the one that was read`() throws {
        let (bench, _) = try seasoned()
        let frame = try #require(bench.cluster.frames(of: Bench.inbox).last)
        bench.cluster.loseTail(of: Bench.inbox, from: 3)
        bench.cluster.now += 1
        bench.cluster.append(frame.bytes, to: Bench.inbox)
        #expect(try restarted(bench).failure?.kind == .logMismatch)
    }

    @Test func `Retention that has passed the position stops it`() throws {
        let (bench, gateway) = try seasoned()
        var more = gateway
        for _ in 0..<3 { bench.cluster.append(more.frame(TallyMachine.Kind.add, [1]), to: Bench.inbox) }
        bench.cluster.retain(Bench.inbox, from: 5)
        let failure = try #require(try restarted(bench).failure)
        #expect(failure.reason.contains("retention"))
    }

    @Test func `Retention up to the position lets it start`() throws {
        let (bench, _) = try seasoned()
        bench.cluster.retain(Bench.inbox, from: 4)
        #expect(try restarted(bench).phase == .running)
    }

    @Test func `An acknowledged record that is gone stops it`() throws {
        let (bench, _) = try seasoned()
        bench.cluster.loseTail(of: TopicPartition(.matching, 1), from: 1)
        let failure = try #require(try restarted(bench).failure)
        #expect(failure.log == TopicPartition(.matching, 1))
        #expect(failure.reason.contains("acknowledged at offset 1"))
    }

    @Test func `An acknowledged record whose place another took stops it`() throws {
        let (bench, _) = try seasoned()
        bench.cluster.loseTail(of: TopicPartition(.matching, 1), from: 1)
        var stranger = TestWriter()
        bench.cluster.append(stranger.frame(1, [1]), to: TopicPartition(.matching, 1))
        #expect(try restarted(bench).failure?.kind == .logMismatch)
    }

    @Test func `Retention of a destination is no loss`() throws {
        let (bench, _) = try seasoned()
        bench.cluster.retain(TopicPartition(.matching, 1), from: 2)
        #expect(try restarted(bench).phase == .running)
    }

    @Test func `A running processor finds a lost tail when it looks again`() throws {
        let (bench, gateway) = try seasoned()
        bench.cluster.loseTail(of: Bench.inbox, from: 3)
        var other = gateway
        bench.cluster.append(other.frame(TallyMachine.Kind.add, [100]), to: Bench.inbox)
        bench.settle()
        #expect(bench.processor.phase == .running)
        bench.now += bench.processor.configuration.inspectionMilliseconds
        bench.settle()
        #expect(bench.processor.failure?.kind == .logMismatch)
    }

    @Test func `A disturbance holds checkpoints back until the log was compared`() throws {
        let (bench, gateway) = try seasoned()
        var more = gateway
        bench.cluster.isAway = true
        bench.settle()
        bench.cluster.loseTail(of: TopicPartition(.matching, 0), from: 1)
        bench.cluster.isAway = false
        bench.feed(more.frame(TallyMachine.Kind.add, [16]))
        bench.now += 1_000
        bench.settle()
        #expect(bench.checkpoints.newest?.runtime.next == 4)
        #expect(bench.processor.failure?.kind == .logMismatch)
    }

    /// Lets the processor hear of the broker, without a comparison or a record.
    private func disturb(_ bench: Bench, _ change: () -> Void = {}) {
        bench.cluster.isAway = true
        change()
        bench.cluster.isAway = false
        bench.host.turn(now: bench.now, frames: 0)
    }

    @Test func `A tail lost at a later disturbance is found though it was read over`() throws {
        let (bench, gateway) = try seasoned()
        var more = gateway
        disturb(bench)
        bench.feed(more.frame(TallyMachine.Kind.add, [16]))
        var other = gateway
        disturb(bench) {
            bench.cluster.loseTail(of: Bench.inbox, from: 4)
            bench.cluster.now += 1
            _ = bench.cluster.append(other.frame(TallyMachine.Kind.add, [32]), to: Bench.inbox)
        }
        bench.feed(more.frame(TallyMachine.Kind.add, [64]))
        #expect(bench.processor.phase == .running)
        #expect(bench.total == 15 + 16 + 64)
        bench.now += 1_000
        bench.settle()
        #expect(bench.processor.failure?.kind == .logMismatch)
    }

    @Test func `Retention may take what was read after a disturbance`() throws {
        let (bench, gateway) = try seasoned()
        var more = gateway
        disturb(bench)
        bench.feed(more.frame(TallyMachine.Kind.add, [16]))
        bench.feed(more.frame(TallyMachine.Kind.add, [32]))
        // Beyond where the processor stood when it was disturbed, and not beyond where it stands.
        bench.cluster.retain(Bench.inbox, from: bench.cluster.end(of: Bench.inbox))
        bench.now += 1_000
        bench.settle()
        #expect(bench.processor.phase == .running)
        #expect(bench.total == 15 + 16 + 32)
    }

    @Test func `A processor that is disturbed again and again goes on once the log was compared`() throws {
        let (bench, gateway) = try seasoned()
        var more = gateway
        for _ in 0..<40 {
            disturb(bench)
            bench.feed(more.frame(TallyMachine.Kind.add, [1]))
        }
        bench.now += 1_000
        bench.settle()
        #expect(bench.processor.phase == .running)
        #expect(bench.total == 15 + 40)
        #expect(bench.reports.contains { $0.contains("disturbed too often") })
    }

    @Test func `A position beyond the end stops a running processor`() throws {
        let (bench, _) = try seasoned()
        bench.cluster.loseTail(of: Bench.inbox, from: 1)
        bench.settle()
        #expect(bench.processor.failure?.kind == .logMismatch)
        #expect(bench.processor.failure?.reason.contains("the log ends at 1") == true)
    }
}
