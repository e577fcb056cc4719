import TradingCore

/// For each account with open orders in a book, the list of them: what cancelling all of them goes through.
struct HolderTable: ~Copyable {
    private struct Holder {
        var key: UInt64
        var first: UInt32
    }

    /// Marks a `RestingOrder.accountPrevious` that is a holder instead of an order.
    static let tag: UInt32 = 1 << 31

    private var holders: UnsafeMutablePointer<Holder>
    private var capacity = 64
    private var usedHolders = 0
    /// A free holder's `first` is the next free one.
    private var freeHolder = noSlot
    private var index = SlotIndex()

    init() { holders = .allocate(capacity: capacity) }

    deinit { holders.deallocate() }

    /// Bytes that the table has taken from the system, its hash table left out.
    var allocatedBytes: Int { capacity * MemoryLayout<Holder>.stride }

    @inline(__always)
    private static func key(_ account: AccountID, _ book: Int) -> UInt64 {
        UInt64(account.rawValue) << 32 | UInt64(truncatingIfNeeded: book)
    }

    /// The first order of the account in the book, or `noSlot`.
    func first(_ account: AccountID, in book: Int) -> UInt32 {
        guard let holder = index.slot(HolderTable.key(account, book)) else { return noSlot }
        return holders[holder].first
    }

    @inline(__always)
    mutating func link(_ slot: UInt32, book: Int, in orders: borrowing OrderPool) {
        let order = orders[slot]
        let holder = holder(HolderTable.key(order.pointee.account, book))
        let next = holders[holder].first
        order.pointee.accountNext = next
        order.pointee.accountPrevious = HolderTable.tag | UInt32(truncatingIfNeeded: holder)
        if next != noSlot { orders[next].pointee.accountPrevious = slot }
        holders[holder].first = slot
    }

    @inline(__always)
    mutating func unlink(_ slot: UInt32, in orders: borrowing OrderPool) {
        let order = orders[slot]
        let next = order.pointee.accountNext
        let previous = order.pointee.accountPrevious
        if next != noSlot { orders[next].pointee.accountPrevious = previous }
        if previous & HolderTable.tag == 0 {
            orders[previous].pointee.accountNext = next
            return
        }
        let holder = Int(previous & ~HolderTable.tag)
        holders[holder].first = next
        if next == noSlot { release(holder) }
    }

    @inline(__always)
    private mutating func holder(_ key: UInt64) -> Int {
        if let holder = index.slot(key) { return holder }
        return makeHolder(key)
    }

    private mutating func makeHolder(_ key: UInt64) -> Int {
        let holder: Int
        if freeHolder != noSlot {
            holder = Int(freeHolder)
            freeHolder = holders[holder].first
        } else {
            if usedHolders == capacity { grow() }
            holder = usedHolders
            usedHolders += 1
            precondition(holder < Int(HolderTable.tag), "a partition has fewer than 2^31 holders")
        }
        (holders + holder).initialize(to: Holder(key: key, first: noSlot))
        index.insert(key, holder)
        return holder
    }

    private mutating func release(_ holder: Int) {
        index.remove(holders[holder].key)
        holders[holder].first = freeHolder
        freeHolder = UInt32(truncatingIfNeeded: holder)
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<Holder>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: holders, count: usedHolders)
        holders.deallocate()
        holders = larger
        capacity *= 2
    }
}
