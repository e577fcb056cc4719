import LedgerServiceCore
import Messaging
import Records
import TradingCore

/// An account's asset.
struct Holding: Hashable {
    var account: AccountID
    var asset: AssetID
}

extension History {
    /// Money is conserved: every ledger balances, every account has what its deposits, withdrawals and fills make,
    /// clearing is empty, and what is held is what is open.
    func checkMoney(_ markets: [MarketModel]) throws {
        var expected = transfers()
        var fees: [AssetID: Int128] = expected.fees
        for market in markets { add(market, to: &expected.holdings, &fees) }
        var found: [Holding: Int128] = [:]
        var venueFees: [AssetID: Int128] = [:]
        var clearing: [AssetID: Int128] = [:]
        var open: [OrderID: OpenOrderRow] = [:]
        for partition in 0..<venue.accountPartitions {
            guard let ledger = ledger(partition) else { throw Violation("ledger \(partition) does not run") }
            do { try ledger.checkInvariants() } catch { throw Violation("ledger \(partition): \(error)") }
            let rows = ledger.rows()
            for row in rows.balances {
                found[Holding(account: row.account, asset: row.asset)] =
                    Int128(row.free.rawValue) + Int128(row.locked.rawValue)
            }
            for row in rows.venue {
                venueFees[row.asset, default: 0] += row.fees
                clearing[row.asset, default: 0] += row.clearing
            }
            for order in rows.openOrders { open[order.orderID] = order }
            try checkDeposits(rows.deposits)
        }
        for holding in Set(found.keys).union(expected.holdings.keys) {
            let (has, makes) = (found[holding, default: 0], expected.holdings[holding, default: 0])
            guard has == makes else { throw Violation("\(holding) is \(has), its history makes \(makes)") }
        }
        for (asset, sum) in clearing where sum != 0 { throw Violation("clearing of asset \(asset) is \(sum)") }
        for (asset, sum) in fees where venueFees[asset, default: 0] != sum {
            throw Violation("fees of asset \(asset) are \(venueFees[asset, default: 0]), not \(sum)")
        }
        try checkOpenOrders(markets, open)
    }

    /// What deposits and settled withdrawals make of every account and of the venue's fees.
    private func transfers() -> (holdings: [Holding: Int128], fees: [AssetID: Int128]) {
        var holdings: [Holding: Int128] = [:]
        var fees: [AssetID: Int128] = [:]
        for (_, event) in accountEvents {
            if let deposit = event.deposit, !deposit.repeatedReference {
                holdings[Holding(account: deposit.account, asset: deposit.asset), default: 0] +=
                    Int128(deposit.amount.rawValue)
            }
            if let withdrawal = event.withdrawal, !withdrawal.repeatedId, withdrawal.status == .settled {
                holdings[Holding(account: withdrawal.account, asset: withdrawal.asset), default: 0] -=
                    Int128(withdrawal.amount.rawValue)
                fees[withdrawal.asset, default: 0] += Int128(withdrawal.fee.rawValue)
            }
        }
        return (holdings, fees)
    }

    /// What a market's trades make of them.
    private func add(
        _ market: MarketModel, to holdings: inout [Holding: Int128], _ fees: inout [AssetID: Int128]
    ) {
        for (trade, _) in market.trades {
            let base = Int128(trade.quantity.rawValue * market.basePerLot)
            let quote = Int128(trade.quoteAmount.rawValue)
            for isTaker in [true, false] {
                let account = isTaker ? trade.takerAccount : trade.makerAccount
                let buys = (trade.takerSide == .buy) == isTaker
                let fee = Int128((isTaker ? trade.takerFee : trade.makerFee).rawValue)
                let baseHolding = Holding(account: account, asset: VenueShape.baseAsset)
                let quoteHolding = Holding(account: account, asset: VenueShape.quoteAsset)
                holdings[baseHolding, default: 0] += buys ? base - fee : -base
                holdings[quoteHolding, default: 0] += buys ? -quote : quote - fee
                fees[buys ? VenueShape.baseAsset : VenueShape.quoteAsset, default: 0] += fee
            }
        }
    }

    /// Log time never went back between two deposits.
    private func checkDeposits(_ deposits: [DepositRow]) throws {
        for (earlier, later) in zip(deposits, deposits.dropFirst()) where later.postedAt < earlier.postedAt {
            throw Violation("deposit \(later.sequence) was posted at \(later.postedAt), the one before later")
        }
    }

    /// The ledgers' open orders are the engines', lot by lot.
    private func checkOpenOrders(_ markets: [MarketModel], _ open: [OrderID: OpenOrderRow]) throws {
        var resting: [OrderID: Int64] = [:]
        for market in markets { resting.merge(market.orders.mapValues(\.remaining)) { first, _ in first } }
        guard resting == open.mapValues(\.remaining.rawValue) else {
            throw Violation("the engines have open orders \(resting), the ledgers \(open)")
        }
    }
}
