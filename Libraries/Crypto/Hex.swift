/// Base 16 (RFC 4648, section 8): written in lower case, read in either.
public enum Hex {
    public static func encode(_ bytes: RawSpan) -> String {
        String(unsafeUninitializedCapacity: 2 * bytes.byteCount) { output in
            bytes.withUnsafeBytes { input in
                for index in input.indices {
                    output[2 * index] = digit(input[index] >> 4)
                    output[2 * index + 1] = digit(input[index] & 15)
                }
            }
            return 2 * bytes.byteCount
        }
    }

    public static func encode(_ bytes: [UInt8]) -> String {
        encode(bytes.span.bytes)
    }

    /// - Returns: `nil` for an odd length or any byte that is no hexadecimal digit.
    public static func decode(_ text: RawSpan) -> [UInt8]? {
        guard text.byteCount % 2 == 0 else { return nil }
        var isHex = true
        let decoded = [UInt8](unsafeUninitializedCapacity: text.byteCount / 2) { output, count in
            count = text.byteCount / 2
            isHex = decode(text, into: UnsafeMutableRawBufferPointer(start: output.baseAddress, count: count))
        }
        return isHex ? decoded : nil
    }

    public static func decode(_ text: String) -> [UInt8]? {
        decode(Array(text.utf8).span.bytes)
    }

    /// Decodes into memory of exactly half the length; what it holds after `false` is meaningless, but initialised.
    static func decode(_ text: RawSpan, into output: UnsafeMutableRawBufferPointer) -> Bool {
        precondition(text.byteCount == 2 * output.count)
        return text.withUnsafeBytes { input in
            var seen: UInt8 = 0
            for index in output.indices {
                let high = value(input[2 * index])
                let low = value(input[2 * index + 1])
                seen |= high | low
                output[index] = high << 4 | (low & 15)
            }
            return seen < 16
        }
    }

    @inline(__always)
    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? 48 + value : 87 + value
    }

    /// 0...15, or 255 for a byte that is no digit.
    @inline(__always)
    private static func value(_ digit: UInt8) -> UInt8 {
        let decimal = digit &- 48
        if decimal < 10 { return decimal }
        let letter = (digit | 32) &- 97
        return letter < 6 ? letter + 10 : 255
    }
}
