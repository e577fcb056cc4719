/// How ticks and lots of an instrument turn into amounts.
///
/// Every product of a price and a quantity is exact in the quote asset's minor unit; `init` refuses an instrument for which it is not.
@frozen
public struct InstrumentScale: Hashable, Sendable {
    /// Quote minor units in one tick times one lot.
    public var quotePerTickLot: Int64
    /// Base minor units in one lot.
    public var basePerLot: Int64

    @inlinable
    public init(quotePerTickLot: Int64, basePerLot: Int64) {
        self.quotePerTickLot = quotePerTickLot
        self.basePerLot = basePerLot
    }

    /// The scale of an instrument being listed.
    ///
    /// - Parameters:
    ///   - tickSize: quote minor units for one whole base unit.
    ///   - stepSize: base minor units.
    ///   - baseDecimals: 0 to 18.
    /// - Throws: `InstrumentError` when a size is not positive, or price × quantity is not exact in the quote's minor unit.
    public init(tickSize: Int64, stepSize: Int64, baseDecimals: Int) throws(InstrumentError) {
        guard tickSize > 0 else { throw .notPositive(field: "tickSize", value: tickSize) }
        guard stepSize > 0 else { throw .notPositive(field: "stepSize", value: stepSize) }
        guard baseDecimals >= 0, baseDecimals <= PowersOfTen.maximumExponent else {
            throw .decimalsOutOfRange(baseDecimals)
        }
        let product = Int128(tickSize) * Int128(stepSize)
        let whole = Int128(PowersOfTen.int64[baseDecimals])
        let (quotient, remainder) = product.quotientAndRemainder(dividingBy: whole)
        guard remainder == 0 else { throw .inexactNotional(tickSize: tickSize, stepSize: stepSize) }
        guard let exact = Int64(exactly: quotient) else { throw .scaleTooLarge }
        self.init(quotePerTickLot: exact, basePerLot: stepSize)
    }

    /// Price × quantity in quote minor units, exact.
    @inlinable
    public func notional(_ price: Price, _ quantity: Quantity) -> Int128 {
        if let amount = quoteAmount(price, quantity) { return Int128(amount.rawValue) }
        return Int128(price.rawValue) * Int128(quantity.rawValue) * Int128(quotePerTickLot)
    }

    /// Price × quantity in quote minor units, or nil when it is more than an `Amount` holds.
    @inlinable
    public func quoteAmount(_ price: Price, _ quantity: Quantity) -> Amount? {
        let (first, overflow) = price.rawValue.multipliedReportingOverflow(by: quantity.rawValue)
        guard !overflow else { return nil }
        let (product, overflowed) = first.multipliedReportingOverflow(by: quotePerTickLot)
        return overflowed ? nil : Amount(product)
    }

    /// The base minor units of `quantity`, or nil when they are more than an `Amount` holds.
    @inlinable
    public func baseAmount(_ quantity: Quantity) -> Amount? {
        let (product, overflow) = quantity.rawValue.multipliedReportingOverflow(by: basePerLot)
        return overflow ? nil : Amount(product)
    }

    /// The most lots that `amount` of quote buys at `price`, rounded down; `Int64.max` when that is more.
    @inlinable
    public func lots(for amount: Amount, at price: Price) -> Quantity {
        let lotValue = Int128(price.rawValue) * Int128(quotePerTickLot)
        guard lotValue > 0 else { return .zero }
        return Quantity(Int64(clamping: Int128(amount.rawValue) / lotValue))
    }
}

/// Why an instrument cannot be listed.
public enum InstrumentError: Error, Equatable, CustomStringConvertible {
    case notPositive(field: String, value: Int64)
    case decimalsOutOfRange(Int)
    case inexactNotional(tickSize: Int64, stepSize: Int64)
    case scaleTooLarge

    public var description: String {
        switch self {
        case .notPositive(let field, let value): "\(field) is \(value); it must be positive"
        case .decimalsOutOfRange(let decimals):
            "decimals are \(decimals); the range is 0 to \(PowersOfTen.maximumExponent)"
        case .inexactNotional(let tick, let step):
            "tickSize \(tick) times stepSize \(step) is not a whole number of the quote asset's minor units"
        case .scaleTooLarge: "tickSize times stepSize is too large"
        }
    }
}

/// 10^0 … 10^18.
public enum PowersOfTen {
    public static let maximumExponent = 18

    public static let int64: [Int64] = {
        var powers: [Int64] = [1]
        for _ in 0..<maximumExponent { powers.append(powers[powers.count - 1] * 10) }
        return powers
    }()
}
