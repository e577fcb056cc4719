import Glibc
import Synchronization
import TestBasics
import Testing

@testable import LocalBroker
@testable import Network

/// A generator whose seed is printed and can be given back by `TEST_SEED`.
struct SeededGenerator: RandomNumberGenerator {
    private var generator: SplitMix64

    init(_ test: String) {
        print("\(test):", terminator: " ")
        generator = SplitMix64(seed: testSeed(SystemRandom.uint64()))
    }

    mutating func next() -> UInt64 { generator.next() }
}

/// A folder that goes with the value.
final class TemporaryFolder {
    let path: String

    init() throws {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/local-broker-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw POSIXFailure(code: errno) }
        path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }

    deinit { Self.removeAll(path) }

    func sub(_ name: String) -> String { "\(path)/\(name)" }

    /// Copies a folder of files.
    func copy(_ folder: String, to name: String) throws -> String {
        let target = sub(name)
        Self.removeAll(target)
        mkdir(target, 0o755)
        for name in try StorePath.names(in: folder) {
            let bytes = try StorePath.contents("\(folder)/\(name)", calls: SystemFiles()) ?? []
            try StoreFile("\(target)/\(name)", .replace, calls: SystemFiles()).writeAll(bytes)
        }
        return target
    }

    static func removeAll(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        if status.st_mode & S_IFMT == S_IFDIR {
            do {
                for name in try StorePath.names(in: path) { removeAll("\(path)/\(name)") }
            } catch {
                Issue.record(error)
            }
            rmdir(path)
        } else {
            unlink(path)
        }
    }
}

struct POSIXFailure: Error { let code: Int32 }

/// A record as a test writes and expects it.
struct TestRecord: Equatable {
    var timestamp: Int64
    var value: [UInt8]
}

/// Builds record batches of format 2 the way a client does, field by field.
struct BatchBuilder {
    var records: [TestRecord] = [TestRecord(timestamp: 1_000, value: [1, 2, 3])]
    var attributes: Int16 = 0
    var producerID: Int64 = -1
    var producerEpoch: Int16 = -1
    var baseSequence: Int32 = -1
    var magic: UInt8 = 2
    var maxTimestamp: Int64?
    var headers = 0

    init(_ records: [TestRecord]) { self.records = records }

    init(count: Int = 1, size: Int = 100, timestamp: Int64 = 1_000, seed: UInt8 = 7) {
        records = (0..<count).map { place in
            TestRecord(
                timestamp: timestamp + Int64(place),
                value: (0..<size).map { seed &+ UInt8(truncatingIfNeeded: $0 &* 31 &+ place) })
        }
    }

    func producer(_ id: Int64, epoch: Int16 = 0, sequence: Int32) -> BatchBuilder {
        var copy = self
        copy.producerID = id
        copy.producerEpoch = epoch
        copy.baseSequence = sequence
        return copy
    }

    func build() -> [UInt8] {
        let first = records.first?.timestamp ?? 0
        var body: [UInt8] = []
        for (place, record) in records.enumerated() {
            var inner: [UInt8] = [0]
            inner.appendNumber(record.timestamp - first)
            inner.appendNumber(Int64(place))
            inner.appendNumber(-1)
            inner.appendNumber(Int64(record.value.count))
            inner += record.value
            inner.appendNumber(Int64(headers))
            for _ in 0..<headers {
                inner.appendNumber(1)
                inner.append(UInt8(ascii: "h"))
                inner.appendNumber(-1)
            }
            body.appendNumber(Int64(inner.count))
            body += inner
        }
        var checked: [UInt8] = []
        checked.appendBig(attributes)
        checked.appendBig(Int32(records.count - 1))
        checked.appendBig(first)
        checked.appendBig(maxTimestamp ?? (records.map(\.timestamp).max() ?? -1))
        checked.appendBig(producerID)
        checked.appendBig(producerEpoch)
        checked.appendBig(baseSequence)
        checked.appendBig(Int32(records.count))
        checked += body
        return Self.frame(checked, magic: magic)
    }

    static func frame(_ checked: [UInt8], magic: UInt8 = 2) -> [UInt8] {
        var batch: [UInt8] = []
        batch.appendBig(Int64(0))
        batch.appendBig(Int32(checked.count + 9))
        batch.appendBig(Int32(-1))
        batch.append(magic)
        batch.appendBig(checked.withUnsafeBytes { Checksum.crc32c($0) })
        return batch + checked
    }
}

extension [UInt8] {
    mutating func appendBig(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    /// A zigzag varint.
    mutating func appendNumber(_ value: Int64) {
        var rest = UInt64(bitPattern: value << 1 ^ value >> 63)
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    /// The checksum of a batch that a test has changed, made to fit again.
    mutating func fixChecksum() {
        let checksum = self[21...].withUnsafeBytes { Checksum.crc32c($0) }
        for place in 0..<4 { self[17 + place] = UInt8(truncatingIfNeeded: checksum >> UInt32(24 - 8 * place)) }
    }
}

extension PartitionLog {
    @discardableResult
    func append(_ bytes: [UInt8], now: Int64 = 5_000) throws -> Appended {
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(AppendRefusal) in try append(bytes, now: now) }
        }
        return try result.get()
    }

    func refusal(_ bytes: [UInt8], now: Int64 = 5_000) -> AppendRefusal? {
        do throws(AppendRefusal) {
            let result = bytes.withUnsafeBytes { bytes in
                Result { () throws(AppendRefusal) in try append(bytes, now: now) }
            }
            _ = try result.get()
            return nil
        } catch {
            return error
        }
    }

    func readBytes(_ offset: Int64, _ maximum: Int = 1 << 20, atLeastOne: Bool = true) throws -> [UInt8] {
        var buffer = ByteBuffer()
        let count = try read(from: offset, maximumBytes: maximum, atLeastOne: atLeastOne, into: &buffer)
        #expect(buffer.count == count)
        return buffer.array()
    }

    /// Everything from `offset` on, over all segments.
    func readAll(from offset: Int64? = nil, maximum: Int = 1 << 20) throws -> [UInt8] {
        var next = offset ?? startOffset
        var all: [UInt8] = []
        while next < shownOffset {
            let piece = try readBytes(next, maximum)
            guard let last = StoredBatch.all(in: piece).last else { break }
            all += piece
            next = last.lastOffset + 1
        }
        return all
    }

    /// Synchronises on this thread what a sync thread would.
    func synchronizeNow() throws {
        guard let work = takeSyncWork() else { return }
        for file in work.files { try file.synchronize() }
        markDurable(upTo: work.upTo)
    }
}

/// A batch as it came out of a log.
struct StoredBatch: Equatable {
    var baseOffset: Int64
    var lastOffset: Int64
    var maxTimestamp: Int64
    var bytes: [UInt8]

    /// Splits bytes into batches, each of which must be whole and follow the one before.
    static func all(in bytes: [UInt8]) -> [StoredBatch] {
        var batches: [StoredBatch] = []
        var position = 0
        while position < bytes.count {
            let batch: StoredBatch? = bytes[position...].withUnsafeBytes { rest in
                guard rest.count >= RecordBatch.headerBytes else { return nil }
                let size = RecordBatch(unchecked: rest).totalBytes
                guard size <= rest.count else { return nil }
                let whole = RecordBatch(unchecked: UnsafeRawBufferPointer(rebasing: rest[..<size]))
                guard whole.isStored(at: batches.last.map { $0.lastOffset + 1 } ?? whole.baseOffset) else { return nil }
                return StoredBatch(
                    baseOffset: whole.baseOffset, lastOffset: whole.lastOffset, maxTimestamp: whole.maxTimestamp,
                    bytes: Array(whole.bytes))
            }
            guard let batch else {
                Issue.record("bytes at \(position) are no batch that follows")
                break
            }
            batches.append(batch)
            position += batch.bytes.count
        }
        return batches
    }
}

/// A disk of limited size that can be made to fail, over real files.
final class FaultyFiles: FileCalls {
    struct State {
        /// Bytes that can still be allocated or written beyond what is allocated.
        var room = Int.max
        var shortWrites = false
        var synchronizeFailure: Int32 = 0
        var truncateFailure: Int32 = 0
        var writeFailure: Int32 = 0
        var synchronizations = 0
    }

    private let system = SystemFiles()
    let state = Mutex(State())

    func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, at position: Int) -> Int {
        let (failure, short) = state.withLock { ($0.writeFailure, $0.shortWrites) }
        if failure != 0, short, bytes.count > 1 {
            state.withLock { $0.shortWrites = false }
            return system.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count / 2)]), at: position)
        }
        return failure != 0 ? -Int(failure) : system.write(descriptor, bytes, at: position)
    }

    func read(_ descriptor: Int32, _ bytes: UnsafeMutableRawBufferPointer, at position: Int) -> Int {
        system.read(descriptor, bytes, at: position)
    }

    func allocate(_ descriptor: Int32, from position: Int, count: Int) -> Int32 {
        let granted = state.withLock { state in
            guard count <= state.room else { return false }
            state.room -= count
            return true
        }
        return granted ? system.allocate(descriptor, from: position, count: count) : -ENOSPC
    }

    func truncate(_ descriptor: Int32, to length: Int) -> Int32 {
        let failure = state.withLock { $0.truncateFailure }
        return failure != 0 ? -failure : system.truncate(descriptor, to: length)
    }

    func synchronizeData(_ descriptor: Int32) -> Int32 {
        let failure = state.withLock { state in
            state.synchronizations += 1
            return state.synchronizeFailure
        }
        return failure != 0 ? -failure : system.synchronizeData(descriptor)
    }

    func synchronizeFolder(_ descriptor: Int32) -> Int32 { system.synchronizeFolder(descriptor) }
}
