import Crypto
import ProcessorKit
import ServiceKit

/// The gateway's configuration.
public enum GatewayKeys {
    public static let listen = ConfigurationKey.listenAddress(
        "listen", default: .loopback(port: 8080), help: "where the client API is")
    public static let operatorListen = ConfigurationKey.listenAddress(
        "operator.listen", default: .loopback(port: 8081), help: "where the operator API is; a private address")
    public static let operatorTokens = ConfigurationKey<SecretList>(
        "operator.tokens", default: SecretList([]),
        help: "operators' tokens; without any, only this machine may be an operator",
        limitText: "name:token, tokens of at least \(OperatorToken.minimumLength) characters"
    ) { tokens in
        tokens.revealed.allSatisfy { OperatorToken.isValid($0) }
    }
    public static let slot = ConfigurationKey.integer(
        "gateway.slot", default: 0, in: 0...65_535, help: "instance number; no two gateways that run have the same")
    public static let frameInterval = ConfigurationKey.duration(
        "gateway.frame-interval", default: .milliseconds(2), in: .zero ... .milliseconds(100),
        help: "least time between two frames of a partition; 0 turns it off")
    public static let loops = ConfigurationKey.integer(
        "gateway.loops", default: 2, in: 1...64, help: "event loops for clients' sockets, a thread each")
    public static let openRequests = ConfigurationKey.integer(
        "gateway.open-requests", default: 20_000, in: 1...1_000_000,
        help: "requests that may wait for the log; further ones are shed")
    public static let encryptionKey = ConfigurationKey<Secret>(
        "encryption.key", default: nil, help: "the key under which API secrets are stored",
        limitText: "\(2 * AESGCM.keyLength) hexadecimal digits"
    ) { key in
        Hex.decode(key.revealed)?.count == AESGCM.keyLength
    }
    public static let requestWeight = ConfigurationKey.integer(
        "limits.request-weight", default: 6_000, in: 1...1_000_000_000,
        help: "request weight a minute, per address or API key")
    public static let rawRequests = ConfigurationKey.integer(
        "limits.raw-requests", default: 61_000, in: 1...1_000_000_000,
        help: "requests in five minutes, per address or API key")

    public static let connections = ConfigurationKey.integer(
        "limits.connections", default: 300, in: 0...1_000_000_000,
        help: "attempts to open a socket in five minutes, per address; 0 turns it off")

    public static let all: [any ConfigurationDeclaration] =
        [
            listen, operatorListen, operatorTokens, slot, frameInterval, loops, openRequests, encryptionKey,
            requestWeight, rawRequests, connections,
        ] + KafkaKeys.all + [
            StandardKeys.kafkaPartitions, StandardKeys.kafkaReplicationFactor, StandardKeys.databaseURL,
            StandardKeys.redisURL,
        ]

    /// The operator API does not start open where others reach it.
    public static let rules: [@Sendable (Configuration) -> ConfigurationError?] =
        KafkaKeys.rules + [
            { configuration in
                guard configuration[operatorTokens].isEmpty, !configuration[operatorListen].isLoopback else {
                    return nil
                }
                return .rule(
                    "operator.listen is \(configuration[operatorListen]) and operator.tokens is empty: name a token")
            }
        ]
}
