import TradingCore

// How the client API writes the terms of orders.

extension Side {
    public var contractName: StaticString { self == .buy ? "BUY" : "SELL" }

    init?(_ text: UnsafeRawBufferPointer) {
        if text.elementsEqual("BUY".utf8) {
            self = .buy
        } else if text.elementsEqual("SELL".utf8) {
            self = .sell
        } else {
            return nil
        }
    }
}

extension OrderType {
    public var contractName: StaticString {
        switch self {
        case .limit: "LIMIT"
        case .limitMaker: "LIMIT_MAKER"
        case .market: "MARKET"
        case .stopLoss: "STOP_LOSS"
        case .stopLossLimit: "STOP_LOSS_LIMIT"
        case .takeProfit: "TAKE_PROFIT"
        case .takeProfitLimit: "TAKE_PROFIT_LIMIT"
        }
    }

    /// Whether the client names a price at which the order is triggered.
    public var hasStopPrice: Bool {
        self == .stopLoss || self == .stopLossLimit || self == .takeProfit || self == .takeProfitLimit
    }

    init?(_ text: UnsafeRawBufferPointer) {
        for type in OrderType.allCases where type.contractName.equals(text) {
            self = type
            return
        }
        return nil
    }
}

extension TimeInForce {
    public var contractName: StaticString {
        switch self {
        case .goodTillCanceled: "GTC"
        case .immediateOrCancel: "IOC"
        case .fillOrKill: "FOK"
        }
    }

    init?(_ text: UnsafeRawBufferPointer) {
        for value in TimeInForce.allCases where value.contractName.equals(text) {
            self = value
            return
        }
        return nil
    }
}

extension SelfTradePrevention {
    public var contractName: StaticString {
        switch self {
        case .none: "NONE"
        case .expireTaker: "EXPIRE_TAKER"
        case .expireMaker: "EXPIRE_MAKER"
        case .expireBoth: "EXPIRE_BOTH"
        case .decrement: "DECREMENT"
        }
    }

    init?(_ text: UnsafeRawBufferPointer) {
        for value in SelfTradePrevention.allCases where value.contractName.equals(text) {
            self = value
            return
        }
        return nil
    }
}

extension OrderStatus {
    public var contractName: StaticString {
        switch self {
        case .new: "NEW"
        case .partiallyFilled: "PARTIALLY_FILLED"
        case .filled: "FILLED"
        case .canceled: "CANCELED"
        case .rejected: "REJECTED"
        case .expired: "EXPIRED"
        case .expiredInMatch: "EXPIRED_IN_MATCH"
        }
    }
}

extension TradingStatus {
    public var contractName: StaticString {
        switch self {
        case .trading: "TRADING"
        case .halt: "HALT"
        case .pause, .delisted: "BREAK"
        case .endOfDay: "END_OF_DAY"
        case .cancelOnly: "CANCEL_ONLY"
        }
    }
}

extension DoneReason {
    /// `expiryReason`, where the order expired for a reason that the client API names.
    public var expiryReason: StaticString? {
        switch self {
        case .canceled, .selfTradePrevented: nil
        case .immediateOrCancelRest: "UNFILLED_IOC_QUANTITY_EXPIRED"
        case .fillOrKillUnfilled: "UNFILLED_FOK_ORDER_EXPIRED"
        case .insufficientLiquidity: "INSUFFICIENT_LIQUIDITY"
        case .exchangeExpired, .exchangeCanceled: "EXCHANGE_CANCELED"
        }
    }
}

extension StaticString {
    func equals(_ text: UnsafeRawBufferPointer) -> Bool {
        utf8CodeUnitCount == text.count && withUTF8Buffer { $0.elementsEqual(text) }
    }
}
