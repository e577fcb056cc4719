import Foundation
import Messaging
import Records
import ServiceKit
import TradingCore

/// A log in memory for a thread that follows it, and what the thread says.
public final class FollowerBench {
    public let cluster = InMemoryCluster()
    private let lines: FileHandle
    private let wake: LogWake
    private var last: [TopicPartition: (number: UInt64, hash: UInt64)] = [:]

    public init() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        _ = FileManager.default.createFile(atPath: path.path, contents: nil)
        lines = try FileHandle(forUpdating: path)
        try FileManager.default.removeItem(at: path)
        wake = try LogWake()
    }

    /// Makes clients of the log.
    public var logMaker: @Sendable () throws -> InMemoryLog {
        { [cluster] in try InMemoryLog(cluster, signals: true) }
    }

    /// A new one for each start of a thread.
    public func context(databaseURL: String = "postgresql://nowhere") throws -> ServiceContext {
        let schema = ConfigurationSchema(
            service: "demo", summary: "stores what it follows", keys: [StandardKeys.databaseURL])
        let configuration = try schema.parse(arguments: [], environment: ["DATABASE_URL": databaseURL]) { _ in
            .failure(FileReadError(reason: "No such file or directory"))
        }.configuration
        let logger = Logger(service: "demo", sink: LogSink(descriptor: lines.fileDescriptor))
        return ServiceContext(configuration: configuration, logger: logger, lifecycle: Lifecycle(logger: logger))
    }

    /// Appends a record as its processor does, in a frame of its own.
    public func append<Record: RecordUnion>(_ record: Record, _ writer: Writer, to partition: TopicPartition) {
        let (number, hash) = last[partition] ?? (0, 0)
        var frame = FrameWriter()
        let header = EnvelopeHeader(writer: writer, number: number + 1, schemaVersion: 1)
        guard let written = frame.append(header, record, after: hash) else {
            preconditionFailure("a test's record fits into a frame")
        }
        last[partition] = (number + 1, written)
        cluster.append(frame.array, to: partition)
    }

    /// Waits until `isTrue`; the suite's time limit is the bound.
    public func eventually(_ isTrue: () throws -> Bool) throws {
        while try !isTrue() {
            wake.wait(milliseconds: 5)
            wake.drain()
        }
    }

    /// How often the threads have said `text`.
    public func said(_ text: String) throws -> Int {
        try lines.seek(toOffset: 0)
        let all = try lines.readToEnd() ?? Data()
        return String(decoding: all, as: UTF8.self).components(separatedBy: text).count - 1
    }

    /// What a thread's metric says now.
    public func metric(_ name: String, in context: ServiceContext) -> Double? {
        let line = context.metrics.text().split(separator: "\n").first { $0.hasPrefix(name + " ") }
        return line.flatMap { Double($0.dropFirst(name.count + 1)) }
    }
}
