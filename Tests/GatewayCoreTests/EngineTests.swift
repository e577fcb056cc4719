import Messaging
import Records
import ServiceKit
import Synchronization
import Testing
import TradingCore

@testable import GatewayCore

/// What the engine told the loops.
final class RecordingLoops: LoopPort {
    let messages = Mutex<[LoopMessage]>([])
    let all: Range<UInt16> = 0..<1

    func post(_ message: LoopMessage, to loop: UInt16) { messages.withLock { $0.append(message) } }

    func take() -> [LoopMessage] {
        messages.withLock { messages in
            defer { messages = [] }
            return messages
        }
    }
}

/// A history that a test fills.
final class TestHistory: HistoryStore {
    struct State {
        var positions = HistoryPositions(orders: [0])
        var orders: [OrderState] = []
        var aggregates: [AggregateTrade] = []
        var isAway = false
        /// Answers get lost.
        var isSilent = false

        func found(_ query: RangeQuery) -> [AggregateTrade] {
            let all = aggregates.filter { trade in
                trade.aggregateId >= query.fromID ?? 0 && trade.time >= query.start ?? Timestamp(0)
                    && trade.time <= query.end ?? Timestamp(.max)
            }
            return query.fromID == nil && query.start == nil
                ? Array(all.suffix(query.limit)) : Array(all.prefix(query.limit))
        }
    }

    let state = Mutex(State())

    func ask(_ question: HistoryQuestion, _ completion: @escaping @Sendable (HistoryResult) -> Void) {
        let result: HistoryResult = state.withLock { state in
            if state.isAway { return .unavailable("away") }
            switch question {
            case .positions: return .positions(state.positions)
            case .order(let query):
                return .orders(
                    state.orders.filter {
                        $0.orderID == query.orderID || $0.clientOrderID == query.clientOrderID
                    })
            case .orders: return .orders(state.orders)
            case .fills: return .fills([])
            case .candles: return .candles([])
            case .trades: return .trades([])
            case .aggregateTrades(let query): return .aggregateTrades(state.found(query))
            }
        }
        if state.withLock({ $0.isSilent }) { return }
        completion(result)
    }
}

/// Takes what other threads would post.
final class ResultBox: FinishedPort {
    let waiting = Mutex<[FinishedQuery]>([])

    func post(_ finished: FinishedQuery) -> Bool {
        waiting.withLock { $0.append(finished) }
        return true
    }

    func take() -> [FinishedQuery] {
        waiting.withLock { messages in
            defer { messages = [] }
            return messages
        }
    }
}

/// Writes a processor's records, numbered and chained, as its runtime would.
struct ProcessorPen {
    let writer: Writer
    private var numbers: [TopicPartition: (number: UInt64, hash: UInt64)] = [:]

    init(_ kind: WriterKind) { writer = Writer(kind, 0) }

    mutating func write(
        _ record: some RecordUnion, to cluster: InMemoryCluster, _ destination: TopicPartition,
        origin: Origin = .none, cause: (Writer, UInt64) = (Writer(rawValue: 0), 0), isFact: Bool = false
    ) {
        var frame = FrameWriter()
        var state = numbers[destination] ?? (0, 0)
        var header = EnvelopeHeader(
            writer: writer, number: isFact ? 0 : state.number + 1, causeWriter: cause.0, causeNumber: cause.1,
            origin: origin, schemaVersion: 1)
        header.type = record.type
        guard let hash = frame.append(header, record, after: isFact ? 0 : state.hash) else { return }
        if !isFact {
            state = (state.number + 1, hash)
            numbers[destination] = state
        }
        cluster.append(frame.array, to: destination)
    }
}

/// A gateway's engine over a log in memory; the test plays ledger and engine.
final class EngineBench {
    static let orders = TopicPartition(.orders, UInt16(0))
    static let executions = TopicPartition(.executions, UInt16(0))
    static let accountEvents = TopicPartition(.accountEvents, UInt16(0))
    static let marketData = TopicPartition(.marketData, UInt16(0))
    static let engineWriter = Writer(.matchingEngine, 0)

    let cluster = InMemoryCluster()
    let loops = RecordingLoops()
    let history = TestHistory()
    let results = ResultBox()
    let slots = InMemorySlots()
    let engine: GatewayEngine<InMemoryLog>
    let metrics: GatewayMetrics
    var matching = ProcessorPen(.matchingEngine)
    var ledger = ProcessorPen(.ledgerService)
    var broadcaster = ProcessorPen(.marketDataBroadcaster)
    var now: Int64 = 1_000_000
    private var nextSlot: UInt32 = 0
    private var read: [TopicPartition: Int] = [:]

    init() throws {
        var configuration = EngineConfiguration(slot: 0)
        configuration.writer.frameMicroseconds = 0
        let cluster = cluster
        metrics = try GatewayMetrics(MetricsRegistry())
        engine = GatewayEngine(
            configuration, log: try InMemoryLog(cluster), registry: slots.registry(),
            start: EngineStart(accountPartitions: 1, marketPartitions: 1), loops: loops, history: history,
            keys: MemoryApiKeyStore(), metrics: metrics, wallClock: { cluster.now })
        engine.results = results
        var gateway = ProcessorPen(.gateway)
        for record in Fixtures.records {
            gateway.write(record, to: cluster, TopicPartition(.referenceData, 0), isFact: true)
        }
        settle()
        _ = loops.take()
    }

    func settle(_ microseconds: Int64 = 1_000) {
        for _ in 0..<8 {
            now += microseconds
            engine.begin(now: now)
            for finished in results.take() { engine.finish(finished) }
            engine.turn(now: now)
        }
    }

    @discardableResult
    func ask(_ operation: Operation, closing: UInt64? = nil) -> ReplyAddress {
        nextSlot += 1
        let address = ReplyAddress(loop: 0, slot: nextSlot, generation: 0)
        engine.begin(now: now)
        engine.handle(.request(EngineRequest(reply: address, operation: operation, closing: closing)))
        settle()
        return address
    }

    func place(_ client: ASCIIText = "my-1", closing: UInt64? = nil) -> (address: ReplyAddress, origin: Origin) {
        var order = PlaceOrder()
        (order.account, order.instrument, order.clientOrderId) = (Fixtures.account, InstrumentID(1), client)
        (order.quantity, order.price) = (1_000_000, 5_000_000_000_000)
        let address = ask(.place(order, .full), closing: closing)
        return (address, lastOrigin())
    }

    /// The origin of the newest record that the gateway has written to `orders`.
    func lastOrigin() -> Origin {
        var origin = Origin.none
        for found in cluster.frames(of: EngineBench.orders) {
            var reader = FrameReader()
            while let item = reader.next(in: found.bytes.span.bytes) {
                guard case .record(let record) = item else { continue }
                origin = Origin(
                    writer: record.header.writer, epoch: record.header.epoch, number: record.header.number,
                    log: EngineBench.orders.rawValue)
            }
        }
        return origin
    }

    func accept(_ origin: Origin, id: Int64 = 1_024, client: ASCIIText = "my-1", applied: UInt64 = 1) {
        var execution = Execution()
        execution.instrument = InstrumentID(1)
        execution.ledgerApplied = [applied]
        execution.ledgerWritten = [0]
        execution.accepted = OrderAccepted(
            orderId: OrderID(id), account: Fixtures.account, clientOrderId: client, price: Price(5_000_000),
            quantity: Quantity(1_000), executionId: ExecutionID(id), ordersIn10Seconds: 3, ordersInDay: 4)
        matching.write(ExecutionsRecord.execution(execution), to: cluster, EngineBench.executions, origin: origin)
        settle()
    }

    func tell(_ event: AccountEvent, origin: Origin = .none, cause: (Writer, UInt64) = (Writer(rawValue: 0), 0)) {
        ledger.write(
            AccountEventsRecord.event(event), to: cluster, EngineBench.accountEvents, origin: origin, cause: cause)
        settle()
    }

    func answers() -> [(address: ReplyAddress, answer: Answer)] {
        loops.take().compactMap { message in
            if case .answer(let address, let answer) = message { return (address, answer) }
            return nil
        }
    }

    func text(_ answer: Answer) -> String { String(decoding: answer.body, as: UTF8.self) }
}

@Suite struct EngineTests {
    @Test func `A placement is answered by the execution that names it, with the counts stamped on it`() throws {
        let bench = try EngineBench()
        let (address, origin) = bench.place()
        #expect(bench.answers().isEmpty)
        bench.accept(origin)
        let answers = bench.answers()
        #expect(answers.map(\.address) == [address])
        let answer = try #require(answers.first?.answer)
        #expect(answer.orderCounts == OrderCounts(in10Seconds: 3, inDay: 4))
        #expect(bench.text(answer).hasPrefix(#"{"symbol":"BTCUSDT","orderId":1024,"#))
        #expect(bench.text(answer).hasSuffix(#""fills":[]}"#))
    }

    @Test func `A hold on the way to the engine is no answer, a refusal is`() throws {
        let bench = try EngineBench()
        let (address, origin) = bench.place()
        var held = AccountEvent()
        held.orderId = OrderID(1_024)
        held.forwards = [Forward(matchingPartition: 0, number: 1)]
        bench.tell(held, origin: origin)
        #expect(bench.answers().isEmpty)
        var refused = AccountEvent()
        var refusal = Refusal()
        refusal.reason = .insufficientBalance
        refused.refusal = refusal
        bench.tell(refused, origin: origin)
        let answers = bench.answers()
        #expect(answers.map(\.address) == [address])
        #expect(answers.first?.answer.error?.code == .newOrderRejected)
    }

    @Test func `A balance event waits for the execution that its order led to`() throws {
        let bench = try EngineBench()
        bench.engine.handle(.user(Fixtures.account, .milliseconds, loop: 0, isWanted: true))
        let (_, origin) = bench.place()
        var held = AccountEvent()
        held.orderId = OrderID(1_024)
        held.forwards = [Forward(matchingPartition: 0, number: 1)]
        held.balances = [Balance(account: Fixtures.account, asset: AssetID(2), free: Amount(5), locked: Amount(7))]
        bench.tell(held, origin: origin)
        #expect(bench.userEvents().isEmpty)
        bench.accept(origin)
        #expect(
            bench.userEvents().map { $0.prefix(26) } == [
                #"{"e":"executionReport","E":"#.prefix(26), #"{"e":"outboundAccountPositi"#.prefix(26),
            ])
    }

    @Test func `A settlement's balances wait until the engine's record of the trade was seen`() throws {
        let bench = try EngineBench()
        bench.engine.handle(.user(Fixtures.account, .milliseconds, loop: 0, isWanted: true))
        var settled = AccountEvent()
        settled.balances = [Balance(account: Fixtures.account, asset: AssetID(1), free: Amount(5), locked: .zero)]
        bench.tell(settled, cause: (EngineBench.engineWriter, 1))
        #expect(bench.userEvents().isEmpty)
        bench.matching.write(
            ExecutionsRecord.tick(EngineTick(ledgerApplied: [0], ledgerWritten: [1])), to: bench.cluster,
            EngineBench.executions, isFact: true)
        bench.settle()
        #expect(bench.userEvents().count == 1)
    }

    @Test func `A deposit is told as what came in`() throws {
        let bench = try EngineBench()
        bench.engine.handle(.user(Fixtures.account, .milliseconds, loop: 0, isWanted: true))
        var event = AccountEvent()
        event.deposit = DepositPosted(account: Fixtures.account, asset: AssetID(1), amount: Amount(100_000_000))
        event.balances = [
            Balance(account: Fixtures.account, asset: AssetID(1), free: Amount(100_000_000), locked: .zero)
        ]
        bench.tell(event)
        let events = bench.userEvents()
        #expect(events.count == 2)
        #expect(events.first?.contains(#""e":"balanceUpdate""#) == true)
        #expect(events.first?.contains(#""d":"1.00000000""#) == true)
    }

    @Test func `An open order is found, an unknown one asks the ledger first`() throws {
        let bench = try EngineBench()
        bench.accept(bench.place().origin)
        _ = bench.answers()
        func query(_ client: ASCIIText) throws -> OrderQuery {
            OrderQuery(
                account: Fixtures.account, market: try Fixtures.market, orderID: OrderID(0), clientOrderID: client,
                timestamp: Timestamp(1))
        }
        bench.ask(.order(try query("my-1")))
        #expect(bench.answers().first.map { bench.text($0.answer).contains(#""clientOrderId":"my-1""#) } == true)

        let before = bench.lastOrigin()
        bench.ask(.order(try query("nobody")))
        let marker = bench.lastOrigin()
        #expect(marker.number == before.number + 1)
        #expect(bench.answers().isEmpty)
        var event = AccountEvent()
        event.marker = Marker(account: Fixtures.account, clientOrderId: "nobody")
        bench.tell(event, origin: marker)
        #expect(bench.answers().first?.answer.error?.code == .noSuchOrder)
    }

    @Test func `An order that the ledger has just handed on is waited for`() throws {
        let bench = try EngineBench()
        let origin = bench.place().origin
        bench.ask(
            .order(
                OrderQuery(
                    account: Fixtures.account, market: try Fixtures.market, orderID: OrderID(0), clientOrderID: "my-1",
                    timestamp: Timestamp(1))))
        var event = AccountEvent()
        event.marker = Marker(account: Fixtures.account, clientOrderId: "my-1")
        event.orderId = OrderID(1_024)
        bench.tell(event, origin: bench.lastOrigin())
        #expect(bench.answers().isEmpty)
        bench.accept(origin)
        #expect(bench.answers().filter { $0.answer.error == nil }.count == 2)
    }

    @Test func `Balances wait until they show what executions show`() throws {
        let bench = try EngineBench()
        bench.accept(.none, applied: 1)
        _ = bench.answers()
        bench.ask(.account(Fixtures.account, omitZero: true))
        #expect(bench.answers().isEmpty, "the ledger's record of the hold has not been seen")
        var held = AccountEvent()
        held.forwards = [Forward(matchingPartition: 0, number: 1)]
        held.balances = [Balance(account: Fixtures.account, asset: AssetID(2), free: Amount(5), locked: Amount(7))]
        bench.tell(held)
        let answer = try #require(bench.answers().first?.answer)
        #expect(bench.text(answer).contains(#"{"asset":"USDT","free":"0.00000005","locked":"0.00000007"}"#))
    }

    @Test func `A query that waits too long is refused`() throws {
        let bench = try EngineBench()
        bench.accept(.none, applied: 1)
        _ = bench.answers()
        bench.ask(.account(Fixtures.account, omitZero: true))
        bench.settle(1_000_000)
        #expect(bench.answers().first?.answer.error?.code == .overloaded)
    }

    @Test func `A history is read once it has everything that executions hold`() throws {
        let bench = try EngineBench()
        bench.accept(.none)
        _ = bench.answers()
        let query = HistoryQuery(account: Fixtures.account, market: try Fixtures.market, limit: 500)
        bench.ask(.allOrders(query))
        #expect(bench.answers().isEmpty)
        bench.history.state.withLock { state in
            state.positions.orders = [bench.cluster.end(of: EngineBench.executions)]
            state.orders = [Fixtures.order()]
        }
        bench.settle(20_000)
        #expect(bench.answers().first.map { bench.text($0.answer).hasPrefix(#"[{"symbol":"BTCUSDT""#) } == true)
    }

    @Test func `A request without an answer ends the epoch, and sockets that sent requests close`() throws {
        let bench = try EngineBench()
        let (address, _) = bench.place()
        bench.settle(2_000_000)
        let messages = bench.loops.take()
        let answered = messages.compactMap { message -> ErrorCode? in
            if case .answer(address, let answer) = message { return answer.error?.code }
            return nil
        }
        #expect(answered == [.timeout])
        #expect(messages.contains { if case .closeRequestSockets = $0 { true } else { false } })
        _ = bench.place("my-2")
        #expect(bench.lastOrigin().number == 1, "a new epoch numbers from the beginning")
    }

    @Test func `A broker that is away makes the gateway shed`() throws {
        let bench = try EngineBench()
        bench.cluster.isAway = true
        _ = bench.place()
        bench.settle(300_000)
        _ = bench.place("my-2")
        #expect(bench.answers().contains { $0.answer.error?.code == .overloaded })
    }

    @Test func `What is not applied of each topic is measured`() throws {
        let bench = try EngineBench()
        bench.accept(.none)
        bench.engine.updateGauges()
        #expect(bench.metrics.lags.map(\.topic) == [.executions, .accountEvents, .marketData, .referenceData])
        #expect(bench.metrics.lags.allSatisfy { $0.gauge.value == 0 })
        #expect(bench.metrics.apply.snapshot().count > 0)
    }

    @Test func `Depth events go to the loops that want them, once a cadence`() throws {
        let bench = try EngineBench()
        let key = StreamKey(.depthFast, market: InstrumentID(1))
        bench.engine.handle(.stream(key, loop: 0, isWanted: true))
        for number in Int64(1)...2 {
            var update = MarketUpdate()
            update.instrument = InstrumentID(1)
            (update.firstUpdateId, update.lastUpdateId) = (UpdateID(number), UpdateID(number))
            update.levels = [LevelChange(side: .buy, price: Price(100), quantity: Quantity(number))]
            bench.broadcaster.write(MarketDataRecord.update(update), to: bench.cluster, EngineBench.marketData)
        }
        bench.settle()
        bench.engine.sendFastBooks()
        bench.engine.sendFastBooks()
        let events = bench.loops.take().compactMap { message -> String? in
            if case .stream(key, let bytes) = message { return String(decoding: bytes, as: UTF8.self) }
            return nil
        }
        #expect(events.count == 1)
        #expect(events.first?.contains(#""U":1,"u":2,"b":[["1.00000000","0.00002000"]],"a":[]"#) == true)
    }

    @Test func `An operator's definition is answered once the gateway has it`() throws {
        let bench = try EngineBench()
        let answered = Mutex<[OperatorAnswer]>([])
        var asset = Fixtures.asset(9, "SOL")
        asset.revision = 5
        bench.engine.handle(
            .operatorRecord(
                OperatorSubmission(.reference(.asset(asset), key: "asset/9")) { answer in
                    answered.withLock { $0.append(answer) }
                }))
        bench.settle()
        #expect(answered.withLock { $0 } == [.event(AccountEvent())])
        #expect(bench.engine.reference.assets[AssetID(9)]?.code == "SOL")
    }
}

extension EngineBench {
    /// The user events told since the last look, in order.
    func userEvents() -> [String] {
        loops.take().compactMap { message in
            if case .user(_, _, let bytes) = message { return String(decoding: bytes, as: UTF8.self) }
            return nil
        }
    }
}
