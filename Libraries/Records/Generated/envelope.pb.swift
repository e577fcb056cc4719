// Written by scripts/generate-records from envelope.proto; changes belong there.
// swift-format-ignore-file

import TradingCore

/// One Kafka message: all the records that its writer had ready for that partition, at most 256 KiB.
public struct Frame: RecordMessage {
    public var envelopes: [Envelope] = []

    @inlinable
    public init() {}

    @inlinable
    public init(
        envelopes: [Envelope] = []
    ) {
        self.envelopes = envelopes
    }
}

extension Frame {
    @inline(__always)
    package var fieldsBound: Int {
        var bound = 0
        bound &+= self.envelopes.reduce(0) { $0 &+ 6 &+ $1.fieldsBound }
        return bound
    }

    @inline(__always)
    public var sizeBound: Int { fieldsBound &+ RecordStore.slack }

    public func encode(into writer: inout RecordWriter) {
        writer.commit(to: encodeFields(at: writer.reserve(sizeBound)))
    }

    public static func encode(_ record: UnsafePointer<Frame>, into writer: inout RecordWriter) {
        let start = writer.reserve(record.pointee.sizeBound)
        writer.commit(to: record.pointee.encodeFields(at: start))
    }

    @inline(__always)
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        for index in 0..<self.envelopes.count {
            RecordStore.tag(UInt8(10), &cursor)
            let body = cursor
            cursor = self.envelopes[index].encodeFields(at: body + 1)
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
        self.envelopes.empty()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(10)) {
            if self.envelopes.capacity == 0 {
                self.envelopes.reserveCapacity(RecordReader.countRun(of: 10, reader.cursor, end))
            }
            repeat {
                let body = try reader.delimited()
                self.envelopes.append(Envelope())
                try self.envelopes[self.envelopes.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            } while reader.take(UInt8(10))
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
                self.envelopes.append(Envelope())
                try self.envelopes[self.envelopes.count - 1].merge(from: body.cursor, to: body.end, isFresh: true)
            default: try reader.skip(tag)
            }
        }
    }
}

/// One record. A writer is a kind in the high 16 bits (1 gateway, 2 order-service, 3 ledger-service, 4 matching-engine,
/// 5 market-data-broadcaster) and a gateway's slot or a processor's inbox partition in the low 16.
public struct Envelope: RecordMessage {
    /// The record's type: a field number of the topic's union message.
    public var type: UInt32 = 0
    public var writer: Writer = Writer(rawValue: 0)
    /// Dense from 1 for this writer (and epoch) in this partition; 0 for a fact that may be repeated.
    public var number: UInt64 = 0
    /// XXH64 of the payload, seeded with the hash of the writer's record before; of the first with 0.
    public var hash: UInt64 = 0
    /// A gateway's epoch; 0 for a processor.
    public var epoch: UInt64 = 0
    /// The input that caused this record: its writer and number in the inbox of this record's writer.
    public var causeWriter: Writer = Writer(rawValue: 0)
    public var causeNumber: UInt64 = 0
    /// The client's or operator's record that began it; all zero when a processor acted by itself.
    public var originWriter: Writer = Writer(rawValue: 0)
    public var originEpoch: UInt64 = 0
    public var originNumber: UInt64 = 0
    /// The topic (high 16 bits) and partition (low 16) in which the origin has its number.
    public var originLog: UInt32 = 0
    /// The member of the topic's union message that `type` names.
    public var payload: [UInt8] = []
    public var schemaVersion: UInt32 = 0
    /// W3C trace context when the request is traced: trace id (16 bytes), parent span id (8), flags (1).
    public var traceContext: [UInt8] = []

    @inlinable
    public init() {}

    @inlinable
    public init(
        type: UInt32 = 0,
        writer: Writer = Writer(rawValue: 0),
        number: UInt64 = 0,
        hash: UInt64 = 0,
        epoch: UInt64 = 0,
        causeWriter: Writer = Writer(rawValue: 0),
        causeNumber: UInt64 = 0,
        originWriter: Writer = Writer(rawValue: 0),
        originEpoch: UInt64 = 0,
        originNumber: UInt64 = 0,
        originLog: UInt32 = 0,
        payload: [UInt8] = [],
        schemaVersion: UInt32 = 0,
        traceContext: [UInt8] = []
    ) {
        self.type = type
        self.writer = writer
        self.number = number
        self.hash = hash
        self.epoch = epoch
        self.causeWriter = causeWriter
        self.causeNumber = causeNumber
        self.originWriter = originWriter
        self.originEpoch = originEpoch
        self.originNumber = originNumber
        self.originLog = originLog
        self.payload = payload
        self.schemaVersion = schemaVersion
        self.traceContext = traceContext
    }
}

extension Envelope {
    @inline(__always)
    package var fieldsBound: Int {
        var bound = 102
        bound &+= self.payload.count
        bound &+= self.traceContext.count
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
        if self.type != 0 {
            RecordStore.tag(UInt8(8), &cursor)
            RecordStore.varint(UInt64(self.type), &cursor)
        }
        if self.writer.rawValue != 0 {
            RecordStore.tag(UInt8(16), &cursor)
            RecordStore.varint(UInt64(self.writer.rawValue), &cursor)
        }
        if self.number != 0 {
            RecordStore.tag(UInt8(25), &cursor)
            RecordStore.fixed64(self.number, &cursor)
        }
        if self.hash != 0 {
            RecordStore.tag(UInt8(33), &cursor)
            RecordStore.fixed64(self.hash, &cursor)
        }
        if self.epoch != 0 {
            RecordStore.tag(UInt8(41), &cursor)
            RecordStore.fixed64(self.epoch, &cursor)
        }
        if self.causeWriter.rawValue != 0 {
            RecordStore.tag(UInt8(48), &cursor)
            RecordStore.varint(UInt64(self.causeWriter.rawValue), &cursor)
        }
        if self.causeNumber != 0 {
            RecordStore.tag(UInt8(57), &cursor)
            RecordStore.fixed64(self.causeNumber, &cursor)
        }
        if self.originWriter.rawValue != 0 {
            RecordStore.tag(UInt8(64), &cursor)
            RecordStore.varint(UInt64(self.originWriter.rawValue), &cursor)
        }
        if self.originEpoch != 0 {
            RecordStore.tag(UInt8(73), &cursor)
            RecordStore.fixed64(self.originEpoch, &cursor)
        }
        if self.originNumber != 0 {
            RecordStore.tag(UInt8(81), &cursor)
            RecordStore.fixed64(self.originNumber, &cursor)
        }
        if self.originLog != 0 {
            RecordStore.tag(UInt8(88), &cursor)
            RecordStore.varint(UInt64(self.originLog), &cursor)
        }
        if !self.payload.isEmpty {
            RecordStore.tag(UInt8(98), &cursor)
            cursor = RecordStore.bytes(self.payload, at: cursor)
        }
        if self.schemaVersion != 0 {
            RecordStore.tag(UInt8(104), &cursor)
            RecordStore.varint(UInt64(self.schemaVersion), &cursor)
        }
        if !self.traceContext.isEmpty {
            RecordStore.tag(UInt8(114), &cursor)
            cursor = RecordStore.bytes(self.traceContext, at: cursor)
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
        self = Envelope()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(8)) {
            self.type = try reader.uint32()
        }
        if reader.take(UInt8(16)) {
            self.writer = Writer(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(25)) {
            self.number = try reader.fixed64()
        }
        if reader.take(UInt8(33)) {
            self.hash = try reader.fixed64()
        }
        if reader.take(UInt8(41)) {
            self.epoch = try reader.fixed64()
        }
        if reader.take(UInt8(48)) {
            self.causeWriter = Writer(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(57)) {
            self.causeNumber = try reader.fixed64()
        }
        if reader.take(UInt8(64)) {
            self.originWriter = Writer(rawValue: try reader.uint32())
        }
        if reader.take(UInt8(73)) {
            self.originEpoch = try reader.fixed64()
        }
        if reader.take(UInt8(81)) {
            self.originNumber = try reader.fixed64()
        }
        if reader.take(UInt8(88)) {
            self.originLog = try reader.uint32()
        }
        if reader.take(UInt8(98)) {
            self.payload = try reader.bytes()
        }
        if reader.take(UInt8(104)) {
            self.schemaVersion = try reader.uint32()
        }
        if reader.take(UInt8(114)) {
            self.traceContext = try reader.bytes()
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
                self.type = try reader.uint32()
            case 16:
                self.writer = Writer(rawValue: try reader.uint32())
            case 25:
                self.number = try reader.fixed64()
            case 33:
                self.hash = try reader.fixed64()
            case 41:
                self.epoch = try reader.fixed64()
            case 48:
                self.causeWriter = Writer(rawValue: try reader.uint32())
            case 57:
                self.causeNumber = try reader.fixed64()
            case 64:
                self.originWriter = Writer(rawValue: try reader.uint32())
            case 73:
                self.originEpoch = try reader.fixed64()
            case 81:
                self.originNumber = try reader.fixed64()
            case 88:
                self.originLog = try reader.uint32()
            case 98:
                self.payload = try reader.bytes()
            case 104:
                self.schemaVersion = try reader.uint32()
            case 114:
                self.traceContext = try reader.bytes()
            default: try reader.skip(tag)
            }
        }
    }
}
