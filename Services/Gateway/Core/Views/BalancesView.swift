import Records
import TradingCore

/// Every account's balances by what `account-events` said. One thread at a time.
public struct BalancesView: ~Copyable {
    public struct Entry: Equatable, Sendable {
        public var asset: AssetID
        public var free: Amount
        public var locked: Amount
    }

    private struct Account {
        var entries: [Entry] = []
        var updated = Timestamp(0)
    }

    private var index = SlotIndex()
    private var accounts: [Account] = []

    public init() {}

    /// Sets a balance: the newer value always comes later.
    public mutating func set(_ balance: Balance, at time: Timestamp) {
        let account = position(of: balance.account)
        accounts[account].updated = max(accounts[account].updated, time)
        let entry = Entry(asset: balance.asset, free: balance.free, locked: balance.locked)
        for position in accounts[account].entries.indices where accounts[account].entries[position].asset == entry.asset
        {
            accounts[account].entries[position] = entry
            return
        }
        accounts[account].entries.append(entry)
    }

    public func balances(of account: AccountID) -> [Entry] {
        index.slot(UInt64(account.rawValue)).map { accounts[$0].entries } ?? []
    }

    public func balance(of account: AccountID, _ asset: AssetID) -> Entry {
        balances(of: account).first { $0.asset == asset } ?? Entry(asset: asset, free: .zero, locked: .zero)
    }

    /// Log time of the account's last change; zero before the first.
    public func updated(_ account: AccountID) -> Timestamp {
        index.slot(UInt64(account.rawValue)).map { accounts[$0].updated } ?? Timestamp(0)
    }

    private mutating func position(of account: AccountID) -> Int {
        let key = UInt64(account.rawValue)
        if let known = index.slot(key) { return known }
        index.insert(key, accounts.count)
        accounts.append(Account())
        return accounts.count - 1
    }
}
