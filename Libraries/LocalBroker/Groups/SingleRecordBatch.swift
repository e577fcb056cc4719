import Network

/// A record batch (format 2) of one record without key and headers: what the broker writes itself.
/// Source: https://kafka.apache.org/documentation/#recordbatch.
enum SingleRecordBatch {
    private static let headerBytes = 61
    /// From here on the checksum counts.
    private static let checkedFrom = 21

    static func make(value: [UInt8], timestamp: Int64) -> [UInt8] {
        var record = ByteBuffer(capacity: value.count + 16)
        record.append(0)  // attributes
        record.append(varint: 0)  // timestamp, after the batch's
        record.append(varint: 0)  // offset, after the batch's
        record.append(varint: -1)  // no key
        record.append(varint: Int64(value.count))
        record.append(value)
        record.append(varint: 0)  // headers
        var size = ByteBuffer(capacity: 8)
        size.append(varint: Int64(record.count))
        var batch = WireWriter()
        batch.int64(0)  // base offset
        batch.int32(Int32(headerBytes - 12 + size.count + record.count))
        batch.int32(0)  // leader epoch
        batch.int8(2)
        batch.uint32(0)  // checksum
        batch.int16(0)  // attributes
        batch.int32(0)  // last offset, after the first
        batch.int64(timestamp)
        batch.int64(timestamp)
        batch.int64(-1)  // producer
        batch.int16(-1)
        batch.int32(-1)
        batch.int32(1)  // records
        var bytes = batch.buffer.array() + size.array() + record.array()
        let checksum = bytes.withUnsafeBytes {
            Checksum.crc32c(UnsafeRawBufferPointer(rebasing: $0[checkedFrom...]))
        }
        withUnsafeBytes(of: checksum.bigEndian) { bytes.replaceSubrange(17..<21, with: $0) }
        return bytes
    }

    /// The first batch of what a log gave: its offset, its record's value, and its bytes; nil at the end.
    static func read(
        _ bytes: UnsafeRawBufferPointer
    ) throws(WireError) -> (offset: Int64, value: UnsafeRawBufferPointer, size: Int)? {
        guard bytes.count > headerBytes else { return nil }
        var reader = WireReader(bytes)
        let offset = try reader.int64()
        let size = 12 + Int(try reader.int32())
        guard size > headerBytes, size <= bytes.count else { throw WireError("batch", "has \(size) bytes") }
        var record = WireReader(UnsafeRawBufferPointer(rebasing: bytes[headerBytes..<size]))
        _ = try record.varint()  // its size
        _ = try record.int8()
        _ = try record.varint()
        _ = try record.varint()
        guard try record.varint() == -1 else { throw WireError("key", "must be null") }
        let count = Int(try record.varint())
        guard count >= 0, count <= record.remaining else { throw WireError("value", "has \(count) bytes") }
        let start = headerBytes + record.position
        return (offset, UnsafeRawBufferPointer(rebasing: bytes[start..<start + count]), size)
    }
}

extension ByteBuffer {
    /// A signed number as records have it: zigzag, seven bits a byte.
    mutating func append(varint value: Int64) {
        var rest = UInt64(bitPattern: (value << 1) ^ (value >> 63))
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }
}
