import FoundationEssentials
import Records
import Testing
import TradingCore

@testable import LedgerServiceCore

/// The core against its naive twin, over random inputs; `LEDGER_SEED` repeats a run.
@Suite struct TwinTests {
    static let seed: UInt64 =
        ProcessInfo.processInfo.environment["LEDGER_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max)

    /// The books as the database keeps them: rows by key, changed by what `takeChanges` gives.
    struct Books {
        var rows = LedgerRows()

        mutating func add(_ changes: LedgerRows) {
            rows.counters = changes.counters
            let clock = changes.counters.clock
            replace(&rows.balances, changes.balances) { ($0.account, $0.asset) < ($1.account, $1.asset) }
            replace(&rows.venue, changes.venue) { $0.asset < $1.asset }
            rows.openOrders.removeAll { changes.endedOrders.contains($0.orderID) }
            replace(&rows.openOrders, changes.openOrders) { $0.orderID < $1.orderID }
            replace(&rows.closedNames, changes.closedNames) { $0.sequence < $1.sequence }
            rows.closedNames.removeAll { $0.keptUntil < clock }
            rows.marks = (rows.marks + changes.marks).filter { $0.keptUntil >= clock }
            rows.deposits += changes.deposits
            replace(&rows.withdrawals, changes.withdrawals) { $0.id < $1.id }
        }

        private func replace<Row>(_ rows: inout [Row], _ changed: [Row], _ isBefore: (Row, Row) -> Bool) {
            rows.removeAll { row in changed.contains { !isBefore(row, $0) && !isBefore($0, row) } }
            rows = (rows + changed).sorted(by: isBefore)
        }
    }

    @Test func `Random inputs give what the naive ledger gives, and the books follow`() throws {
        print("LEDGER_SEED=\(Self.seed)")
        var inputs = RandomInputs(seed: Self.seed)
        var twin = NaiveLedger()
        var core = LedgerCore(partition: 0, tracksChanges: true)
        var books = Books()
        var journal: [Posting] = []
        var sequence: UInt64 = 0
        var reasons: Set<RefusalReason> = []
        var fills = 0
        for step in 0..<8_000 {
            let record = inputs.record(for: twin)
            let answer = twin.apply(record, at: inputs.clock)
            var outcome = Outcome()
            let context = RecordContext(
                clock: Timestamp(inputs.clock), writer: Writer(.orderService, 0), number: UInt64(step) + 1)
            try core.apply(record, context, to: &outcome)
            let event = try #require(outcome.events.first)
            let isEqual = compare(record, answer, event, outcome, twin)
            try #require(isEqual, "step \(step): \(record) gave \(event), expected \(answer)")
            if let reason = event.refusal?.reason { reasons.insert(reason) }
            for entry in outcome.entries {
                sequence += 1
                if entry.kind == .fill { fills += 1 }
                try #require(entry.header.sequence == sequence && entry.isBalanced)
                // The most are a fill's: available and held, two of clearing, received and fee.
                try #require((2...6).contains(entry.postings.count))
                try #require(entry.postings.allSatisfy { $0.amount != .zero })
                journal += entry.postings
            }
            try core.checkInvariants()
            if step % 500 == 0 { try compareBalances(core, twin) }
            if inputs.chance(3) {
                books.add(core.takeChanges())
                try #require(books.rows == core.rows(), "step \(step): the books differ from the state")
            }
            if step % 1_000 == 999 {
                books.add(core.takeChanges())
                let bytes = core.stateBytes
                core = try core.copied()
                try #require(core.stateBytes == bytes, "step \(step): the state changed on its way through bytes")
            }
        }
        try compareBalances(core, twin)
        try compareJournal(journal, core)
        #expect(fills > 200)
        #expect(
            reasons == [
                .deadlinePassed, .markedOrder, .duplicateOrder, .filter, .amountOutOfRange, .insufficientBalance,
                .unknownOrder, .clientOrderIDMismatch, .unknownWithdrawal, .withdrawalNotOpen,
            ])
    }

    private func compare(
        _ record: LedgerRecord, _ answer: NaiveLedger.Answer, _ event: AccountEvent, _ outcome: Outcome,
        _ twin: NaiveLedger
    ) -> Bool {
        let named = outcome.matching.map { group(of: $0.record) }
        switch answer {
        case .forward(let groups):
            guard event.refusal == nil, named.elementsEqual(groups, by: ==) else { return false }
        case .refused(let reason, let orderID):
            guard event.refusal?.reason == reason, event.refusal?.orderId == orderID, named.isEmpty else {
                return false
            }
        case .found(let orderID):
            guard event.orderId == orderID, event.marker != nil else { return false }
        case .nothing:
            guard event.refusal == nil, named.isEmpty else { return false }
        }
        guard event.forwards.count == named.count else { return false }
        return event.balances.allSatisfy { balance in
            let key = NaiveLedger.Key(account: balance.account, asset: balance.asset)
            return balance.free.rawValue == twin.free(key) && balance.locked.rawValue == twin.locked(key)
        }
    }

    private func group(of record: MatchingRecord) -> (UInt32, UInt32) {
        switch record {
        case .submitOrder(let order): (order.account.rawValue, order.instrument.rawValue)
        case .cancelOrder(let cancel): (cancel.account.rawValue, cancel.instrument.rawValue)
        case .amendOrder(let amend): (amend.account.rawValue, amend.instrument.rawValue)
        case .cancelAll(let cancel): (cancel.account.rawValue, cancel.instrument.rawValue)
        default: (0, 0)
        }
    }

    private func compareBalances(_ core: borrowing LedgerCore, _ twin: NaiveLedger) throws {
        let rows = core.rows()
        for row in rows.balances {
            let key = NaiveLedger.Key(account: row.account, asset: row.asset)
            try #require(row.locked.rawValue == twin.locked(key))
            try #require(row.free.rawValue + row.locked.rawValue == twin.totals[key] ?? 0)
        }
        try #require(rows.balances.count >= twin.totals.filter { $0.value != 0 }.count)
        try #require(rows.openOrders.map(\.orderID) == twin.open.keys.sorted())
        for row in rows.venue {
            try #require(row.fees == Int128(twin.fees[row.asset] ?? 0))
            try #require(row.custody == Int128(twin.custody[row.asset] ?? 0))
        }
    }

    /// All postings since the beginning are the balances.
    private func compareJournal(_ journal: [Posting], _ core: borrowing LedgerCore) throws {
        struct Account: Hashable {
            var ledgerAccount: LedgerAccount
            var account: AccountID
            var asset: AssetID
        }
        var sums: [Account: Int128] = [:]
        for posting in journal {
            let account = Account(
                ledgerAccount: posting.ledgerAccount, account: posting.account, asset: posting.asset)
            sums[account, default: 0] += Int128(posting.amount.rawValue)
        }
        let rows = core.rows()
        for row in rows.balances {
            let free = sums[Account(ledgerAccount: .available, account: row.account, asset: row.asset)] ?? 0
            let held = sums[Account(ledgerAccount: .held, account: row.account, asset: row.asset)] ?? 0
            #expect(free == Int128(row.free.rawValue))
            #expect(held == Int128(row.locked.rawValue))
        }
        for row in rows.venue {
            let sum = { (kind: LedgerAccount) in
                sums[Account(ledgerAccount: kind, account: AccountID(0), asset: row.asset)] ?? 0
            }
            #expect(sum(.clearing) == row.clearing)
            #expect(sum(.fees) == row.fees)
            #expect(sum(.custody) == row.custody)
        }
        for asset in Set(journal.map(\.asset)) {
            #expect(journal.filter { $0.asset == asset }.map { Int128($0.amount.rawValue) }.reduce(0, +) == 0)
        }
    }
}
