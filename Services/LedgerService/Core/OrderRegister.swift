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
    private var byOrder = HashIndex()
    private var byClientID = HashIndex()
    private var byGroup = SlotIndex()
    /// Closed names in the order in which they are forgotten.
    private var queue = Queue<QueuedName>()
    private(set) var openCount = 0
    /// Closed names so far; the sequence of the last one in the queue.
    private(set) var closedSequence: UInt64 = 0

    var closedCount: Int { queue.count }

    let tracksChanges: Bool
    private var changed: [Int32] = []
    private var ended: [OrderID] = []
    /// In the order of their sequences, without gaps.
    private var closed: [ClosedNameRow] = []
    /// Names that were closed before `closed` begins.
    private var emptied: [ClosedNameRow] = []

    init(tracksChanges: Bool) { self.tracksChanges = tracksChanges }

    // MARK: Finding
    //
    // What every order asks is `mutating` although it changes nothing: a method that is not is handed a copy of the register's 300 bytes.

    /// The name of an order that is open or remembered.
    @inline(__always)
    mutating func name(of orderID: OrderID) -> Int? {
        byOrder.slot(idHash(orderID.rawValue)) { names[$0].orderID == orderID }
    }

    @inline(__always)
    mutating func openSlot(_ orderID: OrderID) -> Int? {
        guard let name = name(of: orderID), names[name].isOpen else { return nil }
        return Int(names[name].openSlot)
    }

    /// The name that a client id stands for: an open order's before a remembered one's, the newest order's among several.
    mutating func name(_ account: AccountID, _ instrument: InstrumentID, _ clientOrderID: ASCIIText) -> Int? {
        name(account, instrument, clientOrderID, hash: textHash(account, instrument, clientOrderID))
    }

    /// The name that a client id with this `textHash` stands for.
    mutating func name(
        _ account: AccountID, _ instrument: InstrumentID, _ clientOrderID: ASCIIText, hash: UInt32
    ) -> Int? {
        var found: Int?
        _ = byClientID.slot(hash) { slot in
            if names[slot].account == account, names[slot].instrument == instrument,
                names[slot].clientOrderID == clientOrderID
            {
                if found.map({ names[slot].comesBefore(names[$0]) }) ?? true { found = slot }
            }
            return false
        }
        return found
    }

    subscript(slot: Int) -> OpenOrder {
        _read { yield orders[slot] }
        _modify { yield &orders[slot] }
    }

    /// Where an open order stands until another one is opened.
    @inline(__always)
    mutating func place(_ slot: Int) -> UnsafeMutablePointer<OpenOrder> { orders.place(slot) }

    func clientOrderID(of slot: Int) -> ASCIIText { names[Int(orders[slot].nameSlot)].clientOrderID }

    func group(_ account: AccountID, _ instrument: InstrumentID) -> OrderGroup? {
        byGroup.slot(pairKey(account.rawValue, instrument.rawValue)).map { groups[$0] }
    }

    @inline(__always)
    mutating func groupSlotOrNew(_ account: AccountID, _ instrument: InstrumentID) -> Int {
        byGroup.slot(pairKey(account.rawValue, instrument.rawValue)) ?? addGroup(account, instrument)
    }

    /// Where a group stands until another one is added.
    @inline(__always)
    mutating func groupPlace(_ slot: Int) -> UnsafeMutablePointer<OrderGroup> { groups.place(slot) }

    private mutating func addGroup(_ account: AccountID, _ instrument: InstrumentID) -> Int {
        let slot = groups.insert(OrderGroup(account: account, instrument: instrument))
        byGroup.insert(pairKey(account.rawValue, instrument.rawValue), slot)
        return slot
    }

    // MARK: Life of an order

    /// Opens `order`, which has its places, under its order id and a client id with this `textHash`.
    ///
    /// - Parameter earlier: the closed name that the order has already.
    /// - Returns: where the order stands until another one is opened.
    @inline(__always)
    @discardableResult
    mutating func open(
        _ order: OpenOrder, clientOrderID: ASCIIText, hash: UInt32, earlier: Int? = nil
    ) -> UnsafeMutablePointer<OpenOrder> {
        let slot = orders.insert(order)
        let name = addName(
            OrderName(
                orderID: order.orderID, account: order.account, instrument: order.instrument,
                clientOrderID: clientOrderID, hash: hash, openSlot: Int32(slot),
                earlier: earlier.map { Int32($0) } ?? Link.none))
        let idHash = idHash(order.orderID.rawValue)
        if let earlier { byOrder.replace(idHash, earlier, with: name) } else { byOrder.insert(idHash, name) }
        let place = orders.place(slot)
        place.pointee.nameSlot = Int32(name)
        let group = groups.place(Int(order.groupSlot))
        group.pointee.matchingPartition = order.matchingPartition
        group.pointee.count += 1
        openCount += 1
        change(slot)
        return place
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
        let order = orders.place(slot)
        let orderID = order.pointee.orderID
        let name = Int(order.pointee.nameSlot)
        groups[Int(order.pointee.groupSlot)].count -= 1
        openCount -= 1
        order.pointee.orderID = OrderID(0)
        order.pointee.isChanged = false
        orders.release(slot)
        if tracksChanges { ended.append(orderID) }
        if isRefused {
            let earlier = names[name].earlier
            forgetRefused(name)
            emptyNames(of: orderID, from: earlier)
        } else {
            closeName(name, at: clock)
        }
    }

    /// Gives an open order another client id; the one it had stays taken for `nameLifetime`.
    mutating func rename(_ slot: Int, to clientOrderID: ASCIIText, at clock: Timestamp) {
        let order = orders[slot]
        closeName(Int(order.nameSlot), at: clock)
        let name = addName(
            OrderName(
                orderID: order.orderID, account: order.account, instrument: order.instrument,
                clientOrderID: clientOrderID, hash: textHash(order.account, order.instrument, clientOrderID),
                openSlot: Int32(slot), earlier: order.nameSlot))
        orders[slot].nameSlot = Int32(name)
        byOrder.replace(idHash(order.orderID.rawValue), Int(order.nameSlot), with: name)
        change(slot)
    }

    /// Takes a client id for `nameLifetime`, for the amendment that has asked for it and may be refused yet.
    mutating func reserve(_ clientOrderID: ASCIIText, for slot: Int, at clock: Timestamp) {
        let order = orders[slot]
        let current = Int(order.nameSlot)
        let name = addName(
            OrderName(
                orderID: order.orderID, account: order.account, instrument: order.instrument,
                clientOrderID: clientOrderID, hash: textHash(order.account, order.instrument, clientOrderID),
                openSlot: Link.none, earlier: names[current].earlier))
        names[current].earlier = Int32(name)
        closeName(name, at: clock)
    }

    /// Forgets the names whose time is over.
    @inline(__always)
    mutating func expire(at clock: Timestamp) {
        while queue.count > 0, queue[0].keptUntil < clock { expireFirst() }
    }

    private mutating func expireFirst() {
        let first = queue.removeFirst()
        if first.hasText { byClientID.remove(first.textHash, Int(first.slot)) }
        // An older name of an amended order does not take the current one with it.
        byOrder.removeIfThere(first.orderHash, Int(first.slot))
        names[Int(first.slot)].orderID = OrderID(0)
        names.release(Int(first.slot))
    }

    // MARK: Names

    @inline(__always)
    private mutating func addName(_ name: OrderName) -> Int {
        let slot = names.insert(name)
        if !name.clientOrderID.isEmpty { byClientID.insert(name.hash, slot) }
        return slot
    }

    @inline(__always)
    private mutating func closeName(_ slot: Int, at clock: Timestamp) {
        names[slot].openSlot = Link.none
        let keptUntil = clock.advanced(byMilliseconds: OrderRegister.nameLifetime)
        enqueue(slot, keptUntil)
        guard tracksChanges else { return }
        closed.append(ClosedNameRow(names[slot]))
    }

    /// Empties the closed names of an order, from its newest on.
    private mutating func emptyNames(of orderID: OrderID, from newest: Int32) {
        var link = newest
        while link != Link.none, names[Int(link)].orderID == orderID {
            let slot = Int(link)
            link = names[slot].earlier
            if !names[slot].clientOrderID.isEmpty { byClientID.remove(names[slot].hash, slot) }
            queue[queue.count - 1 - Int(closedSequence - names[slot].sequence)].hasText = false
            names[slot].orderID = OrderID(0)
            names[slot].account = AccountID(0)
            names[slot].instrument = InstrumentID(0)
            names[slot].clientOrderID = ASCIIText()
            names[slot].earlier = Link.none
            guard tracksChanges else { continue }
            let row = ClosedNameRow(names[slot])
            if let first = closed.first, row.sequence >= first.sequence {
                closed[Int(row.sequence - first.sequence)] = row
            } else {
                emptied.append(row)
            }
        }
    }

    @inline(__always)
    private mutating func enqueue(_ slot: Int, _ keptUntil: Timestamp) {
        closedSequence += 1
        let name = names.place(slot)
        name.pointee.keptUntil = keptUntil
        name.pointee.sequence = closedSequence
        queue.append(
            QueuedName(
                keptUntil: keptUntil, slot: Int32(slot), orderHash: idHash(name.pointee.orderID.rawValue),
                textHash: name.pointee.hash, hasText: !name.pointee.clientOrderID.isEmpty))
    }

    /// Forgets the current name of an order that the engine refused.
    private mutating func forgetRefused(_ slot: Int) {
        let name = names.place(slot)
        if !name.pointee.clientOrderID.isEmpty { byClientID.remove(name.pointee.hash, slot) }
        byOrder.remove(idHash(name.pointee.orderID.rawValue), slot)
        name.pointee.orderID = OrderID(0)
        names.release(slot)
    }

    // MARK: State

    /// The closed names, oldest first.
    func forEachClosed(_ body: (OrderName) -> Void) {
        for index in 0..<queue.count { body(names[Int(queue[index].slot)]) }
    }

    /// Restores a closed name; in the order of their sequences, and before the open orders.
    mutating func restore(_ row: ClosedNameRow) throws(StateError) {
        guard closedCount == 0 || row.sequence == closedSequence + 1 else {
            throw StateError("closed name \(row.sequence) follows \(closedSequence)")
        }
        if closedCount == 0 { closedSequence = row.sequence - 1 }
        let earlier = row.orderID.rawValue == 0 ? nil : name(of: row.orderID)
        let slot = addName(
            OrderName(
                orderID: row.orderID, account: row.account, instrument: row.instrument,
                clientOrderID: row.clientOrderID, hash: textHash(row.account, row.instrument, row.clientOrderID),
                openSlot: Link.none, earlier: earlier.map { Int32($0) } ?? Link.none))
        enqueue(slot, row.keptUntil)
        guard row.orderID.rawValue != 0 else { return }
        let hash = idHash(row.orderID.rawValue)
        if let earlier { byOrder.replace(hash, earlier, with: slot) } else { byOrder.insert(hash, slot) }
    }

    mutating func restoreClosedSequence(_ sequence: UInt64) throws(StateError) {
        guard closedCount == 0 || sequence == closedSequence else {
            throw StateError("the last closed name is \(closedSequence), the counter says \(sequence)")
        }
        closedSequence = sequence
    }

    /// Restores an open order, which has its places.
    mutating func restore(_ order: OpenOrder, clientOrderID: ASCIIText) {
        open(
            order, clientOrderID: clientOrderID, hash: textHash(order.account, order.instrument, clientOrderID),
            earlier: name(of: order.orderID))
        for slot in changed { orders[Int(slot)].isChanged = false }
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
