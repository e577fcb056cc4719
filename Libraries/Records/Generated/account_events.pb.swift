import TradingCore

public struct Balance: Equatable, Sendable {
    public var account: AccountID
    public var asset: AssetID
    public var free: Amount
    public var locked: Amount

    public init(
        account: AccountID = AccountID(rawValue: 0),
        asset: AssetID = AssetID(rawValue: 0),
        free: Amount = Amount(rawValue: 0),
        locked: Amount = Amount(rawValue: 0)
    ) {
        self.account = account
        self.asset = asset
        self.free = free
        self.locked = locked
    }
}

public struct Forward: Equatable, Sendable {
    public var matchingPartition: UInt32
    public var number: UInt64

    public init(
        matchingPartition: UInt32 = 0,
        number: UInt64 = 0
    ) {
        self.matchingPartition = matchingPartition
        self.number = number
    }
}

public struct DepositPosted: Equatable, Sendable {
    public var account: AccountID
    public var asset: AssetID
    public var amount: Amount
    public var reference: ASCIIText
    public var transactionId: String
    public var network: ASCIIText
    public var repeatedReference: Bool

    public init(
        account: AccountID = AccountID(rawValue: 0),
        asset: AssetID = AssetID(rawValue: 0),
        amount: Amount = Amount(rawValue: 0),
        reference: ASCIIText = ASCIIText(),
        transactionId: String = "",
        network: ASCIIText = ASCIIText(),
        repeatedReference: Bool = false
    ) {
        self.account = account
        self.asset = asset
        self.amount = amount
        self.reference = reference
        self.transactionId = transactionId
        self.network = network
        self.repeatedReference = repeatedReference
    }
}

public struct WithdrawalUpdate: Equatable, Sendable {
    public var withdrawalId: WithdrawalID
    public var account: AccountID
    public var asset: AssetID
    public var amount: Amount
    public var fee: Amount
    public var status: WithdrawalStatus
    public var withdrawOrderId: ASCIIText
    public var address: String
    public var addressTag: String
    public var network: ASCIIText
    public var transactionId: String
    public var repeatedId: Bool

    public init(
        withdrawalId: WithdrawalID = WithdrawalID(rawValue: 0),
        account: AccountID = AccountID(rawValue: 0),
        asset: AssetID = AssetID(rawValue: 0),
        amount: Amount = Amount(rawValue: 0),
        fee: Amount = Amount(rawValue: 0),
        status: WithdrawalStatus = .held,
        withdrawOrderId: ASCIIText = ASCIIText(),
        address: String = "",
        addressTag: String = "",
        network: ASCIIText = ASCIIText(),
        transactionId: String = "",
        repeatedId: Bool = false
    ) {
        self.withdrawalId = withdrawalId
        self.account = account
        self.asset = asset
        self.amount = amount
        self.fee = fee
        self.status = status
        self.withdrawOrderId = withdrawOrderId
        self.address = address
        self.addressTag = addressTag
        self.network = network
        self.transactionId = transactionId
        self.repeatedId = repeatedId
    }
}

public struct AccountEvent: Equatable, Sendable {
    public var balances: [Balance]
    public var forwards: [Forward]
    public var refusal: Refusal?
    public var marker: Marker?
    public var deposit: DepositPosted?
    public var withdrawal: WithdrawalUpdate?
    public var testPassed: TestPassed?
    public var revisionReport: RevisionReport?
    public var orderId: OrderID
    public var part: UInt32
    public var moreParts: Bool

    public init(
        balances: [Balance] = [],
        forwards: [Forward] = [],
        refusal: Refusal? = nil,
        marker: Marker? = nil,
        deposit: DepositPosted? = nil,
        withdrawal: WithdrawalUpdate? = nil,
        testPassed: TestPassed? = nil,
        revisionReport: RevisionReport? = nil,
        orderId: OrderID = OrderID(rawValue: 0),
        part: UInt32 = 0,
        moreParts: Bool = false
    ) {
        self.balances = balances
        self.forwards = forwards
        self.refusal = refusal
        self.marker = marker
        self.deposit = deposit
        self.withdrawal = withdrawal
        self.testPassed = testPassed
        self.revisionReport = revisionReport
        self.orderId = orderId
        self.part = part
        self.moreParts = moreParts
    }
}

public enum AccountEventsRecord: Equatable, Sendable {
    case event(AccountEvent)
    case tick(Tick)
}
