import Messaging
import Network
import OrderServiceCore
import OrderServiceHistory
import OrderServiceMachine
import ProcessorKit
import ServiceKit
import Storage
import TradingCore

let orderService = ServiceDefinition(
    name: "order-service",
    summary: "Checks orders and other commands, account by account, and keeps the history of orders.",
    operationsPort: 9101,
    keys: ProcessorKeys.all + [StandardKeys.databaseURL],
    commands: [ServiceDatabase.orders.migrate],
    rules: ProcessorKeys.rules,
    start: { context in try OrderProcess.start(context) })

ServiceMain.run(orderService)

/// How everything is put together.
enum OrderProcess {
    /// The database may wait a moment, and a fetch costs the same however much it brings: so few, large ones.
    private static let historyFetch = ["fetch.wait.max.ms": "50", "fetch.min.bytes": "131072"]

    static func start(_ context: ServiceContext) throws {
        try ServiceDatabase.orders.check(context.configuration)
        let database = ServiceDatabase.orders.settings(context.configuration, "checkpoints")
        let lastTrades = LastTrades()
        let catalogue = try TopicLookup.waitForCatalogue(
            context.configuration.kafkaSettings(clientID: "order-service"), context)
        let shard = try context.configuration.shard()
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
