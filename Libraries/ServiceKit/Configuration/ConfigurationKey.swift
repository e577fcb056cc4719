/// One key of a service's configuration, declared once for the file, the environment and the flags.
///
/// The key `kafka.bootstrap-servers` is `KAFKA_BOOTSTRAP_SERVERS` in the environment, `--kafka.bootstrap-servers` as a
/// flag, and `{"kafka": {"bootstrap-servers": …}}` (or the dotted name) in the file. Read it with `configuration[key]`.
public struct ConfigurationKey<Value: ConfigurationValue>: ConfigurationDeclaration {
    public let name: String
    public let help: String
    public let limitText: String?
    let defaultValue: Value?
    let isAllowed: @Sendable (Value) -> Bool

    /// - Parameters:
    ///   - name: lower-case words joined by `.` and `-`.
    ///   - defaultValue: `nil` makes the key required.
    ///   - limitText: what `isAllowed` checks, in words, for `--help` and errors.
    public init(
        _ name: String, default defaultValue: Value?, help: String, limitText: String? = nil,
        isAllowed: @escaping @Sendable (Value) -> Bool = { _ in true }
    ) {
        precondition(Self.isValidName(name), "configuration key '\(name)' is not lower-case words joined by . and -")
        if let defaultValue {
            precondition(isAllowed(defaultValue), "the default of '\(name)' is outside its own limit")
        }
        self.name = name
        self.help = help
        self.limitText = limitText
        self.defaultValue = defaultValue
        self.isAllowed = isAllowed
    }

    public var typeName: String { Value.typeName }
    public var isSecret: Bool { Value.isSecret }
    public var isFlag: Bool { Value.self == Bool.self }
    public var defaultText: String? { defaultValue.map(\.configurationText) }
    public var declaredDefault: (any ConfigurationValue)? { defaultValue }

    public func value(of source: ConfigurationText) throws(ConfigurationExpectation) -> any ConfigurationValue {
        let value = try Value.parse(source)
        guard isAllowed(value) else { throw ConfigurationExpectation(limitText ?? "another value") }
        return value
    }

    private static func isValidName(_ name: String) -> Bool {
        name.split(omittingEmptySubsequences: false) { $0 == "." || $0 == "-" }.allSatisfy { word in
            !word.isEmpty && word.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
        }
    }
}

/// A key without its type, as the schema keeps it.
public protocol ConfigurationDeclaration: Sendable {
    var name: String { get }
    var help: String { get }
    var typeName: String { get }
    var limitText: String? { get }
    var isSecret: Bool { get }
    /// A flag without a value means true.
    var isFlag: Bool { get }
    var defaultText: String? { get }
    var declaredDefault: (any ConfigurationValue)? { get }
    func value(of source: ConfigurationText) throws(ConfigurationExpectation) -> any ConfigurationValue
}

extension ConfigurationDeclaration {
    public var environmentName: String { Self.environmentName(of: name) }

    static func environmentName(of name: String) -> String {
        String(name.uppercased().map { $0 == "." || $0 == "-" ? "_" : $0 })
    }
}

// In each of these, `default: nil` makes the key required.

extension ConfigurationKey where Value == String {
    public static func text(_ name: String, default value: String?, help: String) -> Self {
        Self(name, default: value, help: help)
    }

    public static func choice(_ name: String, default value: String?, of choices: [String], help: String) -> Self {
        let limit = "one of " + choices.joined(separator: ", ")
        return Self(name, default: value, help: help, limitText: limit) { choices.contains($0) }
    }
}

extension ConfigurationKey where Value == Int {
    public static func integer(_ name: String, default value: Int?, in range: ClosedRange<Int>, help: String) -> Self {
        let limit = "\(range.lowerBound) to \(range.upperBound)"
        return Self(name, default: value, help: help, limitText: limit) { range.contains($0) }
    }
}

extension ConfigurationKey where Value == Duration {
    public static func duration(
        _ name: String, default value: Duration?, in range: ClosedRange<Duration>, help: String
    ) -> Self {
        let limit = "\(range.lowerBound.configurationText) to \(range.upperBound.configurationText)"
        return Self(name, default: value, help: help, limitText: limit) { range.contains($0) }
    }
}

extension ConfigurationKey where Value == ExactDecimal {
    public static func decimal(
        _ name: String, default value: ExactDecimal?, in range: ClosedRange<ExactDecimal>, help: String
    ) -> Self {
        let limit = "\(range.lowerBound.configurationText) to \(range.upperBound.configurationText)"
        return Self(name, default: value, help: help, limitText: limit) { range.contains($0) }
    }
}

extension ConfigurationKey where Value == Bool {
    public static func flag(_ name: String, default value: Bool? = false, help: String) -> Self {
        Self(name, default: value, help: help)
    }
}

extension ConfigurationKey where Value == [String] {
    public static func list(
        _ name: String, default value: [String]?, count: ClosedRange<Int> = 0...1_000, help: String
    ) -> Self {
        let limit = "\(count.lowerBound) to \(count.upperBound) items"
        return Self(name, default: value, help: help, limitText: limit) { count.contains($0.count) }
    }
}

extension ConfigurationKey where Value == Secret {
    public static func secret(_ name: String, default value: Secret?, help: String) -> Self {
        Self(name, default: value, help: help)
    }
}

extension ConfigurationKey where Value == SecretList {
    public static func secretList(_ name: String, default value: SecretList?, help: String) -> Self {
        Self(name, default: value, help: help)
    }
}
