import Network

/// How far a group has come in a partition.
struct CommittedOffset: Equatable, Sendable {
    var group: String
    var topic: String
    var partition: Int32
    var offset: Int64
    var leaderEpoch: Int32
    var metadata: String
    /// The group or the topic was deleted: forget it.
    var isRemoval = false
}

/// The offsets that groups have committed: in memory, in a log of changes that is synchronised like any other, and now
/// and then in a file that has them all, so that the log stays short.
final class CommittedOffsets {
    struct Place: Hashable {
        var topic: String
        var partition: Int32
    }

    private static let file = "committed-offsets"
    /// The log's name in the folder; no client can name a topic so.
    static let log = "committed offsets"
    /// So many changes are kept in the log before all offsets are written out.
    private static let maximumChanges = 20_000
    private static let readBytes = 1 << 20

    let partition: Partition
    private let folder: StoreFolder
    private(set) var groups: [String: [Place: CommittedOffset]] = [:]
    private var changes = 0

    init(_ store: BrokerStore) throws(StoreError) {
        folder = store.folder
        var configuration = LogConfiguration()
        configuration.retentionMilliseconds = -1
        configuration.segmentBytes = 8 << 20
        configuration.maxMessageBytes = 16 << 20
        partition = try store.open(Self.log, 0, configuration)
        try loadFile()
        try replay()
    }

    // MARK: Changes

    /// Keeps changes.
    ///
    /// - Returns: the offset of the log below which they are; once it is shown they are kept for good.
    func append(_ offsets: [CommittedOffset], now: Int64) throws(AppendRefusal) -> Int64 {
        var writer = WireWriter()
        writer.list(offsets) { $0.write(to: &$1) }
        let batch = SingleRecordBatch.make(value: writer.buffer.array(), timestamp: now)
        let appended = try batch.withBytes { bytes throws(AppendRefusal) in
            try partition.log.append(bytes, now: now)
        }
        for offset in offsets { apply(offset) }
        changes += offsets.count
        return appended.lastOffset + 1
    }

    /// Writes all offsets out when the log has grown, once all of it is on the disk.
    func compactWhenLong() throws(StoreError) {
        let log = partition.log
        guard changes > Self.maximumChanges, log.shownOffset == log.endOffset else { return }
        var writer = WireWriter()
        writer.int64(log.endOffset)
        writer.list(groups.values.flatMap(\.values)) { $0.write(to: &$1) }
        try folder.replace(Self.file, with: writer.buffer.array())
        try log.deleteRecords(before: log.endOffset)
        changes = 0
    }

    private func apply(_ offset: CommittedOffset) {
        let place = Place(topic: offset.topic, partition: offset.partition)
        if offset.isRemoval {
            groups[offset.group]?[place] = nil
            if groups[offset.group]?.isEmpty ?? false { groups[offset.group] = nil }
        } else {
            groups[offset.group, default: [:]][place] = offset
        }
    }

    // MARK: Starting

    private func loadFile() throws(StoreError) {
        guard let bytes = try folder.contents(of: Self.file) else { return }
        try bytes.withBytes { bytes throws(StoreError) in
            var reader = WireReader(bytes)
            do throws(WireError) {
                let end = try reader.int64()
                for offset in try CommittedOffset.readAll(&reader) { apply(offset) }
                guard end <= partition.log.endOffset else {
                    throw WireError("the log of changes", "ends at \(partition.log.endOffset), before \(end)")
                }
            } catch {
                throw damaged(error, at: reader.position)
            }
        }
    }

    private func replay() throws(StoreError) {
        let log = partition.log
        var next = log.startOffset
        // Everything in the file counts: it was written, and whoever waited for it may have been answered.
        log.markDurable(upTo: log.endOffset)
        while next < log.endOffset {
            var buffer = ByteBuffer(capacity: Self.readBytes)
            _ = try log.read(from: next, maximumBytes: Self.readBytes, atLeastOne: true, into: &buffer)
            let result: Result<Int64, WireError> = buffer.withUnsafeBytes { bytes in
                do throws(WireError) {
                    return .success(try replay(bytes, after: next))
                } catch {
                    return .failure(error)
                }
            }
            switch result {
            case .success(let following) where following > next: next = following
            case .success: throw damaged(WireError("the log of changes", "stops at \(next)"), at: 0)
            case .failure(let error): throw damaged(error, at: 0)
            }
        }
    }

    private func replay(_ bytes: UnsafeRawBufferPointer, after offset: Int64) throws(WireError) -> Int64 {
        var rest = bytes
        var next = offset
        while let (batch, value, size) = try SingleRecordBatch.read(rest) {
            if batch >= offset {
                var reader = WireReader(value)
                for committed in try CommittedOffset.readAll(&reader) {
                    apply(committed)
                    changes += 1
                }
                next = batch + 1
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[size...])
        }
        return next
    }

    private func damaged(_ error: WireError, at position: Int) -> StoreError {
        .damaged(path: "\(folder.path)/\(Self.file)", position: position, reason: "\(error.field) \(error.reason)")
    }
}

extension CommittedOffset {
    static func readAll(_ reader: inout WireReader) throws(WireError) -> [CommittedOffset] {
        var offsets: [CommittedOffset] = []
        for _ in 0..<(try reader.required(reader.count(compact: false, elementSize: 23, "offsets"), "offsets")) {
            offsets.append(try CommittedOffset(from: &reader))
        }
        return offsets
    }

    private init(from reader: inout WireReader) throws(WireError) {
        group = try reader.required(reader.string(compact: false, "group"), "group")
        topic = try reader.required(reader.string(compact: false, "topic"), "topic")
        partition = try reader.int32()
        offset = try reader.int64()
        leaderEpoch = try reader.int32()
        metadata = try reader.required(reader.string(compact: false, "metadata"), "metadata")
        isRemoval = try reader.bool()
    }

    fileprivate func write(to writer: inout WireWriter) {
        writer.string(group, compact: false)
        writer.string(topic, compact: false)
        writer.int32(partition)
        writer.int64(offset)
        writer.int32(leaderEpoch)
        writer.string(metadata, compact: false)
        writer.bool(isRemoval)
    }
}
