import Messaging
import Records
import TradingCore

/// The venue that a history runs on: two partitions of accounts, two of markets.
struct VenueShape {
    static let baseAsset = AssetID(1)
    static let quoteAsset = AssetID(2)
    static let middlePrice: Int64 = 5_000_000_000_000
    static let tick: Int64 = 1_000_000
    static let step: Int64 = 100_000

    var accountPartitions = 2
    var marketPartitions = 2
    var accounts = 4
    var instruments = 2

    var followed: [TopicPartition] {
        (0..<marketPartitions).map { TopicPartition(.executions, $0) }
            + (0..<accountPartitions).map { TopicPartition(.accountEvents, $0) }
            + (0..<marketPartitions).map { TopicPartition(.marketData, $0) }
    }

    func partition(ofAccount account: Int) -> Int { account % accountPartitions }
    func partition(ofInstrument instrument: Int) -> Int { (instrument - 1) % marketPartitions }
    func orders(ofAccount account: Int) -> TopicPartition { TopicPartition(.orders, partition(ofAccount: account)) }

    /// The definitions and the first balances, in the order in which an operator gives them: each step once the one before
    /// is answered.
    var beginning: [[(record: SentRecord, destination: TopicPartition)]] {
        let everyOrders = (0..<accountPartitions).map { TopicPartition(.orders, $0) }
        let instruments = (1...self.instruments).map(instrument)
        let definitions: [OrdersRecord] =
            [1, 2].map { .asset(asset($0)) } + [.feeSchedule(feeSchedule), .venue(VenueDefinition(revision: 1))]
        var steps: [[(SentRecord, TopicPartition)]] = []
        steps.append(
            instruments.map { (.matching(.instrument($0)), TopicPartition(.matching, Int($0.partition))) })
        steps.append(everyOrders.flatMap { partition in definitions.map { (.orders($0), partition) } })
        steps.append(everyOrders.flatMap { partition in instruments.map { (.orders(.instrument($0)), partition) } })
        steps.append((1...accounts).map { (.orders(.account(account($0))), orders(ofAccount: $0)) })
        steps.append(
            (1...accounts).flatMap { account in [1, 2].map { (firstDeposit(account, $0), orders(ofAccount: account)) } }
        )
        return steps
    }

    private func asset(_ number: UInt32) -> AssetDefinition {
        var asset = AssetDefinition()
        asset.asset = AssetID(number)
        asset.revision = 1
        asset.code = number == 1 ? "BTC" : "USDT"
        asset.decimals = 8
        asset.depositsEnabled = true
        asset.withdrawalsEnabled = true
        return asset
    }

    var feeSchedule: FeeSchedule {
        var schedule = FeeSchedule()
        schedule.schedule = FeeScheduleID(1)
        schedule.revision = 1
        schedule.makerBasisPoints = 8
        schedule.takerBasisPoints = 10
        return schedule
    }

    func instrument(_ number: Int) -> InstrumentDefinition {
        var instrument = InstrumentDefinition()
        instrument.instrument = InstrumentID(UInt32(number))
        instrument.revision = 1
        instrument.symbol = number == 1 ? "BTCUSDT" : "XBTUSDT"
        instrument.baseAsset = VenueShape.baseAsset
        instrument.quoteAsset = VenueShape.quoteAsset
        instrument.partition = UInt32(partition(ofInstrument: number))
        instrument.status = .trading
        instrument.baseDecimals = 8
        instrument.quoteDecimals = 8
        instrument.tickSize = VenueShape.tick
        instrument.stepSize = VenueShape.step
        instrument.minimumQuantity = VenueShape.step
        instrument.maximumQuantity = VenueShape.step * 1_000_000
        instrument.maximumOrders = 200
        instrument.bidMultiplierUp = 12_000
        instrument.bidMultiplierDown = 8_000
        instrument.askMultiplierUp = 12_000
        instrument.askMultiplierDown = 8_000
        instrument.firstReferencePrice = VenueShape.middlePrice
        return instrument
    }

    func account(_ number: Int) -> AccountDefinition {
        var account = AccountDefinition()
        account.account = AccountID(UInt32(number))
        account.revision = 1
        account.partition = UInt32(partition(ofAccount: number))
        account.feeSchedule = FeeScheduleID(1)
        account.mayTrade = true
        account.mayWithdraw = true
        account.mayDeposit = true
        return account
    }

    private func firstDeposit(_ account: Int, _ asset: UInt32) -> SentRecord {
        var deposit = Deposit()
        deposit.account = AccountID(UInt32(account))
        deposit.asset = AssetID(asset)
        deposit.amount = Amount(asset == 1 ? 100_000_000 : 5_000_000_000_000)
        deposit.reference = ASCIIText("first-\(asset)") ?? ASCIIText()
        return .orders(.deposit(deposit))
    }
}
