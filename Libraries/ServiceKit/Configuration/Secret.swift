/// A value that no log, error or printed configuration shows.
public struct Secret: ConfigurationValue, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The value itself; whoever reads it keeps it out of logs.
    public let revealed: String

    public init(_ revealed: String) {
        self.revealed = revealed
    }

    public static var typeName: String { "secret" }
    public static var isSecret: Bool { true }
    public var configurationText: String { revealed }
    public var isEmpty: Bool { revealed.isEmpty }
    public var description: String { revealed.isEmpty ? "" : Self.mask }
    public var debugDescription: String { description }

    static let mask = "********"

    public static func parse(_ source: ConfigurationText) throws(ConfigurationExpectation) -> Secret {
        Secret(try single(source))
    }
}

/// Several secrets, each usually `name:token`; written like a list.
public struct SecretList: ConfigurationValue, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
    public let revealed: [String]

    public init(_ revealed: [String]) {
        self.revealed = revealed
    }

    public static var typeName: String { "secret list" }
    public static var isSecret: Bool { true }
    public var configurationText: String { revealed.configurationText }
    public var isEmpty: Bool { revealed.isEmpty }
    public var description: String { revealed.isEmpty ? "" : Secret.mask }
    public var debugDescription: String { description }

    public static func parse(_ source: ConfigurationText) throws(ConfigurationExpectation) -> SecretList {
        SecretList(try [String].parse(source))
    }
}
