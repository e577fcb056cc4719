import LedgerServiceBooks
import MarketDataBroadcasterMachine
import MatchingEngineMachine
import Messaging
import OrderServiceMachine
import Records
import TradingCore

/// What went wrong in a history: a rule of the exchange that did not hold.
struct Violation: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}

/// One random history of the whole venue: gateways, four services on two partitions each, one or two replicas, clients
/// and operators that send again, and every fault at any step.
final class History {
    /// How a history ended.
    enum Ending: Equatable {
        case completed
        /// The log was not what it had been, and its readers and writers found it: nobody went on with a wrong state.
        case stoppedByLoss
        /// Two replicas wrote different records, and a reader found it.
        case stoppedByDivergence
    }

    static let steps = 160
    /// Clients' clocks, in milliseconds since 1970, are the monotonic one plus this: about the log's.
    static let wallClockOffset: Int64 = 1_699_999_000_000

    let seed: UInt64
    var random: Randomness
    let cluster = InMemoryCluster(automatic: false)
    let slots = InMemorySlots()
    let venue = VenueShape()
    var logs: Logs
    var events = EventCounts()

    // Processes.
    var gateways: [SimulatedGateway] = []
    var replicas: [any SimulatedReplica] = []
    /// By index of `replicas`: turned again at this step.
    var pausedUntil: [Int] = []
    /// Those that must stop because of what was done to them, and may be stopped from then on.
    var condemned: Set<Int> = []
    /// Those of them that must because of their checkpoint; a crash saves the others.
    var condemnedForGood: Set<Int> = []
    /// Gateways whose followers must stop, as long as they live.
    var condemnedGateways: Set<ObjectIdentifier> = []
    var gatewayPausedUntil: [ObjectIdentifier: Int] = [:]

    // Time and chance.
    var now: Int64 = 1_000_000
    /// The newest stamp of what the broker lost. The log's clock goes back no further: a tick with the stamp of a lost one
    /// would be the same record.
    var newestLost: Int64 = 0
    var step = 0
    /// The chance of faults in this history, in hundredths of the usual one.
    let faults: Int
    /// The chance that a submission finds its fate in a step, in thousandths.
    let pace: Int
    var incident: Incident
    var incidentHappened = false
    /// A record of a processor that is refused a second time would stop it, as it must: who has had one.
    var refused: Set<RefusedLane> = []

    // Clients and operators.
    var operations: [Operation] = []
    /// The operation and the attempt of each token; operators' tokens are not among them.
    var tokens: [UInt64: (operation: Int, attempt: Int)] = [:]
    var owners: [UInt64: ObjectIdentifier] = [:]
    var nextToken: UInt64 = 1
    var beginningTokens: Set<UInt64> = []
    var venueOperator: VenueOperator
    /// Withdrawals that clients were told are held.
    var heldWithdrawals: [(account: Int, id: WithdrawalID)] = []
    /// Queries that found no order: account, client id, the query's timestamp.
    var notFound: [(account: Int, target: ASCIIText, timestamp: Int64)] = []
    var reads: [Read] = []
    var settled: SettledNumbers
    var violation: Violation?

    struct RefusedLane: Hashable {
        var client: UInt64
        var destination: TopicPartition
    }

    init(seed: UInt64) throws {
        self.seed = seed
        random = Randomness(seed: seed)
        logs = Logs(venue)
        settled = SettledNumbers(venue)
        venueOperator = VenueOperator(venue)
        faults = [0, 50, 100, 100, 200][random.below(5)]
        pace = [150, 350, 650][random.below(3)]
        incident = Incident.random(&random)
        for partition in 0..<2 {
            try addReplicas(Replica<OrderMachine>.self, partition)
            try addReplicas(Replica<LedgerMachine>.self, partition)
            try addReplicas(Replica<MatchingMachine>.self, partition)
            try addReplicas(Replica<BroadcasterMachine>.self, partition)
        }
        pausedUntil = Array(repeating: 0, count: replicas.count)
        for slot in 0..<2 { gateways.append(try makeGateway(slot: slot)) }
    }

    private func addReplicas<Machine: ServiceMachine>(_ type: Replica<Machine>.Type, _ partition: Int) throws {
        let isFaulty = incident == .divergence(Machine.kind, partition)
        for number in 1...(isFaulty ? 2 : 1 + random.below(2)) {
            let replica = Replica<Machine>(
                partition: partition, number: number, cluster: cluster,
                checkpointMilliseconds: [40, 150, 300][random.below(3)])
            if isFaulty, number == 2 { replica.release = .faulty }
            try replica.start()
            replicas.append(replica)
        }
    }

    /// - Throws: `Violation` with the seed when a rule did not hold.
    func run() throws -> Ending {
        do {
            try begin()
            while step < History.steps, !isOver, stops.isEmpty {
                try takeStep()
                step += 1
            }
            try quiesce()
            let ending = try judge()
            guard ending == .completed else { return ending }
            guard try areLogsRead() else { return .stoppedByLoss }
            try check()
            return ending
        } catch let violation as Violation {
            throw Violation("seed \(seed) step \(step): \(violation)")
        }
    }

    /// Reads every log to its end.
    ///
    /// - Returns: false when a loss shows in `quarantine` only, where another record took the number of one that was lost: what
    ///   was set aside follows from what was read, and no service reads it again.
    private func areLogsRead() throws -> Bool {
        do {
            try logs.advance(in: cluster)
            return true
        } catch let violation as Violation {
            guard incident == .tailLost, violation.description.hasPrefix("\(Topic.quarantine.name)-") else {
                throw violation
            }
            return false
        }
    }

    /// Between a loss and its discovery a client may see what does not hold; the discovery must follow.
    var isOver: Bool { violation != nil && !mayMislead }

    /// Whether something was done after which somebody has to stop.
    var mayMislead: Bool {
        guard incidentHappened else { return false }
        switch incident {
        case .tailLost, .otherCluster, .divergence: return true
        case .none, .retentionPassed, .upgrade: return false
        }
    }

    /// Processes that stopped and should not have, as far as one knows without what the incident is.
    var stops: [InvariantError] {
        replicas.indices.compactMap { condemned.contains($0) ? nil : replicas[$0].process?.failure }
            + gateways.compactMap(\.session.follower.failure)
    }

    func makeGateway(slot: Int) throws -> SimulatedGateway {
        let gateway = try SimulatedGateway(slot: slot, cluster: cluster, slots: slots, venue: venue)
        gateway.answered = { [unowned self] token, answer in take(token, answer) }
        return gateway
    }

    // MARK: The beginning and the end

    private func begin() throws {
        for step in venue.beginning {
            for (record, destination) in step { try sendBeginning(record, destination) }
            try turnAll(rounds: 400) { beginningTokens.isEmpty }
            guard beginningTokens.isEmpty else { throw Violation("the venue's definitions were not answered") }
        }
    }

    private func sendBeginning(_ record: SentRecord, _ destination: TopicPartition) throws {
        try turnAll(rounds: 50) { gateways[0].session.writer.epoch != nil }
        let token = nextToken
        nextToken += 1
        beginningTokens.insert(token)
        guard gateways[0].submit(record, to: destination, token: token, isOperator: true) != nil else {
            throw Violation("an operator's record was shed")
        }
    }

    /// No more faults: everything runs, time goes on, no client sends again; operators do until all is confirmed.
    private func quiesce() throws {
        cluster.isAway = false
        for index in replicas.indices {
            pausedUntil[index] = 0
            if replicas[index].process == nil { try replicas[index].start() }
        }
        gatewayPausedUntil = [:]
        for index in operations.indices {
            if case .again = operations[index].state { operations[index].state = .abandoned }
        }
        try turnAll(rounds: 40, milliseconds: 400) { false }
        // The last to claim a slot may have died, and the one before has ended because of it.
        for slot in 0..<2 where !gateways.contains(where: { $0.slot == slot && !$0.hasEnded }) {
            gateways.append(try makeGateway(slot: slot))
        }
        try turnAll(rounds: 5, milliseconds: 100) { false }
        try confirmDefinitions()
        if case .divergence = incident {
            try probe()
            try confirmDefinitions()
        }
        // Longer than a gateway waits for an answer: a write that a later one has overtaken may have been lost.
        try turnAll(rounds: 30, milliseconds: 400) { false }
    }

    /// Writes again what is not confirmed. Each gateway may lose a request to an epoch that was closed, and find it out by
    /// waiting for its answer in vain, once for each inbox.
    private func confirmDefinitions() throws {
        for _ in 0..<40 where !isOver && stops.isEmpty && !venueOperator.isConfirmed {
            venueOperator.reconcile()
            for _ in venueOperator.waiting { writeDefinition() }
            try turnAll(rounds: 20, milliseconds: 100) { false }
        }
    }

    /// Turns everything, all submissions acknowledged, until the condition holds.
    func turnAll(rounds: Int, milliseconds: Int64 = 3, until condition: () -> Bool) throws {
        for _ in 0..<rounds where !isOver {
            if condition() { return }
            pass(milliseconds)
            for _ in 0..<4 {
                for submission in cluster.submissions {
                    cluster.settle(submission.id, isAlive(submission.client) ? .acknowledged : .lost)
                }
                for index in replicas.indices { try turn(index) }
                for gateway in gateways { gateway.turn(now: now, frames: 64) }
            }
            try upgradeStopped()
            try watchReads()
        }
    }

    /// A process that was asked to stop starts again at once.
    private func turn(_ index: Int) throws {
        _ = replicas[index].process?.turn(now: now, frames: 64)
        replicas[index].settleCheckpoint()
        guard replicas[index].hasStopped(now: now) else { return }
        kill(index)
        try replicas[index].start()
    }

    func pass(_ milliseconds: Int64) {
        now += milliseconds
        cluster.now += milliseconds
    }

    func isAlive(_ client: UInt64) -> Bool {
        replicas.contains { $0.process?.client == client } || gateways.contains { $0.session.log.id == client }
    }
}
