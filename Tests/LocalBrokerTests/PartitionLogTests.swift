import Testing

@testable import LocalBroker

struct PartitionLogTests {
    private static func unsynced() -> StoreOptions {
        var options = StoreOptions()
        options.sync = false
        return options
    }

    private static func small(_ segmentBytes: Int = 2_000) -> LogConfiguration {
        var configuration = LogConfiguration()
        configuration.segmentBytes = segmentBytes
        configuration.indexIntervalBytes = 300
        return configuration
    }

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func open(
        _ name: String = "t-0", _ configuration: LogConfiguration = small(), _ options: StoreOptions = unsynced()
    ) throws -> PartitionLog {
        try PartitionLog(folder: folder.sub(name), configuration: configuration, options: options)
    }

    @Test func `Appended batches come back as sent but for their offset and the leader's epoch`() throws {
        let log = try open()
        let sent = (0..<20).map { BatchBuilder(count: 1 + $0 % 3, size: 40 + $0, timestamp: Int64($0)).build() }
        var offset: Int64 = 0
        for (place, bytes) in sent.enumerated() {
            let appended = try log.append(bytes)
            #expect(appended.baseOffset == offset)
            #expect(appended.lastOffset == offset + Int64(place % 3))
            #expect(appended.appendTime == -1)
            #expect(!appended.isDuplicate)
            offset = appended.lastOffset + 1
        }
        #expect(log.endOffset == offset)
        #expect(log.shownOffset == offset)
        let stored = StoredBatch.all(in: try log.readAll())
        #expect(stored.map { Array($0.bytes[16...]) } == sent.map { Array($0[16...]) })
        #expect(stored.allSatisfy { $0.bytes[12..<16] == [0, 0, 0, 0] })
        #expect(log.byteCount == Int64(sent.reduce(0) { $0 + $1.count }))
    }

    @Test func `LogAppendTime stamps the batch and its checksum still fits`() throws {
        var configuration = Self.small()
        configuration.timestampType = .logAppend
        let log = try open("t-0", configuration)
        let appended = try log.append(BatchBuilder(count: 2, timestamp: 17).build(), now: 123_456)
        #expect(appended.appendTime == 123_456)
        let bytes = try log.readBytes(0)
        let stored = StoredBatch.all(in: bytes)
        #expect(stored.count == 1)
        #expect(stored[0].maxTimestamp == 123_456)
        #expect(bytes[22] & 0x08 != 0)
        #expect(try #require(try log.find(timestamp: 100_000)) == (0, 123_456))
        #expect(try log.find(timestamp: 123_457) == nil)
    }

    @Test func `CreateTime keeps the producer's stamps within bounds and mends a wrong maximum`() throws {
        var configuration = Self.small()
        configuration.timestampBeforeMaximumMilliseconds = 1_000
        let log = try open("t-0", configuration)
        #expect(log.refusal(BatchBuilder(timestamp: 3_700_001).build(), now: 100_000)?.code == 32)
        #expect(log.refusal(BatchBuilder(timestamp: 98_999).build(), now: 100_000)?.code == 32)
        #expect(log.refusal(BatchBuilder(timestamp: -1).build(), now: 100_000) == nil)
        var builder = BatchBuilder(count: 3, timestamp: 99_500)
        builder.maxTimestamp = 7
        try log.append(builder.build(), now: 100_000)
        #expect(StoredBatch.all(in: try log.readBytes(1)).first?.maxTimestamp == 99_502)
    }

    @Test func `A read at every offset gives the batch that holds it, in whole batches and within the limit`() throws {
        let log = try open()
        var generator = SeededGenerator("reads at every offset")
        var batches: [StoredBatch] = []
        for place in 0..<60 {
            let builder = BatchBuilder(
                count: Int.random(in: 1...5, using: &generator), size: Int.random(in: 1...200, using: &generator),
                seed: UInt8(place))
            let appended = try log.append(builder.build())
            let stored = StoredBatch.all(in: try log.readBytes(appended.lastOffset, 1))
            #expect(stored.count == 1)
            batches += stored
        }
        #expect(log.segments.count > 3)
        for isReopened in [false, true] {
            let reopened = isReopened ? try reopen(log) : log
            for offset in 0..<reopened.endOffset {
                let first = try #require(batches.firstIndex { $0.lastOffset >= offset })
                for maximum in [1, 200, 700, 5_000] {
                    let got = StoredBatch.all(in: try reopened.readBytes(offset, maximum))
                    #expect(got == Array(batches[first...].prefix(got.count)))
                    #expect(got.count >= 1)
                    let size = got.reduce(0) { $0 + $1.bytes.count }
                    #expect(size <= maximum || got.count == 1)
                    // The read ends with the segment, or because the next batch would be too much.
                    if first + got.count < batches.count {
                        let next = batches[first + got.count]
                        let isNextSegment = reopened.segments.contains { $0.baseOffset == next.baseOffset }
                        #expect(isNextSegment || size + next.bytes.count > maximum)
                    }
                }
                let exact = try reopened.readBytes(offset, batches[first].bytes.count - 1, atLeastOne: false)
                #expect(exact.isEmpty)
            }
        }
    }

    private func reopen(_ log: PartitionLog) throws -> PartitionLog {
        let end = log.endOffset
        try log.close()
        let reopened = try PartitionLog(folder: log.folder, configuration: log.configuration, options: log.options)
        #expect(reopened.endOffset == end)
        #expect(reopened.recovery == RecoveryReport())
        return reopened
    }

    @Test func `Offsets outside the log are refused, its end gives nothing`() throws {
        let log = try open()
        for _ in 0..<3 { try log.append(BatchBuilder().build()) }
        #expect(try log.readBytes(3).isEmpty)
        for offset in [-1, 4] as [Int64] {
            #expect(throws: StoreError.offsetOutOfRange(offset: offset, start: 0, end: 3)) {
                try log.readBytes(offset)
            }
        }
    }

    @Test func `A batch above the topic's limit is refused, one as large as the limit is taken`() throws {
        var configuration = Self.small()
        let bytes = BatchBuilder(size: 400).build()
        configuration.maxMessageBytes = bytes.count - 1
        let log = try open("t-0", configuration)
        #expect(log.refusal(bytes)?.code == 10)
        log.configuration.maxMessageBytes = bytes.count
        try log.append(bytes)
        #expect(log.endOffset == 1)
    }

    @Test func `Large and small batches in turn pass through the tail`() throws {
        var options = Self.unsynced()
        options.tailBytes = 16_384
        var configuration = LogConfiguration()
        configuration.maxMessageBytes = 200_000
        let log = try open("t-0", configuration, options)
        var generator = SeededGenerator("tail")
        var all: [UInt8] = []
        for place in 0..<300 {
            let size = place % 17 == 0 ? Int.random(in: 10_000...100_000, using: &generator) : 300
            let appended = try log.append(BatchBuilder(size: size, seed: UInt8(place & 0xFF)).build())
            let bytes = try log.readBytes(appended.baseOffset)
            all += bytes
            let back = max(appended.baseOffset - Int64.random(in: 0...20, using: &generator), 0)
            #expect(StoredBatch.all(in: try log.readBytes(back, 1 << 22)).last?.bytes == bytes)
        }
        #expect(try log.readAll(maximum: 1 << 22) == all)
    }

    @Test func `A segment is closed by its age, too`() throws {
        var configuration = Self.small()
        configuration.segmentMilliseconds = 1_000
        let log = try open("t-0", configuration)
        for now in [10_000, 10_500, 11_000, 11_001, 11_500] { try log.append(BatchBuilder().build(), now: Int64(now)) }
        #expect(log.segments.map(\.baseOffset) == [0, 3])
    }

    @Test func `Closed segments have a file as long as their batches, the open one is allocated ahead`() throws {
        let log = try open()
        for _ in 0..<30 { try log.append(BatchBuilder(size: 100).build()) }
        for segment in log.segments {
            let length = try segment.log().length()
            if segment === log.active {
                #expect(length >= segment.point.position)
            } else {
                #expect(length == segment.point.position)
                #expect(segment.isIndexStored)
            }
        }
        try log.close()
        #expect(throws: (any Error).self) { try log.append(BatchBuilder().build()) }
        for segment in log.segments {
            #expect(try StoreFile(segment.logPath, .read, calls: SystemFiles()).length() == segment.point.position)
        }
    }
}
