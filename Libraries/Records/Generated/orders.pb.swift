import TradingCore

public struct PlaceOrder: Equatable, Sendable {
    public var account: AccountID
    public var instrument: InstrumentID
    public var clientOrderId: ASCIIText
    public var side: Side
    public var type: OrderType
    public var timeInForce: TimeInForce
    public var quantity: Int64
    public var price: Int64
    public var quoteQuantity: Amount
    public var selfTradePrevention: SelfTradePrevention
    public var timestamp: Timestamp
    public var deadline: Timestamp
    public var strategyId: UInt64
    public var strategyType: UInt32
    public var test: Bool
    public var stopPrice: Int64

    public init(
        account: AccountID = AccountID(rawValue: 0),
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        clientOrderId: ASCIIText = ASCIIText(),
        side: Side = .buy,
        type: OrderType = .limit,
        timeInForce: TimeInForce = .goodTillCanceled,
        quantity: Int64 = 0,
        price: Int64 = 0,
        quoteQuantity: Amount = Amount(rawValue: 0),
        selfTradePrevention: SelfTradePrevention = .none,
        timestamp: Timestamp = Timestamp(rawValue: 0),
        deadline: Timestamp = Timestamp(rawValue: 0),
        strategyId: UInt64 = 0,
        strategyType: UInt32 = 0,
        test: Bool = false,
        stopPrice: Int64 = 0
    ) {
        self.account = account
        self.instrument = instrument
        self.clientOrderId = clientOrderId
        self.side = side
        self.type = type
        self.timeInForce = timeInForce
        self.quantity = quantity
        self.price = price
        self.quoteQuantity = quoteQuantity
        self.selfTradePrevention = selfTradePrevention
        self.timestamp = timestamp
        self.deadline = deadline
        self.strategyId = strategyId
        self.strategyType = strategyType
        self.test = test
        self.stopPrice = stopPrice
    }
}

public struct CancelOrder: Equatable, Sendable {
    public var account: AccountID
    public var instrument: InstrumentID
    public var orderId: OrderID
    public var origClientOrderId: ASCIIText
    public var clientOrderId: ASCIIText
    public var restriction: CancelRestriction
    public var timestamp: Timestamp
    public var deadline: Timestamp

    public init(
        account: AccountID = AccountID(rawValue: 0),
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        orderId: OrderID = OrderID(rawValue: 0),
        origClientOrderId: ASCIIText = ASCIIText(),
        clientOrderId: ASCIIText = ASCIIText(),
        restriction: CancelRestriction = .none,
        timestamp: Timestamp = Timestamp(rawValue: 0),
        deadline: Timestamp = Timestamp(rawValue: 0)
    ) {
        self.account = account
        self.instrument = instrument
        self.orderId = orderId
        self.origClientOrderId = origClientOrderId
        self.clientOrderId = clientOrderId
        self.restriction = restriction
        self.timestamp = timestamp
        self.deadline = deadline
    }
}

public struct CancelAll: Equatable, Sendable {
    public var account: AccountID
    public var instrument: InstrumentID
    public var reason: DoneReason
    public var timestamp: Timestamp
    public var deadline: Timestamp

    public init(
        account: AccountID = AccountID(rawValue: 0),
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        reason: DoneReason = .canceled,
        timestamp: Timestamp = Timestamp(rawValue: 0),
        deadline: Timestamp = Timestamp(rawValue: 0)
    ) {
        self.account = account
        self.instrument = instrument
        self.reason = reason
        self.timestamp = timestamp
        self.deadline = deadline
    }
}

public struct AmendOrder: Equatable, Sendable {
    public var account: AccountID
    public var instrument: InstrumentID
    public var orderId: OrderID
    public var origClientOrderId: ASCIIText
    public var clientOrderId: ASCIIText
    public var newQuantity: Int64
    public var newLots: Quantity
    public var timestamp: Timestamp
    public var deadline: Timestamp

    public init(
        account: AccountID = AccountID(rawValue: 0),
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        orderId: OrderID = OrderID(rawValue: 0),
        origClientOrderId: ASCIIText = ASCIIText(),
        clientOrderId: ASCIIText = ASCIIText(),
        newQuantity: Int64 = 0,
        newLots: Quantity = Quantity(rawValue: 0),
        timestamp: Timestamp = Timestamp(rawValue: 0),
        deadline: Timestamp = Timestamp(rawValue: 0)
    ) {
        self.account = account
        self.instrument = instrument
        self.orderId = orderId
        self.origClientOrderId = origClientOrderId
        self.clientOrderId = clientOrderId
        self.newQuantity = newQuantity
        self.newLots = newLots
        self.timestamp = timestamp
        self.deadline = deadline
    }
}

public struct Marker: Equatable, Sendable {
    public var account: AccountID
    public var instrument: InstrumentID
    public var orderId: OrderID
    public var clientOrderId: ASCIIText
    public var timestamp: Timestamp

    public init(
        account: AccountID = AccountID(rawValue: 0),
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        orderId: OrderID = OrderID(rawValue: 0),
        clientOrderId: ASCIIText = ASCIIText(),
        timestamp: Timestamp = Timestamp(rawValue: 0)
    ) {
        self.account = account
        self.instrument = instrument
        self.orderId = orderId
        self.clientOrderId = clientOrderId
        self.timestamp = timestamp
    }
}

public struct Deposit: Equatable, Sendable {
    public var account: AccountID
    public var asset: AssetID
    public var amount: Amount
    public var reference: ASCIIText
    public var transactionId: String
    public var network: ASCIIText

    public init(
        account: AccountID = AccountID(rawValue: 0),
        asset: AssetID = AssetID(rawValue: 0),
        amount: Amount = Amount(rawValue: 0),
        reference: ASCIIText = ASCIIText(),
        transactionId: String = "",
        network: ASCIIText = ASCIIText()
    ) {
        self.account = account
        self.asset = asset
        self.amount = amount
        self.reference = reference
        self.transactionId = transactionId
        self.network = network
    }
}

public struct RequestWithdrawal: Equatable, Sendable {
    public var account: AccountID
    public var asset: AssetID
    public var amount: Amount
    public var fee: Amount
    public var withdrawOrderId: ASCIIText
    public var address: String
    public var addressTag: String
    public var network: ASCIIText
    public var timestamp: Timestamp
    public var deadline: Timestamp

    public init(
        account: AccountID = AccountID(rawValue: 0),
        asset: AssetID = AssetID(rawValue: 0),
        amount: Amount = Amount(rawValue: 0),
        fee: Amount = Amount(rawValue: 0),
        withdrawOrderId: ASCIIText = ASCIIText(),
        address: String = "",
        addressTag: String = "",
        network: ASCIIText = ASCIIText(),
        timestamp: Timestamp = Timestamp(rawValue: 0),
        deadline: Timestamp = Timestamp(rawValue: 0)
    ) {
        self.account = account
        self.asset = asset
        self.amount = amount
        self.fee = fee
        self.withdrawOrderId = withdrawOrderId
        self.address = address
        self.addressTag = addressTag
        self.network = network
        self.timestamp = timestamp
        self.deadline = deadline
    }
}

public struct ResolveWithdrawal: Equatable, Sendable {
    public var account: AccountID
    public var withdrawalId: WithdrawalID
    public var status: WithdrawalStatus
    public var transactionId: String

    public init(
        account: AccountID = AccountID(rawValue: 0),
        withdrawalId: WithdrawalID = WithdrawalID(rawValue: 0),
        status: WithdrawalStatus = .held,
        transactionId: String = ""
    ) {
        self.account = account
        self.withdrawalId = withdrawalId
        self.status = status
        self.transactionId = transactionId
    }
}

public struct ReferencePrice: Equatable, Sendable {
    public var instrument: InstrumentID
    public var price: Price
    public var tradeId: TradeID

    public init(
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        price: Price = Price(rawValue: 0),
        tradeId: TradeID = TradeID(rawValue: 0)
    ) {
        self.instrument = instrument
        self.price = price
        self.tradeId = tradeId
    }
}

public enum OrdersRecord: Equatable, Sendable {
    case placeOrder(PlaceOrder)
    case cancelOrder(CancelOrder)
    case cancelAll(CancelAll)
    case amendOrder(AmendOrder)
    case marker(Marker)
    case deposit(Deposit)
    case requestWithdrawal(RequestWithdrawal)
    case resolveWithdrawal(ResolveWithdrawal)
    case asset(AssetDefinition)
    case instrument(InstrumentDefinition)
    case account(AccountDefinition)
    case feeSchedule(FeeSchedule)
    case venue(VenueDefinition)
    case raiseLogicVersion(RaiseLogicVersion)
    case referencePrice(ReferencePrice)
    case tick(Tick)
}
