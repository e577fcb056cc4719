extension ConfigurationSchema {
    private typealias Entry = (text: ConfigurationText, source: ConfigurationSource)

    /// Reads command line, environment and file.
    ///
    /// - Parameters:
    ///   - arguments: without the program's name.
    ///   - readFile: the bytes of a file, or why it cannot be read.
    /// - Throws: all that is wrong at once.
    public func parse(
        arguments: [String], environment: [String: String],
        readFile: (String) -> Result<[UInt8], FileReadError> = readWholeFile
    ) throws(ConfigurationErrors) -> Invocation {
        var errors: [ConfigurationError] = []
        let line = CommandLineReader.read(arguments, schema: self, errors: &errors)
        if line.wantsHelp {
            return Invocation(
                action: .help, command: line.command,
                configuration: Configuration(schema: self, values: [:], sources: [:]))
        }
        var entries: [String: Entry] = [:]
        if let path = line.file ?? environment[fileEnvironmentName] {
            readEntries(ofFile: path, readFile, into: &entries, errors: &errors)
        }
        for key in keys {
            if let text = environment[key.environmentName] { entries[key.name] = (.text(text), .environment) }
        }
        errors += unknownEnvironmentNames(in: environment)
        for (name, text) in line.values { entries[name] = (.text(text), .flag) }

        let configuration = checked(entries, errors: &errors)
        if errors.isEmpty { errors += rules.compactMap { $0(configuration) } }
        guard errors.isEmpty else { throw ConfigurationErrors(errors) }
        return Invocation(
            action: line.wantsCheck ? .checkConfiguration : .run, command: line.command, configuration: configuration)
    }

    private func readEntries(
        ofFile path: String, _ readFile: (String) -> Result<[UInt8], FileReadError>,
        into entries: inout [String: Entry], errors: inout [ConfigurationError]
    ) {
        let file: [(key: String, text: ConfigurationText)]
        do throws(FileReadError) {
            file = try ConfigurationFile.entries(of: try readFile(path).get())
        } catch {
            errors.append(.unreadableFile(path: path, reason: error.reason))
            return
        }
        for (name, text) in file {
            if key(named: name) == nil {
                errors.append(.unknownKey(name, source: .file(path)))
            } else if entries.updateValue((text, .file(path)), forKey: name) != nil {
                errors.append(.unreadableFile(path: path, reason: "'\(name)' is given twice"))
            }
        }
    }

    private func checked(_ entries: [String: Entry], errors: inout [ConfigurationError]) -> Configuration {
        var values: [String: any ConfigurationValue] = [:]
        var sources: [String: ConfigurationSource] = [:]
        for key in keys {
            guard let entry = entries[key.name] else {
                values[key.name] = key.declaredDefault
                sources[key.name] = .defaultValue
                if key.declaredDefault == nil {
                    errors.append(.missing(key: key.name, environmentName: key.environmentName))
                }
                continue
            }
            do throws(ConfigurationExpectation) {
                values[key.name] = try key.value(of: entry.text)
                sources[key.name] = entry.source
            } catch {
                let shown = key.isSecret ? Secret.mask : entry.text.description
                errors.append(.invalid(key: key.name, value: shown, expects: error.text, source: entry.source))
            }
        }
        return Configuration(schema: self, values: values, sources: sources)
    }

    /// Variables under the service's prefix that no key declares. What Kubernetes sets for a Service of the same name
    /// (`GATEWAY_SERVICE_HOST`, `GATEWAY_PORT_8080_TCP`, …) is not configuration and passes.
    private func unknownEnvironmentNames(in environment: [String: String]) -> [ConfigurationError] {
        let known = Set(keys.map(\.environmentName)).union([fileEnvironmentName])
        return environment.sorted { $0.key < $1.key }.compactMap { name, value in
            guard name.hasPrefix(environmentPrefix), !known.contains(name) else { return nil }
            let rest = name.dropFirst(environmentPrefix.count)
            let isServiceLink =
                rest == "SERVICE_HOST" || rest.hasPrefix("SERVICE_PORT") || rest.hasPrefix("PORT_")
                || rest == "PORT" && value.contains("://")
            return isServiceLink ? nil : .unknownKey(name, source: .environment)
        }
    }
}

/// The arguments of a service, taken apart.
private struct CommandLineReader {
    var command: String?
    var file: String?
    var wantsHelp = false
    var wantsCheck = false
    var values: [(name: String, text: String)] = []

    static func read(
        _ arguments: [String], schema: ConfigurationSchema, errors: inout [ConfigurationError]
    ) -> CommandLineReader {
        var line = CommandLineReader()
        let commands = schema.commands.map(\.name)
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("-") else {
                if line.command == nil, commands.contains(argument) {
                    line.command = argument
                } else {
                    errors.append(.unexpectedArgument(argument, commands: commands))
                }
                continue
            }
            let parts = argument.drop { $0 == "-" }.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts.first ?? "")
            let attached = parts.count == 2 ? String(parts[1]) : nil
            switch name {
            case "help", "h": line.wantsHelp = true
            case "check-config": line.wantsCheck = true
            default:
                let key = schema.key(named: name)
                guard key != nil || name == "config", argument.hasPrefix("--") else {
                    errors.append(.unknownKey(String(argument.prefix { $0 != "=" }), source: .flag))
                    continue
                }
                guard let text = attached ?? (key?.isFlag == true ? "true" : rest.popFirst()) else {
                    errors.append(.flagWithoutValue(name))
                    continue
                }
                if name == "config" { line.file = text } else { line.values.append((name, text)) }
            }
        }
        return line
    }
}
