/// What a request needs beside being well formed.
public enum Security: Equatable, Sendable {
    case none
    /// The key alone, without signature.
    case key
    case signed(KeyPermissions)
}

/// Everything that a client can ask for, over REST or the WebSocket API.
public enum Endpoint: UInt8, CaseIterable, Sendable {
    case ping, time, exchangeInfo, depth, trades, historicalTrades, aggregateTrades, candles, averagePrice
    case ticker24Hours, tickerPrice, tickerBook, systemStatus, emptyExchangeInfo
    case placeOrder, testOrder, cancelOrder, cancelOpenOrders, amendOrder
    case queryOrder, openOrders, allOrders, myTrades, account, orderRateLimits, commission
    case walletConfiguration, emptyList, tradeFees, assetDetail, keyRestrictions
    /// Known to clients, not offered here: -1020.
    case unsupported
    // Of the WebSocket API alone.
    case sessionLogon, sessionStatus, sessionLogout, sessionSubscriptions
    case userSubscribe, userSubscribeSigned, userUnsubscribe

    public var security: Security {
        switch self {
        case .ping, .time, .exchangeInfo, .depth, .trades, .historicalTrades, .aggregateTrades, .candles,
            .averagePrice, .ticker24Hours, .tickerPrice, .tickerBook, .systemStatus, .emptyExchangeInfo, .unsupported,
            .sessionStatus, .sessionLogout, .sessionSubscriptions, .userSubscribe, .userUnsubscribe:
            .none
        case .placeOrder, .testOrder, .cancelOrder, .cancelOpenOrders, .amendOrder: .signed(.trade)
        case .queryOrder, .openOrders, .allOrders, .myTrades, .account, .orderRateLimits, .commission,
            .walletConfiguration, .emptyList, .tradeFees, .assetDetail, .keyRestrictions, .sessionLogon,
            .userSubscribeSigned:
            .signed(.read)
        }
    }

    /// Whether it changes something: a repeated signature is refused.
    public var isChange: Bool {
        switch self {
        case .placeOrder, .cancelOrder, .cancelOpenOrders, .amendOrder: true
        default: false
        }
    }

    /// Whether a success costs nothing; a failure is charged.
    public var isFreeOnSuccess: Bool {
        switch self {
        case .placeOrder, .cancelOrder, .cancelOpenOrders: true
        default: false
        }
    }

    /// The request weight; some depend on what is asked for.
    public func weight(_ parameters: ParameterList) -> Int {
        switch self {
        case .ping, .time, .systemStatus, .emptyExchangeInfo, .placeOrder, .testOrder, .cancelOrder, .cancelOpenOrders,
            .unsupported, .tradeFees, .emptyList, .assetDetail, .keyRestrictions:
            1
        case .exchangeInfo, .allOrders, .account, .commission: 20
        case .depth: Endpoint.depthWeight(parameters)
        case .trades, .historicalTrades: 25
        case .aggregateTrades, .amendOrder, .queryOrder: 4
        case .candles, .averagePrice: 2
        case .ticker24Hours: Endpoint.tickerWeight(parameters)
        case .tickerPrice, .tickerBook: parameters.has(.symbol) ? 2 : 4
        case .openOrders: parameters.has(.symbol) ? 6 : 80
        case .myTrades: parameters.has(.orderId) ? 5 : 20
        case .orderRateLimits: 40
        case .walletConfiguration: 10
        case .sessionLogon, .sessionStatus, .sessionLogout, .sessionSubscriptions, .userSubscribe,
            .userSubscribeSigned, .userUnsubscribe:
            2
        }
    }

    /// Two for each symbol, and never more than for all.
    private static func tickerWeight(_ parameters: ParameterList) -> Int {
        if parameters.has(.symbol) { return 2 }
        // Every name but the last has a comma behind it.
        let names = parameters.withBytes(.symbols) { text in text.count { $0 == UInt8(ascii: ",") } + 1 }
        return names.map { min(2 * $0, 80) } ?? 80
    }

    private static func depthWeight(_ parameters: ParameterList) -> Int {
        let limit: Int
        do throws(ApiError) { limit = try parameters.limit(default: 100, maximum: 5_000) } catch { return 5 }
        switch limit {
        case ...100: return 5
        case ...500: return 25
        case ...1_000: return 50
        default: return 250
        }
    }
}
