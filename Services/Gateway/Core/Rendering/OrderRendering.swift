import Records
import TradingCore

/// How much a placement's answer tells.
public enum ResponseType: UInt8, Sendable {
    case acknowledgement
    case result
    case full
}

/// One fill of an answer in its fullest form.
public struct FillLine: Equatable, Sendable {
    public var tradeID: TradeID
    public var price: Price
    public var quantity: Quantity
    public var fee: Amount

    public init(tradeID: TradeID, price: Price, quantity: Quantity, fee: Amount) {
        self.tradeID = tradeID
        self.price = price
        self.quantity = quantity
        self.fee = fee
    }
}

/// The order objects of the client API (section 7.1 of its contract).
public struct OrderRenderer: Sendable {
    public var unit: TimeUnit

    public init(unit: TimeUnit = .milliseconds) { self.unit = unit }

    /// The answer to a placement.
    public func placed(
        _ order: OrderState, _ market: Market, _ type: ResponseType, fills: [FillLine], to writer: inout JSONWriter
    ) {
        writer.beginObject()
        identity(order, market, clientOrderID: order.clientOrderID, to: &writer)
        writer.key("transactTime")
        writer.time(order.updated, unit)
        if type != .acknowledgement {
            result(order, market, to: &writer)
            if type == .full { self.fills(order, market, fills, to: &writer) }
        }
        writer.endObject()
    }

    /// The answer to a cancel: `clientOrderId` is the cancel's own id.
    public func cancelled(
        _ order: OrderState, _ market: Market, cancelID: ASCIIText, to writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.key("symbol")
        writer.string(market.symbol)
        writer.key("origClientOrderId")
        writer.string(order.clientOrderID)
        writer.key("orderId")
        writer.integer(order.orderID.rawValue)
        writer.key("orderListId")
        writer.integer(-1)
        writer.key("clientOrderId")
        writer.string(cancelID.isEmpty ? order.clientOrderID : cancelID)
        writer.key("transactTime")
        writer.time(order.updated, unit)
        result(order, market, to: &writer)
        writer.endObject()
    }

    /// The form of queries.
    public func queried(_ order: OrderState, _ market: Market, to writer: inout JSONWriter) {
        writer.beginObject()
        identity(order, market, clientOrderID: order.clientOrderID, to: &writer)
        amounts(order, market, to: &writer)
        terms(order, market, to: &writer)
        writer.key("stopPrice")
        writer.price(order.stopPrice, market)
        writer.key("icebergQty")
        writer.decimal(0, decimals: market.baseDecimals)
        writer.key("time")
        writer.time(order.created, unit)
        writer.key("updateTime")
        writer.time(order.updated, unit)
        writer.key("isWorking")
        writer.bool(true)
        writer.key("workingTime")
        writer.time(order.created, unit)
        writer.key("origQuoteOrderQty")
        writer.quoteAmount(order.quoteQuantity, market)
        modeAndConditions(order, market, to: &writer)
        writer.endObject()
    }

    /// The answer to an amendment.
    public func amended(
        _ order: OrderState, _ market: Market, _ amended: OrderAmended, to writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.key("transactTime")
        writer.time(order.updated, unit)
        writer.key("executionId")
        writer.integer(amended.executionId.rawValue)
        writer.key("amendedOrder")
        writer.beginObject()
        writer.key("symbol")
        writer.string(market.symbol)
        writer.key("orderId")
        writer.integer(order.orderID.rawValue)
        writer.key("orderListId")
        writer.integer(-1)
        writer.key("origClientOrderId")
        writer.string(amended.origClientOrderId)
        writer.key("clientOrderId")
        writer.string(order.clientOrderID)
        writer.key("price")
        writer.price(order.price, market)
        writer.key("qty")
        writer.quantity(order.quantity, market)
        writer.key("executedQty")
        writer.quantity(order.executed, market)
        writer.key("preventedQty")
        writer.quantity(order.prevented, market)
        writer.key("quoteOrderQty")
        writer.quoteAmount(order.quoteQuantity, market)
        writer.key("cumulativeQuoteQty")
        writer.quoteAmount(order.quoteFilled, market)
        terms(order, market, to: &writer)
        writer.key("workingTime")
        writer.time(order.created, unit)
        writer.key("selfTradePreventionMode")
        writer.string(order.selfTradePrevention.contractName)
        writer.endObject()
        writer.endObject()
    }

    private func identity(
        _ order: OrderState, _ market: Market, clientOrderID: ASCIIText, to writer: inout JSONWriter
    ) {
        writer.key("symbol")
        writer.string(market.symbol)
        writer.key("orderId")
        writer.integer(order.orderID.rawValue)
        writer.key("orderListId")
        writer.integer(-1)
        writer.key("clientOrderId")
        writer.string(clientOrderID)
    }

    private func result(_ order: OrderState, _ market: Market, to writer: inout JSONWriter) {
        amounts(order, market, to: &writer)
        writer.key("origQuoteOrderQty")
        writer.quoteAmount(order.quoteQuantity, market)
        terms(order, market, to: &writer)
        if order.type.hasStopPrice {
            writer.key("stopPrice")
            writer.price(order.stopPrice, market)
        }
        writer.key("workingTime")
        writer.time(order.created, unit)
        modeAndConditions(order, market, to: &writer)
    }

    private func amounts(_ order: OrderState, _ market: Market, to writer: inout JSONWriter) {
        writer.key("price")
        writer.price(order.price, market)
        writer.key("origQty")
        writer.quantity(order.shownQuantity, market)
        writer.key("executedQty")
        writer.quantity(order.executed, market)
        writer.key("cummulativeQuoteQty")
        writer.quoteAmount(order.quoteFilled, market)
    }

    private func terms(_ order: OrderState, _ market: Market, to writer: inout JSONWriter) {
        writer.key("status")
        writer.string(order.status.contractName)
        writer.key("timeInForce")
        writer.string(
            order.type == .market ? TimeInForce.goodTillCanceled.contractName : order.timeInForce.contractName)
        writer.key("type")
        writer.string(order.type.contractName)
        writer.key("side")
        writer.string(order.side.contractName)
    }

    private func modeAndConditions(_ order: OrderState, _ market: Market, to writer: inout JSONWriter) {
        writer.key("selfTradePreventionMode")
        writer.string(order.selfTradePrevention.contractName)
        if order.strategyID != 0 {
            writer.key("strategyId")
            writer.integer(Int64(clamping: order.strategyID))
        }
        if order.strategyType != 0 {
            writer.key("strategyType")
            writer.integer(Int64(order.strategyType))
        }
        if order.preventedMatchID != 0 {
            writer.key("preventedMatchId")
            writer.integer(order.preventedMatchID)
            writer.key("preventedQuantity")
            writer.quantity(order.prevented, market)
        }
        if order.status == .expired, let reason = order.doneReason?.expiryReason {
            writer.key("expiryReason")
            writer.string(reason)
        }
    }

    private func fills(
        _ order: OrderState, _ market: Market, _ fills: [FillLine], to writer: inout JSONWriter
    ) {
        writer.key("fills")
        writer.beginArray()
        let received = order.side == .buy
        for fill in fills {
            writer.beginObject()
            writer.key("price")
            writer.price(fill.price, market)
            writer.key("qty")
            writer.quantity(fill.quantity, market)
            writer.key("commission")
            writer.decimal(
                Int128(fill.fee.rawValue), decimals: received ? market.baseDecimals : market.quoteDecimals)
            writer.key("commissionAsset")
            writer.string(received ? market.base : market.quote)
            writer.key("tradeId")
            writer.integer(fill.tradeID.rawValue)
            writer.endObject()
        }
        writer.endArray()
    }
}
