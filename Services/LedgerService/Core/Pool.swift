import TradingCore

/// Elements by slot; a freed slot is used again. The state machine's replacement for reference types: nothing is allocated once it has grown.
struct Pool<Element> {
    private(set) var elements: [Element] = []
    private var free: [Int32] = []

    var slots: Range<Int> { elements.indices }

    subscript(slot: Int) -> Element {
        _read { yield elements[slot] }
        _modify { yield &elements[slot] }
    }

    mutating func insert(_ element: Element) -> Int {
        if let slot = free.popLast() {
            elements[Int(slot)] = element
            return Int(slot)
        }
        elements.append(element)
        return elements.count - 1
    }

    /// The caller has already marked the element as unused.
    mutating func release(_ slot: Int) { free.append(Int32(slot)) }
}

/// Finds slots by a 64-bit hash of a longer key. Keys may share a hash: the caller compares each candidate.
struct ChainIndex: ~Copyable {
    static let none: Int32 = -1

    private var heads = SlotIndex()
    /// By slot: the next slot with the same hash.
    private var links: [Int32] = []

    /// The first candidate for `hash`.
    func first(_ hash: UInt64) -> Int? { heads.slot(hash) }

    /// The candidate after `slot`.
    func next(_ slot: Int) -> Int? {
        let link = links[slot]
        return link == ChainIndex.none ? nil : Int(link)
    }

    mutating func insert(_ hash: UInt64, _ slot: Int) {
        while links.count <= slot { links.append(ChainIndex.none) }
        links[slot] = heads.slot(hash).map { Int32($0) } ?? ChainIndex.none
        heads.insert(hash, slot)
    }

    /// - Precondition: `slot` was inserted with `hash`.
    mutating func remove(_ hash: UInt64, _ slot: Int) {
        guard var previous = heads.slot(hash) else { preconditionFailure("a removed slot is in the index") }
        if previous == slot {
            if links[slot] == ChainIndex.none { heads.remove(hash) } else { heads.insert(hash, Int(links[slot])) }
            return
        }
        while Int(links[previous]) != slot {
            precondition(links[previous] != ChainIndex.none, "a removed slot is in its chain")
            previous = Int(links[previous])
        }
        links[previous] = links[slot]
    }
}

/// Two 32-bit ids as one key.
@inline(__always)
func pairKey(_ first: UInt32, _ second: UInt32) -> UInt64 { UInt64(first) << 32 | UInt64(second) }

/// A hash of a text within an account's market (or of an account's own, with market 0).
@inline(__always)
func textHash(_ account: AccountID, _ instrument: InstrumentID, _ text: ASCIIText) -> UInt64 {
    text.mixed &+ pairKey(account.rawValue, instrument.rawValue) &* 0xC2B2_AE3D_27D4_EB4F
}
