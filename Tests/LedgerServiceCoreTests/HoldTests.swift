import Records
import Testing
import TradingCore

@testable import LedgerServiceCore

@Suite struct HoldTests {
    let bench = LedgerBench()

    init() throws {
        try bench.fund(1, LedgerBench.usdt, 1_000_000_000)
        try bench.fund(1, LedgerBench.btc, 1_000_000)
    }

    @Test func `A BUY holds price times quantity of the quote asset`() throws {
        let outcome = try bench.send(.submitOrder(bench.order(.buy, price: 500, lots: 20)))
        #expect(bench.held(LedgerBench.usdt) == 500 * 20 * 10)
        #expect(bench.free(LedgerBench.usdt) == 1_000_000_000 - 100_000)
        let event = try #require(outcome.events.first)
        #expect(event.balances.map(\.locked) == [Amount(100_000)])
        #expect(event.forwards == [Forward(matchingPartition: 0, number: 1)])
        #expect(event.orderId == OrderID(1 << 10))
    }

    @Test func `A SELL holds its quantity of the base asset`() throws {
        try bench.place(bench.order(.sell, price: 500, lots: 20))
        #expect(bench.held(LedgerBench.btc) == 20_000)
    }

    @Test func `A BUY by quote amount holds that amount and releases what it did not spend`() throws {
        let order = try bench.place(bench.order(.buy, price: 600, lots: 0, quote: 70_000))
        #expect(bench.held(LedgerBench.usdt) == 70_000)
        try bench.settle(fills: [bench.fill(order, price: 500, lots: 10)])
        #expect(bench.held(LedgerBench.usdt) == 20_000)
        try bench.settle(ends: [OrderEnd(orderId: order.orderId, account: order.account)])
        #expect(bench.held(LedgerBench.usdt) == 0)
        #expect(bench.free(LedgerBench.usdt) == 1_000_000_000 - 50_000)
        #expect(bench.free(LedgerBench.btc) == 1_010_000)
    }

    @Test func `A SELL by quote amount holds the most that it may sell`() throws {
        let order = try bench.place(bench.order(.sell, price: 400, lots: 50, quote: 200_000))
        #expect(bench.held(LedgerBench.btc) == 50_000)
        try bench.settle(
            fills: [bench.fill(order, price: 500, lots: 40)],
            ends: [OrderEnd(orderId: order.orderId, account: order.account)])
        #expect(bench.held(LedgerBench.btc) == 0)
        #expect(bench.free(LedgerBench.btc) == 1_000_000 - 40_000)
        #expect(bench.free(LedgerBench.usdt) == 1_000_000_000 + 200_000)
    }

    @Test func `A fill at a better price releases the difference at once`() throws {
        let order = try bench.place(bench.order(.buy, price: 500, lots: 20))
        let outcome = try bench.settle(fills: [bench.fill(order, price: 450, lots: 5)])
        #expect(bench.held(LedgerBench.usdt) == 500 * 15 * 10)
        #expect(bench.free(LedgerBench.usdt) == 1_000_000_000 - 500 * 15 * 10 - 450 * 5 * 10)
        #expect(outcome.entries.count == 1)
        let postings = try #require(outcome.entries.first).postings
        #expect(
            postings == [
                Posting(
                    ledgerAccount: .available, account: AccountID(1), asset: LedgerBench.usdt, amount: Amount(2_500)),
                Posting(ledgerAccount: .held, account: AccountID(1), asset: LedgerBench.usdt, amount: Amount(-25_000)),
                Posting(ledgerAccount: .clearing, asset: LedgerBench.usdt, amount: Amount(22_500)),
                Posting(ledgerAccount: .clearing, asset: LedgerBench.btc, amount: Amount(-5_000)),
                Posting(
                    ledgerAccount: .available, account: AccountID(1), asset: LedgerBench.btc, amount: Amount(5_000)),
            ])
    }

    @Test func `The buyer's fee is taken from the base and the seller's from the quote it receives`() throws {
        try bench.fund(2, LedgerBench.btc, 500_000)
        let buy = try bench.place(bench.order(.buy, price: 500, lots: 20))
        let sell = try bench.place(bench.order(.sell, price: 500, lots: 20, account: 2))
        // 20,000 × 10 and 100,000 × 8 basis points, truncated.
        try bench.settle(fills: [
            bench.fill(
                sell, price: 500, lots: 20, fee: Fees.fee(on: Amount(100_000), basisPoints: 8).rawValue, done: true),
            bench.fill(
                buy, price: 500, lots: 20, fee: Fees.fee(on: Amount(20_000), basisPoints: 10).rawValue, done: true),
        ])
        #expect(bench.free(LedgerBench.btc) == 1_000_000 + 20_000 - 20)
        #expect(bench.free(LedgerBench.usdt, 2) == 100_000 - 80)
        let rows = bench.core.rows()
        #expect(rows.venue.map(\.fees) == [20, 80])
        #expect(rows.venue.map(\.clearing) == [0, 0])
        #expect(rows.openOrders.isEmpty)
    }

    @Test func `A fee below one minor unit is no fee`() throws {
        let order = try bench.place(bench.order(.buy, price: 1, lots: 1))
        let fee = Fees.fee(on: Amount(1), basisPoints: 9_999).rawValue
        #expect(fee == 0)
        let outcome = try bench.settle(fills: [bench.fill(order, price: 1, lots: 1, fee: fee, done: true)])
        #expect(outcome.entries.first?.postings.contains { $0.ledgerAccount == .fees } == false)
    }

    @Test func `Clearing shows what the other partition has not posted yet`() throws {
        let order = try bench.place(bench.order(.buy, price: 500, lots: 20))
        try bench.settle(fills: [bench.fill(order, price: 500, lots: 20, done: true)])
        #expect(bench.core.rows().venue.map(\.clearing) == [-20_000, 100_000])
    }

    @Test func `The end of an order releases what is left of its hold`() throws {
        let order = try bench.place(bench.order(.buy, price: 500, lots: 20))
        try bench.settle(fills: [bench.fill(order, price: 500, lots: 5)])
        let outcome = try bench.settle(ends: [OrderEnd(orderId: order.orderId, account: order.account)])
        #expect(bench.held(LedgerBench.usdt) == 0)
        #expect(bench.free(LedgerBench.usdt) == 1_000_000_000 - 25_000)
        #expect(outcome.entries.map(\.kind) == [.release])
    }

    @Test func `A reduction releases its part of the hold`() throws {
        let order = try bench.place(bench.order(.sell, price: 500, lots: 20))
        try bench.settle(reductions: [
            OrderReduced(orderId: order.orderId, account: order.account, quantity: Quantity(8))
        ])
        #expect(bench.held(LedgerBench.btc) == 12_000)
    }

    @Test func `A reduction and the end that it leads to may come in one settlement`() throws {
        let order = try bench.place(bench.order(.buy, price: 500, lots: 20))
        try bench.settle(
            fills: [bench.fill(order, price: 500, lots: 12, done: true)],
            reductions: [OrderReduced(orderId: order.orderId, account: order.account, quantity: Quantity(8))])
        #expect(bench.held(LedgerBench.usdt) == 0)
        #expect(bench.core.openOrderCount == 0)
    }

    @Test func `What cannot follow from the orders stops the ledger`() throws {
        let order = try bench.place(bench.order(.buy, price: 500, lots: 20))
        var wrong: [SettleFill] = []
        wrong.append(bench.fill(order, price: 500, lots: 21))
        wrong.append(bench.fill(order, price: 501, lots: 20))
        wrong.append(bench.fill(order, price: 500, lots: 5, fee: 6_000))
        var fill = bench.fill(order, price: 500, lots: 5)
        fill.orderId = OrderID(99 << 10)
        wrong.append(fill)
        fill = bench.fill(order, price: 500, lots: 5)
        fill.account = AccountID(2)
        wrong.append(fill)
        fill = bench.fill(order, price: 500, lots: 5)
        fill.quoteAmount = Amount(24_999)
        wrong.append(fill)
        fill = bench.fill(order, price: 500, lots: 5)
        fill.side = .sell
        wrong.append(fill)
        for fill in wrong {
            let copy = LedgerBench()
            copy.core = try bench.core.copied()
            #expect(throws: InvariantViolation.self) { try copy.settle(fills: [fill]) }
        }
        let copy = LedgerBench()
        copy.core = try bench.core.copied()
        #expect(throws: InvariantViolation.self) {
            try copy.settle(reductions: [
                OrderReduced(orderId: order.orderId, account: order.account, quantity: Quantity(21))
            ])
        }
        copy.core = try bench.core.copied()
        #expect(throws: InvariantViolation.self) { try copy.send(.submitOrder(order)) }
    }
}

extension LedgerCore {
    /// Another ledger with the same state, by way of its bytes.
    func copied() throws -> LedgerCore {
        var writer = StateWriter()
        encodeState(into: &writer)
        var reader = StateReader(writer.bytes)
        let copy = try LedgerCore(decoding: &reader, tracksChanges: true)
        #expect(reader.remaining == 0)
        return copy
    }

    var stateBytes: [UInt8] {
        var writer = StateWriter()
        encodeState(into: &writer)
        return writer.bytes
    }
}
