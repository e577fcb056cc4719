import Crypto

/// A command with its arguments, encoded as Redis reads it (RESP2, an array of bulk strings).
public struct RedisCommand: Sendable, Hashable {
    public enum Argument: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
        case text(String)
        case bytes([UInt8])
        case integer(Int64)

        public init(stringLiteral value: String) { self = .text(value) }
        public init(integerLiteral value: Int64) { self = .integer(value) }
    }

    let encoded: [UInt8]

    /// - Parameter name: one word, such as `SET`.
    public init(_ name: String, _ arguments: Argument...) {
        self.init(name, arguments: arguments)
    }

    public init(_ name: String, arguments: [Argument]) {
        var encoded: [UInt8] = []
        encoded.reserveCapacity(64)
        encoded.appendLine("*", arguments.count + 1)
        encoded.appendBulk(name)
        for argument in arguments {
            switch argument {
            case .text(let text): encoded.appendBulk(text)
            case .integer(let number): encoded.appendBulk(String(number))
            case .bytes(let bytes):
                encoded.appendLine("$", bytes.count)
                encoded += bytes
                encoded += RedisCommand.lineEnd
            }
        }
        self.encoded = encoded
    }

    fileprivate static let lineEnd: [UInt8] = [13, 10]
}

extension [UInt8] {
    fileprivate mutating func appendLine(_ kind: Unicode.Scalar, _ number: Int) {
        append(UInt8(ascii: kind))
        append(contentsOf: String(number).utf8)
        append(contentsOf: RedisCommand.lineEnd)
    }

    fileprivate mutating func appendBulk(_ text: String) {
        appendLine("$", text.utf8.count)
        append(contentsOf: text.utf8)
        append(contentsOf: RedisCommand.lineEnd)
    }
}

/// A Lua script that Redis keeps by its SHA-1: its text is sent only when Redis does not have it.
public struct RedisScript: Sendable, Hashable {
    public let source: String
    let identifier: String

    public init(_ source: String) throws(CryptoError) {
        self.source = source
        identifier = Hex.encode(try SHA1.digest(of: Array(source.utf8)))
    }

    /// Runs the script that Redis has already.
    func byIdentifier(_ keys: [RedisCommand.Argument], _ arguments: [RedisCommand.Argument]) -> RedisCommand {
        RedisCommand("EVALSHA", arguments: [.text(identifier), .integer(Int64(keys.count))] + keys + arguments)
    }

    /// Hands the script over and runs it.
    func bySource(_ keys: [RedisCommand.Argument], _ arguments: [RedisCommand.Argument]) -> RedisCommand {
        RedisCommand("EVAL", arguments: [.text(source), .integer(Int64(keys.count))] + keys + arguments)
    }

    static func isUnknown(_ reply: RedisReply) -> Bool {
        if case .error(let message) = reply { return message.hasPrefix("NOSCRIPT") }
        return false
    }
}
