// Written by scripts/generate-records from executions.proto; changes belong there.
// swift-format-ignore-file

import TradingCore

/// The order of this record entered the engine. Prices are ticks, quantities lots.
public struct OrderAccepted: RecordMessage {
    public var orderId: OrderID = OrderID(rawValue: 0)
    public var account: AccountID = AccountID(rawValue: 0)
    public var clientOrderId: ASCIIText = ASCIIText()
    public var side: Side = .buy
    public var type: OrderType = .limit
    public var timeInForce: TimeInForce = .goodTillCanceled
    /// The limit price; of a market order the protection price, which clients never see.
    public var price: Price = Price(rawValue: 0)
    public var quantity: Quantity = Quantity(rawValue: 0)
    public var quoteQuantity: Amount = Amount(rawValue: 0)
    public var selfTradePrevention: SelfTradePrevention = .none
    public var executionId: ExecutionID = ExecutionID(rawValue: 0)
    public var ordersIn10Seconds: UInt32 = 0
    public var ordersInDay: UInt32 = 0
    public var strategyId: UInt64 = 0
    public var strategyType: UInt32 = 0
    public var ledgerPartition: UInt32 = 0

    @inlinable
    public init() {}

    @inlinable
    public init(
        orderId: OrderID = OrderID(rawValue: 0),
        account: AccountID = AccountID(rawValue: 0),
        clientOrderId: ASCIIText = ASCIIText(),
        side: Side = .buy,
        type: OrderType = .limit,
        timeInForce: TimeInForce = .goodTillCanceled,
        price: Price = Price(rawValue: 0),
        quantity: Quantity = Quantity(rawValue: 0),
        quoteQuantity: Amount = Amount(rawValue: 0),
        selfTradePrevention: SelfTradePrevention = .none,
        executionId: ExecutionID = ExecutionID(rawValue: 0),
        ordersIn10Seconds: UInt32 = 0,
        ordersInDay: UInt32 = 0,
        strategyId: UInt64 = 0,
        strategyType: UInt32 = 0,
        ledgerPartition: UInt32 = 0
    ) {
        self.orderId = orderId
        self.account = account
        self.clientOrderId = clientOrderId
        self.side = side
        self.type = type
        self.timeInForce = timeInForce
        self.price = price
        self.quantity = quantity
        self.quoteQuantity = quoteQuantity
        self.selfTradePrevention = selfTradePrevention
        self.executionId = executionId
        self.ordersIn10Seconds = ordersIn10Seconds
        self.ordersInDay = ordersInDay
        self.strategyId = strategyId
        self.strategyType = strategyType
        self.ledgerPartition = ledgerPartition
    }
}

extension OrderAccepted {
    @inline(__always)
    package var fieldsBound: Int {
        134
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
        if !self.clientOrderId.isEmpty {
            RecordStore.tag(UInt8(26), &cursor)
            RecordStore.ascii(self.clientOrderId, &cursor)
        }
        RecordStore.tag(UInt8(32), &cursor)
        RecordStore.byte(self.side.rawValue, &cursor)
        RecordStore.tag(UInt8(40), &cursor)
        RecordStore.byte(self.type.rawValue, &cursor)
        RecordStore.tag(UInt8(48), &cursor)
        RecordStore.byte(self.timeInForce.rawValue, &cursor)
        if self.price.rawValue != 0 {
            RecordStore.tag(UInt8(57), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.price.rawValue), &cursor)
        }
        if self.quantity.rawValue != 0 {
            RecordStore.tag(UInt8(65), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.quantity.rawValue), &cursor)
        }
        if self.quoteQuantity.rawValue != 0 {
            RecordStore.tag(UInt8(73), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.quoteQuantity.rawValue), &cursor)
        }
        RecordStore.tag(UInt8(80), &cursor)
        RecordStore.byte(self.selfTradePrevention.rawValue, &cursor)
        if self.executionId.rawValue != 0 {
            RecordStore.tag(UInt8(89), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.executionId.rawValue), &cursor)
        }
        if self.ordersIn10Seconds != 0 {
            RecordStore.tag(UInt8(96), &cursor)
            RecordStore.varint(UInt64(self.ordersIn10Seconds), &cursor)
        }
        if self.ordersInDay != 0 {
            RecordStore.tag(UInt8(104), &cursor)
            RecordStore.varint(UInt64(self.ordersInDay), &cursor)
        }
        if self.strategyId != 0 {
            RecordStore.tag(UInt8(113), &cursor)
            RecordStore.fixed64(self.strategyId, &cursor)
        }
        if self.strategyType != 0 {
            RecordStore.tag(UInt8(120), &cursor)
            RecordStore.varint(UInt64(self.strategyType), &cursor)
        }
        if self.ledgerPartition != 0 {
            RecordStore.tag(UInt16(384), &cursor)
            RecordStore.varint(UInt64(self.ledgerPartition), &cursor)
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
        self = OrderAccepted()
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
        if reader.take(UInt8(26)) {
            try reader.ascii(into: &self.clientOrderId)
        }
        if reader.take(UInt8(32)) {
            self.side = try reader.enumeration(4)
            seen |= 1 << 0
        }
        if reader.take(UInt8(40)) {
            self.type = try reader.enumeration(5)
            seen |= 1 << 1
        }
        if reader.take(UInt8(48)) {
            self.timeInForce = try reader.enumeration(6)
            seen |= 1 << 2
        }
        if reader.take(UInt8(57)) {
            self.price = Price(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(65)) {
            self.quantity = Quantity(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(73)) {
            self.quoteQuantity = Amount(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(80)) {
            self.selfTradePrevention = try reader.enumeration(10)
            seen |= 1 << 3
        }
        if reader.take(UInt8(89)) {
            self.executionId = ExecutionID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(96)) {
            self.ordersIn10Seconds = try reader.uint32()
        }
        if reader.take(UInt8(104)) {
            self.ordersInDay = try reader.uint32()
        }
        if reader.take(UInt8(113)) {
            self.strategyId = try reader.fixed64()
        }
        if reader.take(UInt8(120)) {
            self.strategyType = try reader.uint32()
        }
        if reader.take(UInt16(384)) {
            self.ledgerPartition = try reader.uint32()
        }
        if !reader.isAtEnd { try mergeAnyOrder(from: reader.cursor, to: end, &seen) }
        guard seen & (1 << 0) != 0 else { throw .missingField(4) }
        guard seen & (1 << 1) != 0 else { throw .missingField(5) }
        guard seen & (1 << 2) != 0 else { throw .missingField(6) }
        guard seen & (1 << 3) != 0 else { throw .missingField(10) }
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
            case 26:
                try reader.ascii(into: &self.clientOrderId)
            case 32:
                self.side = try reader.enumeration(4)
                seen |= 1 << 0
            case 40:
                self.type = try reader.enumeration(5)
                seen |= 1 << 1
            case 48:
                self.timeInForce = try reader.enumeration(6)
                seen |= 1 << 2
            case 57:
                self.price = Price(rawValue: try reader.sfixed64())
            case 65:
                self.quantity = Quantity(rawValue: try reader.sfixed64())
            case 73:
                self.quoteQuantity = Amount(rawValue: try reader.sfixed64())
            case 80:
                self.selfTradePrevention = try reader.enumeration(10)
                seen |= 1 << 3
            case 89:
                self.executionId = ExecutionID(rawValue: try reader.sfixed64())
            case 96:
                self.ordersIn10Seconds = try reader.uint32()
            case 104:
                self.ordersInDay = try reader.uint32()
            case 113:
                self.strategyId = try reader.fixed64()
            case 120:
                self.strategyType = try reader.uint32()
            case 128:
                self.ledgerPartition = try reader.uint32()
            default: try reader.skip(tag)
            }
        }
    }
}

/// A trade of this record's taker with a resting order. The maker's execution id is given, the taker's is one more.
public struct Trade: RecordMessage {
    public var tradeId: TradeID = TradeID(rawValue: 0)
    public var price: Price = Price(rawValue: 0)
    public var quantity: Quantity = Quantity(rawValue: 0)
    public var quoteAmount: Amount = Amount(rawValue: 0)
    public var makerOrderId: OrderID = OrderID(rawValue: 0)
    public var makerAccount: AccountID = AccountID(rawValue: 0)
    public var takerOrderId: OrderID = OrderID(rawValue: 0)
    public var takerAccount: AccountID = AccountID(rawValue: 0)
    public var takerSide: Side = .buy
    /// In the asset that the side receives: buyer base, seller quote.
    public var makerFee: Amount = Amount(rawValue: 0)
    public var takerFee: Amount = Amount(rawValue: 0)
    public var executionId: ExecutionID = ExecutionID(rawValue: 0)
    public var makerDone: Bool = false
    public var takerDone: Bool = false

    @inlinable
    public init() {}

    @inlinable
    public init(
        tradeId: TradeID = TradeID(rawValue: 0),
        price: Price = Price(rawValue: 0),
        quantity: Quantity = Quantity(rawValue: 0),
        quoteAmount: Amount = Amount(rawValue: 0),
        makerOrderId: OrderID = OrderID(rawValue: 0),
        makerAccount: AccountID = AccountID(rawValue: 0),
        takerOrderId: OrderID = OrderID(rawValue: 0),
        takerAccount: AccountID = AccountID(rawValue: 0),
        takerSide: Side = .buy,
        makerFee: Amount = Amount(rawValue: 0),
        takerFee: Amount = Amount(rawValue: 0),
        executionId: ExecutionID = ExecutionID(rawValue: 0),
        makerDone: Bool = false,
        takerDone: Bool = false
    ) {
        self.tradeId = tradeId
        self.price = price
        self.quantity = quantity
        self.quoteAmount = quoteAmount
        self.makerOrderId = makerOrderId
        self.makerAccount = makerAccount
        self.takerOrderId = takerOrderId
        self.takerAccount = takerAccount
        self.takerSide = takerSide
        self.makerFee = makerFee
        self.takerFee = takerFee
        self.executionId = executionId
        self.makerDone = makerDone
        self.takerDone = takerDone
    }
}

extension Trade {
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
        if self.makerOrderId.rawValue != 0 {
            RecordStore.tag(UInt8(41), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.makerOrderId.rawValue), &cursor)
        }
        if self.makerAccount.rawValue != 0 {
            RecordStore.tag(UInt8(48), &cursor)
            RecordStore.varint(UInt64(self.makerAccount.rawValue), &cursor)
        }
        if self.takerOrderId.rawValue != 0 {
            RecordStore.tag(UInt8(57), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.takerOrderId.rawValue), &cursor)
        }
        if self.takerAccount.rawValue != 0 {
            RecordStore.tag(UInt8(64), &cursor)
            RecordStore.varint(UInt64(self.takerAccount.rawValue), &cursor)
        }
        RecordStore.tag(UInt8(72), &cursor)
        RecordStore.byte(self.takerSide.rawValue, &cursor)
        if self.makerFee.rawValue != 0 {
            RecordStore.tag(UInt8(81), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.makerFee.rawValue), &cursor)
        }
        if self.takerFee.rawValue != 0 {
            RecordStore.tag(UInt8(89), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.takerFee.rawValue), &cursor)
        }
        if self.executionId.rawValue != 0 {
            RecordStore.tag(UInt8(97), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.executionId.rawValue), &cursor)
        }
        if self.makerDone {
            RecordStore.tag(UInt8(104), &cursor)
            RecordStore.byte(self.makerDone ? 1 : 0, &cursor)
        }
        if self.takerDone {
            RecordStore.tag(UInt8(112), &cursor)
            RecordStore.byte(self.takerDone ? 1 : 0, &cursor)
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
        self = Trade()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        var seen: UInt64 = isFresh ? 0 : ~0
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
        if reader.take(UInt8(41)) {
            self.makerOrderId = OrderID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(48)) {
            self.makerAccount = AccountID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(57)) {
            self.takerOrderId = OrderID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(64)) {
            self.takerAccount = AccountID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(72)) {
            self.takerSide = try reader.enumeration(9)
            seen |= 1 << 0
        }
        if reader.take(UInt8(81)) {
            self.makerFee = Amount(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(89)) {
            self.takerFee = Amount(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(97)) {
            self.executionId = ExecutionID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(104)) {
            self.makerDone = try reader.bool()
        }
        if reader.take(UInt8(112)) {
            self.takerDone = try reader.bool()
        }
        if !reader.isAtEnd { try mergeAnyOrder(from: reader.cursor, to: end, &seen) }
        guard seen & (1 << 0) != 0 else { throw .missingField(9) }
    }

    @inline(never)
    private mutating func mergeAnyOrder(from start: UnsafeRawPointer, to end: UnsafeRawPointer, _ seen: inout UInt64) throws(RecordError) {
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
            case 41:
                self.makerOrderId = OrderID(rawValue: try reader.sfixed64())
            case 48:
                self.makerAccount = AccountID(rawValue: try reader.uint32())
            case 57:
                self.takerOrderId = OrderID(rawValue: try reader.sfixed64())
            case 64:
                self.takerAccount = AccountID(rawValue: try reader.uint32())
            case 72:
                self.takerSide = try reader.enumeration(9)
                seen |= 1 << 0
            case 81:
                self.makerFee = Amount(rawValue: try reader.sfixed64())
            case 89:
                self.takerFee = Amount(rawValue: try reader.sfixed64())
            case 97:
                self.executionId = ExecutionID(rawValue: try reader.sfixed64())
            case 104:
                self.makerDone = try reader.bool()
            case 112:
                self.takerDone = try reader.bool()
            default: try reader.skip(tag)
            }
        }
    }
}

/// Two orders of one account or trade group met; no trade. The maker's execution id is given, the taker's is one more.
public struct Prevention: RecordMessage {
    public var preventedMatchId: Int64 = 0
    public var makerOrderId: OrderID = OrderID(rawValue: 0)
    public var makerAccount: AccountID = AccountID(rawValue: 0)
    public var takerOrderId: OrderID = OrderID(rawValue: 0)
    public var takerAccount: AccountID = AccountID(rawValue: 0)
    public var price: Price = Price(rawValue: 0)
    /// Lots that each side lost; 0 when it lost none.
    public var makerQuantity: Quantity = Quantity(rawValue: 0)
    public var takerQuantity: Quantity = Quantity(rawValue: 0)
    public var executionId: ExecutionID = ExecutionID(rawValue: 0)
    public var makerDone: Bool = false
    public var takerDone: Bool = false
    public var mode: SelfTradePrevention = .none
    public var tradeGroup: UInt32 = 0

    @inlinable
    public init() {}

    @inlinable
    public init(
        preventedMatchId: Int64 = 0,
        makerOrderId: OrderID = OrderID(rawValue: 0),
        makerAccount: AccountID = AccountID(rawValue: 0),
        takerOrderId: OrderID = OrderID(rawValue: 0),
        takerAccount: AccountID = AccountID(rawValue: 0),
        price: Price = Price(rawValue: 0),
        makerQuantity: Quantity = Quantity(rawValue: 0),
        takerQuantity: Quantity = Quantity(rawValue: 0),
        executionId: ExecutionID = ExecutionID(rawValue: 0),
        makerDone: Bool = false,
        takerDone: Bool = false,
        mode: SelfTradePrevention = .none,
        tradeGroup: UInt32 = 0
    ) {
        self.preventedMatchId = preventedMatchId
        self.makerOrderId = makerOrderId
        self.makerAccount = makerAccount
        self.takerOrderId = takerOrderId
        self.takerAccount = takerAccount
        self.price = price
        self.makerQuantity = makerQuantity
        self.takerQuantity = takerQuantity
        self.executionId = executionId
        self.makerDone = makerDone
        self.takerDone = takerDone
        self.mode = mode
        self.tradeGroup = tradeGroup
    }
}

extension Prevention {
    @inline(__always)
    package var fieldsBound: Int {
        87
    }

    @inline(__always)
    public var sizeBound: Int { fieldsBound &+ RecordStore.slack }

    public func encode(into writer: inout RecordWriter) {
        writer.commit(to: encodeFields(at: writer.reserve(sizeBound)))
    }

    @inline(__always)
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        if self.preventedMatchId != 0 {
            RecordStore.tag(UInt8(9), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.preventedMatchId), &cursor)
        }
        if self.makerOrderId.rawValue != 0 {
            RecordStore.tag(UInt8(17), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.makerOrderId.rawValue), &cursor)
        }
        if self.makerAccount.rawValue != 0 {
            RecordStore.tag(UInt8(24), &cursor)
            RecordStore.varint(UInt64(self.makerAccount.rawValue), &cursor)
        }
        if self.takerOrderId.rawValue != 0 {
            RecordStore.tag(UInt8(33), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.takerOrderId.rawValue), &cursor)
        }
        if self.takerAccount.rawValue != 0 {
            RecordStore.tag(UInt8(40), &cursor)
            RecordStore.varint(UInt64(self.takerAccount.rawValue), &cursor)
        }
        if self.price.rawValue != 0 {
            RecordStore.tag(UInt8(49), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.price.rawValue), &cursor)
        }
        if self.makerQuantity.rawValue != 0 {
            RecordStore.tag(UInt8(57), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.makerQuantity.rawValue), &cursor)
        }
        if self.takerQuantity.rawValue != 0 {
            RecordStore.tag(UInt8(65), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.takerQuantity.rawValue), &cursor)
        }
        if self.executionId.rawValue != 0 {
            RecordStore.tag(UInt8(73), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.executionId.rawValue), &cursor)
        }
        if self.makerDone {
            RecordStore.tag(UInt8(80), &cursor)
            RecordStore.byte(self.makerDone ? 1 : 0, &cursor)
        }
        if self.takerDone {
            RecordStore.tag(UInt8(88), &cursor)
            RecordStore.byte(self.takerDone ? 1 : 0, &cursor)
        }
        RecordStore.tag(UInt8(96), &cursor)
        RecordStore.byte(self.mode.rawValue, &cursor)
        if self.tradeGroup != 0 {
            RecordStore.tag(UInt8(104), &cursor)
            RecordStore.varint(UInt64(self.tradeGroup), &cursor)
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
        self = Prevention()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        var seen: UInt64 = isFresh ? 0 : ~0
        if reader.take(UInt8(9)) {
            self.preventedMatchId = try reader.sfixed64()
        }
        if reader.take(UInt8(17)) {
            self.makerOrderId = OrderID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(24)) {
            self.makerAccount = AccountID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(33)) {
            self.takerOrderId = OrderID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(40)) {
            self.takerAccount = AccountID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(49)) {
            self.price = Price(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(57)) {
            self.makerQuantity = Quantity(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(65)) {
            self.takerQuantity = Quantity(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(73)) {
            self.executionId = ExecutionID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(80)) {
            self.makerDone = try reader.bool()
        }
        if reader.take(UInt8(88)) {
            self.takerDone = try reader.bool()
        }
        if reader.take(UInt8(96)) {
            self.mode = try reader.enumeration(12)
            seen |= 1 << 0
        }
        if reader.take(UInt8(104)) {
            self.tradeGroup = try reader.uint32()
        }
        if !reader.isAtEnd { try mergeAnyOrder(from: reader.cursor, to: end, &seen) }
        guard seen & (1 << 0) != 0 else { throw .missingField(12) }
    }

    @inline(never)
    private mutating func mergeAnyOrder(from start: UnsafeRawPointer, to end: UnsafeRawPointer, _ seen: inout UInt64) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case 9:
                self.preventedMatchId = try reader.sfixed64()
            case 17:
                self.makerOrderId = OrderID(rawValue: try reader.sfixed64())
            case 24:
                self.makerAccount = AccountID(rawValue: try reader.uint32())
            case 33:
                self.takerOrderId = OrderID(rawValue: try reader.sfixed64())
            case 40:
                self.takerAccount = AccountID(rawValue: try reader.uint32())
            case 49:
                self.price = Price(rawValue: try reader.sfixed64())
            case 57:
                self.makerQuantity = Quantity(rawValue: try reader.sfixed64())
            case 65:
                self.takerQuantity = Quantity(rawValue: try reader.sfixed64())
            case 73:
                self.executionId = ExecutionID(rawValue: try reader.sfixed64())
            case 80:
                self.makerDone = try reader.bool()
            case 88:
                self.takerDone = try reader.bool()
            case 96:
                self.mode = try reader.enumeration(12)
                seen |= 1 << 0
            case 104:
                self.tradeGroup = try reader.uint32()
            default: try reader.skip(tag)
            }
        }
    }
}

/// An order left without being filled (fills and preventions mark their own ends).
public struct OrderDone: RecordMessage {
    public var orderId: OrderID = OrderID(rawValue: 0)
    public var account: AccountID = AccountID(rawValue: 0)
    public var reason: DoneReason = .canceled
    public var executionId: ExecutionID = ExecutionID(rawValue: 0)
    /// Lots filled before.
    public var executed: Quantity = Quantity(rawValue: 0)
    /// The cancel's own client id; empty when no client cancelled.
    public var cancelClientOrderId: ASCIIText = ASCIIText()

    @inlinable
    public init() {}

    @inlinable
    public init(
        orderId: OrderID = OrderID(rawValue: 0),
        account: AccountID = AccountID(rawValue: 0),
        reason: DoneReason = .canceled,
        executionId: ExecutionID = ExecutionID(rawValue: 0),
        executed: Quantity = Quantity(rawValue: 0),
        cancelClientOrderId: ASCIIText = ASCIIText()
    ) {
        self.orderId = orderId
        self.account = account
        self.reason = reason
        self.executionId = executionId
        self.executed = executed
        self.cancelClientOrderId = cancelClientOrderId
    }
}

extension OrderDone {
    @inline(__always)
    package var fieldsBound: Int {
        76
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
        RecordStore.byte(self.reason.rawValue, &cursor)
        if self.executionId.rawValue != 0 {
            RecordStore.tag(UInt8(33), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.executionId.rawValue), &cursor)
        }
        if self.executed.rawValue != 0 {
            RecordStore.tag(UInt8(41), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.executed.rawValue), &cursor)
        }
        if !self.cancelClientOrderId.isEmpty {
            RecordStore.tag(UInt8(50), &cursor)
            RecordStore.ascii(self.cancelClientOrderId, &cursor)
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
        self = OrderDone()
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
            self.reason = try reader.enumeration(3)
            seen |= 1 << 0
        }
        if reader.take(UInt8(33)) {
            self.executionId = ExecutionID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(41)) {
            self.executed = Quantity(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(50)) {
            try reader.ascii(into: &self.cancelClientOrderId)
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
                self.reason = try reader.enumeration(3)
                seen |= 1 << 0
            case 33:
                self.executionId = ExecutionID(rawValue: try reader.sfixed64())
            case 41:
                self.executed = Quantity(rawValue: try reader.sfixed64())
            case 50:
                try reader.ascii(into: &self.cancelClientOrderId)
            default: try reader.skip(tag)
            }
        }
    }
}

public struct OrderAmended: RecordMessage {
    public var orderId: OrderID = OrderID(rawValue: 0)
    public var account: AccountID = AccountID(rawValue: 0)
    public var newQuantity: Quantity = Quantity(rawValue: 0)
    public var origClientOrderId: ASCIIText = ASCIIText()
    public var clientOrderId: ASCIIText = ASCIIText()
    public var executionId: ExecutionID = ExecutionID(rawValue: 0)

    @inlinable
    public init() {}

    @inlinable
    public init(
        orderId: OrderID = OrderID(rawValue: 0),
        account: AccountID = AccountID(rawValue: 0),
        newQuantity: Quantity = Quantity(rawValue: 0),
        origClientOrderId: ASCIIText = ASCIIText(),
        clientOrderId: ASCIIText = ASCIIText(),
        executionId: ExecutionID = ExecutionID(rawValue: 0)
    ) {
        self.orderId = orderId
        self.account = account
        self.newQuantity = newQuantity
        self.origClientOrderId = origClientOrderId
        self.clientOrderId = clientOrderId
        self.executionId = executionId
    }
}

extension OrderAmended {
    @inline(__always)
    package var fieldsBound: Int {
        115
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
        if self.newQuantity.rawValue != 0 {
            RecordStore.tag(UInt8(25), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.newQuantity.rawValue), &cursor)
        }
        if !self.origClientOrderId.isEmpty {
            RecordStore.tag(UInt8(34), &cursor)
            RecordStore.ascii(self.origClientOrderId, &cursor)
        }
        if !self.clientOrderId.isEmpty {
            RecordStore.tag(UInt8(42), &cursor)
            RecordStore.ascii(self.clientOrderId, &cursor)
        }
        if self.executionId.rawValue != 0 {
            RecordStore.tag(UInt8(49), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.executionId.rawValue), &cursor)
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
        self = OrderAmended()
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
            self.newQuantity = Quantity(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(34)) {
            try reader.ascii(into: &self.origClientOrderId)
        }
        if reader.take(UInt8(42)) {
            try reader.ascii(into: &self.clientOrderId)
        }
        if reader.take(UInt8(49)) {
            self.executionId = ExecutionID(rawValue: try reader.sfixed64())
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
                self.newQuantity = Quantity(rawValue: try reader.sfixed64())
            case 34:
                try reader.ascii(into: &self.origClientOrderId)
            case 42:
                try reader.ascii(into: &self.clientOrderId)
            case 49:
                self.executionId = ExecutionID(rawValue: try reader.sfixed64())
            default: try reader.skip(tag)
            }
        }
    }
}

/// A price level's new absolute quantity; 0 removes it. The n-th of a record has update id `first_update_id` + n.
public struct LevelChange: RecordMessage {
    public var side: Side = .buy
    public var price: Price = Price(rawValue: 0)
    public var quantity: Quantity = Quantity(rawValue: 0)

    @inlinable
    public init() {}

    @inlinable
    public init(
        side: Side = .buy,
        price: Price = Price(rawValue: 0),
        quantity: Quantity = Quantity(rawValue: 0)
    ) {
        self.side = side
        self.price = price
        self.quantity = quantity
    }
}

extension LevelChange {
    @inline(__always)
    package var fieldsBound: Int {
        20
    }

    @inline(__always)
    public var sizeBound: Int { fieldsBound &+ RecordStore.slack }

    public func encode(into writer: inout RecordWriter) {
        writer.commit(to: encodeFields(at: writer.reserve(sizeBound)))
    }

    @inline(__always)
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        RecordStore.tag(UInt8(8), &cursor)
        RecordStore.byte(self.side.rawValue, &cursor)
        if self.price.rawValue != 0 {
            RecordStore.tag(UInt8(17), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.price.rawValue), &cursor)
        }
        if self.quantity.rawValue != 0 {
            RecordStore.tag(UInt8(25), &cursor)
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
        self = LevelChange()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        var seen: UInt64 = isFresh ? 0 : ~0
        if reader.take(UInt8(8)) {
            self.side = try reader.enumeration(1)
            seen |= 1 << 0
        }
        if reader.take(UInt8(17)) {
            self.price = Price(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(25)) {
            self.quantity = Quantity(rawValue: try reader.sfixed64())
        }
        if !reader.isAtEnd { try mergeAnyOrder(from: reader.cursor, to: end, &seen) }
        guard seen & (1 << 0) != 0 else { throw .missingField(1) }
    }

    @inline(never)
    private mutating func mergeAnyOrder(from start: UnsafeRawPointer, to end: UnsafeRawPointer, _ seen: inout UInt64) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case 8:
                self.side = try reader.enumeration(1)
                seen |= 1 << 0
            case 17:
                self.price = Price(rawValue: try reader.sfixed64())
            case 25:
                self.quantity = Quantity(rawValue: try reader.sfixed64())
            default: try reader.skip(tag)
            }
        }
    }
}

/// A market as the engine has it in force.
public struct InstrumentReport: RecordMessage {
    public var revision: UInt64 = 0
    public var status: TradingStatus = .trading
    public var quotePerTickLot: Int64 = 0
    public var basePerLot: Int64 = 0
    public var symbol: ASCIIText = ASCIIText()
    public var tickSize: Int64 = 0
    public var stepSize: Int64 = 0
    public var baseDecimals: UInt32 = 0
    public var quoteDecimals: UInt32 = 0

    @inlinable
    public init() {}

    @inlinable
    public init(
        revision: UInt64 = 0,
        status: TradingStatus = .trading,
        quotePerTickLot: Int64 = 0,
        basePerLot: Int64 = 0,
        symbol: ASCIIText = ASCIIText(),
        tickSize: Int64 = 0,
        stepSize: Int64 = 0,
        baseDecimals: UInt32 = 0,
        quoteDecimals: UInt32 = 0
    ) {
        self.revision = revision
        self.status = status
        self.quotePerTickLot = quotePerTickLot
        self.basePerLot = basePerLot
        self.symbol = symbol
        self.tickSize = tickSize
        self.stepSize = stepSize
        self.baseDecimals = baseDecimals
        self.quoteDecimals = quoteDecimals
    }
}

extension InstrumentReport {
    @inline(__always)
    package var fieldsBound: Int {
        100
    }

    @inline(__always)
    public var sizeBound: Int { fieldsBound &+ RecordStore.slack }

    public func encode(into writer: inout RecordWriter) {
        writer.commit(to: encodeFields(at: writer.reserve(sizeBound)))
    }

    @inline(__always)
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        if self.revision != 0 {
            RecordStore.tag(UInt8(9), &cursor)
            RecordStore.fixed64(self.revision, &cursor)
        }
        RecordStore.tag(UInt8(16), &cursor)
        RecordStore.byte(self.status.rawValue, &cursor)
        if self.quotePerTickLot != 0 {
            RecordStore.tag(UInt8(25), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.quotePerTickLot), &cursor)
        }
        if self.basePerLot != 0 {
            RecordStore.tag(UInt8(33), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.basePerLot), &cursor)
        }
        if !self.symbol.isEmpty {
            RecordStore.tag(UInt8(42), &cursor)
            RecordStore.ascii(self.symbol, &cursor)
        }
        if self.tickSize != 0 {
            RecordStore.tag(UInt8(49), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.tickSize), &cursor)
        }
        if self.stepSize != 0 {
            RecordStore.tag(UInt8(57), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.stepSize), &cursor)
        }
        if self.baseDecimals != 0 {
            RecordStore.tag(UInt8(64), &cursor)
            RecordStore.varint(UInt64(self.baseDecimals), &cursor)
        }
        if self.quoteDecimals != 0 {
            RecordStore.tag(UInt8(72), &cursor)
            RecordStore.varint(UInt64(self.quoteDecimals), &cursor)
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
        self = InstrumentReport()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        var seen: UInt64 = isFresh ? 0 : ~0
        if reader.take(UInt8(9)) {
            self.revision = try reader.fixed64()
        }
        if reader.take(UInt8(16)) {
            self.status = try reader.enumeration(2)
            seen |= 1 << 0
        }
        if reader.take(UInt8(25)) {
            self.quotePerTickLot = try reader.sfixed64()
        }
        if reader.take(UInt8(33)) {
            self.basePerLot = try reader.sfixed64()
        }
        if reader.take(UInt8(42)) {
            try reader.ascii(into: &self.symbol)
        }
        if reader.take(UInt8(49)) {
            self.tickSize = try reader.sfixed64()
        }
        if reader.take(UInt8(57)) {
            self.stepSize = try reader.sfixed64()
        }
        if reader.take(UInt8(64)) {
            self.baseDecimals = try reader.uint32()
        }
        if reader.take(UInt8(72)) {
            self.quoteDecimals = try reader.uint32()
        }
        if !reader.isAtEnd { try mergeAnyOrder(from: reader.cursor, to: end, &seen) }
        guard seen & (1 << 0) != 0 else { throw .missingField(2) }
    }

    @inline(never)
    private mutating func mergeAnyOrder(from start: UnsafeRawPointer, to end: UnsafeRawPointer, _ seen: inout UInt64) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case 9:
                self.revision = try reader.fixed64()
            case 16:
                self.status = try reader.enumeration(2)
                seen |= 1 << 0
            case 25:
                self.quotePerTickLot = try reader.sfixed64()
            case 33:
                self.basePerLot = try reader.sfixed64()
            case 42:
                try reader.ascii(into: &self.symbol)
            case 49:
                self.tickSize = try reader.sfixed64()
            case 57:
                self.stepSize = try reader.sfixed64()
            case 64:
                self.baseDecimals = try reader.uint32()
            case 72:
                self.quoteDecimals = try reader.uint32()
            default: try reader.skip(tag)
            }
        }
    }
}

/// All that one input did. Execution ids give the order of events within it.
public struct Execution: RecordMessage {
    public var instrument: InstrumentID = InstrumentID(rawValue: 0)
    /// By ledger partition: the last number of that ledger-service's writer that the engine has applied,
    public var ledgerApplied: [UInt64] = []
    /// and the last number that the engine has written into it.
    public var ledgerWritten: [UInt64] = []
    public var accepted: OrderAccepted? = nil
    public var trades: [Trade] = []
    public var done: [OrderDone] = []
    public var levels: [LevelChange] = []
    public var firstUpdateId: UpdateID = UpdateID(rawValue: 0)
    public var preventions: [Prevention] = []
    public var amended: OrderAmended? = nil
    public var refusal: Refusal? = nil
    public var report: InstrumentReport? = nil
    /// Parts of one input's effects are numbered from 0; a reader applies them all at the last.
    public var part: UInt32 = 0
    public var moreParts: Bool = false

    @inlinable
    public init() {}

    @inlinable
    public init(
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        ledgerApplied: [UInt64] = [],
        ledgerWritten: [UInt64] = [],
        accepted: OrderAccepted? = nil,
        trades: [Trade] = [],
        done: [OrderDone] = [],
        levels: [LevelChange] = [],
        firstUpdateId: UpdateID = UpdateID(rawValue: 0),
        preventions: [Prevention] = [],
        amended: OrderAmended? = nil,
        refusal: Refusal? = nil,
        report: InstrumentReport? = nil,
        part: UInt32 = 0,
        moreParts: Bool = false
    ) {
        self.instrument = instrument
        self.ledgerApplied = ledgerApplied
        self.ledgerWritten = ledgerWritten
        self.accepted = accepted
        self.trades = trades
        self.done = done
        self.levels = levels
        self.firstUpdateId = firstUpdateId
        self.preventions = preventions
        self.amended = amended
        self.refusal = refusal
        self.report = report
        self.part = part
        self.moreParts = moreParts
    }
}

extension Execution {
    @inline(__always)
    package var fieldsBound: Int {
        var bound = 492
        bound &+= self.ledgerApplied.count &* 8
        bound &+= self.ledgerWritten.count &* 8
        bound &+= self.trades.count &* 101
        bound &+= self.done.count &* 78
        bound &+= self.levels.count &* 22
        bound &+= self.preventions.count &* 89
        return bound
    }

    @inline(__always)
    public var sizeBound: Int { fieldsBound &+ RecordStore.slack }

    public func encode(into writer: inout RecordWriter) {
        writer.commit(to: encodeFields(at: writer.reserve(sizeBound)))
    }

    public static func encode(_ record: UnsafePointer<Execution>, into writer: inout RecordWriter) {
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
        if !self.ledgerApplied.isEmpty {
            RecordStore.tag(UInt8(18), &cursor)
            RecordStore.varint(UInt64(self.ledgerApplied.count &* 8), &cursor)
            for index in 0..<self.ledgerApplied.count {
                RecordStore.fixed64(self.ledgerApplied[index], &cursor)
            }
        }
        if !self.ledgerWritten.isEmpty {
            RecordStore.tag(UInt8(26), &cursor)
            RecordStore.varint(UInt64(self.ledgerWritten.count &* 8), &cursor)
            for index in 0..<self.ledgerWritten.count {
                RecordStore.fixed64(self.ledgerWritten[index], &cursor)
            }
        }
        if let value = self.accepted {
            RecordStore.tag(UInt8(34), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        for index in 0..<self.trades.count {
            RecordStore.tag(UInt8(42), &cursor)
            let body = cursor
            cursor = self.trades[index].encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        for index in 0..<self.done.count {
            RecordStore.tag(UInt8(50), &cursor)
            let body = cursor
            cursor = self.done[index].encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        for index in 0..<self.levels.count {
            RecordStore.tag(UInt8(58), &cursor)
            let body = cursor
            cursor = self.levels[index].encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        if self.firstUpdateId.rawValue != 0 {
            RecordStore.tag(UInt8(65), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.firstUpdateId.rawValue), &cursor)
        }
        for index in 0..<self.preventions.count {
            RecordStore.tag(UInt8(74), &cursor)
            let body = cursor
            cursor = self.preventions[index].encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        if let value = self.amended {
            RecordStore.tag(UInt8(82), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        if let value = self.refusal {
            RecordStore.tag(UInt8(90), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        if let value = self.report {
            RecordStore.tag(UInt8(98), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
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
        self.ledgerApplied.empty()
        self.ledgerWritten.empty()
        self.accepted = nil
        self.trades.empty()
        self.done.empty()
        self.levels.empty()
        self.firstUpdateId = UpdateID(rawValue: 0)
        self.preventions.empty()
        self.amended = nil
        self.refusal = nil
        self.report = nil
        self.part = 0
        self.moreParts = false
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(8)) {
            self.instrument = InstrumentID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(18)) {
            var packed = try reader.delimited()
            self.ledgerApplied.makeRoom(for: packed.remaining / 8)
            while !packed.isAtEnd { self.ledgerApplied.append(try packed.fixed64()) }
        }
        if reader.take(UInt8(26)) {
            var packed = try reader.delimited()
            self.ledgerWritten.makeRoom(for: packed.remaining / 8)
            while !packed.isAtEnd { self.ledgerWritten.append(try packed.fixed64()) }
        }
        if reader.take(UInt8(34)) {
            let body = try reader.delimited()
            let isFresh = self.accepted == nil
            if isFresh { self.accepted = OrderAccepted() }
            try self.accepted?.merge(from: body.cursor, to: body.end, isFresh: isFresh)
        }
        if reader.take(UInt8(42)) {
            if self.trades.capacity == 0 {
                self.trades.reserveCapacity(RecordReader.countRun(of: 42, reader.cursor, end))
            }
            repeat {
                let body = try reader.delimited()
                self.trades.append(Trade())
                try self.trades[self.trades.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            } while reader.take(UInt8(42))
        }
        if reader.take(UInt8(50)) {
            if self.done.capacity == 0 {
                self.done.reserveCapacity(RecordReader.countRun(of: 50, reader.cursor, end))
            }
            repeat {
                let body = try reader.delimited()
                self.done.append(OrderDone())
                try self.done[self.done.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            } while reader.take(UInt8(50))
        }
        if reader.take(UInt8(58)) {
            if self.levels.capacity == 0 {
                self.levels.reserveCapacity(RecordReader.countRun(of: 58, reader.cursor, end))
            }
            repeat {
                let body = try reader.delimited()
                self.levels.append(LevelChange())
                try self.levels[self.levels.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            } while reader.take(UInt8(58))
        }
        if reader.take(UInt8(65)) {
            self.firstUpdateId = UpdateID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(74)) {
            if self.preventions.capacity == 0 {
                self.preventions.reserveCapacity(RecordReader.countRun(of: 74, reader.cursor, end))
            }
            repeat {
                let body = try reader.delimited()
                self.preventions.append(Prevention())
                try self.preventions[self.preventions.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            } while reader.take(UInt8(74))
        }
        if reader.take(UInt8(82)) {
            let body = try reader.delimited()
            let isFresh = self.amended == nil
            if isFresh { self.amended = OrderAmended() }
            try self.amended?.merge(from: body.cursor, to: body.end, isFresh: isFresh)
        }
        if reader.take(UInt8(90)) {
            let body = try reader.delimited()
            let isFresh = self.refusal == nil
            if isFresh { self.refusal = Refusal() }
            try self.refusal?.merge(from: body.cursor, to: body.end, isFresh: isFresh)
        }
        if reader.take(UInt8(98)) {
            let body = try reader.delimited()
            let isFresh = self.report == nil
            if isFresh { self.report = InstrumentReport() }
            try self.report?.merge(from: body.cursor, to: body.end, isFresh: isFresh)
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
            case 18:
                var packed = try reader.delimited()
                self.ledgerApplied.makeRoom(for: packed.remaining / 8)
                while !packed.isAtEnd { self.ledgerApplied.append(try packed.fixed64()) }
            case 17:
                self.ledgerApplied.append(try reader.fixed64())
            case 26:
                var packed = try reader.delimited()
                self.ledgerWritten.makeRoom(for: packed.remaining / 8)
                while !packed.isAtEnd { self.ledgerWritten.append(try packed.fixed64()) }
            case 25:
                self.ledgerWritten.append(try reader.fixed64())
            case 34:
                let body = try reader.delimited()
                let isFresh = self.accepted == nil
                if isFresh { self.accepted = OrderAccepted() }
                try self.accepted?.merge(from: body.cursor, to: body.end, isFresh: isFresh)
            case 42:
                let body = try reader.delimited()
                self.trades.append(Trade())
                try self.trades[self.trades.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            case 50:
                let body = try reader.delimited()
                self.done.append(OrderDone())
                try self.done[self.done.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            case 58:
                let body = try reader.delimited()
                self.levels.append(LevelChange())
                try self.levels[self.levels.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            case 65:
                self.firstUpdateId = UpdateID(rawValue: try reader.sfixed64())
            case 74:
                let body = try reader.delimited()
                self.preventions.append(Prevention())
                try self.preventions[self.preventions.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            case 82:
                let body = try reader.delimited()
                let isFresh = self.amended == nil
                if isFresh { self.amended = OrderAmended() }
                try self.amended?.merge(from: body.cursor, to: body.end, isFresh: isFresh)
            case 90:
                let body = try reader.delimited()
                let isFresh = self.refusal == nil
                if isFresh { self.refusal = Refusal() }
                try self.refusal?.merge(from: body.cursor, to: body.end, isFresh: isFresh)
            case 98:
                let body = try reader.delimited()
                let isFresh = self.report == nil
                if isFresh { self.report = InstrumentReport() }
                try self.report?.merge(from: body.cursor, to: body.end, isFresh: isFresh)
            case 104:
                self.part = try reader.uint32()
            case 112:
                self.moreParts = try reader.bool()
            default: try reader.skip(tag)
            }
        }
    }
}

/// Log time goes on; carries no number.
public struct EngineTick: RecordMessage {
    public var ledgerApplied: [UInt64] = []
    public var ledgerWritten: [UInt64] = []

    @inlinable
    public init() {}

    @inlinable
    public init(
        ledgerApplied: [UInt64] = [],
        ledgerWritten: [UInt64] = []
    ) {
        self.ledgerApplied = ledgerApplied
        self.ledgerWritten = ledgerWritten
    }
}

extension EngineTick {
    @inline(__always)
    package var fieldsBound: Int {
        var bound = 12
        bound &+= self.ledgerApplied.count &* 8
        bound &+= self.ledgerWritten.count &* 8
        return bound
    }

    @inline(__always)
    public var sizeBound: Int { fieldsBound &+ RecordStore.slack }

    public func encode(into writer: inout RecordWriter) {
        writer.commit(to: encodeFields(at: writer.reserve(sizeBound)))
    }

    public static func encode(_ record: UnsafePointer<EngineTick>, into writer: inout RecordWriter) {
        let start = writer.reserve(record.pointee.sizeBound)
        writer.commit(to: record.pointee.encodeFields(at: start))
    }

    @inline(__always)
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        if !self.ledgerApplied.isEmpty {
            RecordStore.tag(UInt8(10), &cursor)
            RecordStore.varint(UInt64(self.ledgerApplied.count &* 8), &cursor)
            for index in 0..<self.ledgerApplied.count {
                RecordStore.fixed64(self.ledgerApplied[index], &cursor)
            }
        }
        if !self.ledgerWritten.isEmpty {
            RecordStore.tag(UInt8(18), &cursor)
            RecordStore.varint(UInt64(self.ledgerWritten.count &* 8), &cursor)
            for index in 0..<self.ledgerWritten.count {
                RecordStore.fixed64(self.ledgerWritten[index], &cursor)
            }
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
        self.ledgerApplied.empty()
        self.ledgerWritten.empty()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(10)) {
            var packed = try reader.delimited()
            self.ledgerApplied.makeRoom(for: packed.remaining / 8)
            while !packed.isAtEnd { self.ledgerApplied.append(try packed.fixed64()) }
        }
        if reader.take(UInt8(18)) {
            var packed = try reader.delimited()
            self.ledgerWritten.makeRoom(for: packed.remaining / 8)
            while !packed.isAtEnd { self.ledgerWritten.append(try packed.fixed64()) }
        }
        if !reader.isAtEnd { try mergeAnyOrder(from: reader.cursor, to: end) }
    }

    @inline(never)
    private mutating func mergeAnyOrder(from start: UnsafeRawPointer, to end: UnsafeRawPointer) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case 10:
                var packed = try reader.delimited()
                self.ledgerApplied.makeRoom(for: packed.remaining / 8)
                while !packed.isAtEnd { self.ledgerApplied.append(try packed.fixed64()) }
            case 9:
                self.ledgerApplied.append(try reader.fixed64())
            case 18:
                var packed = try reader.delimited()
                self.ledgerWritten.makeRoom(for: packed.remaining / 8)
                while !packed.isAtEnd { self.ledgerWritten.append(try packed.fixed64()) }
            case 17:
                self.ledgerWritten.append(try reader.fixed64())
            default: try reader.skip(tag)
            }
        }
    }
}

public enum ExecutionsRecord: RecordUnion {
    case execution(Execution)
    case tick(EngineTick)
}

extension ExecutionsRecord {
    public static let typeNames: [UInt32: String] = [
        1: "execution",
        16: "tick",
    ]

    /// The numbers of the record types, to tell them apart before a payload is decoded.
    public enum Number {
        public static let execution: UInt32 = 1
        public static let tick: UInt32 = 16
    }

    public var type: UInt32 {
        switch self {
        case .execution: 1
        case .tick: 16
        }
    }

    public init(type: UInt32, payload: RawSpan) throws(RecordError) {
        let reader = RecordReader(payload)
        switch type {
        case 1:
            var value = Execution()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .execution(value)
        case 16:
            var value = EngineTick()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .tick(value)
        default: throw .unknownType(type)
        }
    }

    public func encodePayload(into writer: inout RecordWriter) {
        switch self {
        case .execution(let value): value.encode(into: &writer)
        case .tick(let value): value.encode(into: &writer)
        }
    }

    public var payloadSizeBound: Int {
        switch self {
        case .execution(let value): value.sizeBound
        case .tick(let value): value.sizeBound
        }
    }

    package var fieldsBound: Int {
        switch self {
        case .execution(let value): value.fieldsBound &+ 6
        case .tick(let value): value.fieldsBound &+ 7
        }
    }

    /// Writes the union as a message: its one field with tag and length.
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        switch self {
        case .execution(let value):
            RecordStore.tag(UInt8(10), &cursor)
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
    package init(mergingInto old: ExecutionsRecord?, from start: UnsafeRawPointer, to end: UnsafeRawPointer) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        var result = old
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case 10:
                let body = try reader.delimited()
                var value = Execution()
                var isFresh = true
                if case .execution(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .execution(value)
            case 130:
                let body = try reader.delimited()
                var value = EngineTick()
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
