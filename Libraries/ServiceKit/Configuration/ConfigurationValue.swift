/// What a source says about a key before its type is known: environment and flags have text only, a file has lists too.
public enum ConfigurationText: Sendable, Equatable {
    case text(String)
    case list([String])

    /// The form in which an error message repeats the value.
    public var description: String {
        switch self {
        case .text(let text): return text
        case .list(let items): return "[" + items.joined(separator: ", ") + "]"
        }
    }
}

/// Why a text is no value of its type, as the end of a sentence: "expects …".
public struct ConfigurationExpectation: Error, Sendable, Equatable {
    public let text: String

    public init(_ text: String) {
        self.text = text
    }
}

/// A type that a configuration key can have.
public protocol ConfigurationValue: Sendable {
    /// The type as `--help` names it.
    static var typeName: String { get }
    /// Secrets are masked wherever configuration is printed, in errors too.
    static var isSecret: Bool { get }
    /// - Throws: what the type expects, when `source` is not a value of it.
    static func parse(_ source: ConfigurationText) throws(ConfigurationExpectation) -> Self
    /// The value as a flag would give it; `parse` reads it back.
    var configurationText: String { get }
}

extension ConfigurationValue {
    public static var isSecret: Bool { false }

    static func single(_ source: ConfigurationText) throws(ConfigurationExpectation) -> String {
        guard case .text(let text) = source else { throw ConfigurationExpectation("one \(typeName), not a list") }
        return text
    }
}

extension String: ConfigurationValue {
    public static var typeName: String { "text" }
    public var configurationText: String { self }

    public static func parse(_ source: ConfigurationText) throws(ConfigurationExpectation) -> String {
        try single(source)
    }
}

extension Int: ConfigurationValue {
    public static var typeName: String { "integer" }
    public var configurationText: String { String(self) }

    public static func parse(_ source: ConfigurationText) throws(ConfigurationExpectation) -> Int {
        guard let value = Int(try single(source)) else { throw ConfigurationExpectation("an integer of 64 bits") }
        return value
    }
}

extension Bool: ConfigurationValue {
    public static var typeName: String { "true|false" }
    public var configurationText: String { self ? "true" : "false" }

    public static func parse(_ source: ConfigurationText) throws(ConfigurationExpectation) -> Bool {
        switch try single(source) {
        case "true": return true
        case "false": return false
        default: throw ConfigurationExpectation("true or false")
        }
    }
}

/// Durations are whole milliseconds: `250`, `250ms`, `5s`, `2m`, `1h`.
extension Duration: ConfigurationValue {
    public static var typeName: String { "duration" }
    public var configurationText: String { "\(wholeMilliseconds)ms" }

    /// The duration in milliseconds, rounded towards zero, clamped to what 64 bits hold.
    public var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let scaled = seconds.multipliedReportingOverflow(by: 1_000)
        guard !scaled.overflow else { return seconds < 0 ? .min : .max }
        return scaled.partialValue + attoseconds / 1_000_000_000_000_000
    }

    public static func parse(_ source: ConfigurationText) throws(ConfigurationExpectation) -> Duration {
        let text = try single(source)
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit: Int64
        switch text.dropFirst(digits.count) {
        case "", "ms": unit = 1
        case "s": unit = 1_000
        case "m": unit = 60_000
        case "h": unit = 3_600_000
        default: unit = 0
        }
        guard unit > 0, let count = Int64(digits), !count.multipliedReportingOverflow(by: unit).overflow else {
            throw ConfigurationExpectation("a duration such as 250ms, 5s, 2m or 1h")
        }
        return .milliseconds(count * unit)
    }
}

/// Lists are comma-separated in flags and environment, arrays of text in a file. Blanks around an item do not count.
extension Array: ConfigurationValue where Element == String {
    public static var typeName: String { "list" }
    public var configurationText: String { joined(separator: ",") }

    public static func parse(_ source: ConfigurationText) throws(ConfigurationExpectation) -> [String] {
        var items: [String] = []
        switch source {
        case .list(let list): items = list
        case .text(let text): items = text.split(separator: ",", omittingEmptySubsequences: true).map(String.init)
        }
        return items.map { String($0.trimmingBlanks) }.filter { !$0.isEmpty }
    }
}

extension StringProtocol {
    var trimmingBlanks: SubSequence {
        let start = drop { $0 == " " || $0 == "\t" }
        let end = start.lastIndex { $0 != " " && $0 != "\t" }
        return end.map { self[start.startIndex...$0] } ?? start
    }
}
