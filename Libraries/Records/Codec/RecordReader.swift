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

    /// A reader of a span that the caller borrows for as long as it reads.
    ///
    /// The address leaves the closure, so that a message is decoded where it stands and not handed out of a closure; the span's
    /// memory stays where it is while the span is borrowed.
    @inline(__always)
    package init(_ span: borrowing RawSpan) {
        self = span.withUnsafeBytes { RecordReader($0) }
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
        if end - start >= 8 {
            let word = UInt64(littleEndian: start.loadUnaligned(as: UInt64.self))
            let stops = ~word & 0x8080_8080_8080_8080
            if stops != 0 {
                let bits = UInt64(truncatingIfNeeded: stops.trailingZeroBitCount)
                return (gather(word & (UInt64.max &>> (63 &- bits))), start + Int(truncatingIfNeeded: bits &>> 3) + 1)
            }
        }
        return try anyVarint(start, end)
    }

    /// Moves the seven low bits of each of eight bytes together.
    @inline(__always)
    private static func gather(_ word: UInt64) -> UInt64 {
        var bits = word & 0x7f7f_7f7f_7f7f_7f7f
        bits = (bits & 0x7f00_7f00_7f00_7f00) &>> 1 | bits & 0x007f_007f_007f_007f
        bits = (bits & 0x3fff_0000_3fff_0000) &>> 2 | bits & 0x0000_3fff_0000_3fff
        return (bits & 0x0fff_ffff_0000_0000) &>> 4 | bits & 0x0fff_ffff
    }

    @inline(never)
    private static func anyVarint(
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
