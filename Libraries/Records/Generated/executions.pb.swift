import TradingCore

public struct OrderAccepted: Equatable, Sendable {
    public var orderId: OrderID
    public var account: AccountID
    public var clientOrderId: ASCIIText
    public var side: Side
    public var type: OrderType
    public var timeInForce: TimeInForce
    public var price: Price
    public var quantity: Quantity
    public var quoteQuantity: Amount
    public var selfTradePrevention: SelfTradePrevention
    public var executionId: ExecutionID
    public var ordersIn10Seconds: UInt32
    public var ordersInDay: UInt32
    public var strategyId: UInt64
    public var strategyType: UInt32
    public var ledgerPartition: UInt32

    public init(
        orderId: OrderID = OrderID(rawValue: 0),
        account: AccountID = AccountID(rawValue: 0),
        clientOrderId: ASCIIText = ASCIIText(),
        side: Side = .buy,
        type: OrderType = .limit,
        timeInForce: TimeInForce = .goodTillCanceled,
        price: Price = Price(rawValue: 0),
        quantity: Quantity = Quantity(rawValue: 0),
        quoteQuantity: Amount = Amount(rawValue: 0),
        selfTradePrevention: SelfTradePrevention = .none,
        executionId: ExecutionID = ExecutionID(rawValue: 0),
        ordersIn10Seconds: UInt32 = 0,
        ordersInDay: UInt32 = 0,
        strategyId: UInt64 = 0,
        strategyType: UInt32 = 0,
        ledgerPartition: UInt32 = 0
    ) {
        self.orderId = orderId
        self.account = account
        self.clientOrderId = clientOrderId
        self.side = side
        self.type = type
        self.timeInForce = timeInForce
        self.price = price
        self.quantity = quantity
        self.quoteQuantity = quoteQuantity
        self.selfTradePrevention = selfTradePrevention
        self.executionId = executionId
        self.ordersIn10Seconds = ordersIn10Seconds
        self.ordersInDay = ordersInDay
        self.strategyId = strategyId
        self.strategyType = strategyType
        self.ledgerPartition = ledgerPartition
    }
}

public struct Trade: Equatable, Sendable {
    public var tradeId: TradeID
    public var price: Price
    public var quantity: Quantity
    public var quoteAmount: Amount
    public var makerOrderId: OrderID
    public var makerAccount: AccountID
    public var takerOrderId: OrderID
    public var takerAccount: AccountID
    public var takerSide: Side
    public var makerFee: Amount
    public var takerFee: Amount
    public var executionId: ExecutionID
    public var makerDone: Bool
    public var takerDone: Bool

    public init(
        tradeId: TradeID = TradeID(rawValue: 0),
        price: Price = Price(rawValue: 0),
        quantity: Quantity = Quantity(rawValue: 0),
        quoteAmount: Amount = Amount(rawValue: 0),
        makerOrderId: OrderID = OrderID(rawValue: 0),
        makerAccount: AccountID = AccountID(rawValue: 0),
        takerOrderId: OrderID = OrderID(rawValue: 0),
        takerAccount: AccountID = AccountID(rawValue: 0),
        takerSide: Side = .buy,
        makerFee: Amount = Amount(rawValue: 0),
        takerFee: Amount = Amount(rawValue: 0),
        executionId: ExecutionID = ExecutionID(rawValue: 0),
        makerDone: Bool = false,
        takerDone: Bool = false
    ) {
        self.tradeId = tradeId
        self.price = price
        self.quantity = quantity
        self.quoteAmount = quoteAmount
        self.makerOrderId = makerOrderId
        self.makerAccount = makerAccount
        self.takerOrderId = takerOrderId
        self.takerAccount = takerAccount
        self.takerSide = takerSide
        self.makerFee = makerFee
        self.takerFee = takerFee
        self.executionId = executionId
        self.makerDone = makerDone
        self.takerDone = takerDone
    }
}

public struct Prevention: Equatable, Sendable {
    public var preventedMatchId: Int64
    public var makerOrderId: OrderID
    public var makerAccount: AccountID
    public var takerOrderId: OrderID
    public var takerAccount: AccountID
    public var price: Price
    public var makerQuantity: Quantity
    public var takerQuantity: Quantity
    public var executionId: ExecutionID
    public var makerDone: Bool
    public var takerDone: Bool
    public var mode: SelfTradePrevention
    public var tradeGroup: UInt32

    public init(
        preventedMatchId: Int64 = 0,
        makerOrderId: OrderID = OrderID(rawValue: 0),
        makerAccount: AccountID = AccountID(rawValue: 0),
        takerOrderId: OrderID = OrderID(rawValue: 0),
        takerAccount: AccountID = AccountID(rawValue: 0),
        price: Price = Price(rawValue: 0),
        makerQuantity: Quantity = Quantity(rawValue: 0),
        takerQuantity: Quantity = Quantity(rawValue: 0),
        executionId: ExecutionID = ExecutionID(rawValue: 0),
        makerDone: Bool = false,
        takerDone: Bool = false,
        mode: SelfTradePrevention = .none,
        tradeGroup: UInt32 = 0
    ) {
        self.preventedMatchId = preventedMatchId
        self.makerOrderId = makerOrderId
        self.makerAccount = makerAccount
        self.takerOrderId = takerOrderId
        self.takerAccount = takerAccount
        self.price = price
        self.makerQuantity = makerQuantity
        self.takerQuantity = takerQuantity
        self.executionId = executionId
        self.makerDone = makerDone
        self.takerDone = takerDone
        self.mode = mode
        self.tradeGroup = tradeGroup
    }
}

public struct OrderDone: Equatable, Sendable {
    public var orderId: OrderID
    public var account: AccountID
    public var reason: DoneReason
    public var executionId: ExecutionID
    public var executed: Quantity
    public var cancelClientOrderId: ASCIIText

    public init(
        orderId: OrderID = OrderID(rawValue: 0),
        account: AccountID = AccountID(rawValue: 0),
        reason: DoneReason = .canceled,
        executionId: ExecutionID = ExecutionID(rawValue: 0),
        executed: Quantity = Quantity(rawValue: 0),
        cancelClientOrderId: ASCIIText = ASCIIText()
    ) {
        self.orderId = orderId
        self.account = account
        self.reason = reason
        self.executionId = executionId
        self.executed = executed
        self.cancelClientOrderId = cancelClientOrderId
    }
}

public struct OrderAmended: Equatable, Sendable {
    public var orderId: OrderID
    public var account: AccountID
    public var newQuantity: Quantity
    public var origClientOrderId: ASCIIText
    public var clientOrderId: ASCIIText
    public var executionId: ExecutionID

    public init(
        orderId: OrderID = OrderID(rawValue: 0),
        account: AccountID = AccountID(rawValue: 0),
        newQuantity: Quantity = Quantity(rawValue: 0),
        origClientOrderId: ASCIIText = ASCIIText(),
        clientOrderId: ASCIIText = ASCIIText(),
        executionId: ExecutionID = ExecutionID(rawValue: 0)
    ) {
        self.orderId = orderId
        self.account = account
        self.newQuantity = newQuantity
        self.origClientOrderId = origClientOrderId
        self.clientOrderId = clientOrderId
        self.executionId = executionId
    }
}

public struct LevelChange: Equatable, Sendable {
    public var side: Side
    public var price: Price
    public var quantity: Quantity

    public init(
        side: Side = .buy,
        price: Price = Price(rawValue: 0),
        quantity: Quantity = Quantity(rawValue: 0)
    ) {
        self.side = side
        self.price = price
        self.quantity = quantity
    }
}

public struct InstrumentReport: Equatable, Sendable {
    public var revision: UInt64
    public var status: TradingStatus
    public var quotePerTickLot: Int64
    public var basePerLot: Int64
    public var symbol: ASCIIText
    public var tickSize: Int64
    public var stepSize: Int64
    public var baseDecimals: UInt32
    public var quoteDecimals: UInt32

    public init(
        revision: UInt64 = 0,
        status: TradingStatus = .trading,
        quotePerTickLot: Int64 = 0,
        basePerLot: Int64 = 0,
        symbol: ASCIIText = ASCIIText(),
        tickSize: Int64 = 0,
        stepSize: Int64 = 0,
        baseDecimals: UInt32 = 0,
        quoteDecimals: UInt32 = 0
    ) {
        self.revision = revision
        self.status = status
        self.quotePerTickLot = quotePerTickLot
        self.basePerLot = basePerLot
        self.symbol = symbol
        self.tickSize = tickSize
        self.stepSize = stepSize
        self.baseDecimals = baseDecimals
        self.quoteDecimals = quoteDecimals
    }
}

public struct Execution: Equatable, Sendable {
    public var instrument: InstrumentID
    public var ledgerApplied: [UInt64]
    public var ledgerWritten: [UInt64]
    public var accepted: OrderAccepted?
    public var trades: [Trade]
    public var done: [OrderDone]
    public var levels: [LevelChange]
    public var firstUpdateId: UpdateID
    public var preventions: [Prevention]
    public var amended: OrderAmended?
    public var refusal: Refusal?
    public var report: InstrumentReport?
    public var part: UInt32
    public var moreParts: Bool

    public init(
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        ledgerApplied: [UInt64] = [],
        ledgerWritten: [UInt64] = [],
        accepted: OrderAccepted? = nil,
        trades: [Trade] = [],
        done: [OrderDone] = [],
        levels: [LevelChange] = [],
        firstUpdateId: UpdateID = UpdateID(rawValue: 0),
        preventions: [Prevention] = [],
        amended: OrderAmended? = nil,
        refusal: Refusal? = nil,
        report: InstrumentReport? = nil,
        part: UInt32 = 0,
        moreParts: Bool = false
    ) {
        self.instrument = instrument
        self.ledgerApplied = ledgerApplied
        self.ledgerWritten = ledgerWritten
        self.accepted = accepted
        self.trades = trades
        self.done = done
        self.levels = levels
        self.firstUpdateId = firstUpdateId
        self.preventions = preventions
        self.amended = amended
        self.refusal = refusal
        self.report = report
        self.part = part
        self.moreParts = moreParts
    }
}

public struct EngineTick: Equatable, Sendable {
    public var ledgerApplied: [UInt64]
    public var ledgerWritten: [UInt64]

    public init(
        ledgerApplied: [UInt64] = [],
        ledgerWritten: [UInt64] = []
    ) {
        self.ledgerApplied = ledgerApplied
        self.ledgerWritten = ledgerWritten
    }
}

public enum ExecutionsRecord: Equatable, Sendable {
    case execution(Execution)
    case tick(EngineTick)
}
