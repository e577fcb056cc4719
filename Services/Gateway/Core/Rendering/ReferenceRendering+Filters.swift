import Records
import TradingCore

extension ReferenceRenderer {
    /// The filters of a market; PRICE_FILTER stands first.
    func filters(_ market: Market, to writer: inout JSONWriter) {
        let definition = market.definition
        writer.beginArray()
        filter(
            "PRICE_FILTER", market.quoteDecimals, to: &writer,
            [
                ("minPrice", definition.minimumPrice), ("maxPrice", definition.maximumPrice),
                ("tickSize", definition.tickSize),
            ])
        filter(
            "LOT_SIZE", market.baseDecimals, to: &writer,
            [
                ("minQty", definition.minimumQuantity), ("maxQty", definition.maximumQuantity),
                ("stepSize", definition.stepSize),
            ])
        filter(
            "MARKET_LOT_SIZE", market.baseDecimals, to: &writer,
            [
                ("minQty", definition.marketMinimumQuantity), ("maxQty", definition.marketMaximumQuantity),
                ("stepSize", definition.marketStepSize),
            ])
        notional(market, to: &writer)
        percentPrice(definition, to: &writer)
        count("MAX_NUM_ORDERS", "maxNumOrders", definition.maximumOrders, to: &writer)
        count("MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders", definition.maximumAlgoOrders, to: &writer)
        writer.endArray()
    }

    private func filter(
        _ name: StaticString, _ decimals: Int, to writer: inout JSONWriter,
        _ fields: [(field: StaticString, value: Int64)]
    ) {
        writer.beginObject()
        writer.key("filterType")
        writer.string(name)
        for (field, value) in fields {
            writer.key(field)
            writer.decimal(Int128(value), decimals: decimals)
        }
        writer.endObject()
    }

    private func notional(_ market: Market, to writer: inout JSONWriter) {
        let definition = market.definition
        writer.beginObject()
        writer.key("filterType")
        writer.string("NOTIONAL")
        writer.key("minNotional")
        writer.quoteAmount(definition.minimumNotional, market)
        writer.key("applyMinToMarket")
        writer.bool(definition.applyMinimumToMarket)
        writer.key("maxNotional")
        // Off: the largest amount there is, so that clients that compare find no limit.
        writer.quoteAmount(
            definition.maximumNotional == .zero ? Amount(.max) : definition.maximumNotional, market)
        writer.key("applyMaxToMarket")
        writer.bool(definition.applyMaximumToMarket)
        writer.key("avgPriceMins")
        writer.integer(0)
        writer.endObject()
    }

    private func percentPrice(_ definition: InstrumentDefinition, to writer: inout JSONWriter) {
        let multipliers: [(StaticString, UInt32)] = [
            ("bidMultiplierUp", definition.bidMultiplierUp), ("bidMultiplierDown", definition.bidMultiplierDown),
            ("askMultiplierUp", definition.askMultiplierUp), ("askMultiplierDown", definition.askMultiplierDown),
        ]
        guard multipliers.contains(where: { $0.1 != 0 }) else { return }
        writer.beginObject()
        writer.key("filterType")
        writer.string("PERCENT_PRICE_BY_SIDE")
        for (name, value) in multipliers {
            writer.key(name)
            writer.decimal(Int128(value), decimals: 4, minimumDecimals: 4)
        }
        writer.key("avgPriceMins")
        writer.integer(0)
        writer.endObject()
    }

    private func count(_ name: StaticString, _ field: StaticString, _ value: UInt32, to writer: inout JSONWriter) {
        guard value > 0 else { return }
        writer.beginObject()
        writer.key("filterType")
        writer.string(name)
        writer.key(field)
        writer.integer(min(Int64(value), 65_535))
        writer.endObject()
    }
}
