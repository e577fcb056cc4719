import CLinux

/// An IPv6 address as a number; an IPv4 address is held as `::ffff:a.b.c.d`, so that a client counts as one whichever
/// way it came.
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    public var isIPv4: Bool { high == 0 && low >> 32 == 0xffff }

    /// Whether the address is of this machine only (127.0.0.0/8, ::1).
    public var isLoopback: Bool { isIPv4 ? low >> 24 & 0xff == 127 : high == 0 && low == 1 }

    /// The usual text: `"127.0.0.1"`, `"2001:db8::1"`.
    public var description: String {
        var address = clinux_address(high: high, low: low, port: 0)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            guard let start = buffer.baseAddress, clinux_address_text(&address, start, buffer.count) == 0 else {
                return "?"
            }
            return String(cString: start)
        }
    }
}

/// The other end of a connection.
public struct PeerAddress: Hashable, Sendable, CustomStringConvertible {
    public let ip: IPAddress
    public let port: UInt16

    public init(ip: IPAddress, port: UInt16) {
        self.ip = ip
        self.port = port
    }

    init(_ address: clinux_address) {
        ip = IPAddress(high: address.high, low: address.low)
        port = address.port
    }

    public var description: String { ip.isIPv4 ? "\(ip):\(port)" : "[\(ip)]:\(port)" }
}
