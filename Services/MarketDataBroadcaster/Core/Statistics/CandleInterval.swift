import TradingCore

/// The interval of a candle. Raw values are those of the records.
public enum CandleInterval: UInt32, Sendable, CaseIterable {
    case oneSecond = 1
    case oneMinute = 2
    case threeMinutes = 3
    case fiveMinutes = 4
    case fifteenMinutes = 5
    case thirtyMinutes = 6
    case oneHour = 7
    case twoHours = 8
    case fourHours = 9
    case sixHours = 10
    case eightHours = 11
    case twelveHours = 12
    case oneDay = 13
    case threeDays = 14
    case oneWeek = 15
    case oneMonth = 16

    /// The length in seconds, or nil for a calendar month.
    var seconds: Int64? {
        switch self {
        case .oneSecond: 1
        case .oneMinute: 60
        case .threeMinutes: 180
        case .fiveMinutes: 300
        case .fifteenMinutes: 900
        case .thirtyMinutes: 1_800
        case .oneHour: 3_600
        case .twoHours: 7_200
        case .fourHours: 14_400
        case .sixHours: 21_600
        case .eightHours: 28_800
        case .twelveHours: 43_200
        case .oneDay: 86_400
        case .threeDays: 259_200
        case .oneWeek: 604_800
        case .oneMonth: nil
        }
    }

    /// The first second, since the Unix epoch, of the interval that holds `second`, and that of the next one. UTC; weeks begin on Monday.
    func bounds(of second: Int64) -> (start: Int64, end: Int64) {
        guard let seconds else { return CivilCalendar.month(of: second) }
        // The epoch was a Thursday: Mondays are four days past a whole number of weeks.
        let offset: Int64 = self == .oneWeek ? 4 * CivilCalendar.secondsInDay : 0
        let start = CivilCalendar.floor(second - offset, seconds) + offset
        return (start, start + seconds)
    }
}

/// The proleptic Gregorian calendar in UTC without leap seconds.
enum CivilCalendar {
    static let secondsInDay: Int64 = 86_400

    /// The greatest multiple of `step` that is not greater than `value`.
    @inline(__always)
    static func floor(_ value: Int64, _ step: Int64) -> Int64 {
        let remainder = value % step
        return value - (remainder < 0 ? remainder + step : remainder)
    }

    /// The first second of the month that holds `second`, and of the next month.
    static func month(of second: Int64) -> (start: Int64, end: Int64) {
        let (year, month) = yearAndMonth(day: floor(second, secondsInDay) / secondsInDay)
        let next = month == 12 ? (year + 1, 1) : (year, month + 1)
        return (firstDay(year, month) * secondsInDay, firstDay(next.0, next.1) * secondsInDay)
    }

    // Days are counted in eras of 400 years that begin on 1 March, so a leap day is the last of its year.
    // Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".

    private static func yearAndMonth(day: Int64) -> (year: Int64, month: Int64) {
        let shifted = day + 719_468
        let era = floor(shifted, 146_097) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month)
    }

    /// The day, counted from the Unix epoch, on which a month begins.
    private static func firstDay(_ year: Int64, _ month: Int64) -> Int64 {
        let shifted = year - (month <= 2 ? 1 : 0)
        let era = floor(shifted, 400) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
