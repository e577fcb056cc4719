import TradingCore

public struct SubmitOrder: Equatable, Sendable {
    public var orderId: OrderID
    public var account: AccountID
    public var instrument: InstrumentID
    public var clientOrderId: ASCIIText
    public var side: Side
    public var type: OrderType
    public var timeInForce: TimeInForce
    public var price: Price
    public var quantity: Quantity
    public var quoteQuantity: Amount
    public var selfTradePrevention: SelfTradePrevention
    public var makerBasisPoints: UInt32
    public var takerBasisPoints: UInt32
    public var timestamp: Timestamp
    public var deadline: Timestamp
    public var quotePerTickLot: Int64
    public var basePerLot: Int64
    public var baseAsset: AssetID
    public var quoteAsset: AssetID
    public var matchingPartition: UInt32
    public var maximumOrders: UInt32
    public var maximumOpenNotional: Amount
    public var ordersIn10Seconds: UInt32
    public var ordersInDay: UInt32
    public var tradeGroup: UInt32
    public var strategyId: UInt64
    public var strategyType: UInt32
    public var stopPrice: Price

    public init(
        orderId: OrderID = OrderID(rawValue: 0),
        account: AccountID = AccountID(rawValue: 0),
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        clientOrderId: ASCIIText = ASCIIText(),
        side: Side = .buy,
        type: OrderType = .limit,
        timeInForce: TimeInForce = .goodTillCanceled,
        price: Price = Price(rawValue: 0),
        quantity: Quantity = Quantity(rawValue: 0),
        quoteQuantity: Amount = Amount(rawValue: 0),
        selfTradePrevention: SelfTradePrevention = .none,
        makerBasisPoints: UInt32 = 0,
        takerBasisPoints: UInt32 = 0,
        timestamp: Timestamp = Timestamp(rawValue: 0),
        deadline: Timestamp = Timestamp(rawValue: 0),
        quotePerTickLot: Int64 = 0,
        basePerLot: Int64 = 0,
        baseAsset: AssetID = AssetID(rawValue: 0),
        quoteAsset: AssetID = AssetID(rawValue: 0),
        matchingPartition: UInt32 = 0,
        maximumOrders: UInt32 = 0,
        maximumOpenNotional: Amount = Amount(rawValue: 0),
        ordersIn10Seconds: UInt32 = 0,
        ordersInDay: UInt32 = 0,
        tradeGroup: UInt32 = 0,
        strategyId: UInt64 = 0,
        strategyType: UInt32 = 0,
        stopPrice: Price = Price(rawValue: 0)
    ) {
        self.orderId = orderId
        self.account = account
        self.instrument = instrument
        self.clientOrderId = clientOrderId
        self.side = side
        self.type = type
        self.timeInForce = timeInForce
        self.price = price
        self.quantity = quantity
        self.quoteQuantity = quoteQuantity
        self.selfTradePrevention = selfTradePrevention
        self.makerBasisPoints = makerBasisPoints
        self.takerBasisPoints = takerBasisPoints
        self.timestamp = timestamp
        self.deadline = deadline
        self.quotePerTickLot = quotePerTickLot
        self.basePerLot = basePerLot
        self.baseAsset = baseAsset
        self.quoteAsset = quoteAsset
        self.matchingPartition = matchingPartition
        self.maximumOrders = maximumOrders
        self.maximumOpenNotional = maximumOpenNotional
        self.ordersIn10Seconds = ordersIn10Seconds
        self.ordersInDay = ordersInDay
        self.tradeGroup = tradeGroup
        self.strategyId = strategyId
        self.strategyType = strategyType
        self.stopPrice = stopPrice
    }
}

public struct Refusal: Equatable, Sendable {
    public var account: AccountID
    public var instrument: InstrumentID
    public var reason: RefusalReason
    public var filter: Filter?
    public var orderId: OrderID
    public var clientOrderId: ASCIIText
    public var limit: Int64
    public var actual: Int64
    public var decimals: UInt32
    public var retryAt: Timestamp

    public init(
        account: AccountID = AccountID(rawValue: 0),
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        reason: RefusalReason = .filter,
        filter: Filter? = nil,
        orderId: OrderID = OrderID(rawValue: 0),
        clientOrderId: ASCIIText = ASCIIText(),
        limit: Int64 = 0,
        actual: Int64 = 0,
        decimals: UInt32 = 0,
        retryAt: Timestamp = Timestamp(rawValue: 0)
    ) {
        self.account = account
        self.instrument = instrument
        self.reason = reason
        self.filter = filter
        self.orderId = orderId
        self.clientOrderId = clientOrderId
        self.limit = limit
        self.actual = actual
        self.decimals = decimals
        self.retryAt = retryAt
    }
}

public struct TestPassed: Equatable, Sendable {
    public var account: AccountID
    public var instrument: InstrumentID

    public init(
        account: AccountID = AccountID(rawValue: 0),
        instrument: InstrumentID = InstrumentID(rawValue: 0)
    ) {
        self.account = account
        self.instrument = instrument
    }
}

public struct SettleFill: Equatable, Sendable {
    public var orderId: OrderID
    public var account: AccountID
    public var side: Side
    public var price: Price
    public var quantity: Quantity
    public var baseAmount: Amount
    public var quoteAmount: Amount
    public var fee: Amount
    public var tradeId: TradeID
    public var maker: Bool
    public var done: Bool

    public init(
        orderId: OrderID = OrderID(rawValue: 0),
        account: AccountID = AccountID(rawValue: 0),
        side: Side = .buy,
        price: Price = Price(rawValue: 0),
        quantity: Quantity = Quantity(rawValue: 0),
        baseAmount: Amount = Amount(rawValue: 0),
        quoteAmount: Amount = Amount(rawValue: 0),
        fee: Amount = Amount(rawValue: 0),
        tradeId: TradeID = TradeID(rawValue: 0),
        maker: Bool = false,
        done: Bool = false
    ) {
        self.orderId = orderId
        self.account = account
        self.side = side
        self.price = price
        self.quantity = quantity
        self.baseAmount = baseAmount
        self.quoteAmount = quoteAmount
        self.fee = fee
        self.tradeId = tradeId
        self.maker = maker
        self.done = done
    }
}

public struct OrderEnd: Equatable, Sendable {
    public var orderId: OrderID
    public var account: AccountID
    public var refused: Bool

    public init(
        orderId: OrderID = OrderID(rawValue: 0),
        account: AccountID = AccountID(rawValue: 0),
        refused: Bool = false
    ) {
        self.orderId = orderId
        self.account = account
        self.refused = refused
    }
}

public struct OrderReduced: Equatable, Sendable {
    public var orderId: OrderID
    public var account: AccountID
    public var quantity: Quantity
    public var clientOrderId: ASCIIText

    public init(
        orderId: OrderID = OrderID(rawValue: 0),
        account: AccountID = AccountID(rawValue: 0),
        quantity: Quantity = Quantity(rawValue: 0),
        clientOrderId: ASCIIText = ASCIIText()
    ) {
        self.orderId = orderId
        self.account = account
        self.quantity = quantity
        self.clientOrderId = clientOrderId
    }
}

public struct Settlement: Equatable, Sendable {
    public var instrument: InstrumentID
    public var fills: [SettleFill]
    public var reductions: [OrderReduced]
    public var ends: [OrderEnd]

    public init(
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        fills: [SettleFill] = [],
        reductions: [OrderReduced] = [],
        ends: [OrderEnd] = []
    ) {
        self.instrument = instrument
        self.fills = fills
        self.reductions = reductions
        self.ends = ends
    }
}

public enum LedgerRecord: Equatable, Sendable {
    case submitOrder(SubmitOrder)
    case cancelOrder(CancelOrder)
    case cancelAll(CancelAll)
    case amendOrder(AmendOrder)
    case settlement(Settlement)
    case refusal(Refusal)
    case marker(Marker)
    case deposit(Deposit)
    case requestWithdrawal(RequestWithdrawal)
    case resolveWithdrawal(ResolveWithdrawal)
    case testPassed(TestPassed)
    case revisionReport(RevisionReport)
    case raiseLogicVersion(RaiseLogicVersion)
    case tick(Tick)
}

public enum MatchingRecord: Equatable, Sendable {
    case submitOrder(SubmitOrder)
    case cancelOrder(CancelOrder)
    case cancelAll(CancelAll)
    case amendOrder(AmendOrder)
    case instrument(InstrumentDefinition)
    case raiseLogicVersion(RaiseLogicVersion)
    case tick(Tick)
}
