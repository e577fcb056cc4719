import Crypto
import Messaging
import Network
import ProcessorKit
import ServiceKit
import Storage
import Synchronization
import Web

/// A gateway as a process: its engine's thread, its clients' loops, the operator API and how they stop.
public enum GatewayService {
    /// How long clients' open requests are waited for when the gateway stops.
    private static let drainMilliseconds: Int32 = 1_500

    /// The encryption key of stored secrets.
    public static func cipher(_ configuration: Configuration) throws -> AESGCM {
        let text = configuration[GatewayKeys.encryptionKey].revealed
        guard let key = Hex.decode(text), key.count == AESGCM.keyLength else {
            throw ServiceFailure(.badConfiguration, "encryption.key must be 64 hexadecimal digits")
        }
        return try AESGCM(key: key)
    }

    private static func redis(_ context: ServiceContext) throws -> RedisClient {
        let url = context.configuration[StandardKeys.redisURL].revealed
        let log = RedisStateLog(context.logger)
        do {
            return try RedisClient(try RedisConfiguration(url: url), name: "redis") { log.note($0) }
        } catch {
            throw ServiceFailure(.badConfiguration, "redis.url: \(error)")
        }
    }

    /// Starts everything; returns once the gateway listens.
    public static func start(_ context: ServiceContext) async throws {
        let configuration = context.configuration
        let settings = configuration.kafkaSettings(clientID: "gateway-\(configuration[GatewayKeys.slot])")
        let catalogue = try TopicLookup.waitForCatalogue(settings, context)
        let pool = PostgresPool(ServiceDatabase.reference.settings(configuration, "queries"))
        let cipher = try cipher(configuration)
        let keys = PostgresApiKeyStore(table: ApiKeyTable(pool: pool, cipher: cipher))
        let metrics = try GatewayMetrics(context.metrics)
        let limiter = RequestLimiter(
            limits: RequestLimits(
                weightPerMinute: configuration[GatewayKeys.requestWeight],
                requestsPer5Minutes: configuration[GatewayKeys.rawRequests],
                connectionsPer5Minutes: configuration[GatewayKeys.connections]))

        let engine = try EngineThread()
        let shared = GatewayShared(
            engine: engine.inbox, keys: keys, limiter: limiter, seen: SeenSignatures(), metrics: metrics,
            reportFailure: { [logger = context.logger] request, error, trace in
                logger.with(recordTrace: trace).warning(
                    "request failed",
                    [
                        "request_id": .string(request), "code": .integer(error.code.rawValue),
                        "error": .string(error.message),
                    ])
            },
            observeRequest: context.logger.level == .debug ? GatewayService.observer(context.logger) : nil)
        let clients = try ClientLoops(count: configuration[GatewayKeys.loops], shared: shared)
        let loader = EngineLoader(
            accountPartitions: catalogue.accountPartitions, marketPartitions: catalogue.marketPartitions)
        let start = try await pool.run { try loader.load($0) }
        let parts = EngineParts(
            context: context, settings: settings, catalogue: catalogue, pool: pool, keys: keys, metrics: metrics,
            limiter: limiter, redis: try redis(context), loops: LoopInboxes(inboxes: clients.inboxes),
            start: start)
        try engine.start(parts)
        let operators = try OperatorThread(
            context, pool: pool, cipher: cipher,
            line: EngineOperatorLine(
                engine: engine.inbox, accountPartitions: catalogue.accountPartitions,
                marketPartitions: catalogue.marketPartitions))
        // Bound at once, so that a port that is taken is seen; connections wait in the kernel until the views can answer.
        let address = configuration[GatewayKeys.listen]
        let listener = try TCPListener(address: address.address, port: address.port)
        let listening = context.health.condition("listening", detail: "waiting for the views")
        Task {
            guard await engine.becomesReady(context.lifecycle) else { return }
            clients.accept(listener)
            listening.set(true)
            context.logger.info(
                "listening",
                ["client_port": .integer(listener.port), "operator_port": .integer(operators.port)])
        }
        registerStop(context, engine: engine, clients: clients, operators: operators, pool: pool)
    }

    /// One line for each request: by its trace it is followed through the services.
    private static func observer(_ logger: Logger) -> @Sendable (AnsweredRequest) -> Void {
        { answered in
            logger.with(recordTrace: answered.trace).debug(
                "answered",
                [
                    "request_id": .string(answered.request), "endpoint": .string(answered.endpoint),
                    "code": .integer(answered.error?.code.rawValue ?? 0),
                    "microseconds": .integer(answered.nanoseconds / 1_000),
                ])
        }
    }

    private static func registerStop(
        _ context: ServiceContext, engine: EngineThread, clients: ClientLoops, operators: OperatorThread,
        pool: PostgresPool
    ) {
        context.lifecycle.onShutdown("close the database") { pool.close() }
        context.lifecycle.onShutdown("stop the engine") { engine.stop() }
        context.lifecycle.onShutdown("stop the operator API") { operators.stop() }
        context.lifecycle.onShutdown("answer what is open") {
            clients.drain()
            let wake = try LogWake()
            var waited: Int32 = 0
            while clients.openConnections > 0, waited < drainMilliseconds {
                wake.wait(milliseconds: 20)
                waited += 20
            }
            clients.stop()
        }
    }
}

/// What the engine is made of.
struct EngineParts: Sendable {
    let context: ServiceContext
    let settings: KafkaSettings
    let catalogue: TopicCatalogue
    let pool: PostgresPool
    let keys: PostgresApiKeyStore
    let metrics: GatewayMetrics
    let limiter: RequestLimiter
    let redis: RedisClient
    let loops: LoopInboxes
    let start: EngineStart
}

/// The engine's thread.
final class EngineThread: Sendable {
    private let thread: EventLoopThread
    private let host: LoopBound<EngineHost>
    private let ready = Atomic(false)
    let inbox: Mailbox<EngineMessage>

    init() throws {
        let made = Mutex<(host: LoopBound<EngineHost>, inbox: Mailbox<EngineMessage>)?>(nil)
        thread = try EventLoopThread.start(name: "engine") { loop in
            let host = EngineHost(on: loop)
            let bound = LoopBound(host, on: loop)
            let inbox = host.inbox
            made.withLock { $0 = (bound, inbox) }
        }
        guard let result = made.withLock({ $0 }) else { preconditionFailure("the engine's loop was set up") }
        (host, inbox) = result
    }

    /// Connects to the log and begins. Returns once that is under way.
    func start(_ parts: EngineParts) throws {
        let host = host
        let logger = parts.context.logger
        let lifecycle = parts.context.lifecycle
        let views = parts.context.health.condition("views", detail: "reading the log")
        let heartbeat = parts.context.health.heartbeat("engine", limit: .seconds(10))
        thread.handle.execute { _ in
            do {
                let log = try KafkaLog(parts.settings, catalogue: parts.catalogue) { event in
                    logger.warning("kafka", ["event": .string("\(event)")])
                }
                let registry = PostgresSlotRegistry(pool: parts.pool, wake: log.wake)
                let engine = GatewayEngine(
                    EngineThread.configuration(parts), log: log, registry: registry, start: parts.start,
                    loops: parts.loops,
                    history: PostgresHistoryStore(
                        pool: parts.pool, marketPartitions: parts.catalogue.marketPartitions),
                    keys: parts.keys, metrics: parts.metrics, limits: parts.limiter.limits)
                engine.report = { line, trace in
                    logger.with(recordTrace: trace).warning("engine", ["report": .string(line)])
                }
                engine.onSlotTaken = { epoch in
                    lifecycle.requestStop(
                        .temporaryFailure, reason: "another process has this gateway's slot, under epoch \(epoch)")
                }
                host.value.share(
                    parts.redis, parts.limiter, prefix: parts.context.configuration[StandardKeys.kafkaTopicPrefix])
                try host.value.start(engine, log: log) { isReady, failure in
                    if let failure {
                        lifecycle.stopOnBrokenInvariant(
                            "\(failure)", trace: failure.trace.flatMap { TraceContext($0) })
                    }
                    heartbeat.beat()
                    self.ready.store(isReady, ordering: .releasing)
                    views.set(isReady, detail: isReady ? "" : "reading the log")
                }
            } catch {
                lifecycle.requestStop(.temporaryFailure, reason: "the engine cannot start: \(error)")
            }
        }
    }

    /// Waits until the views are complete and requests can be taken.
    ///
    /// - Returns: false when the service is to stop before.
    func becomesReady(_ lifecycle: Lifecycle) async -> Bool {
        while !ready.load(ordering: .acquiring) {
            guard !lifecycle.isStopping else { return false }
            do { try await Task.sleep(for: .milliseconds(10)) } catch { return false }
        }
        return true
    }

    private static func configuration(_ parts: EngineParts) -> EngineConfiguration {
        var configuration = EngineConfiguration(slot: parts.context.configuration[GatewayKeys.slot])
        configuration.accountPartitions = parts.catalogue.accountPartitions
        configuration.marketPartitions = parts.catalogue.marketPartitions
        configuration.writer.frameMicroseconds =
            parts.context.configuration[GatewayKeys.frameInterval].wholeMilliseconds * 1_000
        configuration.writer.maximumOpenRequests = parts.context.configuration[GatewayKeys.openRequests]
        return configuration
    }

    func stop() {
        thread.stop()
        thread.join()
    }
}

/// The loops that have clients' sockets, each with its server.
final class ClientLoops: Sendable {
    private struct Client {
        let server: WebServer
        let gateway: GatewayLoop
    }

    private let group: EventLoopGroup
    private let clients: [LoopBound<Client>]
    private let sockets: [Mailbox<AcceptedSocket>]
    let inboxes: [Mailbox<LoopMessage>]
    private let connections = Mutex<[Int]>([])

    init(count: Int, shared: GatewayShared) throws {
        let made = Mutex<[Int: (LoopBound<Client>, Mailbox<AcceptedSocket>, Mailbox<LoopMessage>)]>([:])
        group = try EventLoopGroup(count: count, name: "client") { loop, number in
            let gateway = GatewayLoop(on: loop, number: UInt16(number), shared: shared)
            let server = WebServer(on: loop, handler: gateway)
            let entry = (LoopBound(Client(server: server, gateway: gateway), on: loop), server.inbox, gateway.inbox)
            made.withLock { $0[number] = entry }
        }
        let entries = made.withLock { made in (0..<count).compactMap { made[$0] } }
        clients = entries.map(\.0)
        sockets = entries.map(\.1)
        inboxes = entries.map(\.2)
        connections.withLock { $0 = Array(repeating: 0, count: count) }
    }

    /// Begins to take connections, handed to the loops in turn.
    func accept(_ listener: TCPListener) {
        let sockets = sockets
        group.threads[0].handle.execute { loop in
            do throws(NetworkError) {
                let acceptor = try Acceptor(listener: listener, on: loop, inTurnTo: sockets)
                // It accepts until the loop ends.
                loop.onStop { acceptor.stop() }
            } catch {
                preconditionFailure("a loop that has just started cannot watch a listener: \(error)")
            }
        }
    }

    /// Tells clients, answers what waits, closes the rest.
    func drain() {
        for (number, client) in clients.enumerated() {
            group.threads[number].handle.execute { [self] loop in
                let (server, gateway) = (client.value.server, client.value.gateway)
                gateway.announceShutdown()
                server.drain()
                connections.withLock { $0[number] = server.connectionCount }
                loop.scheduleRepeating(everyMilliseconds: 20) { [self] in
                    connections.withLock { $0[number] = server.connectionCount }
                }
            }
        }
    }

    /// Connections that are still open after `drain`.
    var openConnections: Int { connections.withLock { $0.reduce(0, +) } }

    func stop() {
        group.stop()
        group.join()
    }
}

/// The operator API on a loop of its own.
final class OperatorThread: Sendable {
    /// How often definitions that are not confirmed are sent again.
    private static let reconcileMilliseconds = 10_000

    private static let isReconciling = Atomic(false)

    private static func reconcile(_ distributor: ReferenceDistributor, _ logger: Logger) async {
        guard !isReconciling.exchange(true, ordering: .acquiringAndReleasing) else { return }
        defer { isReconciling.store(false, ordering: .releasing) }
        do {
            let open = try await distributor.reconcile()
            if open > 0 { logger.warning("definitions are not confirmed", ["count": .integer(open)]) }
        } catch {
            logger.warning("definitions cannot be looked at", ["error": .string("\(error)")])
        }
    }

    /// What the venue failed is a warning; every other request is a line for whoever follows a trace.
    private static func log(_ call: OperatorCall, _ logger: Logger) {
        let level = call.status.code >= 500 ? LogLevel.warning : .debug
        logger.with(recordTrace: call.trace).log(
            level, "operator",
            [
                "method": .string(call.request.method), "path": .string(call.request.path.joined(separator: "/")),
                "operator": .string(call.request.operatorName), "status": .integer(call.status.code),
            ])
    }

    private let thread: EventLoopThread
    let port: UInt16

    init(
        _ context: ServiceContext, pool: PostgresPool, cipher: AESGCM, line: EngineOperatorLine
    ) throws {
        let configuration = context.configuration
        let tokens = try configuration[GatewayKeys.operatorTokens].revealed.map { try OperatorToken($0) }
        let address = configuration[GatewayKeys.operatorListen]
        let listener = try TCPListener(address: address.address, port: address.port)
        port = listener.port
        let service = OperatorService(pool: pool, cipher: cipher, line: line)
        let distributor = ReferenceDistributor(store: ReferenceStore(pool: pool), line: line)
        let logger = context.logger
        thread = try EventLoopThread.start(name: "operator") { loop in
            loop.scheduleRepeating(everyMilliseconds: OperatorThread.reconcileMilliseconds) {
                Task { await OperatorThread.reconcile(distributor, logger) }
            }
            let handler = OperatorHandler(service: service, tokens: tokens) { OperatorThread.log($0, logger) }
            let server = WebServer(on: loop, handler: handler)
            try server.listen(on: listener)
        }
    }

    func stop() {
        thread.stop()
        thread.join()
    }
}
