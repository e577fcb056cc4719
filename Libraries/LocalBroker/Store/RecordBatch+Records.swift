/// The smallest and the largest stamp of a batch's records.
struct RecordStamps: Equatable {
    var oldest: Int64
    var newest: Int64
}

extension RecordBatch {
    /// Checks the frame of every record: its length, the lengths inside it, its place in the batch.
    ///
    /// - Returns: the stamps; of a compressed batch what its header says, since nothing here can look into it.
    func stamps() throws(BatchFault) -> RecordStamps {
        guard !isCompressed else { return RecordStamps(oldest: baseTimestamp, newest: maxTimestamp) }
        var walk = RecordWalk(self)
        guard var stamps = walk.next().map({ RecordStamps(oldest: $0, newest: $0) }) else {
            throw .invalidRecord("record 0 is malformed")
        }
        for _ in 1..<max(Int(recordCount), 1) {
            guard let stamp = walk.next() else { throw .invalidRecord("record \(walk.index) is malformed") }
            stamps.oldest = min(stamps.oldest, stamp)
            stamps.newest = max(stamps.newest, stamp)
        }
        guard walk.isAtEnd else { throw .invalidRecord("\(recordCount) records do not fill the batch") }
        return stamps
    }

    /// The first record at `start` or behind it that is stamped `timestamp` or later, of a batch that has been appended.
    ///
    /// A record of a compressed batch that its producer stamped cannot be looked at: the first one stands for it, with
    /// the batch's first stamp or `timestamp`, whichever is later.
    func find(timestamp: Int64, from start: Int64) -> (offset: Int64, timestamp: Int64)? {
        guard maxTimestamp >= timestamp, lastOffset >= start else { return nil }
        if hasLogAppendTime { return (max(baseOffset, start), maxTimestamp) }
        if isCompressed { return (max(baseOffset, start), max(baseTimestamp, timestamp)) }
        var walk = RecordWalk(self)
        while walk.index < Int(recordCount), let stamp = walk.next() {
            let offset = baseOffset + Int64(walk.index - 1)
            if stamp >= timestamp, offset >= start { return (offset, stamp) }
        }
        return nil
    }
}

/// Reads the records of an uncompressed batch one after the other.
///
///     length · attributes (1 byte) · timestampDelta · offsetDelta · key · value · count of headers · (key · value)*
///
/// Every number is a zigzag varint, every key and value a length (-1 for none) and its bytes. Source: KIP-98.
private struct RecordWalk {
    private static let longestNumber = 10

    private let bytes: UnsafeRawBufferPointer
    private let baseTimestamp: Int64
    private var position = RecordBatch.headerBytes
    /// The number of the next record.
    private(set) var index = 0

    init(_ batch: RecordBatch) {
        bytes = batch.bytes
        baseTimestamp = batch.baseTimestamp
    }

    var isAtEnd: Bool { position == bytes.count }

    /// The stamp of the next record; nil when it is malformed or not the next in order.
    mutating func next() -> Int64? {
        guard let length = number(before: bytes.count), length > 0, length <= bytes.count - position else { return nil }
        let end = position + Int(length)
        position += 1
        guard let stamp = number(before: end), let place = number(before: end), place == Int64(index),
            skipBytes(before: end, optional: true), skipBytes(before: end, optional: true), skipHeaders(before: end),
            position == end
        else { return nil }
        index += 1
        return baseTimestamp &+ stamp
    }

    private mutating func skipHeaders(before end: Int) -> Bool {
        guard let count = number(before: end), count >= 0, count <= end - position else { return false }
        for _ in 0..<count {
            guard skipBytes(before: end, optional: false), skipBytes(before: end, optional: true) else { return false }
        }
        return true
    }

    private mutating func skipBytes(before end: Int, optional: Bool) -> Bool {
        guard let count = number(before: end) else { return false }
        if count == -1 { return optional }
        guard count >= 0, count <= end - position else { return false }
        position += Int(count)
        return true
    }

    @inline(__always)
    private mutating func number(before end: Int) -> Int64? {
        var value: UInt64 = 0
        for place in 0..<Self.longestNumber {
            guard position < end else { return nil }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << UInt64(7 * place)
            if byte & 0x80 == 0 { return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }
        }
        return nil
    }
}
