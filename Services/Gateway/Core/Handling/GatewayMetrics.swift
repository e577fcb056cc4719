import ServiceKit
import TradingCore

/// What the gateway measures of itself.
public struct GatewayMetrics: Sendable {
    public let requests: Counter
    public let requestErrors: Counter
    public let shed: Counter
    /// From the arrival of a placement, cancel or amendment to its answer.
    public let orderRoundTrip: LatencyHistogram
    public let openSockets: Gauge
    public let waitingRequests: Gauge
    public let orders: Counter
    public let trades: Counter
    public let openOrders: Gauge
    public let closedOrders: Gauge
    public let recordsIn: Counter
    public let recordsOut: Counter
    public let duplicates: Counter
    public let heldUserEvents: Gauge
    public let epochChanges: Counter
    /// A turn of the engine that took records from the log.
    public let apply: LatencyHistogram
    /// By followed topic.
    public let lags: [(topic: Topic, gauge: Gauge)]

    public init(_ registry: MetricsRegistry) throws(MetricsError) {
        requests = try registry.counter("gateway_requests_total", help: "Requests over REST and the WebSocket API.")
        requestErrors = try registry.counter(
            "gateway_request_errors_total", help: "Requests that were answered with an error.")
        shed = try registry.counter(
            "gateway_shed_total", help: "Requests refused because of overload or an absent broker.")
        orderRoundTrip = try registry.latency(
            "gateway_order_round_trip_seconds", help: "From a placement, cancel or amendment to its answer.")
        openSockets = try registry.gauge("gateway_open_sockets", help: "Open WebSockets.")
        waitingRequests = try registry.gauge(
            "gateway_waiting_requests", help: "Requests that wait for an answer of the log.")
        orders = try registry.counter("gateway_orders_total", help: "Orders that entered an engine.")
        trades = try registry.counter("gateway_trades_total", help: "Trades.")
        openOrders = try registry.gauge("gateway_open_orders", help: "Open orders of all accounts.")
        closedOrders = try registry.gauge(
            "gateway_closed_orders", help: "Closed orders kept until the history has them.")
        recordsIn = try registry.counter("gateway_records_in_total", help: "Records read from the log.")
        recordsOut = try registry.counter("gateway_records_out_total", help: "Records written to the log.")
        duplicates = try registry.counter("gateway_duplicates_total", help: "Copies of records that were dropped.")
        heldUserEvents = try registry.gauge(
            "gateway_held_user_events", help: "Balance events that wait for the executions that caused them.")
        epochChanges = try registry.counter("gateway_epoch_changes_total", help: "Epochs given up with requests open.")
        apply = try registry.latency(
            "gateway_apply_seconds", help: "Time to apply what was taken from the log at once, answers included.")
        var lags: [(topic: Topic, gauge: Gauge)] = []
        for topic in [Topic.executions, .accountEvents, .marketData, .referenceData] {
            let gauge = try registry.gauge(
                "gateway_lag_frames", help: "Frames of the topic that are not applied, as of the last look at its end.",
                labels: ["topic": topic.name])
            lags.append((topic, gauge))
        }
        self.lags = lags
    }
}

extension Counter {
    /// Brings the counter up to a total that is kept elsewhere.
    func raise(to total: UInt64) {
        let current = value
        if total > current { increment(by: total - current) }
    }
}
