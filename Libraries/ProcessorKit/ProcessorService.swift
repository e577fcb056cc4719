import Messaging
import Network
import ServiceKit
import Storage
import Synchronization
import TradingCore

/// What a service brings to the common shell of a log processor.
public struct ProcessorDefinition<Machine: StateMachine & SendableMetatype>: Sendable {
    public var kind: WriterKind
    public var inbox: Topic
    /// Makes where one partition's checkpoints go. Called on the processor's thread.
    public var makeSink: @Sendable (_ inbox: TopicPartition, _ wake: LogWake) throws -> any CheckpointSink
    /// A state machine from a checkpoint's state, or a new one.
    public var makeMachine: @Sendable (_ partition: Int, _ state: [UInt8]?) throws(StateError) -> Machine
    /// Changes to the processors' configuration.
    public var configure: @Sendable (inout ProcessorConfiguration) -> Void = { _ in }
    /// Called on the processors' thread after every turn, with monotonic milliseconds.
    public var afterTurn: @Sendable (_ host: ProcessorHost<Machine, KafkaLog>, _ now: Int64) -> Void = { _, _ in }

    public init(
        kind: WriterKind, inbox: Topic,
        makeSink: @escaping @Sendable (_ inbox: TopicPartition, _ wake: LogWake) throws -> any CheckpointSink,
        makeMachine: @escaping @Sendable (_ partition: Int, _ state: [UInt8]?) throws(StateError) -> Machine
    ) {
        self.kind = kind
        self.inbox = inbox
        self.makeSink = makeSink
        self.makeMachine = makeMachine
    }
}

/// Runs the processors that this process owns on one thread, with health, metrics and an orderly end.
public enum ProcessorService {
    /// A thread that has not turned for this long is stuck.
    static let stuckAfter: Duration = .seconds(30)
    /// How long the topics may take to appear.
    static let topicDeadline: Duration = .seconds(30)
    private static let publishMilliseconds: Int64 = 100

    /// Starts the thread and returns; the service's shutdown drains it.
    ///
    /// - Returns: the partitions that this process owns.
    /// - Throws: `ServiceFailure` when the topics do not exist.
    @discardableResult
    public static func start<Machine: StateMachine & SendableMetatype>(
        _ definition: ProcessorDefinition<Machine>, _ context: ServiceContext
    ) throws -> [TopicPartition] {
        let settings = context.configuration.kafkaSettings(clientID: context.logger.service)
        let catalogue = try TopicLookup.waitForCatalogue(settings, context, deadline: topicDeadline)
        let shard = try context.configuration.shard()
        let inboxes = shard.partitions(of: catalogue.partitionCount(of: definition.inbox))
            .map { TopicPartition(definition.inbox, $0) }
        let statistics = ProcessorStatistics(count: inboxes.count)
        try statistics.register(context.metrics, inboxes)
        let runner = Runner(
            definition: definition, context: context, settings: settings, catalogue: catalogue, inboxes: inboxes,
            statistics: statistics)
        let thread = WorkerThread(name: "processor") { runner.run() }
        context.lifecycle.onShutdown("drain the processors") {
            runner.stop()
            thread.join()
        }
        return inboxes
    }

    /// The processors' thread.
    private final class Runner<Machine: StateMachine & SendableMetatype>: Sendable {
        let definition: ProcessorDefinition<Machine>
        let context: ServiceContext
        let settings: KafkaSettings
        let catalogue: TopicCatalogue
        let inboxes: [TopicPartition]
        let statistics: ProcessorStatistics
        let caughtUp: Health.Condition
        let heartbeat: Health.Heartbeat
        private let stopping = Atomic(false)
        private let wake = Mutex<LogWake?>(nil)

        init(
            definition: ProcessorDefinition<Machine>, context: ServiceContext, settings: KafkaSettings,
            catalogue: TopicCatalogue, inboxes: [TopicPartition], statistics: ProcessorStatistics
        ) {
            self.definition = definition
            self.context = context
            self.settings = settings
            self.catalogue = catalogue
            self.inboxes = inboxes
            self.statistics = statistics
            caughtUp = context.health.condition("inbox")
            heartbeat = context.health.heartbeat("processor", limit: stuckAfter)
        }

        func stop() {
            stopping.store(true, ordering: .releasing)
            wake.withLock { $0?.signal() }
        }

        func run() {
            do {
                try serve()
            } catch {
                context.lifecycle.requestStop(.temporaryFailure, reason: "the processors could not start: \(error)")
            }
        }

        private func serve() throws {
            let logger = context.logger
            let log = try KafkaLog(settings, catalogue: catalogue) { event in
                logger.warning("kafka", ["event": .string("\(event)")])
            }
            wake.withLock { $0 = log.wake }
            let host = ProcessorHost<Machine, KafkaLog>(log: log)
            for inbox in inboxes { try add(inbox, to: host) }
            var nextPublication: Int64 = 0
            var drainEnds: Int64?
            while true {
                let now = Timestamp.monotonicNanoseconds() / 1_000_000
                let didWork = host.turn(now: now)
                definition.afterTurn(host, now)
                if let failure = host.failure {
                    context.lifecycle.stopOnBrokenInvariant(
                        failure.description, trace: failure.trace.flatMap { ServiceKit.TraceContext($0) })
                }
                if now >= nextPublication {
                    nextPublication = now + publishMilliseconds
                    publish(host)
                }
                if drainEnds == nil, stopping.load(ordering: .acquiring) {
                    drainEnds = now + ProcessorHost<Machine, KafkaLog>.drainMilliseconds
                    for processor in host.processors { processor.drain() }
                }
                if let drainEnds, host.isDrained || now >= drainEnds { break }
                if !didWork {
                    log.wake.wait(milliseconds: host.sleepMilliseconds(now: now))
                    log.wake.drain()
                }
            }
            publish(host)
            wake.withLock { $0 = nil }
        }

        private func add(_ inbox: TopicPartition, to host: ProcessorHost<Machine, KafkaLog>) throws {
            var configuration = ProcessorConfiguration(kind: definition.kind, inbox: inbox)
            configuration.tickMilliseconds = context.configuration[ProcessorKeys.tickInterval].wholeMilliseconds
            configuration.checkpointMilliseconds =
                context.configuration[StandardKeys.checkpointInterval].wholeMilliseconds
            definition.configure(&configuration)
            let makeMachine = definition.makeMachine
            let processor = host.add(configuration, sink: try definition.makeSink(inbox, host.log.wake)) {
                state throws(StateError) in
                try makeMachine(Int(inbox.partition), state)
            }
            let logger = context.logger
            processor.report = { line, trace in
                logger.with(recordTrace: trace).warning(
                    "processor", ["inbox": .string("\(inbox)"), "report": .string(line)])
            }
            if logger.level == .debug { observe(processor, logger) }
            let applyTime = statistics.applyTime
            processor.observeFrame = { nanoseconds, _ in applyTime.record(nanoseconds: Int64(clamping: nanoseconds)) }
        }

        /// One line for each record: a request is followed through the services by its trace.
        private func observe(_ processor: Processor<Machine, KafkaLog>, _ logger: Logger) {
            let inbox = processor.configuration.inbox
            processor.observeRecord = { header, offset, index in
                logger.with(recordTrace: header.traceContext).debug(
                    "applied",
                    [
                        "inbox": .string("\(inbox)"), "offset": .integer(offset), "index": .integer(index),
                        "record": .string(inbox.topic.recordName(header.type)), "writer": .string("\(header.writer)"),
                        "number": .integer(header.number),
                    ])
            }
        }

        private func publish(_ host: ProcessorHost<Machine, KafkaLog>) {
            heartbeat.beat()
            statistics.publish(host.processors.map { $0.metrics })
            let behind = host.processors.filter { !$0.isCaughtUp }
            caughtUp.set(
                behind.isEmpty,
                detail: behind.isEmpty
                    ? ""
                    : behind.map { "\($0.configuration.inbox): \($0.phase), lag \($0.metrics.lag)" }.joined(
                        separator: "; "))
        }
    }
}
