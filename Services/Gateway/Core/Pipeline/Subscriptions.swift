import Records
import TradingCore

/// Which loops want an account's events, by unit.
struct UserSubscriptions {
    private struct Key: Hashable {
        var account: AccountID
        var unit: TimeUnit
    }

    private var loops: [Key: UInt64] = [:]

    var isEmpty: Bool { loops.isEmpty }

    mutating func set(_ account: AccountID, _ unit: TimeUnit, _ loop: UInt16, _ isWanted: Bool) {
        LoopMask.set(&loops, Key(account: account, unit: unit), loop, isWanted)
    }

    func mask(_ account: AccountID, _ unit: TimeUnit) -> UInt64 { loops[Key(account: account, unit: unit)] ?? 0 }

    func has(_ account: AccountID) -> Bool {
        !loops.isEmpty && (mask(account, .milliseconds) | mask(account, .microseconds)) != 0
    }
}

/// Which loops want a public stream.
struct StreamSubscriptions {
    private var loops: [StreamKey: UInt64] = [:]
    /// How many streams of each market are wanted, so that a market nobody listens to costs nothing.
    private var byMarket: [InstrumentID: Int] = [:]

    mutating func set(_ key: StreamKey, _ loop: UInt16, _ isWanted: Bool) {
        let before = loops[key] != nil
        LoopMask.set(&loops, key, loop, isWanted)
        let after = loops[key] != nil
        if before != after { byMarket[key.market, default: 0] += after ? 1 : -1 }
    }

    func mask(_ key: StreamKey) -> UInt64 { loops[key] ?? 0 }

    func hasAny(_ market: InstrumentID) -> Bool { byMarket[market] ?? 0 > 0 }
}

/// Sets of at most 64 loops.
enum LoopMask {
    static func set<Key: Hashable>(_ masks: inout [Key: UInt64], _ key: Key, _ loop: UInt16, _ isWanted: Bool) {
        let bit = UInt64(1) << UInt64(loop & 63)
        if isWanted {
            masks[key, default: 0] |= bit
        } else if let mask = masks[key] {
            masks[key] = mask & ~bit == 0 ? nil : mask & ~bit
        }
    }

    static func forEach(_ mask: UInt64, _ body: (UInt16) -> Void) {
        var rest = mask
        while rest != 0 {
            body(UInt16(rest.trailingZeroBitCount))
            rest &= rest - 1
        }
    }
}

/// What happened to balances and waits until executions show what caused it, oldest first.
struct HeldEvents {
    /// Waiting at most; beyond it the oldest go out before their executions.
    static let maximum = 65_536

    struct Held {
        var event: AccountEvent
        var causeWriter: Writer
        var causeNumber: UInt64
        var time: Timestamp
    }

    private var events: [Held] = []
    private var start = 0

    var count: Int { events.count - start }
    var first: Held? { start < events.count ? events[start] : nil }

    mutating func append(_ event: Held) { events.append(event) }

    mutating func removeFirst() {
        start += 1
        if start == events.count {
            events.removeAll(keepingCapacity: true)
            start = 0
        } else if start > 1_024, start * 2 > events.count {
            events.removeFirst(start)
            start = 0
        }
    }
}
