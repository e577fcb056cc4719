import TradingCore

/// Elements by slot; a freed slot is used again. The state machine's replacement for reference types: nothing is allocated once it has grown.
///
/// It stands on memory of its own: an array asks before every change whether it is shared, which took a fifth of an order's time.
struct Pool<Element: BitwiseCopyable>: ~Copyable {
    private var base: UnsafeMutablePointer<Element>
    private var capacity = 64
    /// Slots ever used.
    private(set) var count = 0
    private var free: [Int32] = []

    init() { base = .allocate(capacity: capacity) }

    deinit { base.deallocate() }

    var slots: Range<Int> { 0..<count }

    subscript(slot: Int) -> Element {
        _read {
            precondition(slot >= 0 && slot < count, "a slot is in its pool")
            yield base[slot]
        }
        _modify {
            precondition(slot >= 0 && slot < count, "a slot is in its pool")
            yield &base[slot]
        }
    }

    mutating func insert(_ element: Element) -> Int {
        if let slot = free.popLast() {
            base[Int(slot)] = element
            return Int(slot)
        }
        if count == capacity { grow() }
        (base + count).initialize(to: element)
        count += 1
        return count - 1
    }

    /// The caller has already marked the element as unused.
    mutating func release(_ slot: Int) { free.append(Int32(slot)) }

    /// Empties the pool in no time; for lists that are filled anew with every input.
    mutating func clear() {
        count = 0
        if !free.isEmpty { free.removeAll(keepingCapacity: true) }
    }

    /// Calls `body` with the elements of `slots`.
    @inline(__always)
    func withSpan(_ slots: Range<Int>, _ body: (Span<Element>) -> Void) {
        precondition(slots.lowerBound >= 0 && slots.upperBound <= count, "slots are in their pool")
        body(UnsafeBufferPointer(start: base + slots.lowerBound, count: slots.count).span)
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: base, count: count)
        base.deallocate()
        base = larger
        capacity *= 2
    }
}

/// Finds slots by a 64-bit hash of a longer key. Keys may share a hash: the caller compares each candidate.
struct ChainIndex: ~Copyable {
    static let none: Int32 = -1

    private var heads = SlotIndex()
    /// By slot: the next slot with the same hash.
    private var links = Pool<Int32>()

    /// The first candidate for `hash`.
    func first(_ hash: UInt64) -> Int? { heads.slot(hash) }

    /// The candidate after `slot`.
    func next(_ slot: Int) -> Int? {
        let link = links[slot]
        return link == ChainIndex.none ? nil : Int(link)
    }

    mutating func insert(_ hash: UInt64, _ slot: Int) {
        while links.count <= slot { _ = links.insert(ChainIndex.none) }
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
