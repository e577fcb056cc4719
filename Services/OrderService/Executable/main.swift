import Messaging
import Network
import OrderServiceCore
import OrderServiceHistory
import ProcessorKit
import ServiceKit
import Storage
import TradingCore

let orderService = ServiceDefinition(
    name: "order-service",
    summary: "Checks orders and other commands, account by account, and keeps the history of orders.",
    operationsPort: 9101,
    keys: ProcessorKeys.all + [StandardKeys.databaseURL],
    commands: [
        ServiceCommand("migrate", help: "brings the database schema 'orders' up to date") { context in
            try OrderDatabase.migrate(context)
        }
    ],
    rules: ProcessorKeys.rules,
    start: { context in try OrderDatabase.start(context) })

ServiceMain.run(orderService)

/// The service's database and how everything is put together.
enum OrderDatabase {
    /// The database may wait a moment, and a fetch costs the same however much it brings: so few, large ones.
    private static let historyFetch = ["fetch.wait.max.ms": "50", "fetch.min.bytes": "131072"]

    static func configuration(_ context: ServiceContext, _ purpose: String) -> PostgresConfiguration {
        PostgresConfiguration(
            url: context.configuration[StandardKeys.databaseURL].revealed, applicationName: "order-service \(purpose)")
    }

    private static func migrator() throws -> Migrator {
        try Migrator(
            schema: OrderSchema.name,
            migrations: OrderSchema.migrations.enumerated().map { index, migration in
                Migration(number: index + 1, name: migration.name, sql: migration.sql)
            })
    }

    static func migrate(_ context: ServiceContext) throws -> ExitCode {
        let connection = PostgresConnection(configuration(context, "migrate"))
        try connection.connect()
        let applied = try migrator().migrate(connection)
        print("orders: \(applied.isEmpty ? "up to date" : "applied \(applied)")")
        return .clean
    }

    static func start(_ context: ServiceContext) throws {
        let connection = PostgresConnection(configuration(context, "start"))
        try connection.connect()
        try migrator().check(connection)
        connection.close()
        let database = configuration(context, "checkpoints")
        let lastTrades = LastTrades()
        let catalogue = try TopicLookup.waitForCatalogue(
            context.configuration.kafkaSettings(clientID: "order-service"), context)
        guard
            let shard = Shard(
                index: context.configuration[StandardKeys.shardIndex],
                count: context.configuration[StandardKeys.shardCount])
        else { throw ServiceFailure(.badConfiguration, "shard.index must be below shard.count") }
        var definition = ProcessorDefinition<OrderMachine>(
            kind: .orderService, inbox: .orders,
            makeSink: { inbox, wake in
                try BackgroundCheckpoints(
                    OrderCheckpoints(database, partition: Int(inbox.partition)), wake: wake)
            },
            makeMachine: { partition, state throws(StateError) in
                try OrderMachine(partition: partition, state: state)
            })
        let teller = TellerBox(lastTrades)
        definition.afterTurn = { host, now in teller.turn(host, now) }
        var settings = context.configuration.kafkaSettings(clientID: "order-service-history")
        settings.fetchProperties = historyFetch
        let history = try HistoryThread(context, catalogue: catalogue, shard: shard, lastTrades: lastTrades) {
            [settings, logger = context.logger] in
            try KafkaLog(settings, catalogue: catalogue) { logger.warning("kafka", ["event": .string("\($0)")]) }
        }
        let thread = WorkerThread(name: "history") { history.run() }
        context.lifecycle.onShutdown("store the history") {
            history.stop()
            thread.join()
        }
        try ProcessorService.start(definition, context)
    }
}

/// Carries the teller to the processors' thread, which alone uses it.
final class TellerBox: @unchecked Sendable {
    private let teller: ReferencePriceTeller

    init(_ lastTrades: LastTrades) { teller = ReferencePriceTeller(lastTrades) }

    func turn(_ host: ProcessorHost<OrderMachine, KafkaLog>, _ now: Int64) { teller.turn(host, now: now) }
}
