import Synchronization

/// Signatures whose time window has not ended: a repeated one is refused. Any thread.
///
/// A repeated request has the same timestamp and window as the first, so both fall into the bucket of the second in which the window
/// ends: one bucket is looked into, and a whole bucket is forgotten at once.
public final class SeenSignatures: Sendable {
    /// Buckets by second; longer than the longest window and the clock skew that is allowed.
    static let buckets = 128
    /// Signatures remembered at most in one second; beyond it none is added, and the client ids alone guard.
    public static let maximumPerSecond = 200_000

    private struct Bucket {
        var second: Int64 = 0
        var seen: Set<UInt64> = []
    }

    private let state: Mutex<[Bucket]>

    public init() {
        state = Mutex([Bucket](repeating: Bucket(), count: SeenSignatures.buckets))
    }

    /// Remembers a signature.
    ///
    /// - Parameters:
    ///   - signature: 64 bits of it.
    ///   - deadline: when its window ends, milliseconds.
    /// - Returns: false when it was seen before.
    public func insert(_ signature: UInt64, deadline: Int64) -> Bool {
        let second = deadline / 1_000
        let index = Int(truncatingIfNeeded: UInt64(bitPattern: second) % UInt64(SeenSignatures.buckets))
        return state.withLock { buckets in
            if buckets[index].second != second {
                // Its window ended at least two minutes ago.
                buckets[index].second = second
                buckets[index].seen.removeAll(keepingCapacity: buckets[index].seen.count < 4_096)
            }
            guard buckets[index].seen.count < SeenSignatures.maximumPerSecond else {
                return !buckets[index].seen.contains(signature)
            }
            return buckets[index].seen.insert(signature).inserted
        }
    }
}
