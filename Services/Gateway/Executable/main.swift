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
        ServiceCommand("migrate", help: "brings the database schema 'reference' up to date") {
            try Commands.migrate($0)
        },
    ],
    rules: GatewayKeys.rules,
    start: { context in
        try Commands.checkSchema(context)
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

    private static func migrator() throws -> Migrator {
        try Migrator(schema: ReferenceSchema.name, migrations: ReferenceSchema.migrations)
    }

    static func migrate(_ context: ServiceContext) throws -> ExitCode {
        let connection = PostgresConnection(GatewayService.database(context.configuration, "migrate"))
        try connection.connect()
        let applied = try migrator().migrate(connection)
        print("reference: \(applied.isEmpty ? "up to date" : "applied \(applied)")")
        return .clean
    }

    /// The schema must be the one that this release knows.
    static func checkSchema(_ context: ServiceContext) throws {
        let connection = PostgresConnection(GatewayService.database(context.configuration, "start"))
        try connection.connect()
        try migrator().check(connection)
        connection.close()
    }
}
