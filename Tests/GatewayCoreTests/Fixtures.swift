@testable import GatewayCore
import Records
import TradingCore

/// A venue's definitions as the tests use them.
enum Fixtures {
    static let account = AccountID(7)

    static func asset(_ id: UInt32, _ code: ASCIIText, decimals: UInt32 = 8) -> AssetDefinition {
        AssetDefinition(
            asset: AssetID(id), revision: 1, code: code, name: code.description, decimals: decimals,
            depositsEnabled: true, withdrawalsEnabled: true, withdrawalFee: Amount(1_000),
            withdrawalMinimum: Amount(100_000), network: code)
    }

    static func instrument(
        _ id: UInt32, _ symbol: ASCIIText, base: UInt32, quote: UInt32, tick: Int64, step: Int64
    ) -> InstrumentDefinition {
        var definition = InstrumentDefinition()
        definition.instrument = InstrumentID(id)
        definition.revision = 1
        definition.symbol = symbol
        definition.baseAsset = AssetID(base)
        definition.quoteAsset = AssetID(quote)
        definition.status = .trading
        definition.baseDecimals = 8
        definition.quoteDecimals = 8
        definition.tickSize = tick
        definition.stepSize = step
        definition.minimumQuantity = step
        definition.maximumQuantity = step * 100_000_000
        definition.minimumNotional = Amount(500_000_000)
        definition.applyMinimumToMarket = true
        definition.bidMultiplierUp = 12_000
        definition.bidMultiplierDown = 8_000
        definition.askMultiplierUp = 12_000
        definition.askMultiplierDown = 8_000
        definition.maximumOrders = 200
        definition.firstReferencePrice = 5_000_000_000_000
        return definition
    }

    static let records: [ReferenceDataRecord] = {
        var owner = AccountDefinition()
        owner.account = account
        owner.revision = 1
        owner.feeSchedule = FeeScheduleID(1)
        (owner.mayTrade, owner.mayWithdraw, owner.mayDeposit) = (true, true, true)
        var venue = VenueDefinition()
        venue.revision = 1
        venue.ordersPer10Seconds = 100
        venue.ordersPerDay = 200_000
        return [
            .asset(asset(1, "BTC")), .asset(asset(2, "USDT")), .asset(asset(3, "ETH")),
            .instrument(instrument(1, "BTCUSDT", base: 1, quote: 2, tick: 1_000_000, step: 1_000)),
            .instrument(instrument(2, "ETHBTC", base: 3, quote: 1, tick: 1_000, step: 100_000)),
            .feeSchedule(
                FeeSchedule(
                    schedule: FeeScheduleID(1), revision: 1, name: "standard", makerBasisPoints: 8,
                    takerBasisPoints: 10)),
            .account(owner), .venue(venue),
        ]
    }()

    static let reference: ReferenceSnapshot = {
        var data = ReferenceData()
        for record in records { data.apply(record) }
        return data.snapshot()
    }()

    static var market: Market { get throws { try market("BTCUSDT") } }

    static func market(_ symbol: ASCIIText) throws -> Market {
        guard let market = reference.market(symbol) else { throw ApiError(.badSymbol) }
        return market
    }

    static func parameters(_ query: String, body: String = "") -> ParameterList {
        var list = ParameterList()
        var (query, body) = (query, body)
        query.withUTF8 { list.addQuery(UnsafeRawBufferPointer($0)) }
        body.withUTF8 { list.addBody(UnsafeRawBufferPointer($0)) }
        return list
    }

    static func text(_ write: (inout JSONWriter) throws -> Void) rethrows -> String {
        var writer = JSONWriter()
        try write(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    static func order() -> OrderState {
        var order = OrderState()
        order.orderID = OrderID(1_024)
        order.account = account
        order.instrument = InstrumentID(1)
        order.clientOrderID = "my-1"
        order.price = Price(5_000_000)
        order.quantity = Quantity(1_000)
        order.selfTradePrevention = .expireMaker
        order.created = Timestamp(1_700_000_000_000)
        order.updated = Timestamp(1_700_000_000_000)
        order.execution = ExecutionID(1)
        return order
    }
}
