// Written by scripts/generate-records from market_data.proto; changes belong there.
// swift-format-ignore-file

import TradingCore

public struct PublicTrade: RecordMessage {
    public var tradeId: TradeID = TradeID(rawValue: 0)
    public var price: Price = Price(rawValue: 0)
    public var quantity: Quantity = Quantity(rawValue: 0)
    public var quoteAmount: Amount = Amount(rawValue: 0)
    public var buyerIsMaker: Bool = false
    public var time: Timestamp = Timestamp(rawValue: 0)

    @inlinable
    public init() {}

    @inlinable
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

extension PublicTrade {
    @inline(__always)
    package var fieldsBound: Int {
        47
    }

    @inline(__always)
    public var sizeBound: Int { fieldsBound &+ RecordStore.slack }

    public func encode(into writer: inout RecordWriter) {
        writer.commit(to: encodeFields(at: writer.reserve(sizeBound)))
    }

    @inline(__always)
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        if self.tradeId.rawValue != 0 {
            RecordStore.tag(UInt8(9), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.tradeId.rawValue), &cursor)
        }
        if self.price.rawValue != 0 {
            RecordStore.tag(UInt8(17), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.price.rawValue), &cursor)
        }
        if self.quantity.rawValue != 0 {
            RecordStore.tag(UInt8(25), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.quantity.rawValue), &cursor)
        }
        if self.quoteAmount.rawValue != 0 {
            RecordStore.tag(UInt8(33), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.quoteAmount.rawValue), &cursor)
        }
        if self.buyerIsMaker {
            RecordStore.tag(UInt8(40), &cursor)
            RecordStore.byte(self.buyerIsMaker ? 1 : 0, &cursor)
        }
        if self.time.rawValue != 0 {
            RecordStore.tag(UInt8(49), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.time.rawValue), &cursor)
        }
        return cursor
    }

    public init(decoding bytes: RawSpan) throws(RecordError) {
        self.init()
        let reader = RecordReader(bytes)
        try self.merge(from: reader.cursor, to: reader.end, isFresh: true)
    }

    public mutating func decode(_ bytes: RawSpan) throws(RecordError) {
        self.clear()
        let reader = RecordReader(bytes)
        try self.merge(from: reader.cursor, to: reader.end, isFresh: true)
    }

    public mutating func clear() {
        self = PublicTrade()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(9)) {
            self.tradeId = TradeID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(17)) {
            self.price = Price(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(25)) {
            self.quantity = Quantity(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(33)) {
            self.quoteAmount = Amount(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(40)) {
            self.buyerIsMaker = try reader.bool()
        }
        if reader.take(UInt8(49)) {
            self.time = Timestamp(rawValue: try reader.sfixed64())
        }
        if !reader.isAtEnd { try mergeAnyOrder(from: reader.cursor, to: end) }
    }

    @inline(never)
    private mutating func mergeAnyOrder(from start: UnsafeRawPointer, to end: UnsafeRawPointer) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case 9:
                self.tradeId = TradeID(rawValue: try reader.sfixed64())
            case 17:
                self.price = Price(rawValue: try reader.sfixed64())
            case 25:
                self.quantity = Quantity(rawValue: try reader.sfixed64())
            case 33:
                self.quoteAmount = Amount(rawValue: try reader.sfixed64())
            case 40:
                self.buyerIsMaker = try reader.bool()
            case 49:
                self.time = Timestamp(rawValue: try reader.sfixed64())
            default: try reader.skip(tag)
            }
        }
    }
}

/// Consecutive fills of one taker order at one price.
public struct AggregateTrade: RecordMessage {
    public var aggregateId: Int64 = 0
    public var price: Price = Price(rawValue: 0)
    public var quantity: Quantity = Quantity(rawValue: 0)
    public var firstTradeId: TradeID = TradeID(rawValue: 0)
    public var lastTradeId: TradeID = TradeID(rawValue: 0)
    public var buyerIsMaker: Bool = false
    public var time: Timestamp = Timestamp(rawValue: 0)
    public var quoteAmount: Amount = Amount(rawValue: 0)

    @inlinable
    public init() {}

    @inlinable
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

extension AggregateTrade {
    @inline(__always)
    package var fieldsBound: Int {
        65
    }

    @inline(__always)
    public var sizeBound: Int { fieldsBound &+ RecordStore.slack }

    public func encode(into writer: inout RecordWriter) {
        writer.commit(to: encodeFields(at: writer.reserve(sizeBound)))
    }

    @inline(__always)
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        if self.aggregateId != 0 {
            RecordStore.tag(UInt8(9), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.aggregateId), &cursor)
        }
        if self.price.rawValue != 0 {
            RecordStore.tag(UInt8(17), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.price.rawValue), &cursor)
        }
        if self.quantity.rawValue != 0 {
            RecordStore.tag(UInt8(25), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.quantity.rawValue), &cursor)
        }
        if self.firstTradeId.rawValue != 0 {
            RecordStore.tag(UInt8(33), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.firstTradeId.rawValue), &cursor)
        }
        if self.lastTradeId.rawValue != 0 {
            RecordStore.tag(UInt8(41), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.lastTradeId.rawValue), &cursor)
        }
        if self.buyerIsMaker {
            RecordStore.tag(UInt8(48), &cursor)
            RecordStore.byte(self.buyerIsMaker ? 1 : 0, &cursor)
        }
        if self.time.rawValue != 0 {
            RecordStore.tag(UInt8(57), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.time.rawValue), &cursor)
        }
        if self.quoteAmount.rawValue != 0 {
            RecordStore.tag(UInt8(65), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.quoteAmount.rawValue), &cursor)
        }
        return cursor
    }

    public init(decoding bytes: RawSpan) throws(RecordError) {
        self.init()
        let reader = RecordReader(bytes)
        try self.merge(from: reader.cursor, to: reader.end, isFresh: true)
    }

    public mutating func decode(_ bytes: RawSpan) throws(RecordError) {
        self.clear()
        let reader = RecordReader(bytes)
        try self.merge(from: reader.cursor, to: reader.end, isFresh: true)
    }

    public mutating func clear() {
        self = AggregateTrade()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(9)) {
            self.aggregateId = try reader.sfixed64()
        }
        if reader.take(UInt8(17)) {
            self.price = Price(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(25)) {
            self.quantity = Quantity(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(33)) {
            self.firstTradeId = TradeID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(41)) {
            self.lastTradeId = TradeID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(48)) {
            self.buyerIsMaker = try reader.bool()
        }
        if reader.take(UInt8(57)) {
            self.time = Timestamp(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(65)) {
            self.quoteAmount = Amount(rawValue: try reader.sfixed64())
        }
        if !reader.isAtEnd { try mergeAnyOrder(from: reader.cursor, to: end) }
    }

    @inline(never)
    private mutating func mergeAnyOrder(from start: UnsafeRawPointer, to end: UnsafeRawPointer) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case 9:
                self.aggregateId = try reader.sfixed64()
            case 17:
                self.price = Price(rawValue: try reader.sfixed64())
            case 25:
                self.quantity = Quantity(rawValue: try reader.sfixed64())
            case 33:
                self.firstTradeId = TradeID(rawValue: try reader.sfixed64())
            case 41:
                self.lastTradeId = TradeID(rawValue: try reader.sfixed64())
            case 48:
                self.buyerIsMaker = try reader.bool()
            case 57:
                self.time = Timestamp(rawValue: try reader.sfixed64())
            case 65:
                self.quoteAmount = Amount(rawValue: try reader.sfixed64())
            default: try reader.skip(tag)
            }
        }
    }
}

public struct TopOfBook: RecordMessage {
    public var bidPrice: Price = Price(rawValue: 0)
    public var bidQuantity: Quantity = Quantity(rawValue: 0)
    public var askPrice: Price = Price(rawValue: 0)
    public var askQuantity: Quantity = Quantity(rawValue: 0)

    @inlinable
    public init() {}

    @inlinable
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

extension TopOfBook {
    @inline(__always)
    package var fieldsBound: Int {
        36
    }

    @inline(__always)
    public var sizeBound: Int { fieldsBound &+ RecordStore.slack }

    public func encode(into writer: inout RecordWriter) {
        writer.commit(to: encodeFields(at: writer.reserve(sizeBound)))
    }

    @inline(__always)
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        if self.bidPrice.rawValue != 0 {
            RecordStore.tag(UInt8(9), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.bidPrice.rawValue), &cursor)
        }
        if self.bidQuantity.rawValue != 0 {
            RecordStore.tag(UInt8(17), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.bidQuantity.rawValue), &cursor)
        }
        if self.askPrice.rawValue != 0 {
            RecordStore.tag(UInt8(25), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.askPrice.rawValue), &cursor)
        }
        if self.askQuantity.rawValue != 0 {
            RecordStore.tag(UInt8(33), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.askQuantity.rawValue), &cursor)
        }
        return cursor
    }

    public init(decoding bytes: RawSpan) throws(RecordError) {
        self.init()
        let reader = RecordReader(bytes)
        try self.merge(from: reader.cursor, to: reader.end, isFresh: true)
    }

    public mutating func decode(_ bytes: RawSpan) throws(RecordError) {
        self.clear()
        let reader = RecordReader(bytes)
        try self.merge(from: reader.cursor, to: reader.end, isFresh: true)
    }

    public mutating func clear() {
        self = TopOfBook()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(9)) {
            self.bidPrice = Price(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(17)) {
            self.bidQuantity = Quantity(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(25)) {
            self.askPrice = Price(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(33)) {
            self.askQuantity = Quantity(rawValue: try reader.sfixed64())
        }
        if !reader.isAtEnd { try mergeAnyOrder(from: reader.cursor, to: end) }
    }

    @inline(never)
    private mutating func mergeAnyOrder(from start: UnsafeRawPointer, to end: UnsafeRawPointer) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case 9:
                self.bidPrice = Price(rawValue: try reader.sfixed64())
            case 17:
                self.bidQuantity = Quantity(rawValue: try reader.sfixed64())
            case 25:
                self.askPrice = Price(rawValue: try reader.sfixed64())
            case 33:
                self.askQuantity = Quantity(rawValue: try reader.sfixed64())
            default: try reader.skip(tag)
            }
        }
    }
}

/// What one input of the engine changed for everybody.
public struct MarketUpdate: RecordMessage {
    public var instrument: InstrumentID = InstrumentID(rawValue: 0)
    /// The levels' update ids run from first to last; both 0 when no level changed.
    public var firstUpdateId: UpdateID = UpdateID(rawValue: 0)
    public var lastUpdateId: UpdateID = UpdateID(rawValue: 0)
    public var levels: [LevelChange] = []
    public var trades: [PublicTrade] = []
    public var aggregates: [AggregateTrade] = []
    /// When it changed.
    public var top: TopOfBook? = nil
    public var report: InstrumentReport? = nil
    public var time: Timestamp = Timestamp(rawValue: 0)
    public var part: UInt32 = 0
    public var moreParts: Bool = false

    @inlinable
    public init() {}

    @inlinable
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

extension MarketUpdate {
    @inline(__always)
    package var fieldsBound: Int {
        var bound = 181
        bound &+= self.levels.count &* 22
        bound &+= self.trades.count &* 49
        bound &+= self.aggregates.count &* 67
        return bound
    }

    @inline(__always)
    public var sizeBound: Int { fieldsBound &+ RecordStore.slack }

    public func encode(into writer: inout RecordWriter) {
        writer.commit(to: encodeFields(at: writer.reserve(sizeBound)))
    }

    public static func encode(_ record: UnsafePointer<MarketUpdate>, into writer: inout RecordWriter) {
        let start = writer.reserve(record.pointee.sizeBound)
        writer.commit(to: record.pointee.encodeFields(at: start))
    }

    @inline(__always)
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        if self.instrument.rawValue != 0 {
            RecordStore.tag(UInt8(8), &cursor)
            RecordStore.varint(UInt64(self.instrument.rawValue), &cursor)
        }
        if self.firstUpdateId.rawValue != 0 {
            RecordStore.tag(UInt8(17), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.firstUpdateId.rawValue), &cursor)
        }
        if self.lastUpdateId.rawValue != 0 {
            RecordStore.tag(UInt8(25), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.lastUpdateId.rawValue), &cursor)
        }
        for index in 0..<self.levels.count {
            RecordStore.tag(UInt8(34), &cursor)
            let body = cursor
            cursor = self.levels[index].encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        for index in 0..<self.trades.count {
            RecordStore.tag(UInt8(42), &cursor)
            let body = cursor
            cursor = self.trades[index].encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        for index in 0..<self.aggregates.count {
            RecordStore.tag(UInt8(50), &cursor)
            let body = cursor
            cursor = self.aggregates[index].encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        if let value = self.top {
            RecordStore.tag(UInt8(58), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        if let value = self.report {
            RecordStore.tag(UInt8(66), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        if self.time.rawValue != 0 {
            RecordStore.tag(UInt8(73), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.time.rawValue), &cursor)
        }
        if self.part != 0 {
            RecordStore.tag(UInt8(104), &cursor)
            RecordStore.varint(UInt64(self.part), &cursor)
        }
        if self.moreParts {
            RecordStore.tag(UInt8(112), &cursor)
            RecordStore.byte(self.moreParts ? 1 : 0, &cursor)
        }
        return cursor
    }

    public init(decoding bytes: RawSpan) throws(RecordError) {
        self.init()
        let reader = RecordReader(bytes)
        try self.merge(from: reader.cursor, to: reader.end, isFresh: true)
    }

    public mutating func decode(_ bytes: RawSpan) throws(RecordError) {
        self.clear()
        let reader = RecordReader(bytes)
        try self.merge(from: reader.cursor, to: reader.end, isFresh: true)
    }

    public mutating func clear() {
        self.instrument = InstrumentID(rawValue: 0)
        self.firstUpdateId = UpdateID(rawValue: 0)
        self.lastUpdateId = UpdateID(rawValue: 0)
        self.levels.empty()
        self.trades.empty()
        self.aggregates.empty()
        self.top = nil
        self.report = nil
        self.time = Timestamp(rawValue: 0)
        self.part = 0
        self.moreParts = false
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(8)) {
            self.instrument = InstrumentID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(17)) {
            self.firstUpdateId = UpdateID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(25)) {
            self.lastUpdateId = UpdateID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(34)) {
            if self.levels.capacity == 0 {
                self.levels.reserveCapacity(RecordReader.countRun(of: 34, reader.cursor, end))
            }
            repeat {
                let body = try reader.delimited()
                self.levels.append(LevelChange())
                try self.levels[self.levels.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            } while reader.take(UInt8(34))
        }
        if reader.take(UInt8(42)) {
            if self.trades.capacity == 0 {
                self.trades.reserveCapacity(RecordReader.countRun(of: 42, reader.cursor, end))
            }
            repeat {
                let body = try reader.delimited()
                self.trades.append(PublicTrade())
                try self.trades[self.trades.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            } while reader.take(UInt8(42))
        }
        if reader.take(UInt8(50)) {
            if self.aggregates.capacity == 0 {
                self.aggregates.reserveCapacity(RecordReader.countRun(of: 50, reader.cursor, end))
            }
            repeat {
                let body = try reader.delimited()
                self.aggregates.append(AggregateTrade())
                try self.aggregates[self.aggregates.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            } while reader.take(UInt8(50))
        }
        if reader.take(UInt8(58)) {
            let body = try reader.delimited()
            let isFresh = self.top == nil
            if isFresh { self.top = TopOfBook() }
            try self.top?.merge(from: body.cursor, to: body.end, isFresh: isFresh)
        }
        if reader.take(UInt8(66)) {
            let body = try reader.delimited()
            let isFresh = self.report == nil
            if isFresh { self.report = InstrumentReport() }
            try self.report?.merge(from: body.cursor, to: body.end, isFresh: isFresh)
        }
        if reader.take(UInt8(73)) {
            self.time = Timestamp(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(104)) {
            self.part = try reader.uint32()
        }
        if reader.take(UInt8(112)) {
            self.moreParts = try reader.bool()
        }
        if !reader.isAtEnd { try mergeAnyOrder(from: reader.cursor, to: end) }
    }

    @inline(never)
    private mutating func mergeAnyOrder(from start: UnsafeRawPointer, to end: UnsafeRawPointer) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case 8:
                self.instrument = InstrumentID(rawValue: try reader.uint32())
            case 17:
                self.firstUpdateId = UpdateID(rawValue: try reader.sfixed64())
            case 25:
                self.lastUpdateId = UpdateID(rawValue: try reader.sfixed64())
            case 34:
                let body = try reader.delimited()
                self.levels.append(LevelChange())
                try self.levels[self.levels.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            case 42:
                let body = try reader.delimited()
                self.trades.append(PublicTrade())
                try self.trades[self.trades.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            case 50:
                let body = try reader.delimited()
                self.aggregates.append(AggregateTrade())
                try self.aggregates[self.aggregates.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            case 58:
                let body = try reader.delimited()
                let isFresh = self.top == nil
                if isFresh { self.top = TopOfBook() }
                try self.top?.merge(from: body.cursor, to: body.end, isFresh: isFresh)
            case 66:
                let body = try reader.delimited()
                let isFresh = self.report == nil
                if isFresh { self.report = InstrumentReport() }
                try self.report?.merge(from: body.cursor, to: body.end, isFresh: isFresh)
            case 73:
                self.time = Timestamp(rawValue: try reader.sfixed64())
            case 104:
                self.part = try reader.uint32()
            case 112:
                self.moreParts = try reader.bool()
            default: try reader.skip(tag)
            }
        }
    }
}

public struct BookLevel: RecordMessage {
    public var price: Price = Price(rawValue: 0)
    public var quantity: Quantity = Quantity(rawValue: 0)

    @inlinable
    public init() {}

    @inlinable
    public init(
        price: Price = Price(rawValue: 0),
        quantity: Quantity = Quantity(rawValue: 0)
    ) {
        self.price = price
        self.quantity = quantity
    }
}

extension BookLevel {
    @inline(__always)
    package var fieldsBound: Int {
        18
    }

    @inline(__always)
    public var sizeBound: Int { fieldsBound &+ RecordStore.slack }

    public func encode(into writer: inout RecordWriter) {
        writer.commit(to: encodeFields(at: writer.reserve(sizeBound)))
    }

    @inline(__always)
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        if self.price.rawValue != 0 {
            RecordStore.tag(UInt8(9), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.price.rawValue), &cursor)
        }
        if self.quantity.rawValue != 0 {
            RecordStore.tag(UInt8(17), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.quantity.rawValue), &cursor)
        }
        return cursor
    }

    public init(decoding bytes: RawSpan) throws(RecordError) {
        self.init()
        let reader = RecordReader(bytes)
        try self.merge(from: reader.cursor, to: reader.end, isFresh: true)
    }

    public mutating func decode(_ bytes: RawSpan) throws(RecordError) {
        self.clear()
        let reader = RecordReader(bytes)
        try self.merge(from: reader.cursor, to: reader.end, isFresh: true)
    }

    public mutating func clear() {
        self = BookLevel()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(9)) {
            self.price = Price(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(17)) {
            self.quantity = Quantity(rawValue: try reader.sfixed64())
        }
        if !reader.isAtEnd { try mergeAnyOrder(from: reader.cursor, to: end) }
    }

    @inline(never)
    private mutating func mergeAnyOrder(from start: UnsafeRawPointer, to end: UnsafeRawPointer) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case 9:
                self.price = Price(rawValue: try reader.sfixed64())
            case 17:
                self.quantity = Quantity(rawValue: try reader.sfixed64())
            default: try reader.skip(tag)
            }
        }
    }
}

/// Statistics of a rolling window. Amounts of quote are 128 bits in two halves.
public struct Ticker: RecordMessage {
    public var instrument: InstrumentID = InstrumentID(rawValue: 0)
    public var windowMinutes: UInt32 = 0
    public var openTime: Timestamp = Timestamp(rawValue: 0)
    public var closeTime: Timestamp = Timestamp(rawValue: 0)
    public var open: Price = Price(rawValue: 0)
    public var high: Price = Price(rawValue: 0)
    public var low: Price = Price(rawValue: 0)
    public var last: Price = Price(rawValue: 0)
    public var lastQuantity: Quantity = Quantity(rawValue: 0)
    /// The last price before the window.
    public var previousClose: Price = Price(rawValue: 0)
    public var volume: Quantity = Quantity(rawValue: 0)
    public var quoteVolumeLow: UInt64 = 0
    public var quoteVolumeHigh: UInt64 = 0
    public var firstTradeId: TradeID = TradeID(rawValue: 0)
    public var lastTradeId: TradeID = TradeID(rawValue: 0)
    public var count: UInt64 = 0

    @inlinable
    public init() {}

    @inlinable
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

extension Ticker {
    @inline(__always)
    package var fieldsBound: Int {
        139
    }

    @inline(__always)
    public var sizeBound: Int { fieldsBound &+ RecordStore.slack }

    public func encode(into writer: inout RecordWriter) {
        writer.commit(to: encodeFields(at: writer.reserve(sizeBound)))
    }

    @inline(__always)
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        if self.instrument.rawValue != 0 {
            RecordStore.tag(UInt8(8), &cursor)
            RecordStore.varint(UInt64(self.instrument.rawValue), &cursor)
        }
        if self.windowMinutes != 0 {
            RecordStore.tag(UInt8(16), &cursor)
            RecordStore.varint(UInt64(self.windowMinutes), &cursor)
        }
        if self.openTime.rawValue != 0 {
            RecordStore.tag(UInt8(25), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.openTime.rawValue), &cursor)
        }
        if self.closeTime.rawValue != 0 {
            RecordStore.tag(UInt8(33), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.closeTime.rawValue), &cursor)
        }
        if self.open.rawValue != 0 {
            RecordStore.tag(UInt8(41), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.open.rawValue), &cursor)
        }
        if self.high.rawValue != 0 {
            RecordStore.tag(UInt8(49), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.high.rawValue), &cursor)
        }
        if self.low.rawValue != 0 {
            RecordStore.tag(UInt8(57), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.low.rawValue), &cursor)
        }
        if self.last.rawValue != 0 {
            RecordStore.tag(UInt8(65), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.last.rawValue), &cursor)
        }
        if self.lastQuantity.rawValue != 0 {
            RecordStore.tag(UInt8(73), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.lastQuantity.rawValue), &cursor)
        }
        if self.previousClose.rawValue != 0 {
            RecordStore.tag(UInt8(81), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.previousClose.rawValue), &cursor)
        }
        if self.volume.rawValue != 0 {
            RecordStore.tag(UInt8(89), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.volume.rawValue), &cursor)
        }
        if self.quoteVolumeLow != 0 {
            RecordStore.tag(UInt8(97), &cursor)
            RecordStore.fixed64(self.quoteVolumeLow, &cursor)
        }
        if self.quoteVolumeHigh != 0 {
            RecordStore.tag(UInt8(105), &cursor)
            RecordStore.fixed64(self.quoteVolumeHigh, &cursor)
        }
        if self.firstTradeId.rawValue != 0 {
            RecordStore.tag(UInt8(113), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.firstTradeId.rawValue), &cursor)
        }
        if self.lastTradeId.rawValue != 0 {
            RecordStore.tag(UInt8(121), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.lastTradeId.rawValue), &cursor)
        }
        if self.count != 0 {
            RecordStore.tag(UInt16(385), &cursor)
            RecordStore.fixed64(self.count, &cursor)
        }
        return cursor
    }

    public init(decoding bytes: RawSpan) throws(RecordError) {
        self.init()
        let reader = RecordReader(bytes)
        try self.merge(from: reader.cursor, to: reader.end, isFresh: true)
    }

    public mutating func decode(_ bytes: RawSpan) throws(RecordError) {
        self.clear()
        let reader = RecordReader(bytes)
        try self.merge(from: reader.cursor, to: reader.end, isFresh: true)
    }

    public mutating func clear() {
        self = Ticker()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(8)) {
            self.instrument = InstrumentID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(16)) {
            self.windowMinutes = try reader.uint32()
        }
        if reader.take(UInt8(25)) {
            self.openTime = Timestamp(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(33)) {
            self.closeTime = Timestamp(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(41)) {
            self.open = Price(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(49)) {
            self.high = Price(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(57)) {
            self.low = Price(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(65)) {
            self.last = Price(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(73)) {
            self.lastQuantity = Quantity(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(81)) {
            self.previousClose = Price(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(89)) {
            self.volume = Quantity(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(97)) {
            self.quoteVolumeLow = try reader.fixed64()
        }
        if reader.take(UInt8(105)) {
            self.quoteVolumeHigh = try reader.fixed64()
        }
        if reader.take(UInt8(113)) {
            self.firstTradeId = TradeID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(121)) {
            self.lastTradeId = TradeID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt16(385)) {
            self.count = try reader.fixed64()
        }
        if !reader.isAtEnd { try mergeAnyOrder(from: reader.cursor, to: end) }
    }

    @inline(never)
    private mutating func mergeAnyOrder(from start: UnsafeRawPointer, to end: UnsafeRawPointer) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case 8:
                self.instrument = InstrumentID(rawValue: try reader.uint32())
            case 16:
                self.windowMinutes = try reader.uint32()
            case 25:
                self.openTime = Timestamp(rawValue: try reader.sfixed64())
            case 33:
                self.closeTime = Timestamp(rawValue: try reader.sfixed64())
            case 41:
                self.open = Price(rawValue: try reader.sfixed64())
            case 49:
                self.high = Price(rawValue: try reader.sfixed64())
            case 57:
                self.low = Price(rawValue: try reader.sfixed64())
            case 65:
                self.last = Price(rawValue: try reader.sfixed64())
            case 73:
                self.lastQuantity = Quantity(rawValue: try reader.sfixed64())
            case 81:
                self.previousClose = Price(rawValue: try reader.sfixed64())
            case 89:
                self.volume = Quantity(rawValue: try reader.sfixed64())
            case 97:
                self.quoteVolumeLow = try reader.fixed64()
            case 105:
                self.quoteVolumeHigh = try reader.fixed64()
            case 113:
                self.firstTradeId = TradeID(rawValue: try reader.sfixed64())
            case 121:
                self.lastTradeId = TradeID(rawValue: try reader.sfixed64())
            case 129:
                self.count = try reader.fixed64()
            default: try reader.skip(tag)
            }
        }
    }
}

/// Intervals by number: 1 1s, 2 1m, 3 3m, 4 5m, 5 15m, 6 30m, 7 1h, 8 2h, 9 4h, 10 6h, 11 8h, 12 12h, 13 1d, 14 3d, 15 1w, 16 1M.
public struct Candle: RecordMessage {
    public var instrument: InstrumentID = InstrumentID(rawValue: 0)
    public var interval: UInt32 = 0
    public var openTime: Timestamp = Timestamp(rawValue: 0)
    public var open: Price = Price(rawValue: 0)
    public var high: Price = Price(rawValue: 0)
    public var low: Price = Price(rawValue: 0)
    public var close: Price = Price(rawValue: 0)
    public var volume: Quantity = Quantity(rawValue: 0)
    public var quoteVolumeLow: UInt64 = 0
    public var quoteVolumeHigh: UInt64 = 0
    public var count: UInt64 = 0
    public var takerBuyVolume: Quantity = Quantity(rawValue: 0)
    public var takerBuyQuoteLow: UInt64 = 0
    public var takerBuyQuoteHigh: UInt64 = 0
    public var firstTradeId: TradeID = TradeID(rawValue: 0)
    public var lastTradeId: TradeID = TradeID(rawValue: 0)
    public var closed: Bool = false

    @inlinable
    public init() {}

    @inlinable
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

extension Candle {
    @inline(__always)
    package var fieldsBound: Int {
        142
    }

    @inline(__always)
    public var sizeBound: Int { fieldsBound &+ RecordStore.slack }

    public func encode(into writer: inout RecordWriter) {
        writer.commit(to: encodeFields(at: writer.reserve(sizeBound)))
    }

    @inline(__always)
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        if self.instrument.rawValue != 0 {
            RecordStore.tag(UInt8(8), &cursor)
            RecordStore.varint(UInt64(self.instrument.rawValue), &cursor)
        }
        if self.interval != 0 {
            RecordStore.tag(UInt8(16), &cursor)
            RecordStore.varint(UInt64(self.interval), &cursor)
        }
        if self.openTime.rawValue != 0 {
            RecordStore.tag(UInt8(25), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.openTime.rawValue), &cursor)
        }
        if self.open.rawValue != 0 {
            RecordStore.tag(UInt8(33), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.open.rawValue), &cursor)
        }
        if self.high.rawValue != 0 {
            RecordStore.tag(UInt8(41), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.high.rawValue), &cursor)
        }
        if self.low.rawValue != 0 {
            RecordStore.tag(UInt8(49), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.low.rawValue), &cursor)
        }
        if self.close.rawValue != 0 {
            RecordStore.tag(UInt8(57), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.close.rawValue), &cursor)
        }
        if self.volume.rawValue != 0 {
            RecordStore.tag(UInt8(65), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.volume.rawValue), &cursor)
        }
        if self.quoteVolumeLow != 0 {
            RecordStore.tag(UInt8(73), &cursor)
            RecordStore.fixed64(self.quoteVolumeLow, &cursor)
        }
        if self.quoteVolumeHigh != 0 {
            RecordStore.tag(UInt8(81), &cursor)
            RecordStore.fixed64(self.quoteVolumeHigh, &cursor)
        }
        if self.count != 0 {
            RecordStore.tag(UInt8(89), &cursor)
            RecordStore.fixed64(self.count, &cursor)
        }
        if self.takerBuyVolume.rawValue != 0 {
            RecordStore.tag(UInt8(97), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.takerBuyVolume.rawValue), &cursor)
        }
        if self.takerBuyQuoteLow != 0 {
            RecordStore.tag(UInt8(105), &cursor)
            RecordStore.fixed64(self.takerBuyQuoteLow, &cursor)
        }
        if self.takerBuyQuoteHigh != 0 {
            RecordStore.tag(UInt8(113), &cursor)
            RecordStore.fixed64(self.takerBuyQuoteHigh, &cursor)
        }
        if self.firstTradeId.rawValue != 0 {
            RecordStore.tag(UInt8(121), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.firstTradeId.rawValue), &cursor)
        }
        if self.lastTradeId.rawValue != 0 {
            RecordStore.tag(UInt16(385), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.lastTradeId.rawValue), &cursor)
        }
        if self.closed {
            RecordStore.tag(UInt16(392), &cursor)
            RecordStore.byte(self.closed ? 1 : 0, &cursor)
        }
        return cursor
    }

    public init(decoding bytes: RawSpan) throws(RecordError) {
        self.init()
        let reader = RecordReader(bytes)
        try self.merge(from: reader.cursor, to: reader.end, isFresh: true)
    }

    public mutating func decode(_ bytes: RawSpan) throws(RecordError) {
        self.clear()
        let reader = RecordReader(bytes)
        try self.merge(from: reader.cursor, to: reader.end, isFresh: true)
    }

    public mutating func clear() {
        self = Candle()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(8)) {
            self.instrument = InstrumentID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(16)) {
            self.interval = try reader.uint32()
        }
        if reader.take(UInt8(25)) {
            self.openTime = Timestamp(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(33)) {
            self.open = Price(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(41)) {
            self.high = Price(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(49)) {
            self.low = Price(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(57)) {
            self.close = Price(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(65)) {
            self.volume = Quantity(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(73)) {
            self.quoteVolumeLow = try reader.fixed64()
        }
        if reader.take(UInt8(81)) {
            self.quoteVolumeHigh = try reader.fixed64()
        }
        if reader.take(UInt8(89)) {
            self.count = try reader.fixed64()
        }
        if reader.take(UInt8(97)) {
            self.takerBuyVolume = Quantity(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(105)) {
            self.takerBuyQuoteLow = try reader.fixed64()
        }
        if reader.take(UInt8(113)) {
            self.takerBuyQuoteHigh = try reader.fixed64()
        }
        if reader.take(UInt8(121)) {
            self.firstTradeId = TradeID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt16(385)) {
            self.lastTradeId = TradeID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt16(392)) {
            self.closed = try reader.bool()
        }
        if !reader.isAtEnd { try mergeAnyOrder(from: reader.cursor, to: end) }
    }

    @inline(never)
    private mutating func mergeAnyOrder(from start: UnsafeRawPointer, to end: UnsafeRawPointer) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case 8:
                self.instrument = InstrumentID(rawValue: try reader.uint32())
            case 16:
                self.interval = try reader.uint32()
            case 25:
                self.openTime = Timestamp(rawValue: try reader.sfixed64())
            case 33:
                self.open = Price(rawValue: try reader.sfixed64())
            case 41:
                self.high = Price(rawValue: try reader.sfixed64())
            case 49:
                self.low = Price(rawValue: try reader.sfixed64())
            case 57:
                self.close = Price(rawValue: try reader.sfixed64())
            case 65:
                self.volume = Quantity(rawValue: try reader.sfixed64())
            case 73:
                self.quoteVolumeLow = try reader.fixed64()
            case 81:
                self.quoteVolumeHigh = try reader.fixed64()
            case 89:
                self.count = try reader.fixed64()
            case 97:
                self.takerBuyVolume = Quantity(rawValue: try reader.sfixed64())
            case 105:
                self.takerBuyQuoteLow = try reader.fixed64()
            case 113:
                self.takerBuyQuoteHigh = try reader.fixed64()
            case 121:
                self.firstTradeId = TradeID(rawValue: try reader.sfixed64())
            case 129:
                self.lastTradeId = TradeID(rawValue: try reader.sfixed64())
            case 136:
                self.closed = try reader.bool()
            default: try reader.skip(tag)
            }
        }
    }
}

/// Candles and tickers that changed since the last such record; at most one a second and market, and one at each candle's close.
public struct MarketStatistics: RecordMessage {
    public var instrument: InstrumentID = InstrumentID(rawValue: 0)
    public var candles: [Candle] = []
    public var tickers: [Ticker] = []
    public var time: Timestamp = Timestamp(rawValue: 0)

    @inlinable
    public init() {}

    @inlinable
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

extension MarketStatistics {
    @inline(__always)
    package var fieldsBound: Int {
        var bound = 15
        bound &+= self.candles.count &* 145
        bound &+= self.tickers.count &* 142
        return bound
    }

    @inline(__always)
    public var sizeBound: Int { fieldsBound &+ RecordStore.slack }

    public func encode(into writer: inout RecordWriter) {
        writer.commit(to: encodeFields(at: writer.reserve(sizeBound)))
    }

    public static func encode(_ record: UnsafePointer<MarketStatistics>, into writer: inout RecordWriter) {
        let start = writer.reserve(record.pointee.sizeBound)
        writer.commit(to: record.pointee.encodeFields(at: start))
    }

    @inline(__always)
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        if self.instrument.rawValue != 0 {
            RecordStore.tag(UInt8(8), &cursor)
            RecordStore.varint(UInt64(self.instrument.rawValue), &cursor)
        }
        for index in 0..<self.candles.count {
            RecordStore.tag(UInt8(18), &cursor)
            let body = cursor
            cursor = self.candles[index].encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        for index in 0..<self.tickers.count {
            RecordStore.tag(UInt8(26), &cursor)
            let body = cursor
            cursor = self.tickers[index].encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        if self.time.rawValue != 0 {
            RecordStore.tag(UInt8(33), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.time.rawValue), &cursor)
        }
        return cursor
    }

    public init(decoding bytes: RawSpan) throws(RecordError) {
        self.init()
        let reader = RecordReader(bytes)
        try self.merge(from: reader.cursor, to: reader.end, isFresh: true)
    }

    public mutating func decode(_ bytes: RawSpan) throws(RecordError) {
        self.clear()
        let reader = RecordReader(bytes)
        try self.merge(from: reader.cursor, to: reader.end, isFresh: true)
    }

    public mutating func clear() {
        self.instrument = InstrumentID(rawValue: 0)
        self.candles.empty()
        self.tickers.empty()
        self.time = Timestamp(rawValue: 0)
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(8)) {
            self.instrument = InstrumentID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(18)) {
            if self.candles.capacity == 0 {
                self.candles.reserveCapacity(RecordReader.countRun(of: 18, reader.cursor, end))
            }
            repeat {
                let body = try reader.delimited()
                self.candles.append(Candle())
                try self.candles[self.candles.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            } while reader.take(UInt8(18))
        }
        if reader.take(UInt8(26)) {
            if self.tickers.capacity == 0 {
                self.tickers.reserveCapacity(RecordReader.countRun(of: 26, reader.cursor, end))
            }
            repeat {
                let body = try reader.delimited()
                self.tickers.append(Ticker())
                try self.tickers[self.tickers.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            } while reader.take(UInt8(26))
        }
        if reader.take(UInt8(33)) {
            self.time = Timestamp(rawValue: try reader.sfixed64())
        }
        if !reader.isAtEnd { try mergeAnyOrder(from: reader.cursor, to: end) }
    }

    @inline(never)
    private mutating func mergeAnyOrder(from start: UnsafeRawPointer, to end: UnsafeRawPointer) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case 8:
                self.instrument = InstrumentID(rawValue: try reader.uint32())
            case 18:
                let body = try reader.delimited()
                self.candles.append(Candle())
                try self.candles[self.candles.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            case 26:
                let body = try reader.delimited()
                self.tickers.append(Ticker())
                try self.tickers[self.tickers.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            case 33:
                self.time = Timestamp(rawValue: try reader.sfixed64())
            default: try reader.skip(tag)
            }
        }
    }
}

/// The whole public state of a market, from which a new reader starts.
public struct MarketSnapshot: RecordMessage {
    public var instrument: InstrumentID = InstrumentID(rawValue: 0)
    public var lastUpdateId: UpdateID = UpdateID(rawValue: 0)
    /// Best first.
    public var bids: [BookLevel] = []
    public var asks: [BookLevel] = []
    public var report: InstrumentReport? = nil
    public var tickers: [Ticker] = []
    public var candles: [Candle] = []
    public var recentTrades: [PublicTrade] = []
    public var lastAggregateId: Int64 = 0
    public var time: Timestamp = Timestamp(rawValue: 0)
    public var part: UInt32 = 0
    public var moreParts: Bool = false

    @inlinable
    public init() {}

    @inlinable
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

extension MarketSnapshot {
    @inline(__always)
    package var fieldsBound: Int {
        var bound = 143
        bound &+= self.bids.count &* 20
        bound &+= self.asks.count &* 20
        bound &+= self.tickers.count &* 142
        bound &+= self.candles.count &* 145
        bound &+= self.recentTrades.count &* 49
        return bound
    }

    @inline(__always)
    public var sizeBound: Int { fieldsBound &+ RecordStore.slack }

    public func encode(into writer: inout RecordWriter) {
        writer.commit(to: encodeFields(at: writer.reserve(sizeBound)))
    }

    public static func encode(_ record: UnsafePointer<MarketSnapshot>, into writer: inout RecordWriter) {
        let start = writer.reserve(record.pointee.sizeBound)
        writer.commit(to: record.pointee.encodeFields(at: start))
    }

    @inline(__always)
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        if self.instrument.rawValue != 0 {
            RecordStore.tag(UInt8(8), &cursor)
            RecordStore.varint(UInt64(self.instrument.rawValue), &cursor)
        }
        if self.lastUpdateId.rawValue != 0 {
            RecordStore.tag(UInt8(17), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.lastUpdateId.rawValue), &cursor)
        }
        for index in 0..<self.bids.count {
            RecordStore.tag(UInt8(26), &cursor)
            let body = cursor
            cursor = self.bids[index].encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        for index in 0..<self.asks.count {
            RecordStore.tag(UInt8(34), &cursor)
            let body = cursor
            cursor = self.asks[index].encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        if let value = self.report {
            RecordStore.tag(UInt8(42), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        for index in 0..<self.tickers.count {
            RecordStore.tag(UInt8(50), &cursor)
            let body = cursor
            cursor = self.tickers[index].encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        for index in 0..<self.candles.count {
            RecordStore.tag(UInt8(58), &cursor)
            let body = cursor
            cursor = self.candles[index].encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        for index in 0..<self.recentTrades.count {
            RecordStore.tag(UInt8(66), &cursor)
            let body = cursor
            cursor = self.recentTrades[index].encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        if self.lastAggregateId != 0 {
            RecordStore.tag(UInt8(73), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.lastAggregateId), &cursor)
        }
        if self.time.rawValue != 0 {
            RecordStore.tag(UInt8(81), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.time.rawValue), &cursor)
        }
        if self.part != 0 {
            RecordStore.tag(UInt8(104), &cursor)
            RecordStore.varint(UInt64(self.part), &cursor)
        }
        if self.moreParts {
            RecordStore.tag(UInt8(112), &cursor)
            RecordStore.byte(self.moreParts ? 1 : 0, &cursor)
        }
        return cursor
    }

    public init(decoding bytes: RawSpan) throws(RecordError) {
        self.init()
        let reader = RecordReader(bytes)
        try self.merge(from: reader.cursor, to: reader.end, isFresh: true)
    }

    public mutating func decode(_ bytes: RawSpan) throws(RecordError) {
        self.clear()
        let reader = RecordReader(bytes)
        try self.merge(from: reader.cursor, to: reader.end, isFresh: true)
    }

    public mutating func clear() {
        self.instrument = InstrumentID(rawValue: 0)
        self.lastUpdateId = UpdateID(rawValue: 0)
        self.bids.empty()
        self.asks.empty()
        self.report = nil
        self.tickers.empty()
        self.candles.empty()
        self.recentTrades.empty()
        self.lastAggregateId = 0
        self.time = Timestamp(rawValue: 0)
        self.part = 0
        self.moreParts = false
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(8)) {
            self.instrument = InstrumentID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(17)) {
            self.lastUpdateId = UpdateID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(26)) {
            if self.bids.capacity == 0 {
                self.bids.reserveCapacity(RecordReader.countRun(of: 26, reader.cursor, end))
            }
            repeat {
                let body = try reader.delimited()
                self.bids.append(BookLevel())
                try self.bids[self.bids.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            } while reader.take(UInt8(26))
        }
        if reader.take(UInt8(34)) {
            if self.asks.capacity == 0 {
                self.asks.reserveCapacity(RecordReader.countRun(of: 34, reader.cursor, end))
            }
            repeat {
                let body = try reader.delimited()
                self.asks.append(BookLevel())
                try self.asks[self.asks.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            } while reader.take(UInt8(34))
        }
        if reader.take(UInt8(42)) {
            let body = try reader.delimited()
            let isFresh = self.report == nil
            if isFresh { self.report = InstrumentReport() }
            try self.report?.merge(from: body.cursor, to: body.end, isFresh: isFresh)
        }
        if reader.take(UInt8(50)) {
            if self.tickers.capacity == 0 {
                self.tickers.reserveCapacity(RecordReader.countRun(of: 50, reader.cursor, end))
            }
            repeat {
                let body = try reader.delimited()
                self.tickers.append(Ticker())
                try self.tickers[self.tickers.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            } while reader.take(UInt8(50))
        }
        if reader.take(UInt8(58)) {
            if self.candles.capacity == 0 {
                self.candles.reserveCapacity(RecordReader.countRun(of: 58, reader.cursor, end))
            }
            repeat {
                let body = try reader.delimited()
                self.candles.append(Candle())
                try self.candles[self.candles.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            } while reader.take(UInt8(58))
        }
        if reader.take(UInt8(66)) {
            if self.recentTrades.capacity == 0 {
                self.recentTrades.reserveCapacity(RecordReader.countRun(of: 66, reader.cursor, end))
            }
            repeat {
                let body = try reader.delimited()
                self.recentTrades.append(PublicTrade())
                try self.recentTrades[self.recentTrades.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            } while reader.take(UInt8(66))
        }
        if reader.take(UInt8(73)) {
            self.lastAggregateId = try reader.sfixed64()
        }
        if reader.take(UInt8(81)) {
            self.time = Timestamp(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(104)) {
            self.part = try reader.uint32()
        }
        if reader.take(UInt8(112)) {
            self.moreParts = try reader.bool()
        }
        if !reader.isAtEnd { try mergeAnyOrder(from: reader.cursor, to: end) }
    }

    @inline(never)
    private mutating func mergeAnyOrder(from start: UnsafeRawPointer, to end: UnsafeRawPointer) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case 8:
                self.instrument = InstrumentID(rawValue: try reader.uint32())
            case 17:
                self.lastUpdateId = UpdateID(rawValue: try reader.sfixed64())
            case 26:
                let body = try reader.delimited()
                self.bids.append(BookLevel())
                try self.bids[self.bids.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            case 34:
                let body = try reader.delimited()
                self.asks.append(BookLevel())
                try self.asks[self.asks.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            case 42:
                let body = try reader.delimited()
                let isFresh = self.report == nil
                if isFresh { self.report = InstrumentReport() }
                try self.report?.merge(from: body.cursor, to: body.end, isFresh: isFresh)
            case 50:
                let body = try reader.delimited()
                self.tickers.append(Ticker())
                try self.tickers[self.tickers.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            case 58:
                let body = try reader.delimited()
                self.candles.append(Candle())
                try self.candles[self.candles.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            case 66:
                let body = try reader.delimited()
                self.recentTrades.append(PublicTrade())
                try self.recentTrades[self.recentTrades.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            case 73:
                self.lastAggregateId = try reader.sfixed64()
            case 81:
                self.time = Timestamp(rawValue: try reader.sfixed64())
            case 104:
                self.part = try reader.uint32()
            case 112:
                self.moreParts = try reader.bool()
            default: try reader.skip(tag)
            }
        }
    }
}

public enum MarketDataRecord: RecordUnion {
    case update(MarketUpdate)
    case statistics(MarketStatistics)
    case snapshot(MarketSnapshot)
}

extension MarketDataRecord {
    public static let typeNames: [UInt32: String] = [
        1: "update",
        2: "statistics",
        3: "snapshot",
    ]

    /// The numbers of the record types, to tell them apart before a payload is decoded.
    public enum Number {
        public static let update: UInt32 = 1
        public static let statistics: UInt32 = 2
        public static let snapshot: UInt32 = 3
    }

    public var type: UInt32 {
        switch self {
        case .update: 1
        case .statistics: 2
        case .snapshot: 3
        }
    }

    public init(type: UInt32, payload: RawSpan) throws(RecordError) {
        let reader = RecordReader(payload)
        switch type {
        case 1:
            var value = MarketUpdate()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .update(value)
        case 2:
            var value = MarketStatistics()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .statistics(value)
        case 3:
            var value = MarketSnapshot()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .snapshot(value)
        default: throw .unknownType(type)
        }
    }

    public func encodePayload(into writer: inout RecordWriter) {
        switch self {
        case .update(let value): value.encode(into: &writer)
        case .statistics(let value): value.encode(into: &writer)
        case .snapshot(let value): value.encode(into: &writer)
        }
    }

    public var payloadSizeBound: Int {
        switch self {
        case .update(let value): value.sizeBound
        case .statistics(let value): value.sizeBound
        case .snapshot(let value): value.sizeBound
        }
    }

    package var fieldsBound: Int {
        switch self {
        case .update(let value): value.fieldsBound &+ 6
        case .statistics(let value): value.fieldsBound &+ 6
        case .snapshot(let value): value.fieldsBound &+ 6
        }
    }

    /// Writes the union as a message: its one field with tag and length.
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        switch self {
        case .update(let value):
            RecordStore.tag(UInt8(10), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .statistics(let value):
            RecordStore.tag(UInt8(18), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .snapshot(let value):
            RecordStore.tag(UInt8(26), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        return cursor
    }

    /// Reads the union from a message with its one field: the last member wins, one in pieces is merged.
    package init(mergingInto old: MarketDataRecord?, from start: UnsafeRawPointer, to end: UnsafeRawPointer) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        var result = old
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case 10:
                let body = try reader.delimited()
                var value = MarketUpdate()
                var isFresh = true
                if case .update(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .update(value)
            case 18:
                let body = try reader.delimited()
                var value = MarketStatistics()
                var isFresh = true
                if case .statistics(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .statistics(value)
            case 26:
                let body = try reader.delimited()
                var value = MarketSnapshot()
                var isFresh = true
                if case .snapshot(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .snapshot(value)
            default: try reader.skip(tag)
            }
        }
        guard let result else { throw .missingField(1) }
        self = result
    }
}
