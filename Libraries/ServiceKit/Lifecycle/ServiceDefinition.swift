/// A service as `ServiceMain` starts it.
public struct ServiceDefinition: Sendable {
    /// The executable's name, kebab-case.
    public let name: String
    public let summary: String
    /// Default port of `operations.listen`.
    public let operationsPort: UInt16
    /// Beside these every service has `log.level` and `operations.listen`.
    public let keys: [any ConfigurationDeclaration]
    public let commands: [ServiceCommand]
    public let rules: [@Sendable (Configuration) -> ConfigurationError?]
    /// Starts the service and returns once it runs: it starts its threads and registers with `context.lifecycle` how
    /// each one stops. An error ends the process, a `ServiceFailure` with its own code.
    public let start: @Sendable (ServiceContext) async throws -> Void

    public init(
        name: String, summary: String, operationsPort: UInt16, keys: [any ConfigurationDeclaration],
        commands: [ServiceCommand] = [],
        rules: [@Sendable (Configuration) -> ConfigurationError?] = [],
        start: @escaping @Sendable (ServiceContext) async throws -> Void
    ) {
        self.name = name
        self.summary = summary
        self.operationsPort = operationsPort
        self.keys = keys
        self.commands = commands
        self.rules = rules
        self.start = start
    }

    var schema: ConfigurationSchema {
        ConfigurationSchema(
            service: name, summary: summary,
            keys: [StandardKeys.logLevel, StandardKeys.operationsListen(defaultPort: operationsPort)] + keys,
            commands: commands.map { ($0.name, $0.help) }, rules: rules)
    }
}

/// Work that is done once instead of running the service: `migrate`, `verify`, `topics`.
public struct ServiceCommand: Sendable {
    public let name: String
    public let help: String
    /// Prints its answer to standard output; the code is the process's.
    public let run: @Sendable (ServiceContext) async throws -> ExitCode

    public init(
        _ name: String, help: String, run: @escaping @Sendable (ServiceContext) async throws -> ExitCode
    ) {
        self.name = name
        self.help = help
        self.run = run
    }
}

/// What a service's code is given.
public struct ServiceContext: Sendable {
    public let configuration: Configuration
    public let logger: Logger
    public let metrics: MetricsRegistry
    public let health: Health
    public let lifecycle: Lifecycle

    public init(
        configuration: Configuration, logger: Logger, metrics: MetricsRegistry = MetricsRegistry(),
        health: Health = Health(), lifecycle: Lifecycle
    ) {
        self.configuration = configuration
        self.logger = logger
        self.metrics = metrics
        self.health = health
        self.lifecycle = lifecycle
    }
}
