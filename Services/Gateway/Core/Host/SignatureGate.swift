import Network
import Storage

/// Holds requests, in order, until Redis has said whether another gateway has seen their signatures.
///
/// One round trip serves all that came together. While Redis is away, or slower than a few frames, requests go on: each gateway's own
/// memory of signatures guards then. Belongs to the engine's thread.
final class SignatureGate {
    /// What came together and waits for one answer of Redis.
    private struct Batch {
        var number: UInt64
        var messages: [EngineMessage]
        /// Positions in `messages` of the requests that are asked for.
        var asked: [Int]
        /// Monotonic microseconds.
        var deadline: Int64
        var isAnswered = false
        var repeated: Set<Int> = []
    }

    /// The answer of Redis to one batch: by request, whether its signature was new.
    struct Answer: Sendable {
        var number: UInt64
        var isNew: [Bool]
    }

    /// The longest that requests wait.
    static let patienceMicroseconds: Int64 = 20_000
    /// Batches that wait at once.
    static let maximumBatches = 1_024

    private let redis: RedisClient
    private let prefix: String
    private let answers: Mailbox<Answer>
    private let release: ([EngineMessage], _ repeated: Set<Int>) -> Void
    private var waiting: [Batch] = []
    private var lastNumber: UInt64 = 0

    /// - Parameters:
    ///   - prefix: stands before every key's name, so that several venues share a server.
    ///   - release: gets messages in the order in which they came; `repeated` are positions of requests to refuse.
    init(
        redis: RedisClient, prefix: String = "", on loop: EventLoop,
        release: @escaping ([EngineMessage], _ repeated: Set<Int>) -> Void
    ) {
        self.redis = redis
        self.prefix = prefix
        self.release = release
        let link = GateLink()
        answers = loop.mailbox(capacity: SignatureGate.maximumBatches * 2) { batch in
            for answer in batch { link.gate?.take(answer) }
        }
        link.gate = self
        loop.onStop { link.gate = nil }
    }

    /// Takes messages in; they are released now or later, never before those that came earlier.
    ///
    /// - Parameter now: monotonic microseconds.
    func pass(_ messages: [EngineMessage], now: Int64) {
        var commands: [RedisCommand] = []
        var asked: [Int] = []
        let wall = WallClock.milliseconds()
        for (index, message) in messages.enumerated() {
            guard case .request(let request) = message, let mark = request.signature else { continue }
            let life = max(1, mark.deadline - wall + 1_000)
            let key = RedisCommand.Argument.text(prefix + "signature:" + String(mark.bits, radix: 16))
            commands.append(RedisCommand("SET", key, "1", "NX", "PX", .integer(life)))
            asked.append(index)
        }
        lastNumber += 1
        var batch = Batch(
            number: lastNumber, messages: messages, asked: asked, deadline: now + SignatureGate.patienceMicroseconds)
        if asked.isEmpty || waiting.count >= SignatureGate.maximumBatches || !ask(commands, lastNumber) {
            batch.isAnswered = true
        }
        waiting.append(batch)
        releaseAnswered(now: now)
    }

    private func ask(_ commands: [RedisCommand], _ number: UInt64) -> Bool {
        let answers = answers
        do throws(RedisError) {
            try redis.submit(commands) { result in
                var isNew = [Bool](repeating: true, count: commands.count)
                if case .success(let replies) = result {
                    // SET with NX says nothing where the key was there before.
                    for (index, reply) in replies.enumerated() where reply == .null { isNew[index] = false }
                }
                answers.post(Answer(number: number, isNew: isNew))
            }
            return true
        } catch {
            return false
        }
    }

    private func take(_ answer: Answer) {
        guard let index = waiting.firstIndex(where: { $0.number == answer.number }) else { return }
        waiting[index].isAnswered = true
        for (position, isNew) in zip(waiting[index].asked, answer.isNew) where !isNew {
            waiting[index].repeated.insert(position)
        }
        releaseAnswered(now: EngineHost.microseconds())
    }

    /// Releases what is answered or has waited long enough, the oldest first.
    func releaseAnswered(now: Int64) {
        while let first = waiting.first, first.isAnswered || now >= first.deadline {
            waiting.removeFirst()
            release(first.messages, first.repeated)
        }
    }
}

/// Lets the loop keep the gate alive, and lets go of it when the loop ends.
private final class GateLink {
    var gate: SignatureGate?
}
