import FoundationEssentials
import OrderServiceCore
import Records
import TestBasics
import Testing
import TradingCore

/// The core's decision on random orders against the client API's table of filters; `TEST_SEED` repeats a run.
@Suite struct FilterTwinTests {
    static let seed: UInt64 =
        ProcessInfo.processInfo.environment["TEST_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max)

    @Test func `Random orders in random markets get what the table of filters says, in client units`() throws {
        print("seed \(Self.seed); run it again with TEST_SEED=\(Self.seed)")
        var random = RandomMarkets(seed: Self.seed)
        var seen: [FilterTable.Decision.Kind: Int] = [:]
        for market in 0..<200 {
            var bench = try OrderBench()
            try bench.apply(.venue(VenueDefinition(revision: 2)))
            let definition = random.definition()
            try bench.apply(.instrument(definition))
            var ticks = definition.firstReferencePrice / definition.tickSize
            for step in 0..<100 {
                if random.chance(3) {
                    ticks = 1 + random.below(2 * ticks)
                    let trade = TradeID(Int64(step) + 1)
                    try bench.apply(
                        .referencePrice(
                            ReferencePrice(instrument: definition.instrument, price: Price(ticks), tradeId: trade)))
                }
                let table = FilterTable(definition, reference: Int128(ticks) * Int128(definition.tickSize))
                let order = random.order(definition, reference: ticks * definition.tickSize)
                let expected = table.decision(order)
                let decision = try Self.decision(try bench.apply(.placeOrder(order)))
                try #require(
                    decision == expected, "market \(market), order \(step): \(definition), reference \(ticks), \(order)"
                )
                seen[expected.kind, default: 0] += 1
            }
        }
        for filter in [Filter.priceFilter, .lotSize, .marketLotSize, .notional, .percentPriceBySide] {
            #expect(seen[.filter(filter)] ?? 0 > 20, "\(filter)")
        }
        #expect(seen[.terms] ?? 0 > 1_000 && seen[.reason(.marketClosed)] ?? 0 > 20)
    }

    private static func decision(_ records: [LedgerRecord]) throws -> FilterTable.Decision {
        try #require(records.count == 1)
        switch records[0] {
        case .submitOrder(let submit):
            return .terms(price: Int128(submit.price.rawValue), lots: Int128(submit.quantity.rawValue))
        case .refusal(let refusal):
            return refusal.reason == .filter ? .filter(try #require(refusal.filter)) : .reason(refusal.reason)
        default:
            Issue.record("neither an order nor a refusal: \(records[0])")
            return .reason(.unreadable)
        }
    }
}

/// The client API's filters, written for the reader from its table: everything in client units and 128 bits, nothing shared with the core.
struct FilterTable {
    enum Decision: Equatable {
        case filter(Filter)
        case reason(RefusalReason)
        /// Ticks and lots.
        case terms(price: Int128, lots: Int128)

        enum Kind: Hashable {
            case filter(Filter)
            case reason(RefusalReason)
            case terms
        }

        var kind: Kind {
            switch self {
            case .filter(let filter): .filter(filter)
            case .reason(let reason): .reason(reason)
            case .terms: .terms
            }
        }
    }

    let market: InstrumentDefinition
    /// Quote minor units for a whole base unit.
    let reference: Int128
    /// Base minor units of a whole base unit.
    let whole: Int128

    init(_ market: InstrumentDefinition, reference: Int128) {
        self.market = market
        self.reference = reference
        whole = (0..<market.baseDecimals).reduce(Int128(1)) { power, _ in power * 10 }
    }

    private var tick: Int128 { Int128(market.tickSize) }
    private var step: Int128 { Int128(market.stepSize) }

    func decision(_ order: PlaceOrder) -> Decision {
        let price = Int128(order.price)
        let quantity = Int128(order.quantity)
        if order.type != .market { return limit(order.side, price, quantity) }
        let multiplier = Int128(order.side == .buy ? market.bidMultiplierUp : market.askMultiplierDown)
        let collar = reference * multiplier
        let unit = tick * 10_000
        let ticks = order.side == .buy ? collar / unit : (collar + unit - 1) / unit
        guard ticks > 0 else { return .reason(.marketClosed) }
        let quote = Int128(order.quoteQuantity.rawValue)
        return quote > 0 ? marketByQuote(order.side, quote, ticks) : self.market(quantity, ticks)
    }

    private func limit(_ side: Side, _ price: Int128, _ quantity: Int128) -> Decision {
        let definition = market
        guard price > 0,
            passes(price, definition.minimumPrice, definition.maximumPrice, definition.tickSize)
        else { return .filter(.priceFilter) }
        guard isLot(quantity) else { return .filter(.lotSize) }
        guard isNotional(price * quantity, minimum: true, maximum: true) else { return .filter(.notional) }
        let up = Int128(side == .buy ? definition.bidMultiplierUp : definition.askMultiplierUp)
        let down = Int128(side == .buy ? definition.bidMultiplierDown : definition.askMultiplierDown)
        guard up == 0 || price * 10_000 <= reference * up, down == 0 || price * 10_000 >= reference * down else {
            return .filter(.percentPriceBySide)
        }
        guard price * quantity / whole <= Int128(Int64.max) else { return .reason(.amountOutOfRange) }
        return .terms(price: price / tick, lots: quantity / step)
    }

    private func market(_ quantity: Int128, _ protection: Int128) -> Decision {
        guard isLot(quantity) else { return .filter(.lotSize) }
        guard
            passes(quantity, market.marketMinimumQuantity, market.marketMaximumQuantity, market.marketStepSize)
        else { return .filter(.marketLotSize) }
        guard
            isNotional(
                reference * quantity, minimum: market.applyMinimumToMarket, maximum: market.applyMaximumToMarket)
        else { return .filter(.notional) }
        guard protection * tick * quantity / whole <= Int128(Int64.max) else { return .reason(.amountOutOfRange) }
        return .terms(price: protection, lots: quantity / step)
    }

    /// The quantity is what the amount is worth at the reference price, down to the step; no step of its own applies to it.
    private func marketByQuote(_ side: Side, _ quote: Int128, _ protection: Int128) -> Decision {
        let quantity = quote * whole / (reference * step) * step
        guard quantity <= Int128(Int64.max) else { return .reason(.amountOutOfRange) }
        guard isLot(quantity) else { return .filter(.lotSize) }
        guard passes(quantity, market.marketMinimumQuantity, market.marketMaximumQuantity, 0) else {
            return .filter(.marketLotSize)
        }
        guard
            isNotional(quote * whole, minimum: market.applyMinimumToMarket, maximum: market.applyMaximumToMarket)
        else { return .filter(.notional) }
        if side == .buy { return .terms(price: protection, lots: 0) }
        let lots = quote * whole / (protection * tick * step)
        guard lots > 0, lots * step <= Int128(Int64.max) else { return .reason(.amountOutOfRange) }
        return .terms(price: protection, lots: lots)
    }

    // MARK: Rows of the table

    /// min <= value <= max and value % step == 0; 0 disables a part.
    private func passes(_ value: Int128, _ least: Int64, _ most: Int64, _ step: Int64) -> Bool {
        (least == 0 || value >= Int128(least)) && (most == 0 || value <= Int128(most))
            && (step == 0 || value % Int128(step) == 0)
    }

    private func isLot(_ quantity: Int128) -> Bool {
        quantity > 0 && passes(quantity, market.minimumQuantity, market.maximumQuantity, market.stepSize)
    }

    /// - Parameter product: price times quantity, in quote minor units of a whole base unit.
    private func isNotional(_ product: Int128, minimum: Bool, maximum: Bool) -> Bool {
        let least = Int128(market.minimumNotional.rawValue) * whole
        let most = Int128(market.maximumNotional.rawValue) * whole
        return (!minimum || product >= least) && (!maximum || most == 0 || product <= most)
    }
}

/// Markets with any of their filters off, and orders at and around the edges of those that are on.
struct RandomMarkets {
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    mutating func next() -> UInt64 { random.next() }

    mutating func below(_ bound: Int64) -> Int64 { Int64(next() % UInt64(bound)) }
    mutating func chance(_ percent: Int64) -> Bool { below(100) < percent }
    private mutating func pick(_ values: [Int64]) -> Int64 { values[Int(below(Int64(values.count)))] }
    /// 0, or `value`.
    private mutating func maybe(_ value: Int64) -> Int64 { chance(30) ? 0 : value }

    mutating func definition() -> InstrumentDefinition {
        var market = InstrumentDefinition(
            instrument: InstrumentID(2), revision: 1, symbol: "RANDOM", baseAsset: AssetID(1), quoteAsset: AssetID(2))
        market.status = .trading
        let decimals = Int(below(9))
        let tickPower = Int(below(7))
        let least = max(0, decimals - tickPower)
        let stepPower = least + Int(below(Int64(decimals - least) + 1))
        (market.baseDecimals, market.quoteDecimals) = (UInt32(decimals), 8)
        market.tickSize = pick([1, 2, 5, 25]) * PowersOfTen.int64[tickPower]
        market.stepSize = pick([1, 2, 5]) * PowersOfTen.int64[stepPower]
        let (tick, step) = (market.tickSize, market.stepSize)
        let ticks = 1 + below(PowersOfTen.int64[1 + Int(below(6))])
        // Not always a whole number of ticks: what is over is cut off.
        market.firstReferencePrice = ticks * tick + below(tick)
        market.minimumPrice = maybe(1 + below(ticks * tick))
        market.maximumPrice = maybe(ticks * tick + below(2 * ticks * tick))
        market.minimumQuantity = maybe(1 + below(20 * step))
        market.maximumQuantity = maybe(100 * step + below(2_000 * step))
        market.marketMinimumQuantity = maybe(1 + below(40 * step))
        market.marketMaximumQuantity = maybe(100 * step + below(1_000 * step))
        market.marketStepSize = maybe(step * (1 + below(3)))
        // Quote minor units of one lot at the reference price.
        let value = Int64(Int128(ticks * tick) * Int128(step) / Int128(PowersOfTen.int64[decimals]))
        market.minimumNotional = Amount(maybe(1 + below(200 * value)))
        market.maximumNotional = Amount(maybe(300 * value + below(1_000 * value)))
        (market.applyMinimumToMarket, market.applyMaximumToMarket) = (chance(50), chance(50))
        market.bidMultiplierUp = UInt32(maybe(10_000 + below(5_000)))
        market.bidMultiplierDown = UInt32(maybe(1 + below(10_000)))
        market.askMultiplierUp = UInt32(maybe(10_000 + below(5_000)))
        market.askMultiplierDown = UInt32(maybe(1 + below(10_000)))
        return market
    }

    mutating func order(_ market: InstrumentDefinition, reference: Int64) -> PlaceOrder {
        var order = PlaceOrder(
            account: AccountID(1), instrument: market.instrument, side: chance(50) ? .buy : .sell,
            timeInForce: .goodTillCanceled)
        order.type = chance(60) ? (chance(80) ? .limit : .limitMaker) : .market
        if order.type != .market {
            order.price = price(market, reference, order.side)
            order.quantity = quantity(market, order.price)
        } else if chance(50) {
            order.quantity = quantity(market, reference)
        } else {
            let value = Int128(reference) * Int128(quantity(market, reference))
            order.quoteQuantity = Amount(
                max(1, Int64(clamping: value / Int128(PowersOfTen.int64[Int(market.baseDecimals)]))))
            if chance(30) { order.quoteQuantity = around(order.quoteQuantity, market) }
        }
        return order
    }

    private mutating func around(_ amount: Amount, _ market: InstrumentDefinition) -> Amount {
        let edge = pick([
            market.minimumNotional.rawValue, market.maximumNotional.rawValue, amount.rawValue, Int64.max - 1,
        ])
        return Amount(max(1, min(edge, Int64.max - 1) + pick([-1, 0, 1])))
    }

    private mutating func price(_ market: InstrumentDefinition, _ reference: Int64, _ side: Side) -> Int64 {
        let tick = market.tickSize
        if chance(3) { return pick([0, -tick, Int64.max, Int64.max / tick * tick]) }
        let up = Int64(side == .buy ? market.bidMultiplierUp : market.askMultiplierUp)
        let down = Int64(side == .buy ? market.bidMultiplierDown : market.askMultiplierDown)
        var price = reference
        if chance(50) {
            price += (below(reference / tick + 1) - reference / tick / 2) / 4 * tick
        } else {
            let edge = pick([
                market.minimumPrice, market.maximumPrice, edgeOf(reference, up), edgeOf(reference, down),
            ])
            price = (edge + pick([0, tick, -tick, tick - 1])) / tick * tick
        }
        return chance(5) ? price + pick([1, -1]) : price
    }

    private func edgeOf(_ reference: Int64, _ multiplier: Int64) -> Int64 {
        Int64(clamping: Int128(reference) * Int128(multiplier) / 10_000)
    }

    private mutating func quantity(_ market: InstrumentDefinition, _ price: Int64) -> Int64 {
        let step = market.stepSize
        if chance(3) { return pick([0, -step, Int64.max, Int64.max / step * step]) }
        var quantity = (1 + below(1_000)) * step
        if chance(30) {
            let whole = Int128(PowersOfTen.int64[Int(market.baseDecimals)])
            let divisor = Int128(max(price, 1))
            let edge = pick([
                market.minimumQuantity, market.maximumQuantity, market.marketMinimumQuantity,
                market.marketMaximumQuantity,
                Int64(clamping: Int128(market.minimumNotional.rawValue) * whole / divisor),
                Int64(clamping: Int128(market.maximumNotional.rawValue) * whole / divisor),
            ])
            quantity = min(edge, Int64.max / 2) / step * step + pick([0, step, -step])
        }
        return chance(5) ? quantity + pick([1, -1]) : quantity
    }
}
