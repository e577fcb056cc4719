import Glibc
import Network

/// The date of an answer (RFC 9110, 5.6.7), formatted once a second: `Sun, 06 Nov 1994 08:49:37 GMT`.
struct HTTPDate {
    private var second: Int64
    private var text: [UInt8]

    /// - Parameter second: since the Unix epoch.
    init(second: Int64) {
        self.second = second
        text = Self.format(second)
    }

    mutating func update(to second: Int64) {
        guard second != self.second else { return }
        self = HTTPDate(second: second)
    }

    var bytes: [UInt8] { text }

    private static func format(_ second: Int64) -> [UInt8] {
        var parts = tm()
        var time = time_t(second)
        gmtime_r(&time, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let date = "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)])"
        let clock = "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
        return Array("\(date) \(1900 + Int(parts.tm_year)) \(clock) GMT".utf8)
    }

    private static func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
}

extension ByteBuffer {
    mutating func append(_ date: HTTPDate) { append(date.bytes) }
}
