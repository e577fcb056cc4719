import TestBasics
import Testing

@testable import Network

@Suite struct TimerTests {
    @Test func `The wheel fires like a sorted list, whatever is set and cancelled`() {
        var random = SplitMix64(seed: seed())
        for _ in 0..<50 {
            var now = random.next() % 1_000_000
            var wheel = TimerWheel(now: now)
            var fired: [Int] = []
            var expected: [(deadline: UInt64, name: Int, timer: Timer)] = []
            for name in 0..<400 {
                let spread: UInt64 =
                    [2, 70, 5_000, 300_000, 20_000_000, 2_000_000_000].randomElement(using: &random) ?? 2
                let deadline = now + random.next() % spread
                let timer = wheel.set(deadline: deadline) { fired.append(name) }
                expected.append((deadline, name, timer))
                if random.next() % 4 == 0, let index = expected.indices.randomElement(using: &random) {
                    let timer = expected[index].timer
                    let cancelled = (wheel.cancel(timer), wheel.cancel(timer))
                    #expect(cancelled == (true, false))
                    expected.remove(at: index)
                }
                if random.next() % 8 == 0 {
                    now += random.next() % spread
                    fireAll(&wheel, now)
                    let due = expected.filter { $0.deadline <= now }
                    #expect(Set(fired) == Set(due.map(\.name)))
                    #expect(fired.count == due.count)
                    expected.removeAll { $0.deadline <= now }
                    fired = []
                }
                #expect(wheel.count == expected.count)
                if let first = expected.map(\.deadline).min() {
                    #expect(wheel.nextEvent().map { $0 <= max(first, now) } == true)
                } else {
                    #expect(wheel.nextEvent() == nil)
                }
            }
        }
    }

    @Test func `Timers due at different times fire in their order`() {
        var wheel = TimerWheel(now: 0)
        var fired: [UInt64] = []
        for deadline: UInt64 in [5_000, 3, 64, 4_096, 63, 65, 1_000_000] {
            _ = wheel.set(deadline: deadline) { fired.append(deadline) }
        }
        fireAll(&wheel, 2_000_000)
        #expect(fired == [3, 63, 64, 65, 4_096, 5_000, 1_000_000])
    }

    @Test func `A timer may set and cancel others that are due in the same turn`() throws {
        let loop = try EventLoop()
        var log: [String] = []
        var other: Timer?
        loop.schedule(afterMilliseconds: 1) {
            log.append("first")
            if let other { loop.cancel(other) }
            loop.schedule(afterMilliseconds: 1) { log.append("third") }
        }
        other = loop.schedule(afterMilliseconds: 2) { log.append("cancelled") }
        loop.run { log.count == 2 }
        #expect(log == ["first", "third"])
    }

    @Test func `A repeating timer goes on`() throws {
        let loop = try EventLoop()
        var count = 0
        loop.scheduleRepeating(everyMilliseconds: 1) { count += 1 }
        loop.run { count >= 5 }
    }

    private func fireAll(_ wheel: inout TimerWheel, _ now: UInt64) {
        while let action = wheel.popDue(now: now) { action() }
    }
}
