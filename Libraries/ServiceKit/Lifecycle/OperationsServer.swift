import Network
import Web

/// `/healthz`, `/readyz` and `/metrics` on a port and an event loop of their own, so that a busy service still answers.
public final class OperationsServer: Sendable {
    /// Where it listens; the port is the real one when a free one was asked for.
    public let address: ListenAddress
    private let thread: EventLoopThread

    /// Starts to listen.
    ///
    /// - Throws: `NetworkError` when the address cannot be bound.
    public init(address: ListenAddress, health: Health, metrics: MetricsRegistry) throws {
        let listener = try TCPListener(address: address.address, port: address.port)
        self.address = ListenAddress(address: address.address, port: listener.port)
        thread = try EventLoopThread.start(name: "operations") { loop in
            var limits = HTTPLimits()
            // Probes and scrapers only.
            limits.connections = 64
            limits.bodyBytes = 1_024
            let server = WebServer(on: loop, limits: limits, handler: Handler(health: health, metrics: metrics))
            try server.listen(on: listener)
        }
    }

    /// Stops listening and ends its thread.
    public func stop() {
        thread.stop()
        thread.join()
    }

    private final class Handler: WebHandler {
        let health: Health
        let metrics: MetricsRegistry

        init(health: Health, metrics: MetricsRegistry) {
            self.health = health
            self.metrics = metrics
        }

        func handle(_ request: borrowing HTTPRequest, _ exchange: HTTPExchange) {
            guard request.method == .get || request.method == .head else {
                return exchange.respond(.methodNotAllowed)
            }
            if request.isPath("/metrics") {
                exchange.respond(.ok, contentType: .prometheus, body: metrics.text())
            } else if request.isPath("/healthz") {
                respond(exchange, health.liveness())
            } else if request.isPath("/readyz") {
                respond(exchange, health.readiness())
            } else {
                exchange.respond(.notFound)
            }
        }

        private func respond(_ exchange: HTTPExchange, _ report: Health.Report) {
            exchange.respond(report.isGood ? .ok : .serviceUnavailable, body: report.json)
        }
    }
}
