import Records
import TradingCore

/// What is defined rather than traded: `exchangeInfo`, fees, wallets.
public struct ReferenceRenderer: Sendable {
    public let reference: ReferenceSnapshot
    public let limits: RequestLimits
    public var unit: TimeUnit

    public init(_ reference: ReferenceSnapshot, limits: RequestLimits, unit: TimeUnit = .milliseconds) {
        self.reference = reference
        self.limits = limits
        self.unit = unit
    }

    /// `exchangeInfo` of `markets`.
    public func exchangeInfo(_ markets: [Market], now: Timestamp, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("timezone")
        writer.string("UTC")
        writer.key("serverTime")
        writer.time(now, unit)
        writer.key("rateLimits")
        writer.beginArray()
        limit("REQUEST_WEIGHT", "MINUTE", 1, limits.weightPerMinute, to: &writer)
        limit("ORDERS", "SECOND", 10, Int(reference.venue.ordersPer10Seconds), to: &writer)
        limit("ORDERS", "DAY", 1, Int(reference.venue.ordersPerDay), to: &writer)
        limit("RAW_REQUESTS", "MINUTE", 5, limits.requestsPer5Minutes, to: &writer)
        writer.endArray()
        writer.key("exchangeFilters")
        writer.beginArray()
        writer.endArray()
        writer.key("symbols")
        writer.beginArray()
        for market in markets { symbol(market, to: &writer) }
        writer.endArray()
        writer.endObject()
    }

    /// `exchangeInfo` of a kind of market that this venue has none of.
    public func emptyExchangeInfo(now: Timestamp, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("timezone")
        writer.string("UTC")
        writer.key("serverTime")
        writer.time(now, unit)
        for name: StaticString in ["rateLimits", "exchangeFilters", "symbols"] {
            writer.key(name)
            writer.beginArray()
            writer.endArray()
        }
        writer.endObject()
    }

    /// An item of `rateLimits`, with `count` where it is known; a limit of 0 is none and is not shown.
    func limit(
        _ type: StaticString, _ interval: StaticString, _ number: Int, _ limit: Int, count: Int? = nil,
        to writer: inout JSONWriter
    ) {
        guard limit > 0 else { return }
        writer.beginObject()
        writer.key("rateLimitType")
        writer.string(type)
        writer.key("interval")
        writer.string(interval)
        writer.key("intervalNum")
        writer.integer(number)
        writer.key("limit")
        writer.integer(limit)
        if let count {
            writer.key("count")
            writer.integer(count)
        }
        writer.endObject()
    }

    private func symbol(_ market: Market, to writer: inout JSONWriter) {
        let definition = market.definition
        writer.beginObject()
        writer.key("symbol")
        writer.string(market.symbol)
        writer.key("status")
        writer.string(definition.status.contractName)
        writer.key("baseAsset")
        writer.string(market.base)
        writer.key("baseAssetPrecision")
        writer.integer(market.baseDecimals)
        writer.key("quoteAsset")
        writer.string(market.quote)
        for name: StaticString in ["quotePrecision", "quoteAssetPrecision"] {
            writer.key(name)
            writer.integer(market.quoteDecimals)
        }
        writer.key("baseCommissionPrecision")
        writer.integer(market.baseDecimals)
        writer.key("quoteCommissionPrecision")
        writer.integer(market.quoteDecimals)
        writer.key("orderTypes")
        writer.beginArray()
        for type in ReferenceRenderer.orderTypes { writer.string(type.contractName) }
        writer.endArray()
        flags(to: &writer)
        writer.key("filters")
        filters(market, to: &writer)
        permissions(to: &writer)
        writer.endObject()
    }

    /// What the engine trades.
    static let orderTypes: [OrderType] = [.limit, .limitMaker, .market]

    private func flags(to writer: inout JSONWriter) {
        let flags: [(StaticString, Bool)] = [
            ("icebergAllowed", false), ("ocoAllowed", false), ("otoAllowed", false), ("opoAllowed", false),
            ("quoteOrderQtyMarketAllowed", true), ("allowTrailingStop", false), ("cancelReplaceAllowed", false),
            ("amendAllowed", true), ("pegInstructionsAllowed", false), ("isSpotTradingAllowed", true),
            ("isMarginTradingAllowed", false),
        ]
        for (name, value) in flags {
            writer.key(name)
            writer.bool(value)
        }
    }

    private func permissions(to writer: inout JSONWriter) {
        writer.key("permissions")
        writer.beginArray()
        writer.endArray()
        writer.key("permissionSets")
        writer.beginArray()
        writer.beginArray()
        writer.string("SPOT")
        writer.endArray()
        writer.endArray()
        writer.key("defaultSelfTradePreventionMode")
        writer.string(OrderParameters.defaultSelfTradePrevention.contractName)
        writer.key("allowedSelfTradePreventionModes")
        writer.beginArray()
        for mode in SelfTradePrevention.allCases { writer.string(mode.contractName) }
        writer.endArray()
    }
}
