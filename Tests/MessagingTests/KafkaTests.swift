import Foundation
import Testing

import TradingCore

@testable import Messaging

/// The wrapper on a real broker. Skipped unless KAFKA_BOOTSTRAP_SERVERS names one.
@Suite(.enabled(if: TestCluster.isPresent, "KAFKA_BOOTSTRAP_SERVERS is not set"))
struct KafkaTests {
    @Test func `Creating the topics twice changes nothing the second time`() throws {
        let admin = try KafkaAdmin(TestCluster.settings("admin"))
        var catalogue = TestCluster.catalogue("catalogue")
        defer { TestCluster.remove(catalogue, admin) }
        #expect(try catalogue.create(with: admin).count == Topic.allCases.count)
        #expect(try catalogue.create(with: admin) == [])
        let settings = try admin.configuration(of: catalogue.name(of: .orders))
        #expect(settings["message.timestamp.type"] == "LogAppendTime")
        #expect(try admin.configuration(of: catalogue.name(of: .referenceData))["cleanup.policy"] == "compact")

        catalogue.accountPartitions = 3
        #expect(try catalogue.create(with: admin).count == 3)
        let orders = catalogue.name(of: .orders)
        try eventuallyTrue { try admin.partitionCounts(of: [orders]) == [orders: 3] }
    }

    @Test func `A topic that exists otherwise is a mismatch that names the setting`() throws {
        let admin = try KafkaAdmin(TestCluster.settings("admin"))
        let catalogue = TestCluster.catalogue("mismatch", accounts: 2)
        defer { TestCluster.remove(catalogue, admin) }
        var configuration = catalogue.configuration(of: .orders)
        configuration["message.timestamp.type"] = "CreateTime"
        let orders = catalogue.name(of: .orders)
        try admin.create(topic: orders, partitions: 2, replication: 1, configuration: configuration)
        try eventuallyTrue { try admin.partitionCounts(of: [orders]) == [orders: 2] }
        let expected = TopicMismatch(
            topic: orders, setting: "message.timestamp.type", found: "CreateTime", wanted: "LogAppendTime")
        #expect(throws: expected) { try catalogue.create(with: admin) }
        var fewer = catalogue
        fewer.accountPartitions = 1
        #expect(throws: TopicMismatch.self) { try fewer.create(with: admin) }
    }

    @Test func `Frames come back in order with their offsets and append times`() throws {
        let fixture = try KafkaFixture("order")
        defer { fixture.remove() }
        try fixture.inbox.start(topic: fixture.topic, partition: 0, offset: 0, source: 7)
        let count = 100
        var acknowledged: [Int64] = []
        var read: [(Int, Int64, Int64, [UInt8])] = []
        var submitted = 0
        let done = try eventually(fixture.wake) {
            fixture.outbox.outcomes { token, outcome in
                #expect(outcome == .acknowledged(offset: Int64(token)))
                acknowledged.append(Int64(token))
            } events: { _ in
            }
            if submitted < count, submitted == acknowledged.count {
                let frame: [UInt8] = [UInt8(submitted), 1, 2, 3]
                try fixture.outbox.submit(frame.span.bytes, topic: fixture.topic, partition: 0, token: UInt(submitted))
                submitted += 1
            }
            fixture.inbox.take { read.append(($0, $1, $2, Array(copying: $3))) }
            return read.count == count && acknowledged.count == count
        }
        #expect(done)
        #expect(read.map(\.0) == Array(repeating: 7, count: count))
        #expect(read.map(\.1) == (0..<Int64(count)).map { $0 })
        #expect(read.map(\.3) == (0..<count).map { [UInt8($0), 1, 2, 3] })
        #expect(zip(read, read.dropFirst()).allSatisfy { $0.2 <= $1.2 })
        #expect(read.allSatisfy { $0.2 > 1_600_000_000_000 })
    }

    @Test func `A frame larger than the topic allows is refused and the next one goes through`() throws {
        let fixture = try KafkaFixture("refused", limit: 10_000)
        defer { fixture.remove() }
        var outcomes: [KafkaOutbox.Outcome] = []
        for size in [20_000, 10] {
            let frame = [UInt8](repeating: 1, count: size)
            try fixture.outbox.submit(frame.span.bytes, topic: fixture.topic, partition: 0, token: 1)
            let before = outcomes.count
            eventually(fixture.wake) {
                fixture.outbox.outcomes {
                    outcomes.append($1)
                } events: { _ in
                }
                return outcomes.count > before
            }
        }
        guard outcomes.count == 2, case .refused(let error) = outcomes[0] else {
            Issue.record("outcomes are \(outcomes)")
            return
        }
        #expect(error.name == "MSG_SIZE_TOO_LARGE")
        #expect(!error.isRetryable)
        #expect(outcomes[1] == .acknowledged(offset: 0))
    }

    @Test func `An offset outside the log interrupts the source`() throws {
        let fixture = try KafkaFixture("range")
        defer { fixture.remove() }
        try fixture.inbox.start(topic: fixture.topic, partition: 0, offset: 5, source: 3)
        var interruptions: [KafkaInbox.Interruption] = []
        eventually(fixture.wake) {
            fixture.inbox.take({ _, _, _, _ in }, interrupted: { interruptions.append($1) })
            return !interruptions.isEmpty
        }
        #expect(interruptions == [.offsetOutOfRange])
    }

    @Test func `Offsets are looked up for many partitions at once`() throws {
        let fixture = try KafkaFixture("offsets", partitions: 3)
        defer { fixture.remove() }
        for partition: Int32 in [1, 2, 2] {
            var acknowledged = false
            let frame: [UInt8] = [1]
            try fixture.outbox.submit(frame.span.bytes, topic: fixture.topic, partition: partition, token: 1)
            eventually(fixture.wake) {
                fixture.outbox.outcomes { _, _ in
                    acknowledged = true
                } events: { _ in
                }
                return acknowledged
            }
        }
        let partitions = (0..<3).map { KafkaAdmin.Partition(topic: fixture.topic, partition: $0) }
        let latest = try fixture.admin.offsets(.latest, of: partitions)
        #expect(partitions.map { latest[$0] } == [0, 1, 2])
        let earliest = try fixture.admin.offsets(.earliest, of: partitions)
        #expect(partitions.map { earliest[$0] } == [0, 0, 0])
        let sinceEver = try fixture.admin.offsets(.time(milliseconds: 1_000), of: partitions)
        #expect(partitions.map { sinceEver[$0] } == [0, 0, 0])
        let future = try fixture.admin.offsets(.time(milliseconds: 4_000_000_000_000), of: partitions)
        #expect(partitions.map { future[$0] } == [0, 1, 2])
        #expect(try !fixture.admin.clusterID().isEmpty)
    }

    @Test func `Purging refuses what is in flight while no broker answers`() throws {
        let wake = try LogWake()
        let outbox = try KafkaOutbox(
            KafkaSettings(bootstrapServers: "127.0.0.1:1", clientID: "purge"), wake: wake)
        let frame: [UInt8] = [1]
        try outbox.submit(frame.span.bytes, topic: "nowhere", partition: 0, token: 9)
        var events: [KafkaEvent] = []
        var outcomes: [UInt] = []
        eventually(wake) {
            outbox.outcomes { token, _ in
                outcomes.append(token)
            } events: {
                events.append($0)
            }
            return events.contains { if case .disturbed = $0 { true } else { false } }
        }
        #expect(outcomes.isEmpty)
        outbox.purge()
        eventually(wake) {
            outbox.outcomes { token, _ in
                outcomes.append(token)
            } events: { _ in
            }
            return !outcomes.isEmpty
        }
        #expect(outcomes == [9])
    }

    @Test func `A setting that Kafka does not know is an error that names it`() throws {
        let settings = KafkaSettings(bootstrapServers: "x:1", clientID: "x", properties: ["no.such.thing": "1"])
        let error = #expect(throws: KafkaError.self) { _ = try KafkaAdmin(settings) }
        #expect(error?.description.contains("no.such.thing") == true)
    }

    private func eventuallyTrue(_ condition: () throws -> Bool) rethrows {
        let deadline = monotonicMilliseconds() + patience
        while monotonicMilliseconds() < deadline {
            if try condition() { return }
        }
        Issue.record("the condition did not become true")
    }
}

/// A topic with an inbox and an outbox on one wake-up.
final class KafkaFixture {
    let admin: KafkaAdmin
    let topic: String
    let wake: LogWake
    let inbox: KafkaInbox
    let outbox: KafkaOutbox

    init(_ name: String, partitions: Int = 1, limit: Int = KafkaSettings.maximumMessageBytes) throws {
        admin = try KafkaAdmin(TestCluster.settings("admin"))
        let catalogue = TestCluster.catalogue(name)
        topic = catalogue.name(of: .orders)
        var configuration = catalogue.configuration(of: .orders)
        configuration["max.message.bytes"] = "\(limit)"
        try admin.create(topic: topic, partitions: partitions, replication: 1, configuration: configuration)
        wake = try LogWake()
        inbox = try KafkaInbox(TestCluster.settings("inbox"), wake: wake)
        outbox = try KafkaOutbox(TestCluster.settings("outbox"), wake: wake)
    }

    func remove() {
        do { try admin.delete(topic: topic) } catch { Issue.record(error) }
    }
}

extension [UInt8] {
    init(copying span: RawSpan) {
        self = span.withUnsafeBytes { Array($0) }
    }
}
