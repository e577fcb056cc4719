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

    /// The record in the making; its `ledgerApplied` and `ledgerWritten` are state and are never cleared.
    @usableFromInline var execution = Execution()
    /// The levels of `execution.levels`; `noSlot` where the level is gone.
    var changedLevels: [UInt32] = []
    /// The book of the changed levels: one input changes one.
    var changedBook = 0
    /// Whether the record has trades or preventions, and whether it has ends: so that empty lists are not emptied again.
    var hasMatched = false
    var hasEnded = false
    /// By ledger partition.
    @usableFromInline var settlements: [Settlement] = []
    /// The ledger partitions that the last input settled in, in the order of first touch.
    public internal(set) var settledPartitions: [Int] = []
    /// Whether the record exceeds `maximumEventsInRecord`.
    @usableFromInline var isLarge = false

    /// An engine that has seen nothing.
    ///
    /// - Parameter partition: the partition of `matching` that is its inbox.
    public init(partition: Int) { self.partition = partition }

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
        guard try run(record, context) else {
            sink.tick(
                EngineTick(ledgerApplied: execution.ledgerApplied, ledgerWritten: execution.ledgerWritten))
            return
        }
        if isLarge {
            for part in executionParts() { sink.execution(part) }
        } else {
            sink.execution(execution)
        }
        for partition in settledPartitions {
            if settlements[partition].eventCount <= MatchingCore.maximumEventsInRecord {
                sink.settlement(partition, settlements[partition])
            } else {
                for piece in settlements[partition].pieces() { sink.settlement(partition, piece) }
            }
        }
    }

    /// Answers a gateway's record whose payload nobody can read.
    public mutating func refuseUnreadable(to sink: inout some MatchingSink) {
        clear()
        execution.refusal = Refusal(reason: .unreadable)
        sink.execution(execution)
    }

    /// Makes the record's effects in the scratch.
    ///
    /// - Returns: whether there is an execution; a tick has none.
    @usableFromInline
    mutating func run(_ record: MatchingRecord, _ context: RecordContext) throws(InvariantViolation) -> Bool {
        if context.number == 0, case .tick = record { return false }
        clear()
        noteInput(context)
        switch record {
        case .submitOrder(let order): try submit(order, context)
        case .cancelOrder(let cancel): cancelOrder(cancel, context)
        case .cancelAll(let cancel): cancelAll(cancel, context)
        case .amendOrder(let amendment): amend(amendment, context)
        case .instrument(let definition): define(definition)
        case .raiseLogicVersion(let raise): try raiseLogicVersion(raise)
        case .tick: break
        }
        finish()
        return true
    }

    private mutating func raiseLogicVersion(_ raise: RaiseLogicVersion) throws(InvariantViolation) {
        guard raise.service == UInt32(WriterKind.matchingEngine.rawValue), raise.version > logicVersion else { return }
        guard raise.version <= MatchingCore.newestLogicVersion else {
            throw InvariantViolation("logic version \(raise.version) is not known to this release")
        }
        logicVersion = raise.version
    }

    // MARK: The record in the making

    private mutating func clear() {
        execution.instrument = InstrumentID(0)
        execution.accepted = nil
        execution.amended = nil
        execution.refusal = nil
        execution.report = nil
        execution.firstUpdateId = UpdateID(0)
        if hasMatched {
            execution.trades.empty()
            execution.preventions.empty()
            hasMatched = false
        }
        if hasEnded {
            execution.done.empty()
            hasEnded = false
        }
        if !changedLevels.isEmpty {
            execution.levels.empty()
            changedLevels.empty()
        }
        for partition in settledPartitions { settlements[partition].clear() }
        settledPartitions.empty()
        isLarge = false
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
            settlements.append(Settlement())
        }
    }

    /// Fixes the final quantities of changed levels, their update ids, and what is written to the ledgers.
    private mutating func finish() {
        if !changedLevels.isEmpty {
            for index in 0..<changedLevels.count where changedLevels[index] != noSlot {
                let level = books.levels[changedLevels[index]]
                execution.levels[index].quantity = level.pointee.quantity
                level.pointee.change = 0
            }
            let market = books.market(changedBook)
            execution.firstUpdateId = UpdateID(market.pointee.lastUpdateID + 1)
            market.pointee.lastUpdateID += Int64(changedLevels.count)
        }
        for partition in settledPartitions {
            settlements[partition].instrument = execution.instrument
            execution.ledgerWritten[partition] += settlements[partition].pieceCount
        }
        isLarge = execution.eventCount > MatchingCore.maximumEventsInRecord
    }

    /// Notes that the level's quantity changes in this record.
    @inline(__always)
    mutating func touch(_ slot: UInt32) {
        let level = books.levels[slot]
        guard level.pointee.change == 0 else { return }
        execution.levels.append(
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
        settledPartitions.append(partition)
    }

    @inline(__always)
    mutating func settleEnd(_ partition: UInt16, _ order: OrderID, _ account: AccountID, refused: Bool = false) {
        settle(in: Int(partition))
        settlements[Int(partition)].ends.append(OrderEnd(orderId: order, account: account, refused: refused))
    }
}
