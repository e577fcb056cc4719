import TradingCore

/// The intervals of candles; raw values are those of the records.
public enum CandleInterval: UInt32, CaseIterable, Sendable {
    case second = 1
    case minute, minutes3, minutes5, minutes15, minutes30
    case hour, hours2, hours4, hours6, hours8, hours12
    case day, days3, week, month

    private static let names = [
        "1s", "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w", "1M",
    ]

    /// The name in the client API; case-sensitive.
    public var text: String { CandleInterval.names[Int(rawValue) - 1] }

    public init?(text: String) {
        guard let index = CandleInterval.names.firstIndex(of: text) else { return nil }
        self.init(rawValue: UInt32(index) + 1)
    }

    /// Milliseconds; nil for a month.
    public var milliseconds: Int64? {
        switch self {
        case .second: 1_000
        case .minute: 60_000
        case .minutes3: 180_000
        case .minutes5: 300_000
        case .minutes15: 900_000
        case .minutes30: 1_800_000
        case .hour: 3_600_000
        case .hours2: 7_200_000
        case .hours4: 14_400_000
        case .hours6: 21_600_000
        case .hours8: 28_800_000
        case .hours12: 43_200_000
        case .day: 86_400_000
        case .days3: 259_200_000
        case .week: 604_800_000
        case .month: nil
        }
    }

    /// The opening of the candle that `time` falls into. Weeks open on Mondays, months on the first, all in UTC.
    public func open(at time: Timestamp) -> Timestamp {
        let value = time.rawValue
        guard let length = milliseconds else {
            let (year, month) = CivilMonth.containing(value)
            return Timestamp(CivilMonth.start(year: year, month: month))
        }
        // The epoch was a Thursday: weeks are counted from the Monday after it.
        let shift: Int64 = self == .week ? 4 * 86_400_000 : 0
        return Timestamp(value - modulo(value - shift, length))
    }

    /// The opening of the candle after the one that opens at `open`.
    public func next(after open: Timestamp) -> Timestamp {
        guard let length = milliseconds else {
            let (year, month) = CivilMonth.containing(open.rawValue)
            return Timestamp(
                month == 12
                    ? CivilMonth.start(year: year + 1, month: 1) : CivilMonth.start(year: year, month: month + 1))
        }
        return Timestamp(open.rawValue + length)
    }

    private func modulo(_ value: Int64, _ length: Int64) -> Int64 {
        let rest = value % length
        return rest < 0 ? rest + length : rest
    }
}

/// Months of the proleptic Gregorian calendar in UTC (Howard Hinnant's `chrono` algorithms).
enum CivilMonth {
    static func containing(_ milliseconds: Int64) -> (year: Int64, month: Int64) {
        let days = floorDivide(milliseconds, 86_400_000) + 719_468
        let era = floorDivide(days, 146_097)
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month)
    }

    /// Milliseconds since the epoch at which the month begins.
    static func start(year: Int64, month: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = floorDivide(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return (era * 146_097 + dayOfEra - 719_468) * 86_400_000
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
    }
}
