import Foundation

/// SplitMix64 (Steele, Lea, Flood 2014): small, seeded, the same everywhere, so that a run follows from its seed.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// From 0 to before `bound`, which is positive.
    public mutating func below(_ bound: Int64) -> Int64 { Int64(next() % UInt64(bound)) }

    /// Whether something that happens `percent` times in a hundred happens now.
    public mutating func chance(_ percent: Int64) -> Bool { below(100) < percent }

    public mutating func pick<Element>(_ values: [Element]) -> Element { values[Int(below(Int64(values.count)))] }
}

/// The seed of a random test: `TEST_SEED` when it is set, so that a printed seed can be run again.
public func testSeed(_ fallback: UInt64) -> UInt64 {
    let seed = ProcessInfo.processInfo.environment["TEST_SEED"].flatMap(UInt64.init) ?? fallback
    print("seed \(seed); run it again with TEST_SEED=\(seed)")
    return seed
}
