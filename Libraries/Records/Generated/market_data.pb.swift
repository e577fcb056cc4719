import TradingCore

public struct PublicTrade: Equatable, Sendable {
    public var tradeId: TradeID
    public var price: Price
    public var quantity: Quantity
    public var quoteAmount: Amount
    public var buyerIsMaker: Bool
    public var time: Timestamp

    public init(
        tradeId: TradeID = TradeID(rawValue: 0),
        price: Price = Price(rawValue: 0),
        quantity: Quantity = Quantity(rawValue: 0),
        quoteAmount: Amount = Amount(rawValue: 0),
        buyerIsMaker: Bool = false,
        time: Timestamp = Timestamp(rawValue: 0)
    ) {
        self.tradeId = tradeId
        self.price = price
        self.quantity = quantity
        self.quoteAmount = quoteAmount
        self.buyerIsMaker = buyerIsMaker
        self.time = time
    }
}

public struct AggregateTrade: Equatable, Sendable {
    public var aggregateId: Int64
    public var price: Price
    public var quantity: Quantity
    public var firstTradeId: TradeID
    public var lastTradeId: TradeID
    public var buyerIsMaker: Bool
    public var time: Timestamp
    public var quoteAmount: Amount

    public init(
        aggregateId: Int64 = 0,
        price: Price = Price(rawValue: 0),
        quantity: Quantity = Quantity(rawValue: 0),
        firstTradeId: TradeID = TradeID(rawValue: 0),
        lastTradeId: TradeID = TradeID(rawValue: 0),
        buyerIsMaker: Bool = false,
        time: Timestamp = Timestamp(rawValue: 0),
        quoteAmount: Amount = Amount(rawValue: 0)
    ) {
        self.aggregateId = aggregateId
        self.price = price
        self.quantity = quantity
        self.firstTradeId = firstTradeId
        self.lastTradeId = lastTradeId
        self.buyerIsMaker = buyerIsMaker
        self.time = time
        self.quoteAmount = quoteAmount
    }
}

public struct TopOfBook: Equatable, Sendable {
    public var bidPrice: Price
    public var bidQuantity: Quantity
    public var askPrice: Price
    public var askQuantity: Quantity

    public init(
        bidPrice: Price = Price(rawValue: 0),
        bidQuantity: Quantity = Quantity(rawValue: 0),
        askPrice: Price = Price(rawValue: 0),
        askQuantity: Quantity = Quantity(rawValue: 0)
    ) {
        self.bidPrice = bidPrice
        self.bidQuantity = bidQuantity
        self.askPrice = askPrice
        self.askQuantity = askQuantity
    }
}

public struct MarketUpdate: Equatable, Sendable {
    public var instrument: InstrumentID
    public var firstUpdateId: UpdateID
    public var lastUpdateId: UpdateID
    public var levels: [LevelChange]
    public var trades: [PublicTrade]
    public var aggregates: [AggregateTrade]
    public var top: TopOfBook?
    public var report: InstrumentReport?
    public var time: Timestamp
    public var part: UInt32
    public var moreParts: Bool

    public init(
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        firstUpdateId: UpdateID = UpdateID(rawValue: 0),
        lastUpdateId: UpdateID = UpdateID(rawValue: 0),
        levels: [LevelChange] = [],
        trades: [PublicTrade] = [],
        aggregates: [AggregateTrade] = [],
        top: TopOfBook? = nil,
        report: InstrumentReport? = nil,
        time: Timestamp = Timestamp(rawValue: 0),
        part: UInt32 = 0,
        moreParts: Bool = false
    ) {
        self.instrument = instrument
        self.firstUpdateId = firstUpdateId
        self.lastUpdateId = lastUpdateId
        self.levels = levels
        self.trades = trades
        self.aggregates = aggregates
        self.top = top
        self.report = report
        self.time = time
        self.part = part
        self.moreParts = moreParts
    }
}

public struct BookLevel: Equatable, Sendable {
    public var price: Price
    public var quantity: Quantity

    public init(
        price: Price = Price(rawValue: 0),
        quantity: Quantity = Quantity(rawValue: 0)
    ) {
        self.price = price
        self.quantity = quantity
    }
}

public struct Ticker: Equatable, Sendable {
    public var instrument: InstrumentID
    public var windowMinutes: UInt32
    public var openTime: Timestamp
    public var closeTime: Timestamp
    public var open: Price
    public var high: Price
    public var low: Price
    public var last: Price
    public var lastQuantity: Quantity
    public var previousClose: Price
    public var volume: Quantity
    public var quoteVolumeLow: UInt64
    public var quoteVolumeHigh: UInt64
    public var firstTradeId: TradeID
    public var lastTradeId: TradeID
    public var count: UInt64

    public init(
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        windowMinutes: UInt32 = 0,
        openTime: Timestamp = Timestamp(rawValue: 0),
        closeTime: Timestamp = Timestamp(rawValue: 0),
        open: Price = Price(rawValue: 0),
        high: Price = Price(rawValue: 0),
        low: Price = Price(rawValue: 0),
        last: Price = Price(rawValue: 0),
        lastQuantity: Quantity = Quantity(rawValue: 0),
        previousClose: Price = Price(rawValue: 0),
        volume: Quantity = Quantity(rawValue: 0),
        quoteVolumeLow: UInt64 = 0,
        quoteVolumeHigh: UInt64 = 0,
        firstTradeId: TradeID = TradeID(rawValue: 0),
        lastTradeId: TradeID = TradeID(rawValue: 0),
        count: UInt64 = 0
    ) {
        self.instrument = instrument
        self.windowMinutes = windowMinutes
        self.openTime = openTime
        self.closeTime = closeTime
        self.open = open
        self.high = high
        self.low = low
        self.last = last
        self.lastQuantity = lastQuantity
        self.previousClose = previousClose
        self.volume = volume
        self.quoteVolumeLow = quoteVolumeLow
        self.quoteVolumeHigh = quoteVolumeHigh
        self.firstTradeId = firstTradeId
        self.lastTradeId = lastTradeId
        self.count = count
    }
}

public struct Candle: Equatable, Sendable {
    public var instrument: InstrumentID
    public var interval: UInt32
    public var openTime: Timestamp
    public var open: Price
    public var high: Price
    public var low: Price
    public var close: Price
    public var volume: Quantity
    public var quoteVolumeLow: UInt64
    public var quoteVolumeHigh: UInt64
    public var count: UInt64
    public var takerBuyVolume: Quantity
    public var takerBuyQuoteLow: UInt64
    public var takerBuyQuoteHigh: UInt64
    public var firstTradeId: TradeID
    public var lastTradeId: TradeID
    public var closed: Bool

    public init(
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        interval: UInt32 = 0,
        openTime: Timestamp = Timestamp(rawValue: 0),
        open: Price = Price(rawValue: 0),
        high: Price = Price(rawValue: 0),
        low: Price = Price(rawValue: 0),
        close: Price = Price(rawValue: 0),
        volume: Quantity = Quantity(rawValue: 0),
        quoteVolumeLow: UInt64 = 0,
        quoteVolumeHigh: UInt64 = 0,
        count: UInt64 = 0,
        takerBuyVolume: Quantity = Quantity(rawValue: 0),
        takerBuyQuoteLow: UInt64 = 0,
        takerBuyQuoteHigh: UInt64 = 0,
        firstTradeId: TradeID = TradeID(rawValue: 0),
        lastTradeId: TradeID = TradeID(rawValue: 0),
        closed: Bool = false
    ) {
        self.instrument = instrument
        self.interval = interval
        self.openTime = openTime
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
        self.quoteVolumeLow = quoteVolumeLow
        self.quoteVolumeHigh = quoteVolumeHigh
        self.count = count
        self.takerBuyVolume = takerBuyVolume
        self.takerBuyQuoteLow = takerBuyQuoteLow
        self.takerBuyQuoteHigh = takerBuyQuoteHigh
        self.firstTradeId = firstTradeId
        self.lastTradeId = lastTradeId
        self.closed = closed
    }
}

public struct MarketStatistics: Equatable, Sendable {
    public var instrument: InstrumentID
    public var candles: [Candle]
    public var tickers: [Ticker]
    public var time: Timestamp

    public init(
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        candles: [Candle] = [],
        tickers: [Ticker] = [],
        time: Timestamp = Timestamp(rawValue: 0)
    ) {
        self.instrument = instrument
        self.candles = candles
        self.tickers = tickers
        self.time = time
    }
}

public struct MarketSnapshot: Equatable, Sendable {
    public var instrument: InstrumentID
    public var lastUpdateId: UpdateID
    public var bids: [BookLevel]
    public var asks: [BookLevel]
    public var report: InstrumentReport?
    public var tickers: [Ticker]
    public var candles: [Candle]
    public var recentTrades: [PublicTrade]
    public var lastAggregateId: Int64
    public var time: Timestamp
    public var part: UInt32
    public var moreParts: Bool

    public init(
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        lastUpdateId: UpdateID = UpdateID(rawValue: 0),
        bids: [BookLevel] = [],
        asks: [BookLevel] = [],
        report: InstrumentReport? = nil,
        tickers: [Ticker] = [],
        candles: [Candle] = [],
        recentTrades: [PublicTrade] = [],
        lastAggregateId: Int64 = 0,
        time: Timestamp = Timestamp(rawValue: 0),
        part: UInt32 = 0,
        moreParts: Bool = false
    ) {
        self.instrument = instrument
        self.lastUpdateId = lastUpdateId
        self.bids = bids
        self.asks = asks
        self.report = report
        self.tickers = tickers
        self.candles = candles
        self.recentTrades = recentTrades
        self.lastAggregateId = lastAggregateId
        self.time = time
        self.part = part
        self.moreParts = moreParts
    }
}

public enum MarketDataRecord: Equatable, Sendable {
    case update(MarketUpdate)
    case statistics(MarketStatistics)
    case snapshot(MarketSnapshot)
}
