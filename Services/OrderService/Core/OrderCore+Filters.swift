import Records
import TradingCore

/// An order's terms in ticks and lots, after every filter passed.
struct CheckedTerms: Equatable {
    /// The limit price, or the protection price of a market order.
    var price: Price
    /// 0 for a BUY by quote amount; for a SELL by quote amount the most that may be sold.
    var quantity: Quantity
}

enum Verdict {
    case terms(CheckedTerms)
    case objection(Objection)
}

/// Multipliers are ten-thousandths.
private let multiplierWhole: Int128 = 10_000

// The filters of an instrument in the order of the client API's table; the first that fails is reported. All arithmetic is exact.
extension OrderCore {
    @inline(__always)
    static func check(_ order: PlaceOrder, _ instrument: ListedInstrument, _ context: RecordContext) -> Verdict {
        switch order.type {
        case .limit, .limitMaker: checkLimit(order, instrument)
        case .market: checkMarket(order, instrument, context)
        case .stopLoss, .stopLossLimit, .takeProfit, .takeProfitLimit: .objection(Objection(.unsupportedOrderType))
        }
    }

    private static func checkLimit(_ order: PlaceOrder, _ instrument: ListedInstrument) -> Verdict {
        let definition = instrument.definition
        if let objection = priceFilter(order.price, definition) { return .objection(objection) }
        if let objection = lotSize(order.quantity, definition) { return .objection(objection) }
        let price = Price(order.price / definition.tickSize)
        let quantity = Quantity(order.quantity / definition.stepSize)
        let notional = instrument.scale.notional(price, quantity)
        guard notional > 0 else { return .objection(Objection(.notionalZero)) }
        if let objection = notionalFilter(notional, definition, minimum: true, maximum: true) {
            return .objection(objection)
        }
        if let objection = percentPrice(price, order.side, instrument) { return .objection(objection) }
        guard Int64(exactly: notional) != nil, instrument.scale.baseAmount(quantity) != nil else {
            return .objection(Objection(.amountOutOfRange))
        }
        return .terms(CheckedTerms(price: price, quantity: quantity))
    }

    private static func checkMarket(_ order: PlaceOrder, _ instrument: ListedInstrument, _ context: RecordContext)
        -> Verdict
    {
        let definition = instrument.definition
        let age = context.clock.milliseconds(since: instrument.referenceTime)
        guard instrument.referencePrice.rawValue > 0, age < OrderCore.referencePriceLifetimeMilliseconds,
            let protection = protectionPrice(order.side, instrument)
        else { return .objection(Objection(.marketClosed)) }
        if order.quoteQuantity.rawValue > 0 {
            return checkMarketByQuote(order, instrument, protection)
        }
        if let objection = lotSize(order.quantity, definition) { return .objection(objection) }
        if let objection = marketLotSize(order.quantity, definition) { return .objection(objection) }
        let quantity = Quantity(order.quantity / definition.stepSize)
        let notional = instrument.scale.notional(instrument.referencePrice, quantity)
        if let objection = notionalFilter(
            notional, definition, minimum: definition.applyMinimumToMarket, maximum: definition.applyMaximumToMarket)
        {
            return .objection(objection)
        }
        guard Int64(exactly: instrument.scale.notional(protection, quantity)) != nil,
            instrument.scale.baseAmount(quantity) != nil
        else { return .objection(Objection(.amountOutOfRange)) }
        return .terms(CheckedTerms(price: protection, quantity: quantity))
    }

    private static func checkMarketByQuote(
        _ order: PlaceOrder, _ instrument: ListedInstrument, _ protection: Price
    ) -> Verdict {
        let definition = instrument.definition
        // What the amount is worth at the reference price stands for the quantity that is not known yet.
        let expected = instrument.scale.lots(for: order.quoteQuantity, at: instrument.referencePrice)
        let (expectedQuantity, overflow) = expected.rawValue.multipliedReportingOverflow(by: definition.stepSize)
        guard !overflow else { return .objection(Objection(.amountOutOfRange)) }
        if let objection = lotSize(expectedQuantity, definition) { return .objection(objection) }
        if let objection = marketLotSize(expectedQuantity, definition, stepApplies: false) {
            return .objection(objection)
        }
        if let objection = notionalFilter(
            Int128(order.quoteQuantity.rawValue), definition, minimum: definition.applyMinimumToMarket,
            maximum: definition.applyMaximumToMarket)
        {
            return .objection(objection)
        }
        guard order.side == .sell else { return .terms(CheckedTerms(price: protection, quantity: .zero)) }
        let held = instrument.scale.lots(for: order.quoteQuantity, at: protection)
        guard held.rawValue > 0, instrument.scale.baseAmount(held) != nil else {
            return .objection(Objection(.amountOutOfRange))
        }
        return .terms(CheckedTerms(price: protection, quantity: held))
    }

    /// The reference price times the side's multiplier, rounded to the tick inside it; nil when the multiplier is off.
    private static func protectionPrice(_ side: Side, _ instrument: ListedInstrument) -> Price? {
        let multiplier =
            side == .buy ? instrument.definition.bidMultiplierUp : instrument.definition.askMultiplierDown
        guard multiplier > 0 else { return nil }
        let product = Int128(instrument.referencePrice.rawValue) * Int128(multiplier)
        let ticks = side == .buy ? product / multiplierWhole : (product + multiplierWhole - 1) / multiplierWhole
        guard let price = Int64(exactly: ticks), price > 0 else { return nil }
        return Price(price)
    }

    private static func priceFilter(_ price: Int64, _ definition: InstrumentDefinition) -> Objection? {
        let decimals = definition.quoteDecimals
        if price < definition.minimumPrice || price <= 0 {
            return Objection(.priceFilter, limit: definition.minimumPrice, actual: price, decimals: decimals)
        }
        if definition.maximumPrice > 0, price > definition.maximumPrice {
            return Objection(.priceFilter, limit: definition.maximumPrice, actual: price, decimals: decimals)
        }
        if price % definition.tickSize != 0 {
            return Objection(.priceFilter, limit: definition.tickSize, actual: price, decimals: decimals)
        }
        return nil
    }

    static func lotSize(_ quantity: Int64, _ definition: InstrumentDefinition) -> Objection? {
        let decimals = definition.baseDecimals
        if quantity < definition.minimumQuantity || quantity <= 0 {
            return Objection(.lotSize, limit: definition.minimumQuantity, actual: quantity, decimals: decimals)
        }
        if definition.maximumQuantity > 0, quantity > definition.maximumQuantity {
            return Objection(.lotSize, limit: definition.maximumQuantity, actual: quantity, decimals: decimals)
        }
        if quantity % definition.stepSize != 0 {
            return Objection(.lotSize, limit: definition.stepSize, actual: quantity, decimals: decimals)
        }
        return nil
    }

    private static func marketLotSize(
        _ quantity: Int64, _ definition: InstrumentDefinition, stepApplies: Bool = true
    ) -> Objection? {
        let decimals = definition.baseDecimals
        if quantity < definition.marketMinimumQuantity {
            return Objection(
                .marketLotSize, limit: definition.marketMinimumQuantity, actual: quantity, decimals: decimals)
        }
        if definition.marketMaximumQuantity > 0, quantity > definition.marketMaximumQuantity {
            return Objection(
                .marketLotSize, limit: definition.marketMaximumQuantity, actual: quantity, decimals: decimals)
        }
        if stepApplies, definition.marketStepSize > 0, quantity % definition.marketStepSize != 0 {
            return Objection(.marketLotSize, limit: definition.marketStepSize, actual: quantity, decimals: decimals)
        }
        return nil
    }

    private static func notionalFilter(
        _ notional: Int128, _ definition: InstrumentDefinition, minimum: Bool, maximum: Bool
    ) -> Objection? {
        let least = definition.minimumNotional.rawValue
        let most = definition.maximumNotional.rawValue
        if minimum, notional < Int128(least) {
            return Objection(
                .notional, limit: least, actual: Int64(clamping: notional), decimals: definition.quoteDecimals)
        }
        if maximum, most > 0, notional > Int128(most) {
            return Objection(
                .notional, limit: most, actual: Int64(clamping: notional), decimals: definition.quoteDecimals)
        }
        return nil
    }

    private static func percentPrice(_ price: Price, _ side: Side, _ instrument: ListedInstrument) -> Objection? {
        guard instrument.referencePrice.rawValue > 0 else { return nil }
        let definition = instrument.definition
        let up = side == .buy ? definition.bidMultiplierUp : definition.askMultiplierUp
        let down = side == .buy ? definition.bidMultiplierDown : definition.askMultiplierDown
        // The products of 64 bits by 64 are exact in 128: nothing is looked at for an overflow.
        let asked = Int128(price.rawValue) &* multiplierWhole
        let reference = Int128(instrument.referencePrice.rawValue)
        let highest = reference &* Int128(up)
        let lowest = reference &* Int128(down)
        guard up > 0 && asked > highest || down > 0 && asked < lowest else { return nil }
        let limit = (up > 0 && asked > highest ? highest : lowest) * Int128(definition.tickSize) / multiplierWhole
        return Objection(
            .percentPriceBySide, limit: Int64(clamping: limit),
            actual: Int64(clamping: Int128(price.rawValue) * Int128(definition.tickSize)),
            decimals: definition.quoteDecimals)
    }
}
