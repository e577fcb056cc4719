/// Gives a gateway's slot its epochs by compare-and-set, where every gateway sees them: a table. Used by one thread; a
/// registry that waits does so elsewhere and signals the log's wake when it has an outcome.
public protocol SlotRegistry: AnyObject {
    /// Begins to raise the slot's epoch to the greater of the stored one plus 1 and `milliseconds`, so that a restored
    /// database cannot give one out twice.
    func claim(slot: Int, milliseconds: UInt64)

    /// Begins to read the slot's epoch.
    func look(slot: Int)

    /// The oldest outcome that was not taken yet.
    func takeOutcome() -> SlotOutcome?
}

public enum SlotOutcome: Sendable, Equatable {
    case claimed(epoch: UInt64)
    case seen(epoch: UInt64)
    /// The registry is away. It ends no epoch.
    case unavailable(String)
}

/// Slots in memory, for tests and simulation; gateways share one.
public final class InMemorySlots {
    public private(set) var epochs: [Int: UInt64] = [:]
    public var isAway = false

    public init() {}

    /// The epoch by the rule above.
    public func claim(slot: Int, milliseconds: UInt64) -> UInt64 {
        let epoch = max(epochs[slot, default: 0] + 1, milliseconds)
        epochs[slot] = epoch
        return epoch
    }

    /// A registry for one gateway over the shared slots.
    public func registry() -> Registry { Registry(self) }

    public final class Registry: SlotRegistry {
        private let slots: InMemorySlots
        private var outcomes: [SlotOutcome] = []

        init(_ slots: InMemorySlots) { self.slots = slots }

        public func claim(slot: Int, milliseconds: UInt64) {
            outcomes.append(
                slots.isAway
                    ? .unavailable("away") : .claimed(epoch: slots.claim(slot: slot, milliseconds: milliseconds)))
        }

        public func look(slot: Int) {
            outcomes.append(
                slots.isAway ? .unavailable("away") : .seen(epoch: slots.epochs[slot, default: 0]))
        }

        public func takeOutcome() -> SlotOutcome? { outcomes.isEmpty ? nil : outcomes.removeFirst() }
    }
}
