/// An exact decimal of configuration: `units` × 10^-`scale`. No floating point is involved, so a rate or a price reads
/// back as it was written.
public struct ExactDecimal: ConfigurationValue, Comparable, Hashable, ExpressibleByIntegerLiteral {
    /// The digits, without the point.
    public let units: Int64
    /// Digits behind the point, 0 to `maximumScale`; trailing zeros are dropped, so equal values are equal.
    public let scale: Int

    public static let maximumScale = 18
    public static var typeName: String { "decimal" }

    public init(units: Int64, scale: Int) {
        precondition((0...Self.maximumScale).contains(scale), "a decimal has 0 to 18 digits behind the point")
        var (units, scale) = (units, scale)
        while scale > 0, units % 10 == 0 {
            units /= 10
            scale -= 1
        }
        self.units = units
        self.scale = scale
    }

    public init(integerLiteral value: Int64) {
        self.init(units: value, scale: 0)
    }

    /// The value in steps of 10^-`scale`.
    ///
    /// - Returns: `nil` when it has more digits than that or does not fit 64 bits; nothing is rounded.
    public func units(atScale scale: Int) -> Int64? {
        guard scale >= self.scale, scale <= Self.maximumScale else { return nil }
        var units = units
        for _ in 0..<(scale - self.scale) {
            let product = units.multipliedReportingOverflow(by: 10)
            guard !product.overflow else { return nil }
            units = product.partialValue
        }
        return units
    }

    public static func < (left: ExactDecimal, right: ExactDecimal) -> Bool {
        left.widened(toScale: maximumScale) < right.widened(toScale: maximumScale)
    }

    private func widened(toScale scale: Int) -> Int128 {
        (0..<(scale - self.scale)).reduce(Int128(units)) { value, _ in value * 10 }
    }

    public var configurationText: String {
        guard scale > 0 else { return String(units) }
        let digits = String(units.magnitude)
        let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
        return (units < 0 ? "-" : "") + padded.dropLast(scale) + "." + padded.suffix(scale)
    }

    /// Reads `-?digits[.digits]`; no exponent, no sign but minus.
    public static func parse(_ source: ConfigurationText) throws(ConfigurationExpectation) -> ExactDecimal {
        let expectation = ConfigurationExpectation("a decimal such as 1.25, at most 18 digits behind the point")
        let text = try single(source)
        let negative = text.hasPrefix("-")
        let parts = text.dropFirst(negative ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
        let isDigits = { (part: Substring) in !part.isEmpty && part.utf8.allSatisfy { (48...57).contains($0) } }
        guard parts.count <= 2, parts.allSatisfy(isDigits) else { throw expectation }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard fraction.count <= maximumScale, let units = Int64((negative ? "-" : "") + parts[0] + fraction) else {
            throw expectation
        }
        return ExactDecimal(units: units, scale: fraction.count)
    }
}
