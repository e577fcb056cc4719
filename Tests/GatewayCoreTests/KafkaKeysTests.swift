import GatewayCore
import Messaging
import ProcessorKit
import ServiceKit
import Testing

/// How the keys of every service reach the client library.
struct KafkaKeysTests {
    private func parse(
        _ keys: [any ConfigurationDeclaration], _ environment: [String: String]
    ) throws(ConfigurationErrors) -> Configuration {
        let given = [
            "KAFKA_BOOTSTRAP_SERVERS": "a:1,b:2", "DATABASE_URL": "postgresql://x",
            "ENCRYPTION_KEY": String(repeating: "0", count: 64),
        ].merging(environment, uniquingKeysWith: { $1 })
        let schema = ConfigurationSchema(service: "demo", summary: "shows how", keys: keys, rules: KafkaKeys.rules)
        return try schema.parse(arguments: [], environment: given) { _ in
            .failure(FileReadError(reason: "No such file or directory"))
        }.configuration
    }

    @Test(arguments: [
        ["ENCRYPTION_KEY": "zz"], ["OPERATOR_TOKENS": "nameless-but-long-enough"], ["OPERATOR_TOKENS": "ann:short"],
        ["DATABASE_URL": "db"], ["REDIS_URL": "http://cache"],
    ])
    func `What a gateway could not start with is wrong configuration`(_ change: [String: String]) {
        #expect(throws: ConfigurationErrors.self) { try parse(GatewayKeys.all, change) }
    }

    @Test func `Without keys of their own connections are plain`() throws {
        let settings = try parse(GatewayKeys.all, [:]).kafkaSettings(clientID: "gateway")
        #expect(settings.bootstrapServers == "a:1,b:2")
        #expect(settings.properties == ["security.protocol": "PLAINTEXT"])
    }

    @Test(arguments: [GatewayKeys.all, ProcessorKeys.all])
    func `A SASL principal and its authorities reach every handle`(_ keys: [any ConfigurationDeclaration]) throws {
        let settings = try parse(
            keys,
            [
                "KAFKA_SECURITY_PROTOCOL": "SASL_SSL", "KAFKA_SASL_USERNAME": "venue", "KAFKA_SASL_PASSWORD": "hunter2",
                "KAFKA_SSL_CA_LOCATION": "/etc/ca.pem",
            ]
        ).kafkaSettings(clientID: "venue")
        #expect(
            settings.properties == [
                "security.protocol": "SASL_SSL", "sasl.mechanism": "SCRAM-SHA-512", "sasl.username": "venue",
                "sasl.password": "hunter2", "ssl.ca.location": "/etc/ca.pem",
            ])
    }

    @Test func `TLS alone takes no principal`() throws {
        let settings = try parse(ProcessorKeys.all, ["KAFKA_SECURITY_PROTOCOL": "SSL"]).kafkaSettings(clientID: "venue")
        #expect(settings.properties == ["security.protocol": "SSL"])
    }

    @Test(arguments: [
        ["KAFKA_SECURITY_PROTOCOL": "SASL_SSL", "KAFKA_SASL_USERNAME": "venue"],
        ["KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT", "KAFKA_SASL_PASSWORD": "hunter2"],
        ["KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_SASL_USERNAME": "venue", "KAFKA_SASL_PASSWORD": "hunter2"],
        ["KAFKA_SECURITY_PROTOCOL": "TLS"],
    ])
    func `A principal without a SASL protocol, or the other way round, is an error`(_ environment: [String: String]) {
        let error = #expect(throws: ConfigurationErrors.self) { try parse(ProcessorKeys.all, environment) }
        #expect(error?.errors.description.contains("kafka.security-protocol") == true)
        #expect(error?.errors.description.contains("hunter2") == false)
    }
}
