import Records
import TradingCore

extension LedgerCore {
    /// Applies the next record of the inbox as it stands in the log: type and payload of its envelope.
    public mutating func apply<Sink: LedgerSink>(
        type: UInt32, payload: RawSpan, _ context: RecordContext, to sink: inout Sink
    ) throws(InboxError) {
        let record = try InboxError.read(LedgerRecord.self, type: type, payload)
        try InboxError.applying { () throws(InvariantViolation) in try apply(record, context, to: &sink) }
    }
}
