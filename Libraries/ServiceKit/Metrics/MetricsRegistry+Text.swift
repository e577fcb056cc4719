extension MetricsRegistry {
    /// The content type of `text`.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// All metrics in Prometheus's text format 0.0.4
    /// (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format).
    ///
    /// - Parameter now: monotonic nanoseconds, for the window of the quantiles.
    public func text(now: Int64 = Timestamp.monotonicNanoseconds()) -> String {
        var text = ""
        for family in snapshot() {
            appendHead(family.name, family.help, family.kind, to: &text)
            var quantiles = ""
            for series in family.series {
                switch series.source {
                case .counter(let counter): appendSample(family.name, series.labels, String(counter.value), to: &text)
                case .gauge(let gauge): appendSample(family.name, series.labels, Self.number(gauge.value), to: &text)
                case .reading(let read):
                    let value = read()
                    if !value.isNaN { appendSample(family.name, series.labels, Self.number(value), to: &text) }
                case .latency(let histogram, let window):
                    let current = histogram.snapshot()
                    appendHistogram(family.name, series.labels, current, to: &text)
                    let recent = window.recent(current, now: now)
                    appendSummary(Self.recentName(of: family.name), series.labels, recent, of: current, to: &quantiles)
                }
            }
            if family.kind == "histogram" {
                appendHead(Self.recentName(of: family.name), family.help + " (recent quantiles)", "summary", to: &text)
                text += quantiles
            }
        }
        return text
    }

    private func appendHead(_ name: String, _ help: String, _ kind: String, to text: inout String) {
        text += "# HELP \(name) \(Self.escaped(help, quotes: false))\n# TYPE \(name) \(kind)\n"
    }

    private func appendSample(_ name: String, _ labels: String, _ value: String, to text: inout String) {
        text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
    }

    private func appendHistogram(
        _ name: String, _ labels: String, _ snapshot: LatencyHistogram.Snapshot, to text: inout String
    ) {
        let prefix = labels.isEmpty ? "" : labels + ","
        let total = String(snapshot.count)
        for (bound, count) in zip(Self.latencyBounds, snapshot.cumulativeCounts(upTo: Self.latencyBounds)) {
            appendSample(name + "_bucket", "\(prefix)le=\"\(Self.seconds(bound))\"", String(count), to: &text)
        }
        appendSample(name + "_bucket", "\(prefix)le=\"+Inf\"", total, to: &text)
        appendSample(name + "_sum", labels, Self.seconds(snapshot.sumNanoseconds), to: &text)
        appendSample(name + "_count", labels, total, to: &text)
    }

    /// Quantiles over the recent past; sum and count over all time, as Prometheus expects of a summary.
    private func appendSummary(
        _ name: String, _ labels: String, _ recent: LatencyHistogram.Snapshot, of whole: LatencyHistogram.Snapshot,
        to text: inout String
    ) {
        let prefix = labels.isEmpty ? "" : labels + ","
        for quantile in Self.quantiles {
            guard let value = recent.nanoseconds(atQuantile: quantile) else { continue }
            let label = "\(prefix)quantile=\"\(Self.number(quantile))\""
            appendSample(name, label, Self.seconds(value), to: &text)
        }
        appendSample(name + "_sum", labels, Self.seconds(whole.sumNanoseconds), to: &text)
        appendSample(name + "_count", labels, String(whole.count), to: &text)
    }

    /// Nanoseconds as seconds, exactly, without trailing zeros.
    static func seconds(_ nanoseconds: UInt64) -> String {
        ExactDecimal(units: Int64(clamping: nanoseconds), scale: 9).configurationText
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return value == value.rounded() && value.magnitude < 1e15 ? String(Int64(value)) : value.description
    }
}
