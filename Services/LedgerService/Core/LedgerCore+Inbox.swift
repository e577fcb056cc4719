import Records
import TradingCore

extension LedgerCore {
    /// Applies the next record of the inbox as it stands in the log: type and payload of its envelope.
    public mutating func apply<Sink: LedgerSink>(
        type: UInt32, payload: RawSpan, _ context: RecordContext, to sink: inout Sink
    ) throws(InboxError) {
        switch type {
        case LedgerRecord.Number.submitOrder:
            let order = try InboxError.read(SubmitOrder.self, payload)
            try InboxError.applying { () throws(InvariantViolation) in try apply(order, context, to: &sink) }
        case LedgerRecord.Number.cancelOrder:
            let cancel = try InboxError.read(CancelOrder.self, payload)
            try InboxError.applying { () throws(InvariantViolation) in try apply(cancel, context, to: &sink) }
        case LedgerRecord.Number.settlement:
            let settlement = try InboxError.read(Settlement.self, payload)
            try InboxError.applying { () throws(InvariantViolation) in try apply(settlement, context, to: &sink) }
        default:
            let record = try InboxError.read(LedgerRecord.self, type: type, payload)
            try InboxError.applying { () throws(InvariantViolation) in try apply(record, context, to: &sink) }
        }
    }
}
