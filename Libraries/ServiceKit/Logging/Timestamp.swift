import Glibc
import Network

/// Moments of the machine's clocks. Only shells use them: what a core decides by is log time.
public enum Timestamp {
    /// Nanoseconds since 1970-01-01 UTC.
    public static func wallNanoseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Nanoseconds of a clock that never goes back; its beginning means nothing.
    public static func monotonicNanoseconds() -> Int64 {
        Int64(MonotonicClock.nanoseconds())
    }

    /// RFC 3339 in UTC with milliseconds, `2024-02-29T12:00:00.123Z`.
    ///
    /// - Parameter wallNanoseconds: since 1970-01-01 UTC; not before year 0 or after year 9999.
    public static func rfc3339(wallNanoseconds: Int64) -> String {
        let milliseconds = wallNanoseconds / 1_000_000 - (wallNanoseconds % 1_000_000 < 0 ? 1 : 0)
        let days = (milliseconds - floorModulo(milliseconds, 86_400_000)) / 86_400_000
        let inDay = floorModulo(milliseconds, 86_400_000)
        let (year, month, day) = civilDate(daysSince1970: days)
        return String(unsafeUninitializedCapacity: 24) { text in
            var end = 0
            func append(_ value: Int64, _ digits: Int, _ separator: Unicode.Scalar) {
                var rest = value
                for place in stride(from: end + digits - 1, through: end, by: -1) {
                    text[place] = UInt8(48 + rest % 10)
                    rest /= 10
                }
                text[end + digits] = UInt8(ascii: separator)
                end += digits + 1
            }
            append(year, 4, "-")
            append(month, 2, "-")
            append(day, 2, "T")
            append(inDay / 3_600_000, 2, ":")
            append(inDay / 60_000 % 60, 2, ":")
            append(inDay / 1_000 % 60, 2, ".")
            append(inDay % 1_000, 3, "Z")
            return end
        }
    }

    /// The proleptic Gregorian date, by Howard Hinnant's `civil_from_days`
    /// (https://howardhinnant.github.io/date_algorithms.html).
    private static func civilDate(daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = daysSince1970 + 719_468
        let dayOfEra = floorModulo(shifted, 146_097)
        let era = (shifted - dayOfEra) / 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func floorModulo(_ value: Int64, _ divisor: Int64) -> Int64 {
        let rest = value % divisor
        return rest < 0 ? rest + divisor : rest
    }
}
