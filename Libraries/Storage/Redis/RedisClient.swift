import Network
import Synchronization

/// Redis behind a thread of its own: callers hand commands over and go on, answers come to a closure.
///
/// It never makes a caller wait: while Redis is away, or when `Limits` are reached, a command is refused at once. The
/// connection is made again with growing pauses.
public final class RedisClient: Sendable {
    /// How much may be under way, from being handed over to being answered.
    public struct Limits: Sendable, Hashable {
        public var commands: Int
        public var bytes: Int

        public init(commands: Int = 65_536, bytes: Int = 64 * 1_024 * 1_024) {
            self.commands = commands
            self.bytes = bytes
        }
    }

    public enum State: Sendable, Hashable {
        case connected
        /// With the reason; before the first attempt has ended too.
        case away(RedisError)
        case closed
    }

    /// Takes a group's replies, or the error that kept the group from being answered.
    public typealias Completion = @Sendable (Result<[RedisReply], RedisError>) -> Void

    private let mailbox: RedisMailbox
    private let thread: WorkerThread

    /// Starts the thread, which connects.
    ///
    /// - Parameter onStateChange: called on the client's thread, which it must not hold up.
    public init(
        _ configuration: RedisConfiguration, limits: Limits = Limits(), name: String = "redis",
        onStateChange: @escaping @Sendable (State) -> Void = { _ in }
    ) throws(RedisError) {
        let mailbox = try RedisMailbox(limits)
        self.mailbox = mailbox
        thread = WorkerThread(name: name) {
            RedisWorker(mailbox, configuration, onStateChange).run()
        }
    }

    deinit {
        mailbox.close()
    }

    public var state: State { mailbox.state }

    /// Commands that have been handed over and are not answered yet.
    public var pendingCount: Int { mailbox.pendingCount }

    /// Hands commands over that are sent together.
    ///
    /// - Parameter completion: called once, on the client's thread, which it must not hold up.
    /// - Throws: `notConnected`, `queueFull` or `closed` at once; then `completion` is not called.
    public func submit(_ commands: [RedisCommand], completion: @escaping Completion) throws(RedisError) {
        try mailbox.append(RedisMailbox.Group(commands, completion))
    }

    /// Runs a script by its SHA-1, and by its text when Redis does not have it.
    ///
    /// - Parameter completion: as for `submit`; an error of the script is `RedisError.refused`.
    public func evaluate(
        _ script: RedisScript, keys: [RedisCommand.Argument], arguments: [RedisCommand.Argument],
        completion: @escaping @Sendable (Result<RedisReply, RedisError>) -> Void
    ) throws(RedisError) {
        let mailbox = mailbox
        try submit([script.byIdentifier(keys, arguments)]) { result in
            guard case .success(let replies) = result, RedisScript.isUnknown(replies[0]) else {
                return completion(RedisClient.single(result))
            }
            let group = RedisMailbox.Group([script.bySource(keys, arguments)]) { completion(RedisClient.single($0)) }
            do throws(RedisError) {
                try mailbox.append(group)
            } catch {
                completion(.failure(error))
            }
        }
    }

    /// Sends one command and waits for its reply without holding a thread.
    public func send(_ command: RedisCommand) async throws(RedisError) -> RedisReply {
        let result: Result<RedisReply, RedisError> = await withCheckedContinuation { continuation in
            do throws(RedisError) {
                try submit([command]) { continuation.resume(returning: RedisClient.single($0)) }
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        return try result.get()
    }

    /// Takes no more commands, waits until those under way are answered or have failed, and ends the thread.
    public func close() {
        guard mailbox.close() else { return }
        thread.join()
    }

    private static func single(_ result: Result<[RedisReply], RedisError>) -> Result<RedisReply, RedisError> {
        result.flatMap { replies in
            if case .error(let message) = replies[0] { return .failure(.refused(message)) }
            return .success(replies[0])
        }
    }
}
