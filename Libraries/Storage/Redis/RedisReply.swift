import CHiredis

/// What Redis answers to one command (RESP2).
public enum RedisReply: Sendable, Hashable {
    case status(String)
    case integer(Int64)
    case bytes([UInt8])
    case array([RedisReply])
    case null
    case error(String)
}

extension RedisReply {
    /// - Returns: `nil` for null.
    /// - Throws: `RedisError.refused` for an error, `RedisError.unexpectedReply` for anything else.
    public func optionalBytes() throws(RedisError) -> [UInt8]? {
        switch self {
        case .bytes(let bytes): return bytes
        case .status(let text): return Array(text.utf8)
        case .null: return nil
        default: throw unexpected()
        }
    }

    /// - Returns: `nil` for null.
    public func optionalText() throws(RedisError) -> String? {
        try optionalBytes().map { String(decoding: $0, as: UTF8.self) }
    }

    public func integer() throws(RedisError) -> Int64 {
        if case .integer(let number) = self { return number }
        throw unexpected()
    }

    public func array() throws(RedisError) -> [RedisReply] {
        if case .array(let replies) = self { return replies }
        throw unexpected()
    }

    /// Throws when this is an error.
    public func check() throws(RedisError) {
        if case .error(let message) = self { throw .refused(message) }
    }

    private func unexpected() -> RedisError {
        switch self {
        case .error(let message): .refused(message)
        case .status(let text): .unexpectedReply("status \(text)")
        case .integer(let number): .unexpectedReply("integer \(number)")
        case .bytes(let bytes): .unexpectedReply("\(bytes.count) bytes")
        case .array(let replies): .unexpectedReply("array of \(replies.count)")
        case .null: .unexpectedReply("null")
        }
    }
}

/// Cuts a stream of bytes into replies.
final class RedisReplyReader {
    private let reader: UnsafeMutablePointer<redisReader>
    private let replyLimit: Int

    init(replyLimit: Int) {
        guard let reader = redisReaderCreate() else { preconditionFailure("out of memory") }
        self.reader = reader
        self.replyLimit = replyLimit
    }

    deinit {
        redisReaderFree(reader)
    }

    func feed(_ bytes: UnsafeRawBufferPointer) throws(RedisError) {
        let fed = redisReaderFeed(reader, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        guard fed == REDIS_OK else { throw failure() }
        guard reader.pointee.len - reader.pointee.pos <= replyLimit else {
            throw .unexpectedReply("more than \(replyLimit) bytes")
        }
    }

    /// The next reply, or `nil` when more bytes are needed.
    func next() throws(RedisError) -> RedisReply? {
        var object: UnsafeMutableRawPointer?
        guard redisReaderGetReply(reader, &object) == REDIS_OK else { throw failure() }
        guard let object else { return nil }
        defer { freeReplyObject(object) }
        return RedisReplyReader.reply(object.assumingMemoryBound(to: redisReply.self).pointee)
    }

    private func failure() -> RedisError {
        let reason = withUnsafeBytes(of: reader.pointee.errstr) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        return .unexpectedReply(reason)
    }

    private static func reply(_ object: redisReply) -> RedisReply {
        let bytes = UnsafeRawBufferPointer(start: object.str, count: object.str == nil ? 0 : Int(object.len))
        switch object.type {
        case REDIS_REPLY_STRING: return .bytes(Array(bytes))
        case REDIS_REPLY_STATUS: return .status(String(decoding: bytes, as: UTF8.self))
        case REDIS_REPLY_ERROR: return .error(String(decoding: bytes, as: UTF8.self))
        case REDIS_REPLY_INTEGER: return .integer(object.integer)
        case REDIS_REPLY_ARRAY:
            let elements = UnsafeBufferPointer(start: object.element, count: object.elements)
            return .array(elements.map { $0.map { reply($0.pointee) } ?? .null })
        default: return .null
        }
    }
}
