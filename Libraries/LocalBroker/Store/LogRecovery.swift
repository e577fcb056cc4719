/// What opening a log has found, for the broker's own log.
struct RecoveryReport: Equatable {
    /// Bytes that were read batch by batch, since no recovery point covers them.
    var scannedBytes = 0
    /// Bytes of a torn batch and what followed it.
    var cutBytes = 0
    /// Segments behind a gap, which were removed.
    var removedSegments = 0
}

/// Opens the files of a log: takes what the indexes vouch for, reads the rest batch by batch, cuts what is torn.
struct LogRecovery {
    let folder: String
    let options: StoreOptions
    let indexInterval: Int
    /// The time of day, which stands for when something that was read was appended.
    let now: Int64

    private(set) var segments: [Segment] = []
    private(set) var producers: ProducerTable
    private(set) var startOffset: Int64 = 0
    private(set) var report = RecoveryReport()
    /// The segment whose index has the producers as they are; nil when `producers` has them.
    private var holderOfProducers: Segment?
    /// The segments whose index has just been written.
    private var saved: [Segment] = []

    init(folder: String, options: StoreOptions, indexInterval: Int, now: Int64) {
        self.folder = folder
        self.options = options
        self.indexInterval = indexInterval
        self.now = now
        producers = ProducerTable(limit: options.maximumProducers)
    }

    mutating func run() throws(StoreError) {
        try StorePath.makeFolder(folder, durable: options.sync, calls: options.files)
        startOffset = try LogStart.read(folder, calls: options.files)
        let bases = try usedBases()
        for (place, base) in bases.enumerated() {
            if let end = segments.last?.point.endOffset, end != base {
                guard base <= startOffset else {
                    try removeBehindGap(bases[place...], at: end)
                    break
                }
                // Below the start everything was removed; the end of the machine has brought some of it back.
                try removeAll()
            }
            try open(base, before: bases[(place + 1)...])
        }
        if let end = segments.last?.point.endOffset, end < startOffset { try removeAll() }
        if segments.isEmpty { try makeFirst() }
        try activateLast()
        try removeBelowStart()
        startOffset = max(startOffset, segments[0].baseOffset)
    }

    // MARK: Names

    /// The segments that are there; unfinished files and segments below the log's start are removed, but for those whose
    /// index the first one that is needed depends on.
    private func usedBases() throws(StoreError) -> [Int64] {
        let names = try StorePath.names(in: folder)
        for name in names where name.hasSuffix(StorePath.temporarySuffix) {
            try StorePath.remove("\(folder)/\(name)")
        }
        var bases = names.compactMap { Segment.baseOffset(ofName: $0) }.sorted()
        var first = max((bases.firstIndex { $0 > startOffset } ?? bases.count) - 1, 0)
        while first > 0, !StorePath.exists(Segment.path(folder, bases[first], Segment.indexSuffix)) { first -= 1 }
        for base in bases[..<first] { try removeFiles(of: base) }
        bases.removeFirst(first)
        return bases
    }

    /// What lies below the start was only needed for the producers.
    private mutating func removeBelowStart() throws(StoreError) {
        while segments.count > 1, segments[1].baseOffset <= startOffset,
            StorePath.exists(segments[1].indexPath)
        {
            try segments.removeFirst().removeFiles()
        }
    }

    private func removeFiles(of base: Int64) throws(StoreError) {
        try StorePath.remove(Segment.path(folder, base, Segment.indexSuffix))
        try StorePath.remove(Segment.path(folder, base, Segment.logSuffix))
    }

    /// Segments behind a gap have never counted: they were not durable.
    private mutating func removeBehindGap(_ bases: ArraySlice<Int64>, at end: Int64) throws(StoreError) {
        if let last = segments.last { try refuseDurable(bases, behind: last) }
        for base in bases.reversed() {
            try removeFiles(of: base)
            report.removedSegments += 1
        }
    }

    /// Throws when one of the segments was durable though `segment`, before them, ends too early: something that was
    /// durable is missing then, and nothing is cut or removed.
    private func refuseDurable(_ bases: ArraySlice<Int64>, behind segment: Segment) throws(StoreError) {
        for base in bases {
            guard let header = try storedHeader(base), header.isDurable, header.point.position > 0 else { continue }
            throw .damaged(
                path: segment.logPath, position: segment.point.position,
                reason: "its batches end at offset \(segment.point.endOffset), but the durable segment \(base) follows")
        }
    }

    private mutating func removeAll() throws(StoreError) {
        for segment in segments { try segment.removeFiles() }
        segments = []
        saved = []
        holderOfProducers = nil
        producers = ProducerTable(limit: options.maximumProducers)
    }

    private mutating func makeFirst() throws(StoreError) {
        let segment = Segment(
            folder: folder, point: SegmentPoint(baseOffset: startOffset), entries: [], isDurable: false,
            calls: options.files)
        try segment.create()
        if options.sync { try StorePath.synchronizeFolder(folder, calls: options.files) }
        segments = [segment]
    }

    /// The last segment grows, so its index and the producers are needed in memory.
    private mutating func activateLast() throws(StoreError) {
        let last = segments[segments.count - 1]
        if last.isIndexStored, let index = try last.loadIndex() {
            if holderOfProducers === last { restore(index) }
        } else if last.isIndexStored {
            segments.removeLast()
            holderOfProducers = segments.last
            try recover(last.baseOffset, last.log(), length: last.point.position, isTrusted: false, before: [])
        }
        try fetchProducers()
        for segment in saved where segment !== segments.last { segment.indexIsStored() }
    }

    // MARK: One segment

    /// - Parameter following: the segments behind it.
    private mutating func open(_ base: Int64, before following: ArraySlice<Int64>) throws(StoreError) {
        let file = try StoreFile(Segment.path(folder, base, Segment.logSuffix), .readWrite, calls: options.files)
        let length = try file.length()
        let header = try trustedHeader(base, length: length, path: file.path)
        if let header, header.point.position == length, header.isDurable || !options.sync {
            let segment = Segment(
                folder: folder, point: header.point, entries: nil, isDurable: header.isDurable, calls: options.files)
            segments.append(segment)
            holderOfProducers = segment
            return
        }
        try recover(base, file, length: length, isTrusted: header != nil, before: following)
    }

    private func storedHeader(_ base: Int64) throws(StoreError) -> SegmentIndex.Header? {
        let path = Segment.path(folder, base, Segment.indexSuffix)
        guard StorePath.exists(path) else { return nil }
        let header = try Segment.header(of: StoreFile(path, .read, calls: options.files))
        return header?.point.baseOffset == base ? header : nil
    }

    private func trustedHeader(
        _ base: Int64, length: Int, path: String
    ) throws(StoreError) -> SegmentIndex.Header? {
        guard let header = try storedHeader(base), header.holds(on: options.boot) else { return nil }
        guard header.point.position > length else { return header }
        guard !header.isDurable else {
            throw .damaged(path: path, position: length, reason: "\(header.point.position) bytes were durable")
        }
        return nil
    }

    private mutating func recover(
        _ base: Int64, _ file: StoreFile, length: Int, isTrusted: Bool, before following: ArraySlice<Int64>
    ) throws(StoreError) {
        let segment = Segment(
            folder: folder, point: SegmentPoint(baseOffset: base), entries: [], isDurable: false,
            calls: options.files)
        if isTrusted, let bytes = try StorePath.contents(segment.indexPath, calls: options.files),
            let index = SegmentIndex.decode(bytes)
        {
            segment.point = index.point
            segment.entries = index.entries
            restore(index)
        } else {
            try fetchProducers()
        }
        var scan = SegmentScan(file, segment, length: length, indexInterval: indexInterval, now: now)
        let from = segment.point.position
        while let batch = try scan.next() {
            if batch.producerID >= 0 {
                producers.add(batch, at: batch.baseOffset, time: now)
            }
        }
        if let next = following.first, next > startOffset, next != segment.point.endOffset {
            try refuseDurable(following, behind: segment)
        }
        report.scannedBytes += segment.point.position - from
        segment.allocated = segment.point.position
        if length > segment.point.position {
            if scan.stoppedAtData { report.cutBytes += length - segment.point.position }
            try file.truncate(to: segment.point.position)
        }
        if options.sync { try file.synchronize() }
        segments.append(segment)
        try save(segment)
    }

    /// Vouches for what has been read, so that it is not read again; with a full disk it will be.
    private mutating func save(_ segment: Segment) throws(StoreError) {
        var index = SegmentIndex(point: segment.point, isDurable: options.sync, entries: segment.entries)
        index.producers = producers.producers.map { ($0.key, $0.value) }
        do throws(StoreError) {
            try StorePath.replace(
                segment.indexPath, with: index.encoded(boot: options.boot), durable: options.sync, calls: options.files)
        } catch {
            guard error.isDiskFull else { throw error }
            return
        }
        segment.isDurable = options.sync
        saved.append(segment)
    }

    // MARK: Producers

    private mutating func restore(_ index: SegmentIndex) {
        producers = ProducerTable(limit: options.maximumProducers)
        for (id, producer) in index.producers { producers.restore(id, producer) }
        holderOfProducers = nil
    }

    /// Reads the producers from the index of the segment before, if nothing has been read since.
    private mutating func fetchProducers() throws(StoreError) {
        guard let holder = holderOfProducers else { return }
        holderOfProducers = nil
        if let bytes = try StorePath.contents(holder.indexPath, calls: options.files),
            let index = SegmentIndex.decode(bytes)
        {
            restore(index)
        }
    }
}
