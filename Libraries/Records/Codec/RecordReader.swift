/// A cursor over the protobuf encoding of one message.
///
/// It stands on raw pointers because bounds are checked once a field instead of once a byte; every read checks against `end` first.
/// Hot members are inlined and the slow ones take pointers by value, so a reader lives in two registers.
package struct RecordReader {
    package private(set) var cursor: UnsafeRawPointer
    package let end: UnsafeRawPointer

    @inline(__always)
    package init(from start: UnsafeRawPointer, to end: UnsafeRawPointer) {
        cursor = start
        self.end = end
    }

    /// A reader of a buffer; an empty one may have no address.
    @inline(__always)
    package init(_ buffer: UnsafeRawBufferPointer) {
        let start = buffer.baseAddress ?? Self.nowhere
        self.init(from: start, to: start + buffer.count)
    }

    /// Where an empty buffer without an address begins and ends; never read.
    private static var nowhere: UnsafeRawPointer { UnsafeRawPointer(bitPattern: 8).unsafelyUnwrapped }

    @inline(__always)
    package var isAtEnd: Bool { cursor >= end }

    @inline(__always)
    package var remaining: Int { end - cursor }

    // MARK: Tags

    /// Steps over `tag` where the next byte is it; `tag` is below 128.
    @inline(__always)
    package mutating func take(_ tag: UInt8) -> Bool {
        guard cursor < end, cursor.load(as: UInt8.self) == tag else { return false }
        cursor += 1
        return true
    }

    /// Steps over a tag of two bytes, given as they stand in memory (first byte low).
    @inline(__always)
    package mutating func take(_ tag: UInt16) -> Bool {
        guard remaining >= 2, UInt16(littleEndian: cursor.loadUnaligned(as: UInt16.self)) == tag else { return false }
        cursor += 2
        return true
    }

    /// Reads any tag: field number × 8 + wire type.
    @inline(__always)
    package mutating func tag() throws(RecordError) -> UInt32 {
        if cursor < end {
            let byte = cursor.load(as: UInt8.self)
            if byte < 0x80 {
                guard byte >= 8 else { throw .invalidTag(UInt64(byte)) }
                cursor += 1
                return UInt32(truncatingIfNeeded: byte)
            }
        }
        let (value, next) = try Self.longVarint(cursor, end)
        guard value >= 8, value <= UInt32.max else { throw .invalidTag(value) }
        guard next - cursor <= 5 else { throw .malformedVarint }
        cursor = next
        return UInt32(truncatingIfNeeded: value)
    }

    // MARK: Scalars

    @inline(__always)
    package mutating func varint() throws(RecordError) -> UInt64 {
        if cursor < end {
            let byte = cursor.load(as: UInt8.self)
            if byte < 0x80 {
                cursor += 1
                return UInt64(truncatingIfNeeded: byte)
            }
        }
        let (value, next) = try Self.longVarint(cursor, end)
        cursor = next
        return value
    }

    @inline(__always)
    package mutating func bool() throws(RecordError) -> Bool { try varint() != 0 }

    @inline(__always)
    package mutating func int32() throws(RecordError) -> Int32 { Int32(truncatingIfNeeded: try varint()) }

    @inline(__always)
    package mutating func int64() throws(RecordError) -> Int64 { Int64(bitPattern: try varint()) }

    @inline(__always)
    package mutating func uint32() throws(RecordError) -> UInt32 { UInt32(truncatingIfNeeded: try varint()) }

    @inline(__always)
    package mutating func uint64() throws(RecordError) -> UInt64 { try varint() }

    @inline(__always)
    package mutating func fixed64() throws(RecordError) -> UInt64 {
        guard remaining >= 8 else { throw .truncated }
        let value = UInt64(littleEndian: cursor.loadUnaligned(as: UInt64.self))
        cursor += 8
        return value
    }

    @inline(__always)
    package mutating func sfixed64() throws(RecordError) -> Int64 { Int64(bitPattern: try fixed64()) }

    @inline(__always)
    package mutating func fixed32() throws(RecordError) -> UInt32 {
        guard remaining >= 4 else { throw .truncated }
        let value = UInt32(littleEndian: cursor.loadUnaligned(as: UInt32.self))
        cursor += 4
        return value
    }

    @inline(__always)
    package mutating func sfixed32() throws(RecordError) -> Int32 { Int32(bitPattern: try fixed32()) }

    // MARK: Length-delimited

    /// Reads a length and steps over what it spans.
    @inline(__always)
    package mutating func delimited() throws(RecordError) -> RecordReader {
        let count = try varint()
        guard count <= UInt64(truncatingIfNeeded: remaining) else { throw .truncated }
        let start = cursor
        cursor += Int(truncatingIfNeeded: count)
        return RecordReader(from: start, to: cursor)
    }

    package mutating func bytes() throws(RecordError) -> [UInt8] {
        let field = try delimited()
        return [UInt8](UnsafeRawBufferPointer(start: field.cursor, count: field.remaining))
    }

    package mutating func string() throws(RecordError) -> String {
        let field = try delimited()
        let buffer = UnsafeRawBufferPointer(start: field.cursor, count: field.remaining)
        guard let text = String(validating: buffer, as: UTF8.self) else { throw .invalidText }
        return text
    }

    // MARK: What a decoder does not know

    /// Steps over the value of an unknown field. Groups are refused.
    package mutating func skip(_ tag: UInt32) throws(RecordError) {
        switch tag & 7 {
        case 0: _ = try varint()
        case 1: _ = try fixed64()
        case 2: _ = try delimited()
        case 5: _ = try fixed32()
        default: throw .invalidTag(UInt64(tag))
        }
    }

    /// Counts the length-delimited fields that follow one another under the tag just taken, so that an array grows once.
    ///
    /// - Returns: at least 1; a field that does not end within the bytes is counted and left for the decoder to refuse.
    @inline(never)
    package static func countRun(
        of tag: UInt32, _ start: UnsafeRawPointer, _ end: UnsafeRawPointer
    ) -> Int {
        var reader = RecordReader(from: start, to: end)
        var count = 1
        do throws(RecordError) {
            _ = try reader.delimited()
            while !reader.isAtEnd, try reader.tag() == tag {
                count += 1
                _ = try reader.delimited()
            }
        } catch {}
        return count
    }

    /// Reads a varint of two to ten bytes; bits beyond the 64th are dropped, as every protobuf does.
    @inline(never)
    private static func longVarint(
        _ start: UnsafeRawPointer, _ end: UnsafeRawPointer
    ) throws(RecordError) -> (UInt64, UnsafeRawPointer) {
        var cursor = start
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while cursor < end {
            let byte = cursor.load(as: UInt8.self)
            cursor += 1
            value |= UInt64(truncatingIfNeeded: byte & 0x7f) &<< shift
            if byte < 0x80 { return (value, cursor) }
            shift += 7
            if shift == 70 { throw .malformedVarint }
        }
        throw .truncated
    }
}
