/// A record batch of format version 2 in memory, which it does not own: 61 bytes of header, big-endian, and its records.
///
///     0 baseOffset · 8 batchLength · 12 partitionLeaderEpoch · 16 magic · 17 crc · 21 attributes · 23 lastOffsetDelta
///     27 baseTimestamp · 35 maxTimestamp · 43 producerId · 51 producerEpoch · 53 baseSequence · 57 recordCount
///
/// Source: KIP-98, and Kafka's `DefaultRecordBatch`. The checksum covers everything from the attributes on.
struct RecordBatch {
    static let headerBytes = 61
    /// The first bytes of a batch, which say how long it is.
    static let prefixBytes = 12
    static let noProducer: Int64 = -1
    static let noTimestamp: Int64 = -1

    private static let currentMagic: UInt8 = 2
    /// The partition's leader never changes.
    private static let leaderEpoch: Int32 = 0
    private static let magicField = 16
    private static let checksumField = 17
    private static let checkedFrom = 21

    private enum Attribute {
        static let compression: Int16 = 0x07
        static let logAppendTime: Int16 = 0x08
        static let transactional: Int16 = 0x10
        static let control: Int16 = 0x20
        static let lastCompression: Int16 = 4
    }

    let bytes: UnsafeRawBufferPointer

    /// A batch whose header is known to be whole.
    init(unchecked bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// Checks that `bytes` are one whole batch that a producer may send: lengths, format, checksum, counts, attributes.
    /// The records are checked by `stamps()`.
    init(validating bytes: UnsafeRawBufferPointer) throws(BatchFault) {
        self.bytes = bytes
        guard bytes.count > Self.magicField else { throw .corrupt("\(bytes.count) bytes") }
        // The older formats have their version and length in the same places.
        guard bytes[Self.magicField] == Self.currentMagic else {
            throw .unsupportedFormat(magic: bytes[Self.magicField])
        }
        let size = totalBytes
        guard size >= Self.headerBytes, size <= bytes.count else {
            throw .corrupt("a batch of \(size) bytes in \(bytes.count)")
        }
        guard size == bytes.count else { throw .invalidRecord("more than one batch") }
        guard checksum == computedChecksum else { throw .corrupt("the checksum does not fit") }
        try checkCounts()
        try checkAttributes()
    }

    private func checkCounts() throws(BatchFault) {
        guard recordCount > 0 else { throw .invalidRecord("a batch of \(recordCount) records") }
        guard lastOffsetDelta == recordCount - 1 else {
            throw .invalidRecord("\(recordCount) records with the last offset delta \(lastOffsetDelta)")
        }
        guard producerID < 0 || (producerEpoch >= 0 && baseSequence >= 0) else {
            throw .invalidRecord("producer epoch \(producerEpoch), sequence \(baseSequence)")
        }
    }

    private func checkAttributes() throws(BatchFault) {
        guard attributes & Attribute.control == 0 else { throw .invalidRecord("a control batch from a client") }
        guard attributes & Attribute.transactional == 0 else { throw .transactional }
        guard attributes & Attribute.compression <= Attribute.lastCompression else {
            throw .invalidRecord("unknown compression \(attributes & Attribute.compression)")
        }
        guard !hasLogAppendTime else { throw .invalidTimestamp("only the broker gives the time of the append") }
    }

    /// Whether a file holds a whole batch here, which begins with `offset`. Everything was checked when it was appended;
    /// the checksum tells whether all of it was written, and what lies before it is known.
    func isStored(at offset: Int64) -> Bool {
        guard bytes.count >= Self.headerBytes, totalBytes == bytes.count else { return false }
        return bytes[Self.magicField] == Self.currentMagic && baseOffset == offset
            && partitionLeaderEpoch == Self.leaderEpoch && lastOffsetDelta >= 0 && checksum == computedChecksum
    }

    // MARK: Fields

    var baseOffset: Int64 { bytes.bigEndianValue(at: 0) }
    /// The bytes after this field.
    var batchLength: Int32 { bytes.bigEndianValue(at: 8) }
    var partitionLeaderEpoch: Int32 { bytes.bigEndianValue(at: 12) }
    var checksum: UInt32 { bytes.bigEndianValue(at: Self.checksumField) }
    var attributes: Int16 { bytes.bigEndianValue(at: 21) }
    var lastOffsetDelta: Int32 { bytes.bigEndianValue(at: 23) }
    /// The stamp to which the records' differences are added.
    var baseTimestamp: Int64 { bytes.bigEndianValue(at: 27) }
    var maxTimestamp: Int64 { bytes.bigEndianValue(at: 35) }
    /// The idempotent producer, -1 for none.
    var producerID: Int64 { bytes.bigEndianValue(at: 43) }
    var producerEpoch: Int16 { bytes.bigEndianValue(at: 51) }
    var baseSequence: Int32 { bytes.bigEndianValue(at: 53) }
    var recordCount: Int32 { bytes.bigEndianValue(at: 57) }

    /// The batch with the fields before `batchLength`'s count begins; may be nonsense in what was not checked.
    var totalBytes: Int { Self.prefixBytes + Int(batchLength) }
    var lastOffset: Int64 { baseOffset + Int64(lastOffsetDelta) }
    var isCompressed: Bool { attributes & Attribute.compression != 0 }
    var hasLogAppendTime: Bool { attributes & Attribute.logAppendTime != 0 }

    var computedChecksum: UInt32 {
        Checksum.crc32c(UnsafeRawBufferPointer(rebasing: bytes[Self.checkedFrom...]))
    }

    // MARK: What the broker writes

    /// Gives a copy of a batch its place, and what the broker says about its time.
    ///
    /// - Parameters:
    ///   - appendTime: the stamp of all records; nil keeps the producer's.
    ///   - newest: the largest stamp, for the header; ignored with an append time.
    static func place(
        _ copy: UnsafeMutableRawBufferPointer, at offset: Int64, appendTime: Int64?, newest: Int64
    ) {
        copy.storeBigEndian(offset, at: 0)
        copy.storeBigEndian(Self.leaderEpoch, at: 12)
        let batch = RecordBatch(unchecked: UnsafeRawBufferPointer(copy))
        let attributes = appendTime == nil ? batch.attributes : batch.attributes | Attribute.logAppendTime
        let stamp = appendTime ?? newest
        guard attributes != batch.attributes || stamp != batch.maxTimestamp else { return }
        copy.storeBigEndian(attributes, at: 21)
        copy.storeBigEndian(stamp, at: 35)
        copy.storeBigEndian(batch.computedChecksum, at: checksumField)
    }
}

extension UnsafeRawBufferPointer {
    @inline(__always)
    fileprivate func bigEndianValue<Value: FixedWidthInteger & BitwiseCopyable>(at position: Int) -> Value {
        Value(bigEndian: loadUnaligned(fromByteOffset: position, as: Value.self))
    }
}

extension UnsafeMutableRawBufferPointer {
    @inline(__always)
    fileprivate func storeBigEndian<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value, at position: Int) {
        storeBytes(of: value.bigEndian, toByteOffset: position, as: Value.self)
    }
}
