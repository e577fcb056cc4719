import TradingCore

/// The log on Kafka: an inbox and an outbox on one wake-up, and a worker thread that looks things up.
public final class KafkaLog: Log {
    public let wake: LogWake
    public let catalogue: TopicCatalogue
    private let inbox: KafkaInbox
    private let outbox: KafkaOutbox
    private let inspector: KafkaInspector
    /// Refusals of frames that the client library did not even take.
    private var refusedAtOnce: [(token: UInt64, refusal: LogRefusal)] = []
    private var startFailures: [(source: TopicPartition, reason: LogInterruption)] = []
    private let log: (KafkaEvent) -> Void

    /// - Parameter log: gets what the client library reports, on the thread that polls.
    public init(
        _ settings: KafkaSettings, catalogue: TopicCatalogue, log: @escaping (KafkaEvent) -> Void = { _ in }
    ) throws(KafkaError) {
        self.catalogue = catalogue
        self.log = log
        wake = try LogWake()
        inbox = try KafkaInbox(settings, wake: wake)
        outbox = try KafkaOutbox(settings, wake: wake)
        inspector = try KafkaInspector(settings, catalogue: catalogue, wake: wake)
    }

    public func start(_ source: TopicPartition, at offset: Int64) {
        do throws(KafkaError) {
            try inbox.start(
                topic: catalogue.name(of: source.topic), partition: Int32(source.partition), offset: offset,
                source: Int(source.rawValue))
        } catch {
            startFailures.append((source, .failed(error.description)))
            wake.signal()
        }
    }

    public func stop(_ source: TopicPartition) {
        inbox.stop(topic: catalogue.name(of: source.topic), partition: Int32(source.partition))
    }

    public func submit(_ frame: RawSpan, key: [UInt8]?, to destination: TopicPartition, token: UInt64) {
        let topic = catalogue.name(of: destination.topic)
        do throws(KafkaError) {
            try outbox.submit(
                frame, key: key?.span.bytes, topic: topic, partition: Int32(destination.partition), token: UInt(token))
        } catch {
            refusedAtOnce.append((token, .permanent(error.description)))
            wake.signal()
        }
    }

    public func purge() { outbox.purge() }

    public func inspect(_ requests: [InspectionRequest], token: UInt64) {
        inspector.post(requests, token: token)
    }

    @discardableResult
    public func poll<Receiver: LogReceiver>(_ receiver: Receiver, limit: Int) -> Bool {
        var anything = deliverOutcomes(receiver)
        for answer in inspector.answers() {
            anything = true
            receiver.inspected(answer.token, answer.outcome)
        }
        if limit > 0 { anything = deliverFrames(receiver, limit) || anything }
        return anything
    }

    private func deliverOutcomes<Receiver: LogReceiver>(_ receiver: Receiver) -> Bool {
        var anything = false
        outbox.outcomes { token, outcome in
            anything = true
            switch outcome {
            case .acknowledged(let offset): receiver.acknowledged(UInt64(token), offset: offset)
            case .refused(let error):
                receiver.refused(UInt64(token), error.isPurge ? .purged : .permanent(error.description))
            }
        } events: {
            report($0, receiver)
        }
        inbox.events { report($0, receiver) }
        guard !refusedAtOnce.isEmpty || !startFailures.isEmpty else { return anything }
        let refusals = refusedAtOnce
        let failures = startFailures
        refusedAtOnce = []
        startFailures = []
        for (token, refusal) in refusals { receiver.refused(token, refusal) }
        for (source, reason) in failures { receiver.interrupted(source, reason) }
        return true
    }

    private func deliverFrames<Receiver: LogReceiver>(_ receiver: Receiver, _ limit: Int) -> Bool {
        let count = inbox.take(limit: limit) { source, offset, stamp, frame in
            guard let partition = TopicPartition(rawValue: UInt32(truncatingIfNeeded: source)) else { return }
            receiver.received(partition, offset: offset, stamp: stamp, frame: frame)
        } interrupted: { source, reason in
            guard let partition = TopicPartition(rawValue: UInt32(truncatingIfNeeded: source)) else { return }
            switch reason {
            case .offsetOutOfRange: receiver.interrupted(partition, .offsetOutOfRange)
            case .failed(let error) where error.isRetryable: receiver.disturbed(error.description)
            case .failed(let error): receiver.interrupted(partition, .failed(error.description))
            }
        }
        return count > 0
    }

    private func report<Receiver: LogReceiver>(_ event: KafkaEvent, _ receiver: Receiver) {
        log(event)
        switch event {
        case .disturbed(let error), .fatal(let error): receiver.disturbed(error.description)
        case .log: break
        }
    }
}
