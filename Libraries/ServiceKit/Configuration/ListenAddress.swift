import Glibc

/// Where a server listens: a numeric address and a port, `127.0.0.1:8080`, `0.0.0.0:8080` or `[::1]:8080`.
public struct ListenAddress: ConfigurationValue, Hashable, CustomStringConvertible {
    public let address: String
    /// 0 takes a free one.
    public let port: UInt16

    public init(address: String, port: UInt16) {
        self.address = address
        self.port = port
    }

    public static func loopback(port: UInt16) -> ListenAddress {
        ListenAddress(address: "127.0.0.1", port: port)
    }

    /// Only programs of this machine reach it.
    public var isLoopback: Bool { address.hasPrefix("127.") || address == "::1" }

    public static var typeName: String { "address:port" }
    public var configurationText: String { description }
    public var description: String { address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)" }

    public static func parse(_ source: ConfigurationText) throws(ConfigurationExpectation) -> ListenAddress {
        let expectation = ConfigurationExpectation("a numeric address and a port, such as 127.0.0.1:8080 or [::1]:8080")
        let text = try single(source)
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw expectation
        }
        let host = text[..<colon]
        var storage = in6_addr()
        if host.hasPrefix("["), host.hasSuffix("]") {
            let inner = String(host.dropFirst().dropLast())
            guard inet_pton(AF_INET6, inner, &storage) == 1 else { throw expectation }
            return ListenAddress(address: inner, port: port)
        }
        guard inet_pton(AF_INET, String(host), &storage) == 1 else { throw expectation }
        return ListenAddress(address: String(host), port: port)
    }
}

extension ConfigurationKey where Value == ListenAddress {
    public static func listenAddress(_ name: String, default value: ListenAddress?, help: String) -> Self {
        Self(name, default: value, help: help)
    }
}
