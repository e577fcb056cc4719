import Testing

@testable import LocalBroker

struct ProducerTests {
    private let folder: TemporaryFolder
    private let options: StoreOptions

    init() throws {
        folder = try TemporaryFolder()
        var options = StoreOptions()
        options.sync = false
        self.options = options
    }

    private func open(_ options: StoreOptions? = nil) throws -> PartitionLog {
        try PartitionLog(folder: folder.sub("t-0"), options: options ?? self.options)
    }

    private func batch(_ id: Int64, _ sequence: Int32, count: Int = 1, epoch: Int16 = 0) -> [UInt8] {
        BatchBuilder(count: count).producer(id, epoch: epoch, sequence: sequence).build()
    }

    @Test func `The last five batches of a producer are recognised, an older one is out of order`() throws {
        let log = try open()
        for sequence in 0..<7 { try log.append(batch(1, Int32(sequence * 2), count: 2)) }
        for sequence in 2..<7 {
            let again = try log.append(batch(1, Int32(sequence * 2), count: 2))
            #expect(again.isDuplicate)
            #expect(again.baseOffset == Int64(sequence * 2))
            #expect(again.lastOffset == Int64(sequence * 2 + 1))
        }
        #expect(log.endOffset == 14)
        #expect(log.refusal(batch(1, 2, count: 2)) == .outOfOrderSequence(expected: 14, found: 2))
        #expect(log.refusal(batch(1, 2, count: 2))?.code == 45)
        // The same first sequence with another count is another batch.
        #expect(log.refusal(batch(1, 12, count: 1))?.code == 45)
    }

    @Test func `A gap is refused, a newer session begins at zero, an older one is fenced`() throws {
        let log = try open()
        try log.append(batch(1, 0, epoch: 3))
        #expect(log.refusal(batch(1, 2, epoch: 3))?.code == 45)
        #expect(log.refusal(batch(1, 1, epoch: 4))?.code == 45)
        #expect(try log.append(batch(1, 0, epoch: 4)).baseOffset == 1)
        #expect(log.refusal(batch(1, 1, epoch: 3)) == .invalidProducerEpoch(current: 4, found: 3))
        #expect(log.refusal(batch(1, 1, epoch: 3))?.code == 47)
        // As in Kafka, one that is not known begins anywhere.
        #expect(try log.append(batch(2, 50)).baseOffset == 2)
        #expect(try log.append(batch(2, 51)).baseOffset == 3)
    }

    @Test func `Sequences go on at zero behind the largest number`() throws {
        let log = try open()
        try log.append(batch(1, Int32.max - 1))
        try log.append(batch(1, Int32.max, count: 3))
        #expect(try log.append(batch(1, Int32.max, count: 3)).isDuplicate)
        try log.append(batch(1, 2))
        #expect(log.endOffset == 5)
    }

    @Test func `Producers are known after a clean end, a crash, and from the file alone`() throws {
        var log = try open()
        for sequence in 0..<3 { try log.append(batch(1, Int32(sequence))) }
        try log.append(batch(9, 0, epoch: 2))
        for kind in ["clean", "crash", "no index"] {
            if kind == "clean" { try log.close() }
            if kind == "no index" { try StorePath.remove(log.active.indexPath) }
            log = try open()
            #expect(log.endOffset == 4)
            #expect(try log.append(batch(1, 2)).baseOffset == 2, "\(kind)")
            #expect(log.refusal(batch(1, 4))?.code == 45)
            #expect(log.refusal(batch(9, 1, epoch: 1))?.code == 47)
        }
    }

    @Test func `Producers in closed segments are known when only the open one is read`() throws {
        var configuration = LogConfiguration()
        configuration.segmentBytes = 400
        let log = try PartitionLog(folder: folder.sub("t-0"), configuration: configuration, options: options)
        try log.append(batch(1, 0))
        for _ in 0..<10 { try log.append(BatchBuilder().build()) }
        #expect(log.segments.count > 3)
        try StorePath.remove(log.active.indexPath)
        let reopened = try PartitionLog(folder: folder.sub("t-0"), configuration: configuration, options: options)
        #expect(try reopened.append(batch(1, 0)).isDuplicate)
    }

    @Test func `The number of producers is bounded, the longest silent ones go first, and time ends them all`() throws {
        var options = options
        options.maximumProducers = 16
        options.producerExpiryMilliseconds = 1_000
        let log = try open(options)
        for id in 0..<100 { try log.append(batch(Int64(id), 0), now: Int64(id)) }
        #expect(log.producers.producers.count <= 16)
        #expect(try log.append(batch(99, 0), now: 100).isDuplicate)
        #expect(try !log.append(batch(0, 0), now: 100).isDuplicate)
        try log.retain(now: 1_101)
        #expect(log.producers.producers.isEmpty)
    }
}
