import TradingCore

/// An order that rests in a book: 64 bytes, one cache line.
///
/// Its client id is not here: ledger-service resolves ids to orders, and readers know it from the record that accepted the order.
struct RestingOrder {
    var id: OrderID
    /// Lots still open.
    var remaining: Quantity
    /// Lots traded.
    var executed: Quantity
    /// Lots ordered, less what amendments took off; `original - executed - remaining` was prevented.
    var original: Quantity
    var level: UInt32
    /// Neighbours in the level, in time priority.
    var next: UInt32
    var previous: UInt32
    /// Neighbours among the account's orders in the book; the first one's previous is its holder, tagged.
    var accountNext: UInt32
    var accountPrevious: UInt32
    var account: AccountID
    var tradeGroup: UInt32
    var makerBasisPoints: UInt16
    /// The ledger partition whose service handed the order in.
    var ledgerPartition: UInt16
}

/// The absence of a slot in every pool of the book.
let noSlot = UInt32.max

/// Slots for resting orders, in chunks: growing copies nothing, so no order ever waits for it.
struct OrderPool: ~Copyable {
    private static let chunkBits: UInt32 = 12
    private static let chunkSize = 1 << Int(chunkBits)
    /// The top bit of a slot is the tag of a holder.
    static let maximumCount = 1 << 31

    private var chunks: UnsafeMutablePointer<UnsafeMutablePointer<RestingOrder>>
    private var chunkCount = 0
    private var chunkCapacity = 16
    private var firstFree = noSlot
    private var usedSlots: UInt32 = 0
    private(set) var count = 0

    init() { chunks = .allocate(capacity: chunkCapacity) }

    deinit {
        for index in 0..<chunkCount { chunks[index].deallocate() }
        chunks.deallocate()
    }

    /// Bytes that the pool has taken from the system.
    var allocatedBytes: Int {
        chunkCount * OrderPool.chunkSize * MemoryLayout<RestingOrder>.stride
            + chunkCapacity * MemoryLayout<UnsafeMutablePointer<RestingOrder>>.stride
    }

    /// Where the order of `slot` stands; it stays there until it is freed.
    @inline(__always)
    subscript(slot: UInt32) -> UnsafeMutablePointer<RestingOrder> {
        assert(slot < usedSlots)
        return chunks[Int(slot >> OrderPool.chunkBits)] + Int(slot & UInt32(OrderPool.chunkSize - 1))
    }

    @inline(__always)
    mutating func insert(_ order: RestingOrder) -> UInt32 {
        count += 1
        if firstFree != noSlot {
            let slot = firstFree
            let place = self[slot]
            firstFree = place.pointee.next
            place.pointee = order
            return slot
        }
        if Int(usedSlots) == chunkCount * OrderPool.chunkSize { addChunk() }
        let slot = usedSlots
        usedSlots += 1
        self[slot].initialize(to: order)
        return slot
    }

    @inline(__always)
    mutating func free(_ slot: UInt32) {
        self[slot].pointee.next = firstFree
        firstFree = slot
        count -= 1
    }

    private mutating func addChunk() {
        precondition(Int(usedSlots) < OrderPool.maximumCount, "a partition holds at most 2^31 orders")
        if chunkCount == chunkCapacity {
            let larger = UnsafeMutablePointer<UnsafeMutablePointer<RestingOrder>>.allocate(capacity: chunkCapacity * 2)
            larger.moveInitialize(from: chunks, count: chunkCount)
            chunks.deallocate()
            chunks = larger
            chunkCapacity *= 2
        }
        (chunks + chunkCount).initialize(to: .allocate(capacity: OrderPool.chunkSize))
        chunkCount += 1
    }
}
