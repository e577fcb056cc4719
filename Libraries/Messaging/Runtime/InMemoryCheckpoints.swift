/// Keeps the newest checkpoint in memory, for tests and simulation. It outlives the processors that use it, as a disk does;
/// `delay` lets saves wait for `settle`.
public final class InMemoryCheckpoints: CheckpointSink {
    public private(set) var newest: Checkpoint?
    /// Whether saves wait until `settle` is called.
    public var delay = false
    private var waiting: [Checkpoint] = []
    private var outcomes: [CheckpointOutcome] = []

    public init(_ newest: Checkpoint? = nil) { self.newest = newest }

    public func save(_ checkpoint: Checkpoint) {
        waiting.append(checkpoint)
        if !delay { settle() }
    }

    public func load() { outcomes.append(.loaded(newest)) }

    public func takeOutcome() -> CheckpointOutcome? { outcomes.isEmpty ? nil : outcomes.removeFirst() }

    /// Makes what waits durable.
    public func settle() {
        for checkpoint in waiting {
            newest = checkpoint
            outcomes.append(.saved(next: checkpoint.runtime.next))
        }
        waiting = []
    }

    /// The process ends: what waits is lost, and so are the outcomes that nobody took.
    public func crash() {
        waiting = []
        outcomes = []
    }
}
