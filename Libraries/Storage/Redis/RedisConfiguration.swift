import Crypto

/// Where a Redis server is, and how long to wait for it.
public struct RedisConfiguration: Sendable {
    public var host: String
    public var port: UInt16
    public var username: String?
    public var password: String?
    public var database: Int

    /// TLS, when the connection has it.
    public var tls: TLSContext?

    /// The longest that connecting and signing in may take.
    public var connectTimeoutMilliseconds = 3_000

    /// The longest silence of the server while an answer is due.
    public var replyTimeoutMilliseconds = 3_000

    /// The largest answer, in bytes.
    public var replyLimit = 64 * 1_024 * 1_024

    /// Reads `redis://user:password@host:port/database`; `rediss://` is TLS with full verification against the system's
    /// authorities. The query changes that, named as in redis-py: `ssl_ca_certs=/path`, `ssl_check_hostname=false`,
    /// `ssl_cert_reqs=none`. Percent signs encode characters of user and password.
    public init(url: String) throws(RedisError) {
        let parts = try RedisURL(url)
        host = parts.host
        port = parts.port
        username = parts.username
        password = parts.password
        database = parts.database
        guard parts.isTLS else { return }
        let verification: TLSContext.Verification =
            switch (parts.options["ssl_cert_reqs"], parts.options["ssl_check_hostname"]) {
            case ("none", _): .off
            case (_, "false"): .authority
            default: .full
            }
        do throws(CryptoError) {
            tls = try TLSContext(
                verification: verification, trust: parts.options["ssl_ca_certs"].map { .file($0) } ?? .system)
        } catch {
            throw .malformedConfiguration(error.description)
        }
    }
}

/// The parts of a Redis URL (the scheme that IANA lists as `redis`, and `rediss`).
struct RedisURL {
    var isTLS = false
    var host = ""
    var port: UInt16 = 6_379
    var username: String?
    var password: String?
    var database = 0
    var options: [String: String] = [:]

    private static let knownOptions = ["ssl_ca_certs", "ssl_check_hostname", "ssl_cert_reqs"]

    /// Errors name the part that is wrong, never the password.
    init(_ url: String) throws(RedisError) {
        var rest = url[...]
        if rest.hasPrefix("rediss://") {
            isTLS = true
            rest = rest.dropFirst("rediss://".count)
        } else if rest.hasPrefix("redis://") {
            rest = rest.dropFirst("redis://".count)
        } else {
            throw .malformedConfiguration("the URL begins with neither redis:// nor rediss://")
        }
        if let mark = rest.firstIndex(of: "?") {
            try readOptions(rest[rest.index(after: mark)...])
            rest = rest[..<mark]
        }
        if let slash = rest.firstIndex(of: "/") {
            let path = rest[rest.index(after: slash)...]
            guard path.isEmpty || Int(path).map({ $0 >= 0 }) == true else {
                throw .malformedConfiguration("\(path) is no database number")
            }
            database = Int(path) ?? 0
            rest = rest[..<slash]
        }
        if let at = rest.lastIndex(of: "@") {
            try readUser(rest[..<at])
            rest = rest[rest.index(after: at)...]
        }
        try readHost(rest)
    }

    private mutating func readOptions(_ query: Substring) throws(RedisError) {
        for option in query.split(separator: "&") {
            let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let value = RedisURL.decodePercent(parts[1]),
                RedisURL.knownOptions.contains(String(parts[0]))
            else { throw .malformedConfiguration("unknown option \(option) of the URL") }
            options[String(parts[0])] = value
        }
    }

    private mutating func readUser(_ text: Substring) throws(RedisError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let user = RedisURL.decodePercent(parts[0]),
            let secret = RedisURL.decodePercent(parts[1])
        else { throw .malformedConfiguration("user and password of the URL are not user:password") }
        username = user.isEmpty ? nil : user
        password = secret
    }

    private mutating func readHost(_ text: Substring) throws(RedisError) {
        var rest = text
        if rest.first == "[", let end = rest.firstIndex(of: "]") {
            host = String(rest[rest.index(after: rest.startIndex)..<end])
            rest = rest[rest.index(after: end)...]
        } else {
            let end = rest.firstIndex(of: ":") ?? rest.endIndex
            host = String(rest[..<end])
            rest = rest[end...]
        }
        guard !host.isEmpty else { throw .malformedConfiguration("the URL names no host") }
        guard !rest.isEmpty else { return }
        guard rest.first == ":", let port = UInt16(rest.dropFirst()), port > 0 else {
            throw .malformedConfiguration("\(rest) is no port")
        }
        self.port = port
    }

    private static func decodePercent(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let decoded = Hex.decode(Array(rest.prefix(2)).span.bytes) else { return nil }
            bytes += decoded
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
