import Records
import TradingCore

/// The events of a user's stream (section 10 of the client API's contract).
public struct UserEventRenderer: Sendable {
    public var unit: TimeUnit

    public init(unit: TimeUnit = .milliseconds) { self.unit = unit }

    /// `executionReport`.
    public func executionReport(_ event: OrderEvent, _ market: Market, to writer: inout JSONWriter) {
        let order = event.order
        writer.beginObject()
        writer.key("e")
        writer.string("executionReport")
        writer.key("E")
        writer.time(event.time, unit)
        writer.key("s")
        writer.string(market.symbol)
        identity(event, to: &writer)
        writer.key("q")
        writer.quantity(order.shownQuantity, market)
        writer.key("p")
        writer.price(order.price, market)
        writer.key("P")
        writer.price(order.stopPrice, market)
        writer.key("F")
        writer.decimal(0, decimals: market.baseDecimals)
        writer.key("g")
        writer.integer(-1)
        writer.key("C")
        writer.string(event.originalClientOrderID)
        writer.key("x")
        writer.string(event.executionType)
        writer.key("X")
        writer.string(order.status.contractName)
        writer.key("r")
        writer.string("NONE")
        writer.key("i")
        writer.integer(order.orderID.rawValue)
        execution(event, market, to: &writer)
        conditions(event, market, to: &writer)
        writer.endObject()
    }

    private func identity(_ event: OrderEvent, to writer: inout JSONWriter) {
        writer.key("c")
        writer.string(event.shownClientOrderID)
        writer.key("S")
        writer.string(event.order.side.contractName)
        writer.key("o")
        writer.string(event.order.type.contractName)
        writer.key("f")
        let isMarket = event.order.type == .market
        writer.string(isMarket ? TimeInForce.goodTillCanceled.contractName : event.order.timeInForce.contractName)
    }

    private func execution(_ event: OrderEvent, _ market: Market, to writer: inout JSONWriter) {
        let order = event.order
        let fill = event.fill
        writer.key("l")
        writer.quantity(fill?.quantity ?? .zero, market)
        writer.key("z")
        writer.quantity(order.executed, market)
        writer.key("L")
        writer.price(fill?.price ?? .zero, market)
        let decimals = order.side == .buy ? market.baseDecimals : market.quoteDecimals
        writer.key("n")
        writer.decimal(Int128(fill?.fee.rawValue ?? 0), decimals: decimals)
        writer.key("N")
        if fill != nil { writer.string(order.side == .buy ? market.base : market.quote) } else { writer.null() }
        writer.key("T")
        writer.time(event.time, unit)
        writer.key("t")
        writer.integer(fill?.tradeID.rawValue ?? -1)
        writer.key("I")
        writer.integer(order.execution.rawValue)
        writer.key("w")
        writer.bool(order.isOpen)
        writer.key("m")
        writer.bool(event.isMaker)
        writer.key("M")
        writer.bool(fill != nil)
        writer.key("O")
        writer.time(order.created, unit)
        writer.key("Z")
        writer.quoteAmount(order.quoteFilled, market)
        writer.key("Y")
        writer.quoteAmount(event.fillAmount, market)
        writer.key("Q")
        writer.quoteAmount(order.quoteQuantity, market)
        writer.key("W")
        writer.time(order.created, unit)
        writer.key("V")
        writer.string(order.selfTradePrevention.contractName)
    }

    private func conditions(_ event: OrderEvent, _ market: Market, to writer: inout JSONWriter) {
        let order = event.order
        if order.strategyID != 0 {
            writer.key("j")
            writer.integer(Int64(clamping: order.strategyID))
        }
        if order.strategyType != 0 {
            writer.key("J")
            writer.integer(Int64(order.strategyType))
        }
        if case .done(let done) = event.kind, order.status == .expired, let reason = done.reason.expiryReason {
            writer.key("eR")
            writer.string(reason)
        }
        guard case .prevented(let prevention, let asMaker) = event.kind else { return }
        writer.key("v")
        writer.integer(prevention.preventedMatchId)
        writer.key("A")
        writer.quantity(order.prevented, market)
        writer.key("B")
        let quantity = asMaker ? prevention.makerQuantity : prevention.takerQuantity
        writer.quantity(quantity, market)
        writer.key("pl")
        writer.quantity(quantity, market)
        writer.key("pL")
        writer.price(prevention.price, market)
        writer.key("pY")
        writer.decimal(market.scale.notional(prevention.price, quantity), decimals: market.quoteDecimals)
        writer.key("u")
        writer.integer(Int64(prevention.tradeGroup))
        writer.key("U")
        writer.integer(asMaker ? prevention.takerOrderId.rawValue : prevention.makerOrderId.rawValue)
    }

    /// `outboundAccountPosition` of the balances of `account` in `balances`.
    public func accountPosition(
        _ balances: [Balance], of account: AccountID, _ reference: ReferenceSnapshot, at time: Timestamp,
        to writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.key("e")
        writer.string("outboundAccountPosition")
        writer.key("E")
        writer.time(time, unit)
        writer.key("u")
        writer.time(time, unit)
        writer.key("B")
        writer.beginArray()
        for balance in balances where balance.account == account {
            guard let asset = reference.assets[balance.asset] else { continue }
            writer.beginObject()
            writer.key("a")
            writer.string(asset.code)
            writer.key("f")
            writer.decimal(Int128(balance.free.rawValue), decimals: Int(asset.decimals))
            writer.key("l")
            writer.decimal(Int128(balance.locked.rawValue), decimals: Int(asset.decimals))
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }

    /// `balanceUpdate`: what came in or left.
    public func balanceUpdate(
        _ delta: Amount, _ asset: AssetDefinition, at time: Timestamp, to writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.key("e")
        writer.string("balanceUpdate")
        writer.key("E")
        writer.time(time, unit)
        writer.key("a")
        writer.string(asset.code)
        writer.key("d")
        writer.decimal(Int128(delta.rawValue), decimals: Int(asset.decimals))
        writer.key("T")
        writer.time(time, unit)
        writer.endObject()
    }

    /// An event that has a name and a time only: `eventStreamTerminated`, `serverShutdown`.
    public func plain(_ name: StaticString, at time: Timestamp, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("e")
        writer.string(name)
        writer.key("E")
        writer.time(time, unit)
        writer.endObject()
    }
}

extension OrderEvent {
    /// The fill of a trade, by the order's side of it.
    public var fill: FillLine? {
        guard case .trade(let trade, let asMaker) = kind else { return nil }
        return FillLine(
            tradeID: trade.tradeId, price: trade.price, quantity: trade.quantity,
            fee: asMaker ? trade.makerFee : trade.takerFee)
    }

    var fillAmount: Amount {
        if case .trade(let trade, _) = kind { return trade.quoteAmount }
        return .zero
    }

    var isMaker: Bool {
        if case .trade(_, let asMaker) = kind { return asMaker }
        return false
    }

    /// `x`.
    var executionType: StaticString {
        switch kind {
        case .accepted: "NEW"
        case .trade: "TRADE"
        case .prevented: "TRADE_PREVENTION"
        case .done(let done):
            switch OrderState.status(of: done.reason) {
            case .canceled: "CANCELED"
            case .expiredInMatch: "TRADE_PREVENTION"
            default: "EXPIRED"
            }
        case .amended: "REPLACED"
        }
    }

    /// `c`: of a client's cancel, the cancel's own id.
    var shownClientOrderID: ASCIIText {
        if case .done(let done) = kind, !done.cancelClientOrderId.isEmpty { return done.cancelClientOrderId }
        return order.clientOrderID
    }

    /// `C`: of a cancel the order's id, of an amendment the one before.
    var originalClientOrderID: ASCIIText {
        switch kind {
        case .done(let done): done.cancelClientOrderId.isEmpty ? ASCIIText() : order.clientOrderID
        case .amended(let amended): amended.origClientOrderId
        default: ASCIIText()
        }
    }
}
