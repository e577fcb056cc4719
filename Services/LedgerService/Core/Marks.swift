import Records
import TradingCore

/// An id that a query or a cancel has named and that no order had: an order of that id whose timestamp is not later is refused.
struct Mark {
    var account: AccountID
    var instrument: InstrumentID
    /// 0: the client id is meant.
    var orderID: OrderID
    var clientOrderID: ASCIIText
    var hash: UInt32
    /// The query's timestamp.
    var timestamp: Timestamp
    /// The mark counts up to this log time.
    var keptUntil: Timestamp
    var queueNext: Int32 = Link.none
}

/// The marks of a partition, forgotten in the order in which they were left.
struct Marks: ~Copyable {
    /// The longest time window and the most that a client's clock may be ahead: no order with an earlier timestamp can be
    /// within its window after that (log time, ms).
    static let lifetime: Int64 = 60_000 + 1_000

    private var pool = Pool<Mark>()
    private var index = HashIndex()
    private var queueHead = Link.none
    private var queueTail = Link.none
    private(set) var count = 0
    /// Marks left so far; a mark's place in the queue.
    private(set) var sequence: UInt64 = 0

    let tracksChanges: Bool
    private var left: [MarkRow] = []

    init(tracksChanges: Bool) { self.tracksChanges = tracksChanges }

    /// Leaves a mark on an order id or, where that is 0, on a client id.
    mutating func leave(
        _ account: AccountID, _ instrument: InstrumentID, _ orderID: OrderID, _ clientOrderID: ASCIIText,
        timestamp: Timestamp, at clock: Timestamp
    ) {
        guard orderID.rawValue != 0 || !clientOrderID.isEmpty else { return }
        let isByOrder = orderID.rawValue != 0
        let mark = Mark(
            account: account, instrument: isByOrder ? InstrumentID(0) : instrument, orderID: orderID,
            clientOrderID: isByOrder ? ASCIIText() : clientOrderID,
            hash: isByOrder ? Marks.hash(account, orderID) : textHash(account, instrument, clientOrderID),
            timestamp: timestamp, keptUntil: clock.advanced(byMilliseconds: Marks.lifetime))
        enqueue(mark)
        if tracksChanges { left.append(MarkRow(mark, sequence: sequence)) }
    }

    /// Whether an order that was sent at `timestamp` is refused because of a mark on one of its ids.
    @inline(__always)
    mutating func refuse(_ order: UnsafePointer<SubmitOrder>) -> Bool {
        guard count > 0 else { return false }
        return refuseMarked(order)
    }

    private mutating func refuseMarked(_ order: UnsafePointer<SubmitOrder>) -> Bool {
        let byOrder = index.slot(Marks.hash(order.pointee.account, order.pointee.orderId)) { slot in
            pool[slot].orderID == order.pointee.orderId && pool[slot].account == order.pointee.account
                && pool[slot].timestamp >= order.pointee.timestamp
        }
        if byOrder != nil { return true }
        guard !order.pointee.clientOrderId.isEmpty else { return false }
        let byText = index.slot(textHash(order.pointee.account, order.pointee.instrument, order.pointee.clientOrderId))
        { slot in
            pool[slot].orderID.rawValue == 0 && pool[slot].account == order.pointee.account
                && pool[slot].instrument == order.pointee.instrument
                && pool[slot].clientOrderID == order.pointee.clientOrderId
                && pool[slot].timestamp >= order.pointee.timestamp
        }
        return byText != nil
    }

    /// Forgets the marks whose time is over.
    @inline(__always)
    mutating func expire(at clock: Timestamp) {
        while queueHead != Link.none, pool[Int(queueHead)].keptUntil < clock { expireHead() }
    }

    private mutating func expireHead() {
        let slot = Int(queueHead)
        queueHead = pool[slot].queueNext
        if queueHead == Link.none { queueTail = Link.none }
        index.remove(pool[slot].hash, slot)
        pool.release(slot)
        count -= 1
    }

    private mutating func enqueue(_ mark: Mark) {
        let slot = pool.insert(mark)
        index.insert(mark.hash, slot)
        if queueTail == Link.none {
            queueHead = Int32(slot)
        } else {
            pool[Int(queueTail)].queueNext = Int32(slot)
        }
        queueTail = Int32(slot)
        count += 1
        sequence += 1
    }

    private static func hash(_ account: AccountID, _ orderID: OrderID) -> UInt32 {
        idHash(orderID.rawValue) ^ account.rawValue
    }

    // MARK: State

    /// The marks, oldest first.
    func forEach(_ body: (Mark, UInt64) -> Void) {
        var slot = queueHead
        var sequence = self.sequence - UInt64(count)
        while slot != Link.none {
            sequence += 1
            body(pool[Int(slot)], sequence)
            slot = pool[Int(slot)].queueNext
        }
    }

    /// Restores a mark; in the order of their sequences.
    mutating func restore(_ row: MarkRow) throws(StateError) {
        guard count == 0 || row.sequence == sequence + 1 else {
            throw StateError("mark \(row.sequence) follows \(sequence)")
        }
        if count == 0 { sequence = row.sequence - 1 }
        let isByOrder = row.orderID.rawValue != 0
        enqueue(
            Mark(
                account: row.account, instrument: row.instrument, orderID: row.orderID,
                clientOrderID: row.clientOrderID,
                hash: isByOrder
                    ? Marks.hash(row.account, row.orderID)
                    : textHash(row.account, row.instrument, row.clientOrderID),
                timestamp: row.timestamp, keptUntil: row.keptUntil))
    }

    mutating func restoreSequence(_ value: UInt64) throws(StateError) {
        guard count == 0 || sequence == value else {
            throw StateError("the last mark is \(sequence), the counter says \(value)")
        }
        sequence = value
    }

    mutating func takeChanges(into rows: inout LedgerRows) {
        rows.marks.append(contentsOf: left)
        left.removeAll(keepingCapacity: true)
    }
}
