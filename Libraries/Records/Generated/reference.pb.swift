import TradingCore

public struct AssetDefinition: Equatable, Sendable {
    public var asset: AssetID
    public var revision: UInt64
    public var code: ASCIIText
    public var name: String
    public var decimals: UInt32
    public var depositsEnabled: Bool
    public var withdrawalsEnabled: Bool
    public var withdrawalFee: Amount
    public var withdrawalMinimum: Amount
    public var network: ASCIIText

    public init(
        asset: AssetID = AssetID(rawValue: 0),
        revision: UInt64 = 0,
        code: ASCIIText = ASCIIText(),
        name: String = "",
        decimals: UInt32 = 0,
        depositsEnabled: Bool = false,
        withdrawalsEnabled: Bool = false,
        withdrawalFee: Amount = Amount(rawValue: 0),
        withdrawalMinimum: Amount = Amount(rawValue: 0),
        network: ASCIIText = ASCIIText()
    ) {
        self.asset = asset
        self.revision = revision
        self.code = code
        self.name = name
        self.decimals = decimals
        self.depositsEnabled = depositsEnabled
        self.withdrawalsEnabled = withdrawalsEnabled
        self.withdrawalFee = withdrawalFee
        self.withdrawalMinimum = withdrawalMinimum
        self.network = network
    }
}

public struct InstrumentDefinition: Equatable, Sendable {
    public var instrument: InstrumentID
    public var revision: UInt64
    public var symbol: ASCIIText
    public var baseAsset: AssetID
    public var quoteAsset: AssetID
    public var partition: UInt32
    public var status: TradingStatus
    public var baseDecimals: UInt32
    public var quoteDecimals: UInt32
    public var tickSize: Int64
    public var stepSize: Int64
    public var minimumPrice: Int64
    public var maximumPrice: Int64
    public var minimumQuantity: Int64
    public var maximumQuantity: Int64
    public var marketMinimumQuantity: Int64
    public var marketMaximumQuantity: Int64
    public var marketStepSize: Int64
    public var minimumNotional: Amount
    public var maximumNotional: Amount
    public var applyMinimumToMarket: Bool
    public var applyMaximumToMarket: Bool
    public var bidMultiplierUp: UInt32
    public var bidMultiplierDown: UInt32
    public var askMultiplierUp: UInt32
    public var askMultiplierDown: UInt32
    public var maximumOrders: UInt32
    public var maximumAlgoOrders: UInt32
    public var firstReferencePrice: Int64

    public init(
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        revision: UInt64 = 0,
        symbol: ASCIIText = ASCIIText(),
        baseAsset: AssetID = AssetID(rawValue: 0),
        quoteAsset: AssetID = AssetID(rawValue: 0),
        partition: UInt32 = 0,
        status: TradingStatus = .trading,
        baseDecimals: UInt32 = 0,
        quoteDecimals: UInt32 = 0,
        tickSize: Int64 = 0,
        stepSize: Int64 = 0,
        minimumPrice: Int64 = 0,
        maximumPrice: Int64 = 0,
        minimumQuantity: Int64 = 0,
        maximumQuantity: Int64 = 0,
        marketMinimumQuantity: Int64 = 0,
        marketMaximumQuantity: Int64 = 0,
        marketStepSize: Int64 = 0,
        minimumNotional: Amount = Amount(rawValue: 0),
        maximumNotional: Amount = Amount(rawValue: 0),
        applyMinimumToMarket: Bool = false,
        applyMaximumToMarket: Bool = false,
        bidMultiplierUp: UInt32 = 0,
        bidMultiplierDown: UInt32 = 0,
        askMultiplierUp: UInt32 = 0,
        askMultiplierDown: UInt32 = 0,
        maximumOrders: UInt32 = 0,
        maximumAlgoOrders: UInt32 = 0,
        firstReferencePrice: Int64 = 0
    ) {
        self.instrument = instrument
        self.revision = revision
        self.symbol = symbol
        self.baseAsset = baseAsset
        self.quoteAsset = quoteAsset
        self.partition = partition
        self.status = status
        self.baseDecimals = baseDecimals
        self.quoteDecimals = quoteDecimals
        self.tickSize = tickSize
        self.stepSize = stepSize
        self.minimumPrice = minimumPrice
        self.maximumPrice = maximumPrice
        self.minimumQuantity = minimumQuantity
        self.maximumQuantity = maximumQuantity
        self.marketMinimumQuantity = marketMinimumQuantity
        self.marketMaximumQuantity = marketMaximumQuantity
        self.marketStepSize = marketStepSize
        self.minimumNotional = minimumNotional
        self.maximumNotional = maximumNotional
        self.applyMinimumToMarket = applyMinimumToMarket
        self.applyMaximumToMarket = applyMaximumToMarket
        self.bidMultiplierUp = bidMultiplierUp
        self.bidMultiplierDown = bidMultiplierDown
        self.askMultiplierUp = askMultiplierUp
        self.askMultiplierDown = askMultiplierDown
        self.maximumOrders = maximumOrders
        self.maximumAlgoOrders = maximumAlgoOrders
        self.firstReferencePrice = firstReferencePrice
    }
}

public struct OpenNotionalLimit: Equatable, Sendable {
    public var asset: AssetID
    public var amount: Amount

    public init(
        asset: AssetID = AssetID(rawValue: 0),
        amount: Amount = Amount(rawValue: 0)
    ) {
        self.asset = asset
        self.amount = amount
    }
}

public struct AccountDefinition: Equatable, Sendable {
    public var account: AccountID
    public var revision: UInt64
    public var partition: UInt32
    public var feeSchedule: FeeScheduleID
    public var mayTrade: Bool
    public var mayWithdraw: Bool
    public var mayDeposit: Bool
    public var killed: Bool
    public var ordersPer10Seconds: UInt32
    public var ordersPerDay: UInt32
    public var tradeGroup: UInt32
    public var openNotionalLimits: [OpenNotionalLimit]
    public var name: String

    public init(
        account: AccountID = AccountID(rawValue: 0),
        revision: UInt64 = 0,
        partition: UInt32 = 0,
        feeSchedule: FeeScheduleID = FeeScheduleID(rawValue: 0),
        mayTrade: Bool = false,
        mayWithdraw: Bool = false,
        mayDeposit: Bool = false,
        killed: Bool = false,
        ordersPer10Seconds: UInt32 = 0,
        ordersPerDay: UInt32 = 0,
        tradeGroup: UInt32 = 0,
        openNotionalLimits: [OpenNotionalLimit] = [],
        name: String = ""
    ) {
        self.account = account
        self.revision = revision
        self.partition = partition
        self.feeSchedule = feeSchedule
        self.mayTrade = mayTrade
        self.mayWithdraw = mayWithdraw
        self.mayDeposit = mayDeposit
        self.killed = killed
        self.ordersPer10Seconds = ordersPer10Seconds
        self.ordersPerDay = ordersPerDay
        self.tradeGroup = tradeGroup
        self.openNotionalLimits = openNotionalLimits
        self.name = name
    }
}

public struct FeeSchedule: Equatable, Sendable {
    public var schedule: FeeScheduleID
    public var revision: UInt64
    public var name: String
    public var makerBasisPoints: UInt32
    public var takerBasisPoints: UInt32

    public init(
        schedule: FeeScheduleID = FeeScheduleID(rawValue: 0),
        revision: UInt64 = 0,
        name: String = "",
        makerBasisPoints: UInt32 = 0,
        takerBasisPoints: UInt32 = 0
    ) {
        self.schedule = schedule
        self.revision = revision
        self.name = name
        self.makerBasisPoints = makerBasisPoints
        self.takerBasisPoints = takerBasisPoints
    }
}

public struct VenueDefinition: Equatable, Sendable {
    public var revision: UInt64
    public var killed: Bool
    public var ordersPer10Seconds: UInt32
    public var ordersPerDay: UInt32

    public init(
        revision: UInt64 = 0,
        killed: Bool = false,
        ordersPer10Seconds: UInt32 = 0,
        ordersPerDay: UInt32 = 0
    ) {
        self.revision = revision
        self.killed = killed
        self.ordersPer10Seconds = ordersPer10Seconds
        self.ordersPerDay = ordersPerDay
    }
}

public struct ApiKeyNotice: Equatable, Sendable {
    public var key: String
    public var revision: UInt64
    public var account: AccountID
    public var revoked: Bool

    public init(
        key: String = "",
        revision: UInt64 = 0,
        account: AccountID = AccountID(rawValue: 0),
        revoked: Bool = false
    ) {
        self.key = key
        self.revision = revision
        self.account = account
        self.revoked = revoked
    }
}

public enum ReferenceDataRecord: Equatable, Sendable {
    case asset(AssetDefinition)
    case instrument(InstrumentDefinition)
    case account(AccountDefinition)
    case feeSchedule(FeeSchedule)
    case venue(VenueDefinition)
    case apiKey(ApiKeyNotice)
}

public struct RevisionReport: Equatable, Sendable {
    public var kind: DefinitionKind
    public var id: UInt32
    public var revision: UInt64

    public init(
        kind: DefinitionKind = .asset,
        id: UInt32 = 0,
        revision: UInt64 = 0
    ) {
        self.kind = kind
        self.id = id
        self.revision = revision
    }
}

public struct RaiseLogicVersion: Equatable, Sendable {
    public var service: UInt32
    public var version: UInt32

    public init(
        service: UInt32 = 0,
        version: UInt32 = 0
    ) {
        self.service = service
        self.version = version
    }
}

public struct Tick: Equatable, Sendable {

    public init() {
    }
}
