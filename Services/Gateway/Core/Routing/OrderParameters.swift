import Records
import TradingCore

/// The parameters of orders, cancels and amendments (sections 7.2, 7.4, 7.7 of the client API's contract).
enum OrderParameters {
    /// A new order in the client's units: quote minor units for one whole base unit, base minor units.
    static func place(
        _ parameters: ParameterList, account: AccountID, window: TimeWindow, isTest: Bool, reference: ReferenceSnapshot,
        makeID: () -> ASCIIText
    ) throws(ApiError) -> (order: PlaceOrder, response: ResponseType) {
        let market = try parameters.market(reference)
        var order = PlaceOrder()
        order.account = account
        order.instrument = market.id
        guard let side = try parameters.word(.side, else: ApiError(.invalidSide), Side.init) else {
            throw .mandatory(.side)
        }
        order.side = side
        guard let type = try parameters.word(.type, else: ApiError(.invalidOrderType), OrderType.init) else {
            throw .mandatory(.type)
        }
        order.type = type
        try amounts(parameters, market, &order)
        try timeInForce(parameters, &order)
        order.clientOrderId = try parameters.clientOrderID(.newClientOrderId)
        if order.clientOrderId.isEmpty { order.clientOrderId = makeID() }
        order.selfTradePrevention =
            try parameters.word(
                .selfTradePreventionMode, else: .invalid(.selfTradePreventionMode), SelfTradePrevention.init)
            ?? OrderParameters.defaultSelfTradePrevention
        try strategy(parameters, &order)
        // An order without what these ask for would be another order.
        guard !notOffered.contains(where: parameters.has) else { throw ApiError(.unsupportedOperation) }
        order.timestamp = window.timestamp
        order.deadline = window.deadline
        order.test = isTest
        let standard: ResponseType = type == .limit || type == .market ? .full : .acknowledgement
        let response = try parameters.word(.newOrderRespType, else: .invalid(.newOrderRespType), responseType)
        try refuseZeros(parameters, market, order)
        return (order, response ?? standard)
    }

    private static let notOffered: [ParameterName] = [
        .icebergQty, .trailingDelta, .pegPriceType, .pegOffsetType, .pegOffsetValue,
    ]

    static let defaultSelfTradePrevention = SelfTradePrevention.expireMaker

    private static func responseType(_ text: UnsafeRawBufferPointer) -> ResponseType? {
        if text.elementsEqual("ACK".utf8) { return .acknowledgement }
        if text.elementsEqual("RESULT".utf8) { return .result }
        return text.elementsEqual("FULL".utf8) ? .full : nil
    }

    /// Quantity, amount and prices, as the table of order types asks for them.
    private static func amounts(
        _ parameters: ParameterList, _ market: Market, _ order: inout PlaceOrder
    ) throws(ApiError) {
        let quantity = try parameters.decimal(.quantity, decimals: market.baseDecimals)
        let amount = try parameters.decimal(.quoteOrderQty, decimals: market.quoteDecimals)
        let price = try parameters.decimal(.price, decimals: market.quoteDecimals)
        let stopPrice = try parameters.decimal(.stopPrice, decimals: market.quoteDecimals)
        if order.type == .market {
            if quantity != nil, amount != nil { throw ApiError(.optionalParametersBadCombination) }
            if quantity == nil, amount == nil { throw .eitherMandatory(.quantity, .quoteOrderQty) }
        } else {
            if quantity == nil { throw .mandatory(.quantity) }
            if amount != nil { throw .notRequired(.quoteOrderQty) }
        }
        if order.type.hasPrice, price == nil { throw .mandatory(.price) }
        if !order.type.hasPrice, price != nil { throw .notRequired(.price) }
        if order.type.hasStopPrice, stopPrice == nil { throw .mandatory(.stopPrice) }
        if !order.type.hasStopPrice, stopPrice != nil { throw .notRequired(.stopPrice) }
        order.quantity = quantity ?? 0
        order.quoteQuantity = Amount(amount ?? 0)
        order.price = price ?? 0
        order.stopPrice = stopPrice ?? 0
    }

    /// Zero stands for "not sent" in the records, so it is refused here, by the first filter that forbids it; as every filter does,
    /// once the order is well formed.
    private static func refuseZeros(
        _ parameters: ParameterList, _ market: Market, _ order: PlaceOrder
    ) throws(ApiError) {
        let isPriceZero =
            (parameters.has(.price) && order.price == 0) || (parameters.has(.stopPrice) && order.stopPrice == 0)
        let isQuantityZero = parameters.has(.quantity) && order.quantity == 0
        let isAmountZero = parameters.has(.quoteOrderQty) && order.quoteQuantity == .zero
        guard isPriceZero || isQuantityZero || isAmountZero else { return }
        if isPriceZero, let error = zero(.priceFilter, market) { throw error }
        if isQuantityZero, let error = zero(.lotSize, market) { throw error }
        if isAmountZero, let error = zero(.notional, market) { throw error }
        throw .zeroNotional
    }

    /// The refusal of a zero; nil when the filter's least value is off, which it is at zero.
    private static func zero(_ filter: Filter, _ market: Market) -> ApiError? {
        let definition = market.definition
        let (limit, decimals) =
            switch filter {
            case .priceFilter: (definition.minimumPrice, market.quoteDecimals)
            case .lotSize: (definition.minimumQuantity, market.baseDecimals)
            default: (definition.minimumNotional.rawValue, market.quoteDecimals)
            }
        return limit > 0 ? .filter(filter, limit: limit, decimals: decimals) : nil
    }

    private static func timeInForce(_ parameters: ParameterList, _ order: inout PlaceOrder) throws(ApiError) {
        let sent = try parameters.word(.timeInForce, else: ApiError(.invalidTimeInForce), TimeInForce.init)
        switch order.type {
        case .limit, .stopLossLimit, .takeProfitLimit:
            guard let sent else { throw .mandatory(.timeInForce) }
            order.timeInForce = sent
        case .market:
            if sent != nil { throw .notRequired(.timeInForce) }
            order.timeInForce = .immediateOrCancel
        case .limitMaker, .stopLoss, .takeProfit:
            if let sent, sent != .goodTillCanceled { throw .notRequired(.timeInForce) }
            order.timeInForce = .goodTillCanceled
        }
    }

    private static func strategy(_ parameters: ParameterList, _ order: inout PlaceOrder) throws(ApiError) {
        if let id = try parameters.integer(.strategyId) {
            guard id >= 0 else { throw .invalid(.strategyId) }
            order.strategyId = UInt64(id)
        }
        if let type = try parameters.integer(.strategyType) {
            guard type >= 1_000_000, let small = UInt32(exactly: type) else { throw .invalid(.strategyType) }
            order.strategyType = small
        }
    }

    static func cancel(
        _ parameters: ParameterList, account: AccountID, window: TimeWindow, reference: ReferenceSnapshot,
        makeID: () -> ASCIIText
    ) throws(ApiError) -> CancelOrder {
        let market = try parameters.market(reference)
        var cancel = CancelOrder()
        cancel.account = account
        cancel.instrument = market.id
        (cancel.orderId, cancel.origClientOrderId) = try named(parameters)
        cancel.clientOrderId = try parameters.clientOrderID(.newClientOrderId)
        if cancel.clientOrderId.isEmpty { cancel.clientOrderId = makeID() }
        cancel.restriction =
            try parameters.word(.cancelRestrictions, else: ApiError(.invalidCancelRestrictions), restriction) ?? .none
        cancel.timestamp = window.timestamp
        cancel.deadline = window.deadline
        return cancel
    }

    private static func restriction(_ text: UnsafeRawBufferPointer) -> CancelRestriction? {
        if text.elementsEqual("ONLY_NEW".utf8) { return .onlyNew }
        return text.elementsEqual("ONLY_PARTIALLY_FILLED".utf8) ? .onlyPartiallyFilled : nil
    }

    static func cancelAll(
        _ parameters: ParameterList, account: AccountID, window: TimeWindow, reference: ReferenceSnapshot
    ) throws(ApiError) -> CancelAll {
        var cancel = CancelAll()
        cancel.account = account
        cancel.instrument = try parameters.market(reference).id
        cancel.reason = .canceled
        cancel.timestamp = window.timestamp
        cancel.deadline = window.deadline
        return cancel
    }

    static func amend(
        _ parameters: ParameterList, account: AccountID, window: TimeWindow, reference: ReferenceSnapshot
    ) throws(ApiError) -> AmendOrder {
        let market = try parameters.market(reference)
        var amend = AmendOrder()
        amend.account = account
        amend.instrument = market.id
        (amend.orderId, amend.origClientOrderId) = try named(parameters)
        amend.clientOrderId = try parameters.clientOrderID(.newClientOrderId)
        guard let quantity = try parameters.decimal(.newQty, decimals: market.baseDecimals) else {
            throw .mandatory(.newQty)
        }
        guard quantity > 0 else { throw zero(.lotSize, market) ?? .invalid(.newQty) }
        amend.newQuantity = quantity
        amend.timestamp = window.timestamp
        amend.deadline = window.deadline
        return amend
    }

    static func query(
        _ parameters: ParameterList, account: AccountID, window: TimeWindow, reference: ReferenceSnapshot
    ) throws(ApiError) -> OrderQuery {
        let market = try parameters.market(reference)
        let (order, clientID) = try named(parameters)
        return OrderQuery(
            account: account, market: market, orderID: order, clientOrderID: clientID, timestamp: window.timestamp)
    }

    /// The order that `orderId`, `origClientOrderId` or both name.
    private static func named(_ parameters: ParameterList) throws(ApiError) -> (OrderID, ASCIIText) {
        let order = try parameters.identifier(.orderId)
        let clientID = try parameters.clientOrderID(.origClientOrderId)
        if order == nil, clientID.isEmpty { throw .eitherMandatory(.orderId, .origClientOrderId) }
        return (OrderID(order ?? 0), clientID)
    }
}
