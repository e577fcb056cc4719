import TradingCore

extension LedgerCore {
    /// Recomputes what must hold in every state: all accounts of an asset sum to zero, nothing is negative, and what is
    /// held is what open orders and pending withdrawals need.
    ///
    /// - Throws: `InvariantViolation` that names the first account or order for which it does not.
    public func checkInvariants() throws(InvariantViolation) {
        try checkTotals()
        try checkOrders()
        try checkHolds()
    }

    private func checkTotals() throws(InvariantViolation) {
        var sums: [Int128] = []
        var index = SlotIndex(capacity: balances.venue.count)
        for slot in balances.venue.slots {
            let venue = balances.venue[slot]
            sums.append(venue.clearing + venue.fees + venue.custody)
            index.insert(UInt64(venue.asset.rawValue), slot)
        }
        for slot in balances.accounts.slots {
            let balance = balances.accounts[slot]
            guard balance.free != 0 || balance.locked != 0 else { continue }
            guard balance.free >= 0, balance.locked >= 0 else {
                throw InvariantViolation("account \(balance.account) asset \(balance.asset) is negative")
            }
            guard let slot = index.slot(UInt64(balance.asset.rawValue)) else {
                throw InvariantViolation("account \(balance.account) has asset \(balance.asset) out of nothing")
            }
            sums[slot] += Int128(balance.free) + Int128(balance.locked)
        }
        for (slot, sum) in sums.enumerated() where sum != 0 {
            throw InvariantViolation("asset \(balances.venue[slot].asset) sums to \(sum), not zero")
        }
    }

    private func checkOrders() throws(InvariantViolation) {
        for slot in orders.orders.slots where orders[slot].orderID.rawValue != 0 {
            let order = orders[slot]
            guard order.need == order.held, order.held.rawValue >= 0, order.remaining.rawValue >= 0 else {
                throw InvariantViolation("order \(order.orderID) holds \(order.held), which is not what it needs")
            }
        }
    }

    private func checkHolds() throws(InvariantViolation) {
        var held = [Int128](repeating: 0, count: balances.accounts.count)
        var open = [Int128](repeating: 0, count: balances.accounts.count)
        for slot in orders.orders.slots where orders[slot].orderID.rawValue != 0 {
            let order = orders[slot]
            held[order.paySlot] += Int128(order.held.rawValue)
            open[Int(order.quoteSlot)] += Int128(order.notional?.rawValue ?? 0)
        }
        for withdrawal in transfers.withdrawals where withdrawal.status == .held {
            guard let slot = balances.slot(withdrawal.account, withdrawal.asset) else {
                throw InvariantViolation("withdrawal \(withdrawal.id) holds of a balance that is not there")
            }
            held[slot] += Int128(withdrawal.amount.rawValue)
        }
        for slot in balances.accounts.slots {
            let balance = balances.accounts[slot]
            guard Int128(balance.locked) == held[slot] else {
                throw InvariantViolation(
                    "account \(balance.account) asset \(balance.asset) holds \(balance.locked), "
                        + "its orders and withdrawals need \(held[slot])")
            }
            guard Int128(balance.openNotional) == open[slot] else {
                throw InvariantViolation(
                    "account \(balance.account) asset \(balance.asset) counts \(balance.openNotional) of open value, "
                        + "its orders are worth \(open[slot])")
            }
        }
    }
}
