import Glibc

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
