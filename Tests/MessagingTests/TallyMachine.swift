import Messaging
import Records
import TradingCore

/// A small state machine for the runtime's tests: adds numbers up and tells every sum to the partitions of `matching` in turn.
final class TallyMachine: StateMachine {
    /// The records of its inbox.
    enum Kind {
        /// Payload: amount.
        static let add: UInt32 = 1
        /// Payload: amount, deadline.
        static let addBefore: UInt32 = 2
        /// Payload: time of an alarm.
        static let alarm: UInt32 = 3
        /// Payload: any. It cannot be kept.
        static let poison: UInt32 = 6
        /// Payload: any. It cannot be.
        static let broken: UInt32 = 7
        /// Payload: value; of an unnumbered fact, of which an older (smaller) one changes nothing.
        static let price: UInt32 = 15
        static let raise: UInt32 = 14
        static let tick: UInt32 = 16
    }

    /// The records that it writes.
    enum Effect {
        static let sum: UInt32 = 1
        static let refused: UInt32 = 2
        static let alarm: UInt32 = 3
        static let unreadable: UInt32 = 4
    }

    static let newestLogicVersion: UInt32 = 2

    private(set) var logicVersion: UInt32 = 1
    private(set) var total: Int64 = 0
    private(set) var count: Int64 = 0
    private(set) var price: Int64 = 0
    private(set) var clock: Int64 = 0
    private var alarms: [Int64] = []
    /// Added to what it tells, so that a replica can be made to diverge.
    var error: Int64 = 0

    private let partitions: Int64

    init(_ state: [UInt8]?, partitions: Int64 = 2) throws(StateError) {
        self.partitions = partitions
        guard let state else { return }
        var reader = StateReader(state)
        logicVersion = try reader.read()
        total = try reader.read()
        count = try reader.read()
        price = try reader.read()
        clock = try reader.read()
        for _ in 0..<(try reader.readCount(elementSize: 8)) { alarms.append(try reader.read()) }
    }

    func encodeState(into writer: inout StateWriter) {
        writer.write(logicVersion)
        writer.write(total)
        writer.write(count)
        writer.write(price)
        writer.write(clock)
        writer.write(UInt64(alarms.count))
        for alarm in alarms { writer.write(alarm) }
    }

    var nextTimer: Timestamp? { alarms.min().map { Timestamp($0) } }

    func fireTimers(at clock: Timestamp, into outputs: Outputs) throws(RecordFailure) {
        for alarm in alarms.sorted() where alarm <= clock.rawValue {
            emit(Effect.alarm, alarm, outputs, isUrgent: false)
        }
        alarms.removeAll { $0 <= clock.rawValue }
    }

    func apply(
        type: UInt32, payload: RawSpan, context: RecordContext, into outputs: Outputs
    ) throws(RecordFailure) {
        let words = TallyMachine.words(payload)
        clock = context.clock.rawValue
        switch (type, words.count) {
        case (Kind.add, 1): add(words[0], outputs)
        case (Kind.addBefore, 2):
            if context.hasPassed(Timestamp(words[1])) {
                emit(Effect.refused, words[0], outputs)
            } else {
                add(words[0], outputs)
            }
        case (Kind.alarm, 1): alarms.append(words[0])
        case (Kind.poison, _): throw .poison("this cannot be kept")
        case (Kind.broken, _): throw .broken("this cannot be")
        case (Kind.price, 1): price = max(price, words[0])
        case (Kind.raise, _):
            do throws(RecordError) {
                let record = try RaiseLogicVersion(decoding: payload)
                logicVersion = max(logicVersion, record.version)
            } catch {
                throw .unreadable("\(error)")
            }
        case (Kind.tick, 0): break
        default: throw .unreadable("type \(type) with \(words.count) words")
        }
    }

    func refuseUnreadable(context: RecordContext, into outputs: Outputs) {
        emit(Effect.unreadable, Int64(context.number), outputs)
    }

    private func add(_ amount: Int64, _ outputs: Outputs) {
        total += amount
        count += 1
        emit(Effect.sum, total + error, outputs)
    }

    private func emit(_ type: UInt32, _ value: Int64, _ outputs: Outputs, isUrgent: Bool = true) {
        let destination = TopicPartition(.matching, UInt16(count % partitions))
        let bytes = TallyMachine.bytes([value])
        outputs.emit(type, to: destination, isUrgent: isUrgent) { $0.append(bytes.span.bytes) }
    }

    static func bytes(_ words: [Int64]) -> [UInt8] {
        words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
    }

    static func words(_ payload: RawSpan) -> [Int64] {
        payload.withUnsafeBytes { bytes in
            guard bytes.count % 8 == 0 else { return [] }
            return stride(from: 0, to: bytes.count, by: 8).map {
                Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: Int64.self))
            }
        }
    }
}

/// Writes frames as a gateway or a processor does, for tests to put into a log.
struct TestWriter {
    var writer: Writer
    var epoch: UInt64 = 0
    var number: UInt64 = 0
    var hash: UInt64 = 0
    var trace: TraceContext?

    init(_ kind: WriterKind = .gateway, _ index: Int = 0, epoch: UInt64 = 1) {
        writer = Writer(kind, index)
        self.epoch = kind == .gateway ? epoch : 0
    }

    /// The next record, in a frame of its own.
    mutating func frame(_ type: UInt32, _ words: [Int64]) -> [UInt8] {
        frame(type, bytes: TallyMachine.bytes(words))
    }

    mutating func frame(_ type: UInt32, bytes: [UInt8]) -> [UInt8] {
        frame { [(type, bytes)] }
    }

    /// The next records, in one frame.
    mutating func frame(_ records: () -> [(UInt32, [UInt8])]) -> [UInt8] {
        var frame = FrameWriter()
        for (type, payload) in records() {
            number += 1
            hash = XXH64.hash(payload, seed: hash)
            let header = EnvelopeHeader(
                type: type, writer: writer, number: number, hash: hash, epoch: epoch, schemaVersion: 1,
                traceContext: trace)
            precondition(frame.append(header, payload: payload.span.bytes), "a test's frame is small")
        }
        return frame.array
    }

    /// A fact without a number.
    func fact(_ type: UInt32, _ words: [Int64]) -> [UInt8] {
        var frame = FrameWriter()
        let header = EnvelopeHeader(type: type, writer: writer, schemaVersion: 1)
        precondition(frame.append(header, payload: TallyMachine.bytes(words).span.bytes), "a test's frame is small")
        return frame.array
    }
}
