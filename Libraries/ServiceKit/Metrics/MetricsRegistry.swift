import Synchronization

/// Why a metric could not be registered: always a mistake of the program.
public enum MetricsError: Error, Sendable, Equatable {
    /// The name or a label's name is not one of Prometheus, or a label is given twice.
    case invalidName(String)
    /// The same name with the same labels exists.
    case duplicate(name: String, labels: String)
    /// The name exists as another kind or with another help text.
    case conflict(name: String)
}

/// The metrics of a process. Registered once at start, updated without a lock, printed for Prometheus.
public final class MetricsRegistry: Sendable {
    /// Bounds of exported latency buckets, in nanoseconds: 10 µs to 10 s.
    public static let latencyBounds: [UInt64] = [
        10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000,
        50_000_000, 100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000,
    ]
    /// Quantiles exported beside every latency histogram.
    public static let quantiles: [Double] = [0.5, 0.9, 0.99, 0.999, 1]
    /// Exported quantiles are over at least this long a time before a scrape, when the process is that old.
    public static let quantileWindow: Duration = .seconds(10)

    enum Source: Sendable {
        case counter(Counter)
        case gauge(Gauge)
        case reading(@Sendable () -> Double)
        case latency(LatencyHistogram, QuantileWindow)
    }

    struct Series: Sendable {
        let labels: String
        let source: Source
    }

    struct Family: Sendable {
        let name: String
        let help: String
        let kind: String
        var series: [Series]
    }

    private let families = Mutex<[Family]>([])

    public init() {}

    /// - Parameter name: ends with `_total` by Prometheus's convention.
    public func counter(
        _ name: String, help: String, labels: KeyValuePairs<String, String> = [:]
    ) throws(MetricsError) -> Counter {
        let counter = Counter()
        try register(name, help, "counter", labels, .counter(counter))
        return counter
    }

    /// A counter whose value somebody else keeps; `read` is called by whoever scrapes, on another thread.
    public func counter(
        _ name: String, help: String, labels: KeyValuePairs<String, String> = [:],
        read: @escaping @Sendable () -> Double
    ) throws(MetricsError) {
        try register(name, help, "counter", labels, .reading(read))
    }

    public func gauge(
        _ name: String, help: String, labels: KeyValuePairs<String, String> = [:]
    ) throws(MetricsError) -> Gauge {
        let gauge = Gauge()
        try register(name, help, "gauge", labels, .gauge(gauge))
        return gauge
    }

    /// A gauge whose value is read when it is scraped, on another thread; not a number leaves it out.
    public func gauge(
        _ name: String, help: String, labels: KeyValuePairs<String, String> = [:],
        read: @escaping @Sendable () -> Double
    ) throws(MetricsError) {
        try register(name, help, "gauge", labels, .reading(read))
    }

    /// Registers a latency histogram, exported in seconds as `name` (a Prometheus histogram) and, over the last
    /// `quantileWindow`, as a summary `…_recent_seconds` with a label `quantile`.
    ///
    /// - Parameters:
    ///   - name: ends with `_seconds`.
    ///   - histogram: one that its writer thread made, or a new one.
    public func latency(
        _ name: String, help: String, labels: KeyValuePairs<String, String> = [:],
        histogram: LatencyHistogram = LatencyHistogram()
    ) throws(MetricsError) -> LatencyHistogram {
        guard name.hasSuffix("_seconds") else { throw .invalidName(name) }
        try register(name, help, "histogram", labels, .latency(histogram, QuantileWindow()))
        return histogram
    }

    private func register(
        _ name: String, _ help: String, _ kind: String, _ labels: KeyValuePairs<String, String>, _ source: Source
    ) throws(MetricsError) {
        guard Self.isValidName(name, allowsColon: true) else { throw .invalidName(name) }
        var names = Set<String>()
        for (label, _) in labels {
            let isReserved = label.hasPrefix("__") || label == "le" || label == "quantile"
            guard Self.isValidName(label, allowsColon: false), !isReserved, names.insert(label).inserted else {
                throw .invalidName(label)
            }
        }
        let text = labels.map { "\($0.key)=\"\(Self.escaped($0.value, quotes: true))\"" }.joined(separator: ",")
        let result: Result<Void, MetricsError> = families.withLock { families in
            // A histogram takes the names of its parts as well.
            let taken = Self.names(of: name, kind: kind)
            guard let place = families.firstIndex(where: { $0.name == name }) else {
                let clash = families.first { family in
                    !taken.isDisjoint(with: Self.names(of: family.name, kind: family.kind))
                }
                guard clash == nil else { return .failure(.conflict(name: name)) }
                families.append(
                    Family(name: name, help: help, kind: kind, series: [Series(labels: text, source: source)]))
                return .success(())
            }
            let family = families[place]
            guard family.kind == kind, family.help == help else { return .failure(.conflict(name: name)) }
            guard !family.series.contains(where: { $0.labels == text }) else {
                return .failure(.duplicate(name: name, labels: text))
            }
            families[place].series.append(Series(labels: text, source: source))
            return .success(())
        }
        try result.get()
    }

    private static func names(of name: String, kind: String) -> Set<String> {
        guard kind == "histogram" else { return [name] }
        let recent = recentName(of: name)
        return Set([name, recent].flatMap { [$0, $0 + "_bucket", $0 + "_sum", $0 + "_count"] })
    }

    /// The name of the summary beside the histogram `name`.
    static func recentName(of name: String) -> String {
        name.dropLast("_seconds".count) + "_recent_seconds"
    }

    private static func isValidName(_ name: String, allowsColon: Bool) -> Bool {
        guard let first = name.utf8.first, !(48...57).contains(first) else { return false }
        return name.utf8.allSatisfy { byte in
            (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte)
                || byte == UInt8(ascii: "_") || allowsColon && byte == UInt8(ascii: ":")
        }
    }

    static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    /// All families, in the order of their registration.
    func snapshot() -> [Family] {
        families.withLock { $0 }
    }
}

/// Two earlier states of a histogram, so that quantiles speak of the recent past and not of the process's whole life.
final class QuantileWindow: Sendable {
    private struct State {
        var older: LatencyHistogram.Snapshot?
        var newer: LatencyHistogram.Snapshot?
        var newerTakenAt: Int64 = 0
    }

    private let state = Mutex(State())

    /// What `current` has gained over the window, which moves on by whole `quantileWindow`s.
    func recent(_ current: LatencyHistogram.Snapshot, now: Int64) -> LatencyHistogram.Snapshot {
        state.withLock { state in
            let window = MetricsRegistry.quantileWindow.wholeMilliseconds * 1_000_000
            if state.newer == nil || now - state.newerTakenAt >= window {
                state.older = state.newer
                state.newer = current
                state.newerTakenAt = now
            }
            return state.older.map { current.since($0) } ?? current
        }
    }
}
