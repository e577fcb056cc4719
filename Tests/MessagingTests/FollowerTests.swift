import Messaging
import Records
import Testing
import TradingCore

/// Rules 2, 8 and 14 from a reader's side.
struct FollowerTests {
    private let source = TopicPartition(.matching, UInt16(0))

    private func follower(
        _ cluster: InMemoryCluster, _ positions: [FollowerPosition], clusterID: String? = nil
    ) throws -> GatewayBench {
        try GatewayBench(cluster, slots: InMemorySlots(), positions: positions, clusterID: clusterID)
    }

    @Test func `Copies are dropped and holes wait for the missing record`() throws {
        let cluster = InMemoryCluster()
        let gateway = try follower(cluster, [FollowerPosition(beginningOf: source)])
        var engine = TestWriter(.ledgerService, 0)
        let frames = (1...3).map { engine.frame(1, [$0]) }
        for index in [0, 0, 2, 1, 2] { cluster.append(frames[index], to: source) }
        gateway.settle()
        #expect(gateway.seen.map(\.2) == [1, 2, 3])
        #expect(gateway.session.follower.duplicates == 1)
        #expect(gateway.session.follower.holes == 1)
    }

    @Test func `A follower goes on at a stored position with the numbers before it`() throws {
        let cluster = InMemoryCluster()
        var engine = TestWriter(.ledgerService, 0)
        let first = try follower(cluster, [FollowerPosition(beginningOf: source)])
        for value: Int64 in 1...3 { cluster.append(engine.frame(1, [value]), to: source) }
        first.settle()
        let positions = first.session.follower.positions
        #expect(positions.first?.next == 3)
        for value: Int64 in 4...5 { cluster.append(engine.frame(1, [value]), to: source) }
        let second = try follower(cluster, positions, clusterID: first.session.follower.cluster)
        second.settle()
        #expect(second.seen.map(\.2) == [4, 5])
        #expect(second.session.follower.isCaughtUp)

        var forgotten = positions
        forgotten[0].sequences = SequenceTable()
        let third = try follower(cluster, forgotten, clusterID: first.session.follower.cluster)
        third.settle()
        #expect(third.seen.isEmpty, "no reader adopts the first number that it happens to see")
    }

    @Test func `A view of the newest begins at the end, whatever number comes first there`() throws {
        let cluster = InMemoryCluster()
        var engine = TestWriter(.ledgerService, 0)
        let frames = (1...6).map { engine.frame(1, [$0]) }
        for index in 0..<3 { cluster.append(frames[index], to: source) }
        let gateway = try follower(cluster, [FollowerPosition(endOf: source)])
        gateway.settle()
        #expect(gateway.seen.isEmpty)
        for index in [1, 3, 3, 5, 4] { cluster.append(frames[index], to: source) }
        gateway.settle()
        #expect(gateway.seen.map(\.2) == [2, 4, 6], "the numbers rise; what is missing is not waited for")
        #expect(gateway.session.follower.failure == nil)
    }

    @Test func `A log that lost what was followed stops the follower`() throws {
        let cluster = InMemoryCluster()
        var engine = TestWriter(.ledgerService, 0)
        let gateway = try follower(cluster, [FollowerPosition(beginningOf: source)])
        for value: Int64 in 1...3 { cluster.append(engine.frame(1, [value]), to: source) }
        gateway.settle()
        cluster.loseTail(of: source, from: 1)
        gateway.settle()
        #expect(gateway.session.follower.failure?.kind == .logMismatch)
        let again = try follower(cluster, gateway.session.follower.positions, clusterID: "another")
        again.settle()
        #expect(again.session.follower.failure?.kind == .logMismatch)
    }

    @Test func `A tail lost at a later disturbance is found though it was followed over`() throws {
        let cluster = InMemoryCluster()
        var engine = TestWriter(.ledgerService, 0)
        let gateway = try follower(cluster, [FollowerPosition(beginningOf: source)])
        gateway.settle()
        func disturb() {
            cluster.isAway = true
            cluster.isAway = false
        }
        disturb()
        for value: Int64 in 1...3 { cluster.append(engine.frame(1, [value]), to: source) }
        gateway.settle()
        #expect(gateway.seen.count == 3)
        let lost = try #require(cluster.frames(of: source).last)
        cluster.loseTail(of: source, from: 2)
        cluster.now += 1
        cluster.append(lost.bytes, to: source)
        disturb()
        cluster.append(engine.frame(1, [4]), to: source)
        gateway.settle()
        #expect(gateway.seen.count == 4)
        gateway.now += 1_000_000
        gateway.settle()
        #expect(gateway.session.follower.failure?.kind == .logMismatch)
    }

    @Test func `A query waits until what was in the log has been delivered`() throws {
        let cluster = InMemoryCluster()
        var engine = TestWriter(.ledgerService, 0)
        let gateway = try follower(cluster, [FollowerPosition(beginningOf: source)])
        gateway.settle()
        for value: Int64 in 1...200 { cluster.append(engine.frame(1, [value]), to: source) }
        var outcomes: [(Bool, Int)] = []
        gateway.session.follower.whenCurrent([source], deadline: gateway.now + 1_000_000) { [unowned gateway] in
            outcomes.append(($0, gateway.seen.count))
        }
        gateway.settle()
        #expect(outcomes.map(\.0) == [true])
        #expect(outcomes.first?.1 == 200)

        cluster.isAway = true
        gateway.session.follower.whenCurrent([source], deadline: gateway.now + 1_000) { outcomes.append(($0, 0)) }
        gateway.settle(1_000)
        #expect(outcomes.map(\.0) == [true, false])
    }

    @Test func `A view is current once both marks were named`() {
        var view = ReadView(ledgerPartitions: 2, marketPartitions: 2)
        #expect(view.isCurrent(ledgerPartition: 0))
        view.sawExecutions(partition: 1, applied: [5, 0], written: [3, 0])
        #expect(!view.isCurrent(ledgerPartition: 0))
        #expect(view.isCurrent(ledgerPartition: 1))
        let engine = Writer(.matchingEngine, 1)
        view.sawAccountEvent(partition: 0, causeWriter: engine, causeNumber: 3, forwards: [])
        #expect(!view.isCurrent(ledgerPartition: 0), "an order that the engine has applied is not shown yet")
        let forwards = [ReadView.Forward(matchingPartition: 1, number: 5)]
        view.sawAccountEvent(
            partition: 0, causeWriter: Writer(.orderService, 0), causeNumber: 9, forwards: forwards)
        #expect(view.isCurrent(ledgerPartition: 0))
        view.sawExecutions(partition: 1, applied: [5, 0], written: [4, 0])
        #expect(!view.isCurrent(ledgerPartition: 0), "a fill that the ledger has not posted is not shown yet")
        view.sawAccountEvent(partition: 0, causeWriter: engine, causeNumber: 4, forwards: [])
        #expect(view.isCurrent(ledgerPartition: 0))
        view.sawExecutions(partition: 1, applied: [1, 0], written: [1, 0])
        #expect(view.isCurrent(ledgerPartition: 0), "marks never go back")
    }

    @Test func `Account events go out after the executions that they belong to`() {
        var view = ReadView(ledgerPartitions: 1, marketPartitions: 2)
        let engine = Writer(.matchingEngine, 0)
        let forwards = [ReadView.Forward(matchingPartition: 1, number: 2)]
        #expect(!view.executionsCover(partition: 0, causeWriter: engine, causeNumber: 1, forwards: []))
        #expect(
            !view.executionsCover(
                partition: 0, causeWriter: Writer(.orderService, 0), causeNumber: 1, forwards: forwards))
        view.sawExecutions(partition: 0, applied: [0], written: [1])
        view.sawExecutions(partition: 1, applied: [2], written: [0])
        #expect(view.executionsCover(partition: 0, causeWriter: engine, causeNumber: 1, forwards: forwards))
    }

    @Test func `A view loaded from the ledger's checkpoint knows what it has named`() {
        var view = ReadView(ledgerPartitions: 1, marketPartitions: 1)
        view.sawExecutions(partition: 0, applied: [7], written: [4])
        #expect(!view.isCurrent(ledgerPartition: 0))
        var runtime = RuntimeState(
            clusterID: "c", inbox: TopicPartition(.ledger, UInt16(0)), writer: Writer(.ledgerService, 0))
        runtime.sequences = SequenceTable([SequenceTable.Entry(writer: Writer(.matchingEngine, 0), number: 4)])
        runtime.written = [WrittenMark(destination: TopicPartition(.matching, UInt16(0)), number: 7, hash: 1)]
        view.adopt(runtime)
        #expect(view.isCurrent(ledgerPartition: 0))
    }

    @Test func `Parts are put together at the last one`() throws {
        var collector = PartCollector<[Int]>()
        let merge: ([[Int]]) -> [Int] = { $0.flatMap { $0 } }
        #expect(try collector.take([1], part: 0, moreParts: false, merge: merge) == [1])
        #expect(try collector.take([1], part: 0, moreParts: true, merge: merge) == nil)
        #expect(try collector.take([2], part: 1, moreParts: true, merge: merge) == nil)
        #expect(!collector.isEmpty)
        #expect(try collector.take([3], part: 2, moreParts: false, merge: merge) == [1, 2, 3])
        #expect(collector.isEmpty)
        #expect(throws: RecordFailure.self) {
            try collector.take([3], part: 1, moreParts: false, merge: merge)
        }
    }
}
