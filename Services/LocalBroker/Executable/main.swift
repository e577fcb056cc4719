import LocalBroker
import Network
import ServiceKit

let localBroker = ServiceDefinition(
    name: "local-broker",
    summary: "A durable log on one machine behind the Kafka protocol.",
    operationsPort: 9106,
    keys: LocalBrokerKeys.all,
    start: { context in try LocalBrokerProcess.start(context) })

ServiceMain.run(localBroker)

enum LocalBrokerKeys {
    static let listen = ConfigurationKey.listenAddress(
        "listen", default: .loopback(port: 9092), help: "where clients connect; they are not authenticated")
    static let advertisedHost = ConfigurationKey.text(
        "advertised.host", default: "", help: "the name or address that clients are told; empty for that of listen")
    static let folder = ConfigurationKey.text("data.directory", default: nil, help: "folder for the log, kept for good")
    static let noSync = ConfigurationKey.flag(
        "no-sync",
        help: "acknowledges a record once it is written to its file: the end of the process loses none, a power cut may"
    )
    static let nodeID = ConfigurationKey.integer(
        "node.id", default: 1, in: 0...2_147_483_647, help: "the broker's number")
    static let createsTopics = ConfigurationKey.flag(
        "auto-create-topics", default: true, help: "makes a topic that a client asks for and that does not exist")
    static let partitions = ConfigurationKey.integer(
        "default-partitions", default: 1, in: 1...1_024, help: "partitions of a topic made without a number of them")
    static let retention = ConfigurationKey.integer(
        "retention.ms", default: 604_800_000, in: -1...(Int.max),
        help: "milliseconds for which records are kept where the topic does not say; -1 for good")
    static let maximumConnections = ConfigurationKey.integer(
        "connections", default: 1_000, in: 1...100_000, help: "connections that may be open at once")
    static let maximumRequestBytes = ConfigurationKey.integer(
        "request.max-bytes", default: 64 << 20, in: (1 << 20)...(1 << 30), help: "size of the largest request taken")

    static let all: [any ConfigurationDeclaration] = [
        listen, advertisedHost, folder, noSync, nodeID, createsTopics, partitions, retention, maximumConnections,
        maximumRequestBytes,
    ]
}

enum LocalBrokerProcess {
    static func start(_ context: ServiceContext) throws {
        let options = options(context.configuration)
        let ready = context.health.condition("log")
        let logger = context.logger
        let thread: EventLoopThread
        do {
            thread = try EventLoopThread.start(name: "broker") { loop in
                let server = try BrokerServer(options, on: loop) { logger.warning($0) }
                logger.info(
                    "listening",
                    [
                        "address": .string(options.address), "port": .integer(Int(server.port)),
                        "topics": .integer(server.topicCount), "cluster": .string(server.clusterID),
                        "sync": .boolean(options.syncs),
                    ])
            }
        } catch let failure as BrokerFailure {
            throw ServiceFailure(.badConfiguration, failure.description)
        }
        ready.set(true)
        context.lifecycle.onShutdown("close the log") {
            thread.stop()
            thread.join()
        }
    }

    private static func options(_ configuration: Configuration) -> BrokerOptions {
        let listen = configuration[LocalBrokerKeys.listen]
        let host = configuration[LocalBrokerKeys.advertisedHost]
        var options = BrokerOptions(folder: configuration[LocalBrokerKeys.folder])
        options.address = listen.address
        options.port = listen.port
        options.advertisedHost = host.isEmpty ? nil : host
        options.syncs = !configuration[LocalBrokerKeys.noSync]
        options.nodeID = Int32(configuration[LocalBrokerKeys.nodeID])
        options.createsTopics = configuration[LocalBrokerKeys.createsTopics]
        options.defaultPartitions = Int32(configuration[LocalBrokerKeys.partitions])
        options.retentionMilliseconds = Int64(configuration[LocalBrokerKeys.retention])
        options.maximumConnections = configuration[LocalBrokerKeys.maximumConnections]
        options.maximumRequestBytes = configuration[LocalBrokerKeys.maximumRequestBytes]
        return options
    }
}
