import Network
import Testing
import Web

@testable import ServiceKit

@Suite struct OperationsServerTests {
    /// What `GET target` answers.
    private func get(_ target: String, method: String = "GET", from server: OperationsServer) async throws
        -> HTTPClientResponse
    {
        let loop = try EventLoopThread.start(name: "test-client") { _ in }
        defer { loop.stop() }
        let address = server.address
        return try await withCheckedThrowingContinuation { continuation in
            _ = loop.handle.execute { loop in
                do {
                    let client = try HTTPClient(to: address.address, port: address.port, on: loop)
                    client.send(method, target) { continuation.resume(with: $0.mapError { $0 as any Error }) }
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }

    @Test func `Health, readiness and metrics are answered on the operations port`() async throws {
        let (health, metrics) = (Health(), MetricsRegistry())
        let inbox = health.condition("inbox", detail: "behind by 10 records")
        try metrics.counter("demo_total", help: "Demo.").increment(by: 4)
        let server = try OperationsServer(address: .loopback(port: 0), health: health, metrics: metrics)
        defer { server.stop() }
        #expect(server.address.port > 0)

        #expect(try await get("/healthz", from: server).status == 200)
        let unready = try await get("/readyz", from: server)
        #expect(unready.status == 503)
        #expect(unready.text == "{\"status\":\"unavailable\",\"inbox\":\"failed: behind by 10 records\"}\n")
        inbox.set(true)
        #expect(try await get("/readyz", from: server).status == 200)

        let scraped = try await get("/metrics", from: server)
        #expect(scraped.header("content-type") == MetricsRegistry.contentType)
        #expect(scraped.text.contains("demo_total 4\n"))
        #expect(try await get("/metrics", method: "HEAD", from: server).status == 200)
        #expect(try await get("/", from: server).status == 404)
        #expect(try await get("/metrics", method: "POST", from: server).status == 405)
    }

    @Test func `A taken port is an error`() throws {
        let server = try OperationsServer(address: .loopback(port: 0), health: Health(), metrics: MetricsRegistry())
        defer { server.stop() }
        #expect(throws: NetworkError.self) {
            try OperationsServer(address: server.address, health: Health(), metrics: MetricsRegistry())
        }
    }

    @Test(arguments: [
        ("127.0.0.1:80", "127.0.0.1:80", true), ("[::1]:8080", "[::1]:8080", true), ("0.0.0.0:0", "0.0.0.0:0", false),
    ])
    func `A listen address is numeric with a port`(_ text: String, _ read: String, _ isLoopback: Bool) throws {
        let address = try ListenAddress.parse(.text(text))
        #expect(address.description == read)
        #expect(address.isLoopback == isLoopback)
    }

    @Test(arguments: ["localhost:80", "127.0.0.1", "::1:80", "[::1]", "1.2.3.4:65536", "1.2.3:80", ":80", ""])
    func `Anything else is no listen address`(_ text: String) {
        #expect(throws: ConfigurationExpectation.self) { try ListenAddress.parse(.text(text)) }
    }
}
