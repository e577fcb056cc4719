import Messaging
import Records
import TradingCore

extension History {
    func isFault(_ permille: Int) -> Bool { random.below(100_000) < permille * faults }

    // MARK: Submissions

    /// Submissions of one client to one partition are settled in order: only one is in flight.
    func settleSome() {
        guard !cluster.isAway else { return }
        for submission in cluster.submissions where random.happens(pace) {
            if !isAlive(submission.client) {
                cluster.settle(submission.id, random.happens(600) ? .appendedWithoutAcknowledgement : .lost)
            } else if isFault(60) {
                // The acknowledgement was lost: the client library sends it again.
                events[.acknowledgementLost] += 1
                cluster.append(submission.frame, to: submission.destination)
            } else if isFault(20) {
                cluster.settle(submission.id, .acknowledgedTwice)
            } else if isFault(8), mayRefuse(submission) {
                events[.frameRefused] += 1
                cluster.settle(submission.id, .refused("for the test"))
            } else {
                cluster.settle(submission.id, .acknowledged)
                if isFault(25), isGateway(submission.client) { loseAcknowledged(submission) }
            }
        }
    }

    private func isGateway(_ client: UInt64) -> Bool { gateways.contains { $0.session.log.id == client } }

    private func mayRefuse(_ submission: InMemoryCluster.Submission) -> Bool {
        guard !isGateway(submission.client) else { return true }
        let lane = RefusedLane(client: submission.client, destination: submission.destination)
        return refused.insert(lane).inserted
    }

    /// The broker has acknowledged a gateway's frame and loses it before anyone reads it: a hole once the next one comes.
    private func loseAcknowledged(_ submission: InMemoryCluster.Submission) {
        events[.acknowledgedAndLost] += 1
        cluster.loseTail(of: submission.destination, from: cluster.end(of: submission.destination) - 1)
    }

    // MARK: Processes and the broker

    func injectFaults() throws {
        for index in replicas.indices { try injectReplicaFaults(index) }
        for index in gateways.indices.reversed() { try injectGatewayFaults(index) }
        if isFault(10) { pass(Int64(1_000 + random.below(11_000))) }
        if isFault(10) {
            events[.clockSetBack] += 1
            cluster.now = max(cluster.now - Int64(random.below(400)), newestLost + 1)
        }
        if cluster.isAway {
            if random.happens(250) { cluster.isAway = false }
        } else if isFault(6) {
            events[.brokerAway] += 1
            cluster.isAway = true
        }
        if isFault(20) { copySomeFrame() }
        if isFault(5) { forgeRecord() }
        if isFault(10) { retainSome() }
        try bringAboutIncident()
    }

    private func injectReplicaFaults(_ index: Int) throws {
        let replica = replicas[index]
        if random.happens(300) { replica.settleCheckpoint() }
        guard replica.process != nil else {
            if pausedUntil[index] <= step { try replica.start() }
            return
        }
        if replica.hasStopped(now: now) {
            kill(index)
        } else if isFault(9) {
            events[.crash] += 1
            kill(index)
        } else if isFault(3) {
            events[.stop] += 1
            replica.drain(now: now)
        } else if isFault(8) {
            events[.suspension] += 1
            pausedUntil[index] = step + random.below(40)
        }
    }

    /// The process is gone and comes back some steps later.
    func kill(_ index: Int) {
        // What stopped must stay stopped, unless a new release is to go on.
        if condemned.contains(index), replicas[index].process?.failure != nil { return }
        replicas[index].kill()
        if !condemnedForGood.contains(index) { condemned.remove(index) }
        pausedUntil[index] = step + random.below(30)
    }

    private func injectGatewayFaults(_ index: Int) throws {
        let gateway = gateways[index]
        if gateway.hasEnded || isFault(6) {
            events[.gatewayDeath] += 1
            end(gateway)
            gateways.remove(at: index)
            if !gateways.contains(where: { $0.slot == gateway.slot }) {
                gateways.append(try makeGateway(slot: gateway.slot))
            }
        } else if isFault(6), gateways.count < 4 {
            // Another process takes the slot while this one is still running, or suspended.
            events[.takeover] += 1
            gateways.append(try makeGateway(slot: gateway.slot))
            gatewayPausedUntil[ObjectIdentifier(gateway)] = step + random.below(40)
        } else if isFault(6) {
            events[.suspension] += 1
            gatewayPausedUntil[ObjectIdentifier(gateway)] = step + random.below(50)
        }
    }

    /// The process is gone: its clients hear nothing and its queries end.
    private func end(_ gateway: SimulatedGateway) {
        let identity = ObjectIdentifier(gateway)
        for (token, owner) in owners.sorted(by: { $0.key < $1.key }) where owner == identity { take(token, .unknown) }
        reads.removeAll { $0.gateway === gateway }
        gatewayPausedUntil[identity] = nil
        condemnedGateways.remove(identity)
    }

    // MARK: Frames

    /// A frame that was appended before comes again, however old.
    private func copySomeFrame() {
        let partitions = cluster.partitions
        guard !partitions.isEmpty else { return }
        let partition = partitions[random.below(partitions.count)]
        let frames = cluster.frames(of: partition)
        guard !frames.isEmpty else { return }
        events[.oldFrameAgain] += 1
        cluster.append(frames[random.below(frames.count)].bytes, to: partition)
    }

    /// A record under a gateway's next number whose hash does not follow: it closes the epoch.
    private func forgeRecord() {
        let partition = TopicPartition(.orders, random.below(venue.accountPartitions))
        guard let last = lastOfGateway(in: partition) else { return }
        events[.forgedRecord] += 1
        var header = last
        header.number += 1
        header.hash ^= 1
        var frame = FrameWriter()
        let payload: [UInt8] = []
        if frame.append(header, payload: payload.span.bytes) { cluster.append(frame.array, to: partition) }
    }

    private func lastOfGateway(in partition: TopicPartition) -> EnvelopeHeader? {
        var last: EnvelopeHeader?
        for frame in cluster.frames(of: partition, from: cluster.end(of: partition) - 10) {
            var reader = FrameReader()
            while let item = reader.next(in: frame.bytes.span.bytes) {
                guard case .record(let record) = item, record.header.writer.kind == .gateway,
                    record.header.writer.index != History.toolSlot, record.header.number > 0
                else { continue }
                last = record.header
            }
        }
        return last
    }
}
