import Network
import Synchronization

/// The limits that `exchangeInfo` advertises for requests.
public struct RequestLimits: Equatable, Sendable {
    /// Weight in a UTC minute.
    public var weightPerMinute: Int
    /// Requests in five UTC minutes, whatever they weigh.
    public var requestsPer5Minutes: Int

    /// Attempts to open a socket from one address in five UTC minutes; 0: any number.
    public var connectionsPer5Minutes: Int

    public init(
        weightPerMinute: Int = 6_000, requestsPer5Minutes: Int = 61_000, connectionsPer5Minutes: Int = 300
    ) {
        self.connectionsPer5Minutes = connectionsPer5Minutes
        self.weightPerMinute = weightPerMinute
        self.requestsPer5Minutes = requestsPer5Minutes
    }
}

/// The windows of one address or API key. Any thread.
public final class WeightCounter: Sendable {
    /// Refused requests in one window after which a ban begins.
    public static let refusalsBeforeBan = 10
    public static let firstBan: Int64 = 120_000
    public static let longestBan: Int64 = 3 * 86_400_000

    private struct State {
        var minute: Int64 = 0
        var used = 0
        /// Used on other gateways in this minute, as Redis last said.
        var usedElsewhere = 0
        var fiveMinutes: Int64 = 0
        var requests = 0
        /// Attempts to open a socket in these five minutes.
        var connections = 0
        var refusals = 0
        var bannedUntil: Int64 = 0
        var nextBan = WeightCounter.firstBan
        /// Charged and not yet told to Redis.
        var unpublished = 0
    }

    /// Names the counter in Redis.
    public let name: String
    private let limits: RequestLimits
    private let state = Mutex(State())

    public init(name: String, limits: RequestLimits) {
        self.name = name
        self.limits = limits
    }

    /// Counts a request and charges `weight`.
    ///
    /// - Parameter now: milliseconds of the venue's clock.
    /// - Returns: the weight used in this minute.
    /// - Throws: -1003 when the window or a ban refuses the request.
    @discardableResult
    public func admit(weight: Int, now: Int64) throws(ApiError) -> Int {
        let outcome: Result<Int, ApiError> = state.withLock { state in
            roll(&state, now: now)
            if state.bannedUntil > now { return .failure(banned(state, now: now)) }
            let used = state.used + state.usedElsewhere
            if used + weight > limits.weightPerMinute || state.requests >= limits.requestsPer5Minutes {
                return .failure(refuse(&state, now: now, isWeight: used + weight > limits.weightPerMinute))
            }
            state.used += weight
            state.unpublished += weight
            state.requests += 1
            return .success(used + weight)
        }
        return try outcome.get()
    }

    /// Counts an attempt to open a socket.
    ///
    /// - Throws: -1003 when there were too many in these five minutes, or a ban refuses it.
    public func connect(now: Int64) throws(ApiError) {
        let refusal: ApiError? = state.withLock { state in
            roll(&state, now: now)
            if state.bannedUntil > now { return banned(state, now: now) }
            guard limits.connectionsPer5Minutes > 0 else { return nil }
            state.connections += 1
            guard state.connections > limits.connectionsPer5Minutes else { return nil }
            return refuse(
                &state, now: now, window: 300_000,
                "Too many connections; current limit is \(limits.connectionsPer5Minutes) connections per 5 MINUTE.")
        }
        if let refusal { throw refusal }
    }

    /// Charges `weight` after the fact; refuses nothing.
    @discardableResult
    public func charge(_ weight: Int, now: Int64) -> Int {
        state.withLock { state in
            roll(&state, now: now)
            state.used += weight
            state.unpublished += weight
            return state.used + state.usedElsewhere
        }
    }

    public func used(now: Int64) -> Int {
        state.withLock { state in
            roll(&state, now: now)
            return state.used + state.usedElsewhere
        }
    }

    /// What was charged since it was last taken, with the minute that it belongs to; nil when nothing was.
    func takeUnpublished() -> (minute: Int64, weight: Int)? {
        state.withLock { state in
            guard state.unpublished > 0 else { return nil }
            defer { state.unpublished = 0 }
            return (state.minute, state.unpublished)
        }
    }

    /// The sum over all gateways that Redis gave for `minute`, this gateway's `published` part in it.
    func setTotal(_ total: Int, minute: Int64) {
        state.withLock { state in
            guard state.minute == minute else { return }
            state.usedElsewhere = max(0, total - (state.used - state.unpublished))
        }
    }

    /// Whether nothing is counted any more.
    func isIdle(now: Int64) -> Bool {
        state.withLock { now / 300_000 != $0.fiveMinutes && $0.bannedUntil < now && $0.unpublished == 0 }
    }

    private func roll(_ state: inout State, now: Int64) {
        let minute = now / 60_000
        if minute != state.minute {
            state.minute = minute
            state.used = 0
            state.usedElsewhere = 0
            state.unpublished = 0
            state.refusals = 0
        }
        let five = now / 300_000
        if five != state.fiveMinutes {
            state.fiveMinutes = five
            state.requests = 0
            state.connections = 0
        }
    }

    private func refuse(_ state: inout State, now: Int64, isWeight: Bool) -> ApiError {
        if isWeight {
            let limit = limits.weightPerMinute
            return refuse(
                &state, now: now, window: 60_000,
                "Too much request weight used; current limit is \(limit) request weight per 1 MINUTE.")
        }
        return refuse(
            &state, now: now, window: 300_000,
            "Too many requests; current limit is \(limits.requestsPer5Minutes) requests per 5 MINUTE.")
    }

    private func refuse(_ state: inout State, now: Int64, window: Int64, _ message: String) -> ApiError {
        state.refusals += 1
        if state.refusals > WeightCounter.refusalsBeforeBan {
            state.bannedUntil = now + state.nextBan
            state.nextBan = min(state.nextBan * 2, WeightCounter.longestBan)
            state.refusals = 0
            return banned(state, now: now)
        }
        let wait = window - now % window
        return ApiError(
            .tooManyRequests, message, detail: .retry(milliseconds: wait), retryAfterMilliseconds: wait)
    }

    private func banned(_ state: State, now: Int64) -> ApiError {
        let wait = state.bannedUntil - now
        return ApiError(
            .tooManyRequests,
            "Way too much request weight used; banned until \(state.bannedUntil).",
            httpStatus: 418, detail: .retry(milliseconds: wait), retryAfterMilliseconds: wait)
    }
}

/// The counters of all addresses and keys. Any thread.
public final class RequestLimiter: Sendable {
    /// Counters kept at most; when they are all in use, new addresses share one.
    public static let maximumCounters = 200_000

    private struct State {
        var addresses: [IPAddress: WeightCounter] = [:]
        var keys: [String: WeightCounter] = [:]
    }

    public let limits: RequestLimits
    private let overflow: WeightCounter
    private let state = Mutex(State())

    public init(limits: RequestLimits = RequestLimits()) {
        self.limits = limits
        overflow = WeightCounter(name: "ip:other", limits: limits)
    }

    public func counter(address: IPAddress, now: Int64) -> WeightCounter {
        state.withLock { state in
            if let known = state.addresses[address] { return known }
            if state.addresses.count >= RequestLimiter.maximumCounters {
                state.addresses = state.addresses.filter { !$0.value.isIdle(now: now) }
                if state.addresses.count >= RequestLimiter.maximumCounters { return overflow }
            }
            let counter = WeightCounter(name: "ip:\(address)", limits: limits)
            state.addresses[address] = counter
            return counter
        }
    }

    public func counter(key: String) -> WeightCounter {
        state.withLock { state in
            if let known = state.keys[key] { return known }
            let counter = WeightCounter(name: "key:\(key)", limits: limits)
            state.keys[key] = counter
            return counter
        }
    }

    /// Every counter that was charged since the last call, with what is to be told to Redis.
    func takeUnpublished() -> [(counter: WeightCounter, minute: Int64, weight: Int)] {
        let all = state.withLock { Array($0.addresses.values) + Array($0.keys.values) }
        return all.compactMap { counter in
            counter.takeUnpublished().map { (counter, $0.minute, $0.weight) }
        }
    }
}
