import Messaging
import Records
import TestBasics
import Testing
import TradingCore

/// Rules 3, 7, 9 and 12: checkpoints, crashes, refusals, replicas, logic versions.
struct CheckpointTests {
    /// A bench whose writes wait for `settle(_:)` of the cluster.
    private func manual() throws -> (InMemoryCluster, Bench) {
        let cluster = InMemoryCluster(automatic: false)
        return (cluster, try Bench(cluster))
    }

    private func acknowledgeAll(_ bench: Bench) {
        while let submission = bench.cluster.submissions.first {
            bench.cluster.settle(submission.id, .acknowledged)
            bench.settle()
        }
    }

    @Test func `A processor goes on at its checkpoint after a crash`() throws {
        let bench = try Bench()
        var gateway = TestWriter()
        bench.feed(gateway.frame(TallyMachine.Kind.add, [1]), gateway.frame(TallyMachine.Kind.add, [2]))
        bench.checkpoint()
        #expect(bench.checkpoints.newest?.runtime.next == 2)
        bench.feed(gateway.frame(TallyMachine.Kind.add, [4]))
        bench.checkpoints.crash()

        let again = try Bench(bench.cluster, checkpoints: bench.checkpoints)
        again.settle()
        #expect(again.total == 7)
        again.feed(gateway.frame(TallyMachine.Kind.add, [8]))
        #expect(again.total == 15)
        #expect(again.appliedEffects(1) == [1, 7])
        #expect(again.appliedEffects(0) == [3, 15])
        #expect(again.effects(1).map(\.number) == [1, 2, 2], "the replay writes the same record again")
    }

    @Test func `No checkpoint is saved before its outputs are acknowledged`() throws {
        let (cluster, bench) = try manual()
        var gateway = TestWriter()
        bench.feed(gateway.frame(TallyMachine.Kind.add, [1]))
        bench.checkpoint()
        #expect(cluster.submissions.count == 1)
        #expect(bench.checkpoints.newest == nil)
        acknowledgeAll(bench)
        bench.checkpoint()
        #expect(bench.checkpoints.newest?.runtime.next == 1)
        #expect(bench.checkpoints.newest?.runtime.written.first?.acknowledgedOffset == 0)
    }

    @Test func `Who follows a processor from its checkpoint misses nothing that was acknowledged meanwhile`() throws {
        let (cluster, bench) = try manual()
        let watched = TopicPartition(.matching, 1)
        var gateway = TestWriter()
        bench.feed(gateway.frame(TallyMachine.Kind.add, [1]))
        acknowledgeAll(bench)
        bench.feed(gateway.frame(TallyMachine.Kind.add, [2]))
        bench.checkpoint()
        for amount: Int64 in [4, 8, 16] { bench.feed(gateway.frame(TallyMachine.Kind.add, [amount])) }
        while let submission = cluster.submissions.first(where: { $0.destination == watched }) {
            cluster.settle(submission.id, .acknowledged)
            bench.settle()
        }
        #expect(bench.checkpoints.newest == nil, "the other partition's output is not acknowledged")
        let held = try #require(cluster.submissions.first)
        cluster.settle(held.id, .acknowledged)
        bench.settle()
        let mark = try written(bench, to: watched)
        #expect(mark.number == 1)
        #expect(mark.acknowledgedNumber == 3, "the log must keep what was acknowledged since")
        #expect(try valuesSeen(behind: mark, of: bench) == [7, 31])

        bench.checkpoints.crash()
        for submission in cluster.submissions { cluster.settle(submission.id, .lost) }
        let again = try Bench(cluster, checkpoints: bench.checkpoints)
        while again.processor.phase != .running { turn(again, by: 1) }
        turn(again, by: again.processor.configuration.checkpointMilliseconds, frames: 1)
        turn(again, by: 1)
        for submission in cluster.submissions { cluster.settle(submission.id, .acknowledged) }
        turn(again, by: 1)
        let next = try written(again, to: watched)
        #expect(next.number == 2)
        #expect(try valuesSeen(behind: next, of: again) == [31])
    }

    @Test func `Who follows the slower of two replicas misses nothing that the faster one wrote before`() throws {
        let cluster = InMemoryCluster()
        let watched = TopicPartition(.matching, 1)
        let fast = try Bench(cluster)
        var gateway = TestWriter()
        for amount: Int64 in [1, 2, 4, 8, 16] { fast.feed(gateway.frame(TallyMachine.Kind.add, [amount])) }
        let slow = try Bench(cluster)
        while slow.processor.phase != .running { turn(slow, by: 1) }
        turn(slow, by: slow.processor.configuration.checkpointMilliseconds, frames: 1)
        turn(slow, by: 1)
        // It ends here: nothing more of it comes, and what it did not write stands before what it did.
        let mark = try written(slow, to: watched)
        #expect(mark.number == 1)
        #expect(mark.acknowledgedOffset == 3)
        #expect(try valuesSeen(behind: mark, of: slow) == [7, 31])
    }

    @Test func `A tick that was applied lets followers begin behind what was acknowledged before it`() throws {
        let bench = try Bench { $0.tickMilliseconds = 500 }
        let watched = TopicPartition(.matching, 1)
        var gateway = TestWriter()
        for amount: Int64 in 1...9 { bench.feed(gateway.frame(TallyMachine.Kind.add, [amount])) }
        bench.checkpoint()
        bench.checkpoint()
        let mark = try written(bench, to: watched)
        #expect(mark.number == 5)
        #expect(mark.coveredOffset == bench.cluster.end(of: watched) - 1)
        #expect(try valuesSeen(behind: mark, of: bench) == [])
    }

    @Test func `Of two replicas in any order, either's checkpoint begins before all that it does not know`() throws {
        let seed = randomSeed
        print("MESSAGING_SEED=\(seed)")
        for round: UInt64 in 0..<20 { try followTwoReplicas(SplitMix64(seed: seed &+ round)) }
    }

    private func followTwoReplicas(_ generator: SplitMix64) throws {
        var random = generator
        let cluster = InMemoryCluster()
        let watched = TopicPartition(.matching, 1)
        var gateway = TestWriter()
        let replicas = try (0..<2).map { _ in try Bench(cluster) { $0.tickMilliseconds = 20 } }
        for _ in 0..<200 {
            if Int.random(in: 0..<3, using: &random) > 0 {
                cluster.append(gateway.frame(TallyMachine.Kind.add, [1]), to: Bench.inbox)
            }
            let replica = replicas[Int.random(in: 0..<10, using: &random) == 0 ? 1 : 0]
            turn(replica, by: .random(in: 0..<400, using: &random), frames: .random(in: 0..<4, using: &random))
        }
        replicas[0].settle()
        let values = replicas[0].appliedEffects(1)
        for replica in replicas {
            guard let mark = replica.checkpoints.newest?.runtime.written.first(where: { $0.destination == watched })
            else { continue }
            #expect(try valuesSeen(behind: mark, of: replica) == Array(values.dropFirst(Int(mark.number))))
        }
    }

    private func turn(_ bench: Bench, by milliseconds: Int64, frames: Int = 0) {
        bench.now += milliseconds
        bench.host.turn(now: bench.now, frames: frames)
    }

    private func written(_ bench: Bench, to destination: TopicPartition) throws -> WrittenMark {
        let runtime = try #require(bench.checkpoints.newest?.runtime)
        return try #require(runtime.written.first { $0.destination == destination })
    }

    private func valuesSeen(behind mark: WrittenMark, of bench: Bench) throws -> [Int64] {
        let position = FollowerPosition(behind: mark, of: bench.processor.configuration.writer)
        let gateway = try GatewayBench(
            bench.cluster, slots: InMemorySlots(), positions: [position], clusterID: bench.cluster.id)
        gateway.settle()
        #expect(gateway.session.follower.failure == nil)
        #expect(gateway.session.follower.holes == 0)
        return gateway.seen.map(\.2)
    }

    @Test func `A crash before the acknowledgement loses no output`() throws {
        let (cluster, bench) = try manual()
        var gateway = TestWriter()
        bench.feed(gateway.frame(TallyMachine.Kind.add, [1]))
        bench.checkpoint()
        let lost = try #require(cluster.submissions.first)
        cluster.settle(lost.id, .lost)
        bench.checkpoints.crash()
        let again = try Bench(cluster, checkpoints: bench.checkpoints)
        again.settle()
        acknowledgeAll(again)
        #expect(again.appliedEffects(1) == [1])
    }

    @Test func `One frame a partition is in flight and what is ready meanwhile goes as the next one`() throws {
        let (cluster, bench) = try manual()
        var gateway = TestWriter()
        for _ in 0..<9 { bench.feed(gateway.frame(TallyMachine.Kind.add, [1])) }
        #expect(cluster.submissions.count == 2)
        acknowledgeAll(bench)
        #expect(cluster.frames(of: TopicPartition(.matching, 0)).count == 2)
        #expect(cluster.frames(of: TopicPartition(.matching, 1)).count == 2)
        #expect(bench.appliedEffects(1) == [1, 3, 5, 7, 9])
    }

    @Test func `A refused record is written again from the checkpoint`() throws {
        let (cluster, bench) = try manual()
        var gateway = TestWriter()
        bench.feed(gateway.frame(TallyMachine.Kind.add, [1]))
        acknowledgeAll(bench)
        bench.checkpoint()
        bench.feed(gateway.frame(TallyMachine.Kind.add, [2]), gateway.frame(TallyMachine.Kind.add, [4]))
        let refused = try #require(cluster.submissions.first { $0.destination == TopicPartition(.matching, 0) })
        cluster.settle(refused.id, .refused("too large"))
        bench.settle()
        #expect(bench.processor.metrics.returns == 1)
        acknowledgeAll(bench)
        bench.checkpoint()
        #expect(bench.total == 7)
        #expect(bench.appliedEffects(0) == [3])
        #expect(bench.appliedEffects(1) == [1, 7])
        #expect(bench.checkpoints.newest?.runtime.next == 3)
    }

    @Test func `No checkpoint is taken between a refusal and the records being written again`() throws {
        let (cluster, bench) = try manual()
        var gateway = TestWriter()
        for amount in [1, 2, 4, 8] { bench.feed(gateway.frame(TallyMachine.Kind.add, [Int64(amount)])) }
        let refused = try #require(cluster.submissions.first { $0.destination == TopicPartition(.matching, 0) })
        cluster.settle(refused.id, .refused("too large"))
        bench.checkpoint()
        #expect(bench.checkpoints.newest == nil)
        acknowledgeAll(bench)
        bench.checkpoint()
        #expect(bench.checkpoints.newest?.runtime.next == 4)
    }

    @Test func `A replay after a refusal is not checkpointed half-way`() throws {
        let (cluster, bench) = try manual()
        var gateway = TestWriter()
        for amount in [1, 2, 4, 8] { bench.feed(gateway.frame(TallyMachine.Kind.add, [Int64(amount)])) }
        let refused = try #require(cluster.submissions.first { $0.destination == TopicPartition(.matching, 0) })
        cluster.settle(refused.id, .refused("too large"))
        while bench.processor.metrics.returns == 0 || bench.processor.phase != .running {
            bench.now += 1
            bench.host.turn(now: bench.now, frames: 0)
        }
        bench.now += 1
        bench.host.turn(now: bench.now, frames: 1)
        for _ in 0..<10 {
            for submission in cluster.submissions { cluster.settle(submission.id, .acknowledged) }
            bench.now += bench.processor.configuration.checkpointMilliseconds
            bench.host.turn(now: bench.now, frames: 0)
        }
        #expect(bench.total == 1)
        #expect(bench.checkpoints.newest == nil)
        bench.settle()
        acknowledgeAll(bench)
        bench.checkpoint()
        #expect(bench.checkpoints.newest?.runtime.next == 4)
    }

    @Test func `A record refused twice stops the processor`() throws {
        let (cluster, bench) = try manual()
        var gateway = TestWriter()
        bench.feed(gateway.frame(TallyMachine.Kind.add, [1]))
        for _ in 0..<2 {
            let submission = try #require(cluster.submissions.first { $0.client == bench.host.log.id })
            cluster.settle(submission.id, .refused("too large"))
            bench.settle()
        }
        #expect(bench.processor.failure?.kind == .refusedTwice)
        #expect(bench.processor.failure?.reason.contains("matching-1") == true)
    }

    @Test func `Two replicas write the same bytes and either may die`() throws {
        let cluster = InMemoryCluster()
        let first = try Bench(cluster)
        let second = try Bench(cluster)
        var gateway = TestWriter()
        for amount in 1...20 {
            cluster.append(gateway.frame(TallyMachine.Kind.add, [Int64(amount)]), to: Bench.inbox)
            if amount < 10 { first.settle() }
            second.settle()
        }
        #expect(second.processor.failure == nil)
        let expected = (1...20).map { $0 * ($0 + 1) / 2 }
        #expect(
            second.appliedEffects(1) == expected.enumerated().filter { $0.offset % 2 == 0 }.map { Int64($0.element) })
        #expect(second.effects(1).count > 10)
        first.settle()
        #expect(first.processor.fingerprint == second.processor.fingerprint)
    }

    @Test func `A diverging replica is found by its reader`() throws {
        let cluster = InMemoryCluster()
        let (first, second) = (try Bench(cluster), try Bench(cluster))
        first.settle()
        second.settle()
        second.processor.machine?.error = 1
        var gateway = TestWriter()
        cluster.append(gateway.frame(TallyMachine.Kind.add, [1]), to: Bench.inbox)
        first.settle()
        second.settle()
        var table = SequenceTable()
        var verdicts: [SequenceTable.Verdict] = []
        for (header, payload) in first.records(of: TopicPartition(.matching, 1)) {
            let verdict = table.judge(header, payload.span.bytes)
            verdicts.append(verdict)
            if verdict == .next { table.accept(header) }
        }
        #expect(verdicts == [.next, .diverged])
    }

    @Test func `A logic version that the release knows begins at its record`() throws {
        let bench = try Bench()
        var gateway = TestWriter()
        bench.feed(gateway.frame(TallyMachine.Kind.raise, bytes: RaiseLogicVersion(service: 3, version: 2).encoded))
        #expect(bench.processor.machine?.logicVersion == 2)
        bench.checkpoint()
        #expect(bench.checkpoints.newest?.runtime.logicVersion == 2)
    }

    @Test func `A logic version that the release does not know stops it before the record`() throws {
        let bench = try Bench()
        var gateway = TestWriter()
        bench.feed(gateway.frame(TallyMachine.Kind.add, [1]))
        bench.feed(gateway.frame(TallyMachine.Kind.raise, bytes: RaiseLogicVersion(service: 3, version: 3).encoded))
        bench.feed(gateway.frame(TallyMachine.Kind.add, [2]))
        #expect(bench.processor.failure?.kind == .unknownLogicVersion)
        #expect(bench.processor.failure?.offset == 1)
        #expect(bench.total == 1)
        #expect(bench.processor.machine?.logicVersion == 1)
    }

    @Test func `Another service's logic version passes`() throws {
        let bench = try Bench()
        var gateway = TestWriter()
        bench.feed(gateway.frame(TallyMachine.Kind.raise, bytes: RaiseLogicVersion(service: 4, version: 9).encoded))
        #expect(bench.processor.phase == .running)
    }

    @Test func `A checkpoint with an unknown logic version is not loaded`() throws {
        let bench = try Bench()
        var gateway = TestWriter()
        bench.feed(gateway.frame(TallyMachine.Kind.add, [1]))
        bench.checkpoint()
        var checkpoint = try #require(bench.checkpoints.newest)
        checkpoint.runtime.logicVersion = 3
        let again = try Bench(bench.cluster, checkpoints: InMemoryCheckpoints(checkpoint))
        again.settle()
        #expect(again.processor.failure?.kind == .unknownLogicVersion)
    }

    @Test func `Draining saves everything and stops`() throws {
        let bench = try Bench()
        var gateway = TestWriter()
        bench.feed(gateway.frame(TallyMachine.Kind.add, [1]))
        bench.processor.drain()
        bench.settle()
        #expect(bench.host.isDrained)
        #expect(bench.checkpoints.newest?.runtime.next == 1)
    }

    @Test func `The inbox waits while too much is in no saved checkpoint`() throws {
        let checkpoints = InMemoryCheckpoints()
        checkpoints.delay = true
        let bench = try Bench(checkpoints: checkpoints) { $0.maximumUnsavedRecords = 5 }
        var gateway = TestWriter()
        for _ in 0..<200 { bench.cluster.append(gateway.frame(TallyMachine.Kind.add, [1]), to: Bench.inbox) }
        bench.checkpoint()
        #expect(bench.total < 200)
        checkpoints.delay = false
        for _ in 0..<10 {
            checkpoints.settle()
            bench.checkpoint()
        }
        #expect(bench.total == 200)
    }

    @Test func `A checkpoint keeps everything through its encoding`() throws {
        let bench = try Bench()
        var gateway = TestWriter()
        bench.feed(gateway.frame(TallyMachine.Kind.add, [1]), gateway.frame(TallyMachine.Kind.add, [2]))
        bench.checkpoint()
        let checkpoint = try #require(bench.checkpoints.newest)
        let bytes = checkpoint.encoded
        #expect(try Checkpoint(decoding: bytes) == checkpoint)
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 1
            #expect(throws: StateError.self) { try Checkpoint(decoding: damaged) }
        }
        #expect(throws: StateError.self) { try Checkpoint(decoding: Array(bytes.dropLast())) }
    }
}
