import CLinux
import Glibc

/// What a watched descriptor is ready for.
public struct Readiness: OptionSet, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let readable = Readiness(rawValue: CLINUX_READABLE)
    public static let writable = Readiness(rawValue: CLINUX_WRITABLE)
    /// The other end has gone or the descriptor is broken; reported whatever was asked for.
    public static let hangUp = Readiness(rawValue: CLINUX_HANGUP)
}

/// A descriptor being watched. A stale one (already ended) is harmless.
public struct Watch: Hashable, Sendable {
    let index: UInt32
    let generation: UInt32
}

/// What an event loop calls when a descriptor is ready.
protocol DescriptorHandler: AnyObject {
    func descriptorReady(_ readiness: Readiness)
    /// The loop has ended; the handler lets go of what it holds.
    func loopStopped()
}

/// One thread's event loop over epoll: descriptors, timers, work from other threads, signals.
///
/// A loop belongs to the thread that made it and is not `Sendable`; everything made on it shares that thread and
/// needs no lock. Other threads reach it through `handle` and through mailboxes. A turn of the loop is: wait, handle
/// every ready descriptor, mailboxes, due timers, end-of-turn hooks, then send what the turn has written to
/// connections.
public final class EventLoop {
    private static let eventsPerTurn = 256
    private static let wakeupMarker = UInt64.max

    private struct Slot {
        var generation: UInt32 = 0
        var descriptor: Int32 = -1
        var interest: UInt32 = 0
        var handler: (any DescriptorHandler)?
    }

    /// For other threads.
    public let handle: LoopHandle
    /// Milliseconds of the monotonic clock, read once a turn.
    public private(set) var now: UInt64
    /// Counts how often the output was sent; shared bytes are valid until then.
    var turn: UInt64 = 0

    private let epoll: Int32
    private var slots: [Slot] = []
    private var freeSlots: [UInt32] = []
    private var wheel: TimerWheel
    private var events = [clinux_event](repeating: clinux_event(), count: eventsPerTurn)
    private var tasks: [LoopHandle.Task] = []
    private var localTasks: [() -> Void] = []
    private var mailboxes: [() -> Void] = []
    private var hooks: [() -> Void] = []
    private var stopActions: [() -> Void] = []
    private var stopping = false

    /// Where connections write during a turn; see `Connection+Output.swift`.
    var output = ByteBuffer(capacity: 16_384)
    var unsent: [Connection] = []
    /// Where connections read, whole turns long; see `Connection.swift`.
    var input = InputBuffer()

    public init() throws(NetworkError) {
        let wakeup = try Wakeup()
        let descriptor = try checked(clinux_epoll_create(), "epoll_create1")
        epoll = descriptor
        now = MonotonicClock.milliseconds()
        wheel = TimerWheel(now: now)
        handle = LoopHandle(wakeup: wakeup, thread: Self.currentThread())
        let added = clinux_epoll_add(descriptor, wakeup.descriptor, CLINUX_READABLE, Self.wakeupMarker)
        guard added == 0 else {
            clinux_close(descriptor)
            throw NetworkError(operation: "epoll_ctl", code: -added)
        }
    }

    deinit { clinux_close(epoll) }

    static func currentThread() -> UInt { UInt(pthread_self()) }

    // MARK: Descriptors

    /// Calls `body` whenever the descriptor is ready (level-triggered: again and again while it stays so). The caller
    /// keeps the descriptor open and calls `end` before closing it.
    @discardableResult
    public func watch(
        _ descriptor: Int32, readable: Bool = false, writable: Bool = false, _ body: @escaping (Readiness) -> Void
    ) throws(NetworkError) -> Watch {
        try watch(descriptor, readable: readable, writable: writable, handler: ClosureHandler(body))
    }

    func watch(
        _ descriptor: Int32, readable: Bool, writable: Bool, handler: any DescriptorHandler
    ) throws(NetworkError) -> Watch {
        if freeSlots.isEmpty {
            slots.append(Slot())
            freeSlots.append(UInt32(slots.count - 1))
        }
        let index = freeSlots[freeSlots.count - 1]
        let generation = slots[Int(index)].generation
        let interest = Self.interest(readable, writable)
        let data = UInt64(generation) << 32 | UInt64(index)
        try checked(clinux_epoll_add(epoll, descriptor, interest, data), "epoll_ctl")
        freeSlots.removeLast()
        slots[Int(index)].descriptor = descriptor
        slots[Int(index)].interest = interest
        slots[Int(index)].handler = handler
        return Watch(index: index, generation: generation)
    }

    /// Changes what a watched descriptor is watched for.
    public func setInterest(_ watch: Watch, readable: Bool, writable: Bool) {
        guard isLive(watch) else { return }
        let interest = Self.interest(readable, writable)
        let slot = slots[Int(watch.index)]
        guard slot.interest != interest else { return }
        let data = UInt64(watch.generation) << 32 | UInt64(watch.index)
        let result = clinux_epoll_modify(epoll, slot.descriptor, interest, data)
        precondition(result == 0, "a watched descriptor was closed before its watch ended")
        slots[Int(watch.index)].interest = interest
    }

    /// Ends a watch. Events that were already read from the kernel for it are dropped.
    public func end(_ watch: Watch) {
        guard isLive(watch) else { return }
        // A failure means that the kernel knows the descriptor no more, which is what is wanted.
        _ = clinux_epoll_remove(epoll, slots[Int(watch.index)].descriptor)
        slots[Int(watch.index)].generation &+= 1
        slots[Int(watch.index)].descriptor = -1
        slots[Int(watch.index)].handler = nil
        freeSlots.append(watch.index)
    }

    private func isLive(_ watch: Watch) -> Bool {
        Int(watch.index) < slots.count && slots[Int(watch.index)].generation == watch.generation
            && slots[Int(watch.index)].descriptor >= 0
    }

    private static func interest(_ readable: Bool, _ writable: Bool) -> UInt32 {
        (readable ? CLINUX_READABLE : 0) | (writable ? CLINUX_WRITABLE : 0)
    }

    // MARK: Timers, tasks, hooks

    /// Calls `body` once, `milliseconds` (at least 1) after the start of this turn or a little later.
    @discardableResult
    public func schedule(afterMilliseconds milliseconds: Int, _ body: @escaping () -> Void) -> Timer {
        wheel.set(deadline: now + UInt64(max(milliseconds, 1)), action: body)
    }

    /// Calls `body` every `milliseconds` from now on, until the loop ends. Periods that were missed count once.
    public func scheduleRepeating(everyMilliseconds milliseconds: Int, _ body: @escaping () -> Void) {
        schedule(afterMilliseconds: milliseconds) { [unowned self] in
            body()
            scheduleRepeating(everyMilliseconds: milliseconds, body)
        }
    }

    /// - Returns: whether the timer was still to fire.
    @discardableResult
    public func cancel(_ timer: Timer) -> Bool { wheel.cancel(timer) }

    /// Calls `body` in the next turn, on this thread.
    public func enqueue(_ body: @escaping () -> Void) { localTasks.append(body) }

    /// Calls `body` at the end of every turn, before what the turn has written is sent.
    public func atEndOfTurn(_ body: @escaping () -> Void) { hooks.append(body) }

    /// Calls `body` when the loop ends.
    public func onStop(_ body: @escaping () -> Void) { stopActions.append(body) }

    /// A queue into this loop for messages of one kind.
    ///
    /// - Parameters:
    ///   - capacity: how many messages may wait; a post beyond it is refused.
    ///   - receive: gets every waiting message at once; what it leaves in the array is dropped.
    public func mailbox<Message: Sendable>(
        of type: Message.Type = Message.self, capacity: Int, _ receive: @escaping (inout [Message]) -> Void
    ) -> Mailbox<Message> {
        let mailbox = Mailbox<Message>(handle: handle, capacity: capacity)
        var batch: [Message] = []
        mailboxes.append {
            mailbox.take(into: &batch)
            guard !batch.isEmpty else { return }
            receive(&batch)
            batch.removeAll(keepingCapacity: true)
        }
        onStop { mailbox.close() }
        return mailbox
    }

    // MARK: Running

    /// Runs until `stop`. Descriptors, timers and hooks are let go of at the end; the loop is not run again.
    public func run() {
        while !stopping { runTurn(maximumWaitMilliseconds: -1) }
        handle.end()
        sendAll()
        for action in stopActions { action() }
        stopActions = []
        for index in slots.indices {
            slots[index].handler?.loopStopped()
            slots[index].handler = nil
        }
        localTasks = []
        mailboxes = []
        hooks = []
        wheel = TimerWheel(now: now)
    }

    /// Ends `run` after this turn.
    public func stop() { stopping = true }

    /// One turn of the loop, which waits no longer than given (negative: until something happens).
    public func runTurn(maximumWaitMilliseconds: Int) {
        precondition(handle.isCurrent, "an event loop runs on the thread that made it")
        let wait = timeout(maximumWaitMilliseconds)
        let count = clinux_epoll_wait(epoll, &events, Int32(Self.eventsPerTurn), wait)
        precondition(count >= 0, "epoll_wait failed")
        now = MonotonicClock.milliseconds()
        var woken = false
        for index in 0..<Int(count) {
            let event = events[index]
            if event.data == Self.wakeupMarker {
                woken = true
                continue
            }
            dispatch(event)
        }
        if woken { drainMailboxes() }
        runLocalTasks()
        while let action = wheel.popDue(now: now) { action() }
        for hook in hooks { hook() }
        sendAll()
    }

    private func timeout(_ maximum: Int) -> Int32 {
        if !localTasks.isEmpty || !unsent.isEmpty || stopping { return 0 }
        var wait = maximum < 0 ? Int.max : maximum
        if let next = wheel.nextEvent() {
            let clock = MonotonicClock.milliseconds()
            wait = min(wait, next > clock ? Int(next - clock) : 0)
        }
        return wait == .max ? -1 : Int32(clamping: wait)
    }

    private func dispatch(_ event: clinux_event) {
        let watch = Watch(index: UInt32(truncatingIfNeeded: event.data), generation: UInt32(event.data >> 32))
        // The descriptor may have been closed, and its slot used again, by an earlier event of the same turn.
        guard isLive(watch), let handler = slots[Int(watch.index)].handler else { return }
        handler.descriptorReady(Readiness(rawValue: event.ready))
    }

    private func drainMailboxes() {
        handle.beginDrain()
        handle.takeTasks(into: &tasks)
        for task in tasks { task(self) }
        tasks.removeAll(keepingCapacity: true)
        // By index: a handler may open a further mailbox.
        var index = 0
        while index < mailboxes.count {
            mailboxes[index]()
            index += 1
        }
    }

    private func runLocalTasks() {
        guard !localTasks.isEmpty else { return }
        let batch = localTasks
        localTasks = []
        for task in batch { task() }
    }
}

private final class ClosureHandler: DescriptorHandler {
    private let body: (Readiness) -> Void
    init(_ body: @escaping (Readiness) -> Void) { self.body = body }
    func descriptorReady(_ readiness: Readiness) { body(readiness) }
    func loopStopped() {}
}
