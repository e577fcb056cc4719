import TestBasics

/// A history follows from its seed.
struct Randomness: RandomNumberGenerator {
    private var generator: SplitMix64

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    mutating func next() -> UInt64 { generator.next() }

    /// Whether something that happens `permille` times in a thousand happens now.
    mutating func happens(_ permille: Int) -> Bool { Int.random(in: 0..<1_000, using: &self) < permille }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
}
