/// Why a decimal text was not accepted.
public enum DecimalError: Error, Equatable {
    case malformed
    /// More decimals than the target has, and not zeros.
    case tooPrecise
    case outOfRange
}

/// Exact decimals as text: parsing into and printing of scaled integers, never through floating point.
public enum DecimalText {
    /// The longest text accepted.
    public static let maximumLength = 64

    /// The integer `value × 10^decimals`.
    ///
    /// Accepts `1`, `0.01`, `50000.0`, `.5`, `1.`, `1e-05`, `2.5E3`, a leading sign; trailing zeros never make a number too precise.
    ///
    /// - Parameter decimals: 0 to 18.
    /// - Throws: `DecimalError`.
    public static func parse(_ text: UnsafeRawBufferPointer, decimals: Int) throws(DecimalError) -> Int64 {
        guard !text.isEmpty, text.count <= maximumLength else { throw .malformed }
        var scanner = Scanner(text: text)
        let negative = scanner.takeSign()
        let mantissa = try scanner.mantissa()
        let exponent = try scanner.exponent()
        guard scanner.atEnd else { throw .malformed }
        let magnitude = try scale(mantissa, by: decimals - mantissa.fractionDigits + exponent)
        let signed = negative ? -Int128(magnitude) : Int128(magnitude)
        guard let value = Int64(exactly: signed) else { throw .outOfRange }
        return value
    }

    /// `parse` of a string.
    public static func parse(_ text: String, decimals: Int) throws(DecimalError) -> Int64 {
        var copy = text
        let result: Swift.Result<Int64, DecimalError> = copy.withUTF8 { bytes in
            do throws(DecimalError) {
                return .success(try parse(UnsafeRawBufferPointer(bytes), decimals: decimals))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private struct Mantissa {
        var digits: UInt128 = 0
        /// Decimals among `digits`; trailing zeros after the point are not counted.
        var fractionDigits = 0
    }

    private static func scale(_ mantissa: Mantissa, by power: Int) throws(DecimalError) -> UInt128 {
        var value = mantissa.digits
        if value == 0 { return 0 }
        var power = power
        while power < 0 {
            let (quotient, remainder) = value.quotientAndRemainder(dividingBy: 10)
            guard remainder == 0 else { throw .tooPrecise }
            value = quotient
            power += 1
        }
        while power > 0 {
            guard value < UInt128(UInt64.max) else { throw .outOfRange }
            value *= 10
            power -= 1
        }
        return value
    }

    private struct Scanner {
        let text: UnsafeRawBufferPointer
        var index = 0

        init(text: UnsafeRawBufferPointer) { self.text = text }

        var atEnd: Bool { index == text.count }

        mutating func takeSign() -> Bool {
            guard index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") else {
                return false
            }
            index += 1
            return text[index - 1] == UInt8(ascii: "-")
        }

        mutating func digit() -> UInt8? {
            guard index < text.count else { return nil }
            let value = text[index] &- UInt8(ascii: "0")
            guard value < 10 else { return nil }
            index += 1
            return value
        }

        mutating func mantissa() throws(DecimalError) -> Mantissa {
            var result = Mantissa()
            var sawDigit = false
            while let digit = digit() {
                sawDigit = true
                guard result.digits < UInt128(UInt64.max) << 32 else { throw .outOfRange }
                result.digits = result.digits * 10 + UInt128(digit)
            }
            guard index < text.count, text[index] == UInt8(ascii: ".") else {
                guard sawDigit else { throw .malformed }
                return result
            }
            index += 1
            var zeros = 0
            while let digit = digit() {
                sawDigit = true
                guard digit != 0 else {
                    zeros += 1
                    continue
                }
                guard result.digits < UInt128(UInt64.max) << 32 else { throw .tooPrecise }
                for _ in 0...zeros {
                    guard result.digits < UInt128(UInt64.max) << 40 else { throw .tooPrecise }
                    result.digits *= 10
                }
                result.digits += UInt128(digit)
                result.fractionDigits += zeros + 1
                zeros = 0
            }
            guard sawDigit else { throw .malformed }
            return result
        }

        mutating func exponent() throws(DecimalError) -> Int {
            guard index < text.count, text[index] | 0x20 == UInt8(ascii: "e") else { return 0 }
            index += 1
            let negative = takeSign()
            var value = 0
            var count = 0
            while let digit = digit() {
                value = value * 10 + Int(digit)
                count += 1
                guard count <= 4 else { throw .outOfRange }
            }
            guard count > 0 else { throw .malformed }
            return negative ? -value : value
        }
    }
}

extension DecimalText {
    /// `value ÷ 10^decimals` in plain decimal with exactly `max(decimals, minimumDecimals)` decimals.
    public static func string(_ value: Int64, decimals: Int, minimumDecimals: Int = 0) -> String {
        var bytes: [UInt8] = []
        append(Int128(value), decimals: decimals, minimumDecimals: minimumDecimals, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends `value ÷ 10^decimals` in plain decimal, padded with zeros to `minimumDecimals`.
    public static func append(_ value: Int128, decimals: Int, minimumDecimals: Int = 0, to bytes: inout [UInt8]) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        if let small = UInt64(exactly: value.magnitude) {
            appendDigits(small, decimals: decimals, to: &bytes)
        } else {
            appendDigits(value.magnitude, decimals: decimals, to: &bytes)
        }
        guard minimumDecimals > decimals else { return }
        if decimals == 0 { bytes.append(UInt8(ascii: ".")) }
        for _ in decimals..<minimumDecimals { bytes.append(UInt8(ascii: "0")) }
    }

    private static func appendDigits<Magnitude: FixedWidthInteger & UnsignedInteger>(
        _ magnitude: Magnitude, decimals: Int, to bytes: inout [UInt8]
    ) {
        // 39 digits of 128 bits, a point, and leading zeros of at most 18 decimals.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { buffer in
            var rest = magnitude
            var position = 64
            var written = 0
            repeat {
                if written == decimals, decimals > 0 {
                    position -= 1
                    buffer[position] = UInt8(ascii: ".")
                }
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                position -= 1
                buffer[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
                rest = quotient
                written += 1
            } while rest != 0 || written <= decimals
            bytes.append(contentsOf: buffer[position..<64])
        }
    }
}
