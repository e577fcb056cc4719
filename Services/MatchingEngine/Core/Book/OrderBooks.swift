import Records
import TradingCore

/// A market: its definition in force and its counters.
struct Market {
    var definition: InstrumentDefinition
    var scale: InstrumentScale
    var lastUpdateID: Int64 = 0
    var lastTradeID: Int64 = 0
    var lastExecutionID: Int64 = 0
    var lastPreventedMatchID: Int64 = 0

    @inline(__always)
    mutating func nextExecutionID() -> ExecutionID {
        lastExecutionID += 1
        return ExecutionID(lastExecutionID)
    }
}

/// The books of every market of a partition, over shared pools.
///
/// `~Copyable` and on unsafe pointers because classes and arrays pay for exclusivity and uniqueness checks on every step (36 and 32 ns an
/// operation against 22); nothing outside this folder sees a pointer that outlives a call.
struct OrderBooks: ~Copyable {
    var orders = OrderPool()
    var levels = LevelTable()
    private var index = OrderIndex()
    private var holders = HolderTable()

    private var markets: UnsafeMutablePointer<Market>
    /// Bids and asks of each market.
    private var sides: UnsafeMutablePointer<BookSide>
    private var marketCapacity = 16
    private(set) var marketCount = 0
    private var marketIndex = SlotIndex()

    init() {
        markets = .allocate(capacity: marketCapacity)
        sides = .allocate(capacity: marketCapacity * 2)
    }

    deinit {
        markets.deallocate()
        sides.deallocate()
    }

    /// Bytes that the books have taken from the system.
    var allocatedBytes: Int {
        orders.allocatedBytes + levels.allocatedBytes + index.allocatedBytes + holders.allocatedBytes
            + marketCapacity * (MemoryLayout<Market>.stride + 2 * MemoryLayout<BookSide>.stride)
    }

    // MARK: Markets

    /// The slot of a market's book, or nil when the market is unknown.
    @inline(__always)
    func book(_ instrument: InstrumentID) -> Int? { marketIndex.slot(UInt64(instrument.rawValue)) }

    /// The market of a book; valid until `addMarket`.
    @inline(__always)
    func market(_ book: Int) -> UnsafeMutablePointer<Market> { markets + book }

    @inline(__always)
    static func sideIndex(_ book: Int, _ side: Side) -> UInt32 {
        UInt32(truncatingIfNeeded: book) << 1 | (side == .buy ? 0 : 1)
    }

    @inline(__always)
    func side(_ index: UInt32) -> UnsafeMutablePointer<BookSide> { sides + Int(index) }

    mutating func addMarket(_ market: Market) -> Int {
        if marketCount == marketCapacity { growMarkets() }
        let book = marketCount
        (markets + book).initialize(to: market)
        (sides + book * 2).initialize(to: BookSide(.buy))
        (sides + book * 2 + 1).initialize(to: BookSide(.sell))
        marketCount += 1
        marketIndex.insert(UInt64(market.definition.instrument.rawValue), book)
        return book
    }

    private mutating func growMarkets() {
        let largerMarkets = UnsafeMutablePointer<Market>.allocate(capacity: marketCapacity * 2)
        largerMarkets.moveInitialize(from: markets, count: marketCount)
        markets.deallocate()
        markets = largerMarkets
        let largerSides = UnsafeMutablePointer<BookSide>.allocate(capacity: marketCapacity * 4)
        largerSides.moveInitialize(from: sides, count: marketCount * 2)
        sides.deallocate()
        sides = largerSides
        marketCapacity *= 2
    }

    // MARK: Orders

    /// The slot of an open order, or `noSlot`.
    @inline(__always)
    func slot(_ id: OrderID) -> UInt32 { index.slot(id, in: orders) }

    /// The level of `price` on a side, made when there is none.
    @inline(__always)
    mutating func level(_ price: Price, _ sideIndex: UInt32) -> UInt32 {
        let side = side(sideIndex)
        let found = levels.find(price, in: side)
        return found != noSlot ? found : levels.add(price, sideIndex, to: side)
    }

    /// Puts an order, whose `level` is set, behind all others of its level.
    @inline(__always)
    mutating func append(_ order: RestingOrder) {
        let level = levels[order.level]
        var order = order
        order.next = noSlot
        order.previous = level.pointee.last
        let slot = orders.insert(order)
        if order.previous == noSlot {
            level.pointee.first = slot
        } else {
            orders[order.previous].pointee.next = slot
        }
        level.pointee.last = slot
        level.pointee.quantity += order.remaining
        level.pointee.orderCount += 1
        index.insert(order.id, slot)
        holders.link(slot, book: Int(level.pointee.side >> 1), in: orders)
    }

    /// Takes an order off its level, which may stay behind empty, and forgets it.
    @inline(__always)
    mutating func remove(_ slot: UInt32) {
        let order = orders[slot]
        let level = levels[order.pointee.level]
        let next = order.pointee.next
        let previous = order.pointee.previous
        if previous == noSlot { level.pointee.first = next } else { orders[previous].pointee.next = next }
        if next == noSlot { level.pointee.last = previous } else { orders[next].pointee.previous = previous }
        level.pointee.quantity -= order.pointee.remaining
        level.pointee.orderCount -= 1
        index.remove(order.pointee.id, slot)
        holders.unlink(slot, in: orders)
        orders.free(slot)
    }

    /// Removes an empty level.
    @inline(__always)
    mutating func removeLevel(_ level: UInt32) { levels.remove(level, from: side(levels[level].pointee.side)) }

    /// Takes `quantity` off an order that keeps at least one lot.
    @inline(__always)
    mutating func reduce(_ slot: UInt32, by quantity: Quantity) {
        orders[slot].pointee.remaining -= quantity
        levels[orders[slot].pointee.level].pointee.quantity -= quantity
    }

    /// The account's orders in a book, the oldest id first.
    func orders(of account: AccountID, in book: Int) -> [UInt32] {
        var slots: [UInt32] = []
        var slot = holders.first(account, in: book)
        while slot != noSlot {
            slots.append(slot)
            slot = orders[slot].pointee.accountNext
        }
        slots.sort { orders[$0].pointee.id < orders[$1].pointee.id }
        return slots
    }

    /// Every order of a book side, best level first, each level in time priority.
    func orders(onSide sideIndex: UInt32) -> [UInt32] {
        let side = side(sideIndex)
        var slots: [UInt32] = []
        var level = side.pointee.best
        while level != noSlot {
            var slot = levels[level].pointee.first
            while slot != noSlot {
                slots.append(slot)
                slot = orders[slot].pointee.next
            }
            level = levels.next(after: level, in: side)
        }
        return slots
    }
}
