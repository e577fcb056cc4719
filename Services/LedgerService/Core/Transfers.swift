import Records
import TradingCore

/// Deposits and withdrawals of a partition. Their references and ids stay taken for good.
struct Transfers: ~Copyable {
    private(set) var deposits: [DepositRow] = []
    private(set) var withdrawals: [WithdrawalRow] = []
    private var byReference = HashIndex()
    private var byWithdrawOrderID = HashIndex()
    private var byWithdrawalID = SlotIndex()

    let tracksChanges: Bool
    /// Deposits up to here are in the books.
    private var storedDeposits = 0
    private var changedWithdrawals: [Int] = []

    init(tracksChanges: Bool) { self.tracksChanges = tracksChanges }

    func deposit(_ account: AccountID, _ reference: ASCIIText) -> DepositRow? {
        byReference.slot(textHash(account, InstrumentID(0), reference)) { slot in
            deposits[slot].account == account && deposits[slot].reference == reference
        }.map { deposits[$0] }
    }

    mutating func add(_ deposit: DepositRow) {
        deposits.append(deposit)
        byReference.insert(textHash(deposit.account, InstrumentID(0), deposit.reference), deposits.count - 1)
    }

    func withdrawal(_ id: WithdrawalID) -> Int? { byWithdrawalID.slot(UInt64(bitPattern: id.rawValue)) }

    func withdrawal(_ account: AccountID, _ withdrawOrderID: ASCIIText) -> Int? {
        guard !withdrawOrderID.isEmpty else { return nil }
        return byWithdrawOrderID.slot(textHash(account, InstrumentID(0), withdrawOrderID)) { slot in
            withdrawals[slot].account == account && withdrawals[slot].withdrawOrderID == withdrawOrderID
        }
    }

    mutating func add(_ withdrawal: WithdrawalRow) {
        withdrawals.append(withdrawal)
        let slot = withdrawals.count - 1
        byWithdrawalID.insert(UInt64(bitPattern: withdrawal.id.rawValue), slot)
        if !withdrawal.withdrawOrderID.isEmpty {
            byWithdrawOrderID.insert(
                textHash(withdrawal.account, InstrumentID(0), withdrawal.withdrawOrderID), slot)
        }
        if tracksChanges { changedWithdrawals.append(slot) }
    }

    mutating func resolve(_ slot: Int, _ status: WithdrawalStatus, transactionID: String, at clock: Timestamp) {
        withdrawals[slot].status = status
        withdrawals[slot].transactionID = transactionID
        withdrawals[slot].resolvedAt = clock
        if tracksChanges { changedWithdrawals.append(slot) }
    }

    /// Notes that what was restored is in the books already.
    mutating func restored() {
        storedDeposits = deposits.count
        changedWithdrawals.removeAll()
    }

    mutating func takeChanges(into rows: inout LedgerRows) {
        rows.deposits.append(contentsOf: deposits[storedDeposits...])
        storedDeposits = deposits.count
        changedWithdrawals.sort()
        var last = -1
        for slot in changedWithdrawals where slot != last {
            rows.withdrawals.append(withdrawals[slot])
            last = slot
        }
        changedWithdrawals.removeAll(keepingCapacity: true)
    }
}
