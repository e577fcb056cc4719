import Messaging
import Records
import Testing
import TradingCore

@testable import GatewayCore

/// What the engine makes of records, where it is more than their contents.
@Suite struct EngineAnswerTests {
    @Test func `An answer from the log that does not fit its request leaves the outcome open`() throws {
        let bench = try EngineBench()
        let placement = bench.place()
        var stranger = Execution()
        stranger.instrument = InstrumentID(1)
        (stranger.ledgerApplied, stranger.ledgerWritten) = ([1], [0])
        bench.matching.write(
            ExecutionsRecord.execution(stranger), to: bench.cluster, EngineBench.executions, origin: placement.origin)
        bench.settle()
        let answers = bench.answers()
        #expect(answers.map(\.address) == [placement.address])
        let error = try #require(answers.first?.answer.error)
        #expect((error.code, error.httpStatus) == (.unexpectedResponse, 500))
        #expect(
            error.message == "An unexpected response was received from the message bus. Execution status unknown.")

        // So does one of the ledger that neither refuses nor passes a placement.
        let second = bench.place("my-2")
        var event = AccountEvent()
        event.marker = Marker(account: Fixtures.account, clientOrderId: "my-2")
        bench.tell(event, origin: second.origin)
        #expect(bench.answers().map(\.answer.error?.code) == [.unexpectedResponse])
    }

    @Test func `An amendment tells the id that the order had, also when it was named by its number`() throws {
        let bench = try EngineBench()
        bench.engine.handle(.user(Fixtures.account, .milliseconds, loop: 0, isWanted: true))
        bench.accept(bench.place("before").origin, client: "before")
        _ = bench.loops.take()
        var amend = AmendOrder()
        (amend.account, amend.instrument, amend.orderId) = (Fixtures.account, InstrumentID(1), OrderID(1_024))
        amend.newQuantity = 500_000
        for (execution, id): (Int64, ASCIIText) in [(1_025, "after"), (1_026, "")] {
            bench.ask(.amend(amend))
            var amended = Execution()
            amended.instrument = InstrumentID(1)
            (amended.ledgerApplied, amended.ledgerWritten) = ([1], [0])
            amended.amended = OrderAmended(
                orderId: OrderID(1_024), account: Fixtures.account, newQuantity: Quantity(500), clientOrderId: id,
                executionId: ExecutionID(execution))
            bench.matching.write(
                ExecutionsRecord.execution(amended), to: bench.cluster, EngineBench.executions,
                origin: bench.lastOrigin())
            bench.settle()
            let told = bench.told()
            let before = execution == 1_025 ? "before" : "after"
            #expect(told.answers.first?.contains(#""origClientOrderId":"\#(before)","clientOrderId":"after""#) == true)
            #expect(told.events.first?.contains(#""c":"after""#) == true)
            #expect(told.events.first?.contains(#""C":"\#(before)""#) == true)
        }
    }

    @Test func `Orders that are cancelled together show one id of the cancel and their own`() throws {
        let bench = try EngineBench()
        bench.engine.handle(.user(Fixtures.account, .milliseconds, loop: 0, isWanted: true))
        let names: [ASCIIText] = ["one", "two"]
        for (index, name) in names.enumerated() {
            bench.accept(bench.place(name).origin, id: 1_024 + Int64(index), client: name)
        }
        _ = bench.loops.take()
        var cancel = CancelAll()
        (cancel.account, cancel.instrument, cancel.reason) = (Fixtures.account, InstrumentID(1), .canceled)
        bench.ask(.cancelAll(cancel))
        var ended = Execution()
        ended.instrument = InstrumentID(1)
        (ended.ledgerApplied, ended.ledgerWritten) = ([2], [0])
        ended.done = (0..<2).map {
            OrderDone(
                orderId: OrderID(1_024 + $0), account: Fixtures.account, reason: .canceled,
                executionId: ExecutionID(2_000 + $0))
        }
        bench.matching.write(
            ExecutionsRecord.execution(ended), to: bench.cluster, EngineBench.executions, origin: bench.lastOrigin())
        bench.settle()
        let told = bench.told()
        let answer = try #require(told.answers.first)
        for name in ["one", "two"] { #expect(answer.contains(#""origClientOrderId":"\#(name)","#)) }
        #expect(answer.components(of: #""clientOrderId":"all-1-2000""#) == 2)
        #expect(told.events.count == 2)
        for (event, name) in zip(told.events, ["one", "two"]) {
            #expect(event.contains(#""c":"all-1-2000""#))
            #expect(event.contains(#""C":"\#(name)""#))
        }
    }

    @Test func `Aggregated trades up to an end have what the database has not got yet`() throws {
        let bench = try EngineBench()
        bench.trade(aggregates: 5...9)
        func ids(_ limit: Int, from: Int64? = nil, start: Int64? = nil, end: Int64?) throws -> [Int] {
            let query = RangeQuery(
                market: try Fixtures.market, fromID: from, start: start.map { Timestamp($0) },
                end: end.map { Timestamp($0) }, limit: limit)
            bench.ask(.aggregateTrades(query))
            bench.settle()
            return try bench.told().answers.flatMap { answer in
                try answer.split(separator: #"{"a":"#).dropFirst().map { row in
                    try #require(Int(row.prefix { $0.isNumber }))
                }
            }
        }
        bench.history.state.withLock { $0.aggregates = [3, 4, 5, 6].map { EngineBench.aggregate($0) } }
        #expect(try ids(2, end: 108) == [7, 8], "from memory alone")
        #expect(try ids(5, end: 108) == [4, 5, 6, 7, 8])
        #expect(try ids(500, start: 103, end: 108) == [3, 4, 5, 6, 7, 8])
        #expect(try ids(3, start: 103, end: 108) == [3, 4, 5])
        #expect(try ids(500, from: 3, end: nil) == [3, 4, 5, 6, 7, 8, 9])
        #expect(try ids(500, from: 6, end: nil) == [6, 7, 8, 9])
    }
}

extension EngineBench {
    /// The answers and user events since the last look.
    func told() -> (answers: [String], events: [String]) {
        var (answers, events): ([String], [String]) = ([], [])
        for message in loops.take() {
            switch message {
            case .answer(_, let answer): answers.append(text(answer))
            case .user(_, _, let bytes): events.append(String(decoding: bytes, as: UTF8.self))
            default: break
            }
        }
        return (answers, events)
    }

    /// An aggregated trade of one trade, made at 100 ms and as many as its number.
    static func aggregate(_ id: Int64) -> AggregateTrade {
        AggregateTrade(
            aggregateId: id, price: Price(100), quantity: Quantity(1), firstTradeId: TradeID(id),
            lastTradeId: TradeID(id), time: Timestamp(100 + id))
    }

    /// The broadcaster tells of aggregated trades.
    func trade(aggregates: ClosedRange<Int64>) {
        for id in aggregates {
            var update = MarketUpdate()
            update.instrument = InstrumentID(1)
            update.aggregates = [EngineBench.aggregate(id)]
            broadcaster.write(MarketDataRecord.update(update), to: cluster, EngineBench.marketData)
        }
        settle()
        _ = loops.take()
    }
}

extension String {
    fileprivate func components(of part: String) -> Int {
        split(separator: part, omittingEmptySubsequences: false).count - 1
    }
}
