import Messaging
import Network
import Records
import TradingCore

/// Where the time goes: the mean milliseconds between a request's arrivals in one topic and the next, by the broker's stamps.
///
/// Stamps are whole milliseconds, so only means say something. What is left of the mean latency is the last hop's.
final class Hops: LogReceiver {
    static let topics: [Topic] = [.orders, .ledger, .matching, .executions]
    private static let patienceNanoseconds: UInt64 = 30_000_000_000

    /// Which request a record belongs to, and when its client sent it, where the record says so.
    struct Sighting {
        var request: UInt64
        var sentAt: Int64?
    }

    /// Tells what a record of a topic belongs to; nil for one that is no first arrival of a request.
    typealias Identify = (_ topic: Topic, _ header: EnvelopeHeader, _ payload: RawSpan) -> Sighting?

    private let identify: Identify
    private var remaining: [Topic: Int64]
    /// By request: when it was sent, and its stamps in `topics`; 0 where it was not seen.
    private var stamps: [UInt64: [Int64]] = [:]

    /// Reads what was appended behind `starts` and averages.
    ///
    /// - Parameters:
    ///   - mean: the mean latency of the same requests, milliseconds.
    ///   - since: wall-clock milliseconds; requests that were sent earlier do not count.
    /// - Returns: by hop the mean milliseconds.
    static func measure(
        _ settings: KafkaSettings, _ catalogue: TopicCatalogue, from starts: [Topic: Int64], since: Int64, mean: Double,
        identify: @escaping Identify
    ) throws -> [Hop] {
        let ends = try KafkaAdmin(settings).ends(of: catalogue)
        let log = try KafkaLog(settings, catalogue: catalogue)
        let hops = Hops(ends.filter { topics.contains($0.key) && $0.value > starts[$0.key] ?? 0 }, identify)
        for topic in topics { log.start(TopicPartition(topic, 0), at: starts[topic] ?? 0) }
        let deadline = MonotonicClock.nanoseconds() + patienceNanoseconds
        while !hops.remaining.isEmpty {
            guard MonotonicClock.nanoseconds() < deadline else { throw UsageError(text: "the topics cannot be read") }
            log.wake.drain()
            while log.poll(hops, limit: 64) {}
            log.wake.wait(milliseconds: 50)
        }
        return hops.averages(since: since, mean: mean)
    }

    private init(_ ends: [Topic: Int64], _ identify: @escaping Identify) {
        remaining = ends
        self.identify = identify
    }

    private func averages(since: Int64, mean: Double) -> [Hop] {
        var sums = [Int64](repeating: 0, count: Hops.topics.count)
        var count: Int64 = 0
        for row in stamps.values where row[0] >= since && !row.contains(0) {
            count += 1
            for index in sums.indices { sums[index] += row[index + 1] - row[index] }
        }
        guard count > 0 else { return [] }
        let names = ["client"] + Hops.topics.map(\.name)
        var hops = sums.enumerated().map { index, sum in
            Hop(hop: "\(names[index]) → \(names[index + 1])", mean_ms: Double(sum) / Double(count))
        }
        hops.append(Hop(hop: "\(names[names.count - 1]) → client", mean_ms: mean - hops.reduce(0) { $0 + $1.mean_ms }))
        return hops
    }

    func received(_ source: TopicPartition, offset: Int64, stamp: Int64, frame bytes: RawSpan) {
        if let column = Hops.topics.firstIndex(of: source.topic) {
            var reader = FrameReader()
            while let item = reader.next(in: bytes) {
                guard case .record(let record) = item,
                    let sighting = identify(source.topic, record.header, bytes.extracting(record.payload))
                else { continue }
                enter(sighting, column + 1, stamp)
            }
        }
        if let end = remaining[source.topic], offset + 1 >= end { remaining[source.topic] = nil }
    }

    private func enter(_ sighting: Sighting, _ column: Int, _ stamp: Int64) {
        var row = stamps[sighting.request] ?? Array(repeating: 0, count: Hops.topics.count + 1)
        if let sent = sighting.sentAt { row[0] = sent }
        if row[column] == 0 { row[column] = stamp }
        stamps[sighting.request] = row
    }

    func acknowledged(_ token: UInt64, offset: Int64) {}
    func refused(_ token: UInt64, _ refusal: LogRefusal) {}
    func interrupted(_ source: TopicPartition, _ reason: LogInterruption) { preconditionFailure("\(reason)") }
    func inspected(_ token: UInt64, _ outcome: Result<LogInspection, LogUnavailable>) {}
    func disturbed(_ reason: String) {}
}

/// One hop and the mean time that requests spent on it.
struct Hop: Codable {
    var hop: String
    var mean_ms: Double
}

extension Hops {
    /// What records of a venue belong to: their origin's number in `orders`.
    static func ofVenue(_ topic: Topic, _ header: EnvelopeHeader, _ payload: RawSpan) -> Sighting? {
        switch topic {
        case .orders:
            guard header.writer.kind == .gateway else { return nil }
            return sent(header, payload).map { Sighting(request: header.number, sentAt: $0.rawValue) }
        case .ledger:
            guard header.writer.kind == .orderService else { return nil }
            return Sighting(request: header.origin.number)
        default:
            guard header.origin != .none else { return nil }
            return Sighting(request: header.origin.number)
        }
    }

    private static func sent(_ header: EnvelopeHeader, _ payload: RawSpan) -> Timestamp? {
        do throws(RecordError) {
            switch try OrdersRecord(type: header.type, payload: payload) {
            case .placeOrder(let place): return place.timestamp
            case .cancelOrder(let cancel): return cancel.timestamp
            default: return nil
            }
        } catch {
            return nil
        }
    }
}
