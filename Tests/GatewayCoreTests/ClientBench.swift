import Crypto
import Network
import Records
import ServiceKit
import Synchronization
import Testing
import TradingCore
import Web

@testable import GatewayCore

/// An engine that keeps what it is told.
final class RecordingEngine: EnginePort {
    private let messages = Mutex<[EngineMessage]>([])
    let isFull = Atomic(false)

    func post(_ message: EngineMessage) -> Bool {
        guard !isFull.load(ordering: .relaxed) else { return false }
        messages.withLock { $0.append(message) }
        return true
    }

    var requests: [EngineRequest] {
        messages.withLock { messages in
            messages.compactMap { if case .request(let request) = $0 { request } else { nil } }
        }
    }

    var streams: [(key: StreamKey, isWanted: Bool)] {
        messages.withLock { messages in
            messages.compactMap { if case .stream(let key, _, let isWanted) = $0 { (key, isWanted) } else { nil } }
        }
    }
}

/// Keys that must be looked up before they are known.
final class SlowKeys: ApiKeyStore {
    private let known = MemoryApiKeyStore()
    private let hidden: [String: ApiKey]
    private let waiting = Mutex<[(key: String, completion: @Sendable (KeyLookup) -> Void)]>([])

    private let absent = Mutex<Set<String>>([])

    init(_ keys: [ApiKey]) { hidden = Dictionary(uniqueKeysWithValues: keys.map { ($0.key, $0) }) }

    func lookup(_ key: String) -> KeyLookup {
        if case .known(let found) = known.lookup(key) { return .known(found) }
        return absent.withLock { $0.contains(key) } ? .absent : .notLoaded
    }

    func load(_ key: String, _ completion: @escaping @Sendable (KeyLookup) -> Void) {
        waiting.withLock { $0.append((key, completion)) }
    }

    var generation: UInt64 { known.generation }

    func changed(_ key: String, revision: UInt64, isRevoked: Bool) {
        known.changed(key, revision: revision, isRevoked: isRevoked)
    }

    /// Answers every lookup that waits.
    ///
    /// - Parameter isAway: whether keys cannot be looked up.
    func finishLoads(isAway: Bool = false) {
        let loads = waiting.withLock { loads in
            defer { loads = [] }
            return loads
        }
        for load in loads {
            guard !isAway else {
                load.completion(.unavailable)
                continue
            }
            if let key = hidden[load.key] { known.set(key) } else { absent.withLock { _ = $0.insert(load.key) } }
            load.completion(lookup(load.key))
        }
    }
}

/// A client's socket that keeps what it receives.
final class SocketRecorder: WebSocketHandler {
    var socket: WebSocket?
    var received: [String] = []
    var closeCode: UInt16?

    func opened(_ socket: WebSocket) { self.socket = socket }
    func received(_ socket: WebSocket, _ message: WebSocketMessage) { received.append(message.text) }
    func closed(_ socket: WebSocket, code: UInt16, reason: String) { closeCode = code }
}

/// Keeps what was answered.
final class AnswerBox: Sendable {
    let all = Mutex<[AnsweredRequest]>([])
}

/// Keeps the first failure that was reported.
final class FailureBox: Sendable {
    let first = Mutex<(request: String, trace: Records.TraceContext?)?>(nil)
}

/// One client loop of a gateway behind a real socket; the test plays the engine.
final class ClientBench {
    static let key = ApiKey(key: "testkey", account: Fixtures.account, secret: .hmac(Array("testsecret".utf8)))

    let loop: EventLoop
    let engine = RecordingEngine()
    let failures = FailureBox()
    let observed = AnswerBox()
    let gateway: GatewayLoop
    private let server: WebServer
    private let listener: TCPListener
    private let client: HTTPClient

    init(keys: any ApiKeyStore = MemoryApiKeyStore([ClientBench.key]), limits: RequestLimits = RequestLimits()) throws {
        loop = try EventLoop()
        let shared = GatewayShared(
            engine: engine, keys: keys, limiter: RequestLimiter(limits: limits), seen: SeenSignatures(),
            metrics: try GatewayMetrics(MetricsRegistry()),
            reportFailure: { [failures] request, _, trace in
                failures.first.withLock { $0 = $0 ?? (request, trace) }
            },
            observeRequest: { [observed] request in observed.all.withLock { $0.append(request) } })
        gateway = GatewayLoop(on: loop, number: 0, shared: shared)
        server = WebServer(on: loop, handler: gateway)
        listener = try TCPListener(address: "127.0.0.1", port: 0)
        try server.listen(on: listener)
        client = try HTTPClient(to: "127.0.0.1", port: listener.port, on: loop)
        gateway.inbox.post(.reference(Fixtures.reference))
        turn()
    }

    /// Runs the loop until `isDone`, at most for a time that no test needs.
    func run(until isDone: () -> Bool) {
        let end = MonotonicClock.milliseconds() + 10_000
        while !isDone(), MonotonicClock.milliseconds() < end { loop.runTurn(maximumWaitMilliseconds: 5) }
    }

    func turn() { for _ in 0..<6 { loop.runTurn(maximumWaitMilliseconds: 1) } }

    /// Sends a request and waits for its answer, or until it has reached the engine.
    func send(
        _ method: String, _ target: String, key: String? = nil, body: String = "", trace: String? = nil
    ) -> HTTPClientResponse? {
        var headers = HTTPHeaders()
        if let key { headers.append("X-MBX-APIKEY", key) }
        if let trace { headers.append("traceparent", trace) }
        var response: HTTPClientResponse?
        let known = engine.requests.count
        client.send(method, target, headers: headers, body: Array(body.utf8)) { result in
            if case .success(let answer) = result { response = answer }
        }
        run { response != nil || engine.requests.count > known }
        answered = { response }
        return response
    }

    /// The answer of the last request, once it has come.
    private(set) var answered: () -> HTTPClientResponse? = { nil }

    func reply(_ answer: Answer) {
        guard let request = engine.requests.last else { return }
        gateway.inbox.post(.answer(request.reply, answer))
        run { answered() != nil }
    }

    static func signed(_ query: String, at time: Int64 = WallClock.milliseconds(), secret: String = "testsecret") throws
        -> String
    {
        let payload = query + (query.isEmpty ? "" : "&") + "timestamp=\(time)"
        return try payload + "&signature=" + HMACSHA256.authenticate(Array(payload.utf8), key: Array(secret.utf8)).hex
    }

    func open(_ target: String, trace: String? = nil) throws -> SocketRecorder {
        let recorder = SocketRecorder()
        var headers = HTTPHeaders()
        if let trace { headers.append("traceparent", trace) }
        try WebSocketClient.connect(
            to: "127.0.0.1", port: listener.port, target: target, headers: headers, on: loop, handler: recorder,
            failed: { _ in recorder.closeCode = 0 })
        run { recorder.socket != nil || recorder.closeCode != nil }
        return recorder
    }

    /// Sends a message and waits for the next one.
    func ask(_ recorder: SocketRecorder, _ text: String) -> String {
        let count = recorder.received.count
        recorder.socket?.send(text: text)
        run { recorder.received.count > count }
        return recorder.received.last ?? ""
    }

    static func request(_ method: String, _ parameters: [String: String], id: Int = 1) throws -> String {
        var all = parameters
        all["apiKey"] = "testkey"
        all["timestamp"] = "\(WallClock.milliseconds())"
        let payload = all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
        all["signature"] = try HMACSHA256.authenticate(Array(payload.utf8), key: Array("testsecret".utf8)).hex
        let members = all.map { "\"\($0.key)\":\"\($0.value)\"" }.joined(separator: ",")
        return "{\"id\":\(id),\"method\":\"\(method)\",\"params\":{\(members)}}"
    }
}
