/// Gives a gateway's slot its epochs by compare-and-set, where every gateway sees them: a table. Used by one thread; a
/// registry that waits does so elsewhere and signals the log's wake when it has an outcome.
public protocol SlotRegistry: AnyObject {
    /// Begins to raise the slot's epoch to the greater of the stored one plus 1 and `milliseconds`, so that a restored
    /// database cannot give one out twice. The outcome is `seen` when another process has raised it above `own`.
    ///
    /// A claim whose outcome was lost may have been made: the registry knows it as this process's when it is asked again.
    ///
    /// - Parameter own: the last epoch that this process had of the slot; nil at its start, when it takes the slot from
    ///   whoever has it.
    func claim(slot: Int, above own: UInt64?, milliseconds: UInt64)

    /// Begins to read the slot's epoch; 0 is seen while the stored one is this process's.
    func look(slot: Int)

    /// The oldest outcome that was not taken yet.
    func takeOutcome() -> SlotOutcome?
}

public enum SlotOutcome: Sendable, Equatable {
    case claimed(epoch: UInt64)
    /// The epoch that another process has.
    case seen(epoch: UInt64)
    /// The registry is away. It ends no epoch.
    case unavailable(String)
}

/// Slots in memory, for tests and simulation; gateways share one.
public final class InMemorySlots {
    public private(set) var epochs: [Int: UInt64] = [:]
    public var isAway = false
    private var holders: [Int: ObjectIdentifier] = [:]

    public init() {}

    /// The epoch by the rule above, for a process that starts.
    @discardableResult
    public func claim(slot: Int, milliseconds: UInt64) -> UInt64 {
        let epoch = max(epochs[slot, default: 0] + 1, milliseconds)
        epochs[slot] = epoch
        holders[slot] = nil
        return epoch
    }

    /// The same for `process`, which had `own` before.
    func claim(slot: Int, above own: UInt64?, milliseconds: UInt64, by process: ObjectIdentifier) -> SlotOutcome {
        if let own, let stored = epochs[slot], stored > own, holders[slot] != process { return .seen(epoch: stored) }
        let epoch = claim(slot: slot, milliseconds: milliseconds)
        holders[slot] = process
        return .claimed(epoch: epoch)
    }

    func look(slot: Int, by process: ObjectIdentifier) -> SlotOutcome {
        .seen(epoch: holders[slot] == process ? 0 : epochs[slot, default: 0])
    }

    /// A registry for one gateway over the shared slots.
    public func registry() -> Registry { Registry(self) }

    public final class Registry: SlotRegistry {
        private let slots: InMemorySlots
        private var outcomes: [SlotOutcome] = []

        init(_ slots: InMemorySlots) { self.slots = slots }

        public func claim(slot: Int, above own: UInt64?, milliseconds: UInt64) {
            outcomes.append(
                slots.isAway
                    ? .unavailable("away")
                    : slots.claim(slot: slot, above: own, milliseconds: milliseconds, by: ObjectIdentifier(self)))
        }

        public func look(slot: Int) {
            outcomes.append(
                slots.isAway ? .unavailable("away") : slots.look(slot: slot, by: ObjectIdentifier(self)))
        }

        public func takeOutcome() -> SlotOutcome? { outcomes.isEmpty ? nil : outcomes.removeFirst() }
    }
}
