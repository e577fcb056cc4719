import Foundation
import Glibc
import Network
import Testing
import TradingCore

@testable import Messaging
import Network

/// The broker that the environment names; tests on it are skipped without one.
enum TestCluster {
    static let servers = ProcessInfo.processInfo.environment["KAFKA_BOOTSTRAP_SERVERS"]
    static let isPresent = servers.map { !$0.isEmpty } ?? false
    /// An Apache Kafka distribution, for tests that must stop their broker.
    static let home = ProcessInfo.processInfo.environment["KAFKA_HOME"].flatMap { $0.isEmpty ? nil : $0 }

    static func settings(_ name: String) -> KafkaSettings {
        KafkaSettings(bootstrapServers: servers ?? "", clientID: name)
    }

    /// A catalogue of its own for each test, so that tests running at once do not meet.
    static func catalogue(_ name: String, accounts: Int = 1, markets: Int = 1) -> TopicCatalogue {
        let prefix = ProcessInfo.processInfo.environment["TEST_TOPIC_PREFIX"] ?? ""
        let unique = "\(prefix)\(name)-\(UInt32.random(in: 0 ... .max))."
        return TopicCatalogue(prefix: unique, accountPartitions: accounts, marketPartitions: markets)
    }

    static func remove(_ catalogue: TopicCatalogue, _ admin: KafkaAdmin) {
        do {
            let names = Topic.allCases.map(catalogue.name(of:))
            for name in try admin.partitionCounts(of: names).keys { try admin.delete(topic: name) }
        } catch {
            Issue.record(error)
        }
    }
}

/// The longest that a test waits for a condition, in milliseconds.
let patience: Int64 = 30_000

func monotonicMilliseconds() -> Int64 { Int64(MonotonicClock.milliseconds()) }

/// Runs `turn` until it returns true, sleeping on `wake` between turns.
@discardableResult
func eventually(_ wake: LogWake, _ turn: () throws -> Bool) rethrows -> Bool {
    let deadline = monotonicMilliseconds() + patience
    while monotonicMilliseconds() < deadline {
        wake.drain()
        if try turn() { return true }
        wake.wait(milliseconds: 20)
    }
    return false
}
