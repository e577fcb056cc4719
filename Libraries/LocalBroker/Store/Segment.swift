/// One file of a log, `<base offset>.log`: batches one after the other, then zeros as far as it is allocated.
final class Segment {
    let logPath: String
    let indexPath: String
    private let calls: any FileCalls

    /// What the segment holds.
    @exclusivity(unchecked) var point: SegmentPoint
    /// Whether all of it is known to be on the disk, and its index says so.
    @exclusivity(unchecked) var isDurable: Bool
    /// The sparse index, as long as it is not stored.
    @exclusivity(unchecked) var entries: [IndexEntry]
    /// Whether the file of the index covers the whole segment, so that nothing of it is kept in memory.
    @exclusivity(unchecked) private(set) var isIndexStored: Bool
    /// How far the file has disk blocks.
    @exclusivity(unchecked) var allocated: Int
    @exclusivity(unchecked) private var openLog: StoreFile?
    private var openIndex: StoreFile?

    var baseOffset: Int64 { point.baseOffset }

    /// A segment whose files are there.
    ///
    /// - Parameter entries: its index; nil when that is stored.
    init(folder: String, point: SegmentPoint, entries: [IndexEntry]?, isDurable: Bool, calls: any FileCalls) {
        logPath = Self.path(folder, point.baseOffset, Self.logSuffix)
        indexPath = Self.path(folder, point.baseOffset, Self.indexSuffix)
        self.calls = calls
        self.point = point
        self.entries = entries ?? []
        isIndexStored = entries == nil
        self.isDurable = isDurable
        allocated = point.position
    }

    // MARK: Names

    static let logSuffix = ".log"
    static let indexSuffix = ".index"
    private static let digits = 20

    static func path(_ folder: String, _ baseOffset: Int64, _ suffix: String) -> String {
        let number = String(baseOffset)
        return "\(folder)/\(String(repeating: "0", count: max(digits - number.utf8.count, 0)))\(number)\(suffix)"
    }

    /// The base offset in a file's name; nil for the name of another file.
    static func baseOffset(ofName name: String) -> Int64? {
        guard name.hasSuffix(logSuffix) else { return nil }
        let number = name.dropLast(logSuffix.count)
        guard number.utf8.count == digits, let offset = Int64(number), offset >= 0 else { return nil }
        return offset
    }

    // MARK: Files

    /// The file, which stays open until `closeFiles`.
    func log() throws(StoreError) -> StoreFile {
        if let openLog { return openLog }
        let file = try StoreFile(logPath, .readWrite, calls: calls)
        openLog = file
        return file
    }

    /// Makes the file of a new segment, empty. An index of an earlier segment at this offset says nothing about it.
    func create() throws(StoreError) {
        try StorePath.remove(indexPath)
        openLog = try StoreFile(logPath, .replace, calls: calls)
    }

    func closeFiles() {
        openLog = nil
        openIndex = nil
    }

    /// The index first: it must never be there without what it vouches for.
    func removeFiles() throws(StoreError) {
        closeFiles()
        try StorePath.remove(indexPath)
        try StorePath.remove(logPath)
    }

    // MARK: The index

    /// The index in the file covers the whole segment from now on.
    func indexIsStored() {
        entries = []
        isIndexStored = true
        openIndex = nil
    }

    /// Takes the index back into memory, so that the segment can grow.
    ///
    /// - Returns: nil, and nothing is changed, when the file is not what was written.
    func loadIndex() throws(StoreError) -> SegmentIndex? {
        guard let bytes = try StorePath.contents(indexPath, calls: calls), let index = SegmentIndex.decode(bytes),
            index.point == point
        else { return nil }
        entries = index.entries
        isIndexStored = false
        openIndex = nil
        return index
    }

    /// Adds the batch that begins at the point to the index, if the last entry lies far enough behind.
    func indexNext(interval: Int) {
        guard point.position - Int(entries.last?.position ?? 0) >= interval else { return }
        entries.append(
            IndexEntry(
                offset: UInt32(truncatingIfNeeded: point.endOffset - baseOffset),
                position: UInt32(truncatingIfNeeded: point.position), newestBefore: point.newest))
    }

    /// The last entry that `fits`, of entries of which the first ones do; the segment's start when none does.
    func lastEntry(where fits: (IndexEntry) -> Bool) throws(StoreError) -> IndexEntry {
        guard !isIndexStored else { return try lastStoredEntry(where: fits) }
        var found = IndexEntry.start
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if fits(entries[middle]) {
                found = entries[middle]
                low = middle + 1
            } else {
                high = middle
            }
        }
        return found
    }

    private func lastStoredEntry(where fits: (IndexEntry) -> Bool) throws(StoreError) -> IndexEntry {
        let file: StoreFile
        if let openIndex {
            file = openIndex
        } else {
            file = try StoreFile(indexPath, .read, calls: calls)
            openIndex = file
        }
        guard let header = try Self.header(of: file) else {
            throw .damaged(path: indexPath, position: 0, reason: "its header was overwritten")
        }
        var found = IndexEntry.start
        var low = 0
        var high = header.entryCount
        while low < high {
            let middle = (low + high) / 2
            let entry = try Self.entry(of: file, middle)
            if fits(entry) {
                found = entry
                low = middle + 1
            } else {
                high = middle
            }
        }
        return found
    }

    static func header(of file: StoreFile) throws(StoreError) -> SegmentIndex.Header? {
        var bytes = [UInt8](repeating: 0, count: SegmentIndex.headerBytes)
        let result = bytes.withUnsafeMutableBytes { bytes in
            Result { () throws(StoreError) in try file.read(bytes, at: 0) }
        }
        guard try result.get() == bytes.count else { return nil }
        return bytes.withUnsafeBytes { SegmentIndex.header($0) }
    }

    private static func entry(of file: StoreFile, _ place: Int) throws(StoreError) -> IndexEntry {
        var bytes = (UInt64(0), UInt64(0))
        let result = withUnsafeMutableBytes(of: &bytes) { bytes in
            Result { () throws(StoreError) in try file.read(bytes, at: SegmentIndex.entryPosition(place)) }
        }
        guard try result.get() == IndexEntry.bytes else {
            throw .damaged(path: file.path, position: SegmentIndex.entryPosition(place), reason: "the file ends")
        }
        return withUnsafeBytes(of: bytes) { SegmentIndex.entry($0) }
    }
}
