import Network
import Records
import ServiceKit
import Synchronization
import Testing
import TradingCore
import Web

@testable import GatewayCore

/// Every request belongs to a trace: the client's, or one of its own.
struct TraceTests {
    private static let header = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
    private static let given = Records.TraceContext(
        traceIDHigh: 0x0af7_6519_16cd_43dd, traceIDLow: 0x8448_eb21_1c80_319c, parentSpanID: 0xb7ad_6b71_6920_3331,
        flags: 0)

    private func traces(_ bench: ClientBench) throws -> [Records.TraceContext] {
        try bench.engine.requests.map { try #require($0.trace) }
    }

    @Test func `A REST request has the client's trace, or one of its own`() throws {
        let bench = try ClientBench()
        for trace in [TraceTests.header, nil, nil, "00-nonsense"] {
            _ = bench.send("GET", "/api/v3/depth?symbol=BTCUSDT", trace: trace)
            bench.reply(Answer(body: Array("{}".utf8)))
        }
        let traces = try traces(bench)
        #expect(traces.first == TraceTests.given)
        #expect(Set(traces.map(\.traceIDLow)).count == 4)
        #expect(traces.allSatisfy { ServiceKit.TraceContext($0) != nil })
    }

    @Test func `The requests of a socket have the trace of its handshake, or one each`() throws {
        let bench = try ClientBench()
        for trace in [TraceTests.header, nil] {
            let socket = try bench.open("/ws-api/v3", trace: trace)
            for _ in 0..<2 {
                let known = bench.engine.requests.count
                socket.socket?.send(text: try ClientBench.request("account.status", [:]))
                bench.run { bench.engine.requests.count > known }
            }
        }
        let traces = try traces(bench)
        #expect(traces.count == 4)
        #expect(traces.prefix(2).allSatisfy { $0 == TraceTests.given })
        #expect(Set(traces.map(\.traceIDLow)).count == 3)
    }

    @Test func `Every answered request is observed with its trace, wherever it was answered`() throws {
        let bench = try ClientBench()
        _ = bench.send("GET", "/api/v3/depth?symbol=BTCUSDT", trace: TraceTests.header)
        bench.reply(Answer(error: ApiError(.disconnected)))
        _ = bench.send("GET", "/api/v3/ping", trace: TraceTests.header)
        _ = bench.send("GET", "/api/v3/depth?symbol=NOPE", trace: TraceTests.header)
        let socket = try bench.open("/ws-api/v3", trace: TraceTests.header)
        _ = bench.ask(socket, #"{"id":1,"method":"ping"}"#)
        _ = bench.ask(socket, #"{"id":1,"method":"depth","params":{"symbol":"NOPE"}}"#)
        let observed = bench.observed.all.withLock { $0 }
        #expect(observed.map(\.endpoint) == ["depth", "ping", "depth", "ping", "depth"])
        #expect(observed.map { $0.error?.code } == [.disconnected, nil, .badSymbol, nil, .badSymbol])
        #expect(observed.allSatisfy { $0.trace == TraceTests.given })
        #expect(Set(observed.map(\.request)).count == 5)
    }
}
