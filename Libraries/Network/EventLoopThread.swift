import Synchronization

/// A named thread with an event loop of its own.
public final class EventLoopThread: Sendable {
    public let handle: LoopHandle
    private let thread: WorkerThread

    /// Starts a thread, makes its loop, calls `setUp` on it and then runs the loop.
    ///
    /// - Parameters:
    ///   - name: at most 15 bytes are kept by the system.
    ///   - setUp: makes everything that belongs to the loop. What it throws ends the thread and is thrown here.
    public static func start(
        name: String, _ setUp: @escaping @Sendable (EventLoop) throws -> Void
    ) throws -> EventLoopThread {
        let started = try Wakeup()
        let start = LoopStart(setUp: setUp, started: started)
        let thread = WorkerThread(name: name) { start.run() }
        var poller = Poller()
        poller.add(started.descriptor)
        while !started.drain() { try poller.wait(timeoutMilliseconds: -1) }
        switch start.result.withLock({ $0 }) {
        case .success(let handle)?:
            return EventLoopThread(handle: handle, thread: thread)
        case .failure(let error)?:
            thread.join()
            throw error
        case nil:
            preconditionFailure("a loop's thread reports how its start went")
        }
    }

    private init(handle: LoopHandle, thread: WorkerThread) {
        self.handle = handle
        self.thread = thread
    }

    /// Asks the loop to end after its current turn.
    public func stop() { handle.stop() }

    /// Waits until the thread has ended.
    public func join() { thread.join() }
}

/// Several loops, a thread each.
public final class EventLoopGroup: Sendable {
    public let threads: [EventLoopThread]

    /// Starts `count` threads named `name-0`, `name-1`, …; `setUp` gets each loop and its number.
    public init(
        count: Int, name: String, _ setUp: @escaping @Sendable (EventLoop, Int) throws -> Void
    ) throws {
        var started: [EventLoopThread] = []
        do {
            for index in 0..<count {
                started.append(try EventLoopThread.start(name: "\(name)-\(index)") { try setUp($0, index) })
            }
        } catch {
            for thread in started {
                thread.stop()
                thread.join()
            }
            throw error
        }
        threads = started
    }

    public func stop() {
        for thread in threads { thread.stop() }
    }

    public func join() {
        for thread in threads { thread.join() }
    }
}

private final class LoopStart: Sendable {
    let setUp: @Sendable (EventLoop) throws -> Void
    let started: Wakeup
    let result = Mutex<Result<LoopHandle, any Error>?>(nil)

    init(setUp: @escaping @Sendable (EventLoop) throws -> Void, started: Wakeup) {
        self.setUp = setUp
        self.started = started
    }

    func run() {
        do {
            let loop = try EventLoop()
            try setUp(loop)
            result.withLock { $0 = .success(loop.handle) }
            started.signal()
            loop.run()
        } catch {
            result.withLock { $0 = .failure(error) }
            started.signal()
        }
    }
}
