/// The value of a log field.
public enum LogValue: Sendable, Equatable {
    case string(String)
    case signed(Int64)
    case unsigned(UInt64)
    case boolean(Bool)
    /// For ratios and times only; amounts are logged as text or integers.
    case number(Double)
    case list([String])

    public static func integer(_ value: some BinaryInteger) -> LogValue {
        Int64(exactly: value).map { .signed($0) } ?? UInt64(exactly: value).map { .unsigned($0) } ?? .string("\(value)")
    }

    /// Any value by its description, an error for example.
    public static func described(_ value: some Sendable) -> LogValue {
        .string(String(describing: value))
    }
}

extension LogValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByFloatLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .signed(value) }
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
}

/// Severities, least first.
public enum LogLevel: String, Sendable, CaseIterable, Comparable {
    case debug, info, warning, error

    public static func < (left: LogLevel, right: LogLevel) -> Bool {
        left.order < right.order
    }

    private var order: Int {
        switch self {
        case .debug: return 0
        case .info: return 1
        case .warning: return 2
        case .error: return 3
        }
    }
}
