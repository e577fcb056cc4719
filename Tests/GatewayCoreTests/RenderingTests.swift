import Records
import Testing
import TradingCore

@testable import GatewayCore

/// The JSON of answers and events, whole.
@Suite struct RenderingTests {
    @Test func `A new order in its three forms`() throws {
        let (order, market) = (Fixtures.order(), try Fixtures.market)
        let renderer = OrderRenderer()
        #expect(
            Fixtures.text { renderer.placed(order, market, .acknowledgement, fills: [], to: &$0) }
                == #"{"symbol":"BTCUSDT","orderId":1024,"orderListId":-1,"clientOrderId":"my-1","transactTime":1700000000000}"#
        )
        let result =
            #"{"symbol":"BTCUSDT","orderId":1024,"orderListId":-1,"clientOrderId":"my-1","transactTime":1700000000000,"#
            + #""price":"50000.00000000","origQty":"0.01000000","executedQty":"0.00000000","cummulativeQuoteQty":"0.00000000","#
            + #""origQuoteOrderQty":"0.00000000","status":"NEW","timeInForce":"GTC","type":"LIMIT","side":"BUY","#
            + #""workingTime":1700000000000,"selfTradePreventionMode":"EXPIRE_MAKER""#
        #expect(Fixtures.text { renderer.placed(order, market, .result, fills: [], to: &$0) } == result + "}")
        let fill = FillLine(
            tradeID: TradeID(3), price: Price(4_999_900), quantity: Quantity(400), fee: Amount(400))
        #expect(
            Fixtures.text { renderer.placed(order, market, .full, fills: [fill], to: &$0) } == result
                + #","fills":[{"price":"49999.00000000","qty":"0.00400000","commission":"0.00000400","commissionAsset":"BTC","tradeId":3}]}"#
        )
    }

    @Test func `A queried order`() throws {
        let market = try Fixtures.market
        #expect(
            Fixtures.text { OrderRenderer(unit: .microseconds).queried(Fixtures.order(), market, to: &$0) }
                == #"{"symbol":"BTCUSDT","orderId":1024,"orderListId":-1,"clientOrderId":"my-1","price":"50000.00000000","#
                + #""origQty":"0.01000000","executedQty":"0.00000000","cummulativeQuoteQty":"0.00000000","status":"NEW","#
                + #""timeInForce":"GTC","type":"LIMIT","side":"BUY","stopPrice":"0.00000000","icebergQty":"0.00000000","#
                + #""time":1700000000000000,"updateTime":1700000000000000,"isWorking":true,"workingTime":1700000000000000,"#
                + #""origQuoteOrderQty":"0.00000000","selfTradePreventionMode":"EXPIRE_MAKER"}"#)
    }

    @Test func `A market order's rest expires with its reason and its price stays hidden`() throws {
        let market = try Fixtures.market
        var accepted = OrderAccepted()
        (accepted.orderId, accepted.type, accepted.timeInForce) = (OrderID(2_048), .market, .immediateOrCancel)
        (accepted.price, accepted.quantity) = (Price(6_000_000), Quantity(1_000))
        var order = OrderState(accepted, instrument: market.id, at: Timestamp(1))
        order.end(OrderDone(orderId: OrderID(2_048), reason: .insufficientLiquidity), at: Timestamp(2))
        let text = Fixtures.text { OrderRenderer().placed(order, market, .result, fills: [], to: &$0) }
        #expect(text.contains(#""price":"0.00000000""#))
        #expect(text.contains(#""status":"EXPIRED","timeInForce":"GTC","type":"MARKET""#))
        #expect(text.hasSuffix(#""expiryReason":"INSUFFICIENT_LIQUIDITY"}"#))
    }

    @Test func `A cancelled order shows both ids`() throws {
        var order = Fixtures.order()
        order.end(OrderDone(reason: .canceled), at: Timestamp(1_700_000_000_500))
        let text = try Fixtures.text { try OrderRenderer().cancelled(order, Fixtures.market, cancelID: "c-1", to: &$0) }
        #expect(
            text.hasPrefix(
                #"{"symbol":"BTCUSDT","origClientOrderId":"my-1","orderId":1024,"orderListId":-1,"clientOrderId":"c-1","transactTime":1700000000500,"#
            ))
        #expect(text.contains(#""status":"CANCELED""#))
    }

    @Test func `An amended order uses the names of that answer`() throws {
        var order = Fixtures.order()
        let amended = OrderAmended(
            orderId: order.orderID, newQuantity: Quantity(500), origClientOrderId: "my-1", clientOrderId: "",
            executionId: ExecutionID(9))
        order.amend(amended, at: Timestamp(1_700_000_000_500))
        #expect(
            try Fixtures.text { try OrderRenderer().amended(order, Fixtures.market, amended, to: &$0) }
                == #"{"transactTime":1700000000500,"executionId":9,"amendedOrder":{"symbol":"BTCUSDT","orderId":1024,"#
                + #""orderListId":-1,"origClientOrderId":"my-1","clientOrderId":"my-1","price":"50000.00000000","#
                + #""qty":"0.00500000","executedQty":"0.00000000","preventedQty":"0.00000000","quoteOrderQty":"0.00000000","#
                + #""cumulativeQuoteQty":"0.00000000","status":"NEW","timeInForce":"GTC","type":"LIMIT","side":"BUY","#
                + #""workingTime":1700000000000,"selfTradePreventionMode":"EXPIRE_MAKER"}}"#)
    }

    @Test func `A trade's report has every key of the contract`() throws {
        var order = Fixtures.order()
        let trade = Trade(
            tradeId: TradeID(3), price: Price(5_000_000), quantity: Quantity(400), quoteAmount: Amount(20_000_000_000),
            makerOrderId: order.orderID, makerAccount: order.account, takerOrderId: OrderID(99), takerSide: .sell,
            makerFee: Amount(320), takerFee: Amount(20_000_000), executionId: ExecutionID(7))
        order.fill(trade, asMaker: true, at: Timestamp(1_700_000_000_500))
        let event = OrderEvent(kind: .trade(trade, asMaker: true), order: order, time: Timestamp(1_700_000_000_500))
        #expect(
            try Fixtures.text { try UserEventRenderer().executionReport(event, Fixtures.market, to: &$0) }
                == #"{"e":"executionReport","E":1700000000500,"s":"BTCUSDT","c":"my-1","S":"BUY","o":"LIMIT","f":"GTC","#
                + #""q":"0.01000000","p":"50000.00000000","P":"0.00000000","F":"0.00000000","g":-1,"C":"","x":"TRADE","#
                + #""X":"PARTIALLY_FILLED","r":"NONE","i":1024,"l":"0.00400000","z":"0.00400000","L":"50000.00000000","#
                + #""n":"0.00000320","N":"BTC","T":1700000000500,"t":3,"I":7,"w":true,"m":true,"M":true,"O":1700000000000,"#
                + #""Z":"200.00000000","Y":"200.00000000","Q":"0.00000000","W":1700000000000,"V":"EXPIRE_MAKER"}"#)
    }

    @Test func `A cancel's report names the cancel and the order`() throws {
        var order = Fixtures.order()
        let done = OrderDone(
            orderId: order.orderID, reason: .canceled, executionId: ExecutionID(8), cancelClientOrderId: "c-1")
        order.end(done, at: Timestamp(5))
        let text = try Fixtures.text {
            try UserEventRenderer().executionReport(
                OrderEvent(kind: .done(done), order: order, time: Timestamp(5)), Fixtures.market, to: &$0)
        }
        #expect(text.contains(#""c":"c-1""#) && text.contains(#""C":"my-1""#))
        #expect(text.contains(#""x":"CANCELED","X":"CANCELED""#))
        #expect(text.contains(#""N":null"#) && text.contains(#""t":-1"#) && text.contains(#""w":false"#))
    }

    @Test func `Self-trade prevention shows what was prevented`() throws {
        var order = Fixtures.order()
        let prevention = Prevention(
            preventedMatchId: 4, makerOrderId: order.orderID, takerOrderId: OrderID(99), price: Price(5_000_000),
            makerQuantity: Quantity(1_000), executionId: ExecutionID(8), makerDone: true, mode: .expireMaker,
            tradeGroup: 2)
        order.prevent(prevention, asMaker: true, at: Timestamp(5))
        let text = try Fixtures.text {
            try UserEventRenderer().executionReport(
                OrderEvent(kind: .prevented(prevention, asMaker: true), order: order, time: Timestamp(5)),
                Fixtures.market, to: &$0)
        }
        #expect(text.contains(#""x":"TRADE_PREVENTION","X":"EXPIRED_IN_MATCH""#))
        #expect(text.contains(#""v":4,"A":"0.01000000","B":"0.01000000","#))
        #expect(text.hasSuffix(#""pl":"0.01000000","pL":"50000.00000000","pY":"500.00000000","u":2,"U":99}"#))
    }

    @Test func `Balances are told for the touched assets of one account`() {
        let balances = [
            Balance(account: Fixtures.account, asset: AssetID(1), free: Amount(5), locked: Amount(7)),
            Balance(account: AccountID(8), asset: AssetID(1), free: Amount(1), locked: Amount(1)),
        ]
        #expect(
            Fixtures.text {
                UserEventRenderer().accountPosition(
                    balances, of: Fixtures.account, Fixtures.reference, at: Timestamp(9), to: &$0)
            }
                == #"{"e":"outboundAccountPosition","E":9,"u":9,"B":[{"a":"BTC","f":"0.00000005","l":"0.00000007"}]}"#)
        #expect(
            Fixtures.text {
                UserEventRenderer().balanceUpdate(Amount(-5), Fixtures.asset(1, "BTC"), at: Timestamp(9), to: &$0)
            }
                == #"{"e":"balanceUpdate","E":9,"a":"BTC","d":"-0.00000005","T":9}"#)
    }

    @Test func `A strict client finds every field of a symbol`() throws {
        let renderer = ReferenceRenderer(Fixtures.reference, limits: RequestLimits())
        let text = try Fixtures.text {
            renderer.exchangeInfo([try Fixtures.market], now: Timestamp(1), to: &$0)
        }
        #expect(
            text
                == #"{"timezone":"UTC","serverTime":1,"rateLimits":[{"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":6000},"#
                + #"{"rateLimitType":"ORDERS","interval":"SECOND","intervalNum":10,"limit":100},"#
                + #"{"rateLimitType":"ORDERS","interval":"DAY","intervalNum":1,"limit":200000},"#
                + #"{"rateLimitType":"RAW_REQUESTS","interval":"MINUTE","intervalNum":5,"limit":61000}],"exchangeFilters":[],"#
                + #""symbols":[{"symbol":"BTCUSDT","status":"TRADING","baseAsset":"BTC","baseAssetPrecision":8,"quoteAsset":"USDT","#
                + #""quotePrecision":8,"quoteAssetPrecision":8,"baseCommissionPrecision":8,"quoteCommissionPrecision":8,"#
                + #""orderTypes":["LIMIT","LIMIT_MAKER","MARKET"],"icebergAllowed":false,"ocoAllowed":false,"otoAllowed":false,"#
                + #""opoAllowed":false,"quoteOrderQtyMarketAllowed":true,"allowTrailingStop":false,"cancelReplaceAllowed":false,"#
                + #""amendAllowed":true,"pegInstructionsAllowed":false,"isSpotTradingAllowed":true,"isMarginTradingAllowed":false,"#
                + #""filters":[{"filterType":"PRICE_FILTER","minPrice":"0.00000000","maxPrice":"0.00000000","tickSize":"0.01000000"},"#
                + #"{"filterType":"LOT_SIZE","minQty":"0.00001000","maxQty":"1000.00000000","stepSize":"0.00001000"},"#
                + #"{"filterType":"MARKET_LOT_SIZE","minQty":"0.00000000","maxQty":"0.00000000","stepSize":"0.00000000"},"#
                + #"{"filterType":"NOTIONAL","minNotional":"5.00000000","applyMinToMarket":true,"maxNotional":"92233720368.54775807","#
                + #""applyMaxToMarket":false,"avgPriceMins":0},"#
                + #"{"filterType":"PERCENT_PRICE_BY_SIDE","bidMultiplierUp":"1.2000","bidMultiplierDown":"0.8000","#
                + #""askMultiplierUp":"1.2000","askMultiplierDown":"0.8000","avgPriceMins":0},"#
                + #"{"filterType":"MAX_NUM_ORDERS","maxNumOrders":200}],"permissions":[],"permissionSets":[["SPOT"]],"#
                + #""defaultSelfTradePreventionMode":"EXPIRE_MAKER","#
                + #""allowedSelfTradePreventionModes":["NONE","EXPIRE_TAKER","EXPIRE_MAKER","EXPIRE_BOTH","DECREMENT"]}]}"#
        )
    }

    @Test func `An account's answer has its rates and every asset`() {
        let renderer = ReferenceRenderer(Fixtures.reference, limits: RequestLimits())
        let entry = BalancesView.Entry(asset: AssetID(2), free: Amount(100), locked: .zero)
        #expect(
            Fixtures.text {
                renderer.account(Fixtures.account, [entry], updated: Timestamp(3), omitZero: true, to: &$0)
            }
                == #"{"makerCommission":8,"takerCommission":10,"buyerCommission":0,"sellerCommission":0,"commissionRates":"#
                + #"{"maker":"0.00080000","taker":"0.00100000","buyer":"0.00000000","seller":"0.00000000"},"canTrade":true,"#
                + #""canWithdraw":true,"canDeposit":true,"brokered":false,"requireSelfTradePrevention":false,"preventSor":false,"#
                + #""updateTime":3,"accountType":"SPOT","balances":[{"asset":"USDT","free":"0.00000100","locked":"0.00000000"}],"#
                + #""permissions":["SPOT"],"uid":7}"#)
    }

    @Test func `Market streams and queries agree on a book and its trades`() throws {
        let market = try Fixtures.market
        let view = MarketView(instrument: market.id)
        var update = MarketUpdate()
        update.instrument = market.id
        (update.firstUpdateId, update.lastUpdateId) = (UpdateID(1), UpdateID(3))
        update.levels = [
            LevelChange(side: .buy, price: Price(5_000_000), quantity: Quantity(10)),
            LevelChange(side: .buy, price: Price(4_999_900), quantity: Quantity(20)),
            LevelChange(side: .sell, price: Price(5_000_100), quantity: Quantity(30)),
        ]
        update.trades = [
            PublicTrade(
                tradeId: TradeID(1), price: Price(5_000_000), quantity: Quantity(5), quoteAmount: Amount(250_000_000),
                buyerIsMaker: true, time: Timestamp(9))
        ]
        update.time = Timestamp(9)
        view.apply(update)
        #expect(
            Fixtures.text { MarketRenderer().depth(view, market, limit: 1, to: &$0) }
                == #"{"lastUpdateId":3,"bids":[["50000.00000000","0.00010000"]],"asks":[["50001.00000000","0.00030000"]]}"#
        )
        let changes = view.fastChanges.take()
        #expect(
            Fixtures.text {
                StreamRenderer().depthUpdate(
                    view, market, first: changes.first, last: changes.last, bids: changes.bids, asks: changes.asks,
                    to: &$0)
            }
                == #"{"e":"depthUpdate","E":9,"s":"BTCUSDT","U":1,"u":3,"b":[["50000.00000000","0.00010000"],["49999.00000000","0.00020000"]],"a":[["50001.00000000","0.00030000"]]}"#
        )
        #expect(
            Fixtures.text { StreamRenderer().bookTicker(view, market, to: &$0) }
                == #"{"u":3,"s":"BTCUSDT","b":"50000.00000000","B":"0.00010000","a":"50001.00000000","A":"0.00030000"}"#
        )
        #expect(
            Fixtures.text { StreamRenderer().trade(update.trades[0], market, to: &$0) }
                == #"{"e":"trade","E":9,"s":"BTCUSDT","t":1,"p":"50000.00000000","q":"0.00005000","T":9,"m":true,"M":true}"#
        )
        #expect(
            Fixtures.text { MarketRenderer().trades(view.trades.newest(5), market, to: &$0) }
                == #"[{"id":1,"price":"50000.00000000","qty":"0.00005000","quoteQty":"2.50000000","time":9,"isBuyerMaker":true,"isBestMatch":true}]"#
        )
    }

    @Test func `Tickers are exact and flat without trades`() throws {
        let market = try Fixtures.market
        let view = MarketView(instrument: market.id)
        var ticker = Ticker()
        ticker.windowMinutes = 1_440
        (ticker.open, ticker.high, ticker.low, ticker.last) = (
            Price(4_000_000), Price(5_000_000), Price(3_000_000), Price(4_100_000)
        )
        (ticker.volume, ticker.quoteVolumeLow, ticker.count) = (Quantity(3), 123_000_000, 2)
        (ticker.firstTradeId, ticker.lastTradeId) = (TradeID(1), TradeID(2))
        let empty = Fixtures.text {
            MarketRenderer().ticker(view, market, isShort: false, now: Timestamp(86_400_000), to: &$0)
        }
        #expect(empty.contains(#""firstId":-1,"lastId":-1,"count":0"#))
        var statistics = MarketStatistics()
        statistics.tickers = [ticker]
        view.apply(statistics)
        let text = Fixtures.text { MarketRenderer().ticker(view, market, isShort: false, now: Timestamp(1), to: &$0) }
        #expect(text.contains(#""priceChange":"1000.00000000","priceChangePercent":"2.500""#))
        #expect(text.contains(#""weightedAvgPrice":"41000.00000000""#))
    }
}
