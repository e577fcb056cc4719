/// All keys and commands of one service.
public struct ConfigurationSchema: Sendable {
    /// The executable's name; its upper-case form is the prefix under which unknown environment variables are errors.
    public let service: String
    public let summary: String
    public let keys: [any ConfigurationDeclaration]
    public let commands: [(name: String, help: String)]
    /// Checks over several keys, run when each key alone is right; the error names the keys.
    public let rules: [@Sendable (Configuration) -> ConfigurationError?]

    public init(
        service: String, summary: String, keys: [any ConfigurationDeclaration],
        commands: [(name: String, help: String)] = [],
        rules: [@Sendable (Configuration) -> ConfigurationError?] = []
    ) {
        let reserved = ["config", "help", "check-config"]
        var seen = Set(reserved.map { $0.uppercased() })
        for key in keys {
            precondition(seen.insert(key.environmentName).inserted, "configuration key '\(key.name)' is declared twice")
        }
        self.service = service
        self.summary = summary
        self.keys = keys
        self.commands = commands
        self.rules = rules
    }

    /// The environment variable that names the file, for example `ORDER_SERVICE_CONFIG`.
    public var fileEnvironmentName: String { environmentPrefix + "CONFIG" }

    var environmentPrefix: String {
        String(service.uppercased().map { $0 == "-" ? "_" : $0 }) + "_"
    }

    func key(named name: String) -> (any ConfigurationDeclaration)? {
        keys.first { $0.name == name }
    }

    /// The text of `--help`: every key with its environment name, default, limit and meaning.
    public var help: String {
        var lines = ["\(service): \(summary)", ""]
        let operand = commands.isEmpty ? "" : " [COMMAND]"
        lines.append("usage: \(service)\(operand) [--config FILE] [--KEY VALUE]... [--check-config] [--help]")
        if !commands.isEmpty {
            lines += ["", "commands (without one, the service runs):"]
            let width = commands.map(\.name.count).max() ?? 0
            for command in commands {
                lines.append("  " + command.name.padded(to: width) + "  " + command.help)
            }
        }
        lines += [
            "", "A flag wins over the environment, the environment over the file, the file over the default.", "",
            "  --config FILE   \(fileEnvironmentName)", "      JSON object of keys, nested or dotted",
            "  --check-config",
            "      print the effective configuration, secrets masked; exit 0, or 1 when it is wrong",
        ]
        for key in keys {
            lines.append("  --\(key.name) <\(key.typeName)>   \(key.environmentName)")
            var notes: [String] = []
            if let text = key.defaultText {
                notes.append("default " + (text.isEmpty ? "none" : key.isSecret ? Secret.mask : text))
            } else {
                notes.append("required")
            }
            if let limit = key.limitText { notes.append(limit) }
            lines.append("      \(key.help) (\(notes.joined(separator: "; ")))")
        }
        return lines.joined(separator: "\n")
    }
}

extension String {
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
