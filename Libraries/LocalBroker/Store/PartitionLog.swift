import Network

/// Where an appended batch is.
struct Appended: Hashable, Sendable {
    var baseOffset: Int64
    var lastOffset: Int64
    /// The broker's stamp of its records in milliseconds; -1 where the producer's counts.
    var appendTime: Int64
    var logStartOffset: Int64
    /// The same batch had been appended before, at `baseOffset`; nothing was written. Like any other, it may be
    /// acknowledged once `shownOffset` has passed `lastOffset`.
    var isDuplicate: Bool
}

/// One partition: its batches in segment files, one after the other.
///
///     <base offset>.log      a segment: the batches as they are sent to readers
///     <base offset>.index    how far it is known to be good, its sparse index, the producers (`SegmentIndex`)
///     start                  the first offset that can be read, once something was removed
///
/// Belongs to one thread. Only `SyncWork` leaves it.
final class PartitionLog {
    let folder: String
    let identifier: Int
    let options: StoreOptions
    /// May be changed at any time; what is in the log already stays.
    @exclusivity(unchecked) var configuration: LogConfiguration
    /// What opening it has found.
    let recovery: RecoveryReport

    /// The first offset that can be read. Moved by `deleteRecords` and `retain`.
    var startOffset: Int64 { start }
    /// The offset of the next record. Everything below is in the file.
    var endOffset: Int64 { active.point.endOffset }
    /// The high watermark: what lies below may be read and acknowledged. With sync it is moved by `markDurable`, else it
    /// is `endOffset`.
    var shownOffset: Int64 { shown.offset }
    /// The bytes of all batches in the log.
    var byteCount: Int64 { closedBytes + Int64(active.point.position) }
    /// The failure because of which the log is offline until it is opened again.
    @exclusivity(unchecked) var failure: StoreError?

    // The rest is shared by this type's files only.

    /// By offset, never empty.
    @exclusivity(unchecked) var segments: [Segment]
    /// The segment that grows, the last one.
    @exclusivity(unchecked) var active: Segment
    var closedBytes: Int64
    @exclusivity(unchecked) var start: Int64
    @exclusivity(unchecked) var shown: Mark
    @exclusivity(unchecked) var producers: ProducerTable
    let tail: Tail
    let window = ReadWindow()
    /// The closed segment whose files are open, of those that were read.
    var lastRead: Segment?
    /// How far the active segment's recovery point has been saved.
    @exclusivity(unchecked) var savedPosition: Int
    /// What has been handed out to be synchronised, the oldest first.
    var marks: [Mark] = []
    /// Files besides the active segment's that the next work has to synchronise.
    var otherFiles: [StoreFile] = []
    /// Indexes that get their name once they are durable.
    var pendingIndexes: [PendingIndex] = []
    var indexesWritten = 0

    /// Opens the log in `folder`, which is made when it is missing, and recovers it: what was torn at its end is cut.
    ///
    /// - Parameters:
    ///   - identifier: names the log in `SyncWork` and `SyncResult`.
    /// - Throws: `StoreError.damaged` when something is missing that was durable.
    init(
        folder: String, identifier: Int = 0, configuration: LogConfiguration = LogConfiguration(),
        options: StoreOptions = StoreOptions()
    ) throws(StoreError) {
        var recovery = LogRecovery(
            folder: folder, options: options, indexInterval: configuration.indexIntervalBytes,
            now: WallClock.milliseconds())
        try recovery.run()
        self.folder = folder
        self.identifier = identifier
        self.configuration = configuration
        self.options = options
        self.recovery = recovery.report
        segments = recovery.segments
        active = segments[segments.count - 1]
        start = recovery.startOffset
        producers = recovery.producers
        closedBytes = segments.dropLast().reduce(0) { $0 + Int64($1.point.position) }
        shown = Mark(active.point)
        savedPosition = active.point.position
        tail = Tail(limit: options.tailBytes, at: active.point.position)
    }

    /// Ends the log cleanly: everything durable, the recovery point saved, the file cut to its real length. The log is
    /// not used again, and `SyncThread` has no more work of it.
    func close() throws(StoreError) {
        if let failure { throw failure }
        failure = .offline(reason: "it was closed")
        defer {
            for segment in segments { segment.closeFiles() }
        }
        for segment in segments where !segment.isDurable { try synchronize(segment) }
        // The producers in these are as they were when their segment was closed.
        for pending in pendingIndexes {
            try StoreFile(pending.path, .read, calls: options.files).synchronize()
            publish(pending)
        }
        pendingIndexes = []
        for segment in segments where !segment.isDurable { try saveDurableIndex(of: segment) }
        try StorePath.synchronizeFolder(folder, calls: options.files)
    }

    private func synchronize(_ segment: Segment) throws(StoreError) {
        let file = try segment.log()
        if segment.allocated > segment.point.position {
            try file.truncate(to: segment.point.position)
            segment.allocated = segment.point.position
        }
        try file.synchronize()
    }

    private func saveDurableIndex(of segment: Segment) throws(StoreError) {
        var bytes = encodedIndex(of: segment, isDurable: true)
        if segment !== active {
            // One that could not be written has no producers of its time: the segment is read again.
            guard segment.isIndexStored, var stored = try segment.loadIndex() else { return }
            stored.isDurable = true
            bytes = stored.encoded(boot: options.boot)
        }
        try StorePath.replace(segment.indexPath, with: bytes, durable: true, calls: options.files)
        segment.isDurable = true
        segment.indexIsStored()
    }

    /// What keeps the log from being used.
    func checkOnline() throws(StoreError) {
        guard let failure else { return }
        if case .offline = failure { throw failure }
        throw .offline(reason: failure.description)
    }
}

/// A place between two batches.
struct Mark: Equatable {
    var offset: Int64
    /// The segment's base offset and the position in its file.
    var segment: Int64
    var position: Int

    init(_ point: SegmentPoint) {
        offset = point.endOffset
        segment = point.baseOffset
        position = point.position
    }
}
