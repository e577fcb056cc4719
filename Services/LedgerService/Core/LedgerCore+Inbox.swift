import Records
import TradingCore

extension LedgerCore {
    /// Applies the next record of the inbox as it stands in the log: type and payload of its envelope.
    ///
    /// - Throws: `unreadable` or `poison` when nothing has changed; else the state is not to be used any more.
    @inlinable
    public mutating func apply<Sink: LedgerSink>(
        type: UInt32, payload: RawSpan, _ context: RecordContext, to sink: inout Sink
    ) throws(InboxError) {
        // Most records are of three types, which are decoded where they are used and not by way of the union.
        switch type {
        case LedgerRecord.Number.submitOrder:
            try InboxError.read(payload, into: incomingOrder)
            let order = UnsafePointer(incomingOrder.address)
            if order.pointee.hasUnstorableText { throw .unstorable }
            var partition: Int?
            try InboxError.applying { () throws(InvariantViolation) in partition = try forward(order, context) }
            if let partition { sink.submit(incomingOrder, to: partition) }
            emit(context, to: &sink)
        case LedgerRecord.Number.cancelOrder:
            try InboxError.read(payload, into: incomingCancel)
            if incomingCancel.value.hasUnstorableText { throw .unstorable }
            applyIncomingCancel(context, to: &sink)
        case LedgerRecord.Number.settlement:
            try InboxError.read(payload, into: incomingSettlement)
            let settlement = UnsafePointer(incomingSettlement.address)
            if settlement.pointee.hasUnstorableText { throw .unstorableSettlement }
            begin(context)
            try InboxError.applying { () throws(InvariantViolation) in try settle(settlement, context) }
            emit(context, to: &sink)
        default:
            let record = try InboxError.read(LedgerRecord.self, type: type, payload)
            if record.hasUnstorableText { throw .unstorable }
            try InboxError.applying { () throws(InvariantViolation) in try apply(record, context, to: &sink) }
        }
    }
}
