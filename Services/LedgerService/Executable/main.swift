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
        ServiceDatabase.ledger.migrate,
        ServiceCommand("verify", help: "recomputes every invariant of the books; exit code 1 when one is broken") {
            context in
            try LedgerProcess.verify(context)
        },
    ],
    rules: ProcessorKeys.rules,
    start: { context in try LedgerProcess.start(context) })

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

/// How everything is put together.
enum LedgerProcess {
    /// The least time between two frames of account events of which none answers a request: balances that have changed. A
    /// frame costs the broker and every gateway the same, however much is in it.
    private static let frameMilliseconds: Int64 = 5

    static func verify(_ context: ServiceContext) throws -> ExitCode {
        var configuration = ServiceDatabase.ledger.settings(context.configuration, "verify")
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
        try ServiceDatabase.ledger.check(context.configuration)
        let database = ServiceDatabase.ledger.settings(context.configuration, "books")
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
            $0.frameMilliseconds[.accountEvents] = LedgerProcess.frameMilliseconds
        }
        try ProcessorService.start(definition, context)
    }
}
