import Glibc

/// A named thread that runs one closure and ends with it.
final class WorkerThread: Sendable {
    private let name: String
    private let body: @Sendable () -> Void

    private init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }

    /// - Parameter name: at most 15 bytes are kept, as Linux does.
    static func start(name: String, _ body: @escaping @Sendable () -> Void) {
        let argument = Unmanaged.passRetained(WorkerThread(name: name, body: body)).toOpaque()
        var thread = pthread_t()
        let result = pthread_create(&thread, nil, runWorkerThread, argument)
        precondition(result == 0, "a thread could not be started: \(systemErrorText(result))")
        pthread_detach(thread)
    }

    fileprivate func run() {
        nameCurrentThread()
        body()
    }

    /// By /proc, since glibc's own call is behind a macro that Swift does not see. A thread without a name works too.
    private func nameCurrentThread() {
        let descriptor = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var short = name
        short.withUTF8 { _ = write(descriptor, $0.baseAddress, min(15, $0.count)) }
    }
}

private func runWorkerThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    Unmanaged<WorkerThread>.fromOpaque(argument).takeRetainedValue().run()
    return nil
}

/// Counts wake-ups for one waiting thread; signalling never waits.
final class WakeUps: @unchecked Sendable {
    // A POSIX semaphore is made for use from many threads; its address must not move, hence the allocation.
    private let semaphore: UnsafeMutablePointer<sem_t>

    init() {
        semaphore = .allocate(capacity: 1)
        semaphore.initialize(to: sem_t())
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func signal() {
        sem_post(semaphore)
    }

    func wait() {
        while sem_wait(semaphore) != 0, errno == EINTR {}
    }

    /// - Returns: false when `timeout` was over first.
    func wait(timeout: Duration) -> Bool {
        let end = Timestamp.wallNanoseconds() + max(0, timeout.wholeMilliseconds) * 1_000_000
        var time = timespec(tv_sec: Int(end / 1_000_000_000), tv_nsec: Int(end % 1_000_000_000))
        while sem_timedwait(semaphore, &time) != 0 {
            guard errno == EINTR else { return false }
        }
        return true
    }
}
