import Records
import TradingCore

/// Everything that is defined rather than traded, as one moment had it. Immutable: any thread may keep and read one.
public final class ReferenceSnapshot: Sendable {
    public let assets: [AssetID: AssetDefinition]
    /// By symbol.
    public let markets: [Market]
    public let accounts: [AccountID: AccountDefinition]
    public let feeSchedules: [FeeScheduleID: FeeSchedule]
    public let venue: VenueDefinition
    private let bySymbol: [ASCIIText: Market]
    private let byID: [InstrumentID: Market]

    public init(
        assets: [AssetID: AssetDefinition], instruments: [InstrumentID: InstrumentDefinition],
        accounts: [AccountID: AccountDefinition], feeSchedules: [FeeScheduleID: FeeSchedule], venue: VenueDefinition
    ) {
        self.assets = assets
        self.accounts = accounts
        self.feeSchedules = feeSchedules
        self.venue = venue
        var markets: [Market] = []
        for definition in instruments.values where definition.status != .delisted {
            guard let base = assets[definition.baseAsset], let quote = assets[definition.quoteAsset] else { continue }
            guard let market = ReferenceSnapshot.market(definition, base.code, quote.code) else { continue }
            markets.append(market)
        }
        markets.sort { $0.symbol.description < $1.symbol.description }
        self.markets = markets
        bySymbol = Dictionary(uniqueKeysWithValues: markets.map { ($0.symbol, $0) })
        byID = Dictionary(uniqueKeysWithValues: markets.map { ($0.id, $0) })
    }

    public static let empty = ReferenceSnapshot(
        assets: [:], instruments: [:], accounts: [:], feeSchedules: [:], venue: VenueDefinition())

    public func market(_ symbol: ASCIIText) -> Market? { bySymbol[symbol] }

    public func market(_ id: InstrumentID) -> Market? { byID[id] }

    public func asset(code: String) -> AssetDefinition? {
        assets.values.first { $0.code.description == code }
    }

    /// By code.
    public var assetsByCode: [AssetDefinition] {
        assets.values.sorted { $0.code.description < $1.code.description }
    }

    public func feeSchedule(of account: AccountID) -> FeeSchedule {
        guard let definition = accounts[account], let schedule = feeSchedules[definition.feeSchedule] else {
            return FeeSchedule()
        }
        return schedule
    }

    /// A definition whose products are not exact cannot have been listed; it is left out.
    private static func market(_ definition: InstrumentDefinition, _ base: ASCIIText, _ quote: ASCIIText) -> Market? {
        do throws(InstrumentError) {
            return try Market(definition, base: base, quote: quote)
        } catch {
            return nil
        }
    }
}

/// The view of the topic `reference-data`: of each definition the highest revision. One thread at a time.
public struct ReferenceData {
    private var assets: [AssetID: AssetDefinition] = [:]
    private var instruments: [InstrumentID: InstrumentDefinition] = [:]
    private var accounts: [AccountID: AccountDefinition] = [:]
    private var feeSchedules: [FeeScheduleID: FeeSchedule] = [:]
    private var venue = VenueDefinition()
    private var isChanged = true
    private var latest = ReferenceSnapshot.empty

    public init() {}

    /// Takes a definition in when its revision is higher than the one in force.
    ///
    /// - Returns: whether it was taken. Notices of API keys are not kept here: false.
    @discardableResult
    public mutating func apply(_ record: ReferenceDataRecord) -> Bool {
        let taken: Bool
        switch record {
        case .asset(let asset):
            taken = asset.revision > assets[asset.asset]?.revision ?? 0
            if taken { assets[asset.asset] = asset }
        case .instrument(let instrument):
            taken = instrument.revision > instruments[instrument.instrument]?.revision ?? 0
            if taken { instruments[instrument.instrument] = instrument }
        case .account(let account):
            taken = account.revision > accounts[account.account]?.revision ?? 0
            if taken { accounts[account.account] = account }
        case .feeSchedule(let schedule):
            taken = schedule.revision > feeSchedules[schedule.schedule]?.revision ?? 0
            if taken { feeSchedules[schedule.schedule] = schedule }
        case .venue(let definition):
            taken = definition.revision > venue.revision
            if taken { venue = definition }
        case .apiKey: taken = false
        }
        if taken { isChanged = true }
        return taken
    }

    /// The definitions now; the same object until one changes. Making one costs a pass over all of them: ask once a batch.
    public mutating func snapshot() -> ReferenceSnapshot {
        guard isChanged else { return latest }
        latest = ReferenceSnapshot(
            assets: assets, instruments: instruments, accounts: accounts, feeSchedules: feeSchedules, venue: venue)
        isChanged = false
        return latest
    }
}
