import Foundation
import TestBasics

extension SplitMix64 {
    /// The seed is printed with the test's name; `TEST_SEED` gives it back.
    init(for test: String) {
        let given = ProcessInfo.processInfo.environment["TEST_SEED"].flatMap(UInt64.init)
        let seed = given ?? UInt64.random(in: 1...UInt64.max)
        print("\(test): TEST_SEED=\(seed)")
        self.init(seed: seed)
    }
}
