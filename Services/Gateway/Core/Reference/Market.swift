import Records
import TradingCore

/// A market as clients see it: its definition beside what turns ticks and lots into the decimals of the client API.
public final class Market: Sendable {
    public let definition: InstrumentDefinition
    public let base: ASCIIText
    public let quote: ASCIIText
    public let scale: InstrumentScale

    /// - Throws: when ticks times lots are not exact in the quote's minor unit; no such market can have been listed.
    public init(_ definition: InstrumentDefinition, base: ASCIIText, quote: ASCIIText) throws(InstrumentError) {
        self.definition = definition
        self.base = base
        self.quote = quote
        scale = try InstrumentScale(
            tickSize: definition.tickSize, stepSize: definition.stepSize, baseDecimals: Int(definition.baseDecimals))
    }

    public var id: InstrumentID { definition.instrument }
    public var symbol: ASCIIText { definition.symbol }
    public var partition: Int { Int(definition.partition) }
    public var baseDecimals: Int { Int(definition.baseDecimals) }
    public var quoteDecimals: Int { Int(definition.quoteDecimals) }

    /// The price of `ticks` in quote minor units for one whole base unit.
    @inline(__always)
    public func price(_ ticks: Price) -> Int128 { Int128(ticks.rawValue) * Int128(definition.tickSize) }

    /// The quantity of `lots` in base minor units.
    @inline(__always)
    public func quantity(_ lots: Quantity) -> Int128 { Int128(lots.rawValue) * Int128(definition.stepSize) }
}

extension JSONWriter {
    @inline(__always)
    mutating func price(_ ticks: Price, _ market: Market) {
        decimal(market.price(ticks), decimals: market.quoteDecimals)
    }

    @inline(__always)
    mutating func quantity(_ lots: Quantity, _ market: Market) {
        decimal(market.quantity(lots), decimals: market.baseDecimals)
    }

    @inline(__always)
    mutating func quoteAmount(_ amount: Amount, _ market: Market) {
        decimal(Int128(amount.rawValue), decimals: market.quoteDecimals)
    }
}
