import Records
import TradingCore

/// The processors of one thread and the log that they share: hands out what arrives, then lets each do its own work.
public final class ProcessorHost<Machine: StateMachine, Source: Log>: LogReceiver {
    /// Frames taken between two looks at everything else.
    public static var framesPerTurn: Int { 64 }

    public let log: Source
    public private(set) var processors: [Processor<Machine, Source>] = []

    public init(log: Source) { self.log = log }

    /// Adds the processor of one inbox partition.
    @discardableResult
    public func add(
        _ configuration: ProcessorConfiguration, sink: any CheckpointSink,
        makeMachine: @escaping Processor<Machine, Source>.MakeMachine
    ) -> Processor<Machine, Source> {
        let processor = Processor(
            configuration, log: log, sink: sink, owner: processors.count, makeMachine: makeMachine)
        processors.append(processor)
        return processor
    }

    /// The first broken invariant of any processor: the service ends with it.
    ///
    /// Asked after every turn: a key path here, in a generic type, would be made anew each time.
    public var failure: InvariantError? {
        for processor in processors {
            if let failure = processor.failure { return failure }
        }
        return nil
    }

    public var isDrained: Bool { processors.allSatisfy { $0.phase == .drained || $0.phase == .stopped } }

    /// Everything that can be done now, without waiting.
    ///
    /// Frames are taken only while every processor may take them: partitions of one thread wait for one another.
    ///
    /// - Parameter now: monotonic milliseconds.
    /// - Returns: whether there was anything; sleep on the log's wake, up to `sleepMilliseconds`, when not.
    @discardableResult
    public func turn(now: Int64, frames: Int = framesPerTurn) -> Bool {
        let limit = processors.allSatisfy({ $0.mayTakeFrames || $0.phase != .running }) ? frames : 0
        let anything = log.poll(self, limit: limit)
        for processor in processors { processor.turn(now: now) }
        return anything
    }

    /// How long a thread may sleep when nothing happens: ticks and comparisons are due then.
    public static var idleMilliseconds: Int32 { 50 }

    /// How long draining may take, so that a service ends within 5 s of SIGTERM.
    public static var drainMilliseconds: Int64 { 4_000 }

    /// How long the thread may sleep now: until the first frame that waits for its interval is due.
    ///
    /// - Parameter now: monotonic milliseconds.
    public func sleepMilliseconds(now: Int64) -> Int32 {
        var sleep = Int64(Self.idleMilliseconds)
        for processor in processors {
            if let due = processor.nextFrame { sleep = min(sleep, max(0, due == .min ? 0 : due - now)) }
        }
        return Int32(sleep)
    }

    private func processor(of token: UInt64) -> Processor<Machine, Source>? {
        let owner = Int(token >> 48)
        return owner < processors.count ? processors[owner] : nil
    }

    // MARK: LogReceiver

    public func received(_ source: TopicPartition, offset: Int64, stamp: Int64, frame: RawSpan) {
        for processor in processors where processor.configuration.inbox == source {
            processor.received(offset: offset, stamp: stamp, frame: frame)
        }
    }

    public func interrupted(_ source: TopicPartition, _ reason: LogInterruption) {
        for processor in processors where processor.configuration.inbox == source { processor.interrupted(reason) }
    }

    public func acknowledged(_ token: UInt64, offset: Int64) {
        processor(of: token)?.acknowledged(token, offset: offset)
    }

    public func refused(_ token: UInt64, _ refusal: LogRefusal) { processor(of: token)?.refused(token, refusal) }

    public func inspected(_ token: UInt64, _ outcome: Result<LogInspection, LogUnavailable>) {
        processor(of: token)?.inspected(token, outcome)
    }

    public func disturbed(_ reason: String) {
        for processor in processors { processor.disturbed(reason) }
    }
}
