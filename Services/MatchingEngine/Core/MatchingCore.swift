import Records
import TradingCore

/// The state machine of matching-engine: price-time priority over every market of one `matching` partition.
///
/// Every numbered input makes exactly one `Execution` (in parts when it is very large) and, for each ledger partition whose accounts it
/// concerned, settlements. Refusals are values in the execution. The records handed to the sink are scratch of the core: valid during the
/// call, kept and used again, so a steady flow allocates nothing.
public struct MatchingCore: ~Copyable {
    /// The newest behaviour that this release knows.
    public static let newestLogicVersion: UInt32 = 1
    /// The most events of one record; more are cut into parts (an execution) or into several (settlements). A trade, the largest event,
    /// takes 101 bytes at most, so a record stays below a frame's 256 KiB.
    public static let maximumEventsInRecord = 2_000

    public let partition: Int
    /// The behaviour in force.
    public internal(set) var logicVersion: UInt32 = 1
    var books = OrderBooks()

    /// Where orders and cancels of the inbox are decoded.
    @usableFromInline let incomingOrder = KeptRecord(SubmitOrder())
    @usableFromInline let incomingCancel = KeptRecord(CancelOrder())
    @usableFromInline let event = EngineEvent()
    /// The levels of `lists.levels`; `noSlot` where the level is gone.
    var changedLevels = KeptList<UInt32>()
    /// The book of the changed levels: one input changes one.
    var changedBook = 0
    /// Whether the record accepts an order: so that none is not cleared again.
    var hasAccepted = false
    var settlements = SettlementTable()
    /// The ledger partitions that the last input settled in, in the order of first touch.
    var settled = KeptList<UInt32>()
    /// Whether the record exceeds `maximumEventsInRecord`.
    @usableFromInline var isLarge = false

    /// An engine that has seen nothing.
    ///
    /// - Parameter partition: the partition of `matching` that is its inbox.
    public init(partition: Int) { self.partition = partition }

    /// The record in the making, but for its lists; its `ledgerApplied` and `ledgerWritten` are state and are never cleared.
    var execution: Execution {
        @inline(__always)
        _read { yield event.head.value }
        @inline(__always)
        nonmutating _modify { yield &event.head.value }
    }

    /// The lists of the record in the making.
    var lists: EventLists {
        @inline(__always)
        _read { yield event.lists.pointee }
        @inline(__always)
        nonmutating _modify { yield &event.lists.pointee }
    }

    /// How many ledger partitions the last input settled in.
    public var settledCount: Int { settled.count }

    /// The `index`-th of them, in the order of first touch.
    public func settledPartition(_ index: Int) -> Int { Int(settled[index]) }

    /// How many settlements were made for a ledger partition so far.
    public func ledgerWritten(_ partition: Int) -> UInt64 { execution.ledgerWritten[partition] }

    /// When the next timer is due; this logic version has none.
    public var nextTimer: Timestamp? { nil }

    /// Fires the timers that are due at `clock`.
    public mutating func fireTimers<Sink: MatchingSink>(at clock: Timestamp, to sink: inout Sink) {}

    /// Applies the next record of the inbox.
    ///
    /// - Throws: `InvariantViolation` for a record that cannot follow from what came before; the state is of no use then.
    @inlinable
    public mutating func apply<Sink: MatchingSink>(
        _ record: MatchingRecord, _ context: RecordContext, to sink: inout Sink
    ) throws(InvariantViolation) {
        if try run(record, context) { emit(to: &sink) } else { emitTick(to: &sink) }
    }

    /// Applies an order where it stands, as `apply` of a record does.
    @inlinable
    public mutating func apply<Sink: MatchingSink>(
        _ order: borrowing KeptRecord<SubmitOrder>, _ context: RecordContext, to sink: inout Sink
    ) throws(InvariantViolation) {
        try run(UnsafePointer(order.address), context)
        emit(to: &sink)
    }

    /// Applies a cancel where it stands, as `apply` of a record does.
    @inlinable
    public mutating func apply<Sink: MatchingSink>(
        _ cancel: borrowing KeptRecord<CancelOrder>, _ context: RecordContext, to sink: inout Sink
    ) {
        run(UnsafePointer(cancel.address), context)
        emit(to: &sink)
    }

    /// Applies the next record of the inbox as it stands in the log: type and payload of its envelope.
    @inlinable
    public mutating func apply<Sink: MatchingSink>(
        type: UInt32, payload: RawSpan, _ context: RecordContext, to sink: inout Sink
    ) throws(InboxError) {
        // Most records are of two types, which are decoded where they are used and not by way of the union.
        switch type {
        case MatchingRecord.Number.submitOrder:
            try InboxError.read(payload, into: incomingOrder)
            let order = UnsafePointer(incomingOrder.address)
            try InboxError.applying { () throws(InvariantViolation) in try run(order, context) }
            emit(to: &sink)
        case MatchingRecord.Number.cancelOrder:
            try InboxError.read(payload, into: incomingCancel)
            run(UnsafePointer(incomingCancel.address), context)
            emit(to: &sink)
        default:
            let record = try InboxError.read(MatchingRecord.self, type: type, payload)
            try InboxError.applying { () throws(InvariantViolation) in try apply(record, context, to: &sink) }
        }
    }

    /// Hands out what the last input did.
    ///
    /// `mutating` although it changes nothing, as all that most inputs need is: a method that is not gets a copy of the whole core, 400 bytes.
    @inlinable
    mutating func emit<Sink: MatchingSink>(to sink: inout Sink) {
        if isLarge {
            for part in executionParts() { sink.execution(EngineEvent(part: part)) }
        } else {
            sink.execution(event)
        }
        for index in 0..<settledCount {
            let (partition, settlement) = settlement(index)
            if settlement.pointee.value.eventCount <= MatchingCore.maximumEventsInRecord {
                sink.settlement(partition, settlement.pointee)
            } else {
                for piece in settlement.pointee.value.pieces() { sink.settlement(partition, KeptRecord(piece)) }
            }
        }
    }

    /// The `index`-th settlement of the last input, and its ledger partition.
    @usableFromInline
    mutating func settlement(_ index: Int) -> (partition: Int, settlement: UnsafeMutablePointer<KeptRecord<Settlement>>)
    {
        let partition = Int(settled[index])
        return (partition, settlements.place(partition))
    }

    @inlinable
    mutating func emitTick<Sink: MatchingSink>(to sink: inout Sink) {
        let head = event.head.address
        sink.tick(EngineTick(ledgerApplied: head.pointee.ledgerApplied, ledgerWritten: head.pointee.ledgerWritten))
    }

    /// Answers a gateway's record whose payload nobody can read.
    public mutating func refuseUnreadable(to sink: inout some MatchingSink) {
        clear()
        refuse(Refusal(reason: .unreadable))
        sink.execution(event)
    }

    /// Makes the record's effects in the scratch.
    ///
    /// - Returns: whether there is an execution; a tick has none.
    @usableFromInline
    mutating func run(_ record: MatchingRecord, _ context: RecordContext) throws(InvariantViolation) -> Bool {
        if context.number == 0, case .tick = record { return false }
        begin(context)
        switch record {
        case .submitOrder(let order):
            incomingOrder.value = order
            try submit(UnsafePointer(incomingOrder.address), context)
        case .cancelOrder(let cancel):
            incomingCancel.value = cancel
            cancelOrder(UnsafePointer(incomingCancel.address), context)
        case .cancelAll(let cancel): cancelAll(cancel, context)
        case .amendOrder(let amendment): amend(amendment, context)
        case .instrument(let definition): define(definition)
        case .raiseLogicVersion(let raise): try raiseLogicVersion(raise)
        case .tick: break
        }
        finish()
        return true
    }

    @usableFromInline
    mutating func run(_ order: UnsafePointer<SubmitOrder>, _ context: RecordContext) throws(InvariantViolation) {
        begin(context)
        try submit(order, context)
        finish()
    }

    @usableFromInline
    mutating func run(_ cancel: UnsafePointer<CancelOrder>, _ context: RecordContext) {
        begin(context)
        cancelOrder(cancel, context)
        finish()
    }

    private mutating func raiseLogicVersion(_ raise: RaiseLogicVersion) throws(InvariantViolation) {
        guard raise.service == UInt32(WriterKind.matchingEngine.rawValue), raise.version > logicVersion else { return }
        guard raise.version <= MatchingCore.newestLogicVersion else {
            throw InvariantViolation("logic version \(raise.version) is not known to this release")
        }
        logicVersion = raise.version
    }

    // MARK: The record in the making

    @inline(__always)
    private mutating func begin(_ context: RecordContext) {
        clear()
        noteInput(context)
    }

    private mutating func clear() {
        execution.instrument = InstrumentID(0)
        execution.firstUpdateId = UpdateID(0)
        if hasAccepted {
            execution.accepted = nil
            hasAccepted = false
        }
        if lists.isRare { clearRare() }
        lists.clear()
        changedLevels.clear()
        for index in 0..<settled.count { settlements[Int(settled[index])].clear() }
        settled.clear()
        isLarge = false
    }

    @inline(never)
    private mutating func clearRare() {
        execution.amended = nil
        execution.refusal = nil
        execution.report = nil
        lists.isRare = false
    }

    /// Says why nothing came of the input.
    mutating func refuse(_ refusal: Refusal) {
        lists.isRare = true
        execution.refusal = refusal
    }

    private mutating func noteInput(_ context: RecordContext) {
        guard let partition = ledgerPartition(context.writer) else { return }
        if partition >= execution.ledgerApplied.count { growLedgers(to: partition + 1) }
        execution.ledgerApplied[partition] = context.number
    }

    /// The partition of a ledger-service, or nil for another writer.
    @inline(__always)
    func ledgerPartition(_ writer: Writer) -> Int? {
        writer.rawValue >> 16 == UInt32(WriterKind.ledgerService.rawValue) ? writer.index : nil
    }

    @inline(never)
    mutating func growLedgers(to count: Int) {
        while execution.ledgerApplied.count < count {
            execution.ledgerApplied.append(0)
            execution.ledgerWritten.append(0)
            settlements.append()
        }
    }

    /// Fixes the final quantities of changed levels, their update ids, and what is written to the ledgers.
    private mutating func finish() {
        if changedLevels.count > 0 {
            for index in 0..<changedLevels.count where changedLevels[index] != noSlot {
                let level = books.levels[changedLevels[index]]
                lists.levels[index].quantity = level.pointee.quantity
                level.pointee.change = 0
            }
            let market = books.market(changedBook)
            execution.firstUpdateId = UpdateID(market.pointee.lastUpdateID + 1)
            market.pointee.lastUpdateID += Int64(changedLevels.count)
        }
        for index in 0..<settled.count {
            let partition = Int(settled[index])
            settlements[partition].instrument = execution.instrument
            execution.ledgerWritten[partition] += settlements[partition].pieceCount
        }
        isLarge = lists.count > MatchingCore.maximumEventsInRecord
    }

    /// Notes that the level's quantity changes in this record.
    @inline(__always)
    mutating func touch(_ slot: UInt32) {
        let level = books.levels[slot]
        guard level.pointee.change == 0 else { return }
        lists.levels.append(
            LevelChange(side: level.pointee.side & 1 == 0 ? .buy : .sell, price: level.pointee.price, quantity: .zero))
        changedLevels.append(slot)
        changedBook = Int(level.pointee.side >> 1)
        level.pointee.change = UInt32(truncatingIfNeeded: changedLevels.count)
    }

    /// Takes an order off its level and the level with it when it was the last one.
    @inline(__always)
    mutating func removeOrder(_ slot: UInt32) {
        let levelSlot = books.orders[slot].pointee.level
        touch(levelSlot)
        books.remove(slot)
        let level = books.levels[levelSlot]
        guard level.pointee.orderCount == 0 else { return }
        changedLevels[Int(level.pointee.change) - 1] = noSlot
        books.removeLevel(levelSlot)
    }

    /// The settlement of a ledger partition in this record.
    @inline(__always)
    mutating func settle(in partition: Int) {
        guard settlements[partition].eventCount == 0 else { return }
        settled.append(UInt32(truncatingIfNeeded: partition))
    }

    @inline(__always)
    mutating func settleEnd(_ partition: UInt16, _ order: OrderID, _ account: AccountID, refused: Bool = false) {
        settle(in: Int(partition))
        settlements[Int(partition)].ends.append(OrderEnd(orderId: order, account: account, refused: refused))
    }
}
