import Messaging
import Network
import ServiceKit
import Storage
import Synchronization
import TradingCore

/// The engine on an event loop of its own: the log's wake-up, the loops' mailbox and the timers of streams drive it.
final class EngineHost {
    /// Messages of loops that may wait.
    static let inboxCapacity = 65_536
    /// Rounds in which frames are taken before everything else has its turn.
    private static let roundsPerTurn = 8
    private static let fastMilliseconds = 100
    private static let slowMilliseconds = 1_000

    private let loop: EventLoop
    private var engine: GatewayEngine<KafkaLog>?
    private var log: KafkaLog?
    private(set) var inbox: Mailbox<EngineMessage>
    private let results: Mailbox<FinishedQuery>
    private var timer: LogTimer?
    /// When `timer` fires; monotonic microseconds, nil when it is not set.
    private var timerDue: Int64?
    private var isEvenSecond = false
    private var gate: SignatureGate?
    private var weights: SharedWeights?
    private var onState: (_ isReady: Bool, _ failure: InvariantError?) -> Void = { _, _ in }

    init(on loop: EventLoop) {
        self.loop = loop
        let link = HostLink()
        inbox = loop.mailbox(capacity: EngineHost.inboxCapacity) { link.host?.take($0) }
        results = loop.mailbox(capacity: OpenQuestions.resultCapacity) { link.host?.finish($0) }
        link.host = self
        loop.onStop { link.host = nil }
    }

    /// Begins to follow the log and to take requests.
    ///
    /// - Parameter onState: called ten times a second with whether the views are complete, and why the engine has stopped.
    func start(
        _ engine: GatewayEngine<KafkaLog>, log: KafkaLog,
        onState: @escaping (_ isReady: Bool, _ failure: InvariantError?) -> Void
    ) throws {
        let timer = try LogTimer()
        self.timer = timer
        self.engine = engine
        self.log = log
        self.onState = onState
        engine.results = results
        try loop.watch(log.wake.descriptor, readable: true) { [unowned self] _ in
            self.log?.wake.drain()
            turn()
        }
        try loop.watch(timer.descriptor, readable: true) { [unowned self] _ in
            timer.drain()
            timerDue = nil
            turn()
        }
        loop.scheduleRepeating(everyMilliseconds: EngineHost.fastMilliseconds) { [unowned self] in fastTick() }
        loop.scheduleRepeating(everyMilliseconds: EngineHost.slowMilliseconds) { [unowned self] in slowTick() }
        turn()
    }

    /// From now on signatures and weights are shared through Redis.
    ///
    /// - Parameter prefix: stands before the names of keys in Redis.
    func share(_ redis: RedisClient, _ limiter: RequestLimiter, prefix: String) {
        weights = SharedWeights(redis: redis, limiter: limiter, prefix: prefix)
        gate = SignatureGate(redis: redis, prefix: prefix, on: loop) { [unowned self] in handle($0, repeated: $1) }
    }

    private func take(_ messages: [EngineMessage]) {
        if let gate {
            gate.pass(messages, now: EngineHost.microseconds())
        } else {
            handle(messages, repeated: [])
        }
    }

    private func handle(_ messages: [EngineMessage], repeated: Set<Int>) {
        guard let engine else { return }
        engine.begin(now: EngineHost.microseconds())
        for (index, message) in messages.enumerated() {
            switch message {
            case .request(let request) where repeated.contains(index):
                engine.reply(request.reply, ApiError(.invalidTimestamp))
            default: engine.handle(message)
            }
        }
        turn()
    }

    private func finish(_ results: [FinishedQuery]) {
        guard let engine else { return }
        engine.begin(now: EngineHost.microseconds())
        for result in results { engine.finish(result) }
        turn()
    }

    private func turn() {
        guard let engine else { return }
        var rounds = 0
        while engine.turn(now: EngineHost.microseconds()) {
            rounds += 1
            if rounds == EngineHost.roundsPerTurn {
                // More is there: sockets' requests come between.
                loop.enqueue { [unowned self] in turn() }
                break
            }
        }
        guard let due = engine.nextTurn, timerDue ?? .max > due else { return }
        timer?.set(at: due)
        timerDue = due
    }

    private func fastTick() {
        gate?.releaseAnswered(now: EngineHost.microseconds())
        turn()
        weights?.exchange()
        guard let engine else { return }
        engine.sendFastBooks()
        onState(engine.isReady, engine.failure)
    }

    private func slowTick() {
        guard let engine else { return }
        isEvenSecond.toggle()
        engine.sendSlow(isEvenSecond: isEvenSecond)
        engine.updateGauges()
    }

    static func microseconds() -> Int64 { Int64(MonotonicClock.nanoseconds() / 1_000) }
}

/// Lets the loop keep the host alive, and lets go of it when the loop ends.
private final class HostLink {
    var host: EngineHost?
}

extension Mailbox: EnginePort where Message == EngineMessage {}
extension Mailbox: FinishedPort where Message == FinishedQuery {}

/// The loops' mailboxes, by number.
struct LoopInboxes: LoopPort {
    let inboxes: [Mailbox<LoopMessage>]

    func post(_ message: LoopMessage, to loop: UInt16) { _ = inboxes[Int(loop)].post(message) }

    var all: Range<UInt16> { 0..<UInt16(inboxes.count) }
}
