import Messaging
import Records
import TradingCore

/// What a client hears of a request.
enum Answer {
    case execution(Execution)
    case event(AccountEvent)
    /// -1007.
    case unknown
    /// -1008.
    case shed
}

/// One gateway process: it writes requests, follows answers and keeps a view of balances.
final class SimulatedGateway: GatewayWriterDelegate {
    /// An input of the ledger by its writer and number, seen as the cause of an account event.
    struct Named: Hashable {
        var partition: Int
        var writer: Writer
        var number: UInt64
    }

    /// A record that the ledger handed to an engine, seen in an account event.
    struct Forwarded: Hashable {
        var partition: Int
        var market: Int
        var number: UInt64
    }

    let slot: Int
    let cluster: InMemoryCluster
    private(set) var session: GatewaySession<InMemoryLog>!
    private(set) var view: ReadView
    private(set) var named: Set<Named> = []
    private(set) var forwarded: Set<Forwarded> = []
    private(set) var hasEnded = false
    /// Gets the answer of each request, by its token.
    var answered: (UInt64, Answer) -> Void = { _, _ in }

    init(slot: Int, cluster: InMemoryCluster, slots: InMemorySlots, venue: VenueShape) throws {
        self.slot = slot
        self.cluster = cluster
        view = ReadView(ledgerPartitions: venue.accountPartitions, marketPartitions: venue.marketPartitions)
        var configuration = GatewayWriterConfiguration(slot: slot)
        configuration.frameMicroseconds = 2_000
        session = GatewaySession(
            log: try InMemoryLog(cluster), writer: configuration, registry: slots.registry(),
            wallClock: { cluster.now }, following: venue.followed.map { FollowerPosition(beginningOf: $0) }
        ) { [unowned self] context, payload throws(RecordFailure) in
            do throws(RecordError) { try take(context, payload) } catch { throw .unreadable("\(error)") }
        }
        session.writer.delegate = self
    }

    func turn(now: Int64, frames: Int) { session.turn(now: now * 1_000, frames: frames) }

    private func take(_ context: TopicFollower<InMemoryLog>.Context, _ payload: RawSpan) throws(RecordError) {
        let partition = Int(context.source.partition)
        switch context.source.topic {
        case .executions:
            switch try ExecutionsRecord(type: context.header.type, payload: payload) {
            case .execution(let execution):
                view.sawExecutions(
                    partition: partition, applied: execution.ledgerApplied, written: execution.ledgerWritten)
                answer(context.header.origin, .execution(execution))
            case .tick(let tick):
                view.sawExecutions(partition: partition, applied: tick.ledgerApplied, written: tick.ledgerWritten)
            }
        case .accountEvents:
            guard case .event(let event) = try AccountEventsRecord(type: context.header.type, payload: payload) else {
                return
            }
            saw(event, context.header, partition)
            // What was handed to the engine is answered from `executions`.
            if event.forwards.isEmpty { answer(context.header.origin, .event(event)) }
        default: break
        }
    }

    private func saw(_ event: AccountEvent, _ header: EnvelopeHeader, _ partition: Int) {
        named.insert(Named(partition: partition, writer: header.causeWriter, number: header.causeNumber))
        var forwards: [ReadView.Forward] = []
        for forward in event.forwards {
            let market = Int(forward.matchingPartition)
            forwarded.insert(Forwarded(partition: partition, market: market, number: forward.number))
            forwards.append(ReadView.Forward(matchingPartition: market, number: forward.number))
        }
        view.sawAccountEvent(
            partition: partition, causeWriter: header.causeWriter, causeNumber: header.causeNumber, forwards: forwards)
    }

    private func answer(_ origin: Origin, _ answer: Answer) {
        guard let token = session.writer.answered(origin) else { return }
        answered(token, answer)
    }

    // MARK: GatewayWriterDelegate

    func unanswered(_ tokens: [UInt64], reason: String) {
        for token in tokens { answered(token, .unknown) }
    }

    func written(_ token: UInt64) {}

    func slotTaken(epoch: UInt64) { hasEnded = true }
}
