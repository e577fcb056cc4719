import MarketDataBroadcasterCore
import MarketDataBroadcasterMachine
import MarketDataBroadcasterProjection
import Messaging
import Network
import ProcessorKit
import ServiceKit
import Storage
import TradingCore

let marketDataBroadcaster = ServiceDefinition(
    name: "market-data-broadcaster",
    summary: "Publishes books, trades, tickers and candles, market by market.",
    operationsPort: 9104,
    keys: ProcessorKeys.all + [StandardKeys.checkpointDirectory, StandardKeys.databaseURL, StandardKeys.redisURL],
    commands: [ServiceDatabase.marketData.migrate],
    rules: ProcessorKeys.rules,
    start: { context in try Broadcaster.start(context) })

ServiceMain.run(marketDataBroadcaster)

/// How everything is put together.
enum Broadcaster {
    /// The least time between two frames of market data. A frame costs the broker and every gateway the same, however much is
    /// in it; streams are sent in far longer rounds.
    private static let frameMilliseconds: Int64 = 5
    /// The database may wait a moment, and a fetch costs the same however much it brings: so few, large ones.
    private static let projectionFetch = ["fetch.wait.max.ms": "200", "fetch.min.bytes": "131072"]

    static func start(_ context: ServiceContext) throws {
        let catalogue = try TopicLookup.waitForCatalogue(
            context.configuration.kafkaSettings(clientID: "market-data-broadcaster"), context)
        let shard = try context.configuration.shard()
        let owned = catalogue.partitions(of: .marketData).filter { shard.owns(partition: Int($0.partition)) }
        var settings = context.configuration.kafkaSettings(clientID: "market-data-broadcaster-projection")
        settings.fetchProperties = projectionFetch
        let projection = try MarketDataProjectionThread(context, partitions: owned) {
            [settings, logger = context.logger] in
            try KafkaLog(settings, catalogue: catalogue) { logger.warning("kafka", ["event": .string("\($0)")]) }
        }
        run("projection", context, projection.run, stop: projection.stop)
        let pictures = try HotPictures(context)
        run("pictures", context, pictures.run, stop: pictures.stop)

        let folder = context.configuration[StandardKeys.checkpointDirectory]
        var definition = ProcessorDefinition<BroadcasterMachine>(
            kind: .marketDataBroadcaster, inbox: .executions,
            makeSink: { inbox, wake in
                let store = try FileCheckpointStore(folder: folder, name: "\(inbox)")
                return try BackgroundCheckpoints(StoredCheckpoints(store), wake: wake)
            },
            makeMachine: { partition, state throws(StateError) in
                try BroadcasterMachine(partition: partition, state: state)
            })
        definition.configure = { $0.frameMilliseconds[.marketData] = Broadcaster.frameMilliseconds }
        let taker = PictureTaker(pictures)
        definition.afterTurn = { host, now in taker.turn(host, now) }
        try ProcessorService.start(definition, context)
    }

    /// A thread that ends with the service, after what was started later.
    private static func run(
        _ name: String, _ context: ServiceContext, _ body: @escaping @Sendable () -> Void,
        stop: @escaping @Sendable () -> Void
    ) {
        let thread = WorkerThread(name: name, body)
        context.lifecycle.onShutdown("end the \(name)") {
            stop()
            thread.join()
        }
    }
}
