import Records
import ServiceKit

/// W3C trace context from a request's header to the envelope of its record.
enum TraceHeader {
    /// The context of a sampled request; nil for any other.
    static func read(_ header: String?) -> Records.TraceContext? {
        guard let header, let context = ServiceKit.TraceContext(traceparent: header), context.isSampled else {
            return nil
        }
        return Records.TraceContext(
            traceIDHigh: context.traceIdHigh, traceIDLow: context.traceIdLow, parentSpanID: context.spanId,
            flags: context.flags)
    }
}

extension ServiceKit.TraceContext {
    /// The trace of a request, as log lines show it; nil for one without an id.
    init?(_ context: Records.TraceContext) {
        self.init(
            traceIdHigh: context.traceIDHigh, traceIdLow: context.traceIDLow, spanId: context.parentSpanID,
            flags: context.flags)
    }
}
