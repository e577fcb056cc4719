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
    var changedAccounts: [Int32] = []
    var changedVenue: [Int32] = []
    /// Slots that the running input touched, in order.
    private(set) var touched = Pool<Int32>()
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
        let (newFree, freeOverflow) = accounts[slot].free.addingReportingOverflow(free)
        let (newLocked, lockedOverflow) = accounts[slot].locked.addingReportingOverflow(locked)
        guard !freeOverflow, !lockedOverflow, newFree >= 0, newLocked >= 0,
            !newFree.addingReportingOverflow(newLocked).overflow
        else {
            let balance = accounts[slot]
            throw InvariantViolation(
                "account \(balance.account) asset \(balance.asset): available \(balance.free) + \(free) and held "
                    + "\(balance.locked) + \(locked) must be neither negative nor too large")
        }
        accounts[slot].free = newFree
        accounts[slot].locked = newLocked
        touch(slot)
    }

    /// Lists the balance in the running input's event and among the changes.
    mutating func touch(_ slot: Int) {
        accounts[slot].isPosted = true
        if accounts[slot].listedBy != input {
            accounts[slot].listedBy = input
            _ = touched.insert(Int32(slot))
        }
        if !accounts[slot].isChanged {
            accounts[slot].isChanged = true
            changedAccounts.append(Int32(slot))
        }
    }

    mutating func post(venue slot: Int, _ ledgerAccount: LedgerAccount, _ amount: Int64) {
        switch ledgerAccount {
        case .clearing: venue[slot].clearing += Int128(amount)
        case .fees: venue[slot].fees += Int128(amount)
        case .custody: venue[slot].custody += Int128(amount)
        case .available, .held: preconditionFailure("\(ledgerAccount) belongs to an account")
        }
        if !venue[slot].isChanged {
            venue[slot].isChanged = true
            changedVenue.append(Int32(slot))
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
        for slot in changedAccounts {
            accounts[Int(slot)].isChanged = false
            rows.balances.append(BalanceRow(accounts[Int(slot)]))
        }
        for slot in changedVenue {
            venue[Int(slot)].isChanged = false
            rows.venue.append(VenueRow(venue[Int(slot)]))
        }
        changedAccounts.removeAll(keepingCapacity: true)
        changedVenue.removeAll(keepingCapacity: true)
    }
}
