import Records
import TradingCore

extension TraceContext {
    /// The context of what `writer` writes because of `cause`. Every replica derives the same span.
    ///
    /// The finaliser of SplitMix64 (Steele, Lea, Flood 2014) spreads what names the step.
    func child(of writer: Writer, cause: EnvelopeHeader) -> TraceContext {
        var value = UInt64(writer.rawValue) << 32 | UInt64(cause.writer.rawValue)
        value ^= cause.number &* 0x9E37_79B9_7F4A_7C15 ^ cause.epoch ^ parentSpanID
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        value ^= value >> 31
        var child = self
        child.parentSpanID = value == 0 ? 1 : value
        return child
    }
}
