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
    var forwarded: [UInt64] = []

    // What the running input does; kept between inputs so that nothing is allocated.
    private let event = PinnedEvent()
    private var isSpecial = false
    var journal = RunningJournal()
    var cancelGroups: [OrderGroup] = []
    /// The matching partition and number of what was handed over.
    private var forwards = Pool<Forwarded>()

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

    /// Applies one record.
    ///
    /// Every numbered record gives one account event (in parts when it is long).
    ///
    /// - Throws: when the record cannot follow from what came before, or the books would be wrong; the state is then
    ///   not to be used any more.
    public mutating func apply<Sink: LedgerSink>(
        _ record: LedgerRecord, _ context: RecordContext, to sink: inout Sink
    ) throws(InvariantViolation) {
        begin(context)
        switch record {
        case .submitOrder(let order):
            if try submit(order, context) { forward(Int(order.matchingPartition), .submitOrder(order), to: &sink) }
        case .settlement(let settlement):
            try settle(settlement, context)
        case .cancelOrder(var cancel):
            if let slot = resolve(cancel, context) {
                cancel.orderId = orders[slot].orderID
                forward(orders[slot].matchingPartition, .cancelOrder(cancel), to: &sink)
            }
        case .amendOrder(var amend):
            if let slot = resolve(amend, context) {
                amend.orderId = orders[slot].orderID
                forward(orders[slot].matchingPartition, .amendOrder(amend), to: &sink)
            }
        case .cancelAll(let cancel):
            expand(cancel, context)
            for group in cancelGroups {
                var one = cancel
                one.account = group.account
                one.instrument = group.instrument
                forward(group.matchingPartition, .cancelAll(one), to: &sink)
            }
        case .marker(let marker): answer(marker, context)
        case .deposit(let deposit): try post(deposit, context)
        case .requestWithdrawal(let request): try hold(request, context)
        case .resolveWithdrawal(let resolution): try resolve(resolution, context)
        case .refusal(let refusal): answer.refusal = refusal
        case .testPassed(let passed): answer.testPassed = passed
        case .revisionReport(let report): answer.revisionReport = report
        case .raiseLogicVersion(let raise): try raiseVersion(raise)
        case .tick: break
        }
        emit(context, to: &sink)
    }

    /// Refuses a record that could not be read, with the fixed reason.
    public mutating func refuseUnreadable<Sink: LedgerSink>(_ context: RecordContext, to sink: inout Sink) {
        begin(context)
        answer.refusal = Refusal(reason: .unreadable)
        emit(context, to: &sink)
    }

    private mutating func begin(_ context: RecordContext) {
        clock = context.clock
        event.value.orderId = OrderID(0)
        if isSpecial { clearAnswer() }
        if !cancelGroups.isEmpty { cancelGroups.removeAll(keepingCapacity: true) }
        forwards.clear()
        balances.beginInput()
        orders.expire(at: clock)
        marks.expire(at: clock)
    }

    private mutating func clearAnswer() {
        isSpecial = false
        event.value.refusal = nil
        event.value.marker = nil
        event.value.deposit = nil
        event.value.withdrawal = nil
        event.value.testPassed = nil
        event.value.revisionReport = nil
    }

    /// The running input's event, to be given more than balances, forwards and an order's id. Most inputs have no more, and
    /// to clear the rest for them would cost as much as the input.
    var answer: AccountEvent {
        _read { yield event.value }
        _modify {
            isSpecial = true
            yield &event.value
        }
    }

    mutating func answer(orderID: OrderID) { event.value.orderId = orderID }

    private mutating func forward<Sink: LedgerSink>(
        _ matchingPartition: Int, _ record: MatchingRecord, to sink: inout Sink
    ) {
        while forwarded.count <= matchingPartition { forwarded.append(0) }
        forwarded[matchingPartition] += 1
        _ = forwards.insert(Forwarded(partition: UInt32(matchingPartition), number: forwarded[matchingPartition]))
        sink.matching(matchingPartition, record)
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
    private mutating func emit<Sink: LedgerSink>(_ context: RecordContext, to sink: inout Sink) {
        if journal.entries.count > 0 { emitJournal(to: &sink) }
        guard context.number != 0 else { return }
        let length = max(balances.touched.count, forwards.count)
        var start = 0
        event.value.part = 0
        repeat {
            let end = min(start + LedgerCore.listLimit, length)
            listBalances(min(start, balances.touched.count)..<min(end, balances.touched.count))
            listForwards(min(start, forwards.count)..<min(end, forwards.count))
            event.value.moreParts = end < length
            sink.accountEvent(event.value)
            event.value.part += 1
            start = end
        } while start < length
    }

    private mutating func emitJournal<Sink: LedgerSink>(to sink: inout Sink) {
        var start = 0
        for index in journal.entries.slots {
            let end = journal.ends[index]
            journal.postings.withSpan(start..<end) { sink.journal(journal.entries[index], $0) }
            start = end
        }
        journal.clear()
    }

    /// Lists the balances of these touched slots, over those that the event lists already: to empty an array costs more.
    private mutating func listBalances(_ touched: Range<Int>) {
        var count = 0
        for index in touched {
            let slot = Int(balances.touched[index])
            let balance = Balance(
                account: balances.accounts[slot].account, asset: balances.accounts[slot].asset,
                free: Amount(balances.accounts[slot].free), locked: Amount(balances.accounts[slot].locked))
            if count < event.value.balances.count {
                event.value.balances[count] = balance
            } else {
                event.value.balances.append(balance)
            }
            count += 1
        }
        let surplus = event.value.balances.count - count
        if surplus > 0 { event.value.balances.removeLast(surplus) }
    }

    private mutating func listForwards(_ listed: Range<Int>) {
        var count = 0
        for index in listed {
            let forward = Forward(matchingPartition: forwards[index].partition, number: forwards[index].number)
            if count < event.value.forwards.count {
                event.value.forwards[count] = forward
            } else {
                event.value.forwards.append(forward)
            }
            count += 1
        }
        let surplus = event.value.forwards.count - count
        if surplus > 0 { event.value.forwards.removeLast(surplus) }
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
        forwarded = counters.forwarded
    }
}

/// The running input's event. It stays where it is, so that handing it on by reference copies nothing.
struct PinnedEvent: ~Copyable {
    private let address: UnsafeMutablePointer<AccountEvent>

    init() {
        address = .allocate(capacity: 1)
        address.initialize(to: AccountEvent())
    }

    deinit {
        address.deinitialize(count: 1)
        address.deallocate()
    }

    var value: AccountEvent {
        _read { yield address.pointee }
        nonmutating _modify { yield &address.pointee }
    }
}

/// What was handed to a matching partition, and its number there.
struct Forwarded {
    var partition: UInt32
    var number: UInt64
}
