import FoundationEssentials
import Glibc
import Synchronization

/// The common course of every service's process: configuration, log, metrics, operations port, run, shutdown.
public enum ServiceMain {
    /// Runs `definition` by the process's own arguments and environment.
    public static func run(_ definition: ServiceDefinition) -> Never {
        // First of all: threads inherit which signals are blocked.
        Lifecycle.exitOnTraps()
        let schema = definition.schema
        let invocation: Invocation
        do throws(ConfigurationErrors) {
            invocation = try schema.parse(
                arguments: Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment)
        } catch {
            for problem in error.errors { printError("\(definition.name): \(problem)") }
            let isCheck = CommandLine.arguments.contains("--check-config")
            let isUsage = error.errors.contains(where: \.isUsage)
            exit((isCheck ? .failed : isUsage ? .usage : ExitCode.badConfiguration).rawValue)
        }
        switch invocation.action {
        case .help:
            print(schema.help)
            exit(ExitCode.clean.rawValue)
        case .checkConfiguration:
            print(invocation.configuration.effectiveText)
            exit(ExitCode.clean.rawValue)
        case .run:
            let code = runChecked(definition, invocation)
            fflush(nil)
            exit(code.rawValue)
        }
    }

    private static func runChecked(_ definition: ServiceDefinition, _ invocation: Invocation) -> ExitCode {
        let command = definition.commands.first { $0.name == invocation.command }
        if command == nil { Lifecycle.blockSignals() }
        let level = LogLevel(rawValue: invocation.configuration[StandardKeys.logLevel]) ?? .info
        let logger = Logger(service: definition.name, level: level, sink: LogSink())
        defer { logger.sink.flush() }
        let context = ServiceContext(
            configuration: invocation.configuration, logger: logger, lifecycle: Lifecycle(logger: logger))
        do {
            if let command { return try waiting { try await command.run(context) } }
            return try serve(definition, context)
        } catch {
            let failure = error as? ServiceFailure ?? ServiceFailure(.temporaryFailure, "\(error)")
            logger.error(
                command == nil ? "the service could not start" : "the command failed",
                ["error": .string(failure.reason), "exit_code": .integer(failure.exitCode.rawValue)])
            return failure.exitCode
        }
    }

    private static func serve(_ definition: ServiceDefinition, _ context: ServiceContext) throws -> ExitCode {
        let start = Timestamp.monotonicNanoseconds()
        let sink = context.logger.sink
        try ProcessMetrics.register(in: context.metrics)
        try context.metrics.counter(
            "log_lines_dropped_total", help: "Log lines that did not fit the writer's queue.",
            read: { Double(sink.droppedLines) })
        let running = context.health.condition("running")
        do {
            let address = context.configuration[StandardKeys.operationsListen]
            let server = try listen(address, context)
            // Registered first, so it stops last: probes see the whole shutdown.
            context.lifecycle.onShutdown("operations server") { server.stop() }
            context.logger.info("operations server listens", ["address": .string(server.address.description)])
            try waiting { try await definition.start(context) }
        } catch {
            let failure = error as? ServiceFailure ?? ServiceFailure(.temporaryFailure, "\(error)")
            context.logger.error("the service could not start", ["error": .string(failure.reason)])
            return context.lifecycle.shutDown((failure.exitCode, failure.reason))
        }
        context.logger.info(
            "started", ["start_ms": .integer((Timestamp.monotonicNanoseconds() - start) / 1_000_000)])
        running.set(true)
        let stop = context.lifecycle.waitForStop()
        running.set(false, detail: "stopping")
        return context.lifecycle.shutDown(stop)
    }

    private static func listen(_ address: ListenAddress, _ context: ServiceContext) throws -> OperationsServer {
        do {
            return try OperationsServer(address: address, health: context.health, metrics: context.metrics)
        } catch {
            throw ServiceFailure(.temporaryFailure, "operations.listen \(address) cannot be bound: \(error)")
        }
    }

    /// Runs asynchronous work while the main thread, which does nothing else, waits for it.
    private static func waiting<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) throws -> Value {
        let done = WakeUps()
        let slot = ResultSlot<Value>()
        Task.detached {
            do {
                let value = try await work()
                slot.set(.success(value))
            } catch {
                slot.set(.failure(error))
            }
            done.signal()
        }
        done.wait()
        return try slot.take()
    }

    private static func printError(_ text: String) {
        var line = text + "\n"
        line.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

/// Carries one result from a task to the thread that waits for it.
private final class ResultSlot<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)

    func set(_ value: Result<Value, any Error>) {
        result.withLock { $0 = value }
    }

    func take() throws -> Value {
        guard let value = result.withLock({ $0 }) else { preconditionFailure("a task ended without a result") }
        return try value.get()
    }
}
