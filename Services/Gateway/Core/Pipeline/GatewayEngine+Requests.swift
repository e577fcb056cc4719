import Messaging
import Records
import TradingCore

extension GatewayEngine {
    /// Begins what a client asked for.
    func carryOut(_ request: EngineRequest) {
        if let closing = request.closing, closing < self.closing {
            // It stood behind one that was shed or has no answer: its connection is closed.
            metrics.shed.increment()
            return reply(request.reply, .overloaded)
        }
        switch request.operation {
        case .place(let order, let response):
            let kind: OpenRequest.Kind = order.test ? .test(order.type) : .place(order.type, response)
            write(.placeOrder(order), order.account, kind, request)
        case .cancel(let cancel): write(.cancelOrder(cancel), cancel.account, .cancel, request)
        case .cancelAll(let cancel): write(.cancelAll(cancel), cancel.account, .cancelAll, request)
        case .amend(let amend): write(.amendOrder(amend), amend.account, .amend, request)
        case .order, .openOrders, .allOrders, .myTrades, .account, .wallet, .orderRateLimits:
            query(request.operation, request.reply, request.unit, trace: request.trace)
        case .depth, .trades, .aggregateTrades, .candles, .averagePrice, .ticker24Hours, .tickerPrice, .tickerBook:
            marketQuery(request.operation, request.reply, request.unit)
        }
    }

    private func write(
        _ record: OrdersRecord, _ account: AccountID, _ kind: OpenRequest.Kind, _ request: EngineRequest
    ) {
        write(record, account, kind, request.reply, request.unit, trace: request.trace)
    }

    /// Sends a client's record down its account's line.
    func write(
        _ record: OrdersRecord, _ account: AccountID, _ kind: OpenRequest.Kind, _ address: ReplyAddress,
        _ unit: TimeUnit, trace: Records.TraceContext? = nil
    ) {
        let token = open.insert(OpenRequest(target: .client(address, unit, kind)))
        let destination = TopicPartition(.orders, partition(of: account))
        switch session.writer.submit(record, to: destination, token: token, trace: trace) {
        case .success: break
        case .failure(let shedding):
            _ = open.take(token)
            metrics.shed.increment()
            reply(address, .overloaded)
            if shedding.reason.closesConnections { closeRequestSockets() }
        }
    }

    /// Sends an operator's record.
    func submit(_ submission: OperatorSubmission) {
        let token = open.insert(OpenRequest(target: .operation(submission)))
        let isTaken: Bool
        switch submission.content {
        case .orders(let record, let partition):
            isTaken = isSuccess(
                session.writer.submit(
                    record, to: TopicPartition(.orders, partition), token: token, trace: submission.trace))
        case .matching(let record, let partition):
            isTaken = isSuccess(
                session.writer.submit(
                    record, to: TopicPartition(.matching, partition), token: token, trace: submission.trace))
        case .reference(let record, let key):
            isTaken =
                session.writer.publish(
                    record, key: Array(key.utf8), to: TopicPartition(.referenceData, 0), token: token) == nil
        }
        guard !isTaken else { return }
        _ = open.take(token)
        submission.completion(.shed)
    }

    private func isSuccess(_ result: Result<Origin, SheddingError>) -> Bool {
        if case .success = result { return true }
        return false
    }
}
