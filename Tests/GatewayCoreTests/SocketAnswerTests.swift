import Network
import Records
import Synchronization
import Testing
import TradingCore

@testable import GatewayCore

/// What answers and events on sockets show beside their contents.
@Suite struct SocketAnswerTests {
    @Test func `Every message costs weight, also one that is no request`() throws {
        let bench = try ClientBench()
        let socket = try bench.open("/ws-api/v3")
        var counts: [String] = []
        let messages = [
            "{", "[]", #"{"id":1}"#, #"{"id":1,"method":"ping","params":[]}"#, #"{"id":1,"method":"nothing"}"#,
        ]
        for message in messages {
            let answer = bench.ask(socket, message)
            counts.append(String(answer.split(separator: #""count":"#).last?.prefix(1) ?? "none"))
        }
        #expect(counts == ["3", "4", "5", "6", "7"], "the connection costs two")
        let bounded = try ClientBench(limits: RequestLimits(weightPerMinute: 3))
        let other = try bounded.open("/ws-api/v3")
        #expect(bounded.ask(other, "{").contains(#""code":-1135"#))
        #expect(bounded.ask(other, "{").contains(#""status":429,"error":{"code":-1003"#))
    }

    @Test func `A method that is not known is not offered, and a slash in it may be escaped`() throws {
        let bench = try ClientBench()
        let socket = try bench.open("/ws-api/v3")
        #expect(
            bench.ask(socket, #"{"id":1,"method":"nothing"}"#).hasPrefix(
                #"{"id":1,"status":400,"error":{"code":-1020,"msg":"This operation is not supported.""#))
        #expect(bench.ask(socket, #"{"id":2,"method":"v3\/ping"}"#).hasPrefix(#"{"id":2,"status":200,"result":{}"#))
    }

    @Test func `A request says whether its answer shows limits, a refusal too`() throws {
        let bench = try ClientBench()
        let shown = try bench.open("/ws-api/v3")
        let hidden = try bench.open("/ws-api/v3?returnRateLimits=false")
        let quiet = #"{"id":1,"method":"depth","params":{"returnRateLimits":false}}"#
        let loud = #"{"id":1,"method":"depth","params":{"returnRateLimits":true}}"#
        #expect(!bench.ask(shown, quiet).contains("rateLimits"))
        #expect(bench.ask(hidden, loud).contains(#""rateLimits":[{"rateLimitType":"REQUEST_WEIGHT""#))
        #expect(!bench.ask(hidden, #"{"id":1,"method":"depth"}"#).contains("rateLimits"))
        #expect(!bench.ask(hidden, "{").contains("rateLimits"))
    }

    @Test func `A placement shows the account's own order limits`() throws {
        let bench = try ClientBench()
        var data = ReferenceData()
        for record in Fixtures.records { _ = data.apply(record) }
        var account = AccountDefinition(account: Fixtures.account, revision: 9)
        (account.ordersPer10Seconds, account.ordersPerDay) = (777, 8_888)
        _ = data.apply(.account(account))
        bench.gateway.inbox.post(.reference(data.snapshot()))
        bench.turn()
        let socket = try bench.open("/ws-api/v3")
        socket.socket?.send(
            text: try ClientBench.request(
                "order.place",
                [
                    "symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01",
                    "price": "50000",
                ]))
        bench.run { bench.engine.requests.count == 1 }
        let request = try #require(bench.engine.requests.first)
        bench.gateway.inbox.post(
            .answer(
                request.reply,
                Answer(body: Array("{}".utf8), orderCounts: OrderCounts(in10Seconds: 2, inDay: 3))))
        bench.run { !socket.received.isEmpty }
        let answer = try #require(socket.received.first)
        #expect(answer.contains(#""interval":"SECOND","intervalNum":10,"limit":777,"count":2}"#))
        #expect(answer.contains(#""interval":"DAY","intervalNum":1,"limit":8888,"count":3}"#))
    }

    @Test func `Each socket gets a stream under the name that it asked for`() throws {
        let bench = try ClientBench()
        let short = try bench.open("/stream?streams=btcusdt@depth")
        let long = try bench.open("/stream?streams=btcusdt@depth@1000ms")
        bench.gateway.inbox.post(.stream(StreamKey(.depth, market: InstrumentID(1)), Array("{}".utf8)))
        bench.run { !short.received.isEmpty && !long.received.isEmpty }
        #expect(short.received == [#"{"stream":"btcusdt@depth","data":{}}"#])
        #expect(long.received == [#"{"stream":"btcusdt@depth@1000ms","data":{}}"#])
        #expect(bench.engine.streams.count == 1, "the engine renders it once")
        #expect(
            bench.ask(short, #"{"method":"UNSUBSCRIBE","params":["btcusdt@depth@1000ms"],"id":1}"#)
                == #"{"result":null,"id":1}"#)
        #expect(bench.ask(short, #"{"method":"LIST_SUBSCRIPTIONS","id":2}"#) == #"{"result":[],"id":2}"#)
        long.socket?.close()
        bench.run { bench.engine.streams.last?.isWanted == false }
        #expect(bench.engine.streams.last?.isWanted == false, "nobody is left")
    }

    @Test func `A shutdown is told before sockets close`() throws {
        let bench = try ClientBench()
        let raw = try bench.open("/ws/!serverShutdown?timeUnit=MICROSECOND")
        let wrapped = try bench.open("/stream?streams=!serverShutdown")
        let requests = try bench.open("/ws-api/v3")
        let other = try bench.open("/ws/btcusdt@trade")
        bench.gateway.announceShutdown()
        bench.run { [raw, wrapped, requests].allSatisfy { !$0.received.isEmpty } }
        #expect(raw.received.first?.hasPrefix(#"{"e":"serverShutdown","E":"#) == true)
        #expect(
            wrapped.received.first?.hasPrefix(#"{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":"#) == true
        )
        #expect(requests.received.first?.hasPrefix(#"{"event":{"e":"serverShutdown","E":"#) == true)
        #expect(other.received.isEmpty)
    }

    @Test func `Subscribing again counts no stream twice`() throws {
        let bench = try ClientBench()
        let kinds = ["depth", "depth@100ms", "trade", "aggTrade", "ticker", "miniTicker", "bookTicker", "avgPrice"]
        let names = Fixtures.reference.markets.flatMap { market in
            kinds.map { "\(market.symbol.description.lowercased())@\($0)" }
        }
        let listed = names.map { "\"\($0)\"" }.joined(separator: ",")
        let socket = try bench.open("/ws")
        let times = 1 + StreamSession.maximumStreams / names.count
        let many = Array(repeating: listed, count: times).joined(separator: ",")
        #expect(
            bench.ask(socket, #"{"method":"SUBSCRIBE","params":[\#(many)],"id":1}"#) == #"{"result":null,"id":1}"#)
        #expect(bench.engine.streams.count == names.count)
    }
}
