import Messaging
import Records
import TradingCore

/// What goes wrong once in a history beyond the faults that everybody lives with.
enum Incident: Equatable {
    case none
    /// The broker comes back with less than it had acknowledged.
    case tailLost
    /// Retention deletes what a replica has yet to read.
    case retentionPassed
    case otherCluster
    /// One replica of a partition writes a record too many.
    case divergence(WriterKind, Int)
    /// A service's logic version is raised, and its replicas are upgraded, in time or not.
    case upgrade(WriterKind)

    static func random(_ random: inout Randomness) -> Incident {
        switch random.below(100) {
        case 0..<10: return .tailLost
        case 10..<22: return .retentionPassed
        case 22..<27: return .otherCluster
        case 27..<37:
            let kinds: [WriterKind] = [.orderService, .ledgerService, .matchingEngine, .marketDataBroadcaster]
            return .divergence(kinds[random.below(4)], random.below(2))
        case 37..<52:
            let kinds: [WriterKind] = [.orderService, .ledgerService, .matchingEngine]
            return .upgrade(kinds[random.below(3)])
        default: return .none
        }
    }
}

extension History {
    /// The incident of this history, at some step in its middle.
    func bringAboutIncident() throws {
        switch incident {
        case .none: break
        case .divergence: incidentHappened = true
        case .tailLost: if isTime { try loseSomeTail() }
        case .retentionPassed: if isTime { passByRetention() }
        case .otherCluster:
            if isTime {
                incidentHappened = true
                events[.otherCluster] += 1
                // What has run, or will start from a checkpoint, has seen the first cluster.
                for (index, replica) in replicas.enumerated()
                where replica.process?.runningPosition != nil || replica.checkpointed != nil {
                    condemned.insert(index)
                    if replica.checkpointed != nil { condemnedForGood.insert(index) }
                }
                for gateway in gateways where gateway.session.follower.cluster != nil {
                    condemnedGateways.insert(ObjectIdentifier(gateway))
                }
                cluster.id = "another"
            }
        case .upgrade(let kind): try upgrade(kind)
        }
    }

    private var isTime: Bool { !incidentHappened && step > 40 && random.happens(30) }

    // MARK: Losses

    private func loseSomeTail() throws {
        let partitions = cluster.partitions.filter { cluster.end(of: $0) > 4 }
        guard !partitions.isEmpty else { return }
        let partition = partitions[random.below(partitions.count)]
        incidentHappened = true
        events[.tailLost] += 1
        let end = cluster.end(of: partition) - Int64(1 + random.below(3))
        for (index, replica) in replicas.enumerated() where replica.inbox == partition {
            // Whatever it does next, it has read, or saved that it had read, what is lost.
            let hasRead = replica.process?.runningPosition.map { $0 > end } ?? false
            let hasSaved = replica.checkpointed.map { $0 > end } ?? false
            if hasSaved || hasRead { condemned.insert(index) }
            if hasSaved { condemnedForGood.insert(index) }
        }
        for gateway in gateways
        where gateway.session.follower.positions.contains(where: { $0.partition == partition && $0.next > end }) {
            condemnedGateways.insert(ObjectIdentifier(gateway))
        }
        newestLost = cluster.frames(of: partition, from: end).map(\.stamp).max() ?? 0
        cluster.isAway = true
        cluster.loseTail(of: partition, from: end)
        cluster.isAway = false
        logs = Logs(venue)
        settled = SettledNumbers(venue)
        for gateway in gateways { gateway.forgetVerified() }
        // Nothing that comes instead has the stamp of what was lost.
        cluster.now = max(cluster.now, newestLost)
        pass(1)
    }

    /// Retention goes beyond the checkpoint of one replica that is down; another of the same partition may go on.
    private func passByRetention() {
        let inboxes: [Topic] = [.orders, .ledger, .matching]
        guard
            let index = replicas.indices.first(where: {
                replicas[$0].process == nil && inboxes.contains(replicas[$0].inbox.topic)
            })
        else { return }
        let replica = replicas[index]
        let next = replica.checkpointed ?? 0
        let others = replicas.indices.filter { $0 != index && replicas[$0].inbox == replica.inbox }
        let bound = others.map { replicas[$0].firstWanted }.min() ?? cluster.end(of: replica.inbox)
        guard bound > next + 1 else { return }
        incidentHappened = true
        events[.passedByRetention] += 1
        condemned.insert(index)
        condemnedForGood.insert(index)
        retain(replica.inbox, from: next + 1 + Int64(random.below(Int(bound - next - 1))))
    }

    /// Retention that leaves every checkpoint its inbox.
    func retainSome() {
        guard incident != .tailLost else { return }
        let replica = replicas[random.below(replicas.count)]
        guard [.orders, .ledger, .matching].contains(replica.inbox.topic) else { return }
        let oldest = replicas.filter { $0.inbox == replica.inbox }.map { $0.firstWanted }.min() ?? 0
        guard oldest > 0 else { return }
        events[.retention] += 1
        retain(replica.inbox, from: Int64(1 + random.below(Int(oldest))))
    }

    private func retain(_ partition: TopicPartition, from offset: Int64) {
        // The readers of the checks keep what is deleted now.
        do { try logs.advance(in: cluster) } catch {
            violation = violation ?? Violation("\(error)")
        }
        cluster.retain(partition, from: offset)
    }

    // MARK: Releases

    private func upgrade(_ kind: WriterKind) throws {
        let mine = replicas.indices.filter { replicas[$0].kind == kind }
        // A rolling upgrade, one process at a time; some may be forgotten.
        if step > 20, random.happens(40), let index = mine.first(where: { replicas[$0].release == .current }) {
            replicas[index].release = .next
            kill(index)
        }
        if incidentHappened, random.happens(15) {
            // Somebody goes back to the old release, which may not go on from where the next one stood.
            let index = mine[random.below(mine.count)]
            replicas[index].release = .current
            kill(index)
        }
        guard !incidentHappened, step > 60, random.happens(20) else { return }
        incidentHappened = true
        events[.versionRaised] += 1
        let raise = RaiseLogicVersion(service: UInt32(kind.rawValue), version: 2)
        if kind == .matchingEngine {
            for partition in 0..<venue.marketPartitions {
                let destination = TopicPartition(.matching, partition)
                try appendByTool(MatchingRecord.raiseLogicVersion(raise), to: destination)
            }
        } else {
            for partition in 0..<venue.accountPartitions {
                let destination = TopicPartition(.orders, partition)
                try appendByTool(OrdersRecord.raiseLogicVersion(raise), to: destination)
            }
        }
    }

    /// The slot of the operators' tool that raises logic versions; it waits for no answer.
    static let toolSlot = 9

    private func appendByTool<Record: RecordUnion>(_ record: Record, to destination: TopicPartition) throws {
        var frame = FrameWriter()
        let header = EnvelopeHeader(writer: Writer(.gateway, History.toolSlot), number: 1, epoch: 1, schemaVersion: 1)
        guard frame.append(header, record, after: 0) != nil else { throw Violation("a frame has no room") }
        cluster.append(frame.array, to: destination)
    }

    /// A process of the old release stops before a record that it does not know; its successor goes on there.
    func upgradeStopped() throws {
        guard case .upgrade = incident, incidentHappened else { return }
        for index in replicas.indices {
            guard let failure = replicas[index].process?.failure, failure.kind == .unknownLogicVersion else { continue }
            guard replicas[index].release == .current else { throw Violation("the next release stops: \(failure)") }
            events[.oldReleaseStopped] += 1
            replicas[index].release = .next
            replicas[index].kill()
            try replicas[index].start()
        }
    }

    // MARK: The verdict

    /// Sends through every line, so that replicas which have diverged write side by side: a definition passes through its
    /// engine to everybody, then through the ledgers.
    func probe() throws {
        for _ in 0..<4 where stops.isEmpty {
            venueOperator.change(.firstInstrument, &random)
            venueOperator.change(.secondInstrument, &random)
            for _ in 0..<2 {
                venueOperator.reconcile()
                for _ in venueOperator.waiting { writeDefinition() }
                try turnAll(rounds: 20, milliseconds: 50) { false }
            }
        }
    }

    /// Whether whoever had to stop has stopped, and nobody else has.
    func judge() throws -> Ending {
        for index in condemned {
            guard let failure = replicas[index].process?.failure else {
                throw Violation("\(replicas[index].name) goes on on a log that is not the one it has seen")
            }
            // Whoever had not read what was lost may meet what followed from it before it meets the loss.
            guard failure.kind == .logMismatch || incident == .tailLost else {
                throw Violation("\(replicas[index].name) stopped otherwise than it must: \(failure)")
            }
        }
        for gateway in gateways where condemnedGateways.contains(ObjectIdentifier(gateway)) {
            guard gateway.session.follower.failure != nil else {
                throw Violation("gateway \(gateway.slot) goes on on a log that is not the one it has seen")
            }
        }
        switch incident {
        case .divergence:
            if stops.contains(where: { $0.kind == .diverged }) {
                events[.replicaDiverged] += 1
                return .stoppedByDivergence
            }
        case .tailLost where incidentHappened:
            // A record that cannot follow is how whoever had not read what was lost finds it.
            let all = stops + condemned.compactMap { replicas[$0].process?.failure }
            let kinds: [InvariantError.Kind] = [.logMismatch, .diverged, .brokenInvariant]
            if all.contains(where: { kinds.contains($0.kind) }) { return .stoppedByLoss }
        case .otherCluster where incidentHappened:
            guard stops.allSatisfy({ $0.kind == .logMismatch }) else { throw Violation("stopped: \(stops)") }
            return .stoppedByLoss
        case .retentionPassed where incidentHappened:
            let isServed = condemned.allSatisfy { index in
                replicas.indices.contains {
                    !condemned.contains($0) && replicas[$0].inbox == replicas[index].inbox
                }
            }
            if stops.isEmpty, violation == nil, !isServed { return .stoppedByLoss }
        default: break
        }
        if let violation { throw violation }
        guard stops.isEmpty else { throw Violation("stopped: \(stops)") }
        return .completed
    }
}
