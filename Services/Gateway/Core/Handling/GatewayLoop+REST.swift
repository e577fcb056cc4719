import Network
import Records
import TradingCore
import Web

/// What a REST request is made of beside its bytes.
struct RESTCall {
    var method: HTTPMethod
    var key: String?
    var unitText: String?
    var trace: Records.TraceContext
    var address: IPAddress
    var number: UInt64
    var started: UInt64
}

/// What the headers of an answer say.
struct Reply {
    var number: UInt64
    var used: Int
    var orderCounts: OrderCounts?
    var trace: Records.TraceContext?
    /// The methods that the path has, where it has not the one that was used.
    var allowed: String?
}

extension GatewayLoop {
    public func handle(_ request: borrowing HTTPRequest, _ exchange: HTTPExchange) {
        let call = RESTCall(
            method: request.method, key: request.headerText("x-mbx-apikey"),
            unitText: request.headerText("x-mbx-time-unit"),
            trace: TraceHeader.read(request.headerText("traceparent")) ?? makeTrace(), address: request.peer.ip,
            number: nextRequestNumber(), started: MonotonicClock.nanoseconds())
        request.withBytes { path, query, body in
            process(call, path, query, body, exchange, mayLoad: true)
        }
    }

    public func refused(_ status: HTTPStatus, from peer: PeerAddress, _ exchange: HTTPExchange) {
        let now = WallClock.milliseconds()
        let used = shared.limiter.counter(address: peer.ip, now: now).charge(1, now: now)
        // Not the venue's failure, whatever the status.
        write(
            ApiError(.unknown, httpStatus: Int(status.code)), exchange,
            Reply(number: nextRequestNumber(), used: used))
    }

    /// Carries out a request, or keeps it until its key has been looked up.
    private func process(
        _ call: RESTCall, _ path: UnsafeRawBufferPointer, _ query: UnsafeRawBufferPointer,
        _ body: UnsafeRawBufferPointer, _ exchange: HTTPExchange, mayLoad: Bool
    ) {
        let now = WallClock.milliseconds()
        let endpoint: Endpoint
        switch Routes.find(call.method, path) {
        case .endpoint(let found): endpoint = found
        case .unknownPath, .wrongMethod:
            let used = shared.limiter.counter(address: call.address, now: now).charge(1, now: now)
            let allowed = Routes.methods(of: path)
            var reply = Reply(number: call.number, used: used)
            if !allowed.isEmpty { reply.allowed = allowed }
            return respond(ApiError(.unknown, httpStatus: allowed.isEmpty ? 404 : 405), exchange, reply)
        }
        parameters.removeAll()
        parameters.addQuery(query)
        parameters.addBody(body)
        var admission = Admission()
        do throws(ApiError) {
            let entry = try key(endpoint, call, mayLoad: mayLoad)
            if case .notLoaded = entry {
                let (path, query, body) = (Array(path), Array(query), Array(body))
                return try wait(
                    for: call.key ?? "",
                    DeferredRequest { [unowned self] in
                        path.withUnsafeBytes { path in
                            query.withUnsafeBytes { query in
                                body.withUnsafeBytes { process(call, path, query, $0, exchange, mayLoad: false) }
                            }
                        }
                    })
            }
            try perform(endpoint, entry, call, query, body, exchange, now: now, &admission)
        } catch {
            fail(error, endpoint, call, exchange, admission, now: now)
        }
    }

    private func key(_ endpoint: Endpoint, _ call: RESTCall, mayLoad: Bool) throws(ApiError) -> KeyRing.Found {
        if endpoint.security == .none { return .absent }
        guard var key = call.key, !key.isEmpty, key.utf8.count <= 128 else { throw ApiError(.badKeyFormat) }
        let outcome: Result<KeyRing.Found, ApiError> = key.withUTF8 { bytes in
            do throws(ApiError) {
                return .success(try keys.find(UnsafeRawBufferPointer(bytes)))
            } catch {
                return .failure(error)
            }
        }
        switch try outcome.get() {
        case .entry(let entry): return .entry(entry)
        case .notLoaded:
            if mayLoad { return .notLoaded }
            // It was looked for and is not here: the database could not be asked.
            throw ApiError(.disconnected)
        case .absent: throw .rejectedKey(.unknown)
        }
    }

    private func perform(
        _ endpoint: Endpoint, _ found: KeyRing.Found, _ call: RESTCall, _ query: UnsafeRawBufferPointer,
        _ body: UnsafeRawBufferPointer, _ exchange: HTTPExchange, now: Int64, _ admission: inout Admission
    ) throws(ApiError) {
        var window = TimeWindow(timestamp: Timestamp(now))
        var entry: KeyEntry?
        var mark: SignatureMark?
        if case .entry(let signer) = found {
            entry = signer
            if case .signed(let permission) = endpoint.security {
                try authentication.permit(signer, permission, from: call.address)
                payload.removeAll(keepingCapacity: true)
                SignedPayload.append(query: query, body: body, to: &payload)
                (window, mark) = try authentication.verify(
                    signer, parameters, payload: payload, isChange: endpoint.isChange, now: now)
            }
        }
        try admission.admit(
            endpoint, parameters, entry?.weight ?? shared.limiter.counter(address: call.address, now: now), now: now)
        try parameters.check()
        let unit = try timeUnit(call.unitText)
        let account = entry?.key.account ?? AccountID(0)
        let operation = try endpoint.operation(
            parameters, account: account, window: window, reference: reference, makeID: makeClientID)
        if let operation, let counter = admission.counter {
            var request = WaitingRequest(
                target: .http(exchange), endpoint: endpoint, counter: counter, weight: admission.weight,
                used: admission.used, number: call.number, started: call.started)
            request.trace = call.trace
            return try submit(operation, request, unit: unit, signature: mark)
        }
        writer.removeAll()
        try answerLocally(endpoint, entry, unit: unit, now: now)
        observe(endpoint, call.number, nil, since: call.started, call.trace)
        let reply = Reply(number: call.number, used: admission.used)
        writer.bytes.withUnsafeBytes { exchange.respond(.ok, headers: headers(reply), body: $0) }
    }

    private func timeUnit(_ text: String?) throws(ApiError) -> TimeUnit {
        guard let text else { return .milliseconds }
        guard let unit = TimeUnit(text) else { throw ApiError(.invalidTimeUnit) }
        return unit
    }

    private func fail(
        _ error: ApiError, _ endpoint: Endpoint, _ call: RESTCall, _ exchange: HTTPExchange, _ admission: Admission,
        now: Int64
    ) {
        shared.metrics.requestErrors.increment()
        let (used, final) = admission.chargeFailure(
            endpoint, parameters, error, otherwise: shared.limiter.counter(address: call.address, now: now), now: now)
        observe(endpoint, call.number, final, since: call.started, call.trace)
        respond(final, exchange, Reply(number: call.number, used: used, trace: call.trace))
    }

    // MARK: Answers

    func respond(_ error: ApiError, _ exchange: HTTPExchange, _ reply: Reply, data: [UInt8] = []) {
        report(error, reply.number, reply.trace)
        write(error, exchange, reply, data: data)
    }

    private func write(_ error: ApiError, _ exchange: HTTPExchange, _ reply: Reply, data: [UInt8] = []) {
        var headers = headers(reply)
        if let wait = error.retryAfterMilliseconds { headers.append("Retry-After", Int((wait + 999) / 1_000)) }
        writer.removeAll()
        error.append(to: &writer, requestID: requestID(reply.number), data: data.isEmpty ? nil : data)
        writer.bytes.withUnsafeBytes {
            exchange.respond(HTTPStatus(UInt16(error.httpStatus)), headers: headers, body: $0)
        }
    }

    func headers(_ reply: Reply) -> HTTPHeaders {
        var headers = HTTPHeaders()
        headers.append("X-MBX-USED-WEIGHT", reply.used)
        headers.append("X-MBX-USED-WEIGHT-1M", reply.used)
        headers.append("X-Request-Id", requestID(reply.number).description)
        if let allowed = reply.allowed { headers.append("Allow", allowed) }
        if let counts = reply.orderCounts {
            headers.append("X-MBX-ORDER-COUNT-10S", Int(counts.in10Seconds))
            headers.append("X-MBX-ORDER-COUNT-1D", Int(counts.inDay))
        }
        return headers
    }
}

/// What a request was charged, and to whom.
struct Admission {
    var counter: WeightCounter?
    var weight = 0
    var used = 0

    /// - Throws: -1003.
    mutating func admit(
        _ endpoint: Endpoint, _ parameters: ParameterList, _ counter: WeightCounter, now: Int64
    ) throws(ApiError) {
        weight = endpoint.weight(parameters)
        used = try counter.admit(weight: endpoint.isFreeOnSuccess ? 0 : weight, now: now)
        self.counter = counter
    }

    /// Charges a request that failed before the engine had it.
    ///
    /// - Parameter address: charged when the request was not admitted, so that nobody uses up another's key.
    /// - Returns: the weight used, and the error to answer with: the address may have used up its own limit.
    func chargeFailure(
        _ endpoint: Endpoint, _ parameters: ParameterList, _ error: ApiError, otherwise address: WeightCounter,
        now: Int64
    ) -> (used: Int, error: ApiError) {
        if let counter {
            return (endpoint.isFreeOnSuccess ? counter.charge(weight, now: now) : used, error)
        }
        // That a key cannot be looked up is the venue's failure.
        if error.code == .tooManyRequests || error.code == .disconnected { return (address.used(now: now), error) }
        do throws(ApiError) {
            return (try address.admit(weight: endpoint.weight(parameters), now: now), error)
        } catch {
            return (address.used(now: now), error)
        }
    }
}
