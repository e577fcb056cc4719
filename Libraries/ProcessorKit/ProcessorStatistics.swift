import Messaging
import ServiceKit
import Synchronization

/// What the processors of one thread last said of themselves, for the metrics endpoint's thread.
final class ProcessorStatistics: Sendable {
    private let latest: Mutex<[ProcessorMetrics]>
    let applyTime = LatencyHistogram()

    init(count: Int) { latest = Mutex(Array(repeating: ProcessorMetrics(), count: count)) }

    func publish(_ metrics: [ProcessorMetrics]) {
        latest.withLock { $0 = metrics }
    }

    private func read(_ index: Int, _ value: (ProcessorMetrics) -> Double) -> Double {
        latest.withLock { value($0[index]) }
    }

    /// Registers the metrics of each inbox partition.
    func register(_ registry: MetricsRegistry, _ inboxes: [TopicPartition]) throws {
        _ = try registry.latency(
            "processor_apply_seconds", help: "Time to apply one frame of the inbox.", histogram: applyTime)
        for (index, inbox) in inboxes.enumerated() {
            try registerCounters(registry, inbox.description, index)
            try registry.gauge(
                "processor_lag_frames", help: "Frames of the inbox that are not applied.",
                labels: ["inbox": inbox.description], read: { Double(self.read(index) { Double($0.lag) }) })
            try registry.gauge(
                "processor_clock_behind_seconds", help: "How far log time is behind this machine's clock.",
                labels: ["inbox": inbox.description],
                read: {
                    let clock = self.read(index) { Double($0.clock) }
                    return clock == 0 ? .nan : Double(Timestamp.wallNanoseconds()) / 1e9 - clock / 1e3
                })
            try registry.gauge(
                "processor_checkpoint_age_seconds", help: "Time since the last saved checkpoint.",
                labels: ["inbox": inbox.description],
                read: {
                    let saved = self.read(index) { Double($0.checkpointedAt) }
                    return saved == 0 ? .nan : Double(Timestamp.monotonicNanoseconds()) / 1e9 - saved / 1e3
                })
        }
    }

    private func registerCounters(_ registry: MetricsRegistry, _ inbox: String, _ index: Int) throws {
        let counters: [(String, String, @Sendable (ProcessorMetrics) -> UInt64)] = [
            ("processor_records_in_total", "Records applied.", { $0.recordsIn }),
            ("processor_records_out_total", "Records written.", { $0.recordsOut }),
            ("processor_frames_in_total", "Frames taken from the inbox.", { $0.framesIn }),
            ("processor_frames_out_total", "Frames handed to the broker.", { $0.framesOut }),
            (
                "processor_duplicates_dropped_total", "Records dropped because they were applied before.",
                { $0.duplicates }
            ),
            ("processor_holes_total", "Records dropped because one before them is missing.", { $0.holes }),
            ("processor_stale_total", "Records dropped because their gateway's epoch has ended.", { $0.stale }),
            ("processor_closed_epochs_total", "Epochs closed because a hash did not fit.", { $0.closedEpochs }),
            ("processor_quarantined_total", "Records set aside.", { $0.quarantined }),
            ("processor_checkpoints_total", "Checkpoints saved.", { $0.checkpoints }),
            ("processor_returns_total", "Times that the processor went back to its checkpoint.", { $0.returns }),
        ]
        for (name, help, value) in counters {
            try registry.counter(
                name, help: help, labels: ["inbox": inbox], read: { self.read(index) { Double(value($0)) } })
        }
    }
}
