import TradingCore

/// The unit in which a client wants its times.
public enum TimeUnit: Sendable {
    case milliseconds
    case microseconds

    /// `MILLISECOND`, `MICROSECOND` in either case; nil for anything else.
    public init?(_ text: String) {
        switch text {
        case "MILLISECOND", "millisecond": self = .milliseconds
        case "MICROSECOND", "microsecond": self = .microseconds
        default: return nil
        }
    }
}

extension JSONWriter {
    @inline(__always)
    mutating func time(_ time: TradingCore.Timestamp, _ unit: TimeUnit) {
        integer(unit == .milliseconds ? time.rawValue : time.rawValue * 1_000)
    }
}
