// Written by scripts/generate-records from account_events.proto; changes belong there.
// swift-format-ignore-file

import TradingCore

/// A balance after the input.
public struct Balance: RecordMessage {
    public var account: AccountID = AccountID(rawValue: 0)
    public var asset: AssetID = AssetID(rawValue: 0)
    public var free: Amount = Amount(rawValue: 0)
    public var locked: Amount = Amount(rawValue: 0)

    @inlinable
    public init() {}

    @inlinable
    public init(
        account: AccountID = AccountID(rawValue: 0),
        asset: AssetID = AssetID(rawValue: 0),
        free: Amount = Amount(rawValue: 0),
        locked: Amount = Amount(rawValue: 0)
    ) {
        self.account = account
        self.asset = asset
        self.free = free
        self.locked = locked
    }
}

extension Balance {
    @inline(__always)
    package var fieldsBound: Int {
        30
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
        if self.free.rawValue != 0 {
            RecordStore.tag(UInt8(25), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.free.rawValue), &cursor)
        }
        if self.locked.rawValue != 0 {
            RecordStore.tag(UInt8(33), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.locked.rawValue), &cursor)
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
        self = Balance()
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
            self.free = Amount(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(33)) {
            self.locked = Amount(rawValue: try reader.sfixed64())
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
                self.free = Amount(rawValue: try reader.sfixed64())
            case 33:
                self.locked = Amount(rawValue: try reader.sfixed64())
            default: try reader.skip(tag)
            }
        }
    }
}

/// What was handed to the engine.
public struct Forward: RecordMessage {
    public var matchingPartition: UInt32 = 0
    /// The number of ledger-service's record there.
    public var number: UInt64 = 0

    @inlinable
    public init() {}

    @inlinable
    public init(
        matchingPartition: UInt32 = 0,
        number: UInt64 = 0
    ) {
        self.matchingPartition = matchingPartition
        self.number = number
    }
}

extension Forward {
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
        if self.matchingPartition != 0 {
            RecordStore.tag(UInt8(8), &cursor)
            RecordStore.varint(UInt64(self.matchingPartition), &cursor)
        }
        if self.number != 0 {
            RecordStore.tag(UInt8(17), &cursor)
            RecordStore.fixed64(self.number, &cursor)
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
        self = Forward()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(8)) {
            self.matchingPartition = try reader.uint32()
        }
        if reader.take(UInt8(17)) {
            self.number = try reader.fixed64()
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
                self.matchingPartition = try reader.uint32()
            case 17:
                self.number = try reader.fixed64()
            default: try reader.skip(tag)
            }
        }
    }
}

public struct DepositPosted: RecordMessage {
    public var account: AccountID = AccountID(rawValue: 0)
    public var asset: AssetID = AssetID(rawValue: 0)
    public var amount: Amount = Amount(rawValue: 0)
    public var reference: ASCIIText = ASCIIText()
    public var transactionId: String = ""
    public var network: ASCIIText = ASCIIText()
    /// The reference was taken before: nothing changed.
    public var repeatedReference: Bool = false

    @inlinable
    public init() {}

    @inlinable
    public init(
        account: AccountID = AccountID(rawValue: 0),
        asset: AssetID = AssetID(rawValue: 0),
        amount: Amount = Amount(rawValue: 0),
        reference: ASCIIText = ASCIIText(),
        transactionId: String = "",
        network: ASCIIText = ASCIIText(),
        repeatedReference: Bool = false
    ) {
        self.account = account
        self.asset = asset
        self.amount = amount
        self.reference = reference
        self.transactionId = transactionId
        self.network = network
        self.repeatedReference = repeatedReference
    }
}

extension DepositPosted {
    @inline(__always)
    package var fieldsBound: Int {
        var bound = 111
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
        if self.repeatedReference {
            RecordStore.tag(UInt8(56), &cursor)
            RecordStore.byte(self.repeatedReference ? 1 : 0, &cursor)
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
        self = DepositPosted()
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
        if reader.take(UInt8(56)) {
            self.repeatedReference = try reader.bool()
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
            case 56:
                self.repeatedReference = try reader.bool()
            default: try reader.skip(tag)
            }
        }
    }
}

public struct WithdrawalUpdate: RecordMessage {
    public var withdrawalId: WithdrawalID = WithdrawalID(rawValue: 0)
    public var account: AccountID = AccountID(rawValue: 0)
    public var asset: AssetID = AssetID(rawValue: 0)
    public var amount: Amount = Amount(rawValue: 0)
    public var fee: Amount = Amount(rawValue: 0)
    public var status: WithdrawalStatus = .held
    public var withdrawOrderId: ASCIIText = ASCIIText()
    public var address: String = ""
    public var addressTag: String = ""
    public var network: ASCIIText = ASCIIText()
    public var transactionId: String = ""
    /// The id was taken before: nothing changed.
    public var repeatedId: Bool = false

    @inlinable
    public init() {}

    @inlinable
    public init(
        withdrawalId: WithdrawalID = WithdrawalID(rawValue: 0),
        account: AccountID = AccountID(rawValue: 0),
        asset: AssetID = AssetID(rawValue: 0),
        amount: Amount = Amount(rawValue: 0),
        fee: Amount = Amount(rawValue: 0),
        status: WithdrawalStatus = .held,
        withdrawOrderId: ASCIIText = ASCIIText(),
        address: String = "",
        addressTag: String = "",
        network: ASCIIText = ASCIIText(),
        transactionId: String = "",
        repeatedId: Bool = false
    ) {
        self.withdrawalId = withdrawalId
        self.account = account
        self.asset = asset
        self.amount = amount
        self.fee = fee
        self.status = status
        self.withdrawOrderId = withdrawOrderId
        self.address = address
        self.addressTag = addressTag
        self.network = network
        self.transactionId = transactionId
        self.repeatedId = repeatedId
    }
}

extension WithdrawalUpdate {
    @inline(__always)
    package var fieldsBound: Int {
        var bound = 143
        bound &+= self.address.utf8.count
        bound &+= self.addressTag.utf8.count
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
        if self.withdrawalId.rawValue != 0 {
            RecordStore.tag(UInt8(9), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.withdrawalId.rawValue), &cursor)
        }
        if self.account.rawValue != 0 {
            RecordStore.tag(UInt8(16), &cursor)
            RecordStore.varint(UInt64(self.account.rawValue), &cursor)
        }
        if self.asset.rawValue != 0 {
            RecordStore.tag(UInt8(24), &cursor)
            RecordStore.varint(UInt64(self.asset.rawValue), &cursor)
        }
        if self.amount.rawValue != 0 {
            RecordStore.tag(UInt8(33), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.amount.rawValue), &cursor)
        }
        if self.fee.rawValue != 0 {
            RecordStore.tag(UInt8(41), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.fee.rawValue), &cursor)
        }
        RecordStore.tag(UInt8(48), &cursor)
        RecordStore.byte(self.status.rawValue, &cursor)
        if !self.withdrawOrderId.isEmpty {
            RecordStore.tag(UInt8(58), &cursor)
            RecordStore.ascii(self.withdrawOrderId, &cursor)
        }
        if !self.address.isEmpty {
            RecordStore.tag(UInt8(66), &cursor)
            cursor = RecordStore.string(self.address, at: cursor)
        }
        if !self.addressTag.isEmpty {
            RecordStore.tag(UInt8(74), &cursor)
            cursor = RecordStore.string(self.addressTag, at: cursor)
        }
        if !self.network.isEmpty {
            RecordStore.tag(UInt8(82), &cursor)
            RecordStore.ascii(self.network, &cursor)
        }
        if !self.transactionId.isEmpty {
            RecordStore.tag(UInt8(90), &cursor)
            cursor = RecordStore.string(self.transactionId, at: cursor)
        }
        if self.repeatedId {
            RecordStore.tag(UInt8(96), &cursor)
            RecordStore.byte(self.repeatedId ? 1 : 0, &cursor)
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
        self = WithdrawalUpdate()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        var seen: UInt64 = isFresh ? 0 : ~0
        if reader.take(UInt8(9)) {
            self.withdrawalId = WithdrawalID(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(16)) {
            self.account = AccountID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(24)) {
            self.asset = AssetID(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(33)) {
            self.amount = Amount(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(41)) {
            self.fee = Amount(rawValue: try reader.sfixed64())
        }
        if reader.take(UInt8(48)) {
            self.status = try reader.enumeration(6)
            seen |= 1 << 0
        }
        if reader.take(UInt8(58)) {
            try reader.ascii(into: &self.withdrawOrderId)
        }
        if reader.take(UInt8(66)) {
            self.address = try reader.string()
        }
        if reader.take(UInt8(74)) {
            self.addressTag = try reader.string()
        }
        if reader.take(UInt8(82)) {
            try reader.ascii(into: &self.network)
        }
        if reader.take(UInt8(90)) {
            self.transactionId = try reader.string()
        }
        if reader.take(UInt8(96)) {
            self.repeatedId = try reader.bool()
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
            case 9:
                self.withdrawalId = WithdrawalID(rawValue: try reader.sfixed64())
            case 16:
                self.account = AccountID(rawValue: try reader.uint32())
            case 24:
                self.asset = AssetID(rawValue: try reader.uint32())
            case 33:
                self.amount = Amount(rawValue: try reader.sfixed64())
            case 41:
                self.fee = Amount(rawValue: try reader.sfixed64())
            case 48:
                self.status = try reader.enumeration(6)
                seen |= 1 << 0
            case 58:
                try reader.ascii(into: &self.withdrawOrderId)
            case 66:
                self.address = try reader.string()
            case 74:
                self.addressTag = try reader.string()
            case 82:
                try reader.ascii(into: &self.network)
            case 90:
                self.transactionId = try reader.string()
            case 96:
                self.repeatedId = try reader.bool()
            default: try reader.skip(tag)
            }
        }
    }
}

public struct AccountEvent: RecordMessage {
    public var balances: [Balance] = []
    public var forwards: [Forward] = []
    public var refusal: Refusal? = nil
    /// The marker found no order: its id is taken by the mark from now on. Or it found one: `order_id` is set.
    public var marker: Marker? = nil
    public var deposit: DepositPosted? = nil
    public var withdrawal: WithdrawalUpdate? = nil
    public var testPassed: TestPassed? = nil
    public var revisionReport: RevisionReport? = nil
    /// An order taken into the line: held and handed to the engine.
    public var orderId: OrderID = OrderID(rawValue: 0)
    /// Parts as in Execution.
    public var part: UInt32 = 0
    public var moreParts: Bool = false

    @inlinable
    public init() {}

    @inlinable
    public init(
        balances: [Balance] = [],
        forwards: [Forward] = [],
        refusal: Refusal? = nil,
        marker: Marker? = nil,
        deposit: DepositPosted? = nil,
        withdrawal: WithdrawalUpdate? = nil,
        testPassed: TestPassed? = nil,
        revisionReport: RevisionReport? = nil,
        orderId: OrderID = OrderID(rawValue: 0),
        part: UInt32 = 0,
        moreParts: Bool = false
    ) {
        self.balances = balances
        self.forwards = forwards
        self.refusal = refusal
        self.marker = marker
        self.deposit = deposit
        self.withdrawal = withdrawal
        self.testPassed = testPassed
        self.revisionReport = revisionReport
        self.orderId = orderId
        self.part = part
        self.moreParts = moreParts
    }
}

extension AccountEvent {
    @inline(__always)
    package var fieldsBound: Int {
        var bound = 236
        bound &+= self.balances.count &* 32
        bound &+= self.forwards.count &* 17
        bound &+= (self.deposit?.fieldsBound ?? 0)
        bound &+= (self.withdrawal?.fieldsBound ?? 0)
        return bound
    }

    @inline(__always)
    public var sizeBound: Int { fieldsBound &+ RecordStore.slack }

    public func encode(into writer: inout RecordWriter) {
        writer.commit(to: encodeFields(at: writer.reserve(sizeBound)))
    }

    public static func encode(_ record: UnsafePointer<AccountEvent>, into writer: inout RecordWriter) {
        let start = writer.reserve(record.pointee.sizeBound)
        writer.commit(to: record.pointee.encodeFields(at: start))
    }

    @inline(__always)
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        for index in 0..<self.balances.count {
            RecordStore.tag(UInt8(10), &cursor)
            let body = cursor
            cursor = self.balances[index].encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        for index in 0..<self.forwards.count {
            RecordStore.tag(UInt8(18), &cursor)
            let body = cursor
            cursor = self.forwards[index].encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        if let value = self.refusal {
            RecordStore.tag(UInt8(26), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        if let value = self.marker {
            RecordStore.tag(UInt8(34), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        if let value = self.deposit {
            RecordStore.tag(UInt8(42), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        if let value = self.withdrawal {
            RecordStore.tag(UInt8(50), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        if let value = self.testPassed {
            RecordStore.tag(UInt8(58), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        if let value = self.revisionReport {
            RecordStore.tag(UInt8(66), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        if self.orderId.rawValue != 0 {
            RecordStore.tag(UInt8(73), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: self.orderId.rawValue), &cursor)
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
        self.balances.empty()
        self.forwards.empty()
        self.refusal = nil
        self.marker = nil
        self.deposit = nil
        self.withdrawal = nil
        self.testPassed = nil
        self.revisionReport = nil
        self.orderId = OrderID(rawValue: 0)
        self.part = 0
        self.moreParts = false
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(10)) {
            if self.balances.capacity == 0 {
                self.balances.reserveCapacity(RecordReader.countRun(of: 10, reader.cursor, end))
            }
            repeat {
                let body = try reader.delimited()
                self.balances.append(Balance())
                try self.balances[self.balances.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            } while reader.take(UInt8(10))
        }
        if reader.take(UInt8(18)) {
            if self.forwards.capacity == 0 {
                self.forwards.reserveCapacity(RecordReader.countRun(of: 18, reader.cursor, end))
            }
            repeat {
                let body = try reader.delimited()
                self.forwards.append(Forward())
                try self.forwards[self.forwards.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            } while reader.take(UInt8(18))
        }
        if reader.take(UInt8(26)) {
            let body = try reader.delimited()
            let isFresh = self.refusal == nil
            if isFresh { self.refusal = Refusal() }
            try self.refusal?.merge(from: body.cursor, to: body.end, isFresh: isFresh)
        }
        if reader.take(UInt8(34)) {
            let body = try reader.delimited()
            let isFresh = self.marker == nil
            if isFresh { self.marker = Marker() }
            try self.marker?.merge(from: body.cursor, to: body.end, isFresh: isFresh)
        }
        if reader.take(UInt8(42)) {
            let body = try reader.delimited()
            let isFresh = self.deposit == nil
            if isFresh { self.deposit = DepositPosted() }
            try self.deposit?.merge(from: body.cursor, to: body.end, isFresh: isFresh)
        }
        if reader.take(UInt8(50)) {
            let body = try reader.delimited()
            let isFresh = self.withdrawal == nil
            if isFresh { self.withdrawal = WithdrawalUpdate() }
            try self.withdrawal?.merge(from: body.cursor, to: body.end, isFresh: isFresh)
        }
        if reader.take(UInt8(58)) {
            let body = try reader.delimited()
            let isFresh = self.testPassed == nil
            if isFresh { self.testPassed = TestPassed() }
            try self.testPassed?.merge(from: body.cursor, to: body.end, isFresh: isFresh)
        }
        if reader.take(UInt8(66)) {
            let body = try reader.delimited()
            let isFresh = self.revisionReport == nil
            if isFresh { self.revisionReport = RevisionReport() }
            try self.revisionReport?.merge(from: body.cursor, to: body.end, isFresh: isFresh)
        }
        if reader.take(UInt8(73)) {
            self.orderId = OrderID(rawValue: try reader.sfixed64())
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
            case 10:
                let body = try reader.delimited()
                self.balances.append(Balance())
                try self.balances[self.balances.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            case 18:
                let body = try reader.delimited()
                self.forwards.append(Forward())
                try self.forwards[self.forwards.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            case 26:
                let body = try reader.delimited()
                let isFresh = self.refusal == nil
                if isFresh { self.refusal = Refusal() }
                try self.refusal?.merge(from: body.cursor, to: body.end, isFresh: isFresh)
            case 34:
                let body = try reader.delimited()
                let isFresh = self.marker == nil
                if isFresh { self.marker = Marker() }
                try self.marker?.merge(from: body.cursor, to: body.end, isFresh: isFresh)
            case 42:
                let body = try reader.delimited()
                let isFresh = self.deposit == nil
                if isFresh { self.deposit = DepositPosted() }
                try self.deposit?.merge(from: body.cursor, to: body.end, isFresh: isFresh)
            case 50:
                let body = try reader.delimited()
                let isFresh = self.withdrawal == nil
                if isFresh { self.withdrawal = WithdrawalUpdate() }
                try self.withdrawal?.merge(from: body.cursor, to: body.end, isFresh: isFresh)
            case 58:
                let body = try reader.delimited()
                let isFresh = self.testPassed == nil
                if isFresh { self.testPassed = TestPassed() }
                try self.testPassed?.merge(from: body.cursor, to: body.end, isFresh: isFresh)
            case 66:
                let body = try reader.delimited()
                let isFresh = self.revisionReport == nil
                if isFresh { self.revisionReport = RevisionReport() }
                try self.revisionReport?.merge(from: body.cursor, to: body.end, isFresh: isFresh)
            case 73:
                self.orderId = OrderID(rawValue: try reader.sfixed64())
            case 104:
                self.part = try reader.uint32()
            case 112:
                self.moreParts = try reader.bool()
            default: try reader.skip(tag)
            }
        }
    }
}

public enum AccountEventsRecord: RecordUnion {
    case event(AccountEvent)
    case tick(Tick)
}

extension AccountEventsRecord {
    public static let typeNames: [UInt32: String] = [
        1: "event",
        16: "tick",
    ]

    /// The numbers of the record types, to tell them apart before a payload is decoded.
    public enum Number {
        public static let event: UInt32 = 1
        public static let tick: UInt32 = 16
    }

    public var type: UInt32 {
        switch self {
        case .event: 1
        case .tick: 16
        }
    }

    public init(type: UInt32, payload: RawSpan) throws(RecordError) {
        let reader = RecordReader(payload)
        switch type {
        case 1:
            var value = AccountEvent()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .event(value)
        case 16:
            var value = Tick()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .tick(value)
        default: throw .unknownType(type)
        }
    }

    public func encodePayload(into writer: inout RecordWriter) {
        switch self {
        case .event(let value): value.encode(into: &writer)
        case .tick(let value): value.encode(into: &writer)
        }
    }

    public var payloadSizeBound: Int {
        switch self {
        case .event(let value): value.sizeBound
        case .tick(let value): value.sizeBound
        }
    }

    package var fieldsBound: Int {
        switch self {
        case .event(let value): value.fieldsBound &+ 6
        case .tick(let value): value.fieldsBound &+ 7
        }
    }

    /// Writes the union as a message: its one field with tag and length.
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        switch self {
        case .event(let value):
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
    package init(mergingInto old: AccountEventsRecord?, from start: UnsafeRawPointer, to end: UnsafeRawPointer) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        var result = old
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case 10:
                let body = try reader.delimited()
                var value = AccountEvent()
                var isFresh = true
                if case .event(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .event(value)
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
