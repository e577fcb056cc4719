/// The fee of one side of a trade.
public enum Fees {
    /// Basis points in the whole.
    public static let wholeInBasisPoints: Int64 = 10_000
    /// The highest rate a fee schedule may name.
    public static let maximumBasisPoints: UInt32 = 10_000

    /// `received × rate`, truncated to the asset's minor unit.
    ///
    /// - Parameters:
    ///   - received: what the side receives (buyer base, seller quote), in minor units; not negative.
    ///   - basisPoints: the maker's or taker's rate stamped on the order.
    @inlinable
    public static func fee(on received: Amount, basisPoints: UInt32) -> Amount {
        let (product, overflow) = received.rawValue.multipliedReportingOverflow(by: Int64(basisPoints))
        if !overflow { return Amount(product / wholeInBasisPoints) }
        return Amount(Int64(Int128(received.rawValue) * Int128(basisPoints) / Int128(wholeInBasisPoints)))
    }
}
