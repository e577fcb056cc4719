import Glibc
import Testing

@testable import LocalBroker

/// What a log has after its process, or the machine, has ended at any moment.
struct RecoveryTests {
    private static let otherBoot = BootIdentity(high: 1, low: 2)
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static func options(sync: Bool, boot: BootIdentity = .current()) -> StoreOptions {
        var options = StoreOptions()
        options.sync = sync
        options.boot = boot
        options.recoveryPointBytes = 1_500
        return options
    }

    private static func configuration(_ segmentBytes: Int = 2_000) -> LogConfiguration {
        var configuration = LogConfiguration()
        configuration.segmentBytes = segmentBytes
        configuration.indexIntervalBytes = 300
        return configuration
    }

    private func open(_ path: String, _ options: StoreOptions = options(sync: false)) throws -> PartitionLog {
        try PartitionLog(folder: path, configuration: Self.configuration(), options: options)
    }

    /// Fills a log and leaves it as the end of the process would.
    private func abandoned(_ name: String, batches: Int, sync: Bool = false) throws -> (PartitionLog, [StoredBatch]) {
        let log = try open(folder.sub(name), Self.options(sync: sync))
        for place in 0..<batches {
            try log.append(BatchBuilder(count: 1 + place % 3, size: 30 + place, seed: UInt8(place & 0xFF)).build())
        }
        try log.synchronizeNow()
        return (log, StoredBatch.all(in: try log.readAll()))
    }

    private func change(_ path: String, _ body: (inout [UInt8]) -> Void) throws {
        var bytes = try #require(try StorePath.contents(path, calls: SystemFiles()))
        body(&bytes)
        try StoreFile(path, .replace, calls: SystemFiles()).writeAll(bytes)
    }

    @Test(arguments: [false, true])
    func `The end of the process loses nothing that was appended`(sync: Bool) throws {
        let (log, batches) = try abandoned("t-0", batches: 47, sync: sync)
        let again = try open(log.folder, Self.options(sync: sync))
        #expect(again.endOffset == log.endOffset)
        #expect(again.shownOffset == log.endOffset)
        #expect(StoredBatch.all(in: try again.readAll()) == batches)
        #expect(again.recovery.scannedBytes <= 2_000 + (sync ? 2_000 : 0))
        #expect(again.recovery.cutBytes == 0)
        #expect(again.byteCount == log.byteCount)
    }

    @Test func `A tail cut at any byte leaves the batches that are whole before it`() throws {
        let (log, batches) = try abandoned("t-0", batches: 21)
        let base = log.active.baseOffset
        let length = log.active.point.position
        let tail = batches.filter { $0.baseOffset >= base }
        #expect(tail.count >= 5)
        for cut in 0...length {
            let image = try folder.copy(log.folder, to: "image-0")
            try StorePath.remove(Segment.path(image, base, Segment.indexSuffix))
            var kept = batches.count - tail.count
            try change(Segment.path(image, base, Segment.logSuffix)) { bytes in
                switch cut % 3 {
                case 0: bytes.removeLast(bytes.count - cut)
                case 1: for place in cut..<bytes.count { bytes[place] = 0 }
                default: if cut < length { bytes[cut] ^= 0x55 }
                }
                kept += Self.wholeBatches(tail, in: bytes)
            }
            let opened = try open(image)
            let found = StoredBatch.all(in: try opened.readAll())
            #expect(found.map(\.lastOffset) == batches.prefix(kept).map(\.lastOffset), "cut at \(cut)")
            let appended = try opened.append(BatchBuilder().build())
            let again = try open(image)
            #expect(again.endOffset == appended.lastOffset + 1)
            #expect(again.recovery.cutBytes == 0)
        }
    }

    /// How many of the batches are in a file, one after the other.
    private static func wholeBatches(_ batches: [StoredBatch], in file: [UInt8]) -> Int {
        var position = 0
        for (place, batch) in batches.enumerated() {
            guard file[position...].starts(with: batch.bytes) else { return place }
            position += batch.bytes.count
        }
        return batches.count
    }

    @Test func `A batch that looks whole behind a torn one is not taken`() throws {
        let log = try open(folder.sub("t-0"))
        for _ in 0..<3 { try log.append(BatchBuilder().build()) }
        let first = StoredBatch.all(in: try log.readAll())[0].bytes.count
        try StorePath.remove(log.active.indexPath)
        try change(log.active.logPath) { $0[first + 70] ^= 1 }
        let again = try open(log.folder)
        #expect(again.endOffset == 1)
        #expect(again.recovery.cutBytes > 0)
        // Zeros follow the end now, not the old third batch.
        try again.append(BatchBuilder(size: 100, seed: 9).build())
        try StorePath.remove(again.active.indexPath)
        #expect(try open(log.folder).endOffset == 2)
    }

    @Test func `Segments behind a torn one are removed when nothing in them was durable`() throws {
        let (log, batches) = try abandoned("t-0", batches: 60)
        #expect(log.segments.count > 3)
        let torn = log.segments[1]
        let path = Segment.path(log.folder, torn.baseOffset, Segment.logSuffix)
        try change(path) { $0[$0.count - 1] ^= 1 }
        let again = try open(log.folder, Self.options(sync: false, boot: Self.otherBoot))
        let kept = batches.filter { $0.lastOffset < torn.point.endOffset }.dropLast()
        #expect(StoredBatch.all(in: try again.readAll()) == Array(kept))
        #expect(again.recovery.removedSegments == log.segments.count - 2)
    }

    @Test func `What was durable and is missing is reported, not passed over`() throws {
        let (log, _) = try abandoned("t-0", batches: 30)
        try log.close()
        let image = try folder.copy(log.folder, to: "image-0")
        try change(Segment.path(image, log.active.baseOffset, Segment.logSuffix)) { $0.removeLast() }
        #expect(throws: StoreError.self) { try open(image) }
        let other = try folder.copy(log.folder, to: "image-1")
        try StorePath.remove(Segment.path(other, log.segments[1].baseOffset, Segment.indexSuffix))
        try change(Segment.path(other, log.segments[1].baseOffset, Segment.logSuffix)) { $0[100] ^= 1 }
        #expect(throws: StoreError.self) { try open(other) }
        // Nothing was cut: with the byte as it was the log is whole.
        try change(Segment.path(other, log.segments[1].baseOffset, Segment.logSuffix)) { $0[100] ^= 1 }
        #expect(try open(other).endOffset == log.endOffset)
    }

    @Test func `Damaged or missing indexes are made again`() throws {
        let (log, batches) = try abandoned("t-0", batches: 60)
        try log.close()
        for damage in 0..<4 {
            let image = try folder.copy(log.folder, to: "image-\(damage)")
            for segment in log.segments {
                let path = Segment.path(image, segment.baseOffset, Segment.indexSuffix)
                switch damage {
                case 0: try StorePath.remove(path)
                case 1: try change(path) { $0[20] ^= 1 }
                case 2: try change(path) { $0.removeAll() }
                default: if segment === log.active { try change(path) { $0[$0.count - 1] ^= 1 } }
                }
            }
            let again = try open(image)
            #expect(StoredBatch.all(in: try again.readAll()) == batches)
            #expect(try open(image).recovery.scannedBytes == 0)
        }
    }

    @Test func `A removed segment stays away when the end of the machine brings its name back`() throws {
        let (log, batches) = try abandoned("t-0", batches: 60)
        let image = try folder.copy(log.folder, to: "image-0")
        let start = log.segments[3].baseOffset + 1
        try log.deleteRecords(before: start)
        #expect(log.startOffset == start)
        // The first and the third of the removed files are there again.
        for segment in [0, 2] {
            let names = try StorePath.names(in: image).filter { $0.hasSuffix(Segment.logSuffix) }
            let bytes = try #require(try StorePath.contents("\(image)/\(names[segment])", calls: SystemFiles()))
            try StoreFile("\(log.folder)/\(names[segment])", .replace, calls: SystemFiles()).writeAll(bytes)
        }
        let again = try open(log.folder)
        #expect(again.startOffset == start)
        #expect(StoredBatch.all(in: try again.readAll()) == batches.filter { $0.lastOffset >= start })
    }

    @Test func `A log with its start behind its end goes on at its start`() throws {
        let (log, _) = try abandoned("t-0", batches: 10)
        let end = log.endOffset
        try log.deleteRecords(before: end)
        try change(log.active.logPath) { $0.removeAll() }
        let again = try open(log.folder, Self.options(sync: false, boot: Self.otherBoot))
        #expect(again.startOffset == end)
        #expect(again.endOffset == end)
        #expect(try again.append(BatchBuilder().build()).baseOffset == end)
    }
}
