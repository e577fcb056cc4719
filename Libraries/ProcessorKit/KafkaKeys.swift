import Messaging
import ServiceKit

/// Configuration keys of every service that talks to Kafka.
public enum KafkaKeys {
    public static let securityProtocol = ConfigurationKey.choice(
        "kafka.security-protocol", default: "PLAINTEXT", of: ["PLAINTEXT", "SSL", "SASL_SSL", "SASL_PLAINTEXT"],
        help: "how connections to brokers are secured")
    public static let saslMechanism = ConfigurationKey.choice(
        "kafka.sasl.mechanism", default: "SCRAM-SHA-512", of: ["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"],
        help: "how the service proves who it is, with a SASL protocol")
    public static let saslUsername = ConfigurationKey.text(
        "kafka.sasl.username", default: "", help: "with a SASL protocol: the service's principal")
    public static let saslPassword = ConfigurationKey.secret(
        "kafka.sasl.password", default: "", help: "with a SASL protocol: the principal's password")
    public static let certificateAuthorities = ConfigurationKey.text(
        "kafka.ssl.ca-location", default: "",
        help: "with SSL: file of the authorities (PEM) that sign brokers' certificates; empty means the system's")

    /// To be declared by the service beside its own.
    public static let all: [any ConfigurationDeclaration] = [
        StandardKeys.kafkaBootstrapServers, StandardKeys.kafkaTopicPrefix, securityProtocol, saslMechanism,
        saslUsername, saslPassword, certificateAuthorities,
    ]

    /// A SASL protocol has a name and a password, and no other one has: they would not be used.
    public static let rules: [@Sendable (Configuration) -> ConfigurationError?] = [
        { configuration in
            let name = configuration[securityProtocol]
            let isNamed = !configuration[saslUsername].isEmpty
            let hasPassword = !configuration[saslPassword].isEmpty
            if usesSASL(configuration), !isNamed || !hasPassword {
                return .rule(
                    "kafka.security-protocol is \(name): kafka.sasl.username and kafka.sasl.password are required")
            }
            if !usesSASL(configuration), isNamed || hasPassword {
                return .rule("kafka.sasl.username or kafka.sasl.password is set and kafka.security-protocol is \(name)")
            }
            return nil
        }
    ]

    fileprivate static func usesSASL(_ configuration: Configuration) -> Bool {
        configuration[securityProtocol].hasPrefix("SASL")
    }

    fileprivate static func usesTLS(_ configuration: Configuration) -> Bool {
        configuration[securityProtocol].hasSuffix("SSL")
    }
}

extension Configuration {
    /// How a service reaches Kafka.
    ///
    /// - Parameter clientID: shown in the broker's logs.
    public func kafkaSettings(clientID: String) -> KafkaSettings {
        var properties = ["security.protocol": self[KafkaKeys.securityProtocol]]
        if KafkaKeys.usesSASL(self) {
            properties["sasl.mechanism"] = self[KafkaKeys.saslMechanism]
            properties["sasl.username"] = self[KafkaKeys.saslUsername]
            properties["sasl.password"] = self[KafkaKeys.saslPassword].revealed
        }
        let authorities = self[KafkaKeys.certificateAuthorities]
        if KafkaKeys.usesTLS(self), !authorities.isEmpty { properties["ssl.ca.location"] = authorities }
        return KafkaSettings(
            bootstrapServers: self[StandardKeys.kafkaBootstrapServers].joined(separator: ","), clientID: clientID,
            properties: properties)
    }
}
