import GatewayCore
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

/// One gateway process: it writes requests, follows answers and keeps the views that queries are answered from.
final class SimulatedGateway: GatewayWriterDelegate {
    /// A record that the ledger handed to an engine, seen in an account event.
    struct Forwarded: Hashable {
        var partition: Int
        var market: Int
        var number: UInt64
    }

    /// An input of a ledger partition, seen as the cause of an account event.
    struct Named: Hashable {
        var partition: Int
        var input: Input
    }

    let slot: Int
    let cluster: InMemoryCluster
    private(set) var session: GatewaySession<InMemoryLog>!
    private(set) var view: ReadView
    private(set) var balances = BalancesView()
    private(set) var orders = OrdersView()
    private(set) var markets: [InstrumentID: MarketView] = [:]
    private(set) var named: Set<Named> = []
    private(set) var forwarded: Set<Forwarded> = []
    private(set) var hasEnded = false
    /// How many executions of each market were already found in the views of each account partition.
    var verified: [[Int]]
    private var operatorOrigins: Set<Origin> = []
    private var orderEvents: [OrderEvent] = []
    /// Gets the answer of each request, by its token.
    var answered: (UInt64, Answer) -> Void = { _, _ in }

    init(slot: Int, cluster: InMemoryCluster, slots: InMemorySlots, venue: VenueShape) throws {
        self.slot = slot
        self.cluster = cluster
        view = ReadView(ledgerPartitions: venue.accountPartitions, marketPartitions: venue.marketPartitions)
        verified = Array(repeating: Array(repeating: 0, count: venue.marketPartitions), count: venue.accountPartitions)
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

    /// Readers begin anew.
    func forgetVerified() {
        for partition in verified.indices {
            for market in verified[partition].indices { verified[partition][market] = 0 }
        }
    }

    func turn(now: Int64, frames: Int) { session.turn(now: now * 1_000, frames: frames) }

    /// - Returns: the record's origin; nil when it was shed.
    func submit(_ record: SentRecord, to destination: TopicPartition, token: UInt64, isOperator: Bool) -> Origin? {
        let outcome =
            switch record {
            case .orders(let record): session.writer.submit(record, to: destination, token: token)
            case .matching(let record): session.writer.submit(record, to: destination, token: token)
            case .unreadable: session.writer.submit(UnreadableRecord(), to: destination, token: token)
            }
        guard case .success(let origin) = outcome else { return nil }
        if isOperator { operatorOrigins.insert(origin) }
        return origin
    }

    // MARK: Following

    private func take(_ context: FollowedRecord, _ payload: RawSpan) throws(RecordError) {
        let type = context.header.type
        switch context.source.topic {
        case .executions: take(try ExecutionsRecord(type: type, payload: payload), context)
        case .accountEvents:
            guard case .event(let event) = try AccountEventsRecord(type: type, payload: payload) else { return }
            take(event, context)
        case .marketData:
            switch try MarketDataRecord(type: type, payload: payload) {
            case .update(let update): market(update.instrument).apply(update)
            case .statistics(let statistics): market(statistics.instrument).apply(statistics)
            case .snapshot(let snapshot): market(snapshot.instrument).apply(snapshot)
            }
        default: break
        }
    }

    private func market(_ instrument: InstrumentID) -> MarketView {
        if let view = markets[instrument] { return view }
        let view = MarketView(instrument: instrument)
        markets[instrument] = view
        return view
    }

    private func take(_ record: ExecutionsRecord, _ context: FollowedRecord) {
        let partition = Int(context.source.partition)
        switch record {
        case .execution(let execution):
            orderEvents.removeAll(keepingCapacity: true)
            orders.apply(
                execution, at: RecordPosition(partition: partition, offset: context.offset),
                time: Timestamp(context.stamp), to: &orderEvents)
            view.sawExecutions(
                partition: partition, applied: execution.ledgerApplied, written: execution.ledgerWritten)
            // What a definition cancels comes on the way to its report.
            let origin = context.header.origin
            if execution.report != nil || !operatorOrigins.contains(origin) { answer(origin, .execution(execution)) }
        case .tick(let tick):
            view.sawExecutions(partition: partition, applied: tick.ledgerApplied, written: tick.ledgerWritten)
        }
    }

    private func take(_ event: AccountEvent, _ context: FollowedRecord) {
        let partition = Int(context.source.partition)
        for balance in event.balances { balances.set(balance, at: Timestamp(context.stamp)) }
        let cause = context.header.causeWriter
        let input = Input(writer: cause, epoch: 0, number: context.header.causeNumber)
        named.insert(Named(partition: partition, input: input))
        var forwards: [ReadView.Forward] = []
        for forward in event.forwards {
            let market = Int(forward.matchingPartition)
            forwarded.insert(Forwarded(partition: partition, market: market, number: forward.number))
            forwards.append(ReadView.Forward(matchingPartition: market, number: forward.number))
        }
        view.sawAccountEvent(
            partition: partition, causeWriter: cause, causeNumber: context.header.causeNumber, forwards: forwards)
        if event.isAnswer { answer(context.header.origin, .event(event)) }
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
