/// UTF-8, checked by the table of RFC 3629.
enum UTF8Text {
    static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index < bytes.count {
            let lead = bytes[index]
            if lead < 0x80 {
                index += 1
                continue
            }
            let length: Int
            let second: ClosedRange<UInt8>
            switch lead {
            case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
            case 0xE0: (length, second) = (3, 0xA0...0xBF)
            case 0xE1...0xEC, 0xEE...0xEF: (length, second) = (3, 0x80...0xBF)
            case 0xED: (length, second) = (3, 0x80...0x9F)
            case 0xF0: (length, second) = (4, 0x90...0xBF)
            case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
            case 0xF4: (length, second) = (4, 0x80...0x8F)
            default: return false
            }
            guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return false }
            for offset in 2..<max(2, length) where bytes[index + offset] & 0xC0 != 0x80 { return false }
            index += length
        }
        return true
    }
}

/// The text of a JSON string without its escapes.
enum JSONText {
    /// The text of a string that a scanner found in `source`.
    static func string(_ node: JSONScanner.Node, _ source: UnsafeRawBufferPointer) -> String {
        var bytes: [UInt8] = []
        appendUnescaped(UnsafeRawBufferPointer(rebasing: source[node.text]), to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the text of a string that a scanner accepted, `source` being what stands between its quotes.
    static func appendUnescaped(_ source: UnsafeRawBufferPointer, to bytes: inout [UInt8]) {
        var index = 0
        while index < source.count {
            guard source[index] == UInt8(ascii: "\\"), index + 1 < source.count else {
                bytes.append(source[index])
                index += 1
                continue
            }
            let code = source[index + 1]
            index += 2
            switch code {
            case UInt8(ascii: "b"): bytes.append(0x08)
            case UInt8(ascii: "f"): bytes.append(0x0C)
            case UInt8(ascii: "n"): bytes.append(0x0A)
            case UInt8(ascii: "r"): bytes.append(0x0D)
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "u"): index = appendUnit(source, at: index, to: &bytes)
            default: bytes.append(code)
            }
        }
    }

    private static func appendUnit(_ source: UnsafeRawBufferPointer, at start: Int, to bytes: inout [UInt8]) -> Int {
        guard let unit = hexUnit(source, at: start) else { return source.count }
        guard unit & 0xF800 == 0xD800, let low = hexUnit(source, at: start + 6) else {
            appendScalar(unit, to: &bytes)
            return start + 4
        }
        appendScalar(0x10000 + ((unit & 0x3FF) << 10 | low & 0x3FF), to: &bytes)
        return start + 10
    }

    private static func appendScalar(_ value: UInt32, to bytes: inout [UInt8]) {
        guard let scalar = Unicode.Scalar(value) else { return }
        bytes.append(contentsOf: UTF8.encode(scalar) ?? .init())
    }
}
