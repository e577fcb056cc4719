import Network
import Records
import ServiceKit

/// W3C trace context from a request's header to the envelope of its record.
enum TraceHeader {
    /// The context that a client gave; nil where it gave none, or none that is valid.
    static func read(_ header: String?) -> Records.TraceContext? {
        guard let header, let context = ServiceKit.TraceContext(traceparent: header) else { return nil }
        return Records.TraceContext(
            traceIDHigh: context.traceIdHigh, traceIDLow: context.traceIdLow, parentSpanID: context.spanId,
            flags: context.flags)
    }
}

/// Makes trace contexts for requests that come without one, not sampled: 128 random bits name a trace.
struct TraceMaker {
    private var random: UniqueNumbers

    init(seed: UInt64 = SystemRandom.uint64()) { random = UniqueNumbers(seed: seed) }

    mutating func next() -> Records.TraceContext {
        Records.TraceContext(traceIDHigh: id(), traceIDLow: id(), parentSpanID: id(), flags: 0)
    }

    /// Never zero, which is no id.
    private mutating func id() -> UInt64 {
        let value = random.next()
        return value == 0 ? 1 : value
    }
}
