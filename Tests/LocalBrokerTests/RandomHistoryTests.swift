import Glibc
import Testing

@testable import LocalBroker

/// A log and a plain list of batches live through the same random history: appends, copies sent again, rolls, retention,
/// synchronisation, ends of the process, and ends of the machine that lose or spoil what was not durable.
struct RandomHistoryTests {
    @Test(arguments: [true, false])
    func `A log keeps what a list keeps, whatever ends in between`(sync: Bool) throws {
        var generator = SeededGenerator("random history, sync \(sync)")
        let histories = getenv("LOG_HISTORIES").flatMap { Int(String(cString: $0)) } ?? 25
        for _ in 0..<histories {
            var history = try History(sync: sync, &generator)
            for _ in 0..<150 { try history.step(&generator) }
            try history.restart(&generator, losingMachine: false)
        }
    }
}

private struct History {
    private let folder: TemporaryFolder
    private var options: StoreOptions
    private var configuration = LogConfiguration()
    private var log: PartitionLog
    private var batches: [StoredBatch] = []
    private var start: Int64 = 0
    /// By producer, its batches as sent, the sequence behind each, and where it went.
    private var sent: [Int64: [(bytes: [UInt8], next: Int32, offset: Int64)]] = [:]
    private var boots: UInt64 = 1

    init(sync: Bool, _ generator: inout SeededGenerator) throws {
        folder = try TemporaryFolder()
        options = StoreOptions()
        options.sync = sync
        options.boot = BootIdentity(high: 7, low: boots)
        options.recoveryPointBytes = Int.random(in: 200...3_000, using: &generator)
        options.preallocationBytes = Int.random(in: 1_000...100_000, using: &generator)
        configuration.segmentBytes = Int.random(in: 500...6_000, using: &generator)
        configuration.indexIntervalBytes = Int.random(in: 1...800, using: &generator)
        configuration.retentionMilliseconds = -1
        log = try PartitionLog(folder: folder.sub("t-0"), configuration: configuration, options: options)
    }

    mutating func step(_ generator: inout SeededGenerator) throws {
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<55: try append(&generator)
        case 55..<65: try sendAgain(&generator)
        case 65..<80: try log.synchronizeNow()
        case 80..<84: try removeSome(&generator)
        case 84..<87: try retain(&generator)
        case 87..<90: try read(&generator)
        case 90..<95: try restart(&generator, losingMachine: false)
        case 95..<98: try restart(&generator, losingMachine: true)
        default: try close()
        }
        #expect(log.startOffset == start)
        #expect(log.endOffset == (batches.last?.lastOffset).map { $0 + 1 } ?? log.endOffset)
    }

    private mutating func append(_ generator: inout SeededGenerator) throws {
        var builder = BatchBuilder(
            count: Int.random(in: 1...4, using: &generator), size: Int.random(in: 0...300, using: &generator),
            timestamp: Int64.random(in: 0...10_000, using: &generator))
        let producer = Int64.random(in: -3...4, using: &generator)
        let sequence = sent[producer]?.last?.next ?? 0
        if producer >= 0 { builder = builder.producer(producer, sequence: sequence) }
        let bytes = builder.build()
        let appended = try log.append(bytes, now: 20_000)
        #expect(!appended.isDuplicate)
        if producer >= 0 {
            sent[producer, default: []].append((bytes, sequence + Int32(builder.records.count), appended.baseOffset))
        }
        let newest = builder.records.map(\.timestamp).max() ?? 0
        var stored = bytes
        stored.withUnsafeMutableBytes {
            RecordBatch.place($0, at: appended.baseOffset, appendTime: nil, newest: newest)
        }
        batches.append(
            StoredBatch(
                baseOffset: appended.baseOffset, lastOffset: appended.lastOffset, maxTimestamp: newest, bytes: stored))
    }

    private func sendAgain(_ generator: inout SeededGenerator) throws {
        let producers = sent.keys.sorted()
        guard let producer = producers.randomElement(using: &generator),
            let last = sent[producer]?.suffix(ProducerTable.batchesKept).randomElement(using: &generator)
        else { return }
        let end = log.endOffset
        let appended = try log.append(last.bytes, now: 20_000)
        #expect(appended.isDuplicate)
        #expect(appended.baseOffset == last.offset)
        #expect(log.endOffset == end)
    }

    private mutating func removeSome(_ generator: inout SeededGenerator) throws {
        guard log.shownOffset > start else { return }
        start = Int64.random(in: start...min(log.shownOffset, start + 8), using: &generator)
        try log.deleteRecords(before: start)
        batches.removeAll { $0.lastOffset < start }
    }

    private mutating func retain(_ generator: inout SeededGenerator) throws {
        log.configuration.retentionBytes = Int64.random(in: 5_000...20_000, using: &generator)
        try log.retain(now: 20_000)
        #expect(log.startOffset == start || log.byteCount >= log.configuration.retentionBytes)
        start = log.startOffset
        batches.removeAll { $0.lastOffset < start }
    }

    private func read(_ generator: inout SeededGenerator) throws {
        guard log.shownOffset > start else { return }
        let offset = Int64.random(in: start..<log.shownOffset, using: &generator)
        let shown = batches.filter { $0.lastOffset >= offset && $0.lastOffset < log.shownOffset }
        #expect(StoredBatch.all(in: try log.readAll(from: offset, maximum: 700)) == shown)
        let timestamp = Int64.random(in: 0...10_004, using: &generator)
        let found = try log.find(timestamp: timestamp)
        let first = batches.filter { $0.lastOffset < log.shownOffset }.lazy.compactMap { batch in
            batch.bytes.withUnsafeBytes { RecordBatch(unchecked: $0).find(timestamp: timestamp, from: self.start) }
        }.first
        #expect(found?.offset == first?.offset)
        #expect(found?.timestamp == first?.timestamp)
        let largest = batches.filter { $0.lastOffset < log.shownOffset }.map(\.maxTimestamp).max()
        if start == batches.first?.baseOffset { #expect(try log.findLargestTimestamp()?.timestamp == largest) }
    }

    private mutating func close() throws {
        try log.close()
        try reopen()
        #expect(log.recovery.scannedBytes == 0)
        check()
    }

    /// The process ends without a word; with the machine, what was not durable may be gone or spoilt.
    mutating func restart(_ generator: inout SeededGenerator, losingMachine: Bool) throws {
        guard losingMachine else {
            try reopen()
            return check()
        }
        // Without synchronisation nothing is promised but a log that is whole up to somewhere behind the last clean end.
        if !options.sync { try log.close() }
        let durable = options.sync ? log.shownOffset : log.endOffset
        if options.sync { try spoil(&generator) }
        boots += 1
        options.boot = BootIdentity(high: 7, low: boots)
        try reopen()
        #expect(log.endOffset >= durable)
        let end = log.endOffset
        batches.removeAll { $0.lastOffset >= end }
        for producer in Array(sent.keys) { sent[producer]?.removeAll { $0.offset >= end } }
        // A table has the last batches only, and no longer those behind which all were lost.
        for (producer, batches) in sent where batches.isEmpty { sent[producer] = nil }
        check()
    }

    private func spoil(_ generator: inout SeededGenerator) throws {
        let shown = log.shown
        for name in try StorePath.names(in: log.folder) {
            let path = "\(log.folder)/\(name)"
            if name.hasSuffix(StorePath.temporarySuffix), Bool.random(using: &generator) {
                try StorePath.remove(path)
            }
            guard let base = Segment.baseOffset(ofName: name), base >= shown.segment else { continue }
            let from = base == shown.segment ? shown.position : 0
            if base > shown.segment, Bool.random(using: &generator) {
                try StorePath.remove(path)
                continue
            }
            var bytes = try StorePath.contents(path, calls: SystemFiles()) ?? []
            guard bytes.count > from else { continue }
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes.removeLast(bytes.count - Int.random(in: from...bytes.count, using: &generator))
            case 1:
                let hole = Int.random(in: from..<bytes.count, using: &generator)
                for place in hole..<min(hole + 200, bytes.count) { bytes[place] = 0 }
            case 2: bytes[Int.random(in: from..<bytes.count, using: &generator)] ^= 0x10
            default: break
            }
            try StoreFile(path, .replace, calls: SystemFiles()).writeAll(bytes)
        }
    }

    private mutating func reopen() throws {
        log = try PartitionLog(folder: folder.sub("t-0"), configuration: configuration, options: options)
    }

    private func check() {
        #expect(log.startOffset == start)
        #expect(log.shownOffset == log.endOffset)
        do {
            let found = StoredBatch.all(in: try log.readAll())
            #expect(found == batches.filter { $0.lastOffset >= start })
        } catch {
            Issue.record(error)
        }
    }
}
