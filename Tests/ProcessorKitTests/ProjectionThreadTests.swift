import Messaging
import ProcessorKit
import ProjectionBench
import Records
import Testing
import TradingCore

/// The thread that stores what it follows, over a log and a table in memory.
@Suite(.timeLimit(.minutes(3)))
struct ProjectionThreadTests {
    private let bench: FollowerBench
    private let table = MemoryTable()

    init() throws { bench = try FollowerBench() }

    private func start(
        _ change: (inout ProjectionSettings) -> Void = { _ in }
    ) throws -> RunningProjection<MemoryProjection> {
        let context = try bench.context()
        var settings = ProjectionSettings(name: "demo", subject: "the demo", flushMilliseconds: 5)
        settings.retryMilliseconds = 5
        change(&settings)
        return RunningProjection(
            context,
            try ProjectionThread(
                context, settings, partitions: { [table] in [MemoryProjection(table)] }, log: bench.logMaker))
    }

    private func append(_ record: ExecutionsRecord) {
        bench.append(record, Writer(.matchingEngine, 0), to: MemoryProjection.inbox)
    }

    private func append(_ ids: ClosedRange<Int64>) {
        for id in ids { append(.execution(execution(id))) }
    }

    private func execution(_ id: Int64) -> Execution {
        Execution(
            instrument: InstrumentID(1),
            accepted: OrderAccepted(orderId: OrderID(id), account: AccountID(7), quantity: Quantity(10)))
    }

    private func awaitRows(_ count: Int64) throws {
        try bench.eventually { table.next == count }
        #expect(table.rows == Array(1...count))
    }

    @Test func `A store that refuses is tried again, and nothing is lost or stored twice`() throws {
        let running = try start()
        append(1...50)
        try awaitRows(50)
        table.set(.broken)
        append(51...100)
        try bench.eventually { try bench.said("the demo waits") > 2 }
        #expect(table.next == 50, "a position is kept only with what was stored")
        table.set(.none)
        append(101...120)
        try awaitRows(120)
        running.end()
        #expect(table.rows == Array(1...120))
    }

    @Test func `A session that ends leaves every row once, its last answer lost or not`() throws {
        let running = try start()
        for round: Int64 in 0..<20 {
            append(round * 10 + 1...round * 10 + 10)
            if round.isMultiple(of: 2) { table.endSessions() } else { table.set(.losesAnswer) }
            try awaitRows(round * 10 + 10)
        }
        running.end()
        #expect(try bench.said("another replica has written the demo") > 0)
    }

    @Test func `Stopping stores what was gathered`() throws {
        let running = try start()
        append(1...1)
        try awaitRows(1)
        table.set(.held)
        append(2...20)
        try bench.eventually { table.state.withLock { $0.isSaving } }
        // It is in the middle of a transaction; all of this comes behind that.
        append(21...50)
        running.stop()
        table.set(.none)
        running.end()
        #expect(table.rows == Array(1...50))
        let again = try start()
        append(51...60)
        try awaitRows(60)
        again.end()
    }

    @Test func `No position is kept between the parts of a record, not even when following ends there`() throws {
        let running = try start()
        append(1...5)
        try awaitRows(5)
        var part = execution(6)
        part.moreParts = true
        append(.execution(part))
        try bench.eventually { bench.metric("demo_waiting_rows", in: running.context) == 1 }
        running.end()
        #expect(table.next == 5)
        let again = try start()
        append(.execution(Execution(instrument: InstrumentID(1), part: 1)))
        try bench.eventually { table.next == 7 }
        #expect(table.rows == Array(1...6))
        again.end()
    }

    @Test func `Another replica takes over when the one that writes ends`() throws {
        let first = try start()
        append(1...10)
        try awaitRows(10)
        let second = try start()
        append(11...20)
        try awaitRows(20)
        first.end()
        append(21...40)
        try awaitRows(40)
        second.end()
    }

    @Test func `While the database is away the log is followed within the bound, and all of it is stored later`() throws
    {
        let running = try start { $0.maximumRows = 100 }
        append(1...10)
        try awaitRows(10)
        table.set(.away)
        append(11...60)
        try bench.eventually { bench.metric("demo_waiting_rows", in: running.context) == 50 }
        append(61...400)
        try bench.eventually { bench.metric("demo_waiting_rows", in: running.context) ?? 0 >= 100 }
        #expect(table.state.withLock { $0.taken } < 400, "a turn's frames at the most come on top")
        #expect(table.next == 10)
        table.set(.none)
        try awaitRows(400)
        running.end()
        #expect(table.state.withLock { $0.taken } == 400, "nothing is read a second time")
    }

    @Test func `The position of an idle partition is stored`() throws {
        let running = try start { $0.positionMilliseconds = 20 }
        append(1...1)
        try awaitRows(1)
        for _ in 0..<10 { append(.tick(EngineTick())) }
        try bench.eventually { table.next == 11 }
        #expect(table.rows == [1])
        running.end()
    }

    @Test func `A thread that starts while the database is away follows what is new, and stores all once it is back`()
        throws
    {
        append(1...20)
        table.set(.away)
        let running = try start { $0.followsUnwritten = true }
        try bench.eventually { try bench.said("the demo waits") > 0 }
        // Where it begins is where the log ends at its first look.
        var id: Int64 = 20
        try bench.eventually {
            id += 1
            append(id...id)
            return table.state.withLock { $0.seen } > 0
        }
        let seen = table.state.withLock { $0.seen }
        append(id + 1...id + 10)
        try bench.eventually { table.state.withLock { $0.seen } >= seen + 10 }
        #expect(table.next == 0)
        table.set(.none)
        try awaitRows(id + 10)
        running.end()
    }

    @Test func `A thread whose partitions are followed for their rows only waits for the database`() throws {
        table.set(.away)
        let running = try start()
        append(1...20)
        try bench.eventually { try bench.said("the demo waits") > 2 }
        #expect(table.state.withLock { $0.taken } == 0)
        table.set(.none)
        try awaitRows(20)
        running.end()
    }
}
