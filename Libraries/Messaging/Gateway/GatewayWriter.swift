import Records
import TradingCore

/// How a gateway writes. Times are microseconds.
public struct GatewayWriterConfiguration: Sendable, Equatable {
    /// The gateway's instance number; no two that run at once have the same.
    public var slot: Int
    /// The least time between two frames of a partition; 0 turns it off.
    public var frameMicroseconds: Int64 = 2_000
    /// The most requests that wait for an answer.
    public var maximumOpenRequests = 10_000
    /// A request unanswered or a keyed fact not written for so long ends the epoch: a number may have become a hole.
    public var answerMicroseconds: Int64 = 10_000_000
    /// The broker counts as away when a frame was not acknowledged for so long.
    public var awayMicroseconds: Int64 = 1_000_000
    /// How often the slot's epoch is looked at, and how soon a claim that failed is tried again.
    public var lookMicroseconds: Int64 = 3_000_000
    public var retryMicroseconds: Int64 = 250_000

    public init(slot: Int) { self.slot = slot }
}

/// Why a gateway takes a request no further: it answers -1008 and the client sends it again.
public enum Shedding: Sendable, Equatable {
    /// No epoch yet, or a new one is being claimed. Connections close after the answer, so that what was accepted on one is
    /// a prefix of what was sent.
    case noEpoch
    /// The broker is away; connections close likewise.
    case brokerAway
    /// Too many requests are open.
    case tooManyOpen
    /// Larger than a frame.
    case tooLarge
    /// Another process has the slot; this one ends.
    case ended

    /// Whether the gateway closes its connections (1013) after the answer (rule 3).
    public var closesConnections: Bool {
        switch self {
        case .noEpoch, .brokerAway, .ended: true
        case .tooManyOpen, .tooLarge: false
        }
    }
}

/// What a writer tells its gateway.
public protocol GatewayWriterDelegate: AnyObject {
    /// The fate of these requests and keyed facts is unknown: answer -1007, then close the connections (1013).
    func unanswered(_ tokens: [UInt64], reason: String)

    /// A keyed fact is in the log.
    func written(_ token: UInt64)

    /// A higher epoch of the slot exists: another process has it. `unanswered` came before; the gateway ends.
    func slotTaken(epoch: UInt64)
}

/// Turns a gateway's requests into numbered records under its slot and epoch, and answers back into requests.
/// Confined to one thread.
public final class GatewayWriter<Destination: Log> {
    public enum State: Sendable, Equatable {
        case claiming
        case open(epoch: UInt64)
        case ended(epoch: UInt64)
    }

    final class Channel {
        let lane: Lane
        var requests = OpenRequests()
        /// Keyed facts in flight or waiting, one a frame, and since when.
        var facts: [(token: UInt64, since: Int64)] = []
        var lastFrame: Int64
        var submittedAt: Int64 = 0

        init(_ destination: TopicPartition, lastFrame: Int64) {
            lane = Lane(destination)
            self.lastFrame = lastFrame
        }
    }

    public let configuration: GatewayWriterConfiguration
    public internal(set) var state = State.claiming
    public weak var delegate: (any GatewayWriterDelegate)?
    /// Whether frames wait too long for their acknowledgement; requests are shed meanwhile.
    public internal(set) var isBrokerAway = false
    /// Requests that wait for their answers.
    public internal(set) var openRequests = 0
    public internal(set) var epochChanges = 0
    public internal(set) var recordsOut: UInt64 = 0
    public internal(set) var framesOut: UInt64 = 0

    let log: Destination
    let registry: any SlotRegistry
    let owner: UInt16
    let wallClock: () -> Int64
    var channels: [Channel] = []
    var incarnation: UInt16 = 0
    var now: Int64 = 0
    var nextLook: Int64 = 0
    var isAsking = false
    /// The last epoch that was claimed; nil before the first.
    var lastEpoch: UInt64?
    var claimAt: Int64 = 0
    var probeAt: Int64 = 0
    private var scratch = RecordWriter(capacity: 4_096)

    /// - Parameters:
    ///   - owner: comes back in the log's tokens; the session's number for this writer.
    ///   - wallClock: milliseconds since 1970, the least value of a new epoch.
    public init(
        _ configuration: GatewayWriterConfiguration, log: Destination, registry: any SlotRegistry, owner: UInt16 = 0,
        wallClock: @escaping () -> Int64
    ) {
        self.configuration = configuration
        self.log = log
        self.registry = registry
        self.owner = owner
        self.wallClock = wallClock
    }

    public var writer: Writer { Writer(.gateway, configuration.slot) }

    /// The epoch in force; nil while there is none.
    public var epoch: UInt64? {
        if case .open(let epoch) = state { return epoch }
        return nil
    }

    /// Appends a request. It goes out with the next `turn`; its answer is found by `answered`.
    ///
    /// - Returns: its origin, or why it was not taken. Nothing of it is written then.
    public func submit<Record: RecordUnion>(
        _ record: Record, to destination: TopicPartition, token: UInt64, trace: TraceContext? = nil
    ) -> Result<Origin, SheddingError> {
        let epoch: UInt64
        switch admit() {
        case .success(let open): epoch = open
        case .failure(let shedding): return .failure(shedding)
        }
        let channel = channel(to: destination)
        guard append(record, epoch, trace, channel) else { return .failure(SheddingError(.tooLarge)) }
        channel.requests.append(token: token, since: now)
        openRequests += 1
        return .success(
            Origin(writer: writer, epoch: epoch, number: channel.lane.written.number, log: destination.rawValue))
    }

    /// Appends a fact under a key (a definition for `reference-data`); `written` tells when it is in the log, `unanswered`
    /// when its epoch ends before.
    public func publish<Record: RecordUnion>(
        _ record: Record, key: [UInt8], to destination: TopicPartition, token: UInt64
    ) -> Shedding? {
        if case .failure(let shedding) = admit() { return shedding.reason }
        let channel = channel(to: destination)
        scratch.clear()
        record.encodePayload(into: &scratch)
        let header = EnvelopeHeader(type: record.type, writer: writer, schemaVersion: Outputs.schemaVersion)
        guard scratch.withBytes({ channel.lane.appendFact(header, $0, key: key) }) else { return .tooLarge }
        channel.facts.append((token, now))
        return nil
    }

    private func admit() -> Result<UInt64, SheddingError> {
        switch state {
        case .claiming: return .failure(SheddingError(.noEpoch))
        case .ended: return .failure(SheddingError(.ended))
        case .open(let epoch):
            if isBrokerAway { return .failure(SheddingError(.brokerAway)) }
            if openRequests >= configuration.maximumOpenRequests { return .failure(SheddingError(.tooManyOpen)) }
            return .success(epoch)
        }
    }

    private func append<Record: RecordUnion>(
        _ record: Record, _ epoch: UInt64, _ trace: TraceContext?, _ channel: Channel
    ) -> Bool {
        scratch.clear()
        record.encodePayload(into: &scratch)
        let header = EnvelopeHeader(
            type: record.type, writer: writer, epoch: epoch, schemaVersion: Outputs.schemaVersion, traceContext: trace)
        guard scratch.withBytes({ channel.lane.append(header, $0) }) else { return false }
        recordsOut += 1
        return true
    }

    private func channel(to destination: TopicPartition) -> Channel {
        for channel in channels where channel.lane.destination == destination { return channel }
        let channel = Channel(destination, lastFrame: now - configuration.frameMicroseconds)
        channels.append(channel)
        return channel
    }

    /// The request that an origin names, which stays open; nil when it is not one of this epoch that is open.
    public func request(of origin: Origin) -> UInt64? {
        guard isOwn(origin), case .open = state else { return nil }
        for channel in channels where channel.lane.destination.rawValue == origin.log {
            return channel.requests.token(of: origin.number)
        }
        return nil
    }

    /// The request that an answer's origin names; nil when it is not one of this epoch that is open.
    public func answered(_ origin: Origin) -> UInt64? {
        guard origin.writer == writer, case .open(let epoch) = state, origin.epoch == epoch else { return nil }
        for channel in channels where channel.lane.destination.rawValue == origin.log {
            guard let token = channel.requests.answer(origin.number) else { return nil }
            openRequests -= 1
            return token
        }
        return nil
    }

    /// Whether an origin is a request of this gateway's epoch.
    public func isOwn(_ origin: Origin) -> Bool { origin.writer == writer && origin.epoch == epoch }
}

/// `Shedding` as an error.
public struct SheddingError: Error, Sendable, Equatable {
    public var reason: Shedding

    public init(_ reason: Shedding) { self.reason = reason }
}
