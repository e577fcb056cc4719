// Written by scripts/generate-records from orders.proto; changes belong there.
// swift-format-ignore-file

import TradingCore

/// A client's new order. Prices are quote minor units for one whole base unit, quantities base minor units.
public struct PlaceOrder: RecordMessage {
    public var account: AccountID = AccountID(rawValue: 0)
    public var instrument: InstrumentID = InstrumentID(rawValue: 0)
    public var clientOrderId: ASCIIText = ASCIIText()
    public var side: Side = .buy
    public var type: OrderType = .limit
    public var timeInForce: TimeInForce = .goodTillCanceled
    public var quantity: Int64 = 0
    public var price: Int64 = 0
    /// Quote minor units; of a market order by quote amount.
    public var quoteQuantity: Amount = Amount(rawValue: 0)
    public var selfTradePrevention: SelfTradePrevention = .none
    /// The client's timestamp and the end of its time window, milliseconds.
    public var timestamp: Timestamp = Timestamp(rawValue: 0)
    public var deadline: Timestamp = Timestamp(rawValue: 0)
    public var strategyId: UInt64 = 0
    public var strategyType: UInt32 = 0
    /// Validated and answered, never passed to the engine.
    public var test: Bool = false
    public var stopPrice: Int64 = 0

    @inlinable
    public init() {}

    @inlinable
    public init(
        account: AccountID = AccountID(rawValue: 0),
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        clientOrderId: ASCIIText = ASCIIText(),
        side: Side = .buy,
        type: OrderType = .limit,
        timeInForce: TimeInForce = .goodTillCanceled,
        quantity: Int64 = 0,
        price: Int64 = 0,
        quoteQuantity: Amount = Amount(rawValue: 0),
        selfTradePrevention: SelfTradePrevention = .none,
        timestamp: Timestamp = Timestamp(rawValue: 0),
        deadline: Timestamp = Timestamp(rawValue: 0),
        strategyId: UInt64 = 0,
        strategyType: UInt32 = 0,
        test: Bool = false,
        stopPrice: Int64 = 0
    ) {
        self.account = account
        self.instrument = instrument
        self.clientOrderId = clientOrderId
        self.side = side
        self.type = type
        self.timeInForce = timeInForce
        self.quantity = quantity
        self.price = price
        self.quoteQuantity = quoteQuantity
        self.selfTradePrevention = selfTradePrevention
        self.timestamp = timestamp
        self.deadline = deadline
        self.strategyId = strategyId
        self.strategyType = strategyType
        self.test = test
        self.stopPrice = stopPrice
    }
}

extension PlaceOrder {
    @inline(__always)
    package var fieldsBound: Int {
        133
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
        if self.quantity != 0 {
            RecordStore.tag(UInt8(57), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.quantity), &cursor)
        }
        if self.price != 0 {
            RecordStore.tag(UInt8(65), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.price), &cursor)
        }
        if self.quoteQuantity.rawValue != 0 {
            RecordStore.tag(UInt8(73), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.quoteQuantity.rawValue), &cursor)
        }
        RecordStore.tag(UInt8(80), &cursor)
        RecordStore.byte(self.selfTradePrevention.rawValue, &cursor)
        if self.timestamp.rawValue != 0 {
            RecordStore.tag(UInt8(89), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.timestamp.rawValue), &cursor)
        }
        if self.deadline.rawValue != 0 {
            RecordStore.tag(UInt8(97), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.deadline.rawValue), &cursor)
        }
        if self.strategyId != 0 {
            RecordStore.tag(UInt8(105), &cursor)
            RecordStore.fixed64(self.strategyId, &cursor)
        }
        if self.strategyType != 0 {
            RecordStore.tag(UInt8(112), &cursor)
            RecordStore.varint(UInt64(self.strategyType), &cursor)
        }
        if self.test {
            RecordStore.tag(UInt8(120), &cursor)
            RecordStore.byte(self.test ? 1 : 0, &cursor)
        }
        if self.stopPrice != 0 {
            RecordStore.tag(UInt16(385), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.stopPrice), &cursor)
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
        self = PlaceOrder()
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
            self.quantity = try reader.sfixed64()
        }
        if reader.take(UInt8(65)) {
            self.price = try reader.sfixed64()
        }
        if reader.take(UInt8(73)) {
            self.quoteQuantity = Amount(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(80)) {
            self.selfTradePrevention = try reader.enumeration(10)
            seen |= 1 << 3
        }
        if reader.take(UInt8(89)) {
            self.timestamp = Timestamp(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(97)) {
            self.deadline = Timestamp(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(105)) {
            self.strategyId = try reader.fixed64()
        }
        if reader.take(UInt8(112)) {
            self.strategyType = try reader.uint32()
        }
        if reader.take(UInt8(120)) {
            self.test = try reader.bool()
        }
        if reader.take(UInt16(385)) {
            self.stopPrice = try reader.sfixed64()
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
            case 8:
                self.account = AccountID(rawValue: try reader.uint32())
            case 16:
                self.instrument = InstrumentID(rawValue: try reader.uint32())
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
                self.quantity = try reader.sfixed64()
            case 65:
                self.price = try reader.sfixed64()
            case 73:
                self.quoteQuantity = Amount(rawValue: try reader.sfixed64())
            case 80:
                self.selfTradePrevention = try reader.enumeration(10)
                seen |= 1 << 3
            case 89:
                self.timestamp = Timestamp(rawValue: try reader.sfixed64())
            case 97:
                self.deadline = Timestamp(rawValue: try reader.sfixed64())
            case 105:
                self.strategyId = try reader.fixed64()
            case 112:
                self.strategyType = try reader.uint32()
            case 120:
                self.test = try reader.bool()
            case 129:
                self.stopPrice = try reader.sfixed64()
            default: try reader.skip(tag)
            }
        }
    }
}

public struct CancelOrder: RecordMessage {
    public var account: AccountID = AccountID(rawValue: 0)
    public var instrument: InstrumentID = InstrumentID(rawValue: 0)
    /// 0 when the order is named by client id only; ledger-service fills it in.
    public var orderId: OrderID = OrderID(rawValue: 0)
    public var origClientOrderId: ASCIIText = ASCIIText()
    /// The cancel's own id.
    public var clientOrderId: ASCIIText = ASCIIText()
    public var restriction: CancelRestriction = .none
    public var timestamp: Timestamp = Timestamp(rawValue: 0)
    public var deadline: Timestamp = Timestamp(rawValue: 0)

    @inlinable
    public init() {}

    @inlinable
    public init(
        account: AccountID = AccountID(rawValue: 0),
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        orderId: OrderID = OrderID(rawValue: 0),
        origClientOrderId: ASCIIText = ASCIIText(),
        clientOrderId: ASCIIText = ASCIIText(),
        restriction: CancelRestriction = .none,
        timestamp: Timestamp = Timestamp(rawValue: 0),
        deadline: Timestamp = Timestamp(rawValue: 0)
    ) {
        self.account = account
        self.instrument = instrument
        self.orderId = orderId
        self.origClientOrderId = origClientOrderId
        self.clientOrderId = clientOrderId
        self.restriction = restriction
        self.timestamp = timestamp
        self.deadline = deadline
    }
}

extension CancelOrder {
    @inline(__always)
    package var fieldsBound: Int {
        123
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
        if self.orderId.rawValue != 0 {
            RecordStore.tag(UInt8(25), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.orderId.rawValue), &cursor)
        }
        if !self.origClientOrderId.isEmpty {
            RecordStore.tag(UInt8(34), &cursor)
            RecordStore.ascii(self.origClientOrderId, &cursor)
        }
        if !self.clientOrderId.isEmpty {
            RecordStore.tag(UInt8(42), &cursor)
            RecordStore.ascii(self.clientOrderId, &cursor)
        }
        RecordStore.tag(UInt8(48), &cursor)
        RecordStore.byte(self.restriction.rawValue, &cursor)
        if self.timestamp.rawValue != 0 {
            RecordStore.tag(UInt8(57), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.timestamp.rawValue), &cursor)
        }
        if self.deadline.rawValue != 0 {
            RecordStore.tag(UInt8(65), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.deadline.rawValue), &cursor)
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
        self = CancelOrder()
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
        if reader.take(UInt8(25)) {
            self.orderId = OrderID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(34)) {
            try reader.ascii(into: &self.origClientOrderId)
        }
        if reader.take(UInt8(42)) {
            try reader.ascii(into: &self.clientOrderId)
        }
        if reader.take(UInt8(48)) {
            self.restriction = try reader.enumeration(6)
            seen |= 1 << 0
        }
        if reader.take(UInt8(57)) {
            self.timestamp = Timestamp(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(65)) {
            self.deadline = Timestamp(rawValue: try reader.sfixed64())
        }
        if !reader.isAtEnd { try mergeAnyOrder(from: reader.cursor, to: end, &seen) }
        guard seen & (1 << 0) != 0 else { throw .missingField(6) }
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
            case 25:
                self.orderId = OrderID(rawValue: try reader.sfixed64())
            case 34:
                try reader.ascii(into: &self.origClientOrderId)
            case 42:
                try reader.ascii(into: &self.clientOrderId)
            case 48:
                self.restriction = try reader.enumeration(6)
                seen |= 1 << 0
            case 57:
                self.timestamp = Timestamp(rawValue: try reader.sfixed64())
            case 65:
                self.deadline = Timestamp(rawValue: try reader.sfixed64())
            default: try reader.skip(tag)
            }
        }
    }
}

/// Every open order of an account in a market; instrument 0: in all, account 0: of all (the kill switch).
public struct CancelAll: RecordMessage {
    public var account: AccountID = AccountID(rawValue: 0)
    public var instrument: InstrumentID = InstrumentID(rawValue: 0)
    public var reason: DoneReason = .canceled
    public var timestamp: Timestamp = Timestamp(rawValue: 0)
    /// 0 for the kill switch.
    public var deadline: Timestamp = Timestamp(rawValue: 0)

    @inlinable
    public init() {}

    @inlinable
    public init(
        account: AccountID = AccountID(rawValue: 0),
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        reason: DoneReason = .canceled,
        timestamp: Timestamp = Timestamp(rawValue: 0),
        deadline: Timestamp = Timestamp(rawValue: 0)
    ) {
        self.account = account
        self.instrument = instrument
        self.reason = reason
        self.timestamp = timestamp
        self.deadline = deadline
    }
}

extension CancelAll {
    @inline(__always)
    package var fieldsBound: Int {
        32
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
        if self.timestamp.rawValue != 0 {
            RecordStore.tag(UInt8(33), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.timestamp.rawValue), &cursor)
        }
        if self.deadline.rawValue != 0 {
            RecordStore.tag(UInt8(41), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.deadline.rawValue), &cursor)
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
        self = CancelAll()
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
        if reader.take(UInt8(33)) {
            self.timestamp = Timestamp(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(41)) {
            self.deadline = Timestamp(rawValue: try reader.sfixed64())
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
            case 33:
                self.timestamp = Timestamp(rawValue: try reader.sfixed64())
            case 41:
                self.deadline = Timestamp(rawValue: try reader.sfixed64())
            default: try reader.skip(tag)
            }
        }
    }
}

/// A smaller quantity for an open order, which keeps its place.
public struct AmendOrder: RecordMessage {
    public var account: AccountID = AccountID(rawValue: 0)
    public var instrument: InstrumentID = InstrumentID(rawValue: 0)
    public var orderId: OrderID = OrderID(rawValue: 0)
    public var origClientOrderId: ASCIIText = ASCIIText()
    /// The order's id from now on; empty: unchanged.
    public var clientOrderId: ASCIIText = ASCIIText()
    /// The new quantity in base minor units.
    public var newQuantity: Int64 = 0
    /// The same in lots, filled in by order-service.
    public var newLots: Quantity = Quantity(rawValue: 0)
    public var timestamp: Timestamp = Timestamp(rawValue: 0)
    public var deadline: Timestamp = Timestamp(rawValue: 0)

    @inlinable
    public init() {}

    @inlinable
    public init(
        account: AccountID = AccountID(rawValue: 0),
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        orderId: OrderID = OrderID(rawValue: 0),
        origClientOrderId: ASCIIText = ASCIIText(),
        clientOrderId: ASCIIText = ASCIIText(),
        newQuantity: Int64 = 0,
        newLots: Quantity = Quantity(rawValue: 0),
        timestamp: Timestamp = Timestamp(rawValue: 0),
        deadline: Timestamp = Timestamp(rawValue: 0)
    ) {
        self.account = account
        self.instrument = instrument
        self.orderId = orderId
        self.origClientOrderId = origClientOrderId
        self.clientOrderId = clientOrderId
        self.newQuantity = newQuantity
        self.newLots = newLots
        self.timestamp = timestamp
        self.deadline = deadline
    }
}

extension AmendOrder {
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
        if self.account.rawValue != 0 {
            RecordStore.tag(UInt8(8), &cursor)
            RecordStore.varint(UInt64(self.account.rawValue), &cursor)
        }
        if self.instrument.rawValue != 0 {
            RecordStore.tag(UInt8(16), &cursor)
            RecordStore.varint(UInt64(self.instrument.rawValue), &cursor)
        }
        if self.orderId.rawValue != 0 {
            RecordStore.tag(UInt8(25), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.orderId.rawValue), &cursor)
        }
        if !self.origClientOrderId.isEmpty {
            RecordStore.tag(UInt8(34), &cursor)
            RecordStore.ascii(self.origClientOrderId, &cursor)
        }
        if !self.clientOrderId.isEmpty {
            RecordStore.tag(UInt8(42), &cursor)
            RecordStore.ascii(self.clientOrderId, &cursor)
        }
        if self.newQuantity != 0 {
            RecordStore.tag(UInt8(49), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.newQuantity), &cursor)
        }
        if self.newLots.rawValue != 0 {
            RecordStore.tag(UInt8(57), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.newLots.rawValue), &cursor)
        }
        if self.timestamp.rawValue != 0 {
            RecordStore.tag(UInt8(65), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.timestamp.rawValue), &cursor)
        }
        if self.deadline.rawValue != 0 {
            RecordStore.tag(UInt8(73), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.deadline.rawValue), &cursor)
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
        self = AmendOrder()
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
        if reader.take(UInt8(25)) {
            self.orderId = OrderID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(34)) {
            try reader.ascii(into: &self.origClientOrderId)
        }
        if reader.take(UInt8(42)) {
            try reader.ascii(into: &self.clientOrderId)
        }
        if reader.take(UInt8(49)) {
            self.newQuantity = try reader.sfixed64()
        }
        if reader.take(UInt8(57)) {
            self.newLots = Quantity(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(65)) {
            self.timestamp = Timestamp(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(73)) {
            self.deadline = Timestamp(rawValue: try reader.sfixed64())
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
            case 25:
                self.orderId = OrderID(rawValue: try reader.sfixed64())
            case 34:
                try reader.ascii(into: &self.origClientOrderId)
            case 42:
                try reader.ascii(into: &self.clientOrderId)
            case 49:
                self.newQuantity = try reader.sfixed64()
            case 57:
                self.newLots = Quantity(rawValue: try reader.sfixed64())
            case 65:
                self.timestamp = Timestamp(rawValue: try reader.sfixed64())
            case 73:
                self.deadline = Timestamp(rawValue: try reader.sfixed64())
            default: try reader.skip(tag)
            }
        }
    }
}

/// A query for an order that the gateway does not know: it comes back once everything before it has been applied.
public struct Marker: RecordMessage {
    public var account: AccountID = AccountID(rawValue: 0)
    public var instrument: InstrumentID = InstrumentID(rawValue: 0)
    public var orderId: OrderID = OrderID(rawValue: 0)
    public var clientOrderId: ASCIIText = ASCIIText()
    public var timestamp: Timestamp = Timestamp(rawValue: 0)

    @inlinable
    public init() {}

    @inlinable
    public init(
        account: AccountID = AccountID(rawValue: 0),
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        orderId: OrderID = OrderID(rawValue: 0),
        clientOrderId: ASCIIText = ASCIIText(),
        timestamp: Timestamp = Timestamp(rawValue: 0)
    ) {
        self.account = account
        self.instrument = instrument
        self.orderId = orderId
        self.clientOrderId = clientOrderId
        self.timestamp = timestamp
    }
}

extension Marker {
    @inline(__always)
    package var fieldsBound: Int {
        71
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
        if self.orderId.rawValue != 0 {
            RecordStore.tag(UInt8(25), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.orderId.rawValue), &cursor)
        }
        if !self.clientOrderId.isEmpty {
            RecordStore.tag(UInt8(34), &cursor)
            RecordStore.ascii(self.clientOrderId, &cursor)
        }
        if self.timestamp.rawValue != 0 {
            RecordStore.tag(UInt8(41), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.timestamp.rawValue), &cursor)
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
        self = Marker()
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
        if reader.take(UInt8(25)) {
            self.orderId = OrderID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(34)) {
            try reader.ascii(into: &self.clientOrderId)
        }
        if reader.take(UInt8(41)) {
            self.timestamp = Timestamp(rawValue: try reader.sfixed64())
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
            case 25:
                self.orderId = OrderID(rawValue: try reader.sfixed64())
            case 34:
                try reader.ascii(into: &self.clientOrderId)
            case 41:
                self.timestamp = Timestamp(rawValue: try reader.sfixed64())
            default: try reader.skip(tag)
            }
        }
    }
}

public struct Deposit: RecordMessage {
    public var account: AccountID = AccountID(rawValue: 0)
    public var asset: AssetID = AssetID(rawValue: 0)
    public var amount: Amount = Amount(rawValue: 0)
    /// Taken for good: a repeated reference of the account changes nothing and gives the first answer.
    public var reference: ASCIIText = ASCIIText()
    public var transactionId: String = ""
    public var network: ASCIIText = ASCIIText()

    @inlinable
    public init() {}

    @inlinable
    public init(
        account: AccountID = AccountID(rawValue: 0),
        asset: AssetID = AssetID(rawValue: 0),
        amount: Amount = Amount(rawValue: 0),
        reference: ASCIIText = ASCIIText(),
        transactionId: String = "",
        network: ASCIIText = ASCIIText()
    ) {
        self.account = account
        self.asset = asset
        self.amount = amount
        self.reference = reference
        self.transactionId = transactionId
        self.network = network
    }
}

extension Deposit {
    @inline(__always)
    package var fieldsBound: Int {
        var bound = 109
        bound &+= self.transactionId.utf8.count
        return bound
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
        if self.asset.rawValue != 0 {
            RecordStore.tag(UInt8(16), &cursor)
            RecordStore.varint(UInt64(self.asset.rawValue), &cursor)
        }
        if self.amount.rawValue != 0 {
            RecordStore.tag(UInt8(25), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.amount.rawValue), &cursor)
        }
        if !self.reference.isEmpty {
            RecordStore.tag(UInt8(34), &cursor)
            RecordStore.ascii(self.reference, &cursor)
        }
        if !self.transactionId.isEmpty {
            RecordStore.tag(UInt8(42), &cursor)
            cursor = RecordStore.string(self.transactionId, at: cursor)
        }
        if !self.network.isEmpty {
            RecordStore.tag(UInt8(50), &cursor)
            RecordStore.ascii(self.network, &cursor)
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
        self = Deposit()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(8)) {
            self.account = AccountID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(16)) {
            self.asset = AssetID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(25)) {
            self.amount = Amount(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(34)) {
            try reader.ascii(into: &self.reference)
        }
        if reader.take(UInt8(42)) {
            self.transactionId = try reader.string()
        }
        if reader.take(UInt8(50)) {
            try reader.ascii(into: &self.network)
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
                self.asset = AssetID(rawValue: try reader.uint32())
            case 25:
                self.amount = Amount(rawValue: try reader.sfixed64())
            case 34:
                try reader.ascii(into: &self.reference)
            case 42:
                self.transactionId = try reader.string()
            case 50:
                try reader.ascii(into: &self.network)
            default: try reader.skip(tag)
            }
        }
    }
}

public struct RequestWithdrawal: RecordMessage {
    public var account: AccountID = AccountID(rawValue: 0)
    public var asset: AssetID = AssetID(rawValue: 0)
    /// Everything that leaves the account, the fee included.
    public var amount: Amount = Amount(rawValue: 0)
    public var fee: Amount = Amount(rawValue: 0)
    /// The idempotency key; the gateway makes one when the client gives none.
    public var withdrawOrderId: ASCIIText = ASCIIText()
    public var address: String = ""
    public var addressTag: String = ""
    public var network: ASCIIText = ASCIIText()
    public var timestamp: Timestamp = Timestamp(rawValue: 0)
    public var deadline: Timestamp = Timestamp(rawValue: 0)

    @inlinable
    public init() {}

    @inlinable
    public init(
        account: AccountID = AccountID(rawValue: 0),
        asset: AssetID = AssetID(rawValue: 0),
        amount: Amount = Amount(rawValue: 0),
        fee: Amount = Amount(rawValue: 0),
        withdrawOrderId: ASCIIText = ASCIIText(),
        address: String = "",
        addressTag: String = "",
        network: ASCIIText = ASCIIText(),
        timestamp: Timestamp = Timestamp(rawValue: 0),
        deadline: Timestamp = Timestamp(rawValue: 0)
    ) {
        self.account = account
        self.asset = asset
        self.amount = amount
        self.fee = fee
        self.withdrawOrderId = withdrawOrderId
        self.address = address
        self.addressTag = addressTag
        self.network = network
        self.timestamp = timestamp
        self.deadline = deadline
    }
}

extension RequestWithdrawal {
    @inline(__always)
    package var fieldsBound: Int {
        var bound = 142
        bound &+= self.address.utf8.count
        bound &+= self.addressTag.utf8.count
        return bound
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
        if self.asset.rawValue != 0 {
            RecordStore.tag(UInt8(16), &cursor)
            RecordStore.varint(UInt64(self.asset.rawValue), &cursor)
        }
        if self.amount.rawValue != 0 {
            RecordStore.tag(UInt8(25), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.amount.rawValue), &cursor)
        }
        if self.fee.rawValue != 0 {
            RecordStore.tag(UInt8(33), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.fee.rawValue), &cursor)
        }
        if !self.withdrawOrderId.isEmpty {
            RecordStore.tag(UInt8(42), &cursor)
            RecordStore.ascii(self.withdrawOrderId, &cursor)
        }
        if !self.address.isEmpty {
            RecordStore.tag(UInt8(50), &cursor)
            cursor = RecordStore.string(self.address, at: cursor)
        }
        if !self.addressTag.isEmpty {
            RecordStore.tag(UInt8(58), &cursor)
            cursor = RecordStore.string(self.addressTag, at: cursor)
        }
        if !self.network.isEmpty {
            RecordStore.tag(UInt8(66), &cursor)
            RecordStore.ascii(self.network, &cursor)
        }
        if self.timestamp.rawValue != 0 {
            RecordStore.tag(UInt8(73), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.timestamp.rawValue), &cursor)
        }
        if self.deadline.rawValue != 0 {
            RecordStore.tag(UInt8(81), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.deadline.rawValue), &cursor)
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
        self = RequestWithdrawal()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(8)) {
            self.account = AccountID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(16)) {
            self.asset = AssetID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(25)) {
            self.amount = Amount(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(33)) {
            self.fee = Amount(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(42)) {
            try reader.ascii(into: &self.withdrawOrderId)
        }
        if reader.take(UInt8(50)) {
            self.address = try reader.string()
        }
        if reader.take(UInt8(58)) {
            self.addressTag = try reader.string()
        }
        if reader.take(UInt8(66)) {
            try reader.ascii(into: &self.network)
        }
        if reader.take(UInt8(73)) {
            self.timestamp = Timestamp(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(81)) {
            self.deadline = Timestamp(rawValue: try reader.sfixed64())
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
                self.asset = AssetID(rawValue: try reader.uint32())
            case 25:
                self.amount = Amount(rawValue: try reader.sfixed64())
            case 33:
                self.fee = Amount(rawValue: try reader.sfixed64())
            case 42:
                try reader.ascii(into: &self.withdrawOrderId)
            case 50:
                self.address = try reader.string()
            case 58:
                self.addressTag = try reader.string()
            case 66:
                try reader.ascii(into: &self.network)
            case 73:
                self.timestamp = Timestamp(rawValue: try reader.sfixed64())
            case 81:
                self.deadline = Timestamp(rawValue: try reader.sfixed64())
            default: try reader.skip(tag)
            }
        }
    }
}

/// An operator's word on a held withdrawal.
public struct ResolveWithdrawal: RecordMessage {
    public var account: AccountID = AccountID(rawValue: 0)
    public var withdrawalId: WithdrawalID = WithdrawalID(rawValue: 0)
    /// SETTLED or RELEASED.
    public var status: WithdrawalStatus = .held
    public var transactionId: String = ""

    @inlinable
    public init() {}

    @inlinable
    public init(
        account: AccountID = AccountID(rawValue: 0),
        withdrawalId: WithdrawalID = WithdrawalID(rawValue: 0),
        status: WithdrawalStatus = .held,
        transactionId: String = ""
    ) {
        self.account = account
        self.withdrawalId = withdrawalId
        self.status = status
        self.transactionId = transactionId
    }
}

extension ResolveWithdrawal {
    @inline(__always)
    package var fieldsBound: Int {
        var bound = 23
        bound &+= self.transactionId.utf8.count
        return bound
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
        if self.withdrawalId.rawValue != 0 {
            RecordStore.tag(UInt8(17), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.withdrawalId.rawValue), &cursor)
        }
        RecordStore.tag(UInt8(24), &cursor)
        RecordStore.byte(self.status.rawValue, &cursor)
        if !self.transactionId.isEmpty {
            RecordStore.tag(UInt8(34), &cursor)
            cursor = RecordStore.string(self.transactionId, at: cursor)
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
        self = ResolveWithdrawal()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        var seen: UInt64 = isFresh ? 0 : ~0
        if reader.take(UInt8(8)) {
            self.account = AccountID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(17)) {
            self.withdrawalId = WithdrawalID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(24)) {
            self.status = try reader.enumeration(3)
            seen |= 1 << 0
        }
        if reader.take(UInt8(34)) {
            self.transactionId = try reader.string()
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
            case 17:
                self.withdrawalId = WithdrawalID(rawValue: try reader.sfixed64())
            case 24:
                self.status = try reader.enumeration(3)
                seen |= 1 << 0
            case 34:
                self.transactionId = try reader.string()
            default: try reader.skip(tag)
            }
        }
    }
}

/// The last trade's price; carries no number, an older one (by trade id) changes nothing.
public struct ReferencePrice: RecordMessage {
    public var instrument: InstrumentID = InstrumentID(rawValue: 0)
    /// Ticks.
    public var price: Price = Price(rawValue: 0)
    public var tradeId: TradeID = TradeID(rawValue: 0)

    @inlinable
    public init() {}

    @inlinable
    public init(
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        price: Price = Price(rawValue: 0),
        tradeId: TradeID = TradeID(rawValue: 0)
    ) {
        self.instrument = instrument
        self.price = price
        self.tradeId = tradeId
    }
}

extension ReferencePrice {
    @inline(__always)
    package var fieldsBound: Int {
        24
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
        if self.price.rawValue != 0 {
            RecordStore.tag(UInt8(17), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.price.rawValue), &cursor)
        }
        if self.tradeId.rawValue != 0 {
            RecordStore.tag(UInt8(25), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.tradeId.rawValue), &cursor)
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
        self = ReferencePrice()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(8)) {
            self.instrument = InstrumentID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(17)) {
            self.price = Price(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(25)) {
            self.tradeId = TradeID(rawValue: try reader.sfixed64())
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
                self.price = Price(rawValue: try reader.sfixed64())
            case 25:
                self.tradeId = TradeID(rawValue: try reader.sfixed64())
            default: try reader.skip(tag)
            }
        }
    }
}

public enum OrdersRecord: RecordUnion {
    case placeOrder(PlaceOrder)
    case cancelOrder(CancelOrder)
    case cancelAll(CancelAll)
    case amendOrder(AmendOrder)
    case marker(Marker)
    case deposit(Deposit)
    case requestWithdrawal(RequestWithdrawal)
    case resolveWithdrawal(ResolveWithdrawal)
    case asset(AssetDefinition)
    case instrument(InstrumentDefinition)
    case account(AccountDefinition)
    case feeSchedule(FeeSchedule)
    case venue(VenueDefinition)
    case raiseLogicVersion(RaiseLogicVersion)
    case referencePrice(ReferencePrice)
    case tick(Tick)
}

extension OrdersRecord {
    public static let typeNames: [UInt32: String] = [
        1: "placeOrder",
        2: "cancelOrder",
        3: "cancelAll",
        4: "amendOrder",
        5: "marker",
        6: "deposit",
        7: "requestWithdrawal",
        8: "resolveWithdrawal",
        9: "asset",
        10: "instrument",
        11: "account",
        12: "feeSchedule",
        13: "venue",
        14: "raiseLogicVersion",
        15: "referencePrice",
        16: "tick",
    ]

    /// The numbers of the record types, to tell them apart before a payload is decoded.
    public enum Number {
        public static let placeOrder: UInt32 = 1
        public static let cancelOrder: UInt32 = 2
        public static let cancelAll: UInt32 = 3
        public static let amendOrder: UInt32 = 4
        public static let marker: UInt32 = 5
        public static let deposit: UInt32 = 6
        public static let requestWithdrawal: UInt32 = 7
        public static let resolveWithdrawal: UInt32 = 8
        public static let asset: UInt32 = 9
        public static let instrument: UInt32 = 10
        public static let account: UInt32 = 11
        public static let feeSchedule: UInt32 = 12
        public static let venue: UInt32 = 13
        public static let raiseLogicVersion: UInt32 = 14
        public static let referencePrice: UInt32 = 15
        public static let tick: UInt32 = 16
    }

    public var type: UInt32 {
        switch self {
        case .placeOrder: 1
        case .cancelOrder: 2
        case .cancelAll: 3
        case .amendOrder: 4
        case .marker: 5
        case .deposit: 6
        case .requestWithdrawal: 7
        case .resolveWithdrawal: 8
        case .asset: 9
        case .instrument: 10
        case .account: 11
        case .feeSchedule: 12
        case .venue: 13
        case .raiseLogicVersion: 14
        case .referencePrice: 15
        case .tick: 16
        }
    }

    public init(type: UInt32, payload: RawSpan) throws(RecordError) {
        let reader = RecordReader(payload)
        switch type {
        case 1:
            var value = PlaceOrder()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .placeOrder(value)
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
            var value = Marker()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .marker(value)
        case 6:
            var value = Deposit()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .deposit(value)
        case 7:
            var value = RequestWithdrawal()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .requestWithdrawal(value)
        case 8:
            var value = ResolveWithdrawal()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .resolveWithdrawal(value)
        case 9:
            var value = AssetDefinition()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .asset(value)
        case 10:
            var value = InstrumentDefinition()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .instrument(value)
        case 11:
            var value = AccountDefinition()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .account(value)
        case 12:
            var value = FeeSchedule()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .feeSchedule(value)
        case 13:
            var value = VenueDefinition()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .venue(value)
        case 14:
            var value = RaiseLogicVersion()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .raiseLogicVersion(value)
        case 15:
            var value = ReferencePrice()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .referencePrice(value)
        case 16:
            var value = Tick()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .tick(value)
        default: throw .unknownType(type)
        }
    }

    public func encodePayload(into writer: inout RecordWriter) {
        switch self {
        case .placeOrder(let value): value.encode(into: &writer)
        case .cancelOrder(let value): value.encode(into: &writer)
        case .cancelAll(let value): value.encode(into: &writer)
        case .amendOrder(let value): value.encode(into: &writer)
        case .marker(let value): value.encode(into: &writer)
        case .deposit(let value): value.encode(into: &writer)
        case .requestWithdrawal(let value): value.encode(into: &writer)
        case .resolveWithdrawal(let value): value.encode(into: &writer)
        case .asset(let value): value.encode(into: &writer)
        case .instrument(let value): value.encode(into: &writer)
        case .account(let value): value.encode(into: &writer)
        case .feeSchedule(let value): value.encode(into: &writer)
        case .venue(let value): value.encode(into: &writer)
        case .raiseLogicVersion(let value): value.encode(into: &writer)
        case .referencePrice(let value): value.encode(into: &writer)
        case .tick(let value): value.encode(into: &writer)
        }
    }

    public var payloadSizeBound: Int {
        switch self {
        case .placeOrder(let value): value.sizeBound
        case .cancelOrder(let value): value.sizeBound
        case .cancelAll(let value): value.sizeBound
        case .amendOrder(let value): value.sizeBound
        case .marker(let value): value.sizeBound
        case .deposit(let value): value.sizeBound
        case .requestWithdrawal(let value): value.sizeBound
        case .resolveWithdrawal(let value): value.sizeBound
        case .asset(let value): value.sizeBound
        case .instrument(let value): value.sizeBound
        case .account(let value): value.sizeBound
        case .feeSchedule(let value): value.sizeBound
        case .venue(let value): value.sizeBound
        case .raiseLogicVersion(let value): value.sizeBound
        case .referencePrice(let value): value.sizeBound
        case .tick(let value): value.sizeBound
        }
    }

    package var fieldsBound: Int {
        switch self {
        case .placeOrder(let value): value.fieldsBound &+ 6
        case .cancelOrder(let value): value.fieldsBound &+ 6
        case .cancelAll(let value): value.fieldsBound &+ 6
        case .amendOrder(let value): value.fieldsBound &+ 6
        case .marker(let value): value.fieldsBound &+ 6
        case .deposit(let value): value.fieldsBound &+ 6
        case .requestWithdrawal(let value): value.fieldsBound &+ 6
        case .resolveWithdrawal(let value): value.fieldsBound &+ 6
        case .asset(let value): value.fieldsBound &+ 6
        case .instrument(let value): value.fieldsBound &+ 6
        case .account(let value): value.fieldsBound &+ 6
        case .feeSchedule(let value): value.fieldsBound &+ 6
        case .venue(let value): value.fieldsBound &+ 6
        case .raiseLogicVersion(let value): value.fieldsBound &+ 6
        case .referencePrice(let value): value.fieldsBound &+ 6
        case .tick(let value): value.fieldsBound &+ 7
        }
    }

    /// Writes the union as a message: its one field with tag and length.
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        switch self {
        case .placeOrder(let value):
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
        case .marker(let value):
            RecordStore.tag(UInt8(42), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .deposit(let value):
            RecordStore.tag(UInt8(50), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .requestWithdrawal(let value):
            RecordStore.tag(UInt8(58), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .resolveWithdrawal(let value):
            RecordStore.tag(UInt8(66), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .asset(let value):
            RecordStore.tag(UInt8(74), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .instrument(let value):
            RecordStore.tag(UInt8(82), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .account(let value):
            RecordStore.tag(UInt8(90), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .feeSchedule(let value):
            RecordStore.tag(UInt8(98), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .venue(let value):
            RecordStore.tag(UInt8(106), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .raiseLogicVersion(let value):
            RecordStore.tag(UInt8(114), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .referencePrice(let value):
            RecordStore.tag(UInt8(122), &cursor)
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
    package init(mergingInto old: OrdersRecord?, from start: UnsafeRawPointer, to end: UnsafeRawPointer) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        var result = old
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case 10:
                let body = try reader.delimited()
                var value = PlaceOrder()
                var isFresh = true
                if case .placeOrder(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .placeOrder(value)
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
                var value = Marker()
                var isFresh = true
                if case .marker(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .marker(value)
            case 50:
                let body = try reader.delimited()
                var value = Deposit()
                var isFresh = true
                if case .deposit(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .deposit(value)
            case 58:
                let body = try reader.delimited()
                var value = RequestWithdrawal()
                var isFresh = true
                if case .requestWithdrawal(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .requestWithdrawal(value)
            case 66:
                let body = try reader.delimited()
                var value = ResolveWithdrawal()
                var isFresh = true
                if case .resolveWithdrawal(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .resolveWithdrawal(value)
            case 74:
                let body = try reader.delimited()
                var value = AssetDefinition()
                var isFresh = true
                if case .asset(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .asset(value)
            case 82:
                let body = try reader.delimited()
                var value = InstrumentDefinition()
                var isFresh = true
                if case .instrument(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .instrument(value)
            case 90:
                let body = try reader.delimited()
                var value = AccountDefinition()
                var isFresh = true
                if case .account(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .account(value)
            case 98:
                let body = try reader.delimited()
                var value = FeeSchedule()
                var isFresh = true
                if case .feeSchedule(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .feeSchedule(value)
            case 106:
                let body = try reader.delimited()
                var value = VenueDefinition()
                var isFresh = true
                if case .venue(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .venue(value)
            case 114:
                let body = try reader.delimited()
                var value = RaiseLogicVersion()
                var isFresh = true
                if case .raiseLogicVersion(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .raiseLogicVersion(value)
            case 122:
                let body = try reader.delimited()
                var value = ReferencePrice()
                var isFresh = true
                if case .referencePrice(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .referencePrice(value)
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
