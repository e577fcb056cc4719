import Messaging
import Records
import TradingCore

extension History {
    /// A step: some processes take a turn, some submissions find their fate, clients send, faults happen.
    func takeStep() throws {
        pass(Int64(random.below(20)))
        try injectFaults()
        settleSome()
        for index in replicas.indices where !isDown[index] && pausedUntil[index] <= step && random.happens(600) {
            replicas[index].turn(now: now, frames: random.below(5))
        }
        for gateway in gateways where isTurning(gateway) && random.happens(700) {
            gateway.turn(now: now, frames: random.below(8))
        }
        if random.happens(600) { act() }
        if random.happens(80) { read() }
        watchReads()
    }

    private func isTurning(_ gateway: SimulatedGateway) -> Bool {
        gatewayPausedUntil[ObjectIdentifier(gateway), default: 0] <= step
    }

    private func isFault(_ permille: Int) -> Bool { random.below(100_000) < permille * faults }

    /// Submissions of one client to one partition are settled in order: only one is in flight.
    private func settleSome() {
        guard !cluster.isAway else { return }
        for submission in cluster.submissions where random.happens(650) {
            if !isAlive(submission.client) {
                cluster.settle(submission.id, random.happens(600) ? .appendedWithoutAcknowledgement : .lost)
            } else if isFault(40) {
                // The acknowledgement was lost: the client library sends it again.
                cluster.append(submission.frame, to: submission.destination)
            } else if isFault(20) {
                cluster.settle(submission.id, .acknowledgedTwice)
            } else if isFault(3), !hasRefused {
                hasRefused = true
                cluster.settle(submission.id, .refused("for the test"))
            } else {
                cluster.settle(submission.id, .acknowledged)
            }
        }
    }

    // MARK: Faults

    private func injectFaults() throws {
        for index in replicas.indices {
            if isDown[index], pausedUntil[index] <= step {
                try replicas[index].start()
                isDown[index] = false
            } else if !isDown[index], isFault(9) {
                replicas[index].kill()
                isDown[index] = true
                pausedUntil[index] = step + random.below(30)
            } else if isFault(8) {
                pausedUntil[index] = step + random.below(40)
            }
        }
        for index in gateways.indices.reversed() { try injectGatewayFaults(index) }
        if isFault(6) { pass(Int64(1_000 + random.below(11_000))) }
        if isFault(6) { cluster.now -= Int64(random.below(400)) }
        if cluster.isAway ? random.happens(300) : isFault(5) { cluster.isAway.toggle() }
        if isFault(12) { copySomeFrame() }
        if losesTail, !hasLostTail, step > 40, random.happens(30) { loseSomeTail() }
    }

    private func injectGatewayFaults(_ index: Int) throws {
        let gateway = gateways[index]
        if gateway.hasEnded || isFault(6) {
            end(gateway)
            gateways.remove(at: index)
            if !gateways.contains(where: { $0.slot == gateway.slot }) {
                gateways.append(try makeGateway(slot: gateway.slot))
            }
        } else if isFault(3), gateways.count < 4 {
            // Another process takes the slot while this one is still running, or suspended.
            gateways.append(try makeGateway(slot: gateway.slot))
            gatewayPausedUntil[ObjectIdentifier(gateway)] = step + random.below(40)
        } else if isFault(6) {
            gatewayPausedUntil[ObjectIdentifier(gateway)] = step + random.below(50)
        }
    }

    /// The process is gone: its clients hear nothing and its queries end.
    private func end(_ gateway: SimulatedGateway) {
        let identity = ObjectIdentifier(gateway)
        for (token, owner) in owners where owner == identity { take(token, .unknown) }
        reads.removeAll { $0.gateway === gateway }
        gatewayPausedUntil[identity] = nil
    }

    /// A frame that was appended before comes again, however old.
    private func copySomeFrame() {
        let partitions = cluster.partitions
        guard !partitions.isEmpty else { return }
        let partition = partitions[random.below(partitions.count)]
        let frames = cluster.frames(of: partition)
        guard !frames.isEmpty else { return }
        cluster.append(frames[random.below(frames.count)].bytes, to: partition)
    }

    /// The broker goes away and comes back with less than it had acknowledged.
    private func loseSomeTail() {
        let partitions = cluster.partitions.filter { cluster.end(of: $0) > 4 }
        guard !partitions.isEmpty else { return }
        let partition = partitions[random.below(partitions.count)]
        hasLostTail = true
        cluster.isAway = true
        cluster.loseTail(of: partition, from: cluster.end(of: partition) - Int64(1 + random.below(3)))
        cluster.isAway = false
    }

    // MARK: Clients

    /// A client sends something new, or again what it has no answer for.
    private func act() {
        for index in operations.indices {
            if case .again(let time) = operations[index].state, time <= now, random.happens(500) { send(index) }
        }
        let account = 1 + random.below(venue.accounts)
        let own = operations.filter { $0.account == account }
        guard own.filter({ $0.state == .waiting }).count < 3 else { return }
        let placed = own.compactMap { operation -> (ASCIIText, Int)? in
            guard case .place(let instrument, _, _, _, _) = operation.kind else { return nil }
            return (operation.key, instrument)
        }
        operations.append(Operation.random(operations.count, account: account, placed: placed, &random))
        send(operations.count - 1)
        if random.happens(80), let (target, instrument) = placed.last {
            let kind = Operation.Kind.query(target: target, instrument: instrument)
            let key = ASCIIText("q\(operations.count)") ?? ASCIIText()
            operations.append(Operation(kind: kind, account: account, key: key))
            send(operations.count - 1)
        }
    }

    /// Sends an operation once more, signed anew with a later timestamp.
    private func send(_ index: Int) {
        guard !gateways.isEmpty else { return }
        let gateway = gateways[random.below(gateways.count)]
        let token = nextToken
        nextToken += 1
        let timestamp = now + History.wallClockOffset
        operations[index].attempts.append(Operation.Attempt(token: token, timestamp: timestamp))
        operations[index].state = .waiting
        tokens[token] = (index, operations[index].attempts.count - 1)
        owners[token] = ObjectIdentifier(gateway)
        let destination = venue.orders(ofAccount: operations[index].account)
        let record = operations[index].record(at: timestamp)
        if case .failure = gateway.session.writer.submit(record, to: destination, token: token) { take(token, .shed) }
    }

    func take(_ token: UInt64, _ answer: Answer) {
        owners[token] = nil
        guard let (index, attempt) = tokens[token] else { return }
        guard index >= 0 else {
            openOperator -= 1
            return
        }
        guard operations[index].attempts[attempt].answer == nil else {
            violation = Violation("operation \(operations[index].key) was answered twice")
            return
        }
        operations[index].attempts[attempt].answer = answer
        switch answer {
        case .unknown, .shed:
            let mayTryAgain = operations[index].attempts.count < Operation.maximumAttempts
            operations[index].state = mayTryAgain ? .again(at: now + Int64(random.below(200))) : .abandoned
        case .execution: operations[index].state = .resolved
        case .event(let event):
            operations[index].state = .resolved
            if event.marker != nil, event.orderId.rawValue == 0,
                case .query(let target, _) = operations[index].kind
            {
                let timestamp = operations[index].attempts[attempt].timestamp
                notFound.append((operations[index].account, target, timestamp))
            }
        }
    }

    // MARK: Reads on another gateway

    private func read() {
        guard !gateways.isEmpty, reads.count < 8 else { return }
        let gateway = gateways[random.below(gateways.count)]
        let account = 1 + random.below(venue.accounts)
        let executions = (0..<venue.marketPartitions).map { TopicPartition(.executions, $0) }
        let number = nextToken
        nextToken += 1
        let ends = executions.map(cluster.end(of:))
        reads.append(Read(gateway: gateway, account: account, ends: ends, deadline: now + 2_000, number: number))
        gateway.session.follower.whenCurrent(executions, deadline: (now + 2_000) * 1_000) { [unowned self] isCurrent in
            guard let index = reads.firstIndex(where: { $0.number == number }) else { return }
            if isCurrent { reads[index].hasPassed = true } else { reads.remove(at: index) }
        }
    }

    /// A read is answered once the view has named both marks; then it must show every execution that was there.
    func watchReads() {
        for read in reads where read.hasPassed {
            let partition = venue.partition(ofAccount: read.account)
            guard read.gateway.view.isCurrent(ledgerPartition: partition) else { continue }
            do { try checkRead(read, partition) } catch { violation = Violation("\(error)") }
            completedReads += 1
            reads.removeAll { $0.number == read.number }
        }
        reads.removeAll { $0.deadline < now }
    }
}
