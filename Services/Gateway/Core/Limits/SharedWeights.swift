import Storage

/// Request weights that gateways share through Redis. While it is away each gateway counts its own.
public struct SharedWeights: Sendable {
    /// How long a minute's count is kept after its minute has begun.
    private static let keptSeconds: Int64 = 120

    private let redis: RedisClient
    private let limiter: RequestLimiter
    /// Before every key's name, so that several venues share a server.
    private let prefix: String

    public init(redis: RedisClient, limiter: RequestLimiter, prefix: String = "") {
        self.prefix = prefix
        self.redis = redis
        self.limiter = limiter
    }

    /// Adds what was charged here since the last call, and learns what all gateways together have charged.
    public func exchange() {
        let charged = limiter.takeUnpublished()
        guard !charged.isEmpty else { return }
        var commands: [RedisCommand] = []
        for (counter, minute, weight) in charged {
            let key = RedisCommand.Argument.text("\(prefix)weight:\(counter.name):\(minute)")
            commands.append(RedisCommand("INCRBY", key, .integer(Int64(weight))))
            commands.append(RedisCommand("EXPIRE", key, .integer(SharedWeights.keptSeconds)))
        }
        do throws(RedisError) {
            try redis.submit(commands) { result in
                guard case .success(let replies) = result else { return }
                for (index, entry) in charged.enumerated() {
                    guard case .integer(let total) = replies[2 * index] else { continue }
                    entry.counter.setTotal(Int(clamping: total), minute: entry.minute)
                }
            }
        } catch {
            // Away: the counts of this gateway go on alone.
        }
    }
}
