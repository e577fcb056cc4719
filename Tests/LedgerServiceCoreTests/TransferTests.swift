import Records
import Testing
import TradingCore

@testable import LedgerServiceCore

@Suite struct TransferTests {
    let bench = LedgerBench(partition: 3)

    private func deposit(_ reference: ASCIIText, _ amount: Int64, account: UInt32 = 1) -> LedgerRecord {
        .deposit(
            Deposit(
                account: AccountID(account), asset: LedgerBench.usdt, amount: Amount(amount), reference: reference,
                transactionId: "tx-\(amount)", network: "NET"))
    }

    private func request(_ id: ASCIIText, _ amount: Int64, fee: Int64 = 0) -> LedgerRecord {
        .requestWithdrawal(
            RequestWithdrawal(
                account: AccountID(1), asset: LedgerBench.usdt, amount: Amount(amount), fee: Amount(fee),
                withdrawOrderId: id, address: "addr", addressTag: "tag", network: "NET",
                timestamp: Timestamp(bench.clock), deadline: Timestamp(bench.clock + 1_000)))
    }

    @discardableResult
    private func resolve(
        _ id: WithdrawalID, _ status: WithdrawalStatus, account: UInt32 = 1
    ) throws -> Outcome {
        try bench.send(
            .resolveWithdrawal(
                ResolveWithdrawal(
                    account: AccountID(account), withdrawalId: id, status: status, transactionId: "out-1")))
    }

    @Test func `A deposit is posted against custody and reported`() throws {
        let outcome = try bench.send(deposit("r1", 500))
        let event = try #require(outcome.events.first)
        #expect(event.deposit?.amount == Amount(500))
        #expect(event.deposit?.repeatedReference == false)
        #expect(event.balances.map(\.free) == [Amount(500)])
        #expect(bench.core.rows().venue.map(\.custody) == [-500])
        #expect(outcome.entries.map(\.kind) == [.deposit])
    }

    @Test func `A repeated reference changes nothing and gives the first answer, for good`() throws {
        try bench.send(deposit("r1", 500))
        bench.clock += 1_000_000_000
        let outcome = try bench.send(deposit("r1", 700))
        #expect(outcome.events.first?.deposit?.amount == Amount(500))
        #expect(outcome.events.first?.deposit?.transactionId == "tx-500")
        #expect(outcome.events.first?.deposit?.repeatedReference == true)
        #expect(outcome.entries.isEmpty)
        #expect(bench.free(LedgerBench.usdt) == 500)
        try bench.send(deposit("r1", 700, account: 2))
        #expect(bench.free(LedgerBench.usdt, 2) == 700)
    }

    @Test func `A deposit of nothing or of too much is refused`() throws {
        #expect(try bench.send(deposit("r1", 0)).refusal?.reason == .amountOutOfRange)
        #expect(try bench.send(deposit("r1", -1)).refusal?.reason == .amountOutOfRange)
        #expect(try bench.send(deposit("", 1)).refusal?.reason == .unreadable)
        try bench.send(deposit("r1", Int64.max))
        #expect(try bench.send(deposit("r2", 1)).refusal?.reason == .amountOutOfRange)
        #expect(try bench.send(deposit("r2", 1, account: 2)).refusal?.reason == .amountOutOfRange)
        #expect(bench.core.rows().balances.count == 1)
    }

    @Test func `A withdrawal is held, then settled with its fee to the venue`() throws {
        try bench.fund(1, LedgerBench.usdt, 1_000)
        let held = try #require(try bench.send(request("w1", 400, fee: 10)).events.first?.withdrawal)
        #expect(held.status == .held)
        #expect(held.withdrawalId == WithdrawalID(1 << 10 | 3))
        #expect(bench.free(LedgerBench.usdt) == 600)
        #expect(bench.held(LedgerBench.usdt) == 400)
        let outcome = try resolve(held.withdrawalId, .settled)
        #expect(outcome.events.first?.withdrawal?.status == .settled)
        #expect(outcome.events.first?.withdrawal?.transactionId == "out-1")
        #expect(bench.held(LedgerBench.usdt) == 0)
        let venue = bench.core.rows().venue
        #expect(venue.map(\.custody) == [-610])
        #expect(venue.map(\.fees) == [10])
    }

    @Test func `A released withdrawal is available again`() throws {
        try bench.fund(1, LedgerBench.usdt, 1_000)
        let held = try #require(try bench.send(request("w1", 400, fee: 10)).events.first?.withdrawal)
        try resolve(held.withdrawalId, .released)
        #expect(bench.free(LedgerBench.usdt) == 1_000)
        #expect(bench.held(LedgerBench.usdt) == 0)
    }

    @Test func `A repeated withdrawal id answers the first, whatever became of it`() throws {
        try bench.fund(1, LedgerBench.usdt, 1_000)
        let first = try #require(try bench.send(request("w1", 400)).events.first?.withdrawal)
        var again = try #require(try bench.send(request("w1", 500)).events.first?.withdrawal)
        #expect(again.withdrawalId == first.withdrawalId)
        #expect(again.amount == Amount(400))
        #expect(again.repeatedId)
        try resolve(first.withdrawalId, .settled)
        again = try #require(try bench.send(request("w1", 400)).events.first?.withdrawal)
        #expect(again.status == .settled)
        #expect(bench.free(LedgerBench.usdt) == 600)
    }

    @Test func `Withdrawals out of range, uncovered or late are refused`() throws {
        try bench.fund(1, LedgerBench.usdt, 1_000)
        #expect(try bench.send(request("w", 0)).refusal?.reason == .amountOutOfRange)
        #expect(try bench.send(request("w", 5, fee: 5)).refusal?.reason == .amountOutOfRange)
        #expect(try bench.send(request("w", 5, fee: -1)).refusal?.reason == .amountOutOfRange)
        let uncovered = try bench.send(request("w", 1_001)).refusal
        #expect(uncovered?.reason == .insufficientBalance)
        #expect(uncovered?.limit == 1_000)
        let late = request("w", 5)
        bench.clock += 1_001
        #expect(try bench.send(late).refusal?.reason == .deadlinePassed)
    }

    @Test func `A resolution of the wrong withdrawal is refused, the same one twice is not`() throws {
        try bench.fund(1, LedgerBench.usdt, 1_000)
        let held = try #require(try bench.send(request("w1", 400)).events.first?.withdrawal)
        #expect(try resolve(WithdrawalID(9), .settled).refusal?.reason == .unknownWithdrawal)
        #expect(try resolve(held.withdrawalId, .settled, account: 2).refusal?.reason == .unknownWithdrawal)
        try resolve(held.withdrawalId, .settled)
        #expect(try resolve(held.withdrawalId, .released).refusal?.reason == .withdrawalNotOpen)
        #expect(try resolve(held.withdrawalId, .settled).events.first?.withdrawal?.repeatedId == true)
        #expect(bench.free(LedgerBench.usdt) == 600)
    }
}
