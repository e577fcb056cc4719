import Records
import TradingCore

/// The ledger of one partition: what every account has, holds and owes, and nothing decided by anything but its inbox.
///
/// A value without copies: its pools are used in place, without the exclusivity checks of a class.
public struct LedgerCore: ~Copyable {
    public static let firstLogicVersion: UInt32 = 1
    /// The newest logic that this release knows.
    public static let newestLogicVersion: UInt32 = 1
    /// Balances, or forwards, in one `AccountEvent`; more go into further parts, each well below a frame's 256 KiB.
    public static let listLimit = 4_096

    public let partition: Int
    public private(set) var logicVersion: UInt32 = LedgerCore.firstLogicVersion
    /// Log time of the last record.
    public private(set) var clock = Timestamp(0)
    var balances = Balances()
    var orders: OrderRegister
    var marks: Marks
    var transfers: Transfers
    var journalSequence: UInt64 = 0
    var withdrawalCounter: UInt64 = 0
    var depositCounter: UInt64 = 0
    /// By matching partition: how many records were handed to it.
    private(set) var forwarded = KeptList<UInt64>()

    // What the running input does; kept between inputs so that nothing is allocated.
    /// Where orders, cancels and settlements of the inbox are decoded, and from where orders and cancels are handed on.
    @usableFromInline let incomingOrder = KeptRecord(SubmitOrder())
    @usableFromInline let incomingCancel = KeptRecord(CancelOrder())
    @usableFromInline let incomingSettlement = KeptRecord(Settlement())
    @usableFromInline var event = LedgerEvent()
    var journal = RunningJournal()
    var cancelGroups = KeptList<OrderGroup>()

    /// - Parameters:
    ///   - partition: of `orders`, `ledger` and `account-events`, below 1,024: it is the low ten bits of withdrawal ids.
    ///   - tracksChanges: whether `takeChanges` will be called; without it changes are not kept.
    public init(partition: Int, tracksChanges: Bool = false) {
        precondition(partition >= 0 && partition < 1_024, "a ledger partition is below 1,024")
        self.partition = partition
        orders = OrderRegister(tracksChanges: tracksChanges)
        marks = Marks(tracksChanges: tracksChanges)
        transfers = Transfers(tracksChanges: tracksChanges)
    }

    // MARK: Applying

    /// Applies one record.
    ///
    /// Every numbered record gives one account event (in parts when it is long).
    ///
    /// - Throws: when the record cannot follow from what came before, or the books would be wrong; the state is then
    ///   not to be used any more.
    public mutating func apply<Sink: LedgerSink>(
        _ record: LedgerRecord, _ context: RecordContext, to sink: inout Sink
    ) throws(InvariantViolation) {
        switch record {
        case .submitOrder(let order): try apply(KeptRecord(order), context, to: &sink)
        case .settlement(let settlement): try apply(KeptRecord(settlement), context, to: &sink)
        case .cancelOrder(let cancel): try apply(KeptRecord(cancel), context, to: &sink)
        case .amendOrder(let amend): try apply(amend, context, to: &sink)
        default:
            begin(context)
            try applyRare(record, context, to: &sink)
            emit(context, to: &sink)
        }
    }

    /// Applies an order where it stands.
    ///
    /// - Throws: as for a record of any kind.
    @inlinable
    public mutating func apply<Sink: LedgerSink>(
        _ order: borrowing KeptRecord<SubmitOrder>, _ context: RecordContext, to sink: inout Sink
    ) throws(InvariantViolation) {
        if let partition = try forward(UnsafePointer(order.address), context) { sink.submit(order, to: partition) }
        emit(context, to: &sink)
    }

    /// Applies an order.
    ///
    /// - Returns: the matching partition that it is to be handed to; nil when it is refused.
    @usableFromInline
    mutating func forward(
        _ order: UnsafePointer<SubmitOrder>, _ context: RecordContext
    ) throws(InvariantViolation) -> Int? {
        begin(context)
        guard try submit(order, context) else { return nil }
        let partition = Int(order.pointee.matchingPartition)
        countForward(partition)
        return partition
    }

    /// Applies what the engine did, where it stands.
    ///
    /// - Throws: as for a record of any kind.
    @inlinable
    public mutating func apply<Sink: LedgerSink>(
        _ settlement: borrowing KeptRecord<Settlement>, _ context: RecordContext, to sink: inout Sink
    ) throws(InvariantViolation) {
        begin(context)
        try settle(UnsafePointer(settlement.address), context)
        emit(context, to: &sink)
    }

    /// Applies a cancel of one order.
    ///
    /// - Throws: as for a record of any kind.
    @inlinable
    public mutating func apply<Sink: LedgerSink>(
        _ cancel: borrowing KeptRecord<CancelOrder>, _ context: RecordContext, to sink: inout Sink
    ) throws(InvariantViolation) {
        incomingCancel.value = cancel.value
        applyIncomingCancel(context, to: &sink)
    }

    /// Applies the cancel that has come in.
    @inlinable
    mutating func applyIncomingCancel<Sink: LedgerSink>(_ context: RecordContext, to sink: inout Sink) {
        if let partition = forwardIncomingCancel(context) { sink.cancel(incomingCancel, to: partition) }
        emit(context, to: &sink)
    }

    /// Names the order that the cancel means in the cancel.
    ///
    /// - Returns: the matching partition that it is to be handed to; nil when it is refused.
    @usableFromInline
    mutating func forwardIncomingCancel(_ context: RecordContext) -> Int? {
        begin(context)
        guard let slot = resolve(UnsafePointer(incomingCancel.address), context) else { return nil }
        incomingCancel.address.pointee.orderId = orders[slot].orderID
        let partition = orders[slot].matchingPartition
        countForward(partition)
        return partition
    }

    /// Applies an amendment.
    ///
    /// - Throws: as for a record of any kind.
    public mutating func apply<Sink: LedgerSink>(
        _ amend: AmendOrder, _ context: RecordContext, to sink: inout Sink
    ) throws(InvariantViolation) {
        begin(context)
        if let slot = resolve(amend, context) {
            var resolved = amend
            resolved.orderId = orders[slot].orderID
            let partition = orders[slot].matchingPartition
            countForward(partition)
            sink.amend(resolved, to: partition)
        }
        emit(context, to: &sink)
    }

    private mutating func applyRare<Sink: LedgerSink>(
        _ record: LedgerRecord, _ context: RecordContext, to sink: inout Sink
    ) throws(InvariantViolation) {
        switch record {
        case .submitOrder, .settlement, .cancelOrder, .amendOrder: break
        case .cancelAll(let cancel): expand(cancel, context, to: &sink)
        case .marker(let marker): answer(marker, context)
        case .deposit(let deposit): try post(deposit, context)
        case .requestWithdrawal(let request): try hold(request, context)
        case .resolveWithdrawal(let resolution): try resolve(resolution, context)
        case .refusal(let refusal): event.answer.refusal = refusal
        case .testPassed(let passed): event.answer.testPassed = passed
        case .revisionReport(let report): event.answer.revisionReport = report
        case .raiseLogicVersion(let raise): try raiseVersion(raise)
        case .tick: break
        }
    }

    private mutating func expand<Sink: LedgerSink>(
        _ cancel: CancelAll, _ context: RecordContext, to sink: inout Sink
    ) {
        expand(cancel, context)
        for index in cancelGroups.indices {
            var one = cancel
            one.account = cancelGroups[index].account
            one.instrument = cancelGroups[index].instrument
            let partition = cancelGroups[index].matchingPartition
            countForward(partition)
            sink.cancelAll(one, to: partition)
        }
    }

    /// Refuses a record that could not be read, with the fixed reason.
    public mutating func refuseUnreadable<Sink: LedgerSink>(_ context: RecordContext, to sink: inout Sink) {
        begin(context)
        event.answer.refusal = Refusal(reason: .unreadable)
        emit(context, to: &sink)
    }

    @usableFromInline
    mutating func begin(_ context: RecordContext) {
        clock = context.clock
        event.clear()
        cancelGroups.clear()
        balances.beginInput()
        orders.expire(at: clock)
        marks.expire(at: clock)
    }

    /// Gives a record for a matching partition its number there, and lists it in the event.
    @inline(__always)
    private mutating func countForward(_ matchingPartition: Int) {
        while forwarded.count <= matchingPartition { forwarded.append(0) }
        forwarded[matchingPartition] += 1
        event.forwards.append(
            Forward(matchingPartition: UInt32(matchingPartition), number: forwarded[matchingPartition]))
    }

    private mutating func raiseVersion(_ raise: RaiseLogicVersion) throws(InvariantViolation) {
        guard raise.service == UInt32(WriterKind.ledgerService.rawValue) else { return }
        guard raise.version <= LedgerCore.newestLogicVersion else {
            throw InvariantViolation(
                "logic version \(raise.version) is asked for, this release knows \(LedgerCore.newestLogicVersion)")
        }
        logicVersion = max(logicVersion, raise.version)
    }

    /// Hands out the journal's entries and the account event, cut into parts where it is long.
    @inlinable
    mutating func emit<Sink: LedgerSink>(_ context: RecordContext, to sink: inout Sink) {
        emitJournal(to: &sink)
        guard context.number != 0 else { return }
        listTouched()
        repeat { sink.accountEvent(event) } while event.nextPart()
    }

    @usableFromInline
    mutating func listTouched() { balances.listTouched(in: &event.balances) }

    @usableFromInline
    mutating func emitJournal<Sink: LedgerSink>(to sink: inout Sink) {
        if journal.entries.isEmpty { return }
        var start = 0
        for index in journal.entries.indices {
            let end = journal.ends[index]
            journal.postings.withSpan(start..<end) { sink.journal(journal.entries[index], $0) }
            start = end
        }
        journal.clear()
    }

    // MARK: Reading

    /// What `account` has of `asset`, in minor units; zero when it never had any.
    public func balance(_ account: AccountID, _ asset: AssetID) -> (free: Amount, locked: Amount) {
        guard let slot = balances.slot(account, asset) else { return (.zero, .zero) }
        return (Amount(balances.accounts[slot].free), Amount(balances.accounts[slot].locked))
    }

    public var openOrderCount: Int { orders.openCount }

    /// Client ids that are still taken although their orders have ended.
    public var rememberedNameCount: Int { orders.closedCount }

    /// How many records were handed to a matching partition.
    public func forwardedCount(_ matchingPartition: Int) -> UInt64 {
        matchingPartition < forwarded.count ? forwarded[matchingPartition] : 0
    }

    /// What changed since the last call (or since the state was restored), in rows; the journal goes to the sink.
    public mutating func takeChanges() -> LedgerRows {
        var rows = LedgerRows()
        rows.counters = counters
        balances.takeChanges(into: &rows)
        orders.takeChanges(into: &rows)
        marks.takeChanges(into: &rows)
        transfers.takeChanges(into: &rows)
        return rows
    }

    mutating func restore(_ counters: LedgerCounters) throws(StateError) {
        guard counters.logicVersion <= LedgerCore.newestLogicVersion else {
            throw StateError(
                "the state has logic version \(counters.logicVersion), this release knows "
                    + "\(LedgerCore.newestLogicVersion)")
        }
        logicVersion = counters.logicVersion
        clock = counters.clock
        journalSequence = counters.journalSequence
        withdrawalCounter = counters.withdrawalCounter
        depositCounter = counters.depositCounter
        forwarded.clear()
        for count in counters.forwarded { forwarded.append(count) }
    }
}
