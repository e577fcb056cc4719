import Web

/// The paths of the REST API.
public enum Routes {
    private struct Entry {
        var path: [UInt8]
        var methods: [(HTTPMethod, Endpoint)]
    }

    public enum Found: Equatable, Sendable {
        case endpoint(Endpoint)
        case unknownPath
        case wrongMethod
    }

    /// What `method` on `path` asks for.
    public static func find(_ method: HTTPMethod, _ path: UnsafeRawBufferPointer) -> Found {
        var index = Int(truncatingIfNeeded: NameHash.of(path)) & (table.count - 1)
        while let entry = table[index] {
            if entry.path.count == path.count, entry.path.elementsEqual(path) {
                for (offered, endpoint) in entry.methods where offered == method { return .endpoint(endpoint) }
                return .wrongMethod
            }
            index = (index + 1) & (table.count - 1)
        }
        // Every other wallet route is known to clients and not offered here.
        return path.starts(with: "/sapi/".utf8) ? .endpoint(.unsupported) : .unknownPath
    }

    /// The methods that a path has, as the header `Allow` lists them; empty for an unknown path.
    static func methods(of path: some Collection<UInt8>) -> String {
        let entry = table.first { entry in entry.map { $0.path.elementsEqual(path) } ?? false } ?? nil
        return entry?.methods.map { "\($0.0)".uppercased() }.joined(separator: ", ") ?? ""
    }

    private static let table: [Entry?] = {
        var table = [Entry?](repeating: nil, count: 256)
        for (path, methods) in list {
            let bytes = Array(path.utf8)
            var index = Int(truncatingIfNeeded: NameHash.of(bytes)) & 255
            while table[index] != nil { index = (index + 1) & 255 }
            table[index] = Entry(path: bytes, methods: methods)
        }
        return table
    }()

    /// Public market data, answered under both versions.
    private static let market: [(String, Endpoint)] = [
        ("ping", .ping), ("time", .time), ("exchangeInfo", .exchangeInfo), ("depth", .depth), ("trades", .trades),
        ("historicalTrades", .historicalTrades), ("aggTrades", .aggregateTrades), ("klines", .candles),
        ("ticker/24hr", .ticker24Hours), ("ticker/price", .tickerPrice), ("ticker/bookTicker", .tickerBook),
    ]

    private static let list: [(String, [(HTTPMethod, Endpoint)])] =
        market.map { ("/api/v3/" + $0.0, [(.get, $0.1)]) } + market.map { ("/api/v1/" + $0.0, [(.get, $0.1)]) } + [
            ("/api/v3/uiKlines", [(.get, .candles)]), ("/api/v3/avgPrice", [(.get, .averagePrice)]),
            ("/api/v3/ticker", [(.get, .unsupported)]), ("/api/v3/ticker/tradingDay", [(.get, .unsupported)]),
            (
                "/api/v3/order",
                [(.post, .placeOrder), (.delete, .cancelOrder), (.get, .queryOrder)]
            ),
            ("/api/v3/order/test", [(.post, .testOrder)]),
            ("/api/v3/order/amend/keepPriority", [(.put, .amendOrder)]),
            ("/api/v3/order/amendments", [(.get, .unsupported)]),
            ("/api/v3/order/cancelReplace", [(.post, .unsupported)]),
            ("/api/v3/openOrders", [(.get, .openOrders), (.delete, .cancelOpenOrders)]),
            ("/api/v3/allOrders", [(.get, .allOrders)]), ("/api/v3/myTrades", [(.get, .myTrades)]),
            ("/api/v3/account", [(.get, .account)]), ("/api/v3/account/commission", [(.get, .commission)]),
            ("/api/v3/rateLimit/order", [(.get, .orderRateLimits)]),
            ("/api/v3/myPreventedMatches", [(.get, .unsupported)]),
            ("/api/v3/userDataStream", [(.post, .unsupported), (.put, .unsupported), (.delete, .unsupported)]),
            ("/api/v3/orderList", [(.get, .unsupported), (.delete, .unsupported)]),
            ("/api/v3/orderList/oco", [(.post, .unsupported)]), ("/api/v3/order/oco", [(.post, .unsupported)]),
            ("/api/v3/allOrderList", [(.get, .emptyList)]), ("/api/v3/openOrderList", [(.get, .emptyList)]),
            ("/sapi/v1/system/status", [(.get, .systemStatus)]),
            ("/sapi/v1/capital/config/getall", [(.get, .walletConfiguration)]),
            ("/sapi/v1/margin/allPairs", [(.get, .emptyList)]),
            ("/sapi/v1/margin/isolated/allPairs", [(.get, .emptyList)]),
            ("/sapi/v1/asset/tradeFee", [(.get, .tradeFees)]), ("/sapi/v1/asset/assetDetail", [(.get, .assetDetail)]),
            ("/sapi/v1/account/apiRestrictions", [(.get, .keyRestrictions)]),
            ("/fapi/v1/exchangeInfo", [(.get, .emptyExchangeInfo)]),
            ("/dapi/v1/exchangeInfo", [(.get, .emptyExchangeInfo)]),
        ]
}

/// The methods of the WebSocket API.
public enum Methods {
    /// The method's endpoint; a `v3/` before the name is ignored. Nil when there is no such method.
    public static func find(_ name: String) -> Endpoint? {
        let plain = name.hasPrefix("v3/") ? String(name.dropFirst(3)) : name
        if let endpoint = table[plain] { return endpoint }
        return plain.hasPrefix("orderList.") || plain.hasPrefix("sor.") ? .unsupported : nil
    }

    private static let table: [String: Endpoint] = [
        "ping": .ping, "time": .time, "exchangeInfo": .exchangeInfo, "depth": .depth, "trades.recent": .trades,
        "trades.historical": .historicalTrades, "trades.aggregate": .aggregateTrades, "klines": .candles,
        "uiKlines": .candles, "avgPrice": .averagePrice, "ticker.24hr": .ticker24Hours, "ticker.price": .tickerPrice,
        "ticker.book": .tickerBook, "ticker": .unsupported, "ticker.tradingDay": .unsupported,
        "order.place": .placeOrder, "order.test": .testOrder, "order.cancel": .cancelOrder,
        "order.cancelReplace": .unsupported, "order.amend.keepPriority": .amendOrder,
        "openOrders.cancelAll": .cancelOpenOrders, "order.status": .queryOrder, "openOrders.status": .openOrders,
        "allOrders": .allOrders, "myTrades": .myTrades, "account.status": .account,
        "account.commission": .commission, "account.rateLimits.orders": .orderRateLimits,
        "myPreventedMatches": .unsupported, "session.logon": .sessionLogon, "session.status": .sessionStatus,
        "session.logout": .sessionLogout, "session.subscriptions": .sessionSubscriptions,
        "userDataStream.subscribe": .userSubscribe, "userDataStream.subscribe.signature": .userSubscribeSigned,
        "userDataStream.unsubscribe": .userUnsubscribe,
    ]
}
