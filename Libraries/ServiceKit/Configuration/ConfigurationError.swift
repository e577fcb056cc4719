/// One thing that is wrong with a service's configuration or command line.
public enum ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A key that the service does not declare.
    case unknownKey(String, source: ConfigurationSource)
    /// A required key without a value.
    case missing(key: String, environmentName: String)
    /// A value outside its type or limit; `value` is masked for secrets.
    case invalid(key: String, value: String, expects: String, source: ConfigurationSource)
    /// A flag that needs a value and has none.
    case flagWithoutValue(String)
    /// A first argument that is no command of the service, or an argument too many.
    case unexpectedArgument(String, commands: [String])
    /// The file cannot be read or is not an object of keys.
    case unreadableFile(path: String, reason: String)
    /// A rule over several keys; the text names them.
    case rule(String)

    public var description: String {
        switch self {
        case .unknownKey(let key, let source): return "\(source): unknown key '\(key)'"
        case .missing(let key, let name): return "'\(key)' is required: set \(name), --\(key) or the file"
        case .invalid(let key, let value, let expects, let source):
            return "\(source): '\(key)' is '\(value)', expected \(expects)"
        case .flagWithoutValue(let key): return "flag --\(key) needs a value"
        case .unexpectedArgument(let argument, let commands):
            let known = commands.isEmpty ? "no command is known" : "commands: " + commands.joined(separator: ", ")
            return "unexpected argument '\(argument)' (\(known))"
        case .unreadableFile(let path, let reason): return "configuration file \(path): \(reason)"
        case .rule(let text): return text
        }
    }

    /// A mistake of the command line rather than of the configuration.
    public var isUsage: Bool {
        switch self {
        case .flagWithoutValue, .unexpectedArgument: return true
        case .unknownKey(_, let source): return source == .flag
        default: return false
        }
    }
}

/// Where a value came from.
public enum ConfigurationSource: Sendable, Equatable, CustomStringConvertible {
    case defaultValue
    case file(String)
    case environment
    case flag

    public var description: String {
        switch self {
        case .defaultValue: return "default"
        case .file(let path): return "file \(path)"
        case .environment: return "environment"
        case .flag: return "flag"
        }
    }
}

/// Everything that is wrong, so that it can be mended in one go.
public struct ConfigurationErrors: Error, Sendable, CustomStringConvertible {
    public let errors: [ConfigurationError]

    public init(_ errors: [ConfigurationError]) {
        self.errors = errors
    }

    public var description: String { errors.map(\.description).joined(separator: "\n") }
}
