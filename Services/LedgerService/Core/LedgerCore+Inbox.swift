import Records
import TradingCore

extension LedgerCore {
    /// Applies the next record of the inbox as it stands in the log: type and payload of its envelope.
    ///
    /// - Throws: `unreadable` or `poison` when nothing has changed; else the state is not to be used any more.
    public mutating func apply<Sink: LedgerSink>(
        type: UInt32, payload: RawSpan, _ context: RecordContext, to sink: inout Sink
    ) throws(InboxError) {
        // Most records are of three types, which are decoded where they are used and not by way of the union.
        switch type {
        case LedgerRecord.Number.submitOrder:
            let order = try InboxError.read(SubmitOrder.self, payload)
            if order.hasUnstorableText { throw .unstorable }
            try InboxError.applying { () throws(InvariantViolation) in try apply(order, context, to: &sink) }
        case LedgerRecord.Number.cancelOrder:
            let cancel = try InboxError.read(CancelOrder.self, payload)
            if cancel.hasUnstorableText { throw .unstorable }
            try InboxError.applying { () throws(InvariantViolation) in try apply(cancel, context, to: &sink) }
        case LedgerRecord.Number.settlement:
            try InboxError.read(payload, into: incoming)
            let settlement = UnsafePointer(incoming.address)
            if settlement.pointee.hasUnstorableText { throw .unstorableSettlement }
            try InboxError.applying { () throws(InvariantViolation) in
                try apply(settlement, context, to: &sink)
            }
        default:
            let record = try InboxError.read(LedgerRecord.self, type: type, payload)
            if record.hasUnstorableText { throw .unstorable }
            try InboxError.applying { () throws(InvariantViolation) in try apply(record, context, to: &sink) }
        }
    }

    /// Applies what the engine did.
    ///
    /// - Throws: as for a record of any kind.
    public mutating func apply<Sink: LedgerSink>(
        _ settlement: borrowing KeptRecord<Settlement>, _ context: RecordContext, to sink: inout Sink
    ) throws(InvariantViolation) {
        try apply(UnsafePointer(settlement.address), context, to: &sink)
    }
}
