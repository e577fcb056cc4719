/// Writes JSON lines: `time` (RFC 3339, milliseconds), `level`, `service`, `message`, the fields, `trace_id`.
///
/// A value: copies with more fields or another trace are cheap and share one writer. Logging never throws and never
/// waits for whoever reads the log.
public struct Logger: Sendable {
    public let service: String
    public let level: LogLevel
    public let sink: LogSink
    private var fields: [(String, LogValue)] = []
    private var traceId: String?

    public init(service: String, level: LogLevel = .info, sink: LogSink) {
        self.service = service
        self.level = level
        self.sink = sink
    }

    /// A logger whose lines all carry `fields` as well.
    public func with(_ fields: KeyValuePairs<String, LogValue>) -> Logger {
        var copy = self
        copy.fields += fields.map { ($0.key, $0.value) }
        return copy
    }

    /// A logger whose lines carry the id of `trace`; without a trace, the logger itself.
    public func with(trace: TraceContext?) -> Logger {
        guard let trace else { return self }
        var copy = self
        copy.traceId = trace.traceIdText
        return copy
    }

    /// Logs one line. Message and fields are not even built when `level` is too low.
    public func log(
        _ level: LogLevel, _ message: @autoclosure () -> String,
        _ fields: @autoclosure () -> KeyValuePairs<String, LogValue> = [:]
    ) {
        guard level >= self.level else { return }
        var line = JSONLine()
        line.append("time", .string(Timestamp.rfc3339(wallNanoseconds: Timestamp.wallNanoseconds())))
        line.append("level", .string(level.rawValue))
        line.append("service", .string(service))
        line.append("message", .string(message()))
        for (name, value) in self.fields { line.append(name, value) }
        for (name, value) in fields() { line.append(name, value) }
        if let traceId { line.append("trace_id", .string(traceId)) }
        sink.append(line.finished())
    }

    public func debug(
        _ message: @autoclosure () -> String, _ fields: @autoclosure () -> KeyValuePairs<String, LogValue> = [:]
    ) {
        log(.debug, message(), fields())
    }

    public func info(
        _ message: @autoclosure () -> String, _ fields: @autoclosure () -> KeyValuePairs<String, LogValue> = [:]
    ) {
        log(.info, message(), fields())
    }

    public func warning(
        _ message: @autoclosure () -> String, _ fields: @autoclosure () -> KeyValuePairs<String, LogValue> = [:]
    ) {
        log(.warning, message(), fields())
    }

    public func error(
        _ message: @autoclosure () -> String, _ fields: @autoclosure () -> KeyValuePairs<String, LogValue> = [:]
    ) {
        log(.error, message(), fields())
    }
}
