import Messaging
import Records
import Testing
import TradingCore

@testable import GatewayCore

/// Queries for one order when memory alone cannot answer, and what happens when answers get lost.
@Suite struct OrderQueryTests {
    private func query(_ client: ASCIIText, _ id: Int64 = 0) throws -> Operation {
        .order(
            OrderQuery(
                account: Fixtures.account, market: try Fixtures.market, orderID: OrderID(id), clientOrderID: client,
                timestamp: Timestamp(1)))
    }

    /// The ledger's answer to the newest marker.
    private func answerMarker(_ bench: EngineBench, _ order: Int64 = 0) {
        var event = AccountEvent()
        event.marker = Marker(account: Fixtures.account)
        event.orderId = OrderID(order)
        bench.tell(event, origin: bench.lastOrigin())
    }

    private func end(_ bench: EngineBench, _ id: Int64, execution: Int64, origin: Origin = .none) {
        var record = Execution()
        record.instrument = InstrumentID(1)
        record.done = [
            OrderDone(
                orderId: OrderID(id), account: Fixtures.account, reason: .canceled, executionId: ExecutionID(execution))
        ]
        bench.matching.write(
            ExecutionsRecord.execution(record), to: bench.cluster, EngineBench.executions, origin: origin)
        bench.settle()
    }

    @Test func `While the database is away, an order that the ledger does not know may still exist`() throws {
        let bench = try EngineBench()
        bench.history.state.withLock { $0.isAway = true }
        bench.ask(try query("old"))
        answerMarker(bench)
        let error = try #require(bench.answers().first?.answer.error)
        #expect((error.code, error.httpStatus) == (.disconnected, 500))
        bench.history.state.withLock { $0.isAway = false }
        bench.ask(try query("old"))
        answerMarker(bench)
        #expect(bench.answers().first?.answer.error?.code == .noSuchOrder)
    }

    @Test func `An order that ended without a fill is archived after 90 days`() throws {
        let bench = try EngineBench()
        var order = Fixtures.order()
        (order.orderID, order.status) = (OrderID(512), .canceled)
        let end = order.updated.rawValue + 90 * 86_400_000
        func code(_ order: OrderState, at time: Int64) throws -> ErrorCode? {
            bench.history.state.withLock { $0.orders = [order] }
            bench.ask(
                .order(
                    OrderQuery(
                        account: Fixtures.account, market: try Fixtures.market, orderID: order.orderID,
                        clientOrderID: ASCIIText(), timestamp: Timestamp(time))))
            return try #require(bench.answers().first).answer.error?.code
        }
        #expect(try code(order, at: end) == nil)
        #expect(try code(order, at: end + 1) == .orderArchived)
        order.executed = Quantity(1)
        #expect(try code(order, at: end + 1) == nil)
        (order.executed, order.status) = (.zero, .new)
        #expect(try code(order, at: end + 1) == nil)
    }

    @Test func `An order that the engine refused is asked for again after a pause, and does not exist then`() throws {
        let bench = try EngineBench()
        bench.ask(try query("refused"))
        let first = bench.lastOrigin()
        answerMarker(bench, 2_048)
        #expect(bench.lastOrigin() == first, "the next marker waits")
        #expect(bench.answers().isEmpty)
        bench.settle(100_000)
        #expect(bench.lastOrigin().number == first.number + 1)
        answerMarker(bench)
        #expect(bench.answers().map(\.answer.error?.code) == [.noSuchOrder])
    }

    @Test func `The former client id of an amended order is nobody's`() throws {
        let bench = try EngineBench()
        bench.accept(bench.place("first").origin, client: "second")
        _ = bench.answers()
        bench.ask(try query("first"))
        answerMarker(bench, 1_024)
        #expect(bench.answers().first?.answer.error?.code == .noSuchOrder)
        bench.ask(try query("first", 1_024))
        #expect(bench.answers().first?.answer.error?.code == .clientOrderIDMismatch)
    }

    @Test func `After a closed order of a client id the ledger is asked for a newer one`() throws {
        let bench = try EngineBench()
        bench.accept(.none)
        end(bench, 1_024, execution: 2_000)
        _ = bench.answers()

        bench.ask(try query("my-1"))
        #expect(bench.answers().isEmpty)
        answerMarker(bench, 1_024)
        #expect(bench.answers().first.map { bench.text($0.answer).contains(#""orderId":1024,"#) } == true)
        bench.ask(try query("my-1"))
        answerMarker(bench)
        #expect(bench.answers().first.map { bench.text($0.answer).contains(#""orderId":1024,"#) } == true)

        bench.ask(try query("my-1"))
        answerMarker(bench, 2_048)
        #expect(bench.answers().isEmpty)
        bench.accept(.none, id: 2_048, applied: 2)
        #expect(bench.answers().first.map { bench.text($0.answer).contains(#""orderId":2048,"#) } == true)
    }

    @Test func `A lost answer of the database ends its question, and positions are asked for again`() throws {
        let bench = try EngineBench()
        bench.accept(.none)
        _ = bench.answers()
        bench.history.state.withLock { $0.isSilent = true }
        bench.settle(300_000)
        bench.ask(.myTrades(HistoryQuery(account: Fixtures.account, market: try Fixtures.market, limit: 5)))
        bench.settle(1_000_000)
        #expect(bench.answers().first?.answer.error?.code == .disconnected)
        bench.history.state.withLock { state in
            state.isSilent = false
            state.positions.orders = [bench.cluster.end(of: EngineBench.executions)]
        }
        bench.settle(1_000_000)
        bench.settle(1_000_000)
        bench.ask(.myTrades(HistoryQuery(account: Fixtures.account, market: try Fixtures.market, limit: 5)))
        #expect(bench.answers().first.map { bench.text($0.answer) } == "[]")
    }

    @Test func `Requests of a socket that stood behind a shed one are shed too`() throws {
        let bench = try EngineBench()
        let (_, _) = bench.place(closing: 0)
        bench.settle(2_000_000)
        let closings = bench.loops.take().compactMap { message -> UInt64? in
            if case .closeRequestSockets(let closing) = message { return closing }
            return nil
        }
        #expect(closings == [1])
        let before = bench.lastOrigin()
        let late = bench.place("late", closing: 0).address
        #expect(bench.lastOrigin() == before)
        let answers = bench.answers()
        #expect(answers.map(\.address) == [late])
        #expect(answers.first?.answer.error?.code == .overloaded)
        let (_, origin) = bench.place("new", closing: 1)
        #expect(origin != before)
    }
}
