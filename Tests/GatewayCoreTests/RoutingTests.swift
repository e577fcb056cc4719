import Network
import Testing
import TradingCore
import Web

@testable import GatewayCore

@Suite struct RoutingTests {
    private func find(_ method: HTTPMethod, _ path: String) -> Routes.Found {
        Array(path.utf8).withUnsafeBytes { Routes.find(method, $0) }
    }

    @Test func `Paths and methods lead to their endpoints`() {
        #expect(find(.post, "/api/v3/order") == .endpoint(.placeOrder))
        #expect(find(.delete, "/api/v3/order") == .endpoint(.cancelOrder))
        #expect(find(.get, "/api/v3/order") == .endpoint(.queryOrder))
        #expect(find(.put, "/api/v3/order") == .wrongMethod)
        #expect(Routes.methods(of: Array("/api/v3/order".utf8)) == "POST, DELETE, GET")
        #expect(find(.put, "/api/v3/order/amend/keepPriority") == .endpoint(.amendOrder))
        #expect(find(.get, "/api/v1/trades") == .endpoint(.trades))
        #expect(find(.get, "/sapi/v1/margin/isolated/allPairs") == .endpoint(.emptyList))
        #expect(find(.get, "/sapi/v1/anything/else") == .endpoint(.unsupported))
        #expect(find(.get, "/api/v3/order/") == .unknownPath)
        #expect(find(.get, "") == .unknownPath)
    }

    @Test func `Every wallet route but the system's status is signed`() {
        for endpoint: Endpoint in [.walletConfiguration, .emptyList, .tradeFees, .assetDetail, .keyRestrictions] {
            #expect(endpoint.security == .signed(.read))
        }
        #expect(Endpoint.systemStatus.security == .none)
        #expect(Endpoint.placeOrder.security == .signed(.trade))
    }

    @Test func `Methods are known with and without their version`() {
        #expect(Methods.find("order.place") == .placeOrder)
        #expect(Methods.find("v3/order.amend.keepPriority") == .amendOrder)
        #expect(Methods.find("sor.order.place") == .unsupported)
        #expect(Methods.find("order.nothing") == nil)
    }

    @Test func `Weights follow what is asked for`() {
        func weight(_ endpoint: Endpoint, _ query: String) -> Int { endpoint.weight(Fixtures.parameters(query)) }
        #expect([5, 25, 50, 250] == [100, 500, 1_000, 5_000].map { weight(.depth, "limit=\($0)") })
        #expect(weight(.depth, "") == 5)
        #expect(weight(.ticker24Hours, "") == 80)
        #expect(weight(.ticker24Hours, "symbol=BTCUSDT") == 2)
        #expect(weight(.ticker24Hours, #"symbols=["BTCUSDT","ETHBTC"]"#) == 4)
        #expect(weight(.ticker24Hours, "symbols=" + String(repeating: "%22A%22,", count: 60)) == 80)
        #expect(weight(.depth, "limit=99999999999999999999") == 250)
        #expect(weight(.openOrders, "symbol=BTCUSDT") == 6)
        #expect(weight(.openOrders, "") == 80)
        #expect(weight(.myTrades, "orderId=1") == 5)
    }

    @Test func `Stream names are lower case and exact`() {
        func key(_ name: String) -> StreamKey? {
            StreamKey(name: name, reference: Fixtures.reference, unit: .milliseconds)
        }
        #expect(key("btcusdt@depth@100ms") == StreamKey(.depthFast, market: InstrumentID(1)))
        #expect(key("btcusdt@depth20@100ms")?.kind == .partial20Fast)
        #expect(key("ethbtc@kline_1M")?.interval == .month)
        #expect(key("!miniTicker@arr")?.kind == .allMiniTickers)
        for name in [
            "BTCUSDT@depth", "btcusdt@Depth", "btcusdt@kline_2m", "nope@trade", "btcusdt", "@trade", "!all@arr",
        ] {
            #expect(key(name) == nil, "\(name)")
        }
        #expect(StreamKey.isName("a@b") && StreamKey.isName("!x") && !StreamKey.isName("0"))
    }

    @Test func `Addresses are read as they are shown`() {
        for text in ["127.0.0.1", "255.255.255.255", "::1", "2001:db8::1", "fe80::1:2:3:4", "::"] {
            #expect(AddressText.parse(text)?.description == text)
        }
        for text in ["", "1.2.3", "1.2.3.256", "1.2.3.4.5", "1::2::3", "12345::", "g::", "1:2:3:4:5:6:7", ":::"] {
            #expect(AddressText.parse(text) == nil, "\(text)")
        }
    }

    @Test func `A socket's URL is decoded before it is split`() throws {
        #expect(PathText.parts("/ws/a%40b%2Fc") == ["ws", "a@b", "c"])
        #expect(PathText.parts("/%zz") == nil)
        let target = try SocketTarget(
            path: "/stream", query: "streams=btcusdt@trade/ethbtc@trade&timeUnit=MICROSECOND",
            reference: Fixtures.reference)
        guard case .streams(true, let streams) = target.kind else {
            Issue.record("no streams")
            return
        }
        #expect(streams.map(\.name) == ["btcusdt@trade", "ethbtc@trade"])
        #expect(target.unit == .microseconds)
        #expect(throws: ApiError(.invalidTimeUnit)) {
            try SocketTarget(path: "/ws", query: "timeUnit=HOUR", reference: Fixtures.reference)
        }
    }
}
