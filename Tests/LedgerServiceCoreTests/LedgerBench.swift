import LedgerServiceBooks
import Records
import Testing
import TradingCore

@testable import LedgerServiceCore

/// A journal entry with its postings.
struct Entry {
    var header: JournalEntry
    var postings: [Posting]

    var kind: JournalKind { header.kind }

    var isBalanced: Bool {
        Set(postings.map(\.asset)).allSatisfy { asset in
            postings.filter { $0.asset == asset }.map { Int128($0.amount.rawValue) }.reduce(0, +) == 0
        }
    }
}

/// Everything that one input gave.
struct Outcome: LedgerSink {
    var matching: [(partition: Int, record: MatchingRecord)] = []
    var events: [AccountEvent] = []
    var entries: [Entry] = []

    mutating func submit(_ order: borrowing KeptRecord<SubmitOrder>, to partition: Int) {
        matching.append((partition, .submitOrder(order.value)))
    }
    mutating func cancel(_ cancel: borrowing KeptRecord<CancelOrder>, to partition: Int) {
        matching.append((partition, .cancelOrder(cancel.value)))
    }
    mutating func cancelAll(_ cancel: CancelAll, to partition: Int) { matching.append((partition, .cancelAll(cancel))) }
    mutating func amend(_ amend: AmendOrder, to partition: Int) { matching.append((partition, .amendOrder(amend))) }
    mutating func accountEvent(_ event: borrowing LedgerEvent) {
        events.append(event.accountEvent)
        var writer = RecordWriter()
        event.encode(into: &writer)
        #expect(writer.array == event.accountEvent.encoded)
    }
    mutating func journal(_ entry: JournalEntry, _ postings: Span<Posting>) {
        entries.append(Entry(header: entry, postings: postings.indices.map { postings[$0] }))
    }

    var refusal: Refusal? { events.first?.refusal }
}

/// A ledger with the demo's BTC/USDT market, fed record by record; money is checked after every one.
final class LedgerBench {
    static let btc = AssetID(1)
    static let usdt = AssetID(2)
    static let market = InstrumentID(7)
    /// Ticks of 0.01 USDT, lots of 0.00001 BTC, eight decimals.
    static let scale = InstrumentScale(quotePerTickLot: 10, basePerLot: 1_000)

    var core: LedgerCore
    var clock: Int64 = 1_700_000_000_000
    private var number: UInt64 = 0
    private var nextOrder: Int64 = 0
    private var journal = JournalRows()

    init(partition: Int = 0) {
        core = LedgerCore(partition: partition, tracksChanges: true)
    }

    var context: RecordContext {
        RecordContext(clock: Timestamp(clock), writer: Writer(.orderService, 0), number: number)
    }

    @discardableResult
    func send(_ record: LedgerRecord) throws -> Outcome {
        number += 1
        var outcome = Outcome()
        try core.apply(record, context, to: &outcome)
        #expect(outcome.events.count == 1, "every numbered input gives one account event")
        for entry in outcome.entries {
            #expect(entry.isBalanced)
            journal.append(entry.header, entry.postings.span)
        }
        try core.checkInvariants()
        return outcome
    }

    func fund(_ account: UInt32, _ asset: AssetID, _ amount: Int64) throws {
        try send(
            .deposit(
                Deposit(
                    account: AccountID(account), asset: asset, amount: Amount(amount),
                    reference: ASCIIText("fund-\(number)") ?? "fund")))
    }

    /// A limit order of account 1 unless told otherwise; its id is new.
    func order(
        _ side: Side, price: Int64, lots: Int64, account: UInt32 = 1, clientID: ASCIIText = "", quote: Int64 = 0
    ) -> SubmitOrder {
        nextOrder += 1
        var order = SubmitOrder()
        order.orderId = OrderID(nextOrder << 10)
        order.account = AccountID(account)
        order.instrument = LedgerBench.market
        order.clientOrderId = clientID
        order.side = side
        order.price = Price(price)
        order.quantity = Quantity(lots)
        order.quoteQuantity = Amount(quote)
        order.quotePerTickLot = LedgerBench.scale.quotePerTickLot
        order.basePerLot = LedgerBench.scale.basePerLot
        order.baseAsset = LedgerBench.btc
        order.quoteAsset = LedgerBench.usdt
        order.matchingPartition = 0
        order.timestamp = Timestamp(clock)
        order.deadline = Timestamp(clock + 5_000)
        return order
    }

    /// Submits and expects that the order goes on to the engine.
    @discardableResult
    func place(_ order: SubmitOrder) throws -> SubmitOrder {
        let outcome = try send(.submitOrder(order))
        #expect(outcome.refusal == nil)
        #expect(outcome.matching.count == 1)
        return order
    }

    func fill(_ order: SubmitOrder, price: Int64, lots: Int64, fee: Int64 = 0, done: Bool = false) -> SettleFill {
        SettleFill(
            orderId: order.orderId, account: order.account, side: order.side, price: Price(price),
            quantity: Quantity(lots), baseAmount: Amount(lots * LedgerBench.scale.basePerLot),
            quoteAmount: Amount(price * lots * LedgerBench.scale.quotePerTickLot), fee: Amount(fee),
            tradeId: TradeID(1), maker: false, done: done)
    }

    /// The journal since the last call.
    func takeJournal() -> JournalRows {
        defer { journal.clear() }
        return journal
    }

    @discardableResult
    func settle(
        fills: [SettleFill] = [], reductions: [OrderReduced] = [], ends: [OrderEnd] = []
    ) throws -> Outcome {
        try send(
            .settlement(
                Settlement(instrument: LedgerBench.market, fills: fills, reductions: reductions, ends: ends)))
    }

    func free(_ asset: AssetID, _ account: UInt32 = 1) -> Int64 {
        core.balance(AccountID(account), asset).free.rawValue
    }
    func held(_ asset: AssetID, _ account: UInt32 = 1) -> Int64 {
        core.balance(AccountID(account), asset).locked.rawValue
    }

    func cancel(
        _ orderID: OrderID = OrderID(0), client: ASCIIText = "", account: UInt32 = 1
    ) -> CancelOrder {
        CancelOrder(
            account: AccountID(account), instrument: LedgerBench.market, orderId: orderID, origClientOrderId: client,
            timestamp: Timestamp(clock), deadline: Timestamp(clock + 5_000))
    }
}
