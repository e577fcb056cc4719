// Written by scripts/generate-records from reference.proto; changes belong there.
// swift-format-ignore-file

import TradingCore

/// An asset; amounts of it are integers of 10^-decimals.
public struct AssetDefinition: RecordMessage {
    public var asset: AssetID = AssetID(rawValue: 0)
    public var revision: UInt64 = 0
    public var code: ASCIIText = ASCIIText()
    public var name: String = ""
    public var decimals: UInt32 = 0
    public var depositsEnabled: Bool = false
    public var withdrawalsEnabled: Bool = false
    public var withdrawalFee: Amount = Amount(rawValue: 0)
    public var withdrawalMinimum: Amount = Amount(rawValue: 0)
    public var network: ASCIIText = ASCIIText()

    @inlinable
    public init() {}

    @inlinable
    public init(
        asset: AssetID = AssetID(rawValue: 0),
        revision: UInt64 = 0,
        code: ASCIIText = ASCIIText(),
        name: String = "",
        decimals: UInt32 = 0,
        depositsEnabled: Bool = false,
        withdrawalsEnabled: Bool = false,
        withdrawalFee: Amount = Amount(rawValue: 0),
        withdrawalMinimum: Amount = Amount(rawValue: 0),
        network: ASCIIText = ASCIIText()
    ) {
        self.asset = asset
        self.revision = revision
        self.code = code
        self.name = name
        self.decimals = decimals
        self.depositsEnabled = depositsEnabled
        self.withdrawalsEnabled = withdrawalsEnabled
        self.withdrawalFee = withdrawalFee
        self.withdrawalMinimum = withdrawalMinimum
        self.network = network
    }
}

extension AssetDefinition {
    @inline(__always)
    package var fieldsBound: Int {
        var bound = 131
        bound &+= self.name.utf8.count
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
        if self.asset.rawValue != 0 {
            RecordStore.tag(UInt8(8), &cursor)
            RecordStore.varint(UInt64(self.asset.rawValue), &cursor)
        }
        if self.revision != 0 {
            RecordStore.tag(UInt8(17), &cursor)
            RecordStore.fixed64(self.revision, &cursor)
        }
        if !self.code.isEmpty {
            RecordStore.tag(UInt8(26), &cursor)
            RecordStore.ascii(self.code, &cursor)
        }
        if !self.name.isEmpty {
            RecordStore.tag(UInt8(34), &cursor)
            cursor = RecordStore.string(self.name, at: cursor)
        }
        if self.decimals != 0 {
            RecordStore.tag(UInt8(40), &cursor)
            RecordStore.varint(UInt64(self.decimals), &cursor)
        }
        if self.depositsEnabled {
            RecordStore.tag(UInt8(48), &cursor)
            RecordStore.byte(self.depositsEnabled ? 1 : 0, &cursor)
        }
        if self.withdrawalsEnabled {
            RecordStore.tag(UInt8(56), &cursor)
            RecordStore.byte(self.withdrawalsEnabled ? 1 : 0, &cursor)
        }
        if self.withdrawalFee.rawValue != 0 {
            RecordStore.tag(UInt8(65), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.withdrawalFee.rawValue), &cursor)
        }
        if self.withdrawalMinimum.rawValue != 0 {
            RecordStore.tag(UInt8(73), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.withdrawalMinimum.rawValue), &cursor)
        }
        if !self.network.isEmpty {
            RecordStore.tag(UInt8(82), &cursor)
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
        self = AssetDefinition()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(8)) {
            self.asset = AssetID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(17)) {
            self.revision = try reader.fixed64()
        }
        if reader.take(UInt8(26)) {
            try reader.ascii(into: &self.code)
        }
        if reader.take(UInt8(34)) {
            self.name = try reader.string()
        }
        if reader.take(UInt8(40)) {
            self.decimals = try reader.uint32()
        }
        if reader.take(UInt8(48)) {
            self.depositsEnabled = try reader.bool()
        }
        if reader.take(UInt8(56)) {
            self.withdrawalsEnabled = try reader.bool()
        }
        if reader.take(UInt8(65)) {
            self.withdrawalFee = Amount(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(73)) {
            self.withdrawalMinimum = Amount(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(82)) {
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
                self.asset = AssetID(rawValue: try reader.uint32())
            case 17:
                self.revision = try reader.fixed64()
            case 26:
                try reader.ascii(into: &self.code)
            case 34:
                self.name = try reader.string()
            case 40:
                self.decimals = try reader.uint32()
            case 48:
                self.depositsEnabled = try reader.bool()
            case 56:
                self.withdrawalsEnabled = try reader.bool()
            case 65:
                self.withdrawalFee = Amount(rawValue: try reader.sfixed64())
            case 73:
                self.withdrawalMinimum = Amount(rawValue: try reader.sfixed64())
            case 82:
                try reader.ascii(into: &self.network)
            default: try reader.skip(tag)
            }
        }
    }
}

/// A market. Prices here are quote minor units for one whole base unit, quantities base minor units; 0 turns a bound off.
public struct InstrumentDefinition: RecordMessage {
    public var instrument: InstrumentID = InstrumentID(rawValue: 0)
    public var revision: UInt64 = 0
    public var symbol: ASCIIText = ASCIIText()
    public var baseAsset: AssetID = AssetID(rawValue: 0)
    public var quoteAsset: AssetID = AssetID(rawValue: 0)
    /// The partition of `matching`, `executions` and `market-data`; never changes.
    public var partition: UInt32 = 0
    public var status: TradingStatus = .trading
    public var baseDecimals: UInt32 = 0
    public var quoteDecimals: UInt32 = 0
    public var tickSize: Int64 = 0
    public var stepSize: Int64 = 0
    public var minimumPrice: Int64 = 0
    public var maximumPrice: Int64 = 0
    public var minimumQuantity: Int64 = 0
    public var maximumQuantity: Int64 = 0
    public var marketMinimumQuantity: Int64 = 0
    public var marketMaximumQuantity: Int64 = 0
    public var marketStepSize: Int64 = 0
    /// Quote minor units.
    public var minimumNotional: Amount = Amount(rawValue: 0)
    public var maximumNotional: Amount = Amount(rawValue: 0)
    public var applyMinimumToMarket: Bool = false
    public var applyMaximumToMarket: Bool = false
    /// Multipliers of the reference price in ten-thousandths; 0 turns one off.
    public var bidMultiplierUp: UInt32 = 0
    public var bidMultiplierDown: UInt32 = 0
    public var askMultiplierUp: UInt32 = 0
    public var askMultiplierDown: UInt32 = 0
    public var maximumOrders: UInt32 = 0
    public var maximumAlgoOrders: UInt32 = 0
    /// Quote minor units for one whole base unit; the reference price until the first trade.
    public var firstReferencePrice: Int64 = 0

    @inlinable
    public init() {}

    @inlinable
    public init(
        instrument: InstrumentID = InstrumentID(rawValue: 0),
        revision: UInt64 = 0,
        symbol: ASCIIText = ASCIIText(),
        baseAsset: AssetID = AssetID(rawValue: 0),
        quoteAsset: AssetID = AssetID(rawValue: 0),
        partition: UInt32 = 0,
        status: TradingStatus = .trading,
        baseDecimals: UInt32 = 0,
        quoteDecimals: UInt32 = 0,
        tickSize: Int64 = 0,
        stepSize: Int64 = 0,
        minimumPrice: Int64 = 0,
        maximumPrice: Int64 = 0,
        minimumQuantity: Int64 = 0,
        maximumQuantity: Int64 = 0,
        marketMinimumQuantity: Int64 = 0,
        marketMaximumQuantity: Int64 = 0,
        marketStepSize: Int64 = 0,
        minimumNotional: Amount = Amount(rawValue: 0),
        maximumNotional: Amount = Amount(rawValue: 0),
        applyMinimumToMarket: Bool = false,
        applyMaximumToMarket: Bool = false,
        bidMultiplierUp: UInt32 = 0,
        bidMultiplierDown: UInt32 = 0,
        askMultiplierUp: UInt32 = 0,
        askMultiplierDown: UInt32 = 0,
        maximumOrders: UInt32 = 0,
        maximumAlgoOrders: UInt32 = 0,
        firstReferencePrice: Int64 = 0
    ) {
        self.instrument = instrument
        self.revision = revision
        self.symbol = symbol
        self.baseAsset = baseAsset
        self.quoteAsset = quoteAsset
        self.partition = partition
        self.status = status
        self.baseDecimals = baseDecimals
        self.quoteDecimals = quoteDecimals
        self.tickSize = tickSize
        self.stepSize = stepSize
        self.minimumPrice = minimumPrice
        self.maximumPrice = maximumPrice
        self.minimumQuantity = minimumQuantity
        self.maximumQuantity = maximumQuantity
        self.marketMinimumQuantity = marketMinimumQuantity
        self.marketMaximumQuantity = marketMaximumQuantity
        self.marketStepSize = marketStepSize
        self.minimumNotional = minimumNotional
        self.maximumNotional = maximumNotional
        self.applyMinimumToMarket = applyMinimumToMarket
        self.applyMaximumToMarket = applyMaximumToMarket
        self.bidMultiplierUp = bidMultiplierUp
        self.bidMultiplierDown = bidMultiplierDown
        self.askMultiplierUp = askMultiplierUp
        self.askMultiplierDown = askMultiplierDown
        self.maximumOrders = maximumOrders
        self.maximumAlgoOrders = maximumAlgoOrders
        self.firstReferencePrice = firstReferencePrice
    }
}

extension InstrumentDefinition {
    @inline(__always)
    package var fieldsBound: Int {
        250
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
        if self.revision != 0 {
            RecordStore.tag(UInt8(17), &cursor)
            RecordStore.fixed64(self.revision, &cursor)
        }
        if !self.symbol.isEmpty {
            RecordStore.tag(UInt8(26), &cursor)
            RecordStore.ascii(self.symbol, &cursor)
        }
        if self.baseAsset.rawValue != 0 {
            RecordStore.tag(UInt8(32), &cursor)
            RecordStore.varint(UInt64(self.baseAsset.rawValue), &cursor)
        }
        if self.quoteAsset.rawValue != 0 {
            RecordStore.tag(UInt8(40), &cursor)
            RecordStore.varint(UInt64(self.quoteAsset.rawValue), &cursor)
        }
        if self.partition != 0 {
            RecordStore.tag(UInt8(48), &cursor)
            RecordStore.varint(UInt64(self.partition), &cursor)
        }
        RecordStore.tag(UInt8(56), &cursor)
        RecordStore.byte(self.status.rawValue, &cursor)
        if self.baseDecimals != 0 {
            RecordStore.tag(UInt8(64), &cursor)
            RecordStore.varint(UInt64(self.baseDecimals), &cursor)
        }
        if self.quoteDecimals != 0 {
            RecordStore.tag(UInt8(72), &cursor)
            RecordStore.varint(UInt64(self.quoteDecimals), &cursor)
        }
        if self.tickSize != 0 {
            RecordStore.tag(UInt8(81), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.tickSize), &cursor)
        }
        if self.stepSize != 0 {
            RecordStore.tag(UInt8(89), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.stepSize), &cursor)
        }
        if self.minimumPrice != 0 {
            RecordStore.tag(UInt8(97), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.minimumPrice), &cursor)
        }
        if self.maximumPrice != 0 {
            RecordStore.tag(UInt8(105), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.maximumPrice), &cursor)
        }
        if self.minimumQuantity != 0 {
            RecordStore.tag(UInt8(113), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.minimumQuantity), &cursor)
        }
        if self.maximumQuantity != 0 {
            RecordStore.tag(UInt8(121), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.maximumQuantity), &cursor)
        }
        if self.marketMinimumQuantity != 0 {
            RecordStore.tag(UInt16(385), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.marketMinimumQuantity), &cursor)
        }
        if self.marketMaximumQuantity != 0 {
            RecordStore.tag(UInt16(393), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.marketMaximumQuantity), &cursor)
        }
        if self.marketStepSize != 0 {
            RecordStore.tag(UInt16(401), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.marketStepSize), &cursor)
        }
        if self.minimumNotional.rawValue != 0 {
            RecordStore.tag(UInt16(409), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.minimumNotional.rawValue), &cursor)
        }
        if self.maximumNotional.rawValue != 0 {
            RecordStore.tag(UInt16(417), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.maximumNotional.rawValue), &cursor)
        }
        if self.applyMinimumToMarket {
            RecordStore.tag(UInt16(424), &cursor)
            RecordStore.byte(self.applyMinimumToMarket ? 1 : 0, &cursor)
        }
        if self.applyMaximumToMarket {
            RecordStore.tag(UInt16(432), &cursor)
            RecordStore.byte(self.applyMaximumToMarket ? 1 : 0, &cursor)
        }
        if self.bidMultiplierUp != 0 {
            RecordStore.tag(UInt16(440), &cursor)
            RecordStore.varint(UInt64(self.bidMultiplierUp), &cursor)
        }
        if self.bidMultiplierDown != 0 {
            RecordStore.tag(UInt16(448), &cursor)
            RecordStore.varint(UInt64(self.bidMultiplierDown), &cursor)
        }
        if self.askMultiplierUp != 0 {
            RecordStore.tag(UInt16(456), &cursor)
            RecordStore.varint(UInt64(self.askMultiplierUp), &cursor)
        }
        if self.askMultiplierDown != 0 {
            RecordStore.tag(UInt16(464), &cursor)
            RecordStore.varint(UInt64(self.askMultiplierDown), &cursor)
        }
        if self.maximumOrders != 0 {
            RecordStore.tag(UInt16(472), &cursor)
            RecordStore.varint(UInt64(self.maximumOrders), &cursor)
        }
        if self.maximumAlgoOrders != 0 {
            RecordStore.tag(UInt16(480), &cursor)
            RecordStore.varint(UInt64(self.maximumAlgoOrders), &cursor)
        }
        if self.firstReferencePrice != 0 {
            RecordStore.tag(UInt16(489), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.firstReferencePrice), &cursor)
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
        self = InstrumentDefinition()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        var seen: UInt64 = isFresh ? 0 : ~0
        if reader.take(UInt8(8)) {
            self.instrument = InstrumentID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(17)) {
            self.revision = try reader.fixed64()
        }
        if reader.take(UInt8(26)) {
            try reader.ascii(into: &self.symbol)
        }
        if reader.take(UInt8(32)) {
            self.baseAsset = AssetID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(40)) {
            self.quoteAsset = AssetID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(48)) {
            self.partition = try reader.uint32()
        }
        if reader.take(UInt8(56)) {
            self.status = try reader.enumeration(7)
            seen |= 1 << 0
        }
        if reader.take(UInt8(64)) {
            self.baseDecimals = try reader.uint32()
        }
        if reader.take(UInt8(72)) {
            self.quoteDecimals = try reader.uint32()
        }
        if reader.take(UInt8(81)) {
            self.tickSize = try reader.sfixed64()
        }
        if reader.take(UInt8(89)) {
            self.stepSize = try reader.sfixed64()
        }
        if reader.take(UInt8(97)) {
            self.minimumPrice = try reader.sfixed64()
        }
        if reader.take(UInt8(105)) {
            self.maximumPrice = try reader.sfixed64()
        }
        if reader.take(UInt8(113)) {
            self.minimumQuantity = try reader.sfixed64()
        }
        if reader.take(UInt8(121)) {
            self.maximumQuantity = try reader.sfixed64()
        }
        if reader.take(UInt16(385)) {
            self.marketMinimumQuantity = try reader.sfixed64()
        }
        if reader.take(UInt16(393)) {
            self.marketMaximumQuantity = try reader.sfixed64()
        }
        if reader.take(UInt16(401)) {
            self.marketStepSize = try reader.sfixed64()
        }
        if reader.take(UInt16(409)) {
            self.minimumNotional = Amount(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt16(417)) {
            self.maximumNotional = Amount(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt16(424)) {
            self.applyMinimumToMarket = try reader.bool()
        }
        if reader.take(UInt16(432)) {
            self.applyMaximumToMarket = try reader.bool()
        }
        if reader.take(UInt16(440)) {
            self.bidMultiplierUp = try reader.uint32()
        }
        if reader.take(UInt16(448)) {
            self.bidMultiplierDown = try reader.uint32()
        }
        if reader.take(UInt16(456)) {
            self.askMultiplierUp = try reader.uint32()
        }
        if reader.take(UInt16(464)) {
            self.askMultiplierDown = try reader.uint32()
        }
        if reader.take(UInt16(472)) {
            self.maximumOrders = try reader.uint32()
        }
        if reader.take(UInt16(480)) {
            self.maximumAlgoOrders = try reader.uint32()
        }
        if reader.take(UInt16(489)) {
            self.firstReferencePrice = try reader.sfixed64()
        }
        if !reader.isAtEnd { try mergeAnyOrder(from: reader.cursor, to: end, &seen) }
        guard seen & (1 << 0) != 0 else { throw .missingField(7) }
    }

    @inline(never)
    private mutating func mergeAnyOrder(from start: UnsafeRawPointer, to end: UnsafeRawPointer, _ seen: inout UInt64) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case 8:
                self.instrument = InstrumentID(rawValue: try reader.uint32())
            case 17:
                self.revision = try reader.fixed64()
            case 26:
                try reader.ascii(into: &self.symbol)
            case 32:
                self.baseAsset = AssetID(rawValue: try reader.uint32())
            case 40:
                self.quoteAsset = AssetID(rawValue: try reader.uint32())
            case 48:
                self.partition = try reader.uint32()
            case 56:
                self.status = try reader.enumeration(7)
                seen |= 1 << 0
            case 64:
                self.baseDecimals = try reader.uint32()
            case 72:
                self.quoteDecimals = try reader.uint32()
            case 81:
                self.tickSize = try reader.sfixed64()
            case 89:
                self.stepSize = try reader.sfixed64()
            case 97:
                self.minimumPrice = try reader.sfixed64()
            case 105:
                self.maximumPrice = try reader.sfixed64()
            case 113:
                self.minimumQuantity = try reader.sfixed64()
            case 121:
                self.maximumQuantity = try reader.sfixed64()
            case 129:
                self.marketMinimumQuantity = try reader.sfixed64()
            case 137:
                self.marketMaximumQuantity = try reader.sfixed64()
            case 145:
                self.marketStepSize = try reader.sfixed64()
            case 153:
                self.minimumNotional = Amount(rawValue: try reader.sfixed64())
            case 161:
                self.maximumNotional = Amount(rawValue: try reader.sfixed64())
            case 168:
                self.applyMinimumToMarket = try reader.bool()
            case 176:
                self.applyMaximumToMarket = try reader.bool()
            case 184:
                self.bidMultiplierUp = try reader.uint32()
            case 192:
                self.bidMultiplierDown = try reader.uint32()
            case 200:
                self.askMultiplierUp = try reader.uint32()
            case 208:
                self.askMultiplierDown = try reader.uint32()
            case 216:
                self.maximumOrders = try reader.uint32()
            case 224:
                self.maximumAlgoOrders = try reader.uint32()
            case 233:
                self.firstReferencePrice = try reader.sfixed64()
            default: try reader.skip(tag)
            }
        }
    }
}

/// The most that an account's open orders may be worth in one quote asset.
public struct OpenNotionalLimit: RecordMessage {
    public var asset: AssetID = AssetID(rawValue: 0)
    public var amount: Amount = Amount(rawValue: 0)

    @inlinable
    public init() {}

    @inlinable
    public init(
        asset: AssetID = AssetID(rawValue: 0),
        amount: Amount = Amount(rawValue: 0)
    ) {
        self.asset = asset
        self.amount = amount
    }
}

extension OpenNotionalLimit {
    @inline(__always)
    package var fieldsBound: Int {
        15
    }

    @inline(__always)
    public var sizeBound: Int { fieldsBound &+ RecordStore.slack }

    public func encode(into writer: inout RecordWriter) {
        writer.commit(to: encodeFields(at: writer.reserve(sizeBound)))
    }

    @inline(__always)
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        if self.asset.rawValue != 0 {
            RecordStore.tag(UInt8(8), &cursor)
            RecordStore.varint(UInt64(self.asset.rawValue), &cursor)
        }
        if self.amount.rawValue != 0 {
            RecordStore.tag(UInt8(17), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.amount.rawValue), &cursor)
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
        self = OpenNotionalLimit()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(8)) {
            self.asset = AssetID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(17)) {
            self.amount = Amount(rawValue: try reader.sfixed64())
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
                self.asset = AssetID(rawValue: try reader.uint32())
            case 17:
                self.amount = Amount(rawValue: try reader.sfixed64())
            default: try reader.skip(tag)
            }
        }
    }
}

public struct AccountDefinition: RecordMessage {
    public var account: AccountID = AccountID(rawValue: 0)
    public var revision: UInt64 = 0
    /// The partition of `orders`, `ledger` and `account-events`; never changes.
    public var partition: UInt32 = 0
    public var feeSchedule: FeeScheduleID = FeeScheduleID(rawValue: 0)
    public var mayTrade: Bool = false
    public var mayWithdraw: Bool = false
    public var mayDeposit: Bool = false
    /// The kill switch: refuses orders; the revision that sets it cancels every open order.
    public var killed: Bool = false
    /// Accepted placements in a 10-second slot and in a UTC day of log time; 0 means the venue's own limit.
    public var ordersPer10Seconds: UInt32 = 0
    public var ordersPerDay: UInt32 = 0
    /// Accounts of one group do not trade with one another under self-trade prevention; 0 means none.
    public var tradeGroup: UInt32 = 0
    public var openNotionalLimits: [OpenNotionalLimit] = []
    public var name: String = ""

    @inlinable
    public init() {}

    @inlinable
    public init(
        account: AccountID = AccountID(rawValue: 0),
        revision: UInt64 = 0,
        partition: UInt32 = 0,
        feeSchedule: FeeScheduleID = FeeScheduleID(rawValue: 0),
        mayTrade: Bool = false,
        mayWithdraw: Bool = false,
        mayDeposit: Bool = false,
        killed: Bool = false,
        ordersPer10Seconds: UInt32 = 0,
        ordersPerDay: UInt32 = 0,
        tradeGroup: UInt32 = 0,
        openNotionalLimits: [OpenNotionalLimit] = [],
        name: String = ""
    ) {
        self.account = account
        self.revision = revision
        self.partition = partition
        self.feeSchedule = feeSchedule
        self.mayTrade = mayTrade
        self.mayWithdraw = mayWithdraw
        self.mayDeposit = mayDeposit
        self.killed = killed
        self.ordersPer10Seconds = ordersPer10Seconds
        self.ordersPerDay = ordersPerDay
        self.tradeGroup = tradeGroup
        self.openNotionalLimits = openNotionalLimits
        self.name = name
    }
}

extension AccountDefinition {
    @inline(__always)
    package var fieldsBound: Int {
        var bound = 59
        bound &+= self.openNotionalLimits.count &* 17
        bound &+= self.name.utf8.count
        return bound
    }

    @inline(__always)
    public var sizeBound: Int { fieldsBound &+ RecordStore.slack }

    public func encode(into writer: inout RecordWriter) {
        writer.commit(to: encodeFields(at: writer.reserve(sizeBound)))
    }

    public static func encode(_ record: UnsafePointer<AccountDefinition>, into writer: inout RecordWriter) {
        let start = writer.reserve(record.pointee.sizeBound)
        writer.commit(to: record.pointee.encodeFields(at: start))
    }

    @inline(__always)
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        if self.account.rawValue != 0 {
            RecordStore.tag(UInt8(8), &cursor)
            RecordStore.varint(UInt64(self.account.rawValue), &cursor)
        }
        if self.revision != 0 {
            RecordStore.tag(UInt8(17), &cursor)
            RecordStore.fixed64(self.revision, &cursor)
        }
        if self.partition != 0 {
            RecordStore.tag(UInt8(24), &cursor)
            RecordStore.varint(UInt64(self.partition), &cursor)
        }
        if self.feeSchedule.rawValue != 0 {
            RecordStore.tag(UInt8(32), &cursor)
            RecordStore.varint(UInt64(self.feeSchedule.rawValue), &cursor)
        }
        if self.mayTrade {
            RecordStore.tag(UInt8(40), &cursor)
            RecordStore.byte(self.mayTrade ? 1 : 0, &cursor)
        }
        if self.mayWithdraw {
            RecordStore.tag(UInt8(48), &cursor)
            RecordStore.byte(self.mayWithdraw ? 1 : 0, &cursor)
        }
        if self.mayDeposit {
            RecordStore.tag(UInt8(56), &cursor)
            RecordStore.byte(self.mayDeposit ? 1 : 0, &cursor)
        }
        if self.killed {
            RecordStore.tag(UInt8(64), &cursor)
            RecordStore.byte(self.killed ? 1 : 0, &cursor)
        }
        if self.ordersPer10Seconds != 0 {
            RecordStore.tag(UInt8(72), &cursor)
            RecordStore.varint(UInt64(self.ordersPer10Seconds), &cursor)
        }
        if self.ordersPerDay != 0 {
            RecordStore.tag(UInt8(80), &cursor)
            RecordStore.varint(UInt64(self.ordersPerDay), &cursor)
        }
        if self.tradeGroup != 0 {
            RecordStore.tag(UInt8(88), &cursor)
            RecordStore.varint(UInt64(self.tradeGroup), &cursor)
        }
        for index in 0..<self.openNotionalLimits.count {
            RecordStore.tag(UInt8(98), &cursor)
            let body = cursor
            cursor = self.openNotionalLimits[index].encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        if !self.name.isEmpty {
            RecordStore.tag(UInt8(106), &cursor)
            cursor = RecordStore.string(self.name, at: cursor)
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
        self.account = AccountID(rawValue: 0)
        self.revision = 0
        self.partition = 0
        self.feeSchedule = FeeScheduleID(rawValue: 0)
        self.mayTrade = false
        self.mayWithdraw = false
        self.mayDeposit = false
        self.killed = false
        self.ordersPer10Seconds = 0
        self.ordersPerDay = 0
        self.tradeGroup = 0
        self.openNotionalLimits.empty()
        self.name = ""
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(8)) {
            self.account = AccountID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(17)) {
            self.revision = try reader.fixed64()
        }
        if reader.take(UInt8(24)) {
            self.partition = try reader.uint32()
        }
        if reader.take(UInt8(32)) {
            self.feeSchedule = FeeScheduleID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(40)) {
            self.mayTrade = try reader.bool()
        }
        if reader.take(UInt8(48)) {
            self.mayWithdraw = try reader.bool()
        }
        if reader.take(UInt8(56)) {
            self.mayDeposit = try reader.bool()
        }
        if reader.take(UInt8(64)) {
            self.killed = try reader.bool()
        }
        if reader.take(UInt8(72)) {
            self.ordersPer10Seconds = try reader.uint32()
        }
        if reader.take(UInt8(80)) {
            self.ordersPerDay = try reader.uint32()
        }
        if reader.take(UInt8(88)) {
            self.tradeGroup = try reader.uint32()
        }
        if reader.take(UInt8(98)) {
            if self.openNotionalLimits.capacity == 0 {
                self.openNotionalLimits.reserveCapacity(RecordReader.countRun(of: 98, reader.cursor, end))
            }
            repeat {
                let body = try reader.delimited()
                self.openNotionalLimits.append(OpenNotionalLimit())
                try self.openNotionalLimits[self.openNotionalLimits.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            } while reader.take(UInt8(98))
        }
        if reader.take(UInt8(106)) {
            self.name = try reader.string()
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
            case 17:
                self.revision = try reader.fixed64()
            case 24:
                self.partition = try reader.uint32()
            case 32:
                self.feeSchedule = FeeScheduleID(rawValue: try reader.uint32())
            case 40:
                self.mayTrade = try reader.bool()
            case 48:
                self.mayWithdraw = try reader.bool()
            case 56:
                self.mayDeposit = try reader.bool()
            case 64:
                self.killed = try reader.bool()
            case 72:
                self.ordersPer10Seconds = try reader.uint32()
            case 80:
                self.ordersPerDay = try reader.uint32()
            case 88:
                self.tradeGroup = try reader.uint32()
            case 98:
                let body = try reader.delimited()
                self.openNotionalLimits.append(OpenNotionalLimit())
                try self.openNotionalLimits[self.openNotionalLimits.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            case 106:
                self.name = try reader.string()
            default: try reader.skip(tag)
            }
        }
    }
}

public struct FeeSchedule: RecordMessage {
    public var schedule: FeeScheduleID = FeeScheduleID(rawValue: 0)
    public var revision: UInt64 = 0
    public var name: String = ""
    public var makerBasisPoints: UInt32 = 0
    public var takerBasisPoints: UInt32 = 0

    @inlinable
    public init() {}

    @inlinable
    public init(
        schedule: FeeScheduleID = FeeScheduleID(rawValue: 0),
        revision: UInt64 = 0,
        name: String = "",
        makerBasisPoints: UInt32 = 0,
        takerBasisPoints: UInt32 = 0
    ) {
        self.schedule = schedule
        self.revision = revision
        self.name = name
        self.makerBasisPoints = makerBasisPoints
        self.takerBasisPoints = takerBasisPoints
    }
}

extension FeeSchedule {
    @inline(__always)
    package var fieldsBound: Int {
        var bound = 33
        bound &+= self.name.utf8.count
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
        if self.schedule.rawValue != 0 {
            RecordStore.tag(UInt8(8), &cursor)
            RecordStore.varint(UInt64(self.schedule.rawValue), &cursor)
        }
        if self.revision != 0 {
            RecordStore.tag(UInt8(17), &cursor)
            RecordStore.fixed64(self.revision, &cursor)
        }
        if !self.name.isEmpty {
            RecordStore.tag(UInt8(26), &cursor)
            cursor = RecordStore.string(self.name, at: cursor)
        }
        if self.makerBasisPoints != 0 {
            RecordStore.tag(UInt8(32), &cursor)
            RecordStore.varint(UInt64(self.makerBasisPoints), &cursor)
        }
        if self.takerBasisPoints != 0 {
            RecordStore.tag(UInt8(40), &cursor)
            RecordStore.varint(UInt64(self.takerBasisPoints), &cursor)
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
        self = FeeSchedule()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(8)) {
            self.schedule = FeeScheduleID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(17)) {
            self.revision = try reader.fixed64()
        }
        if reader.take(UInt8(26)) {
            self.name = try reader.string()
        }
        if reader.take(UInt8(32)) {
            self.makerBasisPoints = try reader.uint32()
        }
        if reader.take(UInt8(40)) {
            self.takerBasisPoints = try reader.uint32()
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
                self.schedule = FeeScheduleID(rawValue: try reader.uint32())
            case 17:
                self.revision = try reader.fixed64()
            case 26:
                self.name = try reader.string()
            case 32:
                self.makerBasisPoints = try reader.uint32()
            case 40:
                self.takerBasisPoints = try reader.uint32()
            default: try reader.skip(tag)
            }
        }
    }
}

/// The venue itself: its kill switch and its limits.
public struct VenueDefinition: RecordMessage {
    public var revision: UInt64 = 0
    /// Refuses orders; the revision that sets it cancels every open order.
    public var killed: Bool = false
    public var ordersPer10Seconds: UInt32 = 0
    public var ordersPerDay: UInt32 = 0

    @inlinable
    public init() {}

    @inlinable
    public init(
        revision: UInt64 = 0,
        killed: Bool = false,
        ordersPer10Seconds: UInt32 = 0,
        ordersPerDay: UInt32 = 0
    ) {
        self.revision = revision
        self.killed = killed
        self.ordersPer10Seconds = ordersPer10Seconds
        self.ordersPerDay = ordersPerDay
    }
}

extension VenueDefinition {
    @inline(__always)
    package var fieldsBound: Int {
        23
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
        if self.killed {
            RecordStore.tag(UInt8(16), &cursor)
            RecordStore.byte(self.killed ? 1 : 0, &cursor)
        }
        if self.ordersPer10Seconds != 0 {
            RecordStore.tag(UInt8(24), &cursor)
            RecordStore.varint(UInt64(self.ordersPer10Seconds), &cursor)
        }
        if self.ordersPerDay != 0 {
            RecordStore.tag(UInt8(32), &cursor)
            RecordStore.varint(UInt64(self.ordersPerDay), &cursor)
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
        self = VenueDefinition()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(9)) {
            self.revision = try reader.fixed64()
        }
        if reader.take(UInt8(16)) {
            self.killed = try reader.bool()
        }
        if reader.take(UInt8(24)) {
            self.ordersPer10Seconds = try reader.uint32()
        }
        if reader.take(UInt8(32)) {
            self.ordersPerDay = try reader.uint32()
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
                self.revision = try reader.fixed64()
            case 16:
                self.killed = try reader.bool()
            case 24:
                self.ordersPer10Seconds = try reader.uint32()
            case 32:
                self.ordersPerDay = try reader.uint32()
            default: try reader.skip(tag)
            }
        }
    }
}

/// A key has changed; its secret is in the database.
public struct ApiKeyNotice: RecordMessage {
    public var key: String = ""
    public var revision: UInt64 = 0
    public var account: AccountID = AccountID(rawValue: 0)
    public var revoked: Bool = false

    @inlinable
    public init() {}

    @inlinable
    public init(
        key: String = "",
        revision: UInt64 = 0,
        account: AccountID = AccountID(rawValue: 0),
        revoked: Bool = false
    ) {
        self.key = key
        self.revision = revision
        self.account = account
        self.revoked = revoked
    }
}

extension ApiKeyNotice {
    @inline(__always)
    package var fieldsBound: Int {
        var bound = 23
        bound &+= self.key.utf8.count
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
        if !self.key.isEmpty {
            RecordStore.tag(UInt8(10), &cursor)
            cursor = RecordStore.string(self.key, at: cursor)
        }
        if self.revision != 0 {
            RecordStore.tag(UInt8(17), &cursor)
            RecordStore.fixed64(self.revision, &cursor)
        }
        if self.account.rawValue != 0 {
            RecordStore.tag(UInt8(24), &cursor)
            RecordStore.varint(UInt64(self.account.rawValue), &cursor)
        }
        if self.revoked {
            RecordStore.tag(UInt8(32), &cursor)
            RecordStore.byte(self.revoked ? 1 : 0, &cursor)
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
        self = ApiKeyNotice()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(10)) {
            self.key = try reader.string()
        }
        if reader.take(UInt8(17)) {
            self.revision = try reader.fixed64()
        }
        if reader.take(UInt8(24)) {
            self.account = AccountID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(32)) {
            self.revoked = try reader.bool()
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
                self.key = try reader.string()
            case 17:
                self.revision = try reader.fixed64()
            case 24:
                self.account = AccountID(rawValue: try reader.uint32())
            case 32:
                self.revoked = try reader.bool()
            default: try reader.skip(tag)
            }
        }
    }
}

/// `reference-data`, keyed by kind and id.
public enum ReferenceDataRecord: RecordUnion {
    case asset(AssetDefinition)
    case instrument(InstrumentDefinition)
    case account(AccountDefinition)
    case feeSchedule(FeeSchedule)
    case venue(VenueDefinition)
    case apiKey(ApiKeyNotice)
}

extension ReferenceDataRecord {
    public static let typeNames: [UInt32: String] = [
        1: "asset",
        2: "instrument",
        3: "account",
        4: "feeSchedule",
        5: "venue",
        6: "apiKey",
    ]

    /// The numbers of the record types, to tell them apart before a payload is decoded.
    public enum Number {
        public static let asset: UInt32 = 1
        public static let instrument: UInt32 = 2
        public static let account: UInt32 = 3
        public static let feeSchedule: UInt32 = 4
        public static let venue: UInt32 = 5
        public static let apiKey: UInt32 = 6
    }

    public var type: UInt32 {
        switch self {
        case .asset: 1
        case .instrument: 2
        case .account: 3
        case .feeSchedule: 4
        case .venue: 5
        case .apiKey: 6
        }
    }

    public init(type: UInt32, payload: RawSpan) throws(RecordError) {
        let reader = RecordReader(payload)
        switch type {
        case 1:
            var value = AssetDefinition()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .asset(value)
        case 2:
            var value = InstrumentDefinition()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .instrument(value)
        case 3:
            var value = AccountDefinition()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .account(value)
        case 4:
            var value = FeeSchedule()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .feeSchedule(value)
        case 5:
            var value = VenueDefinition()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .venue(value)
        case 6:
            var value = ApiKeyNotice()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .apiKey(value)
        default: throw .unknownType(type)
        }
    }

    public func encodePayload(into writer: inout RecordWriter) {
        switch self {
        case .asset(let value): value.encode(into: &writer)
        case .instrument(let value): value.encode(into: &writer)
        case .account(let value): value.encode(into: &writer)
        case .feeSchedule(let value): value.encode(into: &writer)
        case .venue(let value): value.encode(into: &writer)
        case .apiKey(let value): value.encode(into: &writer)
        }
    }

    public var payloadSizeBound: Int {
        switch self {
        case .asset(let value): value.sizeBound
        case .instrument(let value): value.sizeBound
        case .account(let value): value.sizeBound
        case .feeSchedule(let value): value.sizeBound
        case .venue(let value): value.sizeBound
        case .apiKey(let value): value.sizeBound
        }
    }

    package var fieldsBound: Int {
        switch self {
        case .asset(let value): value.fieldsBound &+ 6
        case .instrument(let value): value.fieldsBound &+ 6
        case .account(let value): value.fieldsBound &+ 6
        case .feeSchedule(let value): value.fieldsBound &+ 6
        case .venue(let value): value.fieldsBound &+ 6
        case .apiKey(let value): value.fieldsBound &+ 6
        }
    }

    /// Writes the union as a message: its one field with tag and length.
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        switch self {
        case .asset(let value):
            RecordStore.tag(UInt8(10), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .instrument(let value):
            RecordStore.tag(UInt8(18), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .account(let value):
            RecordStore.tag(UInt8(26), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .feeSchedule(let value):
            RecordStore.tag(UInt8(34), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .venue(let value):
            RecordStore.tag(UInt8(42), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        case .apiKey(let value):
            RecordStore.tag(UInt8(50), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        return cursor
    }

    /// Reads the union from a message with its one field: the last member wins, one in pieces is merged.
    package init(mergingInto old: ReferenceDataRecord?, from start: UnsafeRawPointer, to end: UnsafeRawPointer) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        var result = old
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case 10:
                let body = try reader.delimited()
                var value = AssetDefinition()
                var isFresh = true
                if case .asset(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .asset(value)
            case 18:
                let body = try reader.delimited()
                var value = InstrumentDefinition()
                var isFresh = true
                if case .instrument(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .instrument(value)
            case 26:
                let body = try reader.delimited()
                var value = AccountDefinition()
                var isFresh = true
                if case .account(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .account(value)
            case 34:
                let body = try reader.delimited()
                var value = FeeSchedule()
                var isFresh = true
                if case .feeSchedule(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .feeSchedule(value)
            case 42:
                let body = try reader.delimited()
                var value = VenueDefinition()
                var isFresh = true
                if case .venue(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .venue(value)
            case 50:
                let body = try reader.delimited()
                var value = ApiKeyNotice()
                var isFresh = true
                if case .apiKey(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .apiKey(value)
            default: try reader.skip(tag)
            }
        }
        guard let result else { throw .missingField(1) }
        self = result
    }
}

/// The revision that a state machine has in force.
public struct RevisionReport: RecordMessage {
    public var kind: DefinitionKind = .asset
    /// Asset, instrument, account or fee schedule; 0 for the venue.
    public var id: UInt32 = 0
    public var revision: UInt64 = 0

    @inlinable
    public init() {}

    @inlinable
    public init(
        kind: DefinitionKind = .asset,
        id: UInt32 = 0,
        revision: UInt64 = 0
    ) {
        self.kind = kind
        self.id = id
        self.revision = revision
    }
}

extension RevisionReport {
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
        RecordStore.tag(UInt8(8), &cursor)
        RecordStore.byte(self.kind.rawValue, &cursor)
        if self.id != 0 {
            RecordStore.tag(UInt8(16), &cursor)
            RecordStore.varint(UInt64(self.id), &cursor)
        }
        if self.revision != 0 {
            RecordStore.tag(UInt8(25), &cursor)
            RecordStore.fixed64(self.revision, &cursor)
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
        self = RevisionReport()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        var seen: UInt64 = isFresh ? 0 : ~0
        if reader.take(UInt8(8)) {
            self.kind = try reader.enumeration(1)
            seen |= 1 << 0
        }
        if reader.take(UInt8(16)) {
            self.id = try reader.uint32()
        }
        if reader.take(UInt8(25)) {
            self.revision = try reader.fixed64()
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
                self.kind = try reader.enumeration(1)
                seen |= 1 << 0
            case 16:
                self.id = try reader.uint32()
            case 25:
                self.revision = try reader.fixed64()
            default: try reader.skip(tag)
            }
        }
    }
}

/// Raises a state machine's logic version.
public struct RaiseLogicVersion: RecordMessage {
    /// The WriterKind of the service.
    public var service: UInt32 = 0
    public var version: UInt32 = 0

    @inlinable
    public init() {}

    @inlinable
    public init(
        service: UInt32 = 0,
        version: UInt32 = 0
    ) {
        self.service = service
        self.version = version
    }
}

extension RaiseLogicVersion {
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
        if self.service != 0 {
            RecordStore.tag(UInt8(8), &cursor)
            RecordStore.varint(UInt64(self.service), &cursor)
        }
        if self.version != 0 {
            RecordStore.tag(UInt8(16), &cursor)
            RecordStore.varint(UInt64(self.version), &cursor)
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
        self = RaiseLogicVersion()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(8)) {
            self.service = try reader.uint32()
        }
        if reader.take(UInt8(16)) {
            self.version = try reader.uint32()
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
                self.service = try reader.uint32()
            case 16:
                self.version = try reader.uint32()
            default: try reader.skip(tag)
            }
        }
    }
}

/// Log time goes on; carries no number.
public struct Tick: RecordMessage {
    @inlinable
    public init() {}
}

extension Tick {
    @inline(__always)
    package var fieldsBound: Int {
        0
    }

    @inline(__always)
    public var sizeBound: Int { fieldsBound &+ RecordStore.slack }

    public func encode(into writer: inout RecordWriter) {
        writer.commit(to: encodeFields(at: writer.reserve(sizeBound)))
    }

    @inline(__always)
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        start
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
        self = Tick()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        while !reader.isAtEnd { try reader.skip(try reader.tag()) }
    }
}
