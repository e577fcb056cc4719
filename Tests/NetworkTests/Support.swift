import Glibc
import Testing

@testable import Network

extension EventLoop {
    /// Turns the loop until the condition holds; gives up after 30 s, so that a broken test ends.
    func run(until condition: () -> Bool) {
        let end = MonotonicClock.milliseconds() + 30_000
        while !condition(), MonotonicClock.milliseconds() < end { runTurn(maximumWaitMilliseconds: 20) }
        #expect(condition())
    }
}

/// A seed printed with the test and taken back from an environment variable.
func seed(_ name: String = "NETWORK_TEST_SEED") -> UInt64 {
    let seed = getenv(name).flatMap { UInt64(String(cString: $0)) } ?? SystemRandom.uint64()
    print("\(name)=\(seed)")
    return seed
}

/// Collects what a connection receives, or sends it back.
final class Recorder: ConnectionDelegate {
    var received: [UInt8] = []
    var ended: ConnectionEnd?
    var opened = false
    var reachedEnd = false
    var drained = 0
    let echoes: Bool
    /// Leaves the last bytes of each delivery for the next one.
    var keeps = 0

    init(echoes: Bool = false) { self.echoes = echoes }

    func connectionOpened(_ connection: Connection) { opened = true }

    func connection(_ connection: Connection, received bytes: UnsafeMutableRawBufferPointer) -> Int {
        let used = max(bytes.count - keeps, 0)
        let part = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[..<used])
        received.append(contentsOf: part)
        if echoes { connection.write { $0.append(part) } }
        return used
    }

    func connectionReachedEnd(_ connection: Connection) {
        reachedEnd = true
        if echoes { connection.finish() }
    }

    func connectionDrained(_ connection: Connection) { drained += 1 }

    func connectionEnded(_ connection: Connection, _ reason: ConnectionEnd) { ended = reason }
}
