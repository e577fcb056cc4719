import Glibc
import Network

/// Pauses between attempts: each twice the one before up to a longest, and a bounded number of them.
public struct Backoff: Sendable, Hashable {
    public let firstMilliseconds: Int
    public let longestMilliseconds: Int

    /// How many pauses there are before one gives up; `nil` goes on, never faster than the longest pause allows.
    public let attemptLimit: Int?

    private var attempts = 0
    private var upcoming: Int

    public init(firstMilliseconds: Int = 50, longestMilliseconds: Int = 2_000, attemptLimit: Int?) {
        precondition(firstMilliseconds > 0 && longestMilliseconds >= firstMilliseconds)
        self.firstMilliseconds = firstMilliseconds
        self.longestMilliseconds = longestMilliseconds
        self.attemptLimit = attemptLimit
        upcoming = firstMilliseconds
    }

    /// The next pause, in milliseconds, or `nil` when there have been enough.
    public mutating func next() -> Int? {
        if let attemptLimit, attempts >= attemptLimit { return nil }
        attempts += 1
        defer { upcoming = min(2 * upcoming, longestMilliseconds) }
        return upcoming
    }

    /// After a success the next failure begins with the first pause.
    public mutating func reset() {
        attempts = 0
        upcoming = firstMilliseconds
    }

    static func sleep(milliseconds: Int) {
        _ = poll(nil, 0, Int32(clamping: milliseconds))
    }
}

/// The monotonic clock in milliseconds: for deadlines of I/O.
func monotonicMilliseconds() -> Int64 { Int64(MonotonicClock.milliseconds()) }
