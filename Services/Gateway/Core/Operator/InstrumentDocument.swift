import Records
import TradingCore

/// A market as the operator API takes and gives it.
struct InstrumentDocument: Codable, Sendable {
    var symbol: String?
    var baseAsset: String?
    var quoteAsset: String?
    var tickSize: String?
    var stepSize: String?
    var minPrice: String?
    var maxPrice: String?
    var minQty: String?
    var maxQty: String?
    var marketMinQty: String?
    var marketMaxQty: String?
    var marketStepSize: String?
    var minNotional: String?
    var maxNotional: String?
    var applyMinToMarket: Bool?
    var applyMaxToMarket: Bool?
    var bidMultiplierUp: String?
    var bidMultiplierDown: String?
    var askMultiplierUp: String?
    var askMultiplierDown: String?
    var maxNumOrders: UInt32?
    var maxNumAlgoOrders: UInt32?
    var firstReferencePrice: String?
    var status: String?
    var partition: UInt32?
    var reason: String?
    var revision: UInt64?
    var id: UInt32?
    var confirmed: Bool?

    /// Multipliers are ten-thousandths.
    static let multiplierDecimals = 4
    /// What strict clients can hold.
    static let maximumOrderCount: UInt32 = 65_535

    init(_ stored: StoredDefinition, _ market: InstrumentDefinition, _ assets: [AssetDefinition]) {
        let quoteDecimals = Int(market.quoteDecimals)
        let baseDecimals = Int(market.baseDecimals)
        func price(_ value: Int64) -> String { DecimalText.string(value, decimals: quoteDecimals) }
        func quantity(_ value: Int64) -> String { DecimalText.string(value, decimals: baseDecimals) }
        func multiplier(_ value: UInt32) -> String {
            DecimalText.string(Int64(value), decimals: InstrumentDocument.multiplierDecimals)
        }
        symbol = market.symbol.description
        baseAsset = assets.first { $0.asset == market.baseAsset }?.code.description
        quoteAsset = assets.first { $0.asset == market.quoteAsset }?.code.description
        tickSize = price(market.tickSize)
        stepSize = quantity(market.stepSize)
        minPrice = price(market.minimumPrice)
        maxPrice = price(market.maximumPrice)
        minQty = quantity(market.minimumQuantity)
        maxQty = quantity(market.maximumQuantity)
        marketMinQty = quantity(market.marketMinimumQuantity)
        marketMaxQty = quantity(market.marketMaximumQuantity)
        marketStepSize = quantity(market.marketStepSize)
        minNotional = price(market.minimumNotional.rawValue)
        maxNotional = price(market.maximumNotional.rawValue)
        applyMinToMarket = market.applyMinimumToMarket
        applyMaxToMarket = market.applyMaximumToMarket
        bidMultiplierUp = multiplier(market.bidMultiplierUp)
        bidMultiplierDown = multiplier(market.bidMultiplierDown)
        askMultiplierUp = multiplier(market.askMultiplierUp)
        askMultiplierDown = multiplier(market.askMultiplierDown)
        maxNumOrders = market.maximumOrders
        maxNumAlgoOrders = market.maximumAlgoOrders
        firstReferencePrice = price(market.firstReferencePrice)
        status = InstrumentDocument.name(of: market.status)
        partition = market.partition
        revision = market.revision
        id = market.instrument.rawValue
        confirmed = stored.isConfirmed
    }

    func created(_ assets: [AssetDefinition]) throws -> InstrumentDefinition {
        guard let symbol else { throw OperatorError.missing("symbol") }
        let base = try asset(baseAsset, "baseAsset", assets)
        let quote = try asset(quoteAsset, "quoteAsset", assets)
        guard base.asset != quote.asset else {
            throw OperatorError.invalid("quoteAsset", "quoteAsset must differ from baseAsset")
        }
        var market = InstrumentDefinition()
        market.symbol = try InstrumentDocument.symbol(symbol)
        market.baseAsset = base.asset
        market.quoteAsset = quote.asset
        market.baseDecimals = base.decimals
        market.quoteDecimals = quote.decimals
        market.partition = partition ?? UInt32.max
        market.applyMinimumToMarket = true
        market.maximumOrders = 200
        guard let tick = try decimal(tickSize, "tickSize", decimals: Int(quote.decimals)) else {
            throw OperatorError.missing("tickSize")
        }
        guard let step = try decimal(stepSize, "stepSize", decimals: Int(base.decimals)) else {
            throw OperatorError.missing("stepSize")
        }
        market.tickSize = tick
        market.stepSize = step
        do {
            _ = try InstrumentScale(tickSize: tick, stepSize: step, baseDecimals: Int(base.decimals))
        } catch {
            throw OperatorError.invalid("tickSize", error.description)
        }
        market.minimumPrice = tick
        market.minimumQuantity = step
        guard firstReferencePrice != nil else { throw OperatorError.missing("firstReferencePrice") }
        try change(&market)
        return market
    }

    private static func symbol(_ text: String) throws -> ASCIIText {
        let symbol = try ascii(text, "symbol")
        let isUpperCase = text.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) }
        guard isUpperCase, text.utf8.count <= 20 else {
            throw OperatorError.invalid("symbol", "symbol must be 1 to 20 of A-Z and 0-9")
        }
        return symbol
    }

    func change(_ market: inout InstrumentDefinition) throws {
        try refuseFixedMembers(market)
        let quoteDecimals = Int(market.quoteDecimals)
        let baseDecimals = Int(market.baseDecimals)
        try set(&market.minimumPrice, minPrice, "minPrice", quoteDecimals, multipleOf: market.tickSize)
        try set(&market.maximumPrice, maxPrice, "maxPrice", quoteDecimals, multipleOf: market.tickSize)
        try set(&market.minimumQuantity, minQty, "minQty", baseDecimals, multipleOf: market.stepSize)
        try set(&market.maximumQuantity, maxQty, "maxQty", baseDecimals, multipleOf: market.stepSize)
        try set(&market.marketMinimumQuantity, marketMinQty, "marketMinQty", baseDecimals, multipleOf: market.stepSize)
        try set(&market.marketMaximumQuantity, marketMaxQty, "marketMaxQty", baseDecimals, multipleOf: market.stepSize)
        try set(&market.marketStepSize, marketStepSize, "marketStepSize", baseDecimals, multipleOf: market.stepSize)
        try set(&market.minimumNotional.rawValue, minNotional, "minNotional", quoteDecimals)
        try set(&market.maximumNotional.rawValue, maxNotional, "maxNotional", quoteDecimals)
        try set(
            &market.firstReferencePrice, firstReferencePrice, "firstReferencePrice", quoteDecimals,
            multipleOf: market.tickSize)
        try setMultiplier(&market.bidMultiplierUp, bidMultiplierUp, "bidMultiplierUp")
        try setMultiplier(&market.bidMultiplierDown, bidMultiplierDown, "bidMultiplierDown")
        try setMultiplier(&market.askMultiplierUp, askMultiplierUp, "askMultiplierUp")
        try setMultiplier(&market.askMultiplierDown, askMultiplierDown, "askMultiplierDown")
        if let applyMinToMarket { market.applyMinimumToMarket = applyMinToMarket }
        if let applyMaxToMarket { market.applyMaximumToMarket = applyMaxToMarket }
        try setCount(&market.maximumOrders, maxNumOrders, "maxNumOrders")
        try setCount(&market.maximumAlgoOrders, maxNumAlgoOrders, "maxNumAlgoOrders")
        if let status { market.status = try InstrumentDocument.status(status) }
    }

    private func refuseFixedMembers(_ market: InstrumentDefinition) throws {
        if let partition, partition != market.partition {
            throw OperatorError.invalid("partition", "the partition is \(market.partition) and never changes")
        }
        if let tick = try decimal(tickSize, "tickSize", decimals: Int(market.quoteDecimals)), tick != market.tickSize {
            throw OperatorError.invalid("tickSize", "tickSize never changes")
        }
        if let step = try decimal(stepSize, "stepSize", decimals: Int(market.baseDecimals)), step != market.stepSize {
            throw OperatorError.invalid("stepSize", "stepSize never changes")
        }
    }

    private func asset(_ code: String?, _ field: String, _ assets: [AssetDefinition]) throws -> AssetDefinition {
        guard let code else { throw OperatorError.missing(field) }
        guard let asset = assets.first(where: { $0.code.description == code }) else {
            throw OperatorError.invalid(field, "there is no asset \(code)")
        }
        return asset
    }

    private func set(
        _ target: inout Int64, _ text: String?, _ field: String, _ decimals: Int, multipleOf unit: Int64 = 1
    ) throws {
        guard let value = try decimal(text, field, decimals: decimals) else { return }
        guard value % unit == 0 else {
            throw OperatorError.invalid(
                field, "\(field) must be a multiple of \(DecimalText.string(unit, decimals: decimals))")
        }
        target = value
    }

    private func setMultiplier(_ target: inout UInt32, _ text: String?, _ field: String) throws {
        guard let value = try decimal(text, field, decimals: InstrumentDocument.multiplierDecimals) else { return }
        guard let multiplier = UInt32(exactly: value) else {
            throw OperatorError.invalid(field, "\(field) is too large")
        }
        target = multiplier
    }

    private func setCount(_ target: inout UInt32, _ value: UInt32?, _ field: String) throws {
        guard let value else { return }
        guard value <= InstrumentDocument.maximumOrderCount else {
            throw OperatorError.invalid(field, "\(field) may be at most \(InstrumentDocument.maximumOrderCount)")
        }
        target = value
    }

    private static let statuses: [(TradingStatus, String)] = [
        (.trading, "TRADING"), (.halt, "HALT"), (.pause, "BREAK"), (.endOfDay, "END_OF_DAY"),
        (.cancelOnly, "CANCEL_ONLY"), (.delisted, "DELISTED"),
    ]

    static func name(of status: TradingStatus) -> String {
        statuses.first { $0.0 == status }?.1 ?? "HALT"
    }

    static func status(_ name: String) throws -> TradingStatus {
        guard let status = statuses.first(where: { $0.1 == name })?.0 else {
            throw OperatorError.invalid(
                "status", "status must be one of \(statuses.map(\.1).joined(separator: ", "))")
        }
        return status
    }
}
