import Records
import TradingCore

extension ReferenceRenderer {
    /// A rate in basis points as a decimal.
    private func rate(_ basisPoints: UInt32, to writer: inout JSONWriter) {
        writer.decimal(Int128(basisPoints), decimals: 4)
    }

    private func rates(_ schedule: FeeSchedule, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("maker")
        rate(schedule.makerBasisPoints, to: &writer)
        writer.key("taker")
        rate(schedule.takerBasisPoints, to: &writer)
        for name: StaticString in ["buyer", "seller"] {
            writer.key(name)
            rate(0, to: &writer)
        }
        writer.endObject()
    }

    /// `account`.
    public func account(
        _ account: AccountID, _ balances: [BalancesView.Entry], updated: Timestamp, omitZero: Bool,
        to writer: inout JSONWriter
    ) {
        let schedule = reference.feeSchedule(of: account)
        let definition = reference.accounts[account] ?? AccountDefinition()
        writer.beginObject()
        writer.key("makerCommission")
        writer.integer(Int64(schedule.makerBasisPoints))
        writer.key("takerCommission")
        writer.integer(Int64(schedule.takerBasisPoints))
        for name: StaticString in ["buyerCommission", "sellerCommission"] {
            writer.key(name)
            writer.integer(0)
        }
        writer.key("commissionRates")
        rates(schedule, to: &writer)
        writer.key("canTrade")
        writer.bool(definition.mayTrade && !definition.killed && !reference.venue.killed)
        writer.key("canWithdraw")
        writer.bool(definition.mayWithdraw)
        writer.key("canDeposit")
        writer.bool(definition.mayDeposit)
        for name: StaticString in ["brokered", "requireSelfTradePrevention", "preventSor"] {
            writer.key(name)
            writer.bool(false)
        }
        writer.key("updateTime")
        writer.time(updated, unit)
        writer.key("accountType")
        writer.string("SPOT")
        writer.key("balances")
        self.balances(balances, omitZero: omitZero, to: &writer)
        writer.key("permissions")
        writer.beginArray()
        writer.string("SPOT")
        writer.endArray()
        writer.key("uid")
        writer.integer(Int64(account.rawValue))
        writer.endObject()
    }

    /// Every asset of the venue, by code.
    private func balances(_ balances: [BalancesView.Entry], omitZero: Bool, to writer: inout JSONWriter) {
        writer.beginArray()
        for asset in reference.assetsByCode {
            let entry = balances.first { $0.asset == asset.asset }
            let (free, locked) = (entry?.free ?? .zero, entry?.locked ?? .zero)
            if omitZero, free == .zero, locked == .zero { continue }
            writer.beginObject()
            writer.key("asset")
            writer.string(asset.code)
            writer.key("free")
            writer.decimal(Int128(free.rawValue), decimals: Int(asset.decimals))
            writer.key("locked")
            writer.decimal(Int128(locked.rawValue), decimals: Int(asset.decimals))
            writer.endObject()
        }
        writer.endArray()
    }

    /// `account/commission` of a market.
    public func commission(_ account: AccountID, _ market: Market, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("symbol")
        writer.string(market.symbol)
        writer.key("standardCommission")
        rates(reference.feeSchedule(of: account), to: &writer)
        for name: StaticString in ["specialCommission", "taxCommission"] {
            writer.key(name)
            rates(FeeSchedule(), to: &writer)
        }
        writer.key("discount")
        writer.beginObject()
        writer.key("enabledForAccount")
        writer.bool(false)
        writer.key("enabledForSymbol")
        writer.bool(false)
        writer.key("discountAsset")
        writer.string(market.quote)
        writer.key("discount")
        writer.decimal(0, decimals: 8)
        writer.endObject()
        writer.endObject()
    }

    /// `asset/tradeFee` of `markets`.
    public func tradeFees(_ account: AccountID, _ markets: [Market], to writer: inout JSONWriter) {
        let schedule = reference.feeSchedule(of: account)
        writer.beginArray()
        for market in markets {
            writer.beginObject()
            writer.key("symbol")
            writer.string(market.symbol)
            writer.key("makerCommission")
            rate(schedule.makerBasisPoints, to: &writer)
            writer.key("takerCommission")
            rate(schedule.takerBasisPoints, to: &writer)
            writer.endObject()
        }
        writer.endArray()
    }

    /// The account's own order limits, and what it has used of them.
    public func orderRateLimits(
        _ account: AccountID, countIn10Seconds: Int, countInDay: Int, to writer: inout JSONWriter
    ) {
        let (short, long) = orderLimits(of: account)
        writer.beginArray()
        limit("ORDERS", "SECOND", 10, short, count: countIn10Seconds, to: &writer)
        limit("ORDERS", "DAY", 1, long, count: countInDay, to: &writer)
        writer.endArray()
    }

    /// Placements that the account may make in ten seconds and in a day.
    func orderLimits(of account: AccountID) -> (short: Int, long: Int) {
        let definition = reference.accounts[account] ?? AccountDefinition()
        let short =
            definition.ordersPer10Seconds == 0 ? reference.venue.ordersPer10Seconds : definition.ordersPer10Seconds
        let long = definition.ordersPerDay == 0 ? reference.venue.ordersPerDay : definition.ordersPerDay
        return (Int(short), Int(long))
    }

    /// `capital/config/getall`.
    public func wallet(_ balances: [BalancesView.Entry], to writer: inout JSONWriter) {
        writer.beginArray()
        for asset in reference.assetsByCode {
            let entry = balances.first { $0.asset == asset.asset }
            let decimals = Int(asset.decimals)
            writer.beginObject()
            writer.key("coin")
            writer.string(asset.code)
            writer.key("name")
            writer.string(asset.name)
            writer.key("free")
            writer.decimal(Int128(entry?.free.rawValue ?? 0), decimals: decimals)
            writer.key("locked")
            writer.decimal(Int128(entry?.locked.rawValue ?? 0), decimals: decimals)
            for name: StaticString in ["freeze", "withdrawing", "ipoing", "ipoable", "storage"] {
                writer.key(name)
                writer.decimal(0, decimals: decimals)
            }
            writer.key("isLegalMoney")
            writer.bool(false)
            writer.key("trading")
            writer.bool(true)
            writer.key("depositAllEnable")
            writer.bool(asset.depositsEnabled)
            writer.key("withdrawAllEnable")
            writer.bool(asset.withdrawalsEnabled)
            writer.key("networkList")
            writer.beginArray()
            network(asset, to: &writer)
            writer.endArray()
            writer.endObject()
        }
        writer.endArray()
    }

    private func network(_ asset: AssetDefinition, to writer: inout JSONWriter) {
        let decimals = Int(asset.decimals)
        writer.beginObject()
        writer.key("network")
        writer.string(asset.network)
        writer.key("coin")
        writer.string(asset.code)
        writer.key("name")
        writer.string(asset.network)
        writer.key("isDefault")
        writer.bool(true)
        writer.key("depositEnable")
        writer.bool(asset.depositsEnabled)
        writer.key("withdrawEnable")
        writer.bool(asset.withdrawalsEnabled)
        writer.key("withdrawFee")
        writer.decimal(Int128(asset.withdrawalFee.rawValue), decimals: decimals)
        writer.key("withdrawMin")
        writer.decimal(Int128(asset.withdrawalMinimum.rawValue), decimals: decimals)
        writer.key("withdrawMax")
        writer.decimal(Int128(Int64.max), decimals: decimals)
        writer.key("withdrawIntegerMultiple")
        writer.decimal(1, decimals: decimals)
        for name: StaticString in ["minConfirm", "unLockConfirm"] {
            writer.key(name)
            writer.integer(1)
        }
        for name: StaticString in ["addressRegex", "memoRegex"] {
            writer.key(name)
            writer.string("")
        }
        writer.key("sameAddress")
        writer.bool(false)
        writer.key("estimatedArrivalTime")
        writer.integer(0)
        writer.key("busy")
        writer.bool(false)
        writer.endObject()
    }

    /// `asset/assetDetail`.
    public func assetDetail(to writer: inout JSONWriter) {
        writer.beginObject()
        for asset in reference.assetsByCode {
            writer.key(asset.code.description)
            writer.beginObject()
            writer.key("minWithdrawAmount")
            writer.decimal(Int128(asset.withdrawalMinimum.rawValue), decimals: Int(asset.decimals))
            writer.key("depositStatus")
            writer.bool(asset.depositsEnabled)
            writer.key("withdrawFee")
            writer.decimal(Int128(asset.withdrawalFee.rawValue), decimals: Int(asset.decimals))
            writer.key("withdrawStatus")
            writer.bool(asset.withdrawalsEnabled)
            writer.endObject()
        }
        writer.endObject()
    }

    /// `account/apiRestrictions`.
    public func keyRestrictions(_ key: ApiKey, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("ipRestrict")
        writer.bool(!key.allowedAddresses.isEmpty)
        writer.key("createTime")
        writer.time(key.created, unit)
        writer.key("enableReading")
        writer.bool(key.permissions.contains(.read))
        writer.key("enableSpotAndMarginTrading")
        writer.bool(key.permissions.contains(.trade))
        writer.key("enableWithdrawals")
        writer.bool(key.permissions.contains(.withdraw))
        for name: StaticString in [
            "enableInternalTransfer", "enableMargin", "enableFutures", "permitsUniversalTransfer",
        ] {
            writer.key(name)
            writer.bool(false)
        }
        writer.endObject()
    }
}
