import Records
import TradingCore

/// The open orders of a partition and every name that is taken.
struct OrderRegister: ~Copyable {
    /// How long a client id stays taken after its order's end; longer than any time window and resend (log time, ms).
    static let nameLifetime: Int64 = 600_000

    private(set) var orders = Pool<OpenOrder>()
    private(set) var names = Pool<OrderName>()
    private(set) var groups = Pool<OrderGroup>()
    /// Names by order id; of an amended order the current one.
    private var byOrder = SlotIndex()
    private var byClientID = ChainIndex()
    private var byGroup = SlotIndex()
    /// Closed names in the order in which they are forgotten.
    private var queueHead = ChainIndex.none
    private var queueTail = ChainIndex.none
    private(set) var openCount = 0
    /// Closed names so far; a closed name's place in the queue.
    private(set) var closedSequence: UInt64 = 0
    private(set) var closedCount = 0

    let tracksChanges: Bool
    private var changed: [Int32] = []
    private var ended: [OrderID] = []
    /// In the order of their sequences, without gaps.
    private var closed: [ClosedNameRow] = []
    /// Names that were closed before `closed` begins.
    private var emptied: [ClosedNameRow] = []

    init(tracksChanges: Bool) { self.tracksChanges = tracksChanges }

    // MARK: Finding

    /// The name of an order that is open or remembered.
    func name(of orderID: OrderID) -> Int? { byOrder.slot(UInt64(bitPattern: orderID.rawValue)) }

    func openSlot(_ orderID: OrderID) -> Int? {
        guard let name = name(of: orderID), names[name].isOpen else { return nil }
        return Int(names[name].openSlot)
    }

    /// The name that a client id stands for: an open order's before a remembered one's, the newest order's among several.
    func name(_ account: AccountID, _ instrument: InstrumentID, _ clientOrderID: ASCIIText) -> Int? {
        let hash = textHash(account, instrument, clientOrderID)
        var candidate = byClientID.first(hash)
        var found: Int?
        while let slot = candidate {
            if names[slot].account == account, names[slot].instrument == instrument,
                names[slot].clientOrderID == clientOrderID
            {
                if found.map({ isBefore($0, slot) }) ?? true { found = slot }
            }
            candidate = byClientID.next(slot)
        }
        return found
    }

    private func isBefore(_ first: Int, _ second: Int) -> Bool {
        if names[first].isOpen != names[second].isOpen { return names[second].isOpen }
        return names[first].orderID < names[second].orderID
    }

    subscript(slot: Int) -> OpenOrder {
        _read { yield orders[slot] }
        _modify { yield &orders[slot] }
    }

    func clientOrderID(of slot: Int) -> ASCIIText { names[Int(orders[slot].nameSlot)].clientOrderID }

    func openCount(_ account: AccountID, _ instrument: InstrumentID) -> Int {
        byGroup.slot(pairKey(account.rawValue, instrument.rawValue)).map { groups[$0].count } ?? 0
    }

    func group(_ account: AccountID, _ instrument: InstrumentID) -> OrderGroup? {
        byGroup.slot(pairKey(account.rawValue, instrument.rawValue)).map { groups[$0] }
    }

    // MARK: Life of an order

    /// Opens `order` under its order id and `clientOrderID`.
    mutating func open(_ order: OpenOrder, clientOrderID: ASCIIText) -> Int {
        var order = order
        order.groupSlot = Int32(groupSlot(order))
        order.isChanged = false
        let slot = orders.insert(order)
        let key = UInt64(bitPattern: order.orderID.rawValue)
        let name = addName(
            order.orderID, order.account, order.instrument, clientOrderID, openSlot: slot, earlier: byOrder.slot(key))
        orders[slot].nameSlot = Int32(name)
        byOrder.insert(key, name)
        groups[Int(order.groupSlot)].count += 1
        openCount += 1
        change(slot)
        return slot
    }

    /// Notes that `slot` has changed, for the books.
    @inline(__always)
    mutating func change(_ slot: Int) {
        guard tracksChanges, !orders[slot].isChanged else { return }
        orders[slot].isChanged = true
        changed.append(Int32(slot))
    }

    /// Ends an order. Its names stay taken for `nameLifetime`, unless the engine refused it: then nothing knows it any more, not
    /// even by a name that an amendment has asked for.
    mutating func close(_ slot: Int, at clock: Timestamp, isRefused: Bool) {
        let order = orders[slot]
        groups[Int(order.groupSlot)].count -= 1
        openCount -= 1
        if tracksChanges { ended.append(order.orderID) }
        if isRefused {
            let earlier = names[Int(order.nameSlot)].earlier
            forget(Int(order.nameSlot))
            emptyNames(of: order.orderID, from: earlier)
        } else {
            closeName(Int(order.nameSlot), at: clock)
        }
        orders[slot].orderID = OrderID(0)
        orders[slot].isChanged = false
        orders.release(slot)
    }

    /// Gives an open order another client id; the one it had stays taken for `nameLifetime`.
    mutating func rename(_ slot: Int, to clientOrderID: ASCIIText, at clock: Timestamp) {
        let order = orders[slot]
        closeName(Int(order.nameSlot), at: clock)
        let name = addName(
            order.orderID, order.account, order.instrument, clientOrderID, openSlot: slot, earlier: Int(order.nameSlot))
        orders[slot].nameSlot = Int32(name)
        byOrder.insert(UInt64(bitPattern: order.orderID.rawValue), name)
        change(slot)
    }

    /// Takes a client id for `nameLifetime`, for the amendment that has asked for it and may be refused yet.
    mutating func reserve(_ clientOrderID: ASCIIText, for slot: Int, at clock: Timestamp) {
        let order = orders[slot]
        let current = Int(order.nameSlot)
        let name = addName(order.orderID, order.account, order.instrument, clientOrderID, openSlot: nil, earlier: nil)
        names[name].earlier = names[current].earlier
        names[current].earlier = Int32(name)
        closeName(name, at: clock)
    }

    /// Forgets the names whose time is over.
    @inline(__always)
    mutating func expire(at clock: Timestamp) {
        while queueHead != ChainIndex.none, names[Int(queueHead)].keptUntil < clock { expireHead() }
    }

    private mutating func expireHead() {
        let slot = Int(queueHead)
        queueHead = names[slot].queueNext
        if queueHead == ChainIndex.none { queueTail = ChainIndex.none }
        closedCount -= 1
        forget(slot)
    }

    // MARK: Names

    private mutating func addName(
        _ orderID: OrderID, _ account: AccountID, _ instrument: InstrumentID, _ clientOrderID: ASCIIText,
        openSlot: Int?, earlier: Int?
    ) -> Int {
        let hash = textHash(account, instrument, clientOrderID)
        let slot = names.insert(
            OrderName(
                orderID: orderID, account: account, instrument: instrument, clientOrderID: clientOrderID, hash: hash,
                openSlot: openSlot.map { Int32($0) } ?? ChainIndex.none,
                earlier: earlier.map { Int32($0) } ?? ChainIndex.none))
        if !clientOrderID.isEmpty { byClientID.insert(hash, slot) }
        return slot
    }

    private mutating func closeName(_ slot: Int, at clock: Timestamp) {
        names[slot].openSlot = ChainIndex.none
        let keptUntil = clock.advanced(byMilliseconds: OrderRegister.nameLifetime)
        enqueue(slot, keptUntil)
        guard tracksChanges else { return }
        closed.append(ClosedNameRow(names[slot]))
    }

    /// Empties the closed names of an order, from its newest on.
    private mutating func emptyNames(of orderID: OrderID, from newest: Int32) {
        var link = newest
        while link != ChainIndex.none, names[Int(link)].orderID == orderID {
            let slot = Int(link)
            link = names[slot].earlier
            if !names[slot].clientOrderID.isEmpty { byClientID.remove(names[slot].hash, slot) }
            names[slot].orderID = OrderID(0)
            names[slot].account = AccountID(0)
            names[slot].instrument = InstrumentID(0)
            names[slot].clientOrderID = ASCIIText()
            names[slot].earlier = ChainIndex.none
            guard tracksChanges else { continue }
            let row = ClosedNameRow(names[slot])
            if let first = closed.first, row.sequence >= first.sequence {
                closed[Int(row.sequence - first.sequence)] = row
            } else {
                emptied.append(row)
            }
        }
    }

    private mutating func enqueue(_ slot: Int, _ keptUntil: Timestamp) {
        names[slot].keptUntil = keptUntil
        names[slot].queueNext = ChainIndex.none
        if queueTail == ChainIndex.none {
            queueHead = Int32(slot)
        } else {
            names[Int(queueTail)].queueNext = Int32(slot)
        }
        queueTail = Int32(slot)
        closedSequence += 1
        closedCount += 1
        names[slot].sequence = closedSequence
    }

    private mutating func forget(_ slot: Int) {
        let name = names[slot]
        if !name.clientOrderID.isEmpty { byClientID.remove(name.hash, slot) }
        let key = UInt64(bitPattern: name.orderID.rawValue)
        // An older name of an amended order does not take the current one with it.
        if byOrder.slot(key) == slot { byOrder.remove(key) }
        names[slot].orderID = OrderID(0)
        names.release(slot)
    }

    private mutating func groupSlot(_ order: OpenOrder) -> Int {
        let key = pairKey(order.account.rawValue, order.instrument.rawValue)
        if let slot = byGroup.slot(key) {
            groups[slot].matchingPartition = order.matchingPartition
            return slot
        }
        let slot = groups.insert(
            OrderGroup(
                account: order.account, instrument: order.instrument, matchingPartition: order.matchingPartition))
        byGroup.insert(key, slot)
        return slot
    }

    // MARK: State

    /// The closed names, oldest first.
    func forEachClosed(_ body: (OrderName) -> Void) {
        var slot = queueHead
        while slot != ChainIndex.none {
            body(names[Int(slot)])
            slot = names[Int(slot)].queueNext
        }
    }

    /// Restores a closed name; in the order of their sequences, and before the open orders.
    mutating func restore(_ row: ClosedNameRow) throws(StateError) {
        guard closedCount == 0 || row.sequence == closedSequence + 1 else {
            throw StateError("closed name \(row.sequence) follows \(closedSequence)")
        }
        if closedCount == 0 { closedSequence = row.sequence - 1 }
        let isEmptied = row.orderID.rawValue == 0
        let key = UInt64(bitPattern: row.orderID.rawValue)
        let slot = addName(
            row.orderID, row.account, row.instrument, row.clientOrderID, openSlot: nil,
            earlier: isEmptied ? nil : byOrder.slot(key))
        enqueue(slot, row.keptUntil)
        if !isEmptied { byOrder.insert(key, slot) }
    }

    mutating func restoreClosedSequence(_ sequence: UInt64) throws(StateError) {
        guard closedCount == 0 || sequence == closedSequence else {
            throw StateError("the last closed name is \(closedSequence), the counter says \(sequence)")
        }
        closedSequence = sequence
    }

    mutating func restore(_ order: OpenOrder, clientOrderID: ASCIIText) {
        let slot = open(order, clientOrderID: clientOrderID)
        orders[slot].isChanged = false
        changed.removeAll(keepingCapacity: true)
    }

    /// Appends what changed since the last call and forgets that it did.
    mutating func takeChanges(into rows: inout LedgerRows) {
        for slot in changed where orders[Int(slot)].isChanged {
            orders[Int(slot)].isChanged = false
            rows.openOrders.append(OpenOrderRow(orders[Int(slot)], clientOrderID: clientOrderID(of: Int(slot))))
        }
        rows.endedOrders.append(contentsOf: ended)
        rows.closedNames.append(contentsOf: emptied)
        rows.closedNames.append(contentsOf: closed)
        changed.removeAll(keepingCapacity: true)
        ended.removeAll(keepingCapacity: true)
        closed.removeAll(keepingCapacity: true)
        emptied.removeAll(keepingCapacity: true)
    }
}
