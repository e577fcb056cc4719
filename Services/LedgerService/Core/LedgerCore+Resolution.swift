import Records
import TradingCore

extension LedgerCore {
    /// The open order that a cancel names; nil when it is refused.
    mutating func resolve(_ cancel: UnsafePointer<CancelOrder>, _ context: RecordContext) -> Int? {
        let named = NamedOrder(
            account: cancel.pointee.account, instrument: cancel.pointee.instrument, orderID: cancel.pointee.orderId,
            clientOrderID: cancel.pointee.origClientOrderId, timestamp: cancel.pointee.timestamp,
            deadline: cancel.pointee.deadline)
        return resolve(named, context)
    }

    /// The open order that an amendment names; nil when it is refused.
    ///
    /// The new client id is taken from here on, so that no order can have it before the engine has answered.
    mutating func resolve(_ amend: AmendOrder, _ context: RecordContext) -> Int? {
        let named = NamedOrder(
            account: amend.account, instrument: amend.instrument, orderID: amend.orderId,
            clientOrderID: amend.origClientOrderId, timestamp: amend.timestamp, deadline: amend.deadline)
        guard let slot = resolve(named, context) else { return nil }
        let newID = amend.clientOrderId
        guard !newID.isEmpty, newID != orders.clientOrderID(of: slot) else { return slot }
        if let name = orders.name(amend.account, orders[slot].instrument, newID) {
            let owner = orders.names[name].orderID
            guard owner == orders[slot].orderID else {
                event.answer.refusal = Refusal(
                    account: amend.account, instrument: amend.instrument, reason: .duplicateOrder, orderId: owner,
                    clientOrderId: newID)
                return nil
            }
        } else {
            orders.reserve(newID, for: slot, at: clock)
        }
        return slot
    }

    private mutating func resolve(_ named: NamedOrder, _ context: RecordContext) -> Int? {
        if context.hasPassed(named.deadline) { return refuse(named, .deadlinePassed) }
        guard let slot = find(named) else {
            marks.leave(
                named.account, named.instrument, named.orderID, named.clientOrderID, timestamp: named.timestamp,
                at: clock)
            return refuse(named, .unknownOrder)
        }
        if named.orderID.rawValue != 0, !named.clientOrderID.isEmpty,
            orders.clientOrderID(of: slot) != named.clientOrderID
        {
            return refuse(named, .clientOrderIDMismatch)
        }
        return slot
    }

    @inline(never)
    private mutating func refuse(_ named: NamedOrder, _ reason: RefusalReason) -> Int? {
        event.answer.refusal = Refusal(
            account: named.account, instrument: named.instrument, reason: reason, orderId: named.orderID,
            clientOrderId: named.clientOrderID)
        return nil
    }

    /// The open order by order id, else by client id; of this account and market only.
    private mutating func find(_ named: NamedOrder) -> Int? {
        if named.orderID.rawValue != 0 {
            guard let slot = orders.openSlot(named.orderID), orders[slot].account == named.account,
                named.instrument.rawValue == 0 || orders[slot].instrument == named.instrument
            else { return nil }
            return slot
        }
        guard !named.clientOrderID.isEmpty,
            let name = orders.name(named.account, named.instrument, named.clientOrderID), orders.names[name].isOpen
        else { return nil }
        return Int(orders.names[name].openSlot)
    }

    /// Fills `cancelGroups` with every account and market whose open orders are to be cancelled, in the order of their numbers.
    ///
    /// The kill switch (no account or no market named) finds what it finds; a client's cancel is refused when nothing is open.
    mutating func expand(_ cancel: CancelAll, _ context: RecordContext) {
        if context.hasPassed(cancel.deadline) {
            event.answer.refusal = Refusal(
                account: cancel.account, instrument: cancel.instrument, reason: .deadlinePassed)
            return
        }
        if cancel.account.rawValue != 0, cancel.instrument.rawValue != 0 {
            if let group = orders.group(cancel.account, cancel.instrument), group.count > 0 {
                cancelGroups.append(group)
            } else if cancel.reason == .canceled {
                event.answer.refusal = Refusal(
                    account: cancel.account, instrument: cancel.instrument, reason: .unknownOrder)
            }
            return
        }
        var groups: [OrderGroup] = []
        for slot in orders.groups.slots {
            let group = orders.groups[slot]
            guard group.count > 0, cancel.account.rawValue == 0 || cancel.account == group.account,
                cancel.instrument.rawValue == 0 || cancel.instrument == group.instrument
            else { continue }
            groups.append(group)
        }
        for group in groups.sorted(by: { ($0.account, $0.instrument) < ($1.account, $1.instrument) }) {
            cancelGroups.append(group)
        }
    }

    /// Answers a query's marker: the order that it names, open or remembered, or else a mark on its id.
    mutating func answer(_ marker: Marker, _ context: RecordContext) {
        event.answer.marker = marker
        let name: Int?
        if marker.orderId.rawValue != 0 {
            name = orders.name(of: marker.orderId).flatMap { slot in
                let name = orders.names[slot]
                let isNamed =
                    name.account == marker.account
                    && (marker.instrument.rawValue == 0 || name.instrument == marker.instrument)
                return isNamed ? slot : nil
            }
        } else {
            name = orders.name(marker.account, marker.instrument, marker.clientOrderId)
        }
        if let name {
            event.orderID = orders.names[name].orderID
        } else {
            marks.leave(
                marker.account, marker.instrument, marker.orderId, marker.clientOrderId,
                timestamp: marker.timestamp, at: clock)
        }
    }
}

/// What a cancel or an amendment says of the order that it means.
private struct NamedOrder {
    var account: AccountID
    var instrument: InstrumentID
    var orderID: OrderID
    var clientOrderID: ASCIIText
    var timestamp: Timestamp
    var deadline: Timestamp
}
