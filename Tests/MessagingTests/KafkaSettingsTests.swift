import Messaging
import Testing

/// What the client library says of its settings. No broker is needed.
struct KafkaSettingsTests {
    private static let fetching = ["fetch.wait.max.ms": "200", "fetch.min.bytes": "131072"]

    private func settings() -> KafkaSettings { KafkaSettings(bootstrapServers: "127.0.0.1:1", clientID: "settings") }

    /// The warnings of both handles of a log, by what they are about.
    private func warnings(_ settings: KafkaSettings) throws -> (outbox: [String], inbox: [String]) {
        let wake = try LogWake()
        let outbox = try KafkaOutbox(settings, wake: wake)
        let inbox = try KafkaInbox(settings, wake: wake)
        var found: (outbox: [String], inbox: [String]) = ([], [])
        outbox.outcomes({ _, _ in }, events: { if let text = warning($0) { found.outbox.append(text) } })
        inbox.events { if let text = warning($0) { found.inbox.append(text) } }
        return found
    }

    private func warning(_ event: KafkaEvent) -> String? {
        if case .log(_, "CONFWARN", let text) = event { return text }
        return nil
    }

    @Test func `How an inbox fetches is not told to an outbox`() throws {
        var fetching = settings()
        fetching.fetchProperties = KafkaSettingsTests.fetching
        let found = try warnings(fetching)
        #expect(found.outbox == [])
        #expect(found.inbox == [])
    }

    @Test func `A consumer's property for every handle is warned of`() throws {
        var everywhere = settings()
        everywhere.properties = KafkaSettingsTests.fetching
        #expect(try warnings(everywhere).outbox.count == 2)
    }

    @Test func `TLS and SCRAM are built into the client library`() throws {
        var secured = settings()
        secured.properties = [
            "security.protocol": "SASL_SSL", "sasl.mechanism": "SCRAM-SHA-512", "sasl.username": "venue",
            "sasl.password": "secret",
        ]
        let found = try warnings(secured)
        #expect(found.outbox == [])
        #expect(found.inbox == [])
    }
}
