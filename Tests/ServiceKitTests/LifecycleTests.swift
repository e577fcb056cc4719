import Network
import Synchronization
import Testing

@testable import ServiceKit

private final class Journal: Sendable {
    private let entries = Mutex<[String]>([])
    var all: [String] { entries.withLock { $0 } }
    func add(_ entry: String) { entries.withLock { $0.append(entry) } }
}

/// Runs what waits on a thread of its own, as a service's main thread does, so that tasks have theirs.
private func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        _ = WorkerThread(name: "test") { continuation.resume(returning: body()) }
    }
}

private struct StepError: Error {}

@Suite struct LifecycleTests {
    private let pipe = TestPipe()

    private func lifecycle() -> Lifecycle {
        Lifecycle(logger: Logger(service: "demo", sink: LogSink(descriptor: pipe.writer)))
    }

    @Test func `What was started last stops first`() async {
        let (lifecycle, journal) = (lifecycle(), Journal())
        lifecycle.onShutdown("store") { journal.add("store") }
        lifecycle.onShutdown("processor") { journal.add("processor") }
        lifecycle.onShutdown("server") { journal.add("server") }
        #expect(!lifecycle.isStopping)
        #expect(await onOwnThread { lifecycle.shutDown((.clean, "test"), deadline: .seconds(600)) } == .clean)
        #expect(lifecycle.isStopping)
        #expect(journal.all == ["server", "processor", "store"])
    }

    @Test func `A step that fails is logged, the others run, and the end is not clean`() async {
        let (lifecycle, journal) = (lifecycle(), Journal())
        lifecycle.onShutdown("store") { journal.add("store") }
        lifecycle.onShutdown("processor") { throw StepError() }
        #expect(
            await onOwnThread { lifecycle.shutDown((.clean, "test"), deadline: .seconds(600)) } == .temporaryFailure)
        #expect(journal.all == ["store"])
        #expect(pipe.lines(3).contains { $0.contains("a shutdown step failed") && $0.contains("processor") })
    }

    @Test func `A step that hangs ends with the deadline and is named`() async {
        let lifecycle = lifecycle()
        lifecycle.onShutdown("processor") { try await Task.sleep(for: .seconds(600)) }
        let code = await onOwnThread { lifecycle.shutDown((.clean, "test"), deadline: .milliseconds(20)) }
        #expect(code == .temporaryFailure)
        #expect(pipe.lines(3).contains { $0.contains("the shutdown took too long") && $0.contains("processor") })
    }

    @Test func `The reason for a stop decides the exit code`() async {
        let lifecycle = lifecycle()
        #expect(
            await onOwnThread { lifecycle.shutDown((.brokenInvariant, "test"), deadline: .seconds(600)) }
                == .brokenInvariant)
        #expect(ExitCode.brokenInvariant.rawValue == 70)
    }

    @Test func `A service is ready once every condition is met`() {
        let health = Health()
        #expect(health.readiness().isGood)
        let inbox = health.condition("inbox")
        let store = health.condition("store")
        inbox.set(true)
        #expect(!health.readiness().isGood)
        store.set(false, detail: "connection refused")
        #expect(
            String(decoding: health.readiness().json, as: UTF8.self)
                == "{\"status\":\"unavailable\",\"inbox\":\"ok\",\"store\":\"failed: connection refused\"}\n")
        store.set(true)
        #expect(health.readiness().isGood)
        inbox.set(false)
        #expect(!health.readiness().isGood)
    }

    @Test func `A thread that no longer beats makes the process unhealthy`() {
        let health = Health()
        let heartbeat = health.heartbeat("processor", limit: .seconds(30))
        let now = Timestamp.monotonicNanoseconds()
        heartbeat.beat(now: now)
        #expect(health.liveness(now: now + 30_000_000_000).isGood)
        #expect(!health.liveness(now: now + 30_001_000_000).isGood)
    }
}
