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
    private var state: UInt64

    init(seed: UInt64 = SystemRandom.uint64()) { state = seed }

    mutating func next() -> Records.TraceContext {
        Records.TraceContext(traceIDHigh: random(), traceIDLow: random(), parentSpanID: random(), flags: 0)
    }

    /// SplitMix64 over a seed of the kernel's; never zero, which is no id.
    private mutating func random() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return mixed == 0 ? 1 : mixed
    }
}
