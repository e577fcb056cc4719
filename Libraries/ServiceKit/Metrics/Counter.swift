import Synchronization

/// A number that only grows. Any thread may add to it.
public final class Counter: Sendable {
    private let count = Atomic<UInt64>(0)

    init() {}

    public var value: UInt64 { count.load(ordering: .relaxed) }

    public func increment(by amount: UInt64 = 1) {
        count.wrappingAdd(amount, ordering: .relaxed)
    }
}

/// A number that goes up and down. Any thread may set it.
public final class Gauge: Sendable {
    // Gauges are seconds, ratios and counts for dashboards; no amount of money is one.
    private let bits = Atomic<UInt64>(Double(0).bitPattern)

    init() {}

    public var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    public func set(_ value: Double) {
        bits.store(value.bitPattern, ordering: .relaxed)
    }

    public func set(_ value: some BinaryInteger) {
        set(Double(value))
    }

    public func add(_ amount: Double) {
        var old = bits.load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + amount).bitPattern
            let (exchanged, current) = bits.compareExchange(expected: old, desired: new, ordering: .relaxed)
            if exchanged { return }
            old = current
        }
    }
}
