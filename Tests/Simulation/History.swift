import Messaging
import Records
import TradingCore

/// What went wrong in a history: a rule of the exchange that did not hold.
struct Violation: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}

/// One random history of the whole venue: gateways, three services on two partitions each, one or two replicas, clients
/// that send again, and every fault at any step.
final class History {
    /// How a history ended.
    enum Ending: Equatable {
        case completed
        /// The log had lost a tail and a reader or a writer found it: nobody went on with a wrong state.
        case stoppedByLoss
    }

    static let steps = 160
    /// Clients' clocks, in milliseconds since 1970, are the monotonic one plus this: about the log's.
    static let wallClockOffset: Int64 = 1_699_999_000_000

    let seed: UInt64
    var random: Randomness
    let cluster = InMemoryCluster(automatic: false)
    let slots = InMemorySlots()
    let venue = VenueShape()
    var gateways: [SimulatedGateway] = []
    var replicas: [any SimulatedReplica] = []
    /// By index of `replicas`: turned again at this step.
    var pausedUntil: [Int]
    var isDown: [Bool]
    var gatewayPausedUntil: [ObjectIdentifier: Int] = [:]
    var now: Int64 = 1_000_000
    var step = 0
    /// The chance of faults in this history, in hundredths of the usual one.
    let faults: Int
    let losesTail: Bool
    var hasLostTail = false
    /// A record refused a second time would stop its writer, as it must.
    var hasRefused = false

    var operations: [Operation] = []
    /// The operation and the attempt of each token; -1 for an operator's.
    var tokens: [UInt64: (operation: Int, attempt: Int)] = [:]
    var owners: [UInt64: ObjectIdentifier] = [:]
    var nextToken: UInt64 = 1
    var openOperator = 0
    /// Queries that found no order: account, client id, the query's timestamp.
    var notFound: [(account: Int, target: ASCIIText, timestamp: Int64)] = []
    var reads: [Read] = []
    var completedReads = 0
    var violation: Violation?

    /// A query of balances on some gateway.
    struct Read {
        var gateway: SimulatedGateway
        var account: Int
        /// The ends of the executions when the query came.
        var ends: [Int64]
        var deadline: Int64
        var number: UInt64
        var hasPassed = false
    }

    init(seed: UInt64) throws {
        self.seed = seed
        random = Randomness(seed: seed)
        faults = [0, 50, 100, 100, 200][random.below(5)]
        losesTail = random.happens(100)
        for partition in 0..<2 {
            let numbers = 1...(1 + random.below(2))
            for number in numbers {
                replicas.append(try Replica<OrderMachine>(partition: partition, number: number, cluster: cluster))
                replicas.append(try Replica<LedgerMachine>(partition: partition, number: number, cluster: cluster))
                replicas.append(try Replica<MatchingMachine>(partition: partition, number: number, cluster: cluster))
            }
        }
        pausedUntil = Array(repeating: 0, count: replicas.count)
        isDown = Array(repeating: false, count: replicas.count)
        for slot in 0..<2 { gateways.append(try makeGateway(slot: slot)) }
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
            if let violation, stops.isEmpty || !hasLostTail { throw violation }
            if !stops.isEmpty {
                // Whoever had not read what was lost may meet what followed from it; somebody finds the loss itself.
                let isLoss = stops.contains { $0.kind == .logMismatch || $0.kind == .diverged }
                guard hasLostTail, isLoss else { throw Violation("stopped: \(stops)") }
                return .stoppedByLoss
            }
            try check()
            return .completed
        } catch let violation as Violation {
            throw Violation("seed \(seed) step \(step): \(violation)")
        }
    }

    /// Between the loss of a tail and its discovery a client may see what does not hold; the discovery must follow.
    private var isOver: Bool { violation != nil && !hasLostTail }

    var stops: [InvariantError] {
        replicas.compactMap(\.failure) + gateways.compactMap(\.session.follower.failure)
    }

    func makeGateway(slot: Int) throws -> SimulatedGateway {
        let gateway = try SimulatedGateway(slot: slot, cluster: cluster, slots: slots, venue: venue)
        gateway.answered = { [unowned self] token, answer in take(token, answer) }
        return gateway
    }

    // MARK: The beginning and the end

    private func begin() throws {
        for step in venue.beginning {
            for (record, destination) in step { try sendOperator(record, destination) }
            try turnAll(rounds: 400) { openOperator == 0 }
            guard openOperator == 0 else { throw Violation("the venue's definitions were not answered") }
        }
    }

    private func sendOperator(_ record: OperatorRecord, _ destination: TopicPartition) throws {
        try turnAll(rounds: 50) { gateways[0].session.writer.epoch != nil }
        let token = nextToken
        nextToken += 1
        let writer = gateways[0].session.writer
        let outcome =
            switch record {
            case .orders(let record): writer.submit(record, to: destination, token: token)
            case .matching(let record): writer.submit(record, to: destination, token: token)
            }
        guard case .success = outcome else { throw Violation("an operator's record was shed") }
        openOperator += 1
        tokens[token] = (-1, 0)
    }

    /// No more faults: everything runs, time goes on, nobody sends again.
    private func quiesce() throws {
        cluster.isAway = false
        for index in replicas.indices {
            pausedUntil[index] = 0
            if isDown[index] { try replicas[index].start() }
            isDown[index] = false
        }
        gatewayPausedUntil = [:]
        for index in operations.indices {
            if case .again = operations[index].state { operations[index].state = .abandoned }
        }
        try turnAll(rounds: 60, milliseconds: 400) { false }
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
                for index in replicas.indices where !isDown[index] { replicas[index].turn(now: now, frames: 64) }
                for gateway in gateways { gateway.turn(now: now, frames: 64) }
            }
            watchReads()
        }
    }

    func pass(_ milliseconds: Int64) {
        now += milliseconds
        cluster.now += milliseconds
    }

    func isAlive(_ client: UInt64) -> Bool {
        replicas.contains { $0.client == client } || gateways.contains { $0.session.log.id == client }
    }
}
