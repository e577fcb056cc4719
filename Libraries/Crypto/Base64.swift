/// Base 64 (RFC 4648, section 4), with padding.
public enum Base64 {
    public static func encode(_ bytes: RawSpan) -> String {
        let length = (bytes.byteCount + 2) / 3 * 4
        return String(unsafeUninitializedCapacity: length) { output in
            bytes.withUnsafeBytes { input in
                var source = 0
                var target = 0
                while source + 2 < input.count {
                    let group = UInt32(input[source]) << 16 | UInt32(input[source + 1]) << 8 | UInt32(input[source + 2])
                    write(group, digits: 4, to: output, at: target)
                    source += 3
                    target += 4
                }
                if input.count - source == 1 {
                    write(UInt32(input[source]) << 16, digits: 2, to: output, at: target)
                } else if input.count - source == 2 {
                    write(
                        UInt32(input[source]) << 16 | UInt32(input[source + 1]) << 8, digits: 3, to: output, at: target)
                }
            }
            return length
        }
    }

    public static func encode(_ bytes: [UInt8]) -> String {
        encode(bytes.span.bytes)
    }

    /// - Returns: `nil` unless `text` is the one encoding of some bytes: a length divisible by four, padding only at
    ///   the end, no other character, and no bit set beyond the last byte.
    public static func decode(_ text: RawSpan) -> [UInt8]? {
        guard text.byteCount % 4 == 0 else { return nil }
        guard text.byteCount > 0 else { return [] }
        return text.withUnsafeBytes { input in
            let last = input.count - 1
            let padding = input[last] != pad ? 0 : input[last - 1] != pad ? 1 : 2
            var isValid = true
            let decoded = [UInt8](unsafeUninitializedCapacity: input.count / 4 * 3) { output, count in
                count = 0
                var group: UInt32 = 0
                var seen: UInt8 = 0
                for index in 0..<(input.count - padding) {
                    let value = value(input[index])
                    seen |= value
                    group = group << 6 | UInt32(value & 63)
                    guard index % 4 == 3 else { continue }
                    append(group, bytes: 3, to: output, count: &count)
                    group = 0
                }
                group <<= UInt32(6 * padding)
                if padding > 0 { append(group, bytes: 3 - padding, to: output, count: &count) }
                let unused: UInt32 = padding == 0 ? 0 : padding == 1 ? 0xFF : 0xFFFF
                isValid = seen < 64 && group & unused == 0
            }
            return isValid ? decoded : nil
        }
    }

    public static func decode(_ text: String) -> [UInt8]? {
        decode(Array(text.utf8).span.bytes)
    }

    private static let pad = UInt8(ascii: "=")

    private static func write(_ group: UInt32, digits: Int, to output: UnsafeMutableBufferPointer<UInt8>, at start: Int)
    {
        for index in 0..<4 {
            let value = UInt8(truncatingIfNeeded: group >> UInt32(18 - 6 * index)) & 63
            output[start + index] = index < digits ? digit(value) : pad
        }
    }

    private static func append(
        _ group: UInt32, bytes: Int, to output: UnsafeMutableBufferPointer<UInt8>, count: inout Int
    ) {
        for index in 0..<bytes {
            output[count] = UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * index))
            count += 1
        }
    }

    @inline(__always)
    private static func digit(_ value: UInt8) -> UInt8 {
        switch value {
        case 0..<26: 65 + value
        case 26..<52: 71 + value
        case 52..<62: value - 4
        case 62: UInt8(ascii: "+")
        default: UInt8(ascii: "/")
        }
    }

    /// 0...63, or 255 for a byte outside the alphabet.
    @inline(__always)
    private static func value(_ digit: UInt8) -> UInt8 {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit + 4
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: 255
        }
    }
}
