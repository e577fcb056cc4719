import Glibc
import Network
import Synchronization

/// Hands log lines to a thread that writes them, so that a slow pipe never holds up whoever logs.
///
/// The queue is bounded: what does not fit is dropped and counted, and the writer says so in a line of its own.
public final class LogSink: Sendable {
    /// Bytes that may wait for the writer.
    public static let defaultCapacity = 4 << 20

    private struct Pending: ~Copyable {
        var bytes: [UInt8] = []
        var lines = 0
    }

    private let descriptor: Int32
    private let capacity: Int
    private let pending = Mutex(Pending())
    private let wakeUps: WakeUps
    private let dropped = Atomic<UInt64>(0)
    private let accepted = Atomic<UInt64>(0)
    private let written = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - descriptor: written to, never closed; standard error in a service.
    ///   - capacity: bytes that may wait.
    public init(descriptor: Int32 = STDERR_FILENO, capacity: Int = LogSink.defaultCapacity) {
        self.descriptor = descriptor
        self.capacity = capacity
        wakeUps = WakeUps()
        // It lives as long as the process, and so does the sink.
        _ = WorkerThread(name: "log-writer") { [self] in writeForever() }
    }

    /// Lines that did not fit, since the start.
    public var droppedLines: UInt64 { dropped.load(ordering: .relaxed) }

    /// Takes a whole line, its line end included; never waits for the writer.
    func append(_ line: [UInt8]) {
        let (accepts, isFirst) = pending.withLock { pending in
            guard pending.bytes.count + line.count <= capacity else { return (false, false) }
            let isFirst = pending.bytes.isEmpty
            pending.bytes.append(contentsOf: line)
            pending.lines += 1
            accepted.add(1, ordering: .relaxed)
            return (true, isFirst)
        }
        if !accepts { dropped.add(1, ordering: .relaxed) }
        if isFirst { wakeUps.signal() }
    }

    /// Waits until everything appended before has been written, or `timeout` is over. For the end of a process.
    public func flush(timeout: Duration = .seconds(1)) {
        let goal = accepted.load(ordering: .acquiring)
        let end = Timestamp.monotonicNanoseconds() + timeout.wholeMilliseconds * 1_000_000
        while written.load(ordering: .acquiring) < goal, Timestamp.monotonicNanoseconds() < end {
            usleep(500)
        }
    }

    private func writeForever() {
        var batch: [UInt8] = []
        var noticed: UInt64 = 0
        while true {
            wakeUps.wait()
            let lines = pending.withLock { pending in
                // Swapping the buffers keeps both allocations: no line allocates here.
                batch.removeAll(keepingCapacity: true)
                swap(&batch, &pending.bytes)
                defer { pending.lines = 0 }
                return pending.lines
            }
            write(batch)
            let count = droppedLines
            if count > noticed {
                write(dropNotice(count - noticed))
                noticed = count
            }
            written.add(UInt64(lines), ordering: .releasing)
        }
    }

    private func dropNotice(_ count: UInt64) -> [UInt8] {
        var line = JSONLine()
        line.append("time", .string(Timestamp.rfc3339(wallNanoseconds: Timestamp.wallNanoseconds())))
        line.append("level", .string(LogLevel.warning.rawValue))
        line.append("message", "log lines dropped, the reader of the log is too slow")
        line.append("dropped", .unsigned(count))
        return line.finished()
    }

    /// A log that cannot be written has nobody to tell; its lines are let go.
    private func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                rest = rest.dropFirst(count)
            }
        }
    }
}
