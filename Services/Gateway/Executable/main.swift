import GatewayCore
import Messaging
import ProcessorKit
import ServiceKit
import Storage

let gateway = ServiceDefinition(
    name: "gateway",
    summary: "The client API (REST, WebSocket) and, on a private port, the operator API.",
    operationsPort: 9100,
    keys: GatewayKeys.all,
    commands: [
        ServiceCommand("topics", help: "creates the venue's topics") { try Commands.topics($0) },
        ServiceDatabase.reference.migrate,
    ],
    rules: GatewayKeys.rules,
    start: { context in
        try ServiceDatabase.reference.check(context.configuration)
        try await GatewayService.start(context)
    })

ServiceMain.run(gateway)

enum Commands {
    static func topics(_ context: ServiceContext) throws -> ExitCode {
        let configuration = context.configuration
        let partitions = configuration[StandardKeys.kafkaPartitions]
        let replicas = configuration[StandardKeys.kafkaReplicationFactor]
        let catalogue = TopicCatalogue(
            prefix: configuration[StandardKeys.kafkaTopicPrefix], accountPartitions: partitions,
            marketPartitions: partitions, replication: replicas, minimumInSync: replicas > 2 ? 2 : 1)
        let admin = try KafkaAdmin(configuration.kafkaSettings(clientID: "gateway-topics"))
        let changes = try catalogue.create(with: admin)
        print(changes.isEmpty ? "topics: up to date" : changes.joined(separator: "\n"))
        return .clean
    }
}
