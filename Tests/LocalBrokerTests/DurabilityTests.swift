import Glibc
import Synchronization
import Testing

@testable import LocalBroker
@testable import Network

/// Synchronisation, full disks and disks that fail.
struct DurabilityTests {
    private let folder: TemporaryFolder
    private let files = FaultyFiles()

    init() throws { folder = try TemporaryFolder() }

    private func open(
        _ name: String = "t-0", number: Int = 0, sync: Bool = true, segmentBytes: Int = 2_000
    ) throws -> PartitionLog {
        var options = StoreOptions()
        options.sync = sync
        options.files = files
        options.recoveryPointBytes = 700
        options.preallocationBytes = 1_000
        var configuration = LogConfiguration()
        configuration.segmentBytes = segmentBytes
        return try PartitionLog(
            folder: folder.sub(number == 0 ? name : "t-\(number)"), identifier: number, configuration: configuration,
            options: options)
    }

    @Test func `With sync a batch is shown once it is durable`() throws {
        let log = try open()
        for _ in 0..<3 { try log.append(BatchBuilder().build()) }
        #expect(log.endOffset == 3)
        #expect(log.shownOffset == 0)
        #expect(try log.readBytes(0).isEmpty)
        let first = try #require(log.takeSyncWork())
        #expect(first.upTo == 3)
        #expect(log.takeSyncWork() == nil)
        try log.append(BatchBuilder(count: 2).build())
        let second = try #require(log.takeSyncWork())
        log.markDurable(upTo: first.upTo)
        #expect(log.shownOffset == 3)
        #expect(StoredBatch.all(in: try log.readBytes(0)).count == 3)
        #expect(try log.readBytes(3).isEmpty)
        log.markDurable(upTo: second.upTo)
        #expect(log.shownOffset == 5)
        #expect(log.takeSyncWork() == nil)
    }

    @Test func `What is shown ends at a mark even over closed segments`() throws {
        let log = try open(segmentBytes: 400)
        var works: [SyncWork] = []
        for _ in 0..<12 {
            try log.append(BatchBuilder().build())
            works.append(try #require(log.takeSyncWork()))
        }
        #expect(log.segments.count > 3)
        for (place, work) in works.enumerated() {
            log.markDurable(upTo: work.upTo)
            #expect(log.shownOffset == Int64(place + 1))
            #expect(StoredBatch.all(in: try log.readAll()).count == place + 1)
        }
        #expect(log.segments.dropLast().allSatisfy { $0.isDurable && $0.isIndexStored })
    }

    @Test func `An index gets its name only once its segment is durable`() throws {
        let log = try open(segmentBytes: 400)
        for _ in 0..<4 { try log.append(BatchBuilder().build()) }
        let closed = try #require(log.segments.first)
        #expect(!StorePath.exists(closed.indexPath))
        #expect(!closed.isIndexStored)
        try log.synchronizeNow()
        #expect(StorePath.exists(closed.indexPath))
        #expect(closed.isIndexStored)
    }

    @Test func `A full disk refuses the batch, keeps the log whole and goes on when there is room`() throws {
        for sync in [false, true] {
            let log = try open("full-\(sync ? 1 : 0)", sync: sync, segmentBytes: 1 << 20)
            files.state.withLock { $0.room = 66_000 }
            var taken = 0
            var refused: AppendRefusal?
            while refused == nil {
                refused = log.refusal(BatchBuilder(size: 3_000).build())
                if refused == nil { taken += 1 }
            }
            #expect(refused?.code == 56)
            #expect(taken > 15)
            #expect(log.failure == nil)
            try log.synchronizeNow()
            #expect(StoredBatch.all(in: try log.readAll()).count == taken)
            files.state.withLock { $0.room = 1 << 20 }
            try log.append(BatchBuilder(size: 3_000).build())
            try log.synchronizeNow()
            let again = try PartitionLog(folder: log.folder, configuration: log.configuration, options: log.options)
            #expect(again.endOffset == Int64(taken + 1))
            files.state.withLock { $0.room = .max }
        }
    }

    @Test func `A write that stops in the middle leaves nothing behind`() throws {
        let log = try open(sync: false)
        try log.append(BatchBuilder().build())
        files.state.withLock {
            $0.shortWrites = true
            $0.writeFailure = ENOSPC
        }
        #expect(log.refusal(BatchBuilder(size: 200, seed: 1).build())?.code == 56)
        files.state.withLock { $0.writeFailure = 0 }
        #expect(try log.active.log().length() == log.active.point.position)
        try log.append(BatchBuilder(size: 20, seed: 2).build())
        try StorePath.remove(log.active.indexPath)
        let again = try open(sync: false)
        #expect(again.endOffset == 2)
        #expect(again.recovery.cutBytes == 0)
    }

    @Test func `A log that cannot be cut back goes offline`() throws {
        let log = try open(sync: false)
        try log.append(BatchBuilder().build())
        files.state.withLock {
            $0.shortWrites = true
            $0.writeFailure = EIO
            $0.truncateFailure = EIO
        }
        #expect(log.refusal(BatchBuilder().build())?.code == 56)
        files.state.withLock {
            $0.writeFailure = 0
            $0.truncateFailure = 0
        }
        #expect(log.failure != nil)
        #expect(log.refusal(BatchBuilder().build())?.code == 56)
        #expect(throws: StoreError.self) { try log.readBytes(0) }
        #expect(try open(sync: false).endOffset == 1)
    }

    @Test func `A failed synchronisation takes the log offline and leaves what was durable`() throws {
        let log = try open(segmentBytes: 500)
        for _ in 0..<5 { try log.append(BatchBuilder().build()) }
        try log.synchronizeNow()
        for _ in 0..<5 { try log.append(BatchBuilder(seed: 3).build()) }
        #expect(log.segments.count > 2)
        _ = try #require(log.takeSyncWork())
        log.markFailed(.system(operation: "synchronise", path: "x", code: EIO))
        #expect(log.takeSyncWork() == nil)
        #expect(log.refusal(BatchBuilder().build())?.code == 56)
        let again = try open(segmentBytes: 500)
        #expect(again.endOffset == 5)
        #expect(StoredBatch.all(in: try again.readAll()).count == 5)
    }

    @Test func `A clean end makes everything durable, without sync as well`() throws {
        let log = try open(sync: false, segmentBytes: 500)
        for _ in 0..<10 { try log.append(BatchBuilder().build()) }
        try log.close()
        #expect(files.state.withLock { $0.synchronizations } >= 2 * log.segments.count)
        let boot = BootIdentity(high: 3, low: 4)
        var options = log.options
        options.boot = boot
        let again = try PartitionLog(folder: log.folder, configuration: log.configuration, options: options)
        #expect(again.endOffset == 10)
        #expect(again.recovery.scannedBytes == 0)
    }

    // MARK: The thread

    /// Collects what a sync thread reports.
    private final class Reports: Sendable {
        private let rounds = Mutex<[[SyncResult]]>([])
        let wakeup: Wakeup

        init() throws { wakeup = try Wakeup() }

        func add(_ round: [SyncResult]) {
            rounds.withLock { $0.append(round) }
            wakeup.signal()
        }

        func wait() throws -> [[SyncResult]] {
            var poller = Poller()
            poller.add(wakeup.descriptor)
            while !wakeup.drain() { try poller.wait(timeoutMilliseconds: -1) }
            return rounds.withLock { rounds in
                defer { rounds = [] }
                return rounds
            }
        }
    }

    @Test func `Every log is reported up to its end, whichever thread took it`() throws {
        let reports = try Reports()
        let thread = SyncThread { reports.add($0) }
        let logs = try (0..<6).map { try open(number: $0) }
        var generator = SeededGenerator("sync thread")
        for round in 0..<50 {
            for log in logs {
                for _ in 0...Int.random(in: 0...3, using: &generator) {
                    try log.append(BatchBuilder(seed: UInt8(round)).build())
                    if let work = log.takeSyncWork() { thread.submit(work) }
                }
            }
            while logs.contains(where: { $0.shownOffset < $0.endOffset }) {
                for results in try reports.wait() {
                    for result in results { logs[result.log].markDurable(upTo: try result.outcome.get()) }
                }
            }
        }
        thread.stop()
        for log in logs { #expect(StoredBatch.all(in: try log.readAll()).last?.lastOffset == log.endOffset - 1) }
    }

    @Test func `A failure is reported for its log only, and the threads end with their work done`() throws {
        let reports = try Reports()
        let thread = SyncThread { reports.add($0) }
        let good = try PartitionLog(folder: folder.sub("good-0"), identifier: 1)
        let bad = try open()
        try good.append(BatchBuilder().build())
        try bad.append(BatchBuilder().build())
        files.state.withLock { $0.synchronizeFailure = EIO }
        thread.submit(try #require(good.takeSyncWork()))
        thread.submit(try #require(bad.takeSyncWork()))
        thread.stop()
        let results = try reports.wait().flatMap { $0 }
        #expect(results.count == 2)
        for result in results {
            switch result.outcome {
            case .success(let offset):
                #expect(result.log == 1)
                #expect(offset == 1)
            case .failure(let error):
                #expect(result.log == 0)
                #expect(error.code == 56)
            }
        }
    }
}
