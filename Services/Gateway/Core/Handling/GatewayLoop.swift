import Network
import Records
import TradingCore
import Web

/// What all loops of a gateway share.
public struct GatewayShared: Sendable {
    public let engine: any EnginePort
    public let keys: any ApiKeyStore
    public let limiter: RequestLimiter
    public let seen: SeenSignatures
    public let metrics: GatewayMetrics
    /// Gets the id of each request that the venue failed, and with what.
    public let reportFailure: @Sendable (_ request: String, _ error: ApiError, _ trace: Records.TraceContext?) -> Void
    /// Gets every request that was answered; nil where nobody looks.
    public let observeRequest: (@Sendable (AnsweredRequest) -> Void)?

    public init(
        engine: any EnginePort, keys: any ApiKeyStore, limiter: RequestLimiter, seen: SeenSignatures,
        metrics: GatewayMetrics,
        reportFailure:
            @escaping @Sendable (_ request: String, _ error: ApiError, _ trace: Records.TraceContext?) -> Void =
            { _, _, _ in },
        observeRequest: (@Sendable (AnsweredRequest) -> Void)? = nil
    ) {
        self.observeRequest = observeRequest
        self.reportFailure = reportFailure
        self.engine = engine
        self.keys = keys
        self.limiter = limiter
        self.seen = seen
        self.metrics = metrics
    }
}

/// A request and how it was answered, for the log.
public struct AnsweredRequest: Sendable {
    /// The id that the client was given.
    public var request: String
    public var endpoint: String
    public var error: ApiError?
    public var nanoseconds: Int64
    public var trace: Records.TraceContext?
}

/// The client API on one event loop: takes requests apart, authenticates them, hands them to the engine and answers.
///
/// Everything here belongs to the loop's thread. A connection's requests go to the engine in the order in which they came.
public final class GatewayLoop: WebHandler {
    /// Messages from the engine that may wait.
    static let inboxCapacity = 1 << 20
    /// Requests that wait for a key to be looked up.
    static let maximumDeferred = 1_024

    let loop: EventLoop
    let number: UInt16
    let shared: GatewayShared
    let keys: KeyRing
    let authentication: Authentication
    let streams: StreamHub
    let users: UserHub
    private(set) var reference = ReferenceSnapshot.empty
    private(set) var inbox: Mailbox<LoopMessage>
    var waiting = WaitingRequests()
    var parameters = ParameterList()
    var payload: [UInt8] = []
    var writer = JSONWriter(capacity: 4_096)
    var sessions: [ObjectIdentifier: RequestSession] = [:]
    var deferred: [String: [DeferredRequest]] = [:]
    private var deferredCount = 0
    /// The engine's last closing of request sockets.
    private var closing: UInt64 = 0
    private var requestCount: UInt64 = 0
    private let requestPrefix: [UInt8]
    private var ids: ClientIDs
    private var traces = TraceMaker()

    public init(on loop: EventLoop, number: UInt16, shared: GatewayShared) {
        self.loop = loop
        self.number = number
        self.shared = shared
        keys = KeyRing(store: shared.keys, limiter: shared.limiter)
        authentication = Authentication(seen: shared.seen)
        streams = StreamHub(loop: loop, number: number, engine: shared.engine)
        users = UserHub(number: number, engine: shared.engine)
        requestPrefix = Array(RequestNumber.hexadecimal(SystemRandom.uint64()).utf8)
        ids = ClientIDs(seed: SystemRandom.uint64())
        let link = LoopLink()
        inbox = loop.mailbox(capacity: GatewayLoop.inboxCapacity) { messages in
            for message in messages { link.owner?.receive(message) }
        }
        link.owner = self
        loop.onStop { link.owner = nil }
    }

    // MARK: From the engine

    private func receive(_ message: LoopMessage) {
        switch message {
        case .answer(let address, let answer):
            guard let request = waiting.take(address.slot, address.generation) else { return }
            finish(request, answer)
        case .stream(let key, let event): streams.deliver(key, event)
        case .user(let account, let unit, let event): users.deliver(account, unit, event)
        case .reference(let snapshot): reference = snapshot
        case .keysChanged: for session in sessions.values { session.keysChanged() }
        case .closeRequestSockets(let closing):
            self.closing = closing
            for session in sessions.values { session.closeForRetry() }
        case .keyLoaded(let key): resume(key)
        }
    }

    private func finish(_ request: WaitingRequest, _ answer: Answer) {
        if request.endpoint.isChange || request.endpoint == .testOrder {
            shared.metrics.orderRoundTrip.record(
                nanoseconds: Int64(clamping: MonotonicClock.nanoseconds() - request.started))
        }
        observe(request, answer.error)
        var used = request.used
        if answer.error != nil {
            shared.metrics.requestErrors.increment()
            if request.endpoint.isFreeOnSuccess {
                used = request.counter.charge(request.weight, now: WallClock.milliseconds())
            }
        }
        switch request.target {
        case .http(let exchange):
            let call = Reply(
                number: request.number, used: used, orderCounts: answer.orderCounts, trace: request.trace)
            if let error = answer.error {
                respond(error, exchange, call, data: answer.body)
            } else {
                exchange.respond(.ok, headers: headers(call), body: answer.body)
            }
        case .socket(let session, let id):
            session.answer(id, answer, request, used: used)
        }
    }

    // MARK: To the engine

    /// Hands an operation to the engine; the answer comes back to `request`.
    ///
    /// - Throws: -1008 when there is no room for it.
    func submit(
        _ operation: Operation, _ request: WaitingRequest, unit: TimeUnit, signature: SignatureMark? = nil
    ) throws(ApiError) {
        guard let (slot, generation) = waiting.insert(request) else { throw shed() }
        let address = ReplyAddress(loop: number, slot: slot, generation: generation)
        var message = EngineRequest(
            reply: address, operation: operation, unit: unit, trace: request.trace, signature: signature)
        if case .socket = request.target { message.closing = closing }
        guard shared.engine.post(.request(message)) else {
            _ = waiting.take(slot, generation)
            throw shed()
        }
    }

    private func shed() -> ApiError {
        shared.metrics.shed.increment()
        return .overloaded
    }

    func makeClientID() -> ASCIIText { ids.next() }

    func makeTrace() -> Records.TraceContext { traces.next() }

    func nextRequestNumber() -> UInt64 {
        requestCount += 1
        shared.metrics.requests.increment()
        return requestCount
    }

    /// Shows in the log what was the venue's failure, under the id that the client was given.
    func report(_ error: ApiError, _ number: UInt64, _ trace: Records.TraceContext? = nil) {
        guard error.httpStatus >= 500, error.code != .overloaded else { return }
        shared.reportFailure(requestID(number).description, error, trace)
    }

    /// Tells whoever looks that a request was answered.
    func observe(_ request: WaitingRequest, _ error: ApiError?) {
        observe(request.endpoint, request.number, error, since: request.started, request.trace)
    }

    func observe(
        _ endpoint: Endpoint, _ number: UInt64, _ error: ApiError?, since started: UInt64,
        _ trace: Records.TraceContext?
    ) {
        guard let observeRequest = shared.observeRequest else { return }
        observeRequest(
            AnsweredRequest(
                request: requestID(number).description, endpoint: "\(endpoint)", error: error,
                nanoseconds: Int64(clamping: MonotonicClock.nanoseconds() - started), trace: trace))
    }

    /// The id of a request, as its answer and the log show it.
    func requestID(_ number: UInt64) -> ASCIIText {
        var bytes = requestPrefix
        bytes.append(UInt8(ascii: "-"))
        bytes.append(contentsOf: String(number, radix: 16).utf8)
        return bytes.withUnsafeBytes { ASCIIText($0) } ?? ASCIIText()
    }

    func openedSocket() { shared.metrics.openSockets.add(1) }
    func closedSocket() { shared.metrics.openSockets.add(-1) }

    // MARK: Keys that are looked up

    /// Keeps a request until its key has been looked up; requests with one key stay in order.
    ///
    /// - Throws: -1008 when too many wait.
    func wait(for key: String, _ request: DeferredRequest) throws(ApiError) {
        guard deferredCount < GatewayLoop.maximumDeferred else { throw shed() }
        deferredCount += 1
        let isFirst = deferred[key] == nil
        deferred[key, default: []].append(request)
        guard isFirst else { return }
        let inbox = inbox
        shared.keys.load(key) { _ in inbox.post(.keyLoaded(key)) }
    }

    private func resume(_ key: String) {
        guard let requests = deferred.removeValue(forKey: key) else { return }
        deferredCount -= requests.count
        for request in requests { request.resume() }
    }

    /// Says that the venue shuts down, to every socket that takes requests and to the stream that tells of it.
    public func announceShutdown() {
        for session in sessions.values { session.announceShutdown() }
        let time = Timestamp(WallClock.milliseconds())
        for unit in [TimeUnit.milliseconds, .microseconds] {
            var event = JSONWriter(capacity: 64)
            UserEventRenderer(unit: unit).plain("serverShutdown", at: time, to: &event)
            streams.deliver(StreamKey(.serverShutdown, unit: unit), event.bytes)
        }
    }
}

/// A request that waits for its key.
struct DeferredRequest {
    let resume: () -> Void
}

/// Lets the loop keep its gateway alive, and lets go of it when the loop ends.
private final class LoopLink {
    var owner: GatewayLoop?
}

/// Makes client ids for orders that come without one: 22 characters, unique by 128 random bits.
struct ClientIDs {
    private var random: UniqueNumbers
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    init(seed: UInt64) { random = UniqueNumbers(seed: seed) }

    mutating func next() -> ASCIIText {
        withUnsafeTemporaryAllocation(byteCount: 22, alignment: 1) { buffer in
            for half in 0..<2 {
                var rest = random.next()
                for index in 0..<11 {
                    buffer[half * 11 + index] = ClientIDs.alphabet[Int(rest % 62)]
                    rest /= 62
                }
            }
            return ASCIIText(UnsafeRawBufferPointer(buffer)) ?? ASCIIText()
        }
    }
}

enum RequestNumber {
    /// Eight hexadecimal digits.
    static func hexadecimal(_ value: UInt64) -> String {
        let text = String(value & 0xFFFF_FFFF, radix: 16)
        return String(repeating: "0", count: 8 - text.count) + text
    }
}
