import Records
import Testing
import TradingCore

@testable import MatchingEngineCore

/// Keeps everything that an engine says.
struct CollectingSink: MatchingSink, Equatable {
    struct Settled: Equatable {
        var partition: Int
        var settlement: Settlement
    }

    var executions: [Execution] = []
    var ticks: [EngineTick] = []
    var settlements: [Settled] = []

    mutating func execution(_ execution: borrowing EngineEvent) {
        let record = execution.execution
        var writer = RecordWriter()
        execution.encode(into: &writer)
        if writer.array != record.encoded { Issue.record("an event is encoded otherwise than its record") }
        executions.append(record)
    }

    mutating func tick(_ tick: EngineTick) { ticks.append(tick) }
    mutating func settlement(_ partition: Int, _ settlement: borrowing KeptRecord<Settlement>) {
        settlements.append(Settled(partition: partition, settlement: settlement.value))
    }
}

/// An engine, its inbox's numbers, and short ways to say what arrives.
final class EngineBench {
    static let market = InstrumentID(1)

    var core = MatchingCore(partition: 0)
    private(set) var numbers: [UInt32: UInt64] = [:]
    var clock = Timestamp(1_000)
    private var lastOrder: Int64 = 0

    init(listed: Bool = true) throws {
        if listed { _ = try apply(.instrument(EngineBench.definition())) }
    }

    static func definition(
        _ instrument: InstrumentID = market, revision: UInt64 = 1, status: TradingStatus = .trading
    ) -> InstrumentDefinition {
        InstrumentDefinition(
            instrument: instrument, revision: revision, symbol: "BTCUSDT", baseAsset: AssetID(1),
            quoteAsset: AssetID(2),
            partition: 0, status: status, baseDecimals: 8, quoteDecimals: 8, tickSize: 1_000_000, stepSize: 1_000)
    }

    /// 0.01 × 0.00001 at 8 decimals: 10 quote minor units a tick and lot.
    static let scale = InstrumentScale(quotePerTickLot: 10, basePerLot: 1_000)

    func context(_ writer: Writer, numbered: Bool = true) -> RecordContext {
        guard numbered else { return RecordContext(clock: clock, writer: writer, number: 0) }
        numbers[writer.rawValue, default: 0] += 1
        return RecordContext(clock: clock, writer: writer, number: numbers[writer.rawValue, default: 0])
    }

    func apply(_ record: MatchingRecord, ledger: Int = 0) throws -> CollectingSink {
        var sink = CollectingSink()
        let writer: Writer
        switch record {
        case .instrument, .raiseLogicVersion: writer = Writer(.gateway, 0)
        case .tick: writer = Writer(.matchingEngine, 0)
        default: writer = Writer(.ledgerService, ledger)
        }
        var numbered = true
        if case .tick = record { numbered = false }
        try core.apply(record, context(writer, numbered: numbered), to: &sink)
        core.checkInvariants()
        return sink
    }

    func order(
        _ side: Side, _ quantity: Int64, at price: Int64, account: UInt32 = 1, type: OrderType = .limit,
        _ timeInForce: TimeInForce = .goodTillCanceled, quote: Int64 = 0, prevention: SelfTradePrevention = .none,
        group: UInt32 = 0, deadline: Int64 = 0
    ) -> SubmitOrder {
        lastOrder += 1
        return SubmitOrder(
            orderId: OrderID(lastOrder << 10), account: AccountID(account), instrument: EngineBench.market,
            clientOrderId: "c", side: side, type: type, timeInForce: timeInForce, price: Price(price),
            quantity: Quantity(quantity), quoteQuantity: Amount(quote), selfTradePrevention: prevention,
            makerBasisPoints: 8, takerBasisPoints: 10, deadline: Timestamp(deadline), quotePerTickLot: 10,
            basePerLot: 1_000, tradeGroup: group)
    }

    /// Submits and gives the order's id and what came of it.
    @discardableResult
    func submit(_ order: SubmitOrder, ledger: Int = 0) throws -> (
        id: OrderID, execution: Execution, all: CollectingSink
    ) {
        let sink = try apply(.submitOrder(order), ledger: ledger)
        return (order.orderId, try #require(sink.executions.first), sink)
    }

    func cancel(
        _ id: OrderID, account: UInt32 = 1, restriction: CancelRestriction = .none
    ) throws -> Execution {
        let sink = try apply(
            .cancelOrder(
                CancelOrder(
                    account: AccountID(account), instrument: EngineBench.market, orderId: id, clientOrderId: "cancel",
                    restriction: restriction)))
        return try #require(sink.executions.first)
    }
}

extension MatchingCore {
    /// The book of a market as prices and quantities, the best first.
    func depth(_ instrument: InstrumentID, _ side: Side) -> [BookLevel] {
        guard let book = books.book(instrument) else { return [] }
        let bookSide = books.side(OrderBooks.sideIndex(book, side))
        var levels: [BookLevel] = []
        var slot = bookSide.pointee.best
        while slot != noSlot {
            let level = books.levels[slot].pointee
            levels.append(BookLevel(price: level.price, quantity: level.quantity))
            slot = books.levels.next(after: slot, in: bookSide)
        }
        return levels
    }

    /// Expects what holds of every book after every input.
    func checkInvariants() { #expect(brokenInvariant == nil) }

    /// What is wrong: a crossed book, a wrong sum or count, an order that its id does not find.
    private var brokenInvariant: String? {
        var total = 0
        for book in 0..<books.marketCount {
            let sides = Side.allCases.map { OrderBooks.sideIndex(book, $0) }
            let best = sides.map { books.side($0).pointee.best }
            if !best.contains(noSlot), books.levels[best[0]].pointee.price >= books.levels[best[1]].pointee.price {
                return "the book is crossed"
            }
            for side in sides {
                if let broken = brokenSide(side, &total) { return broken }
            }
        }
        return total == books.orders.count ? nil : "an order stands in no level"
    }

    private func brokenSide(_ index: UInt32, _ orders: inout Int) -> String? {
        let side = books.side(index)
        var slot = side.pointee.best
        var levels = 0
        var previousKey: UInt64?
        while slot != noSlot {
            let level = books.levels[slot].pointee
            let key = side.pointee.key(level.price)
            if let previousKey, key <= previousKey { return "levels are out of order" }
            previousKey = key
            if level.change != 0 || level.side != index { return "level \(level) is unfinished or on another side" }
            if books.levels.find(level.price, in: side) != slot { return "level \(level) is not found by its price" }
            if let broken = brokenLevel(level, slot) { return broken }
            levels += 1
            orders += Int(level.orderCount)
            slot = books.levels.next(after: slot, in: side)
        }
        return levels == side.pointee.levelCount ? nil : "a side counts its levels wrongly"
    }

    private func brokenLevel(_ level: Level, _ slot: UInt32) -> String? {
        var sum = Quantity.zero
        var count: UInt32 = 0
        var previous = noSlot
        var order = level.first
        while order != noSlot {
            let resting = books.orders[order].pointee
            guard resting.remaining > .zero, resting.level == slot, resting.previous == previous,
                books.slot(resting.id) == order
            else { return "order \(resting) does not stand where it says" }
            sum += resting.remaining
            count += 1
            previous = order
            order = resting.next
        }
        guard level.last == previous, sum == level.quantity, count == level.orderCount, count > 0 else {
            return "the sum or the count of level \(level) is wrong"
        }
        return nil
    }

    var encodedState: [UInt8] {
        var writer = StateWriter()
        encodeState(into: &writer)
        return writer.bytes
    }
}

extension MatchingCore {
    /// Applies a record by way of its encoding, as it comes from the log.
    mutating func applyEncoded(
        _ record: MatchingRecord, _ context: RecordContext, to sink: inout CollectingSink
    ) throws(InboxError) {
        var writer = RecordWriter()
        record.encodePayload(into: &writer)
        let payload = writer.array
        try apply(type: record.type, payload: payload.span.bytes, context, to: &sink)
    }
}
