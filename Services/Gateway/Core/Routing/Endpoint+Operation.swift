import Records
import TradingCore

extension Endpoint {
    /// The operation that the engine carries out for this endpoint; nil when the loop answers by itself.
    ///
    /// - Parameters:
    ///   - account: of the key; zero on unsigned routes.
    ///   - window: of signed routes.
    ///   - makeID: gives a new client id.
    func operation(
        _ parameters: ParameterList, account: AccountID, window: TimeWindow, reference: ReferenceSnapshot,
        makeID: () -> ASCIIText
    ) throws(ApiError) -> Operation? {
        switch self {
        case .placeOrder, .testOrder:
            let (order, response) = try OrderParameters.place(
                parameters, account: account, window: window, isTest: self == .testOrder, reference: reference,
                makeID: makeID)
            return .place(order, response)
        case .cancelOrder:
            return .cancel(
                try OrderParameters.cancel(
                    parameters, account: account, window: window, reference: reference, makeID: makeID))
        case .cancelOpenOrders:
            return .cancelAll(
                try OrderParameters.cancelAll(parameters, account: account, window: window, reference: reference))
        case .amendOrder:
            return .amend(
                try OrderParameters.amend(parameters, account: account, window: window, reference: reference))
        case .queryOrder:
            return .order(
                try OrderParameters.query(parameters, account: account, window: window, reference: reference))
        case .openOrders: return .openOrders(account, try parameters.optionalMarket(reference))
        case .allOrders:
            return .allOrders(try QueryParameters.history(parameters, account: account, reference: reference))
        case .myTrades:
            return .myTrades(try QueryParameters.history(parameters, account: account, reference: reference))
        case .account: return .account(account, omitZero: try parameters.bool(.omitZeroBalances) ?? false)
        case .walletConfiguration: return .wallet(account)
        case .orderRateLimits: return .orderRateLimits(account)
        default: return try publicOperation(parameters, reference: reference)
        }
    }

    private func publicOperation(
        _ parameters: ParameterList, reference: ReferenceSnapshot
    ) throws(ApiError) -> Operation? {
        switch self {
        case .depth:
            return .depth(
                try parameters.market(reference), limit: try parameters.limit(default: 100, maximum: 5_000))
        case .trades, .historicalTrades:
            let market = try parameters.market(reference)
            let from = self == .historicalTrades ? try parameters.fromID() : nil
            return .trades(market, limit: try parameters.limit(default: 500, maximum: 1_000), fromID: from)
        case .aggregateTrades: return .aggregateTrades(try QueryParameters.range(parameters, reference: reference))
        case .candles:
            return .candles(
                try QueryParameters.range(parameters, reference: reference), try QueryParameters.interval(parameters))
        case .averagePrice: return .averagePrice(try parameters.market(reference))
        case .ticker24Hours:
            return .ticker24Hours(
                try QueryParameters.selection(parameters, reference: reference),
                isShort: try QueryParameters.isShort(parameters))
        case .tickerPrice: return .tickerPrice(try QueryParameters.selection(parameters, reference: reference))
        case .tickerBook: return .tickerBook(try QueryParameters.selection(parameters, reference: reference))
        default: return nil
        }
    }
}
