import Crypto
import Network
import ProcessorKit
import Records
import ServiceKit
import Synchronization
import Testing
import TradingCore
import Web

@testable import GatewayCore

/// The client API from a socket to the engine's door and back.
@Suite struct ClientTests {
    private static let order = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=50000"

    private func code(_ response: HTTPClientResponse?) -> String {
        guard let response else { return "none" }
        return "\(response.status) \(response.text.prefix(13))"
    }

    @Test func `Every answer shows the weight used and a request id`() throws {
        let bench = try ClientBench()
        let time = try #require(bench.send("GET", "/api/v3/time"))
        #expect(time.status == 200)
        #expect(time.header("x-mbx-used-weight-1m") == "1")
        #expect(time.header("x-request-id")?.isEmpty == false)
        let unknown = try #require(bench.send("GET", "/api/v3/nothing"))
        #expect(unknown.status == 404)
        #expect(unknown.header("x-mbx-used-weight-1m") == "2")
        #expect(unknown.header("allow") == nil)
        let info = bench.send("GET", "/api/v3/exchangeInfo", key: "whatever")
        #expect(info?.header("x-mbx-used-weight-1m") == "22")
        #expect(bench.send("GET", "/api/v1/ping")?.text == "{}")
        let wrong = try #require(bench.send("PUT", "/api/v3/order"))
        #expect((wrong.status, wrong.header("allow")) == (405, "POST, DELETE, GET"))
        let large = try #require(
            bench.send("POST", "/api/v3/order", body: String(repeating: "a", count: 1 + HTTPLimits().bodyBytes)))
        #expect((large.status, large.header("x-mbx-used-weight-1m")) == (413, "25"))
        #expect(large.text.hasPrefix(#"{"code":-1000,"#))
    }

    @Test func `A signed request is checked in the contract's order`() throws {
        let bench = try ClientBench()
        let now = WallClock.milliseconds()
        func post(_ query: String, key: String? = "testkey") -> String {
            code(bench.send("POST", "/api/v3/order?" + query, key: key))
        }
        #expect(post("", key: nil) == #"401 {"code":-2014"#)
        #expect(post("", key: "unknown") == #"401 {"code":-2015"#)
        #expect(post("") == #"400 {"code":-1102"#)
        #expect(post("timestamp=\(now)") == #"400 {"code":-1102"#)
        #expect(post("timestamp=\(now)&signature=00") == #"400 {"code":-1022"#)
        #expect(post(try ClientBench.signed(Self.order, secret: "other")) == #"400 {"code":-1022"#)
        #expect(post(try ClientBench.signed(Self.order, at: now - 6_000)) == #"400 {"code":-1021"#)
        #expect(post(try ClientBench.signed(Self.order, at: now + 60_000)) == #"400 {"code":-1021"#)
        #expect(post(try ClientBench.signed("symbol=NOPE")) == #"400 {"code":-1121"#)
        #expect(post(try ClientBench.signed("symbol=BTCUSDT&symbol=BTCUSDT")) == #"400 {"code":-1101"#)
        #expect(bench.engine.requests.isEmpty)
    }

    @Test func `An order reaches the engine and its answer the client`() throws {
        let bench = try ClientBench()
        #expect(bench.send("POST", "/api/v3/order?" + (try ClientBench.signed(Self.order)), key: "testkey") == nil)
        let request = try #require(bench.engine.requests.first)
        guard case .place(let order, .full) = request.operation else {
            Issue.record("\(request.operation)")
            return
        }
        #expect(order.account == Fixtures.account)
        #expect(request.signature != nil)
        bench.reply(Answer(body: Array("{\"a\":1}".utf8), orderCounts: OrderCounts(in10Seconds: 2, inDay: 3)))
        let answer = try #require(bench.answered())
        #expect((answer.status, answer.text) == (200, "{\"a\":1}"))
        #expect(answer.header("x-mbx-order-count-10s") == "2")
        #expect(answer.header("x-mbx-order-count-1d") == "3")
        #expect(answer.header("x-mbx-used-weight-1m") == "0", "a placement that succeeds costs nothing")
    }

    @Test func `A refused order costs its weight and says when to try again`() throws {
        let bench = try ClientBench()
        _ = bench.send("POST", "/api/v3/order?" + (try ClientBench.signed(Self.order)), key: "testkey")
        bench.reply(Answer(error: .tooManyOrders(limit: 5, retryAt: 2_500, now: 0)))
        let answer = try #require(bench.answered())
        #expect(answer.status == 429)
        #expect(answer.header("retry-after") == "3")
        #expect(answer.header("x-mbx-used-weight-1m") == "1")
    }

    @Test func `A repeated signature is refused for changes and allowed for queries`() throws {
        let bench = try ClientBench()
        let query = try ClientBench.signed(Self.order)
        #expect(bench.send("POST", "/api/v3/order?" + query, key: "testkey") == nil)
        bench.reply(Answer(body: Array("{}".utf8)))
        #expect(code(bench.send("POST", "/api/v3/order?" + query, key: "testkey")) == #"400 {"code":-1021"#)
        let read = try ClientBench.signed("")
        for _ in 0..<2 {
            #expect(bench.send("GET", "/api/v3/account?" + read, key: "testkey") == nil)
            bench.reply(Answer(body: Array("{}".utf8)))
        }
        #expect(bench.engine.requests.count == 3)
    }

    @Test func `A cancel's parameters may stand in its body`() throws {
        let bench = try ClientBench()
        let body = try ClientBench.signed("symbol=BTCUSDT&orderId=5")
        #expect(bench.send("DELETE", "/api/v3/order", key: "testkey", body: body) == nil)
        guard case .cancel(let cancel)? = bench.engine.requests.first?.operation else {
            Issue.record("no cancel")
            return
        }
        #expect(cancel.orderId == OrderID(5))
    }

    @Test func `Permissions, addresses and disabled keys are refused with their reason`() throws {
        var reader = ClientBench.key
        (reader.key, reader.permissions) = ("reader", .read)
        var elsewhere = ClientBench.key
        (elsewhere.key, elsewhere.allowedAddresses) = ("elsewhere", [try #require(AddressText.parse("192.0.2.1"))])
        var local = ClientBench.key
        (local.key, local.allowedAddresses) = ("local", [try #require(AddressText.parse("127.0.0.1"))])
        var disabled = ClientBench.key
        (disabled.key, disabled.isEnabled) = ("disabled", false)
        let bench = try ClientBench(keys: MemoryApiKeyStore([reader, elsewhere, local, disabled]))
        func post(_ key: String) throws -> String? {
            bench.send("POST", "/api/v3/order?" + (try ClientBench.signed(Self.order)), key: key)?.text
        }
        #expect(try post("reader")?.contains(#""reason":"PERMISSION","permission":"TRADE""#) == true)
        #expect(try post("elsewhere")?.contains("IP_NOT_ALLOWED") == true)
        #expect(try post("disabled")?.contains("KEY_DISABLED") == true)
        #expect(try post("local") == nil)
    }

    @Test func `Requests wait for their key in the order in which they came`() throws {
        let keys = SlowKeys([ClientBench.key])
        let bench = try ClientBench(keys: keys)
        let socket = try bench.open("/ws-api/v3")
        for number in 1...3 {
            socket.socket?.send(
                text: try ClientBench.request(
                    "order.cancel", ["symbol": "BTCUSDT", "orderId": "\(number)"], id: number))
        }
        bench.turn()
        #expect(bench.engine.requests.isEmpty)
        keys.finishLoads()
        bench.run { bench.engine.requests.count == 3 }
        let ids = bench.engine.requests.map { request -> Int64 in
            if case .cancel(let cancel) = request.operation { return cancel.orderId.rawValue }
            return 0
        }
        #expect(ids == [1, 2, 3])
        #expect(bench.send("GET", "/api/v3/account?" + (try ClientBench.signed("")), key: "testkey") == nil)
    }

    @Test func `A key that nobody knows is refused once it was looked for`() throws {
        let keys = SlowKeys([])
        let bench = try ClientBench(keys: keys)
        let socket = try bench.open("/ws-api/v3")
        socket.socket?.send(text: try ClientBench.request("account.status", [:]))
        bench.turn()
        keys.finishLoads()
        bench.run { !socket.received.isEmpty }
        #expect(socket.received.first?.contains("KEY_UNKNOWN") == true)
    }

    @Test func `A key that cannot be looked up is no wrong key, and costs nothing`() throws {
        let keys = SlowKeys([ClientBench.key])
        let bench = try ClientBench(keys: keys)
        let socket = try bench.open("/ws-api/v3")
        socket.socket?.send(text: try ClientBench.request("account.status", [:]))
        bench.turn()
        keys.finishLoads(isAway: true)
        bench.run { !socket.received.isEmpty }
        #expect(socket.received.first?.contains(#""status":500,"error":{"code":-1001"#) == true)
        #expect(socket.received.first?.contains(#""count":2}"#) == true, "the connection's weight and no more")
    }

    @Test func `What a closing socket has sent is not carried out`() throws {
        let keys = SlowKeys([ClientBench.key])
        let bench = try ClientBench(keys: keys)
        let socket = try bench.open("/ws-api/v3")
        for number in 1...2 {
            socket.socket?.send(
                text: try ClientBench.request(
                    "order.cancel", ["symbol": "BTCUSDT", "orderId": "\(number)"], id: number))
        }
        bench.turn()
        bench.gateway.inbox.post(.closeRequestSockets(closing: 1))
        bench.run { socket.closeCode != nil }
        keys.finishLoads()
        bench.turn()
        #expect(bench.engine.requests.isEmpty)
        let next = try bench.open("/ws-api/v3")
        next.socket?.send(text: try ClientBench.request("order.cancel", ["symbol": "BTCUSDT", "orderId": "1"]))
        bench.run { bench.engine.requests.count == 1 }
        #expect(bench.engine.requests.map(\.closing) == [1])
    }

    @Test func `A subscription that the engine does not hear of is refused`() throws {
        let bench = try ClientBench()
        let streams = try bench.open("/stream")
        let socket = try bench.open("/ws-api/v3")
        bench.engine.isFull.store(true, ordering: .relaxed)
        #expect(
            bench.ask(streams, #"{"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":1}"#).hasPrefix(
                #"{"error":{"code":-1008"#))
        #expect(bench.ask(streams, #"{"method":"LIST_SUBSCRIPTIONS","id":2}"#) == #"{"result":[],"id":2}"#)
        let subscribe = try ClientBench.request("userDataStream.subscribe.signature", [:])
        #expect(bench.ask(socket, subscribe).contains(#""code":-1008"#))
        bench.engine.isFull.store(false, ordering: .relaxed)
        #expect(
            bench.ask(streams, #"{"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":3}"#)
                == #"{"result":null,"id":3}"#)
        #expect(
            bench.ask(socket, try ClientBench.request("userDataStream.subscribe.signature", ["recvWindow": "5000"]))
                .contains(#""subscriptionId":0"#))
    }

    @Test func `What the venue failed is reported with the request's id and its trace`() throws {
        let bench = try ClientBench()
        _ = bench.send(
            "GET", "/api/v3/depth?symbol=BTCUSDT",
            trace: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        bench.reply(Answer(error: ApiError(.disconnected)))
        let failure = try #require(bench.failures.first.withLock { $0 })
        #expect(failure.request == bench.answered()?.header("x-request-id"))
        let trace = failure.trace.flatMap { ServiceKit.TraceContext($0) }
        #expect(trace?.traceIdText == "0af7651916cd43dd8448eb211c80319c")
    }

    @Test func `Too many connections are refused`() throws {
        let bench = try ClientBench(limits: RequestLimits(connectionsPer5Minutes: 2))
        #expect(try bench.open("/ws").socket != nil)
        #expect(try bench.open("/ws-api/v3").socket != nil)
        #expect(try bench.open("/ws").socket == nil)
    }

    @Test func `Too much weight is refused with the time to wait`() throws {
        let bench = try ClientBench(limits: RequestLimits(weightPerMinute: 2))
        _ = bench.send("GET", "/api/v3/ping")
        _ = bench.send("GET", "/api/v3/ping")
        let refused = try #require(bench.send("GET", "/api/v3/ping"))
        #expect(code(refused) == #"429 {"code":-1003"#)
        #expect(refused.header("retry-after") != nil)
    }

    @Test func `A full engine sheds`() throws {
        let bench = try ClientBench()
        bench.engine.isFull.store(true, ordering: .relaxed)
        #expect(code(bench.send("GET", "/api/v3/depth?symbol=BTCUSDT")) == #"503 {"code":-1008"#)
    }

    @Test func `Answers over the WebSocket API keep the id as it was sent`() throws {
        let bench = try ClientBench()
        let socket = try bench.open("/ws-api/v3?returnRateLimits=false")
        #expect(bench.ask(socket, #"{"id":"a-1","method":"ping"}"#) == #"{"id":"a-1","status":200,"result":{}}"#)
        #expect(bench.ask(socket, #"{"id":7,"method":"v3/ping","params":{}}"#) == #"{"id":7,"status":200,"result":{}}"#)
        #expect(
            bench.ask(socket, #"{"id":null,"method":"nothing"}"#).hasPrefix(
                #"{"id":null,"status":400,"error":{"code":-1020"#))
        #expect(
            bench.ask(socket, "{").hasPrefix(
                #"{"id":null,"status":400,"error":{"code":-1135,"msg":"Invalid JSON Request""#))
        #expect(bench.ask(socket, #"{"id":8,"method":"orderList.place"}"#).contains(#""code":-1020"#))
        let limited = try bench.open("/ws-api/v3")
        #expect(
            bench.ask(limited, #"{"id":1,"method":"ping"}"#).contains(
                #""rateLimits":[{"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":6000,"count":"#
            ))
    }

    @Test func `A session that has logged on needs no signature`() throws {
        let bench = try ClientBench()
        let socket = try bench.open("/ws-api/v3?returnRateLimits=false")
        #expect(bench.ask(socket, #"{"id":1,"method":"userDataStream.subscribe"}"#).contains(#""code":-1002"#))
        #expect(bench.ask(socket, try ClientBench.request("session.logon", [:])).contains(#""apiKey":"testkey""#))
        socket.socket?.send(
            text: #"{"id":2,"method":"account.status","params":{"timestamp":\#(WallClock.milliseconds())}}"#)
        bench.run { bench.engine.requests.count == 1 }
        #expect(bench.engine.requests.count == 1)
        #expect(
            bench.ask(socket, #"{"id":3,"method":"userDataStream.subscribe"}"#)
                == #"{"id":3,"status":200,"result":{"subscriptionId":0}}"#)
        #expect(bench.ask(socket, #"{"id":4,"method":"userDataStream.subscribe"}"#).contains(#""code":-2035"#))
        #expect(bench.ask(socket, #"{"id":5,"method":"session.subscriptions"}"#).contains(#"[{"subscriptionId":0}]"#))
        #expect(bench.ask(socket, #"{"id":6,"method":"session.logout"}"#).contains(#""apiKey":null"#))
        #expect(socket.received.contains { $0.contains("eventStreamTerminated") })
    }

    @Test func `User events come wrapped with their subscription, and end with the key`() throws {
        let keys = MemoryApiKeyStore([ClientBench.key])
        let bench = try ClientBench(keys: keys)
        let socket = try bench.open("/ws-api/v3")
        #expect(
            bench.ask(socket, try ClientBench.request("userDataStream.subscribe.signature", [:])).contains(
                #""subscriptionId":0"#))
        bench.gateway.inbox.post(.user(Fixtures.account, .milliseconds, Array(#"{"e":"x"}"#.utf8)))
        bench.run { socket.received.count == 2 }
        #expect(socket.received.last == #"{"subscriptionId":0,"event":{"e":"x"}}"#)
        keys.changed("testkey", revision: 2, isRevoked: true)
        bench.gateway.inbox.post(.keysChanged)
        bench.run { socket.received.count == 3 }
        #expect(socket.received.last?.contains("eventStreamTerminated") == true)
        bench.gateway.inbox.post(.user(Fixtures.account, .milliseconds, Array(#"{"e":"y"}"#.utf8)))
        bench.turn()
        #expect(socket.received.count == 3)
    }

    @Test func `Sockets that sent requests are closed so that they send again`() throws {
        let bench = try ClientBench()
        let socket = try bench.open("/ws-api/v3")
        let streams = try bench.open("/ws")
        bench.gateway.inbox.post(.closeRequestSockets(closing: 1))
        bench.run { socket.closeCode != nil }
        #expect(socket.closeCode == 1_013)
        #expect(streams.closeCode == nil)
    }

    @Test func `An acknowledgement goes out before the first event`() throws {
        let bench = try ClientBench()
        let socket = try bench.open("/stream/0")
        let key = StreamKey(.trade, market: InstrumentID(1))
        socket.socket?.send(text: #"{"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":9}"#)
        bench.run { bench.engine.streams.count == 1 }
        bench.gateway.inbox.post(.stream(key, Array(#"{"e":"trade"}"#.utf8)))
        bench.run { socket.received.count == 2 }
        #expect(socket.received == [#"{"result":null,"id":9}"#, #"{"stream":"btcusdt@trade","data":{"e":"trade"}}"#])
        #expect(
            bench.ask(socket, #"{"method":"SUBSCRIBE","params":["nope@trade"],"id":"x"}"#)
                == #"{"error":{"code":-1121,"msg":"Invalid symbol."},"id":"x"}"#)
        #expect(
            bench.ask(socket, #"{"method":"LIST_SUBSCRIPTIONS","id":1}"#) == #"{"result":["btcusdt@trade"],"id":1}"#)
        #expect(
            bench.ask(socket, #"{"method":"UNSUBSCRIBE","params":["btcusdt@trade"],"id":2}"#)
                == #"{"result":null,"id":2}"#)
        #expect(bench.engine.streams.last?.isWanted == false)
        #expect(bench.ask(socket, #"{"method":"GO"}"#).hasPrefix(#"{"code":2,"msg":"Invalid request"#))
        #expect(bench.ask(socket, "{").hasPrefix(#"{"code":3,"msg":"Invalid JSON"#))
    }

    @Test func `Names in a URL are streams, tokens mean nothing`() throws {
        let bench = try ClientBench()
        let raw = try bench.open("/ws/btcusdt%40depth%2Fethbtc@kline_1m")
        #expect(bench.engine.streams.map(\.key.kind) == [.depth, .candle])
        bench.gateway.inbox.post(.stream(StreamKey(.depth, market: InstrumentID(1)), Array("{}".utf8)))
        bench.run { !raw.received.isEmpty }
        #expect(raw.received == ["{}"])
        #expect(try bench.open("/ws/some-token").socket != nil)
        #expect(try bench.open("/stream?streams=btcusdt@trade/ethbtc@trade").socket != nil)
        #expect(try bench.open("/ws/nope@trade").closeCode == 0)
        #expect(try bench.open("/elsewhere").closeCode == 0)
    }

    @Test func `Too many control messages close a stream's socket`() throws {
        let bench = try ClientBench()
        let socket = try bench.open("/ws")
        for id in 0..<60 { socket.socket?.send(text: #"{"method":"LIST_SUBSCRIPTIONS","id":\#(id)}"#) }
        bench.run { socket.closeCode != nil }
        #expect(socket.closeCode == 1_008)
    }
}
