import Messaging
import Records
import TradingCore

extension GatewayEngine {
    func reply(_ address: ReplyAddress, _ answer: Answer) { loops.post(.answer(address, answer), to: address.loop) }

    func reply(_ address: ReplyAddress, _ error: ApiError) { reply(address, Answer(error: error)) }

    // MARK: By executions

    /// Answers the request behind `token` with what the engine did; `events` has it order by order.
    func answer(_ token: UInt64, _ execution: Execution) {
        guard let request = open.take(token) else { return }
        switch request.target {
        case .operation(let submission): submission.completion(.execution(execution))
        case .client(let address, let unit, let kind):
            if let refusal = execution.refusal {
                return reply(address, .refused(refusal, kind.operation, now: wallClock()))
            }
            guard let market = reference.market(execution.instrument) else {
                return reply(address, ApiError(.unexpectedResponse))
            }
            writer.removeAll()
            guard render(kind, execution, market, OrderRenderer(unit: unit)) else {
                return reply(address, ApiError(.unexpectedResponse))
            }
            let counts = execution.accepted.map {
                OrderCounts(in10Seconds: $0.ordersIn10Seconds, inDay: $0.ordersInDay)
            }
            reply(address, Answer(body: writer.bytes, orderCounts: counts))
        }
    }

    /// Renders the answer into `writer`.
    ///
    /// - Returns: false when the execution has nothing for this request.
    private func render(
        _ kind: OpenRequest.Kind, _ execution: Execution, _ market: Market, _ renderer: OrderRenderer
    ) -> Bool {
        switch kind {
        case .place(_, let response):
            guard let id = execution.accepted?.orderId, let order = orders.order(id) else { return false }
            fills.removeAll(keepingCapacity: true)
            if response == .full {
                for event in events where event.order.orderID == id {
                    if let fill = event.fill { fills.append(fill) }
                }
            }
            renderer.placed(order, market, response, fills: fills, to: &writer)
        case .cancel:
            guard let event = events.first(where: { $0.isDone }), case .done(let done) = event.kind else {
                return false
            }
            renderer.cancelled(event.order, market, cancelID: done.cancelClientOrderId, to: &writer)
        case .cancelAll:
            writer.beginArray()
            for event in events {
                guard case .done(let done) = event.kind else { continue }
                renderer.cancelled(event.order, market, cancelID: done.cancelClientOrderId, to: &writer)
            }
            writer.endArray()
        case .amend:
            guard let event = events.first, case .amended(let amended) = event.kind else { return false }
            renderer.amended(event.order, market, amended, to: &writer)
        case .test, .marker: return false
        }
        return true
    }

    // MARK: By account events

    /// Answers the request behind `token` with what the ledger said.
    func answer(_ token: UInt64, _ event: AccountEvent) {
        guard let request = open.take(token) else { return }
        switch request.target {
        case .operation(let submission): submission.completion(.event(event))
        case .client(let address, let unit, let kind):
            if let refusal = event.refusal {
                reply(address, .refused(refusal, kind.operation, now: wallClock()))
            } else if event.testPassed != nil {
                reply(address, Answer(body: Array("{}".utf8)))
            } else if case .marker(let lookup) = kind, event.marker != nil {
                markerCame(lookup, found: event.orderId, address, unit)
            } else {
                reply(address, ApiError(.unexpectedResponse))
            }
        }
    }

    // MARK: Without an answer

    public func unanswered(_ tokens: [UInt64], reason: String) {
        report("an epoch ended with \(tokens.count) requests open: \(reason)", nil)
        metrics.epochChanges.increment()
        for token in tokens {
            guard let request = open.take(token) else { continue }
            switch request.target {
            case .client(let address, _, _): reply(address, .timeout)
            case .operation(let submission): submission.completion(.outcomeUnknown)
            }
        }
        closeRequestSockets()
    }

    public func written(_ token: UInt64) {
        guard let request = open.take(token), case .operation(let submission) = request.target else { return }
        // Answered once this gateway has it too: a client that was told of it may use it at once.
        session.follower.whenCurrent(
            [TopicPartition(.referenceData, 0)], deadline: now + configuration.queryMicroseconds
        ) { [unowned self] _ in
            publishChanges()
            submission.completion(.event(AccountEvent()))
        }
    }

    public func slotTaken(epoch: UInt64) { onSlotTaken(epoch) }

    /// After answers that end what was accepted on connections, they are opened anew.
    func closeRequestSockets() {
        closing += 1
        for loop in loops.all { loops.post(.closeRequestSockets(closing: closing), to: loop) }
    }
}

extension OrderEvent {
    var isDone: Bool {
        if case .done = kind { return true }
        return false
    }
}

extension OpenRequest.Kind {
    /// How refusals of it are worded.
    var operation: RefusedOperation {
        switch self {
        case .place(let type, _), .test(let type): .place(type)
        case .cancel, .cancelAll: .cancel
        case .amend: .amend
        case .marker: .query
        }
    }
}
