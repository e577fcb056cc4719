/// A W3C trace context (https://www.w3.org/TR/trace-context/): which trace a request belongs to and which span asked.
public struct TraceContext: Sendable, Hashable {
    /// The trace's 128 bits; never zero.
    public let traceIdHigh: UInt64
    public let traceIdLow: UInt64
    /// The span that caused what follows; never zero.
    public let spanId: UInt64
    public let flags: UInt8
    /// `tracestate` as received, handed on unchanged; empty when there is none or it was not valid.
    public let state: String

    /// - Returns: `nil` for the all-zero ids, which the standard forbids.
    public init?(traceIdHigh: UInt64, traceIdLow: UInt64, spanId: UInt64, flags: UInt8, state: String = "") {
        guard traceIdHigh | traceIdLow != 0, spanId != 0 else { return nil }
        self.traceIdHigh = traceIdHigh
        self.traceIdLow = traceIdLow
        self.spanId = spanId
        self.flags = flags
        self.state = state
    }

    /// 32 lower-case hexadecimal digits.
    public var traceIdText: String { Self.hex(traceIdHigh, digits: 16) + Self.hex(traceIdLow, digits: 16) }

    /// The `traceparent` header, version 00. Only the sampled flag is passed on: the others mean nothing in version 00.
    public var traceparent: String {
        "00-\(traceIdText)-\(Self.hex(spanId, digits: 16))-\(Self.hex(UInt64(flags & 1), digits: 2))"
    }

    private static func hex(_ value: UInt64, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: digits - text.count) + text
    }
}

extension TraceContext {
    /// Reads the headers of a request.
    ///
    /// - Parameters:
    ///   - traceparent: of version 00 exactly; a later version by the part that version 00 knows, as the standard asks.
    ///   - tracestate: the header, several joined by commas; left out when it is not valid.
    /// - Returns: `nil` when `traceparent` is not valid: the request then has no trace.
    public init?(traceparent: String, tracestate: String? = nil) {
        let bytes = Array(traceparent.utf8)
        let dash = UInt8(ascii: "-")
        guard bytes.count >= 55, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash else { return nil }
        guard let version = Self.value(bytes[0..<2]), version != 0xFF else { return nil }
        guard bytes.count == 55 || version > 0 && bytes[55] == dash else { return nil }
        guard let high = Self.value(bytes[3..<19]), let low = Self.value(bytes[19..<35]),
            let span = Self.value(bytes[36..<52]), let flags = Self.value(bytes[53..<55])
        else { return nil }
        let state = tracestate.flatMap { Self.isValidState($0) ? $0 : nil } ?? ""
        self.init(traceIdHigh: high, traceIdLow: low, spanId: span, flags: UInt8(flags), state: state)
    }

    /// Lower-case hexadecimal only, as the standard demands.
    private static func value(_ digits: ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for digit in digits {
            switch digit {
            case 48...57: value = value << 4 | UInt64(digit - 48)
            case 97...102: value = value << 4 | UInt64(digit - 87)
            default: return nil
            }
        }
        return value
    }

    /// The standard's bounds: 32 members; 512 bytes are what it asks everybody to pass on, and all that is kept here.
    public static let maximumStateMembers = 32
    public static let maximumStateBytes = 512

    private static func isValidState(_ text: String) -> Bool {
        guard text.utf8.count <= maximumStateBytes else { return false }
        var keys = Set<Substring>()
        var members = 0
        for member in text.split(separator: ",", omittingEmptySubsequences: true) {
            let trimmed = member.trimmingBlanks
            if trimmed.isEmpty { continue }
            members += 1
            guard members <= maximumStateMembers, let equals = trimmed.firstIndex(of: "=") else { return false }
            let key = trimmed[..<equals]
            guard isValidStateKey(key), isValidStateValue(trimmed[trimmed.index(after: equals)...]),
                keys.insert(key).inserted
            else { return false }
        }
        return members > 0
    }

    private static func isValidStateKey(_ key: Substring) -> Bool {
        let isFirst = { (byte: UInt8) in (97...122).contains(byte) || (48...57).contains(byte) }
        let isRest = { (byte: UInt8) in isFirst(byte) || [95, 45, 42, 47].contains(byte) }
        let parts = key.split(separator: "@", omittingEmptySubsequences: false)
        let lengths = parts.count == 1 ? [256] : [241, 14]
        guard parts.count <= 2 else { return false }
        return zip(parts, lengths).allSatisfy { part, length in
            guard let first = part.utf8.first, isFirst(first) else { return false }
            return part.utf8.count <= length && part.utf8.allSatisfy(isRest)
        }
    }

    private static func isValidStateValue(_ value: Substring) -> Bool {
        guard let last = value.utf8.last, last != 0x20, value.utf8.count <= 256 else { return false }
        return value.utf8.allSatisfy {
            (0x20...0x7E).contains($0) && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "=")
        }
    }
}
