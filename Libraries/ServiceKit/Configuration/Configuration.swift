/// The effective configuration of a service: a checked value for every declared key.
public struct Configuration: Sendable {
    let schema: ConfigurationSchema
    let values: [String: any ConfigurationValue]
    let sources: [String: ConfigurationSource]

    /// The value of a key. Reading a key that the service's schema does not declare is a mistake of the program.
    public subscript<Value>(key: ConfigurationKey<Value>) -> Value {
        guard let value = values[key.name] as? Value else {
            preconditionFailure("configuration key '\(key.name)' is not declared by \(schema.service)")
        }
        return value
    }

    /// Where the value of `key` came from.
    public func source<Value>(of key: ConfigurationKey<Value>) -> ConfigurationSource {
        sources[key.name] ?? .defaultValue
    }

    /// One line a key, `name = value (source)`, secrets masked.
    public var effectiveText: String {
        let width = schema.keys.map(\.name.count).max() ?? 0
        return schema.keys.map { key in
            var text = values[key.name]?.configurationText ?? ""
            if key.isSecret, !text.isEmpty { text = Secret.mask }
            return "\(key.name.padded(to: width)) = \(text) (\(sources[key.name] ?? .defaultValue))"
        }.joined(separator: "\n")
    }
}

/// A command line as it was understood.
public struct Invocation: Sendable {
    public enum Action: Sendable, Equatable {
        case run
        case help
        case checkConfiguration
    }

    public let action: Action
    /// The declared command that was named, `nil` to run the service.
    public let command: String?
    /// Checked unless the action is `help`.
    public let configuration: Configuration
}
