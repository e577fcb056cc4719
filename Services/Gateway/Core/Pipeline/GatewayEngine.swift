import Messaging
import Network
import Records
import TradingCore

/// How the engine of a gateway works. Times are microseconds unless named.
public struct EngineConfiguration: Sendable {
    public var writer: GatewayWriterConfiguration
    /// Partitions of `orders`, `ledger` and `account-events`.
    public var accountPartitions = 1
    /// Partitions of `matching`, `executions` and `market-data`.
    public var marketPartitions = 1
    /// How long a query may wait for the views.
    public var queryMicroseconds: Int64 = 5_000_000

    public init(slot: Int) { writer = GatewayWriterConfiguration(slot: slot) }
}

/// The views with which an engine starts, as the database had them at the followed positions.
public struct EngineStart: Sendable {
    public var positions: [FollowerPosition]
    public var clusterID: String?
    public var orders: [OrderState]
    public var balances: [Balance]
    /// Log time of `balances`; none of them has changed later.
    public var balancesTime = Timestamp(0)
    public var marks: ReadView

    /// From the logs' beginnings.
    public init(accountPartitions: Int, marketPartitions: Int) {
        positions = [FollowerPosition(beginningOf: TopicPartition(.referenceData, 0))]
        for partition in 0..<marketPartitions {
            positions.append(FollowerPosition(beginningOf: TopicPartition(.executions, partition)))
            positions.append(FollowerPosition(beginningOf: TopicPartition(.marketData, partition)))
        }
        for partition in 0..<accountPartitions {
            positions.append(FollowerPosition(beginningOf: TopicPartition(.accountEvents, partition)))
        }
        orders = []
        balances = []
        marks = ReadView(ledgerPartitions: accountPartitions, marketPartitions: marketPartitions)
    }
}

/// The heart of a gateway: turns requests into records, keeps the views that records feed, and answers from both.
///
/// One thread has all of it. Loops hand requests in through a mailbox and get answers, stream events and user events back through theirs.
public final class GatewayEngine<Client: Log>: GatewayWriterDelegate {
    let configuration: EngineConfiguration
    let loops: any LoopPort
    let history: any HistoryStore
    let keys: any ApiKeyStore
    let metrics: GatewayMetrics
    let limits: RequestLimits
    let wallClock: () -> Int64
    /// Where results of the database come in; set before the first question.
    public var results: (any FinishedPort)?
    private(set) var session: GatewaySession<Client>
    private let link: EngineLink<Client>

    var referenceData = ReferenceData()
    var reference = ReferenceSnapshot.empty
    var orders = OrdersView()
    var balances = BalancesView()
    var readView: ReadView
    /// By instrument id.
    var markets: [MarketView?] = []
    var open = OpenRequestTable()
    var collectors: EngineCollectors
    var events: [OrderEvent] = []
    var fills: [FillLine] = []
    var writer = JSONWriter(capacity: 4_096)
    var users = UserSubscriptions()
    var streams = StreamSubscriptions()
    /// By partition of `account-events`.
    var held: [HeldEvents]
    var waitingForBalances: [BalanceWait] = []
    var orderCounts: [AccountID: (counts: OrderCounts, time: Timestamp)] = [:]
    var questions = OpenQuestions()
    /// Queries for orders that are asked again after a pause.
    var retries: [OrderRetry] = []
    /// How often request sockets were closed.
    var closing: UInt64 = 0
    /// By partition of `executions`, the offset of the last record that was no tick; -1 before the first.
    var lastExecutions: [Int64]
    var historyPositions = HistoryPositions()
    var now: Int64 = 0
    private var isReferenceChanged = true
    private var areKeysChanged = false
    /// Called once when another process has this gateway's slot.
    public var onSlotTaken: (UInt64) -> Void = { _ in }
    /// Gets a line when something happened that an operator should know, with the trace of the record at which it did.
    public var report: (_ line: String, _ trace: Records.TraceContext?) -> Void = { _, _ in }

    /// - Parameter wallClock: milliseconds of the venue's clock.
    public init(
        _ configuration: EngineConfiguration, log: Client, registry: any SlotRegistry, start: EngineStart,
        loops: any LoopPort, history: any HistoryStore, keys: any ApiKeyStore, metrics: GatewayMetrics,
        limits: RequestLimits = RequestLimits(), wallClock: @escaping () -> Int64 = WallClock.milliseconds
    ) {
        self.limits = limits
        self.configuration = configuration
        self.loops = loops
        self.history = history
        self.keys = keys
        self.metrics = metrics
        self.wallClock = wallClock
        readView = start.marks
        collectors = EngineCollectors(configuration)
        held = Array(repeating: HeldEvents(), count: configuration.accountPartitions)
        lastExecutions = Array(repeating: -1, count: configuration.marketPartitions)
        let link = EngineLink<Client>()
        self.link = link
        session = GatewaySession(
            log: log, writer: configuration.writer, registry: registry, wallClock: wallClock,
            following: start.positions, clusterID: start.clusterID
        ) { (context, payload) throws(RecordFailure) in
            try link.engine?.deliver(context, payload)
        }
        for order in start.orders { orders.insert(order) }
        for balance in start.balances { balances.set(balance, at: start.balancesTime) }
        link.engine = self
        session.writer.delegate = self
        session.follower.report = { [weak link] in link?.engine?.report($0, $1) }
    }

    /// Why the follower stopped; the service ends then with the exit code of a broken invariant.
    public var failure: InvariantError? { session.follower.failure }

    /// Whether the views have everything that the log had when last looked at, and requests can be taken.
    public var isReady: Bool { session.follower.isCaughtUp && session.writer.epoch != nil }

    public var nextTurn: Int64? {
        guard !retries.isEmpty else { return session.nextTurn }
        return retries.reduce(session.nextTurn ?? .max) { min($0, $1.due) }
    }

    /// Everything that can be done now, without waiting.
    ///
    /// - Parameter now: monotonic microseconds.
    /// - Returns: whether anything arrived.
    @discardableResult
    public func turn(now: Int64) -> Bool {
        self.now = now
        let started = MonotonicClock.nanoseconds()
        let anything = session.turn(now: now)
        if anything { metrics.apply.record(nanoseconds: Int64(clamping: MonotonicClock.nanoseconds() - started)) }
        publishChanges()
        finishBalanceWaits()
        askAgain()
        expireQuestions()
        watchHistory()
        return anything
    }

    /// Brings the engine's clock up to date before requests are handed in; a turn follows them.
    public func begin(now: Int64) {
        self.now = now
        session.writer.turn(now: now)
    }

    /// Gives every loop the definitions in force, when they have changed.
    func publishChanges() {
        if isReferenceChanged {
            isReferenceChanged = false
            reference = referenceData.snapshot()
            for loop in loops.all { loops.post(.reference(reference), to: loop) }
        }
        if areKeysChanged {
            areKeysChanged = false
            for loop in loops.all { loops.post(.keysChanged, to: loop) }
        }
    }

    /// What the figures on the operations port show beside what is counted as it happens.
    public func updateGauges() {
        metrics.openOrders.set(orders.openCount)
        metrics.closedOrders.set(orders.closedCount)
        metrics.waitingRequests.set(open.count)
        metrics.heldUserEvents.set(held.reduce(0) { $0 + $1.count })
        let follower = session.follower
        metrics.recordsIn.raise(to: follower.recordsIn)
        metrics.duplicates.raise(to: follower.duplicates)
        metrics.recordsOut.raise(to: session.writer.recordsOut)
        for (topic, gauge) in metrics.lags { gauge.set(Int(clamping: follower.lag(of: topic))) }
    }

    // MARK: Messages of the loops

    public func handle(_ message: EngineMessage) {
        switch message {
        case .request(let request): carryOut(request)
        case .stream(let key, let loop, let isWanted): streams.set(key, loop, isWanted)
        case .user(let account, let unit, let loop, let isWanted): users.set(account, unit, loop, isWanted)
        case .operatorRecord(let submission): submit(submission)
        }
    }

    // MARK: Records

    func deliver(_ context: FollowedRecord, _ payload: RawSpan) throws(RecordFailure) {
        do {
            switch context.source.topic {
            case .executions:
                try apply(try ExecutionsRecord(type: context.header.type, payload: payload), context)
            case .accountEvents:
                try apply(try AccountEventsRecord(type: context.header.type, payload: payload), context)
            case .marketData:
                try apply(try MarketDataRecord(type: context.header.type, payload: payload), context)
            case .referenceData: apply(try ReferenceDataRecord(type: context.header.type, payload: payload))
            default: break
            }
        } catch let failure as RecordFailure {
            throw failure
        } catch {
            throw .unreadable("\(error)")
        }
    }

    private func apply(_ record: ReferenceDataRecord) {
        if case .apiKey(let notice) = record {
            keys.changed(notice.key, revision: notice.revision, isRevoked: notice.revoked)
            areKeysChanged = true
            return
        }
        if referenceData.apply(record) { isReferenceChanged = true }
    }

    func market(_ instrument: InstrumentID) -> MarketView {
        let index = Int(instrument.rawValue)
        while markets.count <= index { markets.append(nil) }
        if let known = markets[index] { return known }
        let view = MarketView(instrument: instrument)
        markets[index] = view
        return view
    }

    /// Where an account's requests go: the partition in its record.
    func partition(of account: AccountID) -> Int {
        Int(reference.accounts[account]?.partition ?? 0)
    }
}

/// Lets the session's delivery reach the engine, which is made after it.
final class EngineLink<Client: Log> {
    weak var engine: GatewayEngine<Client>?
}

/// Puts parts of large records together, by partition.
struct EngineCollectors {
    var executions: [PartCollector<Execution>]
    var accountEvents: [PartCollector<AccountEvent>]
    var updates: [PartCollector<MarketUpdate>]

    init(_ configuration: EngineConfiguration) {
        executions = Array(repeating: PartCollector(), count: configuration.marketPartitions)
        accountEvents = Array(repeating: PartCollector(), count: configuration.accountPartitions)
        updates = Array(repeating: PartCollector(), count: configuration.marketPartitions)
    }
}
