import Messaging
import Records
import Testing
import TradingCore

/// Frames for whose records nobody waits leave some time between them. A sum of the tally is urgent, an alarm is not.
struct FrameIntervalTests {
    private static let interval: Int64 = 1_000

    private static func bench() throws -> Bench {
        try Bench(configure: { $0.frameMilliseconds[.matching] = interval })
    }

    /// Rings an alarm: a record that nobody waits for.
    private func ring(_ bench: Bench, _ gateway: inout TestWriter) {
        bench.feed(gateway.frame(TallyMachine.Kind.alarm, [bench.cluster.now]))
        bench.feed(gateway.fact(TallyMachine.Kind.tick, []))
    }

    @Test func `A record that nobody waits for goes once the interval is over`() throws {
        let bench = try Self.bench()
        var gateway = TestWriter()
        ring(bench, &gateway)
        #expect(bench.effects(0).count == 1)
        let sent = bench.now
        ring(bench, &gateway)
        ring(bench, &gateway)
        #expect(bench.effects(0).count == 1)
        bench.now = sent + Self.interval
        bench.settle()
        #expect(bench.effects(0).map(\.number) == [1, 2, 3])
        #expect(bench.cluster.frames(of: TopicPartition(.matching, 0)).count == 2)
    }

    @Test func `An urgent record goes at once and takes along what waits`() throws {
        let bench = try Self.bench()
        var gateway = TestWriter()
        bench.feed(gateway.frame(TallyMachine.Kind.add, [1]), gateway.frame(TallyMachine.Kind.add, [1]))
        ring(bench, &gateway)
        #expect(bench.effects(0).count == 1)
        bench.feed(gateway.frame(TallyMachine.Kind.add, [1]), gateway.frame(TallyMachine.Kind.add, [1]))
        #expect(
            bench.effects(0).map(\.type) == [
                TallyMachine.Effect.sum, TallyMachine.Effect.alarm, TallyMachine.Effect.sum,
            ])
        #expect(bench.effects(0).map(\.number) == [1, 2, 3])
    }

    @Test func `The thread sleeps until the frame that waits is due`() throws {
        let bench = try Self.bench()
        var gateway = TestWriter()
        ring(bench, &gateway)
        #expect(bench.host.sleepMilliseconds(now: bench.now) == TallyHost.idleMilliseconds)
        ring(bench, &gateway)
        let due = try #require(bench.processor.nextFrame)
        #expect(bench.host.sleepMilliseconds(now: due - 7) == 7)
        #expect(bench.host.sleepMilliseconds(now: due + 7) == 0)
    }

    @Test func `A checkpoint and a drain wait for no interval`() throws {
        let bench = try Self.bench()
        var gateway = TestWriter()
        ring(bench, &gateway)
        ring(bench, &gateway)
        bench.processor.drain()
        bench.settle()
        #expect(bench.processor.phase == .drained)
        #expect(bench.effects(0).count == 2)
        #expect(try #require(bench.checkpoints.newest).runtime.next == bench.cluster.end(of: Bench.inbox))
    }

    /// Rings so many alarms by one tick that they fill frames of `matching`.
    private func ringManyFrames(_ bench: Bench, _ gateway: inout TestWriter) {
        let alarm = TallyMachine.bytes([bench.cluster.now])
        for _ in 0..<4 {
            bench.feed(gateway.frame { Array(repeating: (TallyMachine.Kind.alarm, alarm), count: 3_000) })
        }
        bench.cluster.append(gateway.fact(TallyMachine.Kind.tick, []), to: Bench.inbox)
        bench.now += 1
        bench.host.turn(now: bench.now)
    }

    @Test func `A drain sends full frames, and then the rest`() throws {
        let bench = try Self.bench()
        var gateway = TestWriter()
        ring(bench, &gateway)
        ringManyFrames(bench, &gateway)
        bench.processor.drain()
        bench.settle()
        #expect(bench.processor.phase == .drained)
        #expect(bench.effects(0).map(\.number) == Array(1...12_001))
        #expect(bench.cluster.frames(of: TopicPartition(.matching, 0)).count > 3)
    }

    @Test func `An urgent record behind full frames waits for no interval`() throws {
        let bench = try Self.bench()
        var gateway = TestWriter()
        ring(bench, &gateway)
        ringManyFrames(bench, &gateway)
        bench.feed(gateway.frame(TallyMachine.Kind.add, [1]), gateway.frame(TallyMachine.Kind.add, [1]))
        #expect(bench.effects(0).last?.type == TallyMachine.Effect.sum)
        #expect(bench.effects(0).map(\.number) == Array(1...12_002))
    }
}
