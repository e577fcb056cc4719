import LedgerServiceBooks
import Messaging
import ProcessorKit
import ServiceKit
import Storage
import TradingCore

let ledgerService = ServiceDefinition(
    name: "ledger-service",
    summary: "Holds before matching, settles what was matched, keeps the double-entry books.",
    operationsPort: 9102,
    keys: LedgerKeys.all,
    commands: [
        ServiceCommand("migrate", help: "brings the database schema 'ledger' up to date") { context in
            try LedgerDatabase.migrate(context)
        },
        ServiceCommand("verify", help: "recomputes every invariant of the books; exit code 1 when one is broken") {
            context in
            try LedgerDatabase.verify(context)
        },
    ],
    rules: ProcessorKeys.rules,
    start: { context in try LedgerDatabase.start(context) })

ServiceMain.run(ledgerService)

enum LedgerKeys {
    /// A checkpoint is a transaction of the books, and balances in the database are as old as the last one.
    static let checkpointInterval = ConfigurationKey.duration(
        StandardKeys.checkpointInterval.name, default: .milliseconds(500), in: .milliseconds(50) ... .seconds(60),
        help: "time between two transactions of the books")

    static let maximumUnsaved = ConfigurationKey.integer(
        "books.maximum-unsaved", default: 500_000, in: 1_000...10_000_000,
        help: "records that may be applied and not in the books, while PostgreSQL is away; then the inbox waits")

    static var all: [any ConfigurationDeclaration] {
        ProcessorKeys.all.filter { $0.name != checkpointInterval.name } + [
            checkpointInterval, maximumUnsaved, StandardKeys.databaseURL,
        ]
    }
}

/// The service's database and how everything is put together.
enum LedgerDatabase {
    /// The least time between two frames of account events of which none answers a request: balances that have changed. A
    /// frame costs the broker and every gateway the same, however much is in it.
    private static let frameMilliseconds: Int64 = 5

    static func configuration(_ context: ServiceContext, _ purpose: String) -> PostgresConfiguration {
        PostgresConfiguration(
            url: context.configuration[StandardKeys.databaseURL].revealed, applicationName: "ledger-service \(purpose)")
    }

    static func migrate(_ context: ServiceContext) throws -> ExitCode {
        let connection = PostgresConnection(configuration(context, "migrate"))
        try connection.connect()
        let applied = try LedgerSchema.migrator().migrate(connection)
        print("ledger: \(applied.isEmpty ? "up to date" : "applied \(applied)")")
        return .clean
    }

    static func verify(_ context: ServiceContext) throws -> ExitCode {
        var configuration = configuration(context, "verify")
        // The whole journal is read: that takes as long as it takes.
        configuration.statementTimeoutMilliseconds = 0
        configuration.replyTimeoutMilliseconds = 3_600_000
        let connection = PostgresConnection(configuration)
        try connection.connect()
        try LedgerSchema.migrator().check(connection)
        let verification = try LedgerVerification(connection)
        print(verification.report)
        return verification.isPassed ? .clean : .failed
    }

    static func start(_ context: ServiceContext) throws {
        let connection = PostgresConnection(configuration(context, "start"))
        try connection.connect()
        try LedgerSchema.migrator().check(connection)
        connection.close()
        let database = configuration(context, "books")
        let maximumUnsaved = Int(context.configuration[LedgerKeys.maximumUnsaved])
        var definition = ProcessorDefinition<LedgerMachine>(
            kind: .ledgerService, inbox: .ledger,
            makeSink: { inbox, wake in
                try BackgroundCheckpoints(LedgerBooks(database, partition: Int(inbox.partition)), wake: wake)
            },
            makeMachine: { partition, state throws(StateError) in
                try LedgerMachine(partition: partition, state: state, content: .changes)
            })
        definition.configure = {
            $0.maximumUnsavedRecords = maximumUnsaved
            $0.frameMilliseconds[.accountEvents] = LedgerDatabase.frameMilliseconds
        }
        try ProcessorService.start(definition, context)
    }
}
