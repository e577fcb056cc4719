// Written by scripts/generate-records from quarantine.proto; changes belong there.
// swift-format-ignore-file

import TradingCore

public struct QuarantinedRecord: RecordMessage {
    public var topic: String = ""
    public var partition: UInt32 = 0
    public var offset: UInt64 = 0
    public var index: UInt32 = 0
    public var reason: String = ""
    public var bytes: [UInt8] = []

    @inlinable
    public init() {}

    @inlinable
    public init(
        topic: String = "",
        partition: UInt32 = 0,
        offset: UInt64 = 0,
        index: UInt32 = 0,
        reason: String = "",
        bytes: [UInt8] = []
    ) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.index = index
        self.reason = reason
        self.bytes = bytes
    }
}

extension QuarantinedRecord {
    @inline(__always)
    package var fieldsBound: Int {
        var bound = 39
        bound &+= self.topic.utf8.count
        bound &+= self.reason.utf8.count
        bound &+= self.bytes.count
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
        if !self.topic.isEmpty {
            RecordStore.tag(UInt8(10), &cursor)
            cursor = RecordStore.string(self.topic, at: cursor)
        }
        if self.partition != 0 {
            RecordStore.tag(UInt8(16), &cursor)
            RecordStore.varint(UInt64(self.partition), &cursor)
        }
        if self.offset != 0 {
            RecordStore.tag(UInt8(25), &cursor)
            RecordStore.fixed64(self.offset, &cursor)
        }
        if self.index != 0 {
            RecordStore.tag(UInt8(32), &cursor)
            RecordStore.varint(UInt64(self.index), &cursor)
        }
        if !self.reason.isEmpty {
            RecordStore.tag(UInt8(42), &cursor)
            cursor = RecordStore.string(self.reason, at: cursor)
        }
        if !self.bytes.isEmpty {
            RecordStore.tag(UInt8(50), &cursor)
            cursor = RecordStore.bytes(self.bytes, at: cursor)
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
        self = QuarantinedRecord()
    }

    /// Reads fields over those that are there, as protobuf merges a message that comes in pieces.
    package mutating func merge(from start: UnsafeRawPointer, to end: UnsafeRawPointer, isFresh: Bool) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        if reader.take(UInt8(10)) {
            self.topic = try reader.string()
        }
        if reader.take(UInt8(16)) {
            self.partition = try reader.uint32()
        }
        if reader.take(UInt8(25)) {
            self.offset = try reader.fixed64()
        }
        if reader.take(UInt8(32)) {
            self.index = try reader.uint32()
        }
        if reader.take(UInt8(42)) {
            self.reason = try reader.string()
        }
        if reader.take(UInt8(50)) {
            self.bytes = try reader.bytes()
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
                self.topic = try reader.string()
            case 16:
                self.partition = try reader.uint32()
            case 25:
                self.offset = try reader.fixed64()
            case 32:
                self.index = try reader.uint32()
            case 42:
                self.reason = try reader.string()
            case 50:
                self.bytes = try reader.bytes()
            default: try reader.skip(tag)
            }
        }
    }
}

public enum QuarantineRecord: RecordUnion {
    case quarantined(QuarantinedRecord)
}

extension QuarantineRecord {
    public static let typeNames: [UInt32: String] = [
        1: "quarantined",
    ]

    /// The numbers of the record types, to tell them apart before a payload is decoded.
    public enum Number {
        public static let quarantined: UInt32 = 1
    }

    public var type: UInt32 {
        switch self {
        case .quarantined: 1
        }
    }

    public init(type: UInt32, payload: RawSpan) throws(RecordError) {
        let reader = RecordReader(payload)
        switch type {
        case 1:
            var value = QuarantinedRecord()
            try value.merge(from: reader.cursor, to: reader.end, isFresh: true)
            self = .quarantined(value)
        default: throw .unknownType(type)
        }
    }

    public func encodePayload(into writer: inout RecordWriter) {
        switch self {
        case .quarantined(let value): value.encode(into: &writer)
        }
    }

    public var payloadSizeBound: Int {
        switch self {
        case .quarantined(let value): value.sizeBound
        }
    }

    package var fieldsBound: Int {
        switch self {
        case .quarantined(let value): value.fieldsBound &+ 6
        }
    }

    /// Writes the union as a message: its one field with tag and length.
    package func encodeFields(at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        switch self {
        case .quarantined(let value):
            RecordStore.tag(UInt8(10), &cursor)
            let body = cursor
            cursor = value.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        return cursor
    }

    /// Reads the union from a message with its one field: the last member wins, one in pieces is merged.
    package init(mergingInto old: QuarantineRecord?, from start: UnsafeRawPointer, to end: UnsafeRawPointer) throws(RecordError) {
        var reader = RecordReader(from: start, to: end)
        var result = old
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case 10:
                let body = try reader.delimited()
                var value = QuarantinedRecord()
                var isFresh = true
                if case .quarantined(let earlier) = result {
                    (value, isFresh) = (earlier, false)
                }
                try value.merge(from: body.cursor, to: body.end, isFresh: isFresh)
                result = .quarantined(value)
            default: try reader.skip(tag)
            }
        }
        guard let result else { throw .missingField(1) }
        self = result
    }
}
