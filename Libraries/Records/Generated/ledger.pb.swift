// Written by scripts/generate-records from ledger.proto; changes belong there.
// swift-format-ignore-file

import TradingCore

/// An order that passed its checks, with all that ledger-service and matching-engine need to know of it. Prices are ticks, quantities lots.
public struct SubmitOrder: RecordMessage {
    public var orderId: OrderID = OrderID(rawValue: 0)
    public var account: AccountID = AccountID(rawValue: 0)
    public var instrument: InstrumentID = InstrumentID(rawValue: 0)
    public var clientOrderId: ASCIIText = ASCIIText()
    public var side: Side = .buy
    public var type: OrderType = .limit
    public var timeInForce: TimeInForce = .goodTillCanceled
    /// The limit price, or a market order's protection price.
    public var price: Price = Price(rawValue: 0)
    /// Lots; of a SELL by quote amount the most that may be sold (what is held), of a BUY by quote amount 0.
    public var quantity: Quantity = Quantity(rawValue: 0)
    public var quoteQuantity: Amount = Amount(rawValue: 0)
    public var selfTradePrevention: SelfTradePrevention = .none
    public var makerBasisPoints: UInt32 = 0
    public var takerBasisPoints: UInt32 = 0
    public var timestamp: Timestamp = Timestamp(rawValue: 0)
    public var deadline: Timestamp = Timestamp(rawValue: 0)
    public var quotePerTickLot: Int64 = 0
    public var basePerLot: Int64 = 0
    public var baseAsset: AssetID = AssetID(rawValue: 0)
    public var quoteAsset: AssetID = AssetID(rawValue: 0)
    public var matchingPartition: UInt32 = 0
    public var maximumOrders: UInt32 = 0
    /// Quote minor units; 0: no limit.
    public var maximumOpenNotional: Amount = Amount(rawValue: 0)
    /// Accepted placements of the account in the running windows, this one counted.
    public var ordersIn10Seconds: UInt32 = 0
    public var ordersInDay: UInt32 = 0
    public var tradeGroup: UInt32 = 0
    public var strategyId: UInt64 = 0
    public var strategyType: UInt32 = 0
    public var stopPrice: Price = Price(rawValue: 0)

    @inlinable
    public init() {}

    @inlinable
    public init(
        orderId: OrderID = OrderID(rawValue: 0),
        account: AccountID = AccountID(rawValue: 0),
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        clientOrderId: ASCIIText = ASCIIText(),
        side: Side = .buy,
        type: OrderType = .limit,
        timeInForce: TimeInForce = .goodTillCanceled,
        price: Price = Price(rawValue: 0),
        quantity: Quantity = Quantity(rawValue: 0),
        quoteQuantity: Amount = Amount(rawValue: 0),
        selfTradePrevention: SelfTradePrevention = .none,
        makerBasisPoints: UInt32 = 0,
        takerBasisPoints: UInt32 = 0,
        timestamp: Timestamp = Timestamp(rawValue: 0),
        deadline: Timestamp = Timestamp(rawValue: 0),
        quotePerTickLot: Int64 = 0,
        basePerLot: Int64 = 0,
        baseAsset: AssetID = AssetID(rawValue: 0),
        quoteAsset: AssetID = AssetID(rawValue: 0),
        matchingPartition: UInt32 = 0,
        maximumOrders: UInt32 = 0,
        maximumOpenNotional: Amount = Amount(rawValue: 0),
        ordersIn10Seconds: UInt32 = 0,
        ordersInDay: UInt32 = 0,
        tradeGroup: UInt32 = 0,
        strategyId: UInt64 = 0,
        strategyType: UInt32 = 0,
        stopPrice: Price = Price(rawValue: 0)
    ) {
        self.orderId = orderId
        self.account = account
        self.instrument = instrument
        self.clientOrderId = clientOrderId
        self.side = side
        self.type = type
        self.timeInForce = timeInForce
        self.price = price
        self.quantity = quantity
        self.quoteQuantity = quoteQuantity
        self.selfTradePrevention = selfTradePrevention
        self.makerBasisPoints = makerBasisPoints
        self.takerBasisPoints = takerBasisPoints
        self.timestamp = timestamp
        self.deadline = deadline
        self.quotePerTickLot = quotePerTickLot
        self.basePerLot = basePerLot
        self.baseAsset = baseAsset
        self.quoteAsset = quoteAsset
        self.matchingPartition = matchingPartition
        self.maximumOrders = maximumOrders
        self.maximumOpenNotional = maximumOpenNotional
        self.ordersIn10Seconds = ordersIn10Seconds
        self.ordersInDay = ordersInDay
        self.tradeGroup = tradeGroup
        self.strategyId = strategyId
        self.strategyType = strategyType
        self.stopPrice = stopPrice
    }
}

extension SubmitOrder {
    @inline(__always)
    package var fieldsBound: Int {
        233
    }

    @inline(__always)
    public var sizeBound: Int { fieldsBound &+ RecordStore.slack }

    public func encode(into writer: inout RecordWriter) {
        writer.commit(to: encodeFields(at: writer.reserve(sizeBound)))
    }

    @inline(__always)
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        if self.orderId.rawValue != 0 {
            RecordStore.tag(UInt8(9), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.orderId.rawValue), &cursor)
        }
        if self.account.rawValue != 0 {
            RecordStore.tag(UInt8(16), &cursor)
            RecordStore.varint(UInt64(self.account.rawValue), &cursor)
        }
        if self.instrument.rawValue != 0 {
            RecordStore.tag(UInt8(24), &cursor)
            RecordStore.varint(UInt64(self.instrument.rawValue), &cursor)
        }
        if !self.clientOrderId.isEmpty {
            RecordStore.tag(UInt8(34), &cursor)
            RecordStore.ascii(self.clientOrderId, &cursor)
        }
        RecordStore.tag(UInt8(40), &cursor)
        RecordStore.byte(self.side.rawValue, &cursor)
        RecordStore.tag(UInt8(48), &cursor)
        RecordStore.byte(self.type.rawValue, &cursor)
        RecordStore.tag(UInt8(56), &cursor)
        RecordStore.byte(self.timeInForce.rawValue, &cursor)
        if self.price.rawValue != 0 {
            RecordStore.tag(UInt8(65), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.price.rawValue), &cursor)
        }
        if self.quantity.rawValue != 0 {
            RecordStore.tag(UInt8(73), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.quantity.rawValue), &cursor)
        }
        if self.quoteQuantity.rawValue != 0 {
            RecordStore.tag(UInt8(81), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.quoteQuantity.rawValue), &cursor)
        }
        RecordStore.tag(UInt8(88), &cursor)
        RecordStore.byte(self.selfTradePrevention.rawValue, &cursor)
        if self.makerBasisPoints != 0 {
            RecordStore.tag(UInt8(96), &cursor)
            RecordStore.varint(UInt64(self.makerBasisPoints), &cursor)
        }
        if self.takerBasisPoints != 0 {
            RecordStore.tag(UInt8(104), &cursor)
            RecordStore.varint(UInt64(self.takerBasisPoints), &cursor)
        }
        if self.timestamp.rawValue != 0 {
            RecordStore.tag(UInt8(113), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.timestamp.rawValue), &cursor)
        }
        if self.deadline.rawValue != 0 {
            RecordStore.tag(UInt8(121), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.deadline.rawValue), &cursor)
        }
        if self.quotePerTickLot != 0 {
            RecordStore.tag(UInt16(385), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.quotePerTickLot), &cursor)
        }
        if self.basePerLot != 0 {
            RecordStore.tag(UInt16(393), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.basePerLot), &cursor)
        }
        if self.baseAsset.rawValue != 0 {
            RecordStore.tag(UInt16(400), &cursor)
            RecordStore.varint(UInt64(self.baseAsset.rawValue), &cursor)
        }
        if self.quoteAsset.rawValue != 0 {
            RecordStore.tag(UInt16(408), &cursor)
            RecordStore.varint(UInt64(self.quoteAsset.rawValue), &cursor)
        }
        if self.matchingPartition != 0 {
            RecordStore.tag(UInt16(416), &cursor)
            RecordStore.varint(UInt64(self.matchingPartition), &cursor)
        }
        if self.maximumOrders != 0 {
            RecordStore.tag(UInt16(424), &cursor)
            RecordStore.varint(UInt64(self.maximumOrders), &cursor)
        }
        if self.maximumOpenNotional.rawValue != 0 {
            RecordStore.tag(UInt16(433), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.maximumOpenNotional.rawValue), &cursor)
        }
        if self.ordersIn10Seconds != 0 {
            RecordStore.tag(UInt16(440), &cursor)
            RecordStore.varint(UInt64(self.ordersIn10Seconds), &cursor)
        }
        if self.ordersInDay != 0 {
            RecordStore.tag(UInt16(448), &cursor)
            RecordStore.varint(UInt64(self.ordersInDay), &cursor)
        }
        if self.tradeGroup != 0 {
            RecordStore.tag(UInt16(456), &cursor)
            RecordStore.varint(UInt64(self.tradeGroup), &cursor)
        }
        if self.strategyId != 0 {
            RecordStore.tag(UInt16(465), &cursor)
            RecordStore.fixed64(self.strategyId, &cursor)
        }
        if self.strategyType != 0 {
            RecordStore.tag(UInt16(472), &cursor)
            RecordStore.varint(UInt64(self.strategyType), &cursor)
        }
        if self.stopPrice.rawValue != 0 {
            RecordStore.tag(UInt16(481), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.stopPrice.rawValue), &cursor)
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
        self = SubmitOrder()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        var seen: UInt64 = isFresh ? 0 : ~0
        if reader.take(UInt8(9)) {
            self.orderId = OrderID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(16)) {
            self.account = AccountID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(24)) {
            self.instrument = InstrumentID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(34)) {
            try reader.ascii(into: &self.clientOrderId)
        }
        if reader.take(UInt8(40)) {
            self.side = try reader.enumeration(5)
            seen |= 1 << 0
        }
        if reader.take(UInt8(48)) {
            self.type = try reader.enumeration(6)
            seen |= 1 << 1
        }
        if reader.take(UInt8(56)) {
            self.timeInForce = try reader.enumeration(7)
            seen |= 1 << 2
        }
        if reader.take(UInt8(65)) {
            self.price = Price(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(73)) {
            self.quantity = Quantity(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(81)) {
            self.quoteQuantity = Amount(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(88)) {
            self.selfTradePrevention = try reader.enumeration(11)
            seen |= 1 << 3
        }
        if reader.take(UInt8(96)) {
            self.makerBasisPoints = try reader.uint32()
        }
        if reader.take(UInt8(104)) {
            self.takerBasisPoints = try reader.uint32()
        }
        if reader.take(UInt8(113)) {
            self.timestamp = Timestamp(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(121)) {
            self.deadline = Timestamp(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt16(385)) {
            self.quotePerTickLot = try reader.sfixed64()
        }
        if reader.take(UInt16(393)) {
            self.basePerLot = try reader.sfixed64()
        }
        if reader.take(UInt16(400)) {
            self.baseAsset = AssetID(rawValue: try reader.uint32())
        }
        if reader.take(UInt16(408)) {
            self.quoteAsset = AssetID(rawValue: try reader.uint32())
        }
        if reader.take(UInt16(416)) {
            self.matchingPartition = try reader.uint32()
        }
        if reader.take(UInt16(424)) {
            self.maximumOrders = try reader.uint32()
        }
        if reader.take(UInt16(433)) {
            self.maximumOpenNotional = Amount(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt16(440)) {
            self.ordersIn10Seconds = try reader.uint32()
        }
        if reader.take(UInt16(448)) {
            self.ordersInDay = try reader.uint32()
        }
        if reader.take(UInt16(456)) {
            self.tradeGroup = try reader.uint32()
        }
        if reader.take(UInt16(465)) {
            self.strategyId = try reader.fixed64()
        }
        if reader.take(UInt16(472)) {
            self.strategyType = try reader.uint32()
        }
        if reader.take(UInt16(481)) {
            self.stopPrice = Price(rawValue: try reader.sfixed64())
        }
        if !reader.isAtEnd { try mergeAnyOrder(from: reader.cursor, to: end, &seen) }
        guard seen & (1 << 0) != 0 else { throw .missingField(5) }
        guard seen & (1 << 1) != 0 else { throw .missingField(6) }
        guard seen & (1 << 2) != 0 else { throw .missingField(7) }
        guard seen & (1 << 3) != 0 else { throw .missingField(11) }
    }

    @inline(never)
    private mutating func mergeAnyOrder(from start: UnsafeRawPointer, to end: UnsafeRawPointer, _ seen: inout UInt64) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case 9:
                self.orderId = OrderID(rawValue: try reader.sfixed64())
            case 16:
                self.account = AccountID(rawValue: try reader.uint32())
            case 24:
                self.instrument = InstrumentID(rawValue: try reader.uint32())
            case 34:
                try reader.ascii(into: &self.clientOrderId)
            case 40:
                self.side = try reader.enumeration(5)
                seen |= 1 << 0
            case 48:
                self.type = try reader.enumeration(6)
                seen |= 1 << 1
            case 56:
                self.timeInForce = try reader.enumeration(7)
                seen |= 1 << 2
            case 65:
                self.price = Price(rawValue: try reader.sfixed64())
            case 73:
                self.quantity = Quantity(rawValue: try reader.sfixed64())
            case 81:
                self.quoteQuantity = Amount(rawValue: try reader.sfixed64())
            case 88:
                self.selfTradePrevention = try reader.enumeration(11)
                seen |= 1 << 3
            case 96:
                self.makerBasisPoints = try reader.uint32()
            case 104:
                self.takerBasisPoints = try reader.uint32()
            case 113:
                self.timestamp = Timestamp(rawValue: try reader.sfixed64())
            case 121:
                self.deadline = Timestamp(rawValue: try reader.sfixed64())
            case 129:
                self.quotePerTickLot = try reader.sfixed64()
            case 137:
                self.basePerLot = try reader.sfixed64()
            case 144:
                self.baseAsset = AssetID(rawValue: try reader.uint32())
            case 152:
                self.quoteAsset = AssetID(rawValue: try reader.uint32())
            case 160:
                self.matchingPartition = try reader.uint32()
            case 168:
                self.maximumOrders = try reader.uint32()
            case 177:
                self.maximumOpenNotional = Amount(rawValue: try reader.sfixed64())
            case 184:
                self.ordersIn10Seconds = try reader.uint32()
            case 192:
                self.ordersInDay = try reader.uint32()
            case 200:
                self.tradeGroup = try reader.uint32()
            case 209:
                self.strategyId = try reader.fixed64()
            case 216:
                self.strategyType = try reader.uint32()
            case 225:
                self.stopPrice = Price(rawValue: try reader.sfixed64())
            default: try reader.skip(tag)
            }
        }
    }
}

/// Why a command was refused. One message for every service; the gateway renders it.
public struct Refusal: RecordMessage {
    public var account: AccountID = AccountID(rawValue: 0)
    public var instrument: InstrumentID = InstrumentID(rawValue: 0)
    public var reason: RefusalReason = .filter
    public var filter: Filter? = nil
    /// The order concerned: of a duplicate the first one.
    public var orderId: OrderID = OrderID(rawValue: 0)
    public var clientOrderId: ASCIIText = ASCIIText()
    /// The limit that was broken and the value that broke it, in 10^-decimals.
    public var limit: Int64 = 0
    public var actual: Int64 = 0
    public var decimals: UInt32 = 0
    /// When trying again makes sense; milliseconds of log time, 0 when unknown.
    public var retryAt: Timestamp = Timestamp(rawValue: 0)

    @inlinable
    public init() {}

    @inlinable
    public init(
        account: AccountID = AccountID(rawValue: 0),
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        reason: RefusalReason = .filter,
        filter: Filter? = nil,
        orderId: OrderID = OrderID(rawValue: 0),
        clientOrderId: ASCIIText = ASCIIText(),
        limit: Int64 = 0,
        actual: Int64 = 0,
        decimals: UInt32 = 0,
        retryAt: Timestamp = Timestamp(rawValue: 0)
    ) {
        self.account = account
        self.instrument = instrument
        self.reason = reason
        self.filter = filter
        self.orderId = orderId
        self.clientOrderId = clientOrderId
        self.limit = limit
        self.actual = actual
        self.decimals = decimals
        self.retryAt = retryAt
    }
}

extension Refusal {
    @inline(__always)
    package var fieldsBound: Int {
        99
    }

    @inline(__always)
    public var sizeBound: Int { fieldsBound &+ RecordStore.slack }

    public func encode(into writer: inout RecordWriter) {
        writer.commit(to: encodeFields(at: writer.reserve(sizeBound)))
    }

    @inline(__always)
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        if self.account.rawValue != 0 {
            RecordStore.tag(UInt8(8), &cursor)
            RecordStore.varint(UInt64(self.account.rawValue), &cursor)
        }
        if self.instrument.rawValue != 0 {
            RecordStore.tag(UInt8(16), &cursor)
            RecordStore.varint(UInt64(self.instrument.rawValue), &cursor)
        }
        RecordStore.tag(UInt8(24), &cursor)
        RecordStore.byte(self.reason.rawValue, &cursor)
        if let value = self.filter {
            RecordStore.tag(UInt8(32), &cursor)
            RecordStore.byte(value.rawValue, &cursor)
        }
        if self.orderId.rawValue != 0 {
            RecordStore.tag(UInt8(41), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.orderId.rawValue), &cursor)
        }
        if !self.clientOrderId.isEmpty {
            RecordStore.tag(UInt8(50), &cursor)
            RecordStore.ascii(self.clientOrderId, &cursor)
        }
        if self.limit != 0 {
            RecordStore.tag(UInt8(57), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.limit), &cursor)
        }
        if self.actual != 0 {
            RecordStore.tag(UInt8(65), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.actual), &cursor)
        }
        if self.decimals != 0 {
            RecordStore.tag(UInt8(72), &cursor)
            RecordStore.varint(UInt64(self.decimals), &cursor)
        }
        if self.retryAt.rawValue != 0 {
            RecordStore.tag(UInt8(81), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.retryAt.rawValue), &cursor)
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
        self = Refusal()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        var seen: UInt64 = isFresh ? 0 : ~0
        if reader.take(UInt8(8)) {
            self.account = AccountID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(16)) {
            self.instrument = InstrumentID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(24)) {
            self.reason = try reader.enumeration(3)
            seen |= 1 << 0
        }
        if reader.take(UInt8(32)) {
            self.filter = try reader.enumeration(4)
        }
        if reader.take(UInt8(41)) {
            self.orderId = OrderID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(50)) {
            try reader.ascii(into: &self.clientOrderId)
        }
        if reader.take(UInt8(57)) {
            self.limit = try reader.sfixed64()
        }
        if reader.take(UInt8(65)) {
            self.actual = try reader.sfixed64()
        }
        if reader.take(UInt8(72)) {
            self.decimals = try reader.uint32()
        }
        if reader.take(UInt8(81)) {
            self.retryAt = Timestamp(rawValue: try reader.sfixed64())
        }
        if !reader.isAtEnd { try mergeAnyOrder(from: reader.cursor, to: end, &seen) }
        guard seen & (1 << 0) != 0 else { throw .missingField(3) }
    }

    @inline(never)
    private mutating func mergeAnyOrder(from start: UnsafeRawPointer, to end: UnsafeRawPointer, _ seen: inout UInt64) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case 8:
                self.account = AccountID(rawValue: try reader.uint32())
            case 16:
                self.instrument = InstrumentID(rawValue: try reader.uint32())
            case 24:
                self.reason = try reader.enumeration(3)
                seen |= 1 << 0
            case 32:
                self.filter = try reader.enumeration(4)
            case 41:
                self.orderId = OrderID(rawValue: try reader.sfixed64())
            case 50:
                try reader.ascii(into: &self.clientOrderId)
            case 57:
                self.limit = try reader.sfixed64()
            case 65:
                self.actual = try reader.sfixed64()
            case 72:
                self.decimals = try reader.uint32()
            case 81:
                self.retryAt = Timestamp(rawValue: try reader.sfixed64())
            default: try reader.skip(tag)
            }
        }
    }
}

/// A test order passed.
public struct TestPassed: RecordMessage {
    public var account: AccountID = AccountID(rawValue: 0)
    public var instrument: InstrumentID = InstrumentID(rawValue: 0)

    @inlinable
    public init() {}

    @inlinable
    public init(
        account: AccountID = AccountID(rawValue: 0),
        instrument: InstrumentID = InstrumentID(rawValue: 0)
    ) {
        self.account = account
        self.instrument = instrument
    }
}

extension TestPassed {
    @inline(__always)
    package var fieldsBound: Int {
        12
    }

    @inline(__always)
    public var sizeBound: Int { fieldsBound &+ RecordStore.slack }

    public func encode(into writer: inout RecordWriter) {
        writer.commit(to: encodeFields(at: writer.reserve(sizeBound)))
    }

    @inline(__always)
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        if self.account.rawValue != 0 {
            RecordStore.tag(UInt8(8), &cursor)
            RecordStore.varint(UInt64(self.account.rawValue), &cursor)
        }
        if self.instrument.rawValue != 0 {
            RecordStore.tag(UInt8(16), &cursor)
            RecordStore.varint(UInt64(self.instrument.rawValue), &cursor)
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
        self = TestPassed()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(8)) {
            self.account = AccountID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(16)) {
            self.instrument = InstrumentID(rawValue: try reader.uint32())
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
                self.account = AccountID(rawValue: try reader.uint32())
            case 16:
                self.instrument = InstrumentID(rawValue: try reader.uint32())
            default: try reader.skip(tag)
            }
        }
    }
}

/// One side of a trade. The buyer receives base less fee and pays quote, the seller the reverse.
public struct SettleFill: RecordMessage {
    public var orderId: OrderID = OrderID(rawValue: 0)
    public var account: AccountID = AccountID(rawValue: 0)
    public var side: Side = .buy
    public var price: Price = Price(rawValue: 0)
    public var quantity: Quantity = Quantity(rawValue: 0)
    public var baseAmount: Amount = Amount(rawValue: 0)
    public var quoteAmount: Amount = Amount(rawValue: 0)
    /// In the asset received.
    public var fee: Amount = Amount(rawValue: 0)
    public var tradeId: TradeID = TradeID(rawValue: 0)
    public var maker: Bool = false
    /// The order is filled: what is left of its hold is released.
    public var done: Bool = false

    @inlinable
    public init() {}

    @inlinable
    public init(
        orderId: OrderID = OrderID(rawValue: 0),
        account: AccountID = AccountID(rawValue: 0),
        side: Side = .buy,
        price: Price = Price(rawValue: 0),
        quantity: Quantity = Quantity(rawValue: 0),
        baseAmount: Amount = Amount(rawValue: 0),
        quoteAmount: Amount = Amount(rawValue: 0),
        fee: Amount = Amount(rawValue: 0),
        tradeId: TradeID = TradeID(rawValue: 0),
        maker: Bool = false,
        done: Bool = false
    ) {
        self.orderId = orderId
        self.account = account
        self.side = side
        self.price = price
        self.quantity = quantity
        self.baseAmount = baseAmount
        self.quoteAmount = quoteAmount
        self.fee = fee
        self.tradeId = tradeId
        self.maker = maker
        self.done = done
    }
}

extension SettleFill {
    @inline(__always)
    package var fieldsBound: Int {
        75
    }

    @inline(__always)
    public var sizeBound: Int { fieldsBound &+ RecordStore.slack }

    public func encode(into writer: inout RecordWriter) {
        writer.commit(to: encodeFields(at: writer.reserve(sizeBound)))
    }

    @inline(__always)
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        if self.orderId.rawValue != 0 {
            RecordStore.tag(UInt8(9), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.orderId.rawValue), &cursor)
        }
        if self.account.rawValue != 0 {
            RecordStore.tag(UInt8(16), &cursor)
            RecordStore.varint(UInt64(self.account.rawValue), &cursor)
        }
        RecordStore.tag(UInt8(24), &cursor)
        RecordStore.byte(self.side.rawValue, &cursor)
        if self.price.rawValue != 0 {
            RecordStore.tag(UInt8(33), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.price.rawValue), &cursor)
        }
        if self.quantity.rawValue != 0 {
            RecordStore.tag(UInt8(41), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.quantity.rawValue), &cursor)
        }
        if self.baseAmount.rawValue != 0 {
            RecordStore.tag(UInt8(49), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.baseAmount.rawValue), &cursor)
        }
        if self.quoteAmount.rawValue != 0 {
            RecordStore.tag(UInt8(57), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.quoteAmount.rawValue), &cursor)
        }
        if self.fee.rawValue != 0 {
            RecordStore.tag(UInt8(65), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.fee.rawValue), &cursor)
        }
        if self.tradeId.rawValue != 0 {
            RecordStore.tag(UInt8(73), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.tradeId.rawValue), &cursor)
        }
        if self.maker {
            RecordStore.tag(UInt8(80), &cursor)
            RecordStore.byte(self.maker ? 1 : 0, &cursor)
        }
        if self.done {
            RecordStore.tag(UInt8(88), &cursor)
            RecordStore.byte(self.done ? 1 : 0, &cursor)
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
        self = SettleFill()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        var seen: UInt64 = isFresh ? 0 : ~0
        if reader.take(UInt8(9)) {
            self.orderId = OrderID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(16)) {
            self.account = AccountID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(24)) {
            self.side = try reader.enumeration(3)
            seen |= 1 << 0
        }
        if reader.take(UInt8(33)) {
            self.price = Price(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(41)) {
            self.quantity = Quantity(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(49)) {
            self.baseAmount = Amount(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(57)) {
            self.quoteAmount = Amount(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(65)) {
            self.fee = Amount(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(73)) {
            self.tradeId = TradeID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(80)) {
            self.maker = try reader.bool()
        }
        if reader.take(UInt8(88)) {
            self.done = try reader.bool()
        }
        if !reader.isAtEnd { try mergeAnyOrder(from: reader.cursor, to: end, &seen) }
        guard seen & (1 << 0) != 0 else { throw .missingField(3) }
    }

    @inline(never)
    private mutating func mergeAnyOrder(from start: UnsafeRawPointer, to end: UnsafeRawPointer, _ seen: inout UInt64) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case 9:
                self.orderId = OrderID(rawValue: try reader.sfixed64())
            case 16:
                self.account = AccountID(rawValue: try reader.uint32())
            case 24:
                self.side = try reader.enumeration(3)
                seen |= 1 << 0
            case 33:
                self.price = Price(rawValue: try reader.sfixed64())
            case 41:
                self.quantity = Quantity(rawValue: try reader.sfixed64())
            case 49:
                self.baseAmount = Amount(rawValue: try reader.sfixed64())
            case 57:
                self.quoteAmount = Amount(rawValue: try reader.sfixed64())
            case 65:
                self.fee = Amount(rawValue: try reader.sfixed64())
            case 73:
                self.tradeId = TradeID(rawValue: try reader.sfixed64())
            case 80:
                self.maker = try reader.bool()
            case 88:
                self.done = try reader.bool()
            default: try reader.skip(tag)
            }
        }
    }
}

/// An order left the book (or never entered it): what is left of its hold is released.
public struct OrderEnd: RecordMessage {
    public var orderId: OrderID = OrderID(rawValue: 0)
    public var account: AccountID = AccountID(rawValue: 0)
    /// The engine refused the order; it does not take its client id.
    public var refused: Bool = false

    @inlinable
    public init() {}

    @inlinable
    public init(
        orderId: OrderID = OrderID(rawValue: 0),
        account: AccountID = AccountID(rawValue: 0),
        refused: Bool = false
    ) {
        self.orderId = orderId
        self.account = account
        self.refused = refused
    }
}

extension OrderEnd {
    @inline(__always)
    package var fieldsBound: Int {
        17
    }

    @inline(__always)
    public var sizeBound: Int { fieldsBound &+ RecordStore.slack }

    public func encode(into writer: inout RecordWriter) {
        writer.commit(to: encodeFields(at: writer.reserve(sizeBound)))
    }

    @inline(__always)
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        if self.orderId.rawValue != 0 {
            RecordStore.tag(UInt8(9), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.orderId.rawValue), &cursor)
        }
        if self.account.rawValue != 0 {
            RecordStore.tag(UInt8(16), &cursor)
            RecordStore.varint(UInt64(self.account.rawValue), &cursor)
        }
        if self.refused {
            RecordStore.tag(UInt8(24), &cursor)
            RecordStore.byte(self.refused ? 1 : 0, &cursor)
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
        self = OrderEnd()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(9)) {
            self.orderId = OrderID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(16)) {
            self.account = AccountID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(24)) {
            self.refused = try reader.bool()
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
                self.orderId = OrderID(rawValue: try reader.sfixed64())
            case 16:
                self.account = AccountID(rawValue: try reader.uint32())
            case 24:
                self.refused = try reader.bool()
            default: try reader.skip(tag)
            }
        }
    }
}

/// An order's quantity became smaller (amended, or decremented by self-trade prevention); it stays open.
public struct OrderReduced: RecordMessage {
    public var orderId: OrderID = OrderID(rawValue: 0)
    public var account: AccountID = AccountID(rawValue: 0)
    /// Lots taken off.
    public var quantity: Quantity = Quantity(rawValue: 0)
    /// The order's client id from now on; empty: unchanged.
    public var clientOrderId: ASCIIText = ASCIIText()

    @inlinable
    public init() {}

    @inlinable
    public init(
        orderId: OrderID = OrderID(rawValue: 0),
        account: AccountID = AccountID(rawValue: 0),
        quantity: Quantity = Quantity(rawValue: 0),
        clientOrderId: ASCIIText = ASCIIText()
    ) {
        self.orderId = orderId
        self.account = account
        self.quantity = quantity
        self.clientOrderId = clientOrderId
    }
}

extension OrderReduced {
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
        if self.orderId.rawValue != 0 {
            RecordStore.tag(UInt8(9), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.orderId.rawValue), &cursor)
        }
        if self.account.rawValue != 0 {
            RecordStore.tag(UInt8(16), &cursor)
            RecordStore.varint(UInt64(self.account.rawValue), &cursor)
        }
        if self.quantity.rawValue != 0 {
            RecordStore.tag(UInt8(25), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.quantity.rawValue), &cursor)
        }
        if !self.clientOrderId.isEmpty {
            RecordStore.tag(UInt8(34), &cursor)
            RecordStore.ascii(self.clientOrderId, &cursor)
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
        self = OrderReduced()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(9)) {
            self.orderId = OrderID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(16)) {
            self.account = AccountID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(25)) {
            self.quantity = Quantity(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(34)) {
            try reader.ascii(into: &self.clientOrderId)
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
                self.orderId = OrderID(rawValue: try reader.sfixed64())
            case 16:
                self.account = AccountID(rawValue: try reader.uint32())
            case 25:
                self.quantity = Quantity(rawValue: try reader.sfixed64())
            case 34:
                try reader.ascii(into: &self.clientOrderId)
            default: try reader.skip(tag)
            }
        }
    }
}

/// All that one input of the engine did to the accounts of one ledger partition, in order.
public struct Settlement: RecordMessage {
    public var instrument: InstrumentID = InstrumentID(rawValue: 0)
    public var fills: [SettleFill] = []
    public var reductions: [OrderReduced] = []
    public var ends: [OrderEnd] = []

    @inlinable
    public init() {}

    @inlinable
    public init(
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        fills: [SettleFill] = [],
        reductions: [OrderReduced] = [],
        ends: [OrderEnd] = []
    ) {
        self.instrument = instrument
        self.fills = fills
        self.reductions = reductions
        self.ends = ends
    }
}

extension Settlement {
    @inline(__always)
    package var fieldsBound: Int {
        var bound = 6
        bound &+= self.fills.count &* 77
        bound &+= self.reductions.count &* 67
        bound &+= self.ends.count &* 19
        return bound
    }

    @inline(__always)
    public var sizeBound: Int { fieldsBound &+ RecordStore.slack }

    public func encode(into writer: inout RecordWriter) {
        writer.commit(to: encodeFields(at: writer.reserve(sizeBound)))
    }

    public static func encode(_ record: UnsafePointer<Settlement>, into writer: inout RecordWriter) {
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
        for index in 0..<self.fills.count {
            RecordStore.tag(UInt8(18), &cursor)
            let body = cursor
            cursor = self.fills[index].encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        for index in 0..<self.reductions.count {
            RecordStore.tag(UInt8(26), &cursor)
            let body = cursor
            cursor = self.reductions[index].encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        for index in 0..<self.ends.count {
            RecordStore.tag(UInt8(34), &cursor)
            let body = cursor
            cursor = self.ends[index].encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
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
        self.fills.empty()
        self.reductions.empty()
        self.ends.empty()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(8)) {
            self.instrument = InstrumentID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(18)) {
            if self.fills.capacity == 0 {
                self.fills.reserveCapacity(RecordReader.countRun(of: 18, reader.cursor, end))
            }
            repeat {
                let body = try reader.delimited()
                self.fills.append(SettleFill())
                try self.fills[self.fills.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            } while reader.take(UInt8(18))
        }
        if reader.take(UInt8(26)) {
            if self.reductions.capacity == 0 {
                self.reductions.reserveCapacity(RecordReader.countRun(of: 26, reader.cursor, end))
            }
            repeat {
                let body = try reader.delimited()
                self.reductions.append(OrderReduced())
                try self.reductions[self.reductions.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            } while reader.take(UInt8(26))
        }
        if reader.take(UInt8(34)) {
            if self.ends.capacity == 0 {
                self.ends.reserveCapacity(RecordReader.countRun(of: 34, reader.cursor, end))
            }
            repeat {
                let body = try reader.delimited()
                self.ends.append(OrderEnd())
                try self.ends[self.ends.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            } while reader.take(UInt8(34))
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
                self.fills.append(SettleFill())
                try self.fills[self.fills.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            case 26:
                let body = try reader.delimited()
                self.reductions.append(OrderReduced())
                try self.reductions[self.reductions.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            case 34:
                let body = try reader.delimited()
                self.ends.append(OrderEnd())
                try self.ends[self.ends.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            default: try reader.skip(tag)
            }
        }
    }
}

public enum LedgerRecord: RecordUnion {
    case submitOrder(SubmitOrder)
    case cancelOrder(CancelOrder)
    case cancelAll(CancelAll)
    case amendOrder(AmendOrder)
    case settlement(Settlement)
    case refusal(Refusal)
    case marker(Marker)
    case deposit(Deposit)
    case requestWithdrawal(RequestWithdrawal)
    case resolveWithdrawal(ResolveWithdrawal)
    case testPassed(TestPassed)
    case revisionReport(RevisionReport)
    case raiseLogicVersion(RaiseLogicVersion)
    case tick(Tick)
}

extension LedgerRecord {
    public static let typeNames: [UInt32: String] = [
        1: "submitOrder",
        2: "cancelOrder",
        3: "cancelAll",
        4: "amendOrder",
        5: "settlement",
        6: "refusal",
        7: "marker",
        8: "deposit",
        9: "requestWithdrawal",
        10: "resolveWithdrawal",
        11: "testPassed",
        12: "revisionReport",
        14: "raiseLogicVersion",
        16: "tick",
    ]

    /// The numbers of the record types, to tell them apart before a payload is decoded.
    public enum Number {
        public static let submitOrder: UInt32 = 1
        public static let cancelOrder: UInt32 = 2
        public static let cancelAll: UInt32 = 3
        public static let amendOrder: UInt32 = 4
        public static let settlement: UInt32 = 5
        public static let refusal: UInt32 = 6
        public static let marker: UInt32 = 7
        public static let deposit: UInt32 = 8
        public static let requestWithdrawal: UInt32 = 9
        public static let resolveWithdrawal: UInt32 = 10
        public static let testPassed: UInt32 = 11
        public static let revisionReport: UInt32 = 12
        public static let raiseLogicVersion: UInt32 = 14
        public static let tick: UInt32 = 16
    }

    public var type: UInt32 {
        switch self {
        case .submitOrder: 1
        case .cancelOrder: 2
        case .cancelAll: 3
        case .amendOrder: 4
        case .settlement: 5
        case .refusal: 6
        case .marker: 7
        case .deposit: 8
        case .requestWithdrawal: 9
        case .resolveWithdrawal: 10
        case .testPassed: 11
        case .revisionReport: 12
        case .raiseLogicVersion: 14
        case .tick: 16
        }
    }

    public init(type: UInt32, payload: RawSpan) throws(RecordError) {
        let reader = RecordReader(payload)
        switch type {
        case 1:
            var value = SubmitOrder()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .submitOrder(value)
        case 2:
            var value = CancelOrder()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .cancelOrder(value)
        case 3:
            var value = CancelAll()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .cancelAll(value)
        case 4:
            var value = AmendOrder()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .amendOrder(value)
        case 5:
            var value = Settlement()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .settlement(value)
        case 6:
            var value = Refusal()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .refusal(value)
        case 7:
            var value = Marker()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .marker(value)
        case 8:
            var value = Deposit()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .deposit(value)
        case 9:
            var value = RequestWithdrawal()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .requestWithdrawal(value)
        case 10:
            var value = ResolveWithdrawal()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .resolveWithdrawal(value)
        case 11:
            var value = TestPassed()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .testPassed(value)
        case 12:
            var value = RevisionReport()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .revisionReport(value)
        case 14:
            var value = RaiseLogicVersion()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .raiseLogicVersion(value)
        case 16:
            var value = Tick()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .tick(value)
        default: throw .unknownType(type)
        }
    }

    public func encodePayload(into writer: inout RecordWriter) {
        switch self {
        case .submitOrder(let value): value.encode(into: &writer)
        case .cancelOrder(let value): value.encode(into: &writer)
        case .cancelAll(let value): value.encode(into: &writer)
        case .amendOrder(let value): value.encode(into: &writer)
        case .settlement(let value): value.encode(into: &writer)
        case .refusal(let value): value.encode(into: &writer)
        case .marker(let value): value.encode(into: &writer)
        case .deposit(let value): value.encode(into: &writer)
        case .requestWithdrawal(let value): value.encode(into: &writer)
        case .resolveWithdrawal(let value): value.encode(into: &writer)
        case .testPassed(let value): value.encode(into: &writer)
        case .revisionReport(let value): value.encode(into: &writer)
        case .raiseLogicVersion(let value): value.encode(into: &writer)
        case .tick(let value): value.encode(into: &writer)
        }
    }

    public var payloadSizeBound: Int {
        switch self {
        case .submitOrder(let value): value.sizeBound
        case .cancelOrder(let value): value.sizeBound
        case .cancelAll(let value): value.sizeBound
        case .amendOrder(let value): value.sizeBound
        case .settlement(let value): value.sizeBound
        case .refusal(let value): value.sizeBound
        case .marker(let value): value.sizeBound
        case .deposit(let value): value.sizeBound
        case .requestWithdrawal(let value): value.sizeBound
        case .resolveWithdrawal(let value): value.sizeBound
        case .testPassed(let value): value.sizeBound
        case .revisionReport(let value): value.sizeBound
        case .raiseLogicVersion(let value): value.sizeBound
        case .tick(let value): value.sizeBound
        }
    }

    package var fieldsBound: Int {
        switch self {
        case .submitOrder(let value): value.fieldsBound &+ 6
        case .cancelOrder(let value): value.fieldsBound &+ 6
        case .cancelAll(let value): value.fieldsBound &+ 6
        case .amendOrder(let value): value.fieldsBound &+ 6
        case .settlement(let value): value.fieldsBound &+ 6
        case .refusal(let value): value.fieldsBound &+ 6
        case .marker(let value): value.fieldsBound &+ 6
        case .deposit(let value): value.fieldsBound &+ 6
        case .requestWithdrawal(let value): value.fieldsBound &+ 6
        case .resolveWithdrawal(let value): value.fieldsBound &+ 6
        case .testPassed(let value): value.fieldsBound &+ 6
        case .revisionReport(let value): value.fieldsBound &+ 6
        case .raiseLogicVersion(let value): value.fieldsBound &+ 6
        case .tick(let value): value.fieldsBound &+ 7
        }
    }

    /// Writes the union as a message: its one field with tag and length.
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        switch self {
        case .submitOrder(let value):
            RecordStore.tag(UInt8(10), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .cancelOrder(let value):
            RecordStore.tag(UInt8(18), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .cancelAll(let value):
            RecordStore.tag(UInt8(26), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .amendOrder(let value):
            RecordStore.tag(UInt8(34), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .settlement(let value):
            RecordStore.tag(UInt8(42), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .refusal(let value):
            RecordStore.tag(UInt8(50), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .marker(let value):
            RecordStore.tag(UInt8(58), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .deposit(let value):
            RecordStore.tag(UInt8(66), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .requestWithdrawal(let value):
            RecordStore.tag(UInt8(74), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .resolveWithdrawal(let value):
            RecordStore.tag(UInt8(82), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .testPassed(let value):
            RecordStore.tag(UInt8(90), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .revisionReport(let value):
            RecordStore.tag(UInt8(98), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .raiseLogicVersion(let value):
            RecordStore.tag(UInt8(114), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .tick(let value):
            RecordStore.tag(UInt16(386), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        return cursor
    }

    /// Reads the union from a message with its one field: the last member wins, one in pieces is merged.
    package init(mergingInto old: LedgerRecord?, from start: UnsafeRawPointer, to end: UnsafeRawPointer) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        var result = old
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case 10:
                let body = try reader.delimited()
                var value = SubmitOrder()
                var isFresh = true
                if case .submitOrder(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .submitOrder(value)
            case 18:
                let body = try reader.delimited()
                var value = CancelOrder()
                var isFresh = true
                if case .cancelOrder(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .cancelOrder(value)
            case 26:
                let body = try reader.delimited()
                var value = CancelAll()
                var isFresh = true
                if case .cancelAll(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .cancelAll(value)
            case 34:
                let body = try reader.delimited()
                var value = AmendOrder()
                var isFresh = true
                if case .amendOrder(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .amendOrder(value)
            case 42:
                let body = try reader.delimited()
                var value = Settlement()
                var isFresh = true
                if case .settlement(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .settlement(value)
            case 50:
                let body = try reader.delimited()
                var value = Refusal()
                var isFresh = true
                if case .refusal(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .refusal(value)
            case 58:
                let body = try reader.delimited()
                var value = Marker()
                var isFresh = true
                if case .marker(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .marker(value)
            case 66:
                let body = try reader.delimited()
                var value = Deposit()
                var isFresh = true
                if case .deposit(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .deposit(value)
            case 74:
                let body = try reader.delimited()
                var value = RequestWithdrawal()
                var isFresh = true
                if case .requestWithdrawal(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .requestWithdrawal(value)
            case 82:
                let body = try reader.delimited()
                var value = ResolveWithdrawal()
                var isFresh = true
                if case .resolveWithdrawal(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .resolveWithdrawal(value)
            case 90:
                let body = try reader.delimited()
                var value = TestPassed()
                var isFresh = true
                if case .testPassed(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .testPassed(value)
            case 98:
                let body = try reader.delimited()
                var value = RevisionReport()
                var isFresh = true
                if case .revisionReport(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .revisionReport(value)
            case 114:
                let body = try reader.delimited()
                var value = RaiseLogicVersion()
                var isFresh = true
                if case .raiseLogicVersion(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .raiseLogicVersion(value)
            case 130:
                let body = try reader.delimited()
                var value = Tick()
                var isFresh = true
                if case .tick(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .tick(value)
            default: try reader.skip(tag)
            }
        }
        guard let result else { throw .missingField(1) }
        self = result
    }
}

/// `matching`, by market: the inbox of matching-engine.
public enum MatchingRecord: RecordUnion {
    case submitOrder(SubmitOrder)
    case cancelOrder(CancelOrder)
    case cancelAll(CancelAll)
    case amendOrder(AmendOrder)
    case instrument(InstrumentDefinition)
    case raiseLogicVersion(RaiseLogicVersion)
    case tick(Tick)
}

extension MatchingRecord {
    public static let typeNames: [UInt32: String] = [
        1: "submitOrder",
        2: "cancelOrder",
        3: "cancelAll",
        4: "amendOrder",
        5: "instrument",
        14: "raiseLogicVersion",
        16: "tick",
    ]

    /// The numbers of the record types, to tell them apart before a payload is decoded.
    public enum Number {
        public static let submitOrder: UInt32 = 1
        public static let cancelOrder: UInt32 = 2
        public static let cancelAll: UInt32 = 3
        public static let amendOrder: UInt32 = 4
        public static let instrument: UInt32 = 5
        public static let raiseLogicVersion: UInt32 = 14
        public static let tick: UInt32 = 16
    }

    public var type: UInt32 {
        switch self {
        case .submitOrder: 1
        case .cancelOrder: 2
        case .cancelAll: 3
        case .amendOrder: 4
        case .instrument: 5
        case .raiseLogicVersion: 14
        case .tick: 16
        }
    }

    public init(type: UInt32, payload: RawSpan) throws(RecordError) {
        let reader = RecordReader(payload)
        switch type {
        case 1:
            var value = SubmitOrder()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .submitOrder(value)
        case 2:
            var value = CancelOrder()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .cancelOrder(value)
        case 3:
            var value = CancelAll()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .cancelAll(value)
        case 4:
            var value = AmendOrder()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .amendOrder(value)
        case 5:
            var value = InstrumentDefinition()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .instrument(value)
        case 14:
            var value = RaiseLogicVersion()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .raiseLogicVersion(value)
        case 16:
            var value = Tick()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .tick(value)
        default: throw .unknownType(type)
        }
    }

    public func encodePayload(into writer: inout RecordWriter) {
        switch self {
        case .submitOrder(let value): value.encode(into: &writer)
        case .cancelOrder(let value): value.encode(into: &writer)
        case .cancelAll(let value): value.encode(into: &writer)
        case .amendOrder(let value): value.encode(into: &writer)
        case .instrument(let value): value.encode(into: &writer)
        case .raiseLogicVersion(let value): value.encode(into: &writer)
        case .tick(let value): value.encode(into: &writer)
        }
    }

    public var payloadSizeBound: Int {
        switch self {
        case .submitOrder(let value): value.sizeBound
        case .cancelOrder(let value): value.sizeBound
        case .cancelAll(let value): value.sizeBound
        case .amendOrder(let value): value.sizeBound
        case .instrument(let value): value.sizeBound
        case .raiseLogicVersion(let value): value.sizeBound
        case .tick(let value): value.sizeBound
        }
    }

    package var fieldsBound: Int {
        switch self {
        case .submitOrder(let value): value.fieldsBound &+ 6
        case .cancelOrder(let value): value.fieldsBound &+ 6
        case .cancelAll(let value): value.fieldsBound &+ 6
        case .amendOrder(let value): value.fieldsBound &+ 6
        case .instrument(let value): value.fieldsBound &+ 6
        case .raiseLogicVersion(let value): value.fieldsBound &+ 6
        case .tick(let value): value.fieldsBound &+ 7
        }
    }

    /// Writes the union as a message: its one field with tag and length.
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        switch self {
        case .submitOrder(let value):
            RecordStore.tag(UInt8(10), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .cancelOrder(let value):
            RecordStore.tag(UInt8(18), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .cancelAll(let value):
            RecordStore.tag(UInt8(26), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .amendOrder(let value):
            RecordStore.tag(UInt8(34), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .instrument(let value):
            RecordStore.tag(UInt8(42), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .raiseLogicVersion(let value):
            RecordStore.tag(UInt8(114), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .tick(let value):
            RecordStore.tag(UInt16(386), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        return cursor
    }

    /// Reads the union from a message with its one field: the last member wins, one in pieces is merged.
    package init(mergingInto old: MatchingRecord?, from start: UnsafeRawPointer, to end: UnsafeRawPointer) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        var result = old
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case 10:
                let body = try reader.delimited()
                var value = SubmitOrder()
                var isFresh = true
                if case .submitOrder(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .submitOrder(value)
            case 18:
                let body = try reader.delimited()
                var value = CancelOrder()
                var isFresh = true
                if case .cancelOrder(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .cancelOrder(value)
            case 26:
                let body = try reader.delimited()
                var value = CancelAll()
                var isFresh = true
                if case .cancelAll(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .cancelAll(value)
            case 34:
                let body = try reader.delimited()
                var value = AmendOrder()
                var isFresh = true
                if case .amendOrder(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .amendOrder(value)
            case 42:
                let body = try reader.delimited()
                var value = InstrumentDefinition()
                var isFresh = true
                if case .instrument(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .instrument(value)
            case 114:
                let body = try reader.delimited()
                var value = RaiseLogicVersion()
                var isFresh = true
                if case .raiseLogicVersion(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .raiseLogicVersion(value)
            case 130:
                let body = try reader.delimited()
                var value = Tick()
                var isFresh = true
                if case .tick(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .tick(value)
            default: try reader.skip(tag)
            }
        }
        guard let result else { throw .missingField(1) }
        self = result
    }
}
