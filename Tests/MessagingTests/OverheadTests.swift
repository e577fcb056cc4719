import Foundation
import Messaging
import Records
import Testing
import TradingCore

/// Does nothing but answer, so that what is measured is the runtime.
private final class EchoMachine: StateMachine {
    static let newestLogicVersion: UInt32 = 1
    var logicVersion: UInt32 { 1 }
    var nextTimer: Timestamp? { nil }
    func fireTimers(at clock: Timestamp, into outputs: Outputs) {}
    func refuseUnreadable(context: RecordContext, into outputs: Outputs) {}
    func encodeState(into writer: inout StateWriter) {}

    func apply(
        type: UInt32, payload: RawSpan, context: RecordContext, into outputs: Outputs
    ) throws(RecordFailure) {
        outputs.emit(1, to: TopicPartition(.matching, UInt16(0))) { $0.append(payload) }
    }
}

/// The runtime's own cost a record. Skipped unless MEASURE_RUNTIME is set.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["MEASURE_RUNTIME"] != nil, "MEASURE_RUNTIME is not set"))
struct OverheadTests {
    @Test func `The runtime's cost a record is printed`() throws {
        let cluster = InMemoryCluster()
        let host = ProcessorHost<EchoMachine, InMemoryLog>(log: try InMemoryLog(cluster))
        var configuration = ProcessorConfiguration(kind: .ledgerService, inbox: Bench.inbox)
        configuration.tickMilliseconds = 0
        let processor = host.add(configuration, sink: InMemoryCheckpoints()) { _ in EchoMachine() }
        var gateway = TestWriter()
        let payload = [UInt8](repeating: 7, count: 100)
        let (frames, records) = (2_000, 200)
        for _ in 0..<frames {
            cluster.append(gateway.frame { (0..<records).map { _ in (UInt32(1), payload) } }, to: Bench.inbox)
        }
        var nanoseconds: [UInt64] = []
        processor.observeFrame = { time, count in nanoseconds.append(time / UInt64(count)) }
        var now: Int64 = 0
        while processor.metrics.position < Int64(frames) {
            now += 1
            host.turn(now: now)
        }
        nanoseconds.sort()
        print("runtime: \(nanoseconds[nanoseconds.count / 2]) ns a record of 100 bytes in and out, median of frames")
    }
}
