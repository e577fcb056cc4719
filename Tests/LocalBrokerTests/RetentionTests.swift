import Testing

@testable import LocalBroker

struct RetentionTests {
    private let folder: TemporaryFolder
    private let log: PartitionLog

    init() throws {
        folder = try TemporaryFolder()
        var configuration = LogConfiguration()
        configuration.segmentBytes = 600
        configuration.indexIntervalBytes = 100
        configuration.retentionMilliseconds = 1_000
        var options = StoreOptions()
        options.sync = false
        log = try PartitionLog(folder: folder.sub("t-0"), configuration: configuration, options: options)
        for place in 0..<20 {
            try log.append(BatchBuilder(count: 2, timestamp: Int64(10_000 + 100 * place)).build(), now: 10_000)
        }
        #expect(log.segments.count > 5)
    }

    @Test func `Segments older than the time are removed, the newest record of each counts`() throws {
        try log.retain(now: 11_500)
        let newest = log.segments.map(\.point.newest)
        #expect(log.startOffset == log.segments[0].baseOffset)
        #expect(log.startOffset > 0)
        #expect(newest.allSatisfy { $0 >= 10_500 })
        #expect(log.byteCount == log.segments.reduce(0) { $0 + Int64($1.point.position) })
        #expect(throws: StoreError.offsetOutOfRange(offset: 0, start: log.startOffset, end: 40)) {
            try log.readBytes(0)
        }
        let names = try StorePath.names(in: log.folder).filter { $0.hasSuffix(Segment.logSuffix) }
        #expect(names.count == log.segments.count)
    }

    @Test func `When everything is too old, an empty segment stays and offsets go on`() throws {
        try log.retain(now: 100_000)
        #expect(log.startOffset == 40)
        #expect(log.endOffset == 40)
        #expect(log.byteCount == 0)
        #expect(try log.append(BatchBuilder().build()).baseOffset == 40)
        let again = try PartitionLog(folder: log.folder, configuration: log.configuration, options: log.options)
        #expect(again.startOffset == 40)
        #expect(again.endOffset == 41)
    }

    @Test func `The size keeps at least as many bytes as are asked for`() throws {
        log.configuration.retentionMilliseconds = -1
        log.configuration.retentionBytes = 1_500
        let before = log.segments.map { Int64($0.point.position) }
        try log.retain(now: 100_000)
        #expect(log.byteCount >= 1_500)
        #expect(log.byteCount - Int64(log.segments[0].point.position) < 1_500)
        #expect(log.segments.count < before.count)
        log.configuration.retentionBytes = 0
        try log.retain(now: 100_000)
        #expect(log.segments.count == 1)
    }

    @Test func `Deleting records moves the start into a segment and is known after a restart`() throws {
        try log.deleteRecords(before: 7)
        #expect(log.startOffset == 7)
        try log.deleteRecords(before: 3)
        #expect(log.startOffset == 7)
        #expect(throws: StoreError.self) { try log.deleteRecords(before: 41) }
        #expect(StoredBatch.all(in: try log.readBytes(7)).first?.baseOffset == 6)
        let again = try PartitionLog(folder: log.folder, configuration: log.configuration, options: log.options)
        #expect(again.startOffset == 7)
        try again.deleteRecords(before: 40)
        #expect(again.startOffset == 40)
        #expect(try again.readBytes(40).isEmpty)
        #expect(try again.find(timestamp: 0) == nil)
        #expect(try again.findLargestTimestamp() == nil)
    }

    @Test func `Records are found by their time, exactly, in open and closed segments`() throws {
        var times: [Int64] = []
        for place in 0..<20 {
            let first = Int64(10_000 + 100 * place)
            times += [first, first + 1]
        }
        for timestamp in Int64(9_990)...11_910 {
            let found = try log.find(timestamp: timestamp)
            let expected = times.firstIndex { $0 >= timestamp }
            #expect(found.map { Int($0.offset) } == expected)
            if let expected { #expect(found?.timestamp == times[expected]) }
        }
        let largest = try #require(try log.findLargestTimestamp())
        #expect(largest == (39, 11_901))
        try log.append(BatchBuilder(timestamp: 50).build(), now: 10_000)
        #expect(try #require(try log.findLargestTimestamp()) == (39, 11_901))
        try log.deleteRecords(before: 5)
        #expect(try #require(try log.find(timestamp: 0)) == (5, 10_201))
    }

    @Test func `A compressed batch is found by its first record`() throws {
        var builder = BatchBuilder(count: 3, timestamp: 20_000)
        builder.attributes = 2
        try log.append(builder.build(), now: 20_000)
        #expect(try #require(try log.find(timestamp: 19_000)) == (40, 20_000))
        #expect(try #require(try log.find(timestamp: 20_001)) == (40, 20_001))
        #expect(try log.find(timestamp: 20_003) == nil)
    }
}
