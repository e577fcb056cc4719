import Records
import Testing
import TradingCore

@testable import GatewayCore

@Suite struct OrderParameterTests {
    private let window = TimeWindow(timestamp: Timestamp(1_700_000_000_000))

    private func place(_ query: String) throws(ApiError) -> (order: PlaceOrder, response: ResponseType) {
        try OrderParameters.place(
            Fixtures.parameters(query), account: Fixtures.account, window: window, isTest: false,
            reference: Fixtures.reference
        ) { "made" }
    }

    private func failure(_ query: String) -> ApiError? {
        do throws(ApiError) {
            _ = try place(query)
            return nil
        } catch {
            return error
        }
    }

    private static let limit = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=50000.00"

    @Test func `A limit order is read in minor units`() throws {
        let (order, response) = try place(Self.limit + "&newClientOrderId=my-1&strategyId=3&strategyType=1000000")
        #expect(order.account == Fixtures.account)
        #expect(order.instrument == InstrumentID(1))
        #expect(order.clientOrderId == "my-1")
        #expect((order.side, order.type, order.timeInForce) == (.buy, .limit, .goodTillCanceled))
        #expect((order.quantity, order.price) == (1_000_000, 5_000_000_000_000))
        #expect((order.strategyId, order.strategyType) == (3, 1_000_000))
        #expect(order.deadline == Timestamp(1_700_000_005_000))
        #expect(response == .full)
    }

    @Test func `An order without a client id gets one`() throws {
        #expect(try place(Self.limit).order.clientOrderId == "made")
    }

    @Test func `The standard answer is full for limit and market orders and short for others`() throws {
        #expect(try place("symbol=BTCUSDT&side=SELL&type=MARKET&quantity=1").response == .full)
        #expect(
            try place("symbol=BTCUSDT&side=SELL&type=LIMIT_MAKER&quantity=1&price=5").response == .acknowledgement)
        #expect(try place(Self.limit + "&newOrderRespType=RESULT").response == .result)
    }

    @Test func `A market order by amount has no quantity`() throws {
        let order = try place("symbol=BTCUSDT&side=BUY&type=MARKET&quoteOrderQty=100.5").order
        #expect((order.quantity, order.quoteQuantity.rawValue) == (0, 10_050_000_000))
    }

    static let refusals: [(query: String, code: ErrorCode)] = [
        ("side=BUY&type=LIMIT", .mandatoryParameter),
        ("symbol=NOPE&side=BUY&type=LIMIT", .badSymbol),
        ("symbol=&side=BUY&type=LIMIT", .mandatoryParameter),
        ("symbol=BTCUSDT&type=LIMIT", .mandatoryParameter),
        ("symbol=BTCUSDT&side=buy&type=LIMIT", .invalidSide),
        ("symbol=BTCUSDT&side=BUY", .mandatoryParameter),
        ("symbol=BTCUSDT&side=BUY&type=LIMITED", .invalidOrderType),
        ("symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=1", .mandatoryParameter),
        ("symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTD&quantity=1&price=1", .invalidTimeInForce),
        ("symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&price=1", .mandatoryParameter),
        ("symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1", .mandatoryParameter),
        (limit + "&stopPrice=1", .parameterNotRequired),
        (limit + "&quoteOrderQty=1", .parameterNotRequired),
        ("symbol=BTCUSDT&side=BUY&type=MARKET", .mandatoryParameter),
        ("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1&quoteOrderQty=1", .optionalParametersBadCombination),
        ("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1&price=1", .parameterNotRequired),
        ("symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1&timeInForce=GTC", .parameterNotRequired),
        ("symbol=BTCUSDT&side=BUY&type=LIMIT_MAKER&quantity=1&price=1&timeInForce=IOC", .parameterNotRequired),
        ("symbol=BTCUSDT&side=BUY&type=STOP_LOSS&quantity=1", .mandatoryParameter),
        ("symbol=BTCUSDT&side=BUY&type=STOP_LOSS&quantity=1&stopPrice=1&price=2", .parameterNotRequired),
        ("symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.000000001&price=1", .badPrecision),
        ("symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=x&price=1", .illegalCharacters),
        ("symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0&price=1", .filterFailure),
        ("symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0", .newOrderRejected),
        (limit + "&newClientOrderId=a.b", .illegalCharacters),
        (limit + "&selfTradePreventionMode=SOME", .invalidParameter),
        (limit + "&newOrderRespType=MORE", .invalidParameter),
        (limit + "&strategyType=999999", .invalidParameter),
        (limit + "&icebergQty=1", .unsupportedOperation),
        (limit + "&pegPriceType=PRIMARY_PEG", .unsupportedOperation),
    ]

    @Test(arguments: refusals) func `What an order lacks or must not have is reported`(
        _ expected: (query: String, code: ErrorCode)
    ) {
        #expect(failure(expected.query)?.code == expected.code, "\(expected.query)")
    }

    @Test func `Zero quantities and prices break the filter that forbids them`() {
        #expect(failure(Self.refusals[22].query)?.message == "Filter failure: LOT_SIZE")
        // The market has no least price.
        #expect(failure(Self.refusals[23].query)?.message == "Price * QTY is zero or less.")
        let start = "symbol=BTCUSDT&side=BUY&type="
        // The table's first filter that fails, with its limit; and only of an order that is well formed.
        #expect(
            failure(start + "LIMIT&timeInForce=GTC&quantity=0&price=0")
                == .filter(.lotSize, limit: 1_000, decimals: 8))
        #expect(
            failure(start + "LIMIT&timeInForce=GTC&quantity=0&price=5")
                == .filter(.lotSize, limit: 1_000, decimals: 8))
        #expect(
            failure(start + "MARKET&quoteOrderQty=0.00") == .filter(.notional, limit: 500_000_000, decimals: 8))
        #expect(failure(start + "LIMIT&timeInForce=GTC&quantity=0")?.code == .mandatoryParameter)
        #expect(failure(start + "LIMIT&timeInForce=GTC&quantity=0&price=1.123456789")?.code == .badPrecision)
        #expect(failure(start + "LIMIT&timeInForce=SOON&quantity=0&price=1")?.code == .invalidTimeInForce)
        #expect(failure(start + "LIMIT&quantity=0&price=1")?.code == .mandatoryParameter)
        #expect(throws: ApiError.filter(.lotSize, limit: 1_000, decimals: 8)) {
            try OrderParameters.amend(
                Fixtures.parameters("symbol=BTCUSDT&orderId=5&newQty=0"), account: Fixtures.account, window: window,
                reference: Fixtures.reference)
        }
    }

    @Test func `Good-till-cancelled is ignored where it is the only one possible`() throws {
        #expect(
            try place("symbol=BTCUSDT&side=BUY&type=LIMIT_MAKER&quantity=1&price=1&timeInForce=GTC").order.timeInForce
                == .goodTillCanceled)
    }

    @Test func `A cancel names its order by either id or both`() throws {
        func cancel(_ query: String) throws(ApiError) -> CancelOrder {
            try OrderParameters.cancel(
                Fixtures.parameters(query), account: Fixtures.account, window: window, reference: Fixtures.reference
            ) { "made" }
        }
        let both = try cancel("symbol=BTCUSDT&orderId=5&origClientOrderId=a&newClientOrderId=c")
        #expect((both.orderId, both.origClientOrderId, both.clientOrderId) == (OrderID(5), "a", "c"))
        #expect(try cancel("symbol=BTCUSDT&orderId=5").clientOrderId == "made")
        #expect(throws: ApiError.eitherMandatory(.orderId, .origClientOrderId)) { try cancel("symbol=BTCUSDT") }
        #expect(throws: ApiError(.invalidCancelRestrictions)) {
            try cancel("symbol=BTCUSDT&orderId=5&cancelRestrictions=SOME")
        }
        #expect(try cancel("symbol=BTCUSDT&orderId=5&cancelRestrictions=ONLY_NEW").restriction == .onlyNew)
    }

    @Test func `An amendment asks for a new quantity`() throws {
        func amend(_ query: String) throws(ApiError) -> AmendOrder {
            try OrderParameters.amend(
                Fixtures.parameters(query), account: Fixtures.account, window: window, reference: Fixtures.reference)
        }
        #expect(try amend("symbol=BTCUSDT&orderId=5&newQty=0.5").newQuantity == 50_000_000)
        #expect(try amend("symbol=BTCUSDT&orderId=5&newQty=0.5").clientOrderId.isEmpty)
        #expect(throws: ApiError.mandatory(.newQty)) { try amend("symbol=BTCUSDT&orderId=5") }
    }

    @Test func `A history's window is at most a day`() {
        #expect(throws: ApiError(.moreThan24Hours)) {
            try QueryParameters.history(
                Fixtures.parameters("symbol=BTCUSDT&startTime=1&endTime=86400002"), account: Fixtures.account,
                reference: Fixtures.reference)
        }
    }

    @Test func `A symbol and a list of symbols exclude each other`() {
        #expect(throws: ApiError(.optionalParametersBadCombination)) {
            try QueryParameters.selection(
                Fixtures.parameters(#"symbol=BTCUSDT&symbols=["BTCUSDT"]"#), reference: Fixtures.reference)
        }
    }
}
