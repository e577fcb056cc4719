import Glibc
import Synchronization
import Testing

@testable import Network

@Suite struct EventLoopTests {
    @Test func `Messages from many threads arrive whole and in each thread's order`() throws {
        let loop = try EventLoop()
        var last = [Int](repeating: -1, count: 4)
        var count = 0
        let mailbox = loop.mailbox(of: (Int, Int).self, capacity: 1_000_000) { batch in
            for (thread, number) in batch {
                #expect(last[thread] == number - 1)
                last[thread] = number
                count += 1
            }
        }
        let group = try EventLoopGroup(count: 4, name: "poster") { _, index in
            for number in 0..<20_000 { #expect(mailbox.post((index, number))) }
        }
        loop.run { count == 80_000 }
        group.stop()
        group.join()
    }

    @Test func `A full mailbox refuses, and takes again once it was emptied`() throws {
        let loop = try EventLoop()
        var received: [Int] = []
        let mailbox = loop.mailbox(of: Int.self, capacity: 2) { received.append(contentsOf: $0) }
        #expect(mailbox.post(1))
        #expect(mailbox.post(2))
        #expect(!mailbox.post(3))
        loop.run { received == [1, 2] }
        #expect(mailbox.post(4))
        loop.run { received == [1, 2, 4] }
    }

    @Test func `Work is run on the loop's thread, and state that is bound to it comes through`() throws {
        let results = Mutex<[Bool]>([])
        let home = try EventLoop()
        let thread = try EventLoopThread.start(name: "worker") { loop in
            let state = LoopBound([1, 2, 3], on: loop)
            let handle = loop.handle
            loop.enqueue {
                handle.execute { inner in
                    results.withLock { $0.append(inner.handle.isCurrent && state.value == [1, 2, 3]) }
                }
            }
        }
        home.run { results.withLock { $0 == [true] } }
        #expect(!thread.handle.isCurrent)
        thread.stop()
        thread.join()
        #expect(!thread.handle.execute { _ in })
    }

    @Test func `A loop whose set-up fails reports why`() {
        struct Refusal: Error {}
        #expect(throws: Refusal.self) {
            try EventLoopThread.start(name: "broken") { _ in throw Refusal() }
        }
    }

    @Test func `Watching says when a descriptor is ready, until it ends`() throws {
        let loop = try EventLoop()
        let wakeup = try Wakeup()
        var seen = 0
        let watch = try loop.watch(wakeup.descriptor, readable: true) { readiness in
            #expect(readiness.contains(.readable))
            seen += 1
            wakeup.drain()
        }
        wakeup.signal()
        loop.run { seen == 1 }
        loop.setInterest(watch, readable: false, writable: false)
        wakeup.signal()
        loop.runTurn(maximumWaitMilliseconds: 0)
        #expect(seen == 1)
        loop.setInterest(watch, readable: true, writable: false)
        loop.run { seen == 2 }
        loop.end(watch)
        loop.end(watch)
        wakeup.signal()
        loop.runTurn(maximumWaitMilliseconds: 0)
        #expect(seen == 2)
    }

    @Test func `An event for a watch that ended in the same turn is dropped, also when its place is used again`() throws
    {
        let loop = try EventLoop()
        let (first, second, third) = (try Wakeup(), try Wakeup(), try Wakeup())
        var watches: [Watch] = []
        var calls: [String] = []
        func stop(_ name: String) {
            calls.append(name)
            for watch in watches { loop.end(watch) }
            // Takes the place that one of the two had.
            do throws(NetworkError) {
                try loop.watch(third.descriptor, readable: true) { _ in calls.append("third") }
            } catch {
                calls.append("\(error)")
            }
        }
        watches.append(try loop.watch(first.descriptor, readable: true) { _ in stop("first") })
        watches.append(try loop.watch(second.descriptor, readable: true) { _ in stop("second") })
        first.signal()
        second.signal()
        loop.runTurn(maximumWaitMilliseconds: 1_000)
        #expect(calls == ["first"] || calls == ["second"])
    }

    @Test func `Hooks run at the end of each turn`() throws {
        let loop = try EventLoop()
        var log: [String] = []
        loop.atEndOfTurn { log.append("hook") }
        loop.enqueue { log.append("task") }
        loop.runTurn(maximumWaitMilliseconds: 0)
        #expect(log == ["task", "hook"])
    }

    @Test func `A blocked signal reaches the loop`() throws {
        try Signal.block([.hangUp])
        let loop = try EventLoop()
        var seen: [Signal] = []
        try loop.onSignal([.hangUp]) { seen.append($0) }
        // To this thread only: others of the test process may not have blocked it.
        raise(Signal.hangUp.rawValue)
        loop.run { seen == [.hangUp] }
    }

    @Test func `A poller wakes for a signal and goes on without one`() throws {
        let wakeup = try Wakeup()
        var poller = Poller()
        let position = poller.add(wakeup.descriptor)
        var ready = try poller.wait(timeoutMilliseconds: 0)
        #expect(ready == 0)
        #expect(!poller.isReady(at: position))
        wakeup.signal()
        wakeup.signal()
        ready = try poller.wait(timeoutMilliseconds: -1)
        #expect(ready == 1)
        #expect(poller.isReady(at: position))
        #expect(wakeup.drain())
        #expect(!wakeup.drain())
    }
}
