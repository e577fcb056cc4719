/// A timer set on an event loop. A stale one (fired or cancelled) is harmless.
public struct Timer: Hashable, Sendable {
    let index: Int32
    let generation: UInt32
}

/// A hierarchical timing wheel with a resolution of one millisecond: set and cancel take a few nanoseconds, which a
/// server that sets a deadline per request needs (a timerfd costs a system call each time).
///
/// Five levels of 64 buckets; level `n` holds what is due in 64^n to 64^(n+1) milliseconds. When the clock reaches a
/// bucket of a higher level its timers move down. Later deadlines wait in the last level and go round again.
/// Source: Varghese and Lauck, "Hashed and Hierarchical Timing Wheels" (1987).
struct TimerWheel {
    typealias Action = () -> Void

    private struct Node {
        var deadline: UInt64 = 0
        var next: Int32 = -1
        var previous: Int32 = -1
        var bucket: Int32 = -1
        var generation: UInt32 = 0
        var action: Action?
    }

    private static let levels = 5
    private static let bits: UInt64 = 6
    private static let mask: UInt64 = 63
    private static let horizon: UInt64 = 1 << (bits * UInt64(levels)) - 1

    private var nodes: [Node] = []
    private var firstFree: Int32 = -1
    private var heads = [Int32](repeating: -1, count: levels * 64)
    private var occupied = [UInt64](repeating: 0, count: levels)
    /// All timers due up to and including this millisecond have fired.
    private(set) var current: UInt64
    private(set) var count = 0

    init(now: UInt64) { current = now }

    mutating func set(deadline: UInt64, action: @escaping Action) -> Timer {
        let index = allocate()
        nodes[Int(index)].deadline = deadline
        nodes[Int(index)].action = action
        link(index)
        count += 1
        return Timer(index: index, generation: nodes[Int(index)].generation)
    }

    /// - Returns: whether the timer was still to fire.
    @discardableResult
    mutating func cancel(_ timer: Timer) -> Bool {
        guard timer.index >= 0, Int(timer.index) < nodes.count,
            nodes[Int(timer.index)].generation == timer.generation, nodes[Int(timer.index)].bucket >= 0
        else { return false }
        unlink(timer.index)
        release(timer.index)
        return true
    }

    /// The millisecond at which the wheel has something to do next, nil when it is empty. It is never later than the
    /// first deadline; it may be earlier, when timers have to move down a level.
    func nextEvent() -> UInt64? {
        if heads[Int(current & Self.mask)] >= 0 { return current }
        var next: UInt64?
        for level in 0..<Self.levels where occupied[level] != 0 {
            let shift = Self.bits * UInt64(level)
            let position = current >> shift
            let rotation = (position + 1) & Self.mask
            let rotated = occupied[level] >> rotation | occupied[level] << ((64 - rotation) & Self.mask)
            let time = (position + 1 + UInt64(rotated.trailingZeroBitCount)) << shift
            next = min(next ?? time, time)
        }
        return next
    }

    /// Moves to the next event at or before `now` and returns the action of one due timer, nil when none is due.
    ///
    /// Timers fire one at a time, so that an action may set and cancel others, also ones due in the same millisecond.
    mutating func popDue(now: UInt64) -> Action? {
        while true {
            let head = heads[Int(current & Self.mask)]
            if head >= 0 {
                let action = nodes[Int(head)].action
                unlink(head)
                release(head)
                return action
            }
            guard let next = nextEvent(), next <= now else {
                current = max(current, now)
                return nil
            }
            current = next
            cascade()
        }
    }

    private mutating func cascade() {
        for level in stride(from: Self.levels - 1, to: 0, by: -1) {
            let shift = Self.bits * UInt64(level)
            guard current & (1 << shift - 1) == 0 else { continue }
            let bucket = level * 64 + Int(current >> shift & Self.mask)
            while heads[bucket] >= 0 {
                let index = heads[bucket]
                unlink(index)
                link(index)
            }
        }
    }

    private mutating func link(_ index: Int32) {
        // A timer that is due goes into the bucket of the current millisecond while the wheel stands there.
        let deadline = min(max(nodes[Int(index)].deadline, current), current + Self.horizon)
        let distance = deadline - current
        let level = distance < 64 ? 0 : (63 - distance.leadingZeroBitCount) / Int(Self.bits)
        let slot = Int(deadline >> (Self.bits * UInt64(level)) & Self.mask)
        let bucket = level * 64 + slot
        let head = heads[bucket]
        nodes[Int(index)].next = head
        nodes[Int(index)].previous = -1
        nodes[Int(index)].bucket = Int32(bucket)
        if head >= 0 { nodes[Int(head)].previous = index }
        heads[bucket] = index
        occupied[level] |= 1 << UInt64(slot)
    }

    private mutating func unlink(_ index: Int32) {
        let node = nodes[Int(index)]
        let bucket = Int(node.bucket)
        if node.previous >= 0 { nodes[Int(node.previous)].next = node.next } else { heads[bucket] = node.next }
        if node.next >= 0 { nodes[Int(node.next)].previous = node.previous }
        if heads[bucket] < 0 { occupied[bucket / 64] &= ~(1 << UInt64(bucket % 64)) }
        nodes[Int(index)].bucket = -1
    }

    private mutating func allocate() -> Int32 {
        guard firstFree >= 0 else {
            nodes.append(Node())
            return Int32(nodes.count - 1)
        }
        let index = firstFree
        firstFree = nodes[Int(index)].next
        return index
    }

    private mutating func release(_ index: Int32) {
        nodes[Int(index)].action = nil
        nodes[Int(index)].generation &+= 1
        nodes[Int(index)].next = firstFree
        firstFree = index
        count -= 1
    }
}
