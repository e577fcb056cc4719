import Records
import TradingCore

/// A definition as the reference store keeps it: one of five messages, with its key.
public enum ReferenceDefinition: Sendable, Equatable {
    case asset(AssetDefinition)
    case instrument(InstrumentDefinition)
    case account(AccountDefinition)
    case feeSchedule(FeeSchedule)
    case venue(VenueDefinition)

    public var kind: DefinitionKind {
        switch self {
        case .asset: .asset
        case .instrument: .instrument
        case .account: .account
        case .feeSchedule: .feeSchedule
        case .venue: .venue
        }
    }

    /// Of the venue 0.
    public var id: UInt32 {
        get {
            switch self {
            case .asset(let asset): asset.asset.rawValue
            case .instrument(let instrument): instrument.instrument.rawValue
            case .account(let account): account.account.rawValue
            case .feeSchedule(let schedule): schedule.schedule.rawValue
            case .venue: 0
            }
        }
        set {
            switch self {
            case .asset(var asset):
                asset.asset = AssetID(newValue)
                self = .asset(asset)
            case .instrument(var instrument):
                instrument.instrument = InstrumentID(newValue)
                self = .instrument(instrument)
            case .account(var account):
                account.account = AccountID(newValue)
                self = .account(account)
            case .feeSchedule(var schedule):
                schedule.schedule = FeeScheduleID(newValue)
                self = .feeSchedule(schedule)
            case .venue: break
            }
        }
    }

    public var revision: UInt64 {
        get {
            switch self {
            case .asset(let asset): asset.revision
            case .instrument(let instrument): instrument.revision
            case .account(let account): account.revision
            case .feeSchedule(let schedule): schedule.revision
            case .venue(let venue): venue.revision
            }
        }
        set {
            switch self {
            case .asset(var asset):
                asset.revision = newValue
                self = .asset(asset)
            case .instrument(var instrument):
                instrument.revision = newValue
                self = .instrument(instrument)
            case .account(var account):
                account.revision = newValue
                self = .account(account)
            case .feeSchedule(var schedule):
                schedule.revision = newValue
                self = .feeSchedule(schedule)
            case .venue(var venue):
                venue.revision = newValue
                self = .venue(venue)
            }
        }
    }

    /// Unique among the definitions of its kind.
    public var name: String {
        switch self {
        case .asset(let asset): asset.code.description
        case .instrument(let instrument): instrument.symbol.description
        case .account(let account): account.name
        case .feeSchedule(let schedule): schedule.name
        case .venue: "venue"
        }
    }

    var content: [UInt8] {
        switch self {
        case .asset(let asset): asset.encoded
        case .instrument(let instrument): instrument.encoded
        case .account(let account): account.encoded
        case .feeSchedule(let schedule): schedule.encoded
        case .venue(let venue): venue.encoded
        }
    }

    init(kind: DefinitionKind, content: [UInt8]) throws {
        switch kind {
        case .asset: self = .asset(try AssetDefinition(decoding: content))
        case .instrument: self = .instrument(try InstrumentDefinition(decoding: content))
        case .account: self = .account(try AccountDefinition(decoding: content))
        case .feeSchedule: self = .feeSchedule(try FeeSchedule(decoding: content))
        case .venue: self = .venue(try VenueDefinition(decoding: content))
        case .apiKey: throw OperatorError.invalid("kind", "an API key is no definition")
        }
    }

    /// As order-service takes it.
    var ordersRecord: OrdersRecord {
        switch self {
        case .asset(let asset): .asset(asset)
        case .instrument(let instrument): .instrument(instrument)
        case .account(let account): .account(account)
        case .feeSchedule(let schedule): .feeSchedule(schedule)
        case .venue(let venue): .venue(venue)
        }
    }

    /// As gateways take it.
    var referenceRecord: ReferenceDataRecord {
        switch self {
        case .asset(let asset): .asset(asset)
        case .instrument(let instrument): .instrument(instrument)
        case .account(let account): .account(account)
        case .feeSchedule(let schedule): .feeSchedule(schedule)
        case .venue(let venue): .venue(venue)
        }
    }

    /// The key in `reference-data`, by which compaction keeps the newest.
    var key: String { "\(kind)/\(id)" }

    /// Whether `other` says the same apart from its revision.
    func hasSameContent(as other: ReferenceDefinition) -> Bool {
        var copy = other
        copy.revision = revision
        return copy == self
    }
}
