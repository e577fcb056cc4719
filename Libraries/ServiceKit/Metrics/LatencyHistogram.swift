import Synchronization

/// Counts durations in buckets of constant relative width, in the layout of HdrHistogram (http://hdrhistogram.org).
///
/// Values below 256 ns have a bucket each; above, every power of two is cut into 128 buckets, so a value is known to
/// within 0.8%. Recording is wait-free, a load and two stores, for **one** writer thread; any thread reads.
public final class LatencyHistogram: Sendable {
    static let subBucketBits = 8
    static let subBucketCount = 1 << subBucketBits
    static let subBucketHalf = subBucketCount / 2
    /// Longer durations count as this one: 2^40 ns, about 18 minutes.
    public static let maximumNanoseconds: UInt64 = 1 << 40 - 1
    static let bucketCount = index(of: maximumNanoseconds) + 1

    private let counts: Buckets
    private let sumNanoseconds = Atomic<UInt64>(0)

    public init() {
        counts = Buckets(count: Self.bucketCount)
    }

    /// Counts one duration. Only ever called by one thread.
    ///
    /// - Parameter nanoseconds: below zero (a clock stepped back) counts as zero.
    public func record(nanoseconds: Int64) {
        let value = min(UInt64(max(0, nanoseconds)), Self.maximumNanoseconds)
        counts.incrementFromOneWriter(Self.index(of: value))
        sumNanoseconds.store(sumNanoseconds.load(ordering: .relaxed) &+ value, ordering: .relaxed)
    }

    /// The state of all buckets. While the writer records, the newest values may be in one part of it and not in another.
    public func snapshot() -> Snapshot {
        Snapshot(counts: counts.values(), sumNanoseconds: sumNanoseconds.load(ordering: .relaxed))
    }

    /// The bucket that counts `value`.
    static func index(of value: UInt64) -> Int {
        let magnitude = max(0, UInt64.bitWidth - value.leadingZeroBitCount - subBucketBits)
        return magnitude * subBucketHalf + Int(value >> UInt64(magnitude))
    }

    /// The greatest value that bucket `index` counts, in nanoseconds.
    static func upperBound(ofBucket index: Int) -> UInt64 {
        guard index >= subBucketCount else { return UInt64(index) }
        let magnitude = index / subBucketHalf - 1
        let subBucket = index - magnitude * subBucketHalf
        return (UInt64(subBucket) + 1) << UInt64(magnitude) - 1
    }

    /// The counts of a histogram at one moment.
    public struct Snapshot: Sendable, Equatable {
        let counts: [UInt64]
        public let sumNanoseconds: UInt64

        public var count: UInt64 { counts.reduce(0, &+) }

        /// What was recorded after `earlier` was taken of the same histogram.
        public func since(_ earlier: Snapshot) -> Snapshot {
            Snapshot(
                counts: zip(counts, earlier.counts).map { $0 &- $1 },
                sumNanoseconds: sumNanoseconds &- earlier.sumNanoseconds)
        }

        /// The least duration, in nanoseconds, that at least `quantile` of all recorded ones do not exceed.
        ///
        /// - Parameter quantile: 0 to 1.
        /// - Returns: the upper end of its bucket, at most 0.8% above the exact value; `nil` when nothing was recorded.
        public func nanoseconds(atQuantile quantile: Double) -> UInt64? {
            let total = count
            guard total > 0 else { return nil }
            let rank = max(1, UInt64((min(1, max(0, quantile)) * Double(total)).rounded(.up)))
            var seen: UInt64 = 0
            for (index, count) in counts.enumerated() where count > 0 {
                seen += count
                if seen >= rank { return LatencyHistogram.upperBound(ofBucket: index) }
            }
            return LatencyHistogram.maximumNanoseconds
        }

        /// How many durations were at most each of `bounds` (nanoseconds, ascending). A bucket that straddles a bound
        /// counts above it, so a count may miss durations within 0.8% of its bound.
        func cumulativeCounts(upTo bounds: [UInt64]) -> [UInt64] {
            var result: [UInt64] = []
            var seen: UInt64 = 0
            var index = 0
            for bound in bounds {
                while index < counts.count, LatencyHistogram.upperBound(ofBucket: index) <= bound {
                    seen += counts[index]
                    index += 1
                }
                result.append(seen)
            }
            return result
        }
    }
}

/// A fixed row of atomic counters.
///
/// The memory is allocated once and freed with the object, and every access is an atomic one, so sharing it is safe.
private final class Buckets: @unchecked Sendable {
    private let cells: UnsafeMutablePointer<Atomic<UInt64>>
    private let count: Int

    init(count: Int) {
        self.count = count
        cells = .allocate(capacity: count)
        for index in 0..<count { (cells + index).initialize(to: Atomic(0)) }
    }

    deinit {
        cells.deinitialize(count: count)
        cells.deallocate()
    }

    func incrementFromOneWriter(_ index: Int) {
        precondition(index < count, "a latency bucket is out of range")
        // One writer: a load and a store instead of a locked addition.
        cells[index].store(cells[index].load(ordering: .relaxed) &+ 1, ordering: .relaxed)
    }

    func values() -> [UInt64] {
        (0..<count).map { cells[$0].load(ordering: .relaxed) }
    }
}
