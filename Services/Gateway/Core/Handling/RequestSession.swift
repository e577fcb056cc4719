import Network
import Records
import TradingCore
import Web

/// One socket of the WebSocket API (section 8 of the client API's contract).
final class RequestSession: WebSocketHandler {
    /// Bytes of messages kept while a key is looked up, which takes milliseconds; more close the socket.
    static let maximumHeldBytes = 4 << 20

    struct Subscription {
        var number: Int
        var account: AccountID
        /// The key that opened it: when that is revoked, it ends.
        var key: [UInt8]
    }

    let owner: GatewayLoop
    let address: IPAddress
    let unit: TimeUnit
    let returnsRateLimits: Bool
    /// Of the handshake: every request of the socket belongs to it. Without one, each has a trace of its own.
    let trace: Records.TraceContext?
    private(set) weak var socket: WebSocket?
    var logon: (key: [UInt8], since: Int64)?
    let connectedSince = WallClock.milliseconds()
    var subscriptions: [Subscription] = []
    var nextSubscription = 0
    private var scanner = JSONScanner()
    private var order: [Int] = []
    /// Messages that wait, in order, because one before them waits for its key.
    private var held: [[UInt8]] = []
    private var heldBytes = 0
    private var isHolding = false
    /// Nothing more is taken from the socket: it closes or is closed.
    private var isEnded = false

    init(
        owner: GatewayLoop, address: IPAddress, unit: TimeUnit, returnsRateLimits: Bool, trace: Records.TraceContext?
    ) {
        self.trace = trace
        self.owner = owner
        self.address = address
        self.unit = unit
        self.returnsRateLimits = returnsRateLimits
    }

    // MARK: The socket

    func opened(_ socket: WebSocket) {
        self.socket = socket
        owner.sessions[ObjectIdentifier(self)] = self
        owner.openedSocket()
    }

    func closed(_ socket: WebSocket, code: UInt16, reason: String) {
        for subscription in subscriptions { owner.users.unsubscribe(self, from: subscription.account, unit) }
        subscriptions = []
        self.socket = nil
        end()
        owner.sessions[ObjectIdentifier(self)] = nil
        owner.closedSocket()
    }

    func received(_ socket: WebSocket, _ message: WebSocketMessage) {
        guard !isEnded else { return }
        guard !isHolding else {
            heldBytes += message.bytes.count
            guard heldBytes <= RequestSession.maximumHeldBytes else {
                end()
                return socket.close(code: .tryAgainLater, reason: "too many requests before the first answer")
            }
            return held.append(Array(message.bytes))
        }
        process(message.bytes, mayLoad: true)
    }

    /// What was accepted stays a prefix of what was sent: the client connects again and sends the rest.
    func closeForRetry() {
        end()
        socket?.close(code: .tryAgainLater, reason: "send again what has no answer")
    }

    /// Lets go of what has not been carried out.
    private func end() {
        isEnded = true
        held = []
        heldBytes = 0
    }

    func announceShutdown() {
        var writer = JSONWriter(capacity: 64)
        writer.beginObject()
        writer.key("event")
        UserEventRenderer(unit: unit).plain("serverShutdown", at: Timestamp(WallClock.milliseconds()), to: &writer)
        writer.endObject()
        socket?.send(text: writer.bytes)
    }

    // MARK: Requests

    private func process(_ bytes: UnsafeRawBufferPointer, mayLoad: Bool) {
        let number = owner.nextRequestNumber()
        let started = MonotonicClock.nanoseconds()
        do throws(JSONError) {
            try scanner.scan(bytes)
        } catch {
            return refuseUnread(nil, number, started)
        }
        let id = scanner.member("id", of: 0, in: bytes).map { RequestID(scanner.nodes[$0], bytes) }
        guard scanner.nodes[0].kind == .object, let method = scanner.member("method", of: 0, in: bytes),
            scanner.nodes[method].kind == .string
        else { return refuseUnread(id, number, started) }
        let parameters = scanner.member("params", of: 0, in: bytes)
        if let parameters, scanner.nodes[parameters].kind != .object, scanner.nodes[parameters].kind != .null {
            return refuseUnread(id, number, started)
        }
        let endpoint = Methods.find(JSONText.string(scanner.nodes[method], bytes)) ?? .unsupported
        owner.parameters.removeAll()
        if let parameters, scanner.nodes[parameters].kind == .object {
            owner.parameters.add(scanner, object: parameters, in: bytes)
        }
        let call = RequestCall(
            id: id, endpoint: endpoint, number: number, started: started, trace: trace ?? owner.makeTrace(),
            object: parameters.flatMap { scanner.nodes[$0].kind == .object ? $0 : nil })
        perform(call, bytes, mayLoad: mayLoad)
    }

    /// Refuses a message that is no request; it costs what the cheapest request costs.
    private func refuseUnread(_ id: RequestID?, _ number: UInt64, _ started: UInt64) {
        let now = WallClock.milliseconds()
        let trace = trace ?? owner.makeTrace()
        owner.parameters.removeAll()
        let (used, final) = Admission().chargeFailure(
            .unsupported, owner.parameters, ApiError(.invalidJSON),
            otherwise: owner.shared.limiter.counter(address: address, now: now), now: now)
        owner.shared.metrics.requestErrors.increment()
        owner.observe(.unsupported, number, final, since: started, trace)
        refuse(id, final, number, trace: trace, used: wantsRateLimits ? used : nil)
    }

    /// Whether the answer to the request that is being read shows what is used of the limits.
    private var wantsRateLimits: Bool {
        do throws(ApiError) {
            return try owner.parameters.bool(.returnRateLimits) ?? returnsRateLimits
        } catch {
            return returnsRateLimits
        }
    }

    private func perform(_ call: RequestCall, _ bytes: UnsafeRawBufferPointer, mayLoad: Bool) {
        let now = WallClock.milliseconds()
        var admission = Admission()
        do throws(ApiError) {
            var entry: KeyEntry?
            var window = TimeWindow(timestamp: Timestamp(now))
            var mark: SignatureMark?
            if case .signed(let permission) = call.endpoint.security {
                switch try key(mayLoad: mayLoad) {
                case .notLoaded: return try hold(bytes)
                case .absent: throw .rejectedKey(.unknown)
                case .entry(let found): entry = found
                }
                if let entry { (window, mark) = try verify(entry, permission, call, bytes, now: now) }
            }
            let counter = entry?.weight ?? owner.shared.limiter.counter(address: address, now: now)
            try admission.admit(call.endpoint, owner.parameters, counter, now: now)
            try owner.parameters.check()
            try carryOut(call, entry, window, mark, admission, counter, now: now)
        } catch {
            let (used, final) = admission.chargeFailure(
                call.endpoint, owner.parameters, error,
                otherwise: owner.shared.limiter.counter(address: address, now: now), now: now)
            owner.shared.metrics.requestErrors.increment()
            owner.observe(call.endpoint, call.number, final, since: call.started, call.trace)
            refuse(call.id, final, call.number, trace: call.trace, used: wantsRateLimits ? used : nil)
        }
    }

    /// The key that a request names, or the one that the session has logged on with.
    private func key(mayLoad: Bool) throws(ApiError) -> KeyRing.Found {
        let named: Result<KeyRing.Found, ApiError>? = owner.parameters.withBytes(.apiKey) { find($0) }
        let found: KeyRing.Found
        if let named {
            found = try named.get()
        } else if let logon {
            found = try logon.key.withUnsafeBytes { find($0) }.get()
        } else {
            throw ApiError(.badKeyFormat)
        }
        // It was looked for and is not here: the database could not be asked.
        if case .notLoaded = found, !mayLoad { throw ApiError(.disconnected) }
        return found
    }

    private func find(_ key: UnsafeRawBufferPointer) -> Result<KeyRing.Found, ApiError> {
        guard !key.isEmpty, key.count <= 128 else { return .failure(ApiError(.badKeyFormat)) }
        do throws(ApiError) {
            return .success(try owner.keys.find(key))
        } catch {
            return .failure(error)
        }
    }

    /// After a logon, requests need no signature; their timestamps are checked all the same.
    private func verify(
        _ entry: KeyEntry, _ permission: KeyPermissions, _ call: RequestCall, _ bytes: UnsafeRawBufferPointer,
        now: Int64
    ) throws(ApiError) -> (window: TimeWindow, mark: SignatureMark?) {
        try owner.authentication.permit(entry, permission, from: address)
        if logon != nil, !owner.parameters.has(.apiKey), !owner.parameters.has(.signature) {
            let window = try TimeWindow(owner.parameters)
            try window.check(now: now)
            return (window, nil)
        }
        owner.payload.removeAll(keepingCapacity: true)
        if let object = call.object {
            SignedPayload.append(scanner, object: object, in: bytes, to: &owner.payload, order: &order)
        }
        return try owner.authentication.verify(
            entry, owner.parameters, payload: owner.payload, isChange: call.endpoint.isChange, now: now)
    }

    private func carryOut(
        _ call: RequestCall, _ entry: KeyEntry?, _ window: TimeWindow, _ mark: SignatureMark?,
        _ admission: Admission,
        _ counter: WeightCounter, now: Int64
    ) throws(ApiError) {
        let returns = try owner.parameters.bool(.returnRateLimits) ?? returnsRateLimits
        var request = WaitingRequest(
            target: .socket(self, call.id), endpoint: call.endpoint, counter: counter, weight: admission.weight,
            used: admission.used, number: call.number, started: call.started)
        request.returnsRateLimits = returns
        request.account = entry?.key.account ?? AccountID(0)
        request.trace = call.trace
        let operation = try call.endpoint.operation(
            owner.parameters, account: entry?.key.account ?? AccountID(0), window: window, reference: owner.reference,
            makeID: owner.makeClientID)
        if let operation { return try owner.submit(operation, request, unit: unit, signature: mark) }
        owner.writer.removeAll()
        if try !answerSession(call, entry, now: now) {
            try owner.answerLocally(call.endpoint, entry, unit: unit, now: now)
        }
        owner.observe(request, nil)
        answer(call.id, Answer(body: owner.writer.bytes), request, used: admission.used)
    }

    // MARK: Waiting for a key

    private func hold(_ bytes: UnsafeRawBufferPointer) throws(ApiError) {
        let key = owner.parameters.string(.apiKey) ?? logon.map { String(decoding: $0.key, as: UTF8.self) } ?? ""
        let copy = Array(bytes)
        try owner.wait(
            for: key,
            DeferredRequest { [weak self] in
                guard let self, !isEnded else { return }
                isHolding = false
                copy.withUnsafeBytes { self.process($0, mayLoad: false) }
                releaseHeld()
            })
        isHolding = true
    }

    private func releaseHeld() {
        var next = 0
        let waiting = held
        held = []
        heldBytes = 0
        while !isHolding, !isEnded, next < waiting.count {
            waiting[next].withUnsafeBytes { process($0, mayLoad: true) }
            next += 1
        }
        // One of them waits for another key: the rest stays behind it.
        guard !isEnded, next < waiting.count else { return }
        held = Array(waiting[next...])
        heldBytes = held.reduce(0) { $0 + $1.count }
    }
}

/// A request of the WebSocket API, taken apart.
struct RequestCall {
    var id: RequestID?
    var endpoint: Endpoint
    var number: UInt64
    var started: UInt64
    var trace: Records.TraceContext
    /// The node of `params`.
    var object: Int?
}
