/// Where a batch begins in its segment.
struct IndexEntry: Equatable {
    /// Relative to the segment's first offset.
    var offset: UInt32
    var position: UInt32
    /// The largest stamp of all batches of the segment before this one.
    var newestBefore: Int64

    static let bytes = 16
    static let start = IndexEntry(offset: 0, position: 0, newestBefore: RecordBatch.noTimestamp)
}

/// What is known about a segment up to a point: everything before `position` has been looked at.
struct SegmentPoint: Equatable {
    var baseOffset: Int64
    /// The offset of the batch that begins at `position`.
    var endOffset: Int64
    var position = 0
    /// The largest stamp.
    var newest = RecordBatch.noTimestamp
    /// When the segment got its first batch, by the clock of the append; 0 while it is empty.
    var firstAppend: Int64 = 0

    init(baseOffset: Int64) {
        self.baseOffset = baseOffset
        endOffset = baseOffset
    }

    /// Moves the point behind `batch`, which begins there.
    mutating func pass(_ batch: RecordBatch, time: Int64) {
        if position == 0 { firstAppend = time }
        newest = max(newest, batch.maxTimestamp)
        position += batch.totalBytes
        endOffset += Int64(batch.lastOffsetDelta) + 1
    }
}

/// The file beside a segment, `<base offset>.index`: how far the segment is known to be good, its sparse index and the
/// log's producers, all as of that point. It is only ever replaced whole. For the active segment it is the log's
/// recovery point, for a closed one it covers everything.
///
/// What it says about the segment holds after the end of the machine when it is `durable` (the segment had been
/// synchronised up to the point before the file got its name), else as long as the machine has not been started anew.
///
///     header of 84 bytes with its checksum · entries of 16 bytes · producers of 104 bytes
struct SegmentIndex {
    static let headerBytes = 84
    private static let producerBytes = 24 + 16 * ProducerTable.batchesKept
    private static let magic: UInt64 = 0x3145_4449_5353_424C
    private static let durableFlag: UInt32 = 1

    var point: SegmentPoint
    var isDurable: Bool
    var entries: [IndexEntry] = []
    var producers: [(id: Int64, producer: ProducerTable.Producer)] = []

    // MARK: Writing

    func encoded(boot: BootIdentity) -> [UInt8] {
        var body = Encoder()
        body.reserve(entries.count * IndexEntry.bytes + producers.count * Self.producerBytes)
        body.put(entries)
        for (id, producer) in producers { body.put(id, producer) }
        var header = Encoder()
        header.put(Self.magic)
        header.put(isDurable ? Self.durableFlag : 0)
        header.put(UInt32(entries.count))
        header.put(boot.high)
        header.put(boot.low)
        header.put(point.baseOffset)
        header.put(point.endOffset)
        header.put(Int64(point.position))
        header.put(point.newest)
        header.put(point.firstAppend)
        header.put(UInt32(producers.count))
        header.put(body.checksum)
        header.put(header.checksum)
        return header.bytes + body.bytes
    }

    // MARK: Reading

    /// The first bytes of the file.
    struct Header: Equatable {
        var point: SegmentPoint
        var isDurable: Bool
        var boot: BootIdentity
        var entryCount: Int
        var producerCount: Int
        fileprivate var bodyChecksum: UInt32

        var bodyBytes: Int { entryCount * IndexEntry.bytes + producerCount * SegmentIndex.producerBytes }

        /// Whether what it says still holds on this machine.
        func holds(on current: BootIdentity) -> Bool { isDurable || (current.isKnown && boot == current) }
    }

    /// - Returns: nil when these are not the bytes of a header that was written whole.
    static func header(_ bytes: UnsafeRawBufferPointer) -> Header? {
        guard bytes.count >= headerBytes else { return nil }
        var decoder = Decoder(bytes)
        guard decoder.take(UInt64.self) == magic else { return nil }
        let flags = decoder.take(UInt32.self)
        let entryCount = Int(decoder.take(UInt32.self))
        let boot = BootIdentity(high: decoder.take(), low: decoder.take())
        var point = SegmentPoint(baseOffset: decoder.take())
        point.endOffset = decoder.take()
        point.position = Int(decoder.take(Int64.self))
        point.newest = decoder.take()
        point.firstAppend = decoder.take()
        let producerCount = Int(decoder.take(UInt32.self))
        let bodyChecksum = decoder.take(UInt32.self)
        let checked = UnsafeRawBufferPointer(rebasing: bytes[..<decoder.position])
        guard decoder.take(UInt32.self) == Checksum.crc32c(checked) else { return nil }
        return Header(
            point: point, isDurable: flags & durableFlag != 0, boot: boot, entryCount: entryCount,
            producerCount: producerCount, bodyChecksum: bodyChecksum)
    }

    /// - Returns: nil when the bytes are not the whole file that was written.
    static func decode(_ bytes: [UInt8]) -> SegmentIndex? {
        bytes.withUnsafeBytes { bytes in
            guard let header = header(bytes), bytes.count == headerBytes + header.bodyBytes else { return nil }
            let body = UnsafeRawBufferPointer(rebasing: bytes[headerBytes...])
            guard Checksum.crc32c(body) == header.bodyChecksum else { return nil }
            var index = SegmentIndex(point: header.point, isDurable: header.isDurable)
            var decoder = Decoder(body)
            index.entries.reserveCapacity(header.entryCount)
            for _ in 0..<header.entryCount { index.entries.append(decoder.takeEntry()) }
            for _ in 0..<header.producerCount { index.producers.append(decoder.takeProducer()) }
            return index
        }
    }

    /// One entry of a file, which is read without the others.
    static func entry(_ bytes: UnsafeRawBufferPointer) -> IndexEntry {
        var decoder = Decoder(bytes)
        return decoder.takeEntry()
    }

    static func entryPosition(_ place: Int) -> Int { headerBytes + place * IndexEntry.bytes }
}

/// Numbers in the machine's order: the files stay on the machine that wrote them.
private struct Encoder {
    private(set) var bytes: [UInt8] = []

    mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

    mutating func put<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value) {
        withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
    }

    /// As they are in memory, since there can be thousands of them.
    mutating func put(_ entries: [IndexEntry]) {
        entries.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    mutating func put(_ id: Int64, _ producer: ProducerTable.Producer) {
        put(id)
        put(producer.lastTime)
        put(producer.epoch)
        put(UInt16(producer.count))
        put(UInt32(0))
        for place in 0..<ProducerTable.batchesKept {
            put(producer.batches[place].firstSequence)
            put(producer.batches[place].lastOffsetDelta)
            put(producer.batches[place].baseOffset)
        }
    }

    var checksum: UInt32 { bytes.withUnsafeBytes { Checksum.crc32c($0) } }
}

private struct Decoder {
    private let bytes: UnsafeRawBufferPointer
    private(set) var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func take<Value: FixedWidthInteger & BitwiseCopyable>(_ type: Value.Type = Value.self) -> Value {
        defer { position += MemoryLayout<Value>.size }
        return bytes.loadUnaligned(fromByteOffset: position, as: Value.self)
    }

    mutating func takeEntry() -> IndexEntry {
        IndexEntry(offset: take(), position: take(), newestBefore: take())
    }

    mutating func takeProducer() -> (Int64, ProducerTable.Producer) {
        let id = take(Int64.self)
        let lastTime = take(Int64.self)
        let epoch = take(Int16.self)
        let count = min(Int(take(UInt16.self)), ProducerTable.batchesKept)
        _ = take(UInt32.self)
        var producer = ProducerTable.Producer(epoch: epoch, lastTime: lastTime)
        for place in 0..<ProducerTable.batchesKept {
            let batch = ProducerTable.Batch(firstSequence: take(), lastOffsetDelta: take(), baseOffset: take())
            if place < count { producer.add(batch) }
        }
        return (id, producer)
    }
}
