import Records
import TradingCore

/// What an account has of an asset.
struct AccountBalance {
    var account: AccountID
    var asset: AssetID
    /// Never negative.
    var free: Int64 = 0
    /// What open orders and withdrawals need; never negative.
    var locked: Int64 = 0
    /// As a quote asset: the value of the account's open orders at their prices.
    var openNotional: Int64 = 0
    /// The input that listed it last in its event.
    var listedBy: UInt64 = 0
    /// Whether it was ever posted to; before that it is only a place for `openNotional` and no part of the state.
    var isPosted = false
    var isChanged = false
}

/// What the venue itself has of an asset, over the accounts of this partition.
struct VenueBalance {
    var asset: AssetID
    var clearing: Int128 = 0
    var fees: Int128 = 0
    var custody: Int128 = 0
    var isChanged = false
}

/// The balances of a partition.
struct Balances: ~Copyable {
    var accounts = Pool<AccountBalance>()
    private(set) var venue = Pool<VenueBalance>()
    private var accountIndex = SlotIndex()
    private var venueIndex = SlotIndex()
    /// Slots changed since the changes were taken last.
    private var changedAccounts = KeptList<Int32>()
    private var changedVenue = KeptList<Int32>()
    /// Slots that the running input touched, in order.
    private(set) var touched = KeptList<Int32>()
    private var input: UInt64 = 0

    mutating func beginInput() {
        touched.clear()
        input &+= 1
    }

    func slot(_ account: AccountID, _ asset: AssetID) -> Int? {
        accountIndex.slot(pairKey(account.rawValue, asset.rawValue))
    }

    mutating func slotOrNew(_ account: AccountID, _ asset: AssetID) -> Int {
        let key = pairKey(account.rawValue, asset.rawValue)
        if let slot = accountIndex.slot(key) { return slot }
        let slot = accounts.insert(AccountBalance(account: account, asset: asset))
        accountIndex.insert(key, slot)
        return slot
    }

    func venueBalance(_ asset: AssetID) -> VenueBalance {
        venueIndex.slot(UInt64(asset.rawValue)).map { venue[$0] } ?? VenueBalance(asset: asset)
    }

    mutating func venueSlotOrNew(_ asset: AssetID) -> Int {
        if let slot = venueIndex.slot(UInt64(asset.rawValue)) { return slot }
        let slot = venue.insert(VenueBalance(asset: asset))
        venueIndex.insert(UInt64(asset.rawValue), slot)
        return slot
    }

    /// Adds to available and held; the sum of both stays within an `Amount`.
    ///
    /// - Throws: when either would be negative or too large.
    mutating func post(_ slot: Int, free: Int64, locked: Int64) throws(InvariantViolation) {
        let balance = accounts.place(slot)
        let (newFree, freeOverflow) = balance.pointee.free.addingReportingOverflow(free)
        let (newLocked, lockedOverflow) = balance.pointee.locked.addingReportingOverflow(locked)
        guard !freeOverflow, !lockedOverflow, newFree >= 0, newLocked >= 0,
            !newFree.addingReportingOverflow(newLocked).overflow
        else { throw Balances.impossible(balance.pointee, free, locked) }
        balance.pointee.free = newFree
        balance.pointee.locked = newLocked
        balance.pointee.isPosted = true
        if balance.pointee.listedBy != input {
            balance.pointee.listedBy = input
            touched.append(Int32(slot))
        }
        if !balance.pointee.isChanged {
            balance.pointee.isChanged = true
            changedAccounts.append(Int32(slot))
        }
    }

    @inline(never)
    private static func impossible(_ balance: AccountBalance, _ free: Int64, _ locked: Int64) -> InvariantViolation {
        InvariantViolation(
            "account \(balance.account) asset \(balance.asset): available \(balance.free) + \(free) and held "
                + "\(balance.locked) + \(locked) must be neither negative nor too large")
    }

    mutating func post(venue slot: Int, _ ledgerAccount: LedgerAccount, _ amount: Int64) {
        let balance = venue.place(slot)
        switch ledgerAccount {
        case .clearing: balance.pointee.clearing += Int128(amount)
        case .fees: balance.pointee.fees += Int128(amount)
        case .custody: balance.pointee.custody += Int128(amount)
        case .available, .held: preconditionFailure("\(ledgerAccount) belongs to an account")
        }
        if !balance.pointee.isChanged {
            balance.pointee.isChanged = true
            changedVenue.append(Int32(slot))
        }
    }

    /// Appends what the running input touched, as it is now.
    @inline(__always)
    mutating func listTouched(in list: inout KeptList<Balance>) {
        for index in touched.indices {
            let balance = accounts.place(Int(touched[index]))
            list.append(
                Balance(
                    account: balance.pointee.account, asset: balance.pointee.asset,
                    free: Amount(balance.pointee.free), locked: Amount(balance.pointee.locked)))
        }
    }

    mutating func restore(_ row: BalanceRow) throws(StateError) {
        guard slot(row.account, row.asset) == nil, row.free.rawValue >= 0, row.locked.rawValue >= 0 else {
            throw StateError("the balance of account \(row.account) in asset \(row.asset) is negative or there twice")
        }
        let slot = slotOrNew(row.account, row.asset)
        accounts[slot].free = row.free.rawValue
        accounts[slot].locked = row.locked.rawValue
        accounts[slot].isPosted = true
    }

    mutating func restore(_ row: VenueRow) {
        let slot = venueSlotOrNew(row.asset)
        venue[slot] = VenueBalance(asset: row.asset, clearing: row.clearing, fees: row.fees, custody: row.custody)
    }

    /// Appends what changed since the last call and forgets that it did.
    mutating func takeChanges(into rows: inout LedgerRows) {
        for index in changedAccounts.indices {
            let slot = Int(changedAccounts[index])
            accounts[slot].isChanged = false
            rows.balances.append(BalanceRow(accounts[slot]))
        }
        for index in changedVenue.indices {
            let slot = Int(changedVenue[index])
            venue[slot].isChanged = false
            rows.venue.append(VenueRow(venue[slot]))
        }
        changedAccounts.clear()
        changedVenue.clear()
    }
}
