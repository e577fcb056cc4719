import Records
import TradingCore

// What the operator API takes and gives. Amounts, prices and rates are decimal strings; a member left out of an update keeps its value.

/// Reads a decimal member.
///
/// - Throws: `OperatorError` naming the field and the decimals that it may have.
func decimal(_ text: String?, _ field: String, decimals: Int) throws -> Int64? {
    guard let text else { return nil }
    do throws(DecimalError) {
        let value = try DecimalText.parse(text, decimals: decimals)
        guard value >= 0 else { throw .outOfRange }
        return value
    } catch {
        switch error {
        case .malformed: throw OperatorError.invalid(field, "\(field) must be a decimal number, not \(text)")
        case .tooPrecise:
            throw OperatorError.invalid(field, "\(field) may have \(decimals) decimals, not as in \(text)")
        case .outOfRange: throw OperatorError.invalid(field, "\(field) must be from 0 to 2^63 minor units, not \(text)")
        }
    }
}

/// Reads a short member of printable ASCII, a space counted.
func ascii(_ text: String, _ field: String) throws -> ASCIIText {
    guard let value = ASCIIText(text), !value.isEmpty, value.isPrintable else {
        throw OperatorError.invalid(field, "\(field) must be 1 to \(ASCIIText.capacity) printable ASCII characters")
    }
    return value
}

struct AssetDocument: Codable, Sendable {
    var code: String?
    var name: String?
    var decimals: UInt32?
    var network: String?
    var depositsEnabled: Bool?
    var withdrawalsEnabled: Bool?
    var withdrawalFee: String?
    var withdrawalMinimum: String?
    var reason: String?
    var revision: UInt64?
    var id: UInt32?
    var confirmed: Bool?

    /// The most decimals that an asset may have: 10^8 whole units still fit in 64 bits.
    static let maximumDecimals: UInt32 = 10

    init(_ stored: StoredDefinition, _ asset: AssetDefinition) {
        code = asset.code.description
        name = asset.name
        decimals = asset.decimals
        network = asset.network.description
        depositsEnabled = asset.depositsEnabled
        withdrawalsEnabled = asset.withdrawalsEnabled
        withdrawalFee = DecimalText.string(asset.withdrawalFee.rawValue, decimals: Int(asset.decimals))
        withdrawalMinimum = DecimalText.string(asset.withdrawalMinimum.rawValue, decimals: Int(asset.decimals))
        revision = asset.revision
        id = asset.asset.rawValue
        confirmed = stored.isConfirmed
    }

    func created() throws -> AssetDefinition {
        guard let code else { throw OperatorError.missing("code") }
        var asset = AssetDefinition(
            code: try ascii(code, "code"), name: code, decimals: 8, depositsEnabled: true, withdrawalsEnabled: true,
            network: try ascii(code, "code"))
        if let decimals {
            guard decimals <= AssetDocument.maximumDecimals else {
                throw OperatorError.invalid("decimals", "decimals may be at most \(AssetDocument.maximumDecimals)")
            }
            asset.decimals = decimals
        }
        try change(&asset)
        return asset
    }

    func change(_ asset: inout AssetDefinition) throws {
        if let decimals, decimals != asset.decimals {
            throw OperatorError.invalid("decimals", "decimals are \(asset.decimals) and never change")
        }
        if let name { asset.name = name }
        if let network { asset.network = try ascii(network, "network") }
        if let depositsEnabled { asset.depositsEnabled = depositsEnabled }
        if let withdrawalsEnabled { asset.withdrawalsEnabled = withdrawalsEnabled }
        let decimals = Int(asset.decimals)
        if let fee = try decimal(withdrawalFee, "withdrawalFee", decimals: decimals) {
            asset.withdrawalFee = Amount(fee)
        }
        if let minimum = try decimal(withdrawalMinimum, "withdrawalMinimum", decimals: decimals) {
            asset.withdrawalMinimum = Amount(minimum)
        }
    }
}

struct FeeScheduleDocument: Codable, Sendable {
    var name: String?
    var makerBasisPoints: UInt32?
    var takerBasisPoints: UInt32?
    var reason: String?
    var revision: UInt64?
    var id: UInt32?
    var confirmed: Bool?

    init(_ stored: StoredDefinition, _ schedule: FeeSchedule) {
        name = schedule.name
        makerBasisPoints = schedule.makerBasisPoints
        takerBasisPoints = schedule.takerBasisPoints
        revision = schedule.revision
        id = schedule.schedule.rawValue
        confirmed = stored.isConfirmed
    }

    func created() throws -> FeeSchedule {
        guard let name, !name.isEmpty else { throw OperatorError.missing("name") }
        guard makerBasisPoints != nil else { throw OperatorError.missing("makerBasisPoints") }
        guard takerBasisPoints != nil else { throw OperatorError.missing("takerBasisPoints") }
        var schedule = FeeSchedule(name: name)
        try change(&schedule)
        return schedule
    }

    func change(_ schedule: inout FeeSchedule) throws {
        if let rate = try rate(makerBasisPoints, "makerBasisPoints") { schedule.makerBasisPoints = rate }
        if let rate = try rate(takerBasisPoints, "takerBasisPoints") { schedule.takerBasisPoints = rate }
    }

    private func rate(_ value: UInt32?, _ field: String) throws -> UInt32? {
        guard let value else { return nil }
        guard value <= Fees.maximumBasisPoints else {
            throw OperatorError.invalid(field, "\(field) may be at most \(Fees.maximumBasisPoints)")
        }
        return value
    }
}

struct VenueDocument: Codable, Sendable {
    var ordersPer10Seconds: UInt32?
    var ordersPerDay: UInt32?
    var killed: Bool?
    var reason: String?
    var revision: UInt64?
    var confirmed: Bool?

    init(_ stored: StoredDefinition, _ venue: VenueDefinition) {
        ordersPer10Seconds = venue.ordersPer10Seconds
        ordersPerDay = venue.ordersPerDay
        killed = venue.killed
        revision = venue.revision
        confirmed = stored.isConfirmed
    }

    func change(_ venue: inout VenueDefinition) throws {
        if killed != nil { throw OperatorError.invalid("killed", "use the kill switch's own route") }
        if let ordersPer10Seconds { venue.ordersPer10Seconds = ordersPer10Seconds }
        if let ordersPerDay { venue.ordersPerDay = ordersPerDay }
    }
}

struct NotionalLimitDocument: Codable, Sendable {
    var asset: String
    var amount: String
}

struct AccountDocument: Codable, Sendable {
    var name: String?
    var feeSchedule: String?
    var mayTrade: Bool?
    var mayWithdraw: Bool?
    var mayDeposit: Bool?
    var ordersPer10Seconds: UInt32?
    var ordersPerDay: UInt32?
    var tradeGroup: UInt32?
    var openNotionalLimits: [NotionalLimitDocument]?
    var partition: UInt32?
    var killed: Bool?
    var reason: String?
    var revision: UInt64?
    var id: UInt32?
    var confirmed: Bool?

    init(_ stored: StoredDefinition, _ account: AccountDefinition, _ names: AccountNames) {
        name = account.name
        feeSchedule = names.schedules[account.feeSchedule]
        mayTrade = account.mayTrade
        mayWithdraw = account.mayWithdraw
        mayDeposit = account.mayDeposit
        ordersPer10Seconds = account.ordersPer10Seconds
        ordersPerDay = account.ordersPerDay
        tradeGroup = account.tradeGroup
        openNotionalLimits = account.openNotionalLimits.compactMap { limit in
            names.assets.first { $0.asset == limit.asset }.map { asset in
                NotionalLimitDocument(
                    asset: asset.code.description,
                    amount: DecimalText.string(limit.amount.rawValue, decimals: Int(asset.decimals)))
            }
        }
        partition = account.partition
        killed = account.killed
        revision = account.revision
        id = account.account.rawValue
        confirmed = stored.isConfirmed
    }

    func created(_ names: AccountNames) throws -> AccountDefinition {
        guard let name, !name.isEmpty else { throw OperatorError.missing("name") }
        guard feeSchedule != nil else { throw OperatorError.missing("feeSchedule") }
        var account = AccountDefinition(
            partition: partition ?? UInt32.max, mayTrade: true, mayWithdraw: true, mayDeposit: true, name: name)
        try change(&account, names)
        return account
    }

    func change(_ account: inout AccountDefinition, _ names: AccountNames) throws {
        if let partition, partition != account.partition {
            throw OperatorError.invalid("partition", "the partition is \(account.partition) and never changes")
        }
        if killed != nil { throw OperatorError.invalid("killed", "use the account's kill route") }
        if let feeSchedule {
            guard let schedule = names.schedules.first(where: { $0.value == feeSchedule }) else {
                throw OperatorError.invalid("feeSchedule", "there is no fee schedule \(feeSchedule)")
            }
            account.feeSchedule = schedule.key
        }
        if let mayTrade { account.mayTrade = mayTrade }
        if let mayWithdraw { account.mayWithdraw = mayWithdraw }
        if let mayDeposit { account.mayDeposit = mayDeposit }
        if let ordersPer10Seconds { account.ordersPer10Seconds = ordersPer10Seconds }
        if let ordersPerDay { account.ordersPerDay = ordersPerDay }
        if let tradeGroup { account.tradeGroup = tradeGroup }
        if let openNotionalLimits {
            account.openNotionalLimits = try openNotionalLimits.map { try names.limit($0) }
        }
    }
}

/// What an account's document names and its definition numbers.
struct AccountNames: Sendable {
    var schedules: [FeeScheduleID: String]
    var assets: [AssetDefinition]

    func limit(_ document: NotionalLimitDocument) throws -> OpenNotionalLimit {
        guard let asset = assets.first(where: { $0.code.description == document.asset }) else {
            throw OperatorError.invalid("openNotionalLimits.asset", "there is no asset \(document.asset)")
        }
        let amount = try decimal(document.amount, "openNotionalLimits.amount", decimals: Int(asset.decimals))
        return OpenNotionalLimit(asset: asset.asset, amount: Amount(amount ?? 0))
    }
}
