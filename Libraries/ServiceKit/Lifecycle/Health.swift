import Synchronization

/// Whether a service is ready for work and alive, by name of what it needs.
public final class Health: Sendable {
    private struct State {
        var conditions: [(name: String, isMet: Bool, detail: String)] = []
        var heartbeats: [Heartbeat] = []
    }

    private let state = Mutex(State())

    public init() {}

    /// Declares something without which the service is not ready, unmet until `set` says otherwise.
    public func condition(_ name: String, detail: String = "starting") -> Condition {
        state.withLock { state in
            let isNew = !state.conditions.contains { $0.name == name }
            precondition(isNew, "readiness condition '\(name)' is declared twice")
            state.conditions.append((name, false, detail))
            return Condition(health: self, index: state.conditions.count - 1)
        }
    }

    /// Declares a thread that beats; when it has not for `limit`, the process counts as stuck.
    public func heartbeat(_ name: String, limit: Duration) -> Heartbeat {
        let heartbeat = Heartbeat(name: name, limit: limit)
        state.withLock { $0.heartbeats.append(heartbeat) }
        return heartbeat
    }

    /// What `/readyz` answers: every condition with its detail, and whether all are met.
    public func readiness() -> Report {
        let conditions = state.withLock { $0.conditions }
        return Report(entries: conditions.map { Report.Entry(name: $0.name, isGood: $0.isMet, detail: $0.detail) })
    }

    /// What `/healthz` answers: every heartbeat, and whether all are recent.
    ///
    /// - Parameter now: monotonic nanoseconds.
    public func liveness(now: Int64 = Timestamp.monotonicNanoseconds()) -> Report {
        let heartbeats = state.withLock { $0.heartbeats }
        return Report(
            entries: heartbeats.map { heartbeat in
                let age = Duration.nanoseconds(now - heartbeat.lastBeat)
                let detail = "last beat \(age.configurationText) ago, limit \(heartbeat.limit.configurationText)"
                return Report.Entry(name: heartbeat.name, isGood: age <= heartbeat.limit, detail: detail)
            })
    }

    fileprivate func set(_ index: Int, _ isMet: Bool, _ detail: String) {
        state.withLock { state in
            state.conditions[index].isMet = isMet
            state.conditions[index].detail = detail
        }
    }

    /// A handle to one readiness condition, to be set from any thread.
    public struct Condition: Sendable {
        fileprivate let health: Health
        fileprivate let index: Int

        /// - Parameter detail: why not, or how far; shown by `/readyz`.
        public func set(_ isMet: Bool, detail: String = "") {
            health.set(index, isMet, detail)
        }
    }

    /// A sign of life, to be given by one thread.
    public final class Heartbeat: Sendable {
        public let name: String
        public let limit: Duration
        private let time = Atomic<Int64>(Timestamp.monotonicNanoseconds())

        fileprivate init(name: String, limit: Duration) {
            self.name = name
            self.limit = limit
        }

        fileprivate var lastBeat: Int64 { time.load(ordering: .relaxed) }

        /// - Parameter now: monotonic nanoseconds.
        public func beat(now: Int64 = Timestamp.monotonicNanoseconds()) {
            time.store(now, ordering: .relaxed)
        }
    }

    public struct Report: Sendable, Equatable {
        public struct Entry: Sendable, Equatable {
            public let name: String
            public let isGood: Bool
            public let detail: String
        }

        public let entries: [Entry]
        public var isGood: Bool { entries.allSatisfy(\.isGood) }

        /// One line of JSON: `{"status":"ok","inbox":"…"}`, an entry's value being `ok` or `failed` and its detail.
        public var json: [UInt8] {
            var line = JSONLine()
            line.append("status", isGood ? "ok" : "unavailable")
            for entry in entries {
                let word = entry.isGood ? "ok" : "failed"
                line.append(entry.name, .string(entry.detail.isEmpty ? word : "\(word): \(entry.detail)"))
            }
            return line.finished()
        }
    }
}
