/// The raw stores of the encoder. Each takes the place to write at, moves it past what it wrote, and checks nothing: the caller has
/// reserved the message's bound, which leaves `slack` bytes behind the last field.
package enum RecordStore {
    /// A varint is stored eight bytes at a time and a text forty, so a store may touch this many bytes past what it means.
    package static let slack = 40

    @inline(__always)
    package static func byte(_ value: UInt8, _ cursor: inout UnsafeMutableRawPointer) {
        cursor.storeBytes(of: value, as: UInt8.self)
        cursor += 1
    }

    /// A tag of two bytes, the first one low.
    @inline(__always)
    package static func tag(_ tag: UInt16, _ cursor: inout UnsafeMutableRawPointer) {
        cursor.storeBytes(of: tag.littleEndian, as: UInt16.self)
        cursor += 2
    }

    @inline(__always)
    package static func tag(_ tag: UInt8, _ cursor: inout UnsafeMutableRawPointer) { byte(tag, &cursor) }

    @inline(__always)
    package static func fixed64(_ value: UInt64, _ cursor: inout UnsafeMutableRawPointer) {
        cursor.storeBytes(of: value.littleEndian, as: UInt64.self)
        cursor += 8
    }

    @inline(__always)
    package static func fixed32(_ value: UInt32, _ cursor: inout UnsafeMutableRawPointer) {
        cursor.storeBytes(of: value.littleEndian, as: UInt32.self)
        cursor += 4
    }

    @inline(__always)
    package static func varint(_ value: UInt64, _ cursor: inout UnsafeMutableRawPointer) {
        if value < 0x80 {
            byte(UInt8(truncatingIfNeeded: value), &cursor)
        } else if value < 1 << 56 {
            let count = (70 &- value.leadingZeroBitCount) / 7
            let more: UInt64 = 0x8080_8080_8080_8080 &>> UInt64(72 &- count &* 8)
            cursor.storeBytes(of: (spread(value) | more).littleEndian, as: UInt64.self)
            cursor += count
        } else {
            let next = wideVarint(value, cursor)
            cursor = next
        }
    }

    /// Moves each seven bits of a 56-bit number into a byte of its own.
    @inline(__always)
    private static func spread(_ value: UInt64) -> UInt64 {
        var bits = value
        bits = (bits & 0x00ff_ffff_f000_0000) &<< 4 | bits & 0x0fff_ffff
        bits = (bits & 0x0fff_c000_0fff_c000) &<< 2 | bits & 0x0000_3fff_0000_3fff
        return (bits & 0x3f80_3f80_3f80_3f80) &<< 1 | bits & 0x007f_007f_007f_007f
    }

    @inline(never)
    private static func wideVarint(
        _ value: UInt64, _ start: UnsafeMutableRawPointer
    ) -> UnsafeMutableRawPointer {
        var cursor = start
        var rest = value
        while rest >= 0x80 {
            byte(UInt8(truncatingIfNeeded: rest) | 0x80, &cursor)
            rest &>>= 7
        }
        byte(UInt8(truncatingIfNeeded: rest), &cursor)
        return cursor
    }

    /// The length of a varint in bytes.
    @inline(__always)
    package static func varintSize(_ value: UInt64) -> Int { (70 &- (value | 1).leadingZeroBitCount) / 7 }

    @inline(never)
    package static func bytes(_ value: [UInt8], at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var cursor = start
        varint(UInt64(value.count), &cursor)
        value.withUnsafeBytes { source in
            guard let base = source.baseAddress else { return }
            cursor.copyMemory(from: base, byteCount: source.count)
        }
        return cursor + value.count
    }

    @inline(never)
    package static func string(_ value: String, at start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        var text = value
        return text.withUTF8 { utf8 in
            var cursor = start
            varint(UInt64(utf8.count), &cursor)
            if let base = utf8.baseAddress { cursor.copyMemory(from: base, byteCount: utf8.count) }
            return cursor + utf8.count
        }
    }

    /// Writes the length of what was stored behind a gap at `start`, and moves it where the length takes more or less.
    ///
    /// - Parameter gap: bytes left for the length, 1 or 2.
    @inline(__always)
    package static func closeDelimited(
        from start: UnsafeMutableRawPointer, gap: Int = 1, _ cursor: inout UnsafeMutableRawPointer
    ) {
        let count = UnsafeRawPointer(cursor) - UnsafeRawPointer(start) - gap
        if gap == 1, count < 0x80 {
            start.storeBytes(of: UInt8(truncatingIfNeeded: count), as: UInt8.self)
        } else if gap == 2, count >= 0x80, count < 0x4000 {
            let length = UInt16(truncatingIfNeeded: count & 0x7f | 0x80 | (count &>> 7) &<< 8)
            start.storeBytes(of: length.littleEndian, as: UInt16.self)
        } else {
            cursor = moveBody(count, start, gap)
        }
    }

    @inline(never)
    private static func moveBody(
        _ count: Int, _ start: UnsafeMutableRawPointer, _ gap: Int
    ) -> UnsafeMutableRawPointer {
        let body = start + varintSize(UInt64(count))
        body.copyMemory(from: start + gap, byteCount: count)
        // Byte by byte: a store of eight would run into the body.
        _ = wideVarint(UInt64(count), start)
        return body + count
    }
}
