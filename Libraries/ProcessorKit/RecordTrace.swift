import Records
import ServiceKit

extension ServiceKit.TraceContext {
    /// The trace of a record, as log lines show it; nil for one without an id.
    public init?(_ context: Records.TraceContext) {
        self.init(
            traceIdHigh: context.traceIDHigh, traceIdLow: context.traceIDLow, spanId: context.parentSpanID,
            flags: context.flags)
    }
}

extension Logger {
    /// A logger whose lines carry the trace of a record; without one, the logger itself.
    public func with(recordTrace trace: Records.TraceContext?) -> Logger {
        with(trace: trace.flatMap { ServiceKit.TraceContext($0) })
    }
}
