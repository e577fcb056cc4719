import Foundation
import Messaging
import TestBasics
import Testing

/// A Kafka node of a test's own, started and stopped by the stock commands of KAFKA_HOME.
final class TestBroker {
    let port: Int
    let directory: String
    private let home: String
    private var process: Process?

    init(home: String) throws {
        self.home = home
        directory = FileManager.default.temporaryDirectory.path + "/broker-\(UInt32.random(in: 0 ... .max))"
        port = Int(try freePort())
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit {
        stop()
        do { try FileManager.default.removeItem(atPath: directory) } catch { Issue.record(error) }
    }

    var settings: KafkaSettings { KafkaSettings(bootstrapServers: "127.0.0.1:\(port)", clientID: "broker-test") }
    var data: String { directory + "/data" }
    private var properties: String { directory + "/server.properties" }

    /// Formats the node's directory as a new cluster.
    func format() throws {
        let text = """
            process.roles=broker,controller
            node.id=1
            controller.quorum.voters=1@127.0.0.1:\(port + 1)
            listeners=PLAINTEXT://127.0.0.1:\(port),CONTROLLER://127.0.0.1:\(port + 1)
            advertised.listeners=PLAINTEXT://127.0.0.1:\(port)
            controller.listener.names=CONTROLLER
            log.dirs=\(data)
            auto.create.topics.enable=false
            offsets.topic.replication.factor=1
            offsets.topic.num.partitions=1
            """
        try text.write(toFile: properties, atomically: true, encoding: .utf8)
        let id = try run("kafka-storage.sh", ["random-uuid"]).trimmingCharacters(in: .whitespacesAndNewlines)
        _ = try run("kafka-storage.sh", ["format", "--cluster-id", id, "--config", properties])
    }

    func start() throws {
        let process = command("kafka-server-start.sh", [properties])
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = process
        let admin = try KafkaAdmin(settings, timeoutMilliseconds: 500)
        let deadline = monotonicMilliseconds() + 90_000
        while monotonicMilliseconds() < deadline {
            do {
                _ = try admin.partitionCounts(of: [])
                return
            } catch {
                try #require(process.isRunning, "the broker ended")
            }
        }
        Issue.record("the broker does not answer")
    }

    func stop() {
        guard let process else { return }
        process.terminate()
        process.waitUntilExit()
        self.process = nil
    }

    /// Takes the last message off a partition's segment, as a disk that lost its tail does.
    func cutTail(of topic: String, partition: Int = 0) throws {
        let path = "\(data)/\(topic)-\(partition)/00000000000000000000.log"
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        var position = 0
        var last = 0
        // A batch: base offset (8 bytes), length of what follows (4 bytes), the rest.
        while position + 12 <= bytes.count {
            let length = bytes[position + 8..<position + 12].reduce(0) { $0 << 8 | Int($1) }
            last = position
            position += 12 + length
        }
        try bytes.prefix(last).write(to: URL(fileURLWithPath: path))
    }

    private func command(_ script: String, _ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "\(home)/bin/\(script)")
        process.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
        environment["KAFKA_HEAP_OPTS"] = "-Xmx256m"
        environment["LOG_DIR"] = directory + "/logs"
        process.environment = environment
        return process
    }

    private func run(_ script: String, _ arguments: [String]) throws -> String {
        let process = command(script, arguments)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(script) failed")
        return String(decoding: text, as: UTF8.self)
    }
}
