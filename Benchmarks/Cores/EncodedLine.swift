import LedgerServiceCore
import MarketDataBroadcasterCore
import MatchingEngineCore
import OrderServiceCore
import Records
import TradingCore

/// Records in the order in which they were written, as a log holds them: types and payloads.
struct Mail: ~Copyable {
    private struct Item {
        var type: UInt32
        var start: Int
        var end: Int
    }

    private var writer = RecordWriter(capacity: 1 << 16)
    private var items = KeptList<Item>()

    var count: Int { items.count }

    mutating func clear() {
        writer.clear()
        items.clear()
    }

    @inline(__always)
    mutating func append(_ type: UInt32, _ encode: (inout RecordWriter) -> Void) {
        let start = writer.count
        encode(&writer)
        items.append(Item(type: type, start: start, end: writer.count))
    }

    /// Gives the `index`-th record's type and payload as they stand in the log.
    @inline(__always)
    func withRecord(_ index: Int, _ body: (UInt32, RawSpan) throws(InboxError) -> Void) {
        let item = items[index]
        do throws(InboxError) {
            try writer.withBytes { (bytes) throws(InboxError) in
                try body(item.type, bytes.extracting(item.start..<item.end))
            }
        } catch {
            preconditionFailure("a record cannot be applied: \(error)")
        }
    }
}

/// Encodes every record once, and decodes it where it is an inbox's.
struct EncodedLine: Line, ~Copyable {
    private let cores = Cores()
    private let shared: UnsafeMutablePointer<Shared>

    /// What the sinks share.
    private struct Shared: ~Copyable {
        var numbers = Numbers()
        var orders = Mail()
        var ledger = Mail()
        var matching = Mail()
        var executions = Mail()
        var settlements = Mail()
        /// `account-events` and `market-data`, which are nobody's inbox.
        var outward = Mail()
        var fills = 0
        var refusal: Refusal?
    }

    init() {
        shared = .allocate(capacity: 1)
        shared.initialize(to: Shared())
    }

    deinit {
        cores.deallocate()
        shared.deinitialize(count: 1)
        shared.deallocate()
    }

    var fills: Int { shared.pointee.fills }
    var refusal: Refusal? { shared.pointee.refusal }

    mutating func apply(_ command: borrowing Hour.Command, at clock: Timestamp) {
        shared.pointee.orders.clear()
        switch command {
        case .place(let order):
            shared.pointee.orders.append(OrdersRecord.Number.placeOrder) { order.encode(into: &$0) }
        case .cancel(let cancel):
            shared.pointee.orders.append(OrdersRecord.Number.cancelOrder) { cancel.encode(into: &$0) }
        case .amend(let amendment):
            shared.pointee.orders.append(OrdersRecord.Number.amendOrder) { amendment.encode(into: &$0) }
        }
        run(at: clock)
    }

    mutating func prepare(_ record: OrdersRecord, at clock: Timestamp) {
        shared.pointee.orders.clear()
        shared.pointee.orders.append(record.type) { record.encodePayload(into: &$0) }
        run(at: clock)
    }

    /// Takes the record that stands in `orders` through the services.
    private func run(at clock: Timestamp) {
        shared.pointee.numbers.clock = clock
        check()
        hold()
        match()
        publish()
        settle()
        shared.pointee.outward.clear()
    }

    mutating func list(_ market: InstrumentDefinition, at clock: Timestamp) {
        var sink = Engine(shared: shared)
        let context = RecordContext(clock: clock, writer: Writer(.gateway, 0), epoch: 1, number: 1)
        unbroken { () throws(InvariantViolation) in
            try cores.engine.pointee.apply(.instrument(market), context, to: &sink)
        }
        publish()
    }

    /// order-service.
    private func check() {
        shared.pointee.ledger.clear()
        var sink = Orders(shared: shared)
        let context = shared.pointee.numbers.nextOrder()
        shared.pointee.orders.withRecord(0) { (type, payload) throws(InboxError) in
            try cores.orders.pointee.apply(type: type, payload: payload, context, to: &sink)
        }
    }

    /// ledger-service.
    private func hold() {
        shared.pointee.matching.clear()
        var sink = Ledger(shared: shared)
        for index in 0..<shared.pointee.ledger.count {
            let context = shared.pointee.numbers.nextForLedger()
            shared.pointee.ledger.withRecord(index) { (type, payload) throws(InboxError) in
                try cores.ledger.pointee.apply(type: type, payload: payload, context, to: &sink)
            }
        }
    }

    /// matching-engine.
    private func match() {
        shared.pointee.executions.clear()
        shared.pointee.settlements.clear()
        var sink = Engine(shared: shared)
        for index in 0..<shared.pointee.matching.count {
            let context = shared.pointee.numbers.nextForEngine()
            shared.pointee.matching.withRecord(index) { (type, payload) throws(InboxError) in
                try cores.engine.pointee.apply(type: type, payload: payload, context, to: &sink)
            }
        }
    }

    /// market-data-broadcaster.
    private func publish() {
        var sink = MarketData(shared: shared)
        for index in 0..<shared.pointee.executions.count {
            let context = shared.pointee.numbers.nextExecution()
            if let timer = cores.broadcaster.pointee.nextTimer, timer <= context.clock {
                cores.broadcaster.pointee.fireTimers(at: context.clock, to: &sink)
            }
            shared.pointee.executions.withRecord(index) { (type, payload) throws(InboxError) in
                try cores.broadcaster.pointee.apply(type: type, payload: payload, context, to: &sink)
            }
        }
    }

    /// ledger-service again.
    private func settle() {
        var sink = Ledger(shared: shared)
        for index in 0..<shared.pointee.settlements.count {
            let context = shared.pointee.numbers.nextSettlement()
            shared.pointee.settlements.withRecord(index) { (type, payload) throws(InboxError) in
                try cores.ledger.pointee.apply(type: type, payload: payload, context, to: &sink)
            }
        }
    }

    private struct Orders: OrderSink {
        let shared: UnsafeMutablePointer<Shared>

        mutating func ledger(_ record: LedgerRecord) {
            shared.pointee.ledger.append(record.type) { record.encodePayload(into: &$0) }
        }

        mutating func submit(_ order: borrowing KeptRecord<SubmitOrder>) {
            shared.pointee.ledger.append(LedgerRecord.Number.submitOrder) { order.encode(into: &$0) }
        }

        mutating func cancel(_ cancel: borrowing KeptRecord<CancelOrder>) {
            shared.pointee.ledger.append(LedgerRecord.Number.cancelOrder) { cancel.encode(into: &$0) }
        }
    }

    private struct Ledger: LedgerSink {
        let shared: UnsafeMutablePointer<Shared>

        mutating func submit(_ order: borrowing KeptRecord<SubmitOrder>, to partition: Int) {
            shared.pointee.matching.append(MatchingRecord.Number.submitOrder) { order.encode(into: &$0) }
        }

        mutating func cancel(_ cancel: borrowing KeptRecord<CancelOrder>, to partition: Int) {
            shared.pointee.matching.append(MatchingRecord.Number.cancelOrder) { cancel.encode(into: &$0) }
        }

        mutating func cancelAll(_ cancel: CancelAll, to partition: Int) {
            shared.pointee.matching.append(MatchingRecord.Number.cancelAll) { cancel.encode(into: &$0) }
        }

        mutating func amend(_ amend: AmendOrder, to partition: Int) {
            shared.pointee.matching.append(MatchingRecord.Number.amendOrder) { amend.encode(into: &$0) }
        }

        mutating func accountEvent(_ event: borrowing LedgerEvent) {
            if event.isAnswer, let refusal = event.refusal { shared.pointee.refusal = refusal }
            shared.pointee.outward.append(AccountEventsRecord.Number.event) { event.encode(into: &$0) }
        }

        mutating func journal(_ entry: JournalEntry, _ postings: Span<Posting>) {}
    }

    private struct Engine: MatchingSink {
        let shared: UnsafeMutablePointer<Shared>

        mutating func execution(_ execution: borrowing EngineEvent) {
            shared.pointee.fills += execution.trades.count
            if let refusal = execution.refusal { shared.pointee.refusal = refusal }
            shared.pointee.executions.append(ExecutionsRecord.Number.execution) { execution.encode(into: &$0) }
        }

        mutating func tick(_ tick: EngineTick) {}

        mutating func settlement(_ partition: Int, _ settlement: borrowing KeptRecord<Settlement>) {
            shared.pointee.settlements.append(LedgerRecord.Number.settlement) { settlement.encode(into: &$0) }
        }
    }

    private struct MarketData: MarketDataSink {
        let shared: UnsafeMutablePointer<Shared>

        mutating func update(_ update: borrowing KeptRecord<MarketUpdate>) {
            shared.pointee.outward.append(MarketDataRecord.Number.update) { update.encode(into: &$0) }
        }

        mutating func statistics(_ statistics: MarketStatistics) {
            shared.pointee.outward.append(MarketDataRecord.Number.statistics) { statistics.encode(into: &$0) }
        }

        mutating func snapshot(_ snapshot: MarketSnapshot) {
            shared.pointee.outward.append(MarketDataRecord.Number.snapshot) { snapshot.encode(into: &$0) }
        }
    }
}
