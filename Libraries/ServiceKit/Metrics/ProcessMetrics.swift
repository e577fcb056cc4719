import Glibc

/// The process's own figures under the names that Prometheus's client libraries use.
enum ProcessMetrics {
    static func register(in registry: MetricsRegistry) throws(MetricsError) {
        let start = Double(Timestamp.wallNanoseconds()) / 1e9
        try registry.gauge(
            "process_start_time_seconds", help: "Start of the process, seconds since 1970.", read: { start })
        try registry.counter(
            "process_cpu_seconds_total", help: "User and system time of the process.", read: cpuSeconds)
        try registry.gauge(
            "process_resident_memory_bytes", help: "Resident memory of the process.", read: residentBytes)
        try registry.gauge("process_threads", help: "Threads of the process.", read: { count(in: "/proc/self/task") })
        try registry.gauge("process_open_fds", help: "Open file descriptors.", read: { count(in: "/proc/self/fd") })
    }

    @Sendable private static func cpuSeconds() -> Double {
        var usage = rusage()
        guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return .nan }
        let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
        return Double(seconds) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    }

    @Sendable private static func residentBytes() -> Double {
        guard case .success(let bytes) = readWholeFile("/proc/self/statm") else { return .nan }
        let fields = String(decoding: bytes, as: UTF8.self).split(separator: " ")
        guard fields.count > 1, let pages = Double(fields[1]) else { return .nan }
        return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
    }

    private static func count(in folder: String) -> Double {
        guard let handle = opendir(folder) else { return .nan }
        defer { closedir(handle) }
        var entries = 0
        while readdir(handle) != nil { entries += 1 }
        // Without `.`, `..`; the handle's own descriptor is among those of /proc/self/fd.
        return Double(entries - (folder.hasSuffix("/fd") ? 3 : 2))
    }
}
