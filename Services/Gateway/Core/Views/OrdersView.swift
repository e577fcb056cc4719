import Records
import TradingCore

/// Every open order, and those that closed lately, by what `executions` said. One thread at a time.
///
/// A closed order stays until the history in the database has it (`forget`), so a query that misses here may trust the database.
public struct OrdersView: ~Copyable {
    /// Closed orders kept at most while the history is away; beyond it the oldest go, and queries for them wait for the history.
    public static let maximumClosed = 1_000_000

    private struct Slot {
        var order = OrderState()
        /// Newer and older in the account's list of open orders; -1 ends it.
        var previousOpen: Int32 = -1
        var nextOpen: Int32 = -1
        /// The next older order with the same hash of account, market and client id.
        var olderNamesake: Int32 = -1
    }

    private struct Closed {
        var slot: Int32
        var order: OrderID
        var partition: Int32
        var offset: Int64
    }

    private var slots: [Slot] = []
    private var freeSlots: [Int32] = []
    private var byOrder = SlotIndex()
    private var byName = SlotIndex()
    /// The newest open order of each account, by position in `openHeads`.
    private var accounts = SlotIndex()
    private var openHeads: [Int32] = []
    private var openCounts: [Int32] = []
    private var closed: [Closed] = []
    private var closedStart = 0
    public private(set) var openCount = 0

    public init() {}

    public var closedCount: Int { closed.count - closedStart }

    // MARK: Reading

    public func order(_ id: OrderID) -> OrderState? {
        byOrder.slot(UInt64(bitPattern: id.rawValue)).map { slots[$0].order }
    }

    /// The newest order of that client id; an open one is always newer than a closed one.
    public func order(account: AccountID, instrument: InstrumentID, clientOrderID: ASCIIText) -> OrderState? {
        guard var slot = byName.slot(OrdersView.nameKey(account, instrument, clientOrderID)) else { return nil }
        while true {
            let order = slots[slot].order
            if order.account == account, order.instrument == instrument, order.clientOrderID == clientOrderID {
                return order
            }
            guard slots[slot].olderNamesake >= 0 else { return nil }
            slot = Int(slots[slot].olderNamesake)
        }
    }

    /// The account's open orders, oldest first; of one market, or of all.
    public func openOrders(of account: AccountID, in instrument: InstrumentID?) -> [OrderState] {
        guard let index = accounts.slot(UInt64(account.rawValue)) else { return [] }
        var orders: [OrderState] = []
        orders.reserveCapacity(Int(openCounts[index]))
        var slot = openHeads[index]
        while slot >= 0 {
            let order = slots[Int(slot)].order
            if instrument == nil || order.instrument == instrument { orders.append(order) }
            slot = slots[Int(slot)].nextOpen
        }
        orders.sort { $0.orderID < $1.orderID }
        return orders
    }

    // MARK: Advancing

    /// Takes in an order that came from the database at start, or was accepted.
    public mutating func insert(_ order: OrderState, partition: Int = 0, offset: Int64 = 0) {
        let key = UInt64(bitPattern: order.orderID.rawValue)
        guard byOrder.slot(key) == nil else { return }
        let index: Int
        if let free = freeSlots.popLast() {
            index = Int(free)
            slots[index] = Slot(order: order)
        } else {
            index = slots.count
            slots.append(Slot(order: order))
        }
        byOrder.insert(key, index)
        addName(index)
        if order.isOpen {
            link(index)
        } else {
            close(index, partition: partition, offset: offset)
        }
    }

    /// Changes the order `id` by `change` when the view has it and `execution` is newer than its last one.
    ///
    /// - Parameters:
    ///   - partition: of `executions`, with the offset of the record that changes it.
    /// - Returns: the order after the change; nil when nothing was changed.
    public mutating func advance(
        _ id: OrderID, to execution: ExecutionID, partition: Int, offset: Int64, _ change: (inout OrderState) -> Void
    ) -> OrderState? {
        guard let index = byOrder.slot(UInt64(bitPattern: id.rawValue)) else { return nil }
        guard slots[index].order.execution < execution, slots[index].order.isOpen else { return nil }
        let nameBefore = slots[index].order.clientOrderID
        change(&slots[index].order)
        if slots[index].order.clientOrderID != nameBefore { rename(index, from: nameBefore) }
        if !slots[index].order.isOpen {
            unlink(index)
            close(index, partition: partition, offset: offset)
        }
        return slots[index].order
    }

    /// Drops closed orders that the history has.
    ///
    /// - Parameter positions: by partition of `executions`, the offset up to which (included) the history has everything.
    public mutating func forget(through positions: [Int64]) {
        while closedStart < closed.count {
            let oldest = closed[closedStart]
            let isKnown = Int(oldest.partition) < positions.count && positions[Int(oldest.partition)] >= oldest.offset
            guard isKnown || closedCount > OrdersView.maximumClosed else { break }
            closedStart += 1
            remove(Int(oldest.slot))
        }
        if closedStart > 4096, closedStart * 2 > closed.count {
            closed.removeFirst(closedStart)
            closedStart = 0
        }
    }

    private mutating func close(_ index: Int, partition: Int, offset: Int64) {
        closed.append(
            Closed(slot: Int32(index), order: slots[index].order.orderID, partition: Int32(partition), offset: offset))
    }

    private mutating func remove(_ index: Int) {
        byOrder.remove(UInt64(bitPattern: slots[index].order.orderID.rawValue))
        removeName(index, slots[index].order.clientOrderID)
        freeSlots.append(Int32(index))
    }

    // MARK: Client ids

    private static func nameKey(_ account: AccountID, _ instrument: InstrumentID, _ id: ASCIIText) -> UInt64 {
        let owner = UInt64(account.rawValue) << 32 | UInt64(instrument.rawValue)
        return id.mixed ^ (owner &* 0x9E37_79B9_7F4A_7C15)
    }

    private func nameKey(_ index: Int, _ name: ASCIIText) -> UInt64 {
        OrdersView.nameKey(slots[index].order.account, slots[index].order.instrument, name)
    }

    private mutating func addName(_ index: Int) {
        let key = nameKey(index, slots[index].order.clientOrderID)
        slots[index].olderNamesake = byName.slot(key).map { Int32($0) } ?? -1
        byName.insert(key, index)
    }

    private mutating func removeName(_ index: Int, _ name: ASCIIText) {
        let key = nameKey(index, name)
        guard let head = byName.slot(key) else { return }
        let older = slots[index].olderNamesake
        if head == index {
            if older >= 0 { byName.insert(key, Int(older)) } else { byName.remove(key) }
            return
        }
        var newer = head
        while slots[newer].olderNamesake >= 0, slots[newer].olderNamesake != Int32(index) {
            newer = Int(slots[newer].olderNamesake)
        }
        if slots[newer].olderNamesake == Int32(index) { slots[newer].olderNamesake = older }
    }

    private mutating func rename(_ index: Int, from old: ASCIIText) {
        removeName(index, old)
        addName(index)
    }

    // MARK: Open orders by account

    private mutating func link(_ index: Int) {
        let key = UInt64(slots[index].order.account.rawValue)
        let account: Int
        if let known = accounts.slot(key) {
            account = known
        } else {
            account = openHeads.count
            accounts.insert(key, account)
            openHeads.append(-1)
            openCounts.append(0)
        }
        let head = openHeads[account]
        slots[index].nextOpen = head
        slots[index].previousOpen = -1
        if head >= 0 { slots[Int(head)].previousOpen = Int32(index) }
        openHeads[account] = Int32(index)
        openCounts[account] += 1
        openCount += 1
    }

    private mutating func unlink(_ index: Int) {
        guard let account = accounts.slot(UInt64(slots[index].order.account.rawValue)) else { return }
        let (previous, next) = (slots[index].previousOpen, slots[index].nextOpen)
        if previous >= 0 { slots[Int(previous)].nextOpen = next } else { openHeads[account] = next }
        if next >= 0 { slots[Int(next)].previousOpen = previous }
        openCounts[account] -= 1
        openCount -= 1
    }
}
