import Network
import Records
import TradingCore

extension RequestSession {
    /// Sends the answer to a request.
    func answer(_ id: RequestID?, _ answer: Answer, _ request: WaitingRequest, used: Int) {
        if let error = answer.error {
            return refuse(
                id, error, request.number, trace: request.trace, used: request.returnsRateLimits ? used : nil,
                data: answer.body)
        }
        var writer = JSONWriter(capacity: answer.body.count + 256)
        writer.beginObject()
        writer.key("id")
        RequestID.append(id, to: &writer)
        writer.key("status")
        writer.integer(200)
        writer.key("result")
        writer.raw(answer.body)
        if request.returnsRateLimits { rateLimits(used: used, answer.orderCounts, of: request.account, to: &writer) }
        writer.endObject()
        socket?.send(text: writer.bytes)
    }

    func refuse(
        _ id: RequestID?, _ error: ApiError, _ number: UInt64, trace: Records.TraceContext? = nil, used: Int? = nil,
        data: [UInt8] = []
    ) {
        owner.report(error, number, trace)
        var writer = JSONWriter(capacity: 384)
        writer.beginObject()
        writer.key("id")
        RequestID.append(id, to: &writer)
        writer.key("status")
        writer.integer(error.httpStatus)
        writer.key("error")
        error.append(to: &writer, requestID: owner.requestID(number), data: data.isEmpty ? nil : data)
        if let used { rateLimits(used: used, to: &writer) }
        writer.endObject()
        socket?.send(text: writer.bytes)
    }

    private func rateLimits(
        used: Int, _ counts: OrderCounts? = nil, of account: AccountID = AccountID(0), to writer: inout JSONWriter
    ) {
        let renderer = ReferenceRenderer(owner.reference, limits: owner.shared.limiter.limits)
        writer.key("rateLimits")
        writer.beginArray()
        if let counts {
            let (short, long) = renderer.orderLimits(of: account)
            renderer.limit("ORDERS", "SECOND", 10, short, count: Int(counts.in10Seconds), to: &writer)
            renderer.limit("ORDERS", "DAY", 1, long, count: Int(counts.inDay), to: &writer)
        }
        renderer.limit(
            "REQUEST_WEIGHT", "MINUTE", 1, owner.shared.limiter.limits.weightPerMinute, count: used, to: &writer)
        writer.endArray()
    }

    /// Wraps and sends an event of a subscription.
    func deliver(_ event: [UInt8], subscription: Int) {
        var writer = JSONWriter(capacity: event.count + 40)
        writer.beginObject()
        writer.key("subscriptionId")
        writer.integer(subscription)
        writer.key("event")
        writer.raw(event)
        writer.endObject()
        socket?.send(text: writer.bytes)
    }

    // MARK: The session's own methods

    /// Answers the methods that are about the session, into the loop's writer.
    ///
    /// - Returns: false when the method is another.
    func answerSession(_ call: RequestCall, _ entry: KeyEntry?, now: Int64) throws(ApiError) -> Bool {
        switch call.endpoint {
        case .sessionLogon:
            guard let entry else { throw ApiError(.badKeyFormat) }
            logon = (Array(entry.key.key.utf8), now)
            status(now: now)
        case .sessionStatus: status(now: now)
        case .sessionLogout:
            endSubscriptions(now: now) { _ in true }
            logon = nil
            status(now: now)
        case .userSubscribe:
            guard let logon else { throw ApiError(.unauthorized) }
            let found = try logon.key.withUnsafeBytes { key in lookUp(key) }.get()
            guard case .entry(let signer) = found else { throw .rejectedKey(.unknown) }
            try owner.authentication.permit(signer, .read, from: address)
            try subscribe(signer)
        case .userSubscribeSigned:
            guard let entry else { throw ApiError(.badKeyFormat) }
            try subscribe(entry)
        case .userUnsubscribe: try unsubscribe(now: now)
        case .sessionSubscriptions:
            owner.writer.beginArray()
            for subscription in subscriptions { identify(subscription.number) }
            owner.writer.endArray()
        default: return false
        }
        return true
    }

    private func lookUp(_ key: UnsafeRawBufferPointer) -> Result<KeyRing.Found, ApiError> {
        do throws(ApiError) {
            return .success(try owner.keys.find(key))
        } catch {
            return .failure(error)
        }
    }

    private func status(now: Int64) {
        owner.writer.beginObject()
        owner.writer.key("apiKey")
        if let logon { owner.writer.string(String(decoding: logon.key, as: UTF8.self)) } else { owner.writer.null() }
        owner.writer.key("authorizedSince")
        if let logon { owner.writer.time(Timestamp(logon.since), unit) } else { owner.writer.null() }
        owner.writer.key("connectedSince")
        owner.writer.time(Timestamp(connectedSince), unit)
        owner.writer.key("returnRateLimits")
        owner.writer.bool(returnsRateLimits)
        owner.writer.key("serverTime")
        owner.writer.time(Timestamp(now), unit)
        owner.writer.key("userDataStream")
        owner.writer.bool(!subscriptions.isEmpty)
        owner.writer.endObject()
    }

    private func identify(_ subscription: Int) {
        owner.writer.beginObject()
        owner.writer.key("subscriptionId")
        owner.writer.integer(subscription)
        owner.writer.endObject()
    }

    private func subscribe(_ entry: KeyEntry) throws(ApiError) {
        let account = entry.key.account
        guard !subscriptions.contains(where: { $0.account == account }) else { throw ApiError(.subscriptionActive) }
        let subscription = Subscription(number: nextSubscription, account: account, key: Array(entry.key.key.utf8))
        try owner.users.subscribe(self, subscription.number, to: account, unit)
        nextSubscription += 1
        subscriptions.append(subscription)
        identify(subscription.number)
    }

    private func unsubscribe(now: Int64) throws(ApiError) {
        if let number = try owner.parameters.integer(.subscriptionId) {
            guard subscriptions.contains(where: { Int64($0.number) == number }) else {
                throw ApiError(.subscriptionInactive)
            }
            endSubscriptions(now: now) { Int64($0.number) == number }
        } else {
            endSubscriptions(now: now) { _ in true }
        }
        owner.writer.beginObject()
        owner.writer.endObject()
    }

    /// Ends subscriptions, and says so on each.
    private func endSubscriptions(now: Int64, _ isMeant: (Subscription) -> Bool) {
        for subscription in subscriptions where isMeant(subscription) {
            owner.users.unsubscribe(self, from: subscription.account, unit)
            var writer = JSONWriter(capacity: 64)
            UserEventRenderer(unit: unit).plain("eventStreamTerminated", at: Timestamp(now), to: &writer)
            deliver(writer.bytes, subscription: subscription.number)
        }
        subscriptions.removeAll(where: isMeant)
    }

    /// Ends what a key that is no longer valid has opened.
    func keysChanged() {
        func isGone(_ key: [UInt8]) -> Bool {
            let found = key.withUnsafeBytes { lookUp($0) }
            guard case .success(let entry) = found else { return false }
            switch entry {
            case .entry(let entry): return !entry.key.isEnabled
            case .absent: return true
            case .notLoaded: return false
            }
        }
        if let logon, isGone(logon.key) { self.logon = nil }
        endSubscriptions(now: WallClock.milliseconds()) { isGone($0.key) }
    }
}
