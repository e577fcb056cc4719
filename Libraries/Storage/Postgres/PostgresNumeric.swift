/// Whole numbers as PostgreSQL's binary `numeric` (`numeric_send`): digits of base 10,000, the weight of the first, a
/// sign and a display scale.
enum PostgresNumeric {
    private static let base: UInt128 = 10_000
    private static let positive: UInt16 = 0x0000
    private static let negative: UInt16 = 0x4000

    static func append(_ value: Int128, to bytes: inout [UInt8]) {
        // 2¹²⁷ has 39 decimal digits: ten of base 10,000.
        var digits: [UInt16] = []
        var rest = value.magnitude
        while rest > 0 {
            digits.append(UInt16(rest % base))
            rest /= base
        }
        let weight = max(digits.count - 1, 0)
        let significant = digits.drop { $0 == 0 }.reversed()
        bytes.appendBigEndian(Int16(significant.count))
        bytes.appendBigEndian(Int16(weight))
        bytes.appendBigEndian(value < 0 ? negative : positive)
        bytes.appendBigEndian(UInt16(0))
        for digit in significant { bytes.appendBigEndian(digit) }
    }

    /// - Returns: `nil` when the number has a fraction, is not finite, does not fit or is malformed.
    static func decode(_ bytes: UnsafeRawBufferPointer) -> Int128? {
        guard bytes.count >= 8 else { return nil }
        let count = Int(word(bytes, 0))
        let weight = Int(Int16(bitPattern: word(bytes, 2)))
        let sign = word(bytes, 4)
        guard bytes.count == 8 + 2 * count, sign == positive || sign == negative else { return nil }
        guard count > 0 else { return 0 }
        guard weight >= 0 else { return nil }
        var magnitude: UInt128 = 0
        for index in 0...max(weight, count - 1) {
            let digit = index < count ? UInt128(word(bytes, 8 + 2 * index)) : 0
            guard index <= weight else {
                guard digit == 0 else { return nil }
                continue
            }
            let (product, overflowed) = magnitude.multipliedReportingOverflow(by: base)
            let (sum, carried) = product.addingReportingOverflow(digit)
            guard !overflowed, !carried else { return nil }
            magnitude = sum
        }
        if sign == positive { return Int128(exactly: magnitude) }
        return magnitude == Int128.min.magnitude ? .min : Int128(exactly: magnitude).map { -$0 }
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt16 {
        UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }
}
