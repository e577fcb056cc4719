import Crypto

/// One connection to Redis, of one thread; every call waits for its answer.
///
/// A connection that was lost is made again by the next call, unless the attempt before failed only just now: then the
/// call fails at once. A command that was under way is never sent twice by itself.
public final class RedisConnection {
    public let configuration: RedisConfiguration
    private var link: RedisLink?
    private var backoff = Backoff(attemptLimit: nil)
    private var failure: RedisError?
    private var nextAttempt: Int64 = 0

    /// Connects at the first call.
    public init(_ configuration: RedisConfiguration) {
        self.configuration = configuration
    }

    public var isConnected: Bool { link != nil }

    /// Connects now, when there is no connection.
    public func connect() throws(RedisError) {
        _ = try established()
    }

    public func close() {
        link = nil
    }

    /// Sends one command.
    ///
    /// - Throws: `RedisError.refused` when Redis answers with an error.
    @discardableResult
    public func send(_ command: RedisCommand) throws(RedisError) -> RedisReply {
        let reply = try pipeline([command])[0]
        try reply.check()
        return reply
    }

    /// Sends commands without waiting between them.
    ///
    /// - Returns: their replies in order; an error is the reply of its command, and the others stand.
    public func pipeline(_ commands: [RedisCommand]) throws(RedisError) -> [RedisReply] {
        let link = try established()
        do throws(RedisError) {
            return try link.exchange(commands)
        } catch {
            self.link = nil
            throw error
        }
    }

    /// Runs a script by its SHA-1, and by its text when Redis does not have it.
    public func evaluate(
        _ script: RedisScript, keys: [RedisCommand.Argument], arguments: [RedisCommand.Argument]
    ) throws(RedisError) -> RedisReply {
        let reply = try pipeline([script.byIdentifier(keys, arguments)])[0]
        guard RedisScript.isUnknown(reply) else {
            try reply.check()
            return reply
        }
        return try send(script.bySource(keys, arguments))
    }

    private func established() throws(RedisError) -> RedisLink {
        if let link {
            do throws(RedisError) {
                try link.checkIdle()
                return link
            } catch {
                self.link = nil
            }
        }
        if let failure, monotonicMilliseconds() < nextAttempt { throw failure }
        do throws(RedisError) {
            let link = try RedisLink(configuration)
            self.link = link
            failure = nil
            backoff.reset()
            return link
        } catch {
            let reported = error.whileConnecting
            failure = reported
            nextAttempt = monotonicMilliseconds() + Int64(backoff.next() ?? backoff.longestMilliseconds)
            throw reported
        }
    }
}

extension RedisError {
    /// What broke before the connection stood has sent nothing of the caller's.
    var whileConnecting: RedisError {
        switch self {
        case .connectionLost, .timedOut, .refused, .unexpectedReply: .notConnected(reason: description)
        default: self
        }
    }
}
