import Glibc

/// A first-in, first-out queue between threads that refuses what exceeds its limit.
///
/// The mutex and the condition live at fixed addresses, and `items` is touched under the mutex only.
final class BoundedQueue<Item: Sendable>: @unchecked Sendable {
    enum Refusal: Error { case full, closed }

    let limit: Int
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>
    private var items: [Item] = []
    /// Items before this index have been taken.
    private var taken = 0
    private var isClosed = false

    init(limit: Int) {
        precondition(limit > 0)
        self.limit = limit
        mutex = .allocate(capacity: 1)
        changed = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    var count: Int {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return items.count - taken
    }

    /// Never waits.
    func append(_ item: Item) throws(Refusal) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard !isClosed else { throw .closed }
        guard items.count - taken < limit else { throw .full }
        items.append(item)
        pthread_cond_signal(changed)
    }

    /// Waits for an item; `nil` once the queue is closed and empty.
    func take() -> Item? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while taken == items.count {
            if isClosed { return nil }
            pthread_cond_wait(changed, mutex)
        }
        let item = items[taken]
        taken += 1
        // Moving what is left to the front is paid for by as many takes.
        if taken == items.count || taken >= limit {
            items.removeFirst(taken)
            taken = 0
        }
        return item
    }

    /// Refuses new items; what waits is still taken.
    func close() {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        isClosed = true
        pthread_cond_broadcast(changed)
    }
}
