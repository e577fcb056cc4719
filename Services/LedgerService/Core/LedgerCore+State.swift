import Records
import TradingCore

extension LedgerCore {
    var counters: LedgerCounters {
        var counters = LedgerCounters()
        counters.logicVersion = logicVersion
        counters.clock = clock
        counters.journalSequence = journalSequence
        counters.withdrawalCounter = withdrawalCounter
        counters.depositCounter = depositCounter
        counters.closedSequence = orders.closedSequence
        counters.markSequence = marks.sequence
        for partition in forwarded.indices { counters.forwarded.append(forwarded[partition]) }
        return counters
    }

    /// The whole state in rows, ordered by key.
    public func rows() -> LedgerRows {
        var rows = LedgerRows()
        rows.counters = counters
        for slot in balances.accounts.slots where balances.accounts[slot].isPosted {
            rows.balances.append(BalanceRow(balances.accounts[slot]))
        }
        rows.balances.sort { ($0.account, $0.asset) < ($1.account, $1.asset) }
        for slot in balances.venue.slots {
            let row = VenueRow(balances.venue[slot])
            if row.clearing != 0 || row.fees != 0 || row.custody != 0 { rows.venue.append(row) }
        }
        rows.venue.sort { $0.asset < $1.asset }
        for slot in orders.orders.slots where orders[slot].orderID.rawValue != 0 {
            rows.openOrders.append(OpenOrderRow(orders[slot], clientOrderID: orders.clientOrderID(of: slot)))
        }
        rows.openOrders.sort { $0.orderID < $1.orderID }
        orders.forEachClosed { rows.closedNames.append(ClosedNameRow($0)) }
        marks.forEach { rows.marks.append(MarkRow($0, sequence: $1)) }
        rows.deposits = transfers.deposits
        rows.withdrawals = transfers.withdrawals
        return rows
    }

    /// The ledger with the state of `rows`, in any order except that names and marks are ordered by sequence.
    ///
    /// - Throws: `StateError` when the rows contradict themselves.
    public init(partition: Int, restoring rows: LedgerRows, tracksChanges: Bool = false) throws(StateError) {
        self.init(partition: partition, tracksChanges: tracksChanges)
        try restore(rows.counters)
        for row in rows.balances { try balances.restore(row) }
        for row in rows.venue { balances.restore(row) }
        for row in rows.closedNames { try orders.restore(row) }
        try orders.restoreClosedSequence(rows.counters.closedSequence)
        for row in rows.openOrders.sorted(by: { $0.orderID < $1.orderID }) { try restore(row) }
        for row in rows.marks { try marks.restore(row) }
        try marks.restoreSequence(rows.counters.markSequence)
        for row in rows.deposits.sorted(by: { $0.sequence < $1.sequence }) { transfers.add(row) }
        for row in rows.withdrawals.sorted(by: { $0.id < $1.id }) { transfers.add(row) }
        transfers.restored()
        do {
            try checkInvariants()
        } catch {
            throw StateError("the state breaks an invariant: \(error)")
        }
    }

    private mutating func restore(_ row: OpenOrderRow) throws(StateError) {
        guard orders.openSlot(row.orderID) == nil else { throw StateError("order \(row.orderID) is there twice") }
        var order = row.order
        order.baseSlot = Int32(balances.slotOrNew(order.account, order.baseAsset))
        order.quoteSlot = Int32(balances.slotOrNew(order.account, order.quoteAsset))
        guard let notional = order.notional else {
            throw StateError("the value of order \(row.orderID) is out of range")
        }
        let (sum, overflow) = balances.accounts[Int(order.quoteSlot)].openNotional.addingReportingOverflow(
            notional.rawValue)
        guard !overflow else { throw StateError("the open value of account \(row.account) is out of range") }
        balances.accounts[Int(order.quoteSlot)].openNotional = sum
        order.groupSlot = Int32(orders.groupSlotOrNew(order.account, order.instrument))
        orders.restore(order, clientOrderID: row.clientOrderID)
    }

    // MARK: Bytes

    private static let formatVersion: UInt32 = 1

    /// Appends the state; equal states give equal bytes.
    public func encodeState(into writer: inout StateWriter) {
        writer.write(LedgerCore.formatVersion)
        writer.write(UInt32(partition))
        rows().encode(into: &writer)
    }

    /// - Throws: `StateError` when the bytes are not such a state.
    public init(decoding reader: inout StateReader, tracksChanges: Bool = false) throws(StateError) {
        let version: UInt32 = try reader.read()
        guard version == LedgerCore.formatVersion else {
            throw StateError("the ledger's state has format \(version), this release reads \(LedgerCore.formatVersion)")
        }
        let partition: UInt32 = try reader.read()
        guard partition < 1_024 else { throw StateError("\(partition) is no ledger partition") }
        let rows = try LedgerRows(decoding: &reader)
        try self.init(partition: Int(partition), restoring: rows, tracksChanges: tracksChanges)
    }
}
