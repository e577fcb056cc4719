import Messaging
import Records
import TradingCore

extension History {
    /// A step: some processes take a turn, some submissions find their fate, clients send, faults happen.
    func takeStep() throws {
        pass(Int64(random.below(20)))
        try injectFaults()
        settleSome()
        for index in replicas.indices where pausedUntil[index] <= step && random.happens(600) {
            _ = replicas[index].process?.turn(now: now, frames: random.below(5))
        }
        for gateway in gateways where isTurning(gateway) && random.happens(700) {
            gateway.turn(now: now, frames: random.below(8))
        }
        if random.happens(700) { act() }
        if random.happens(60) { operate() }
        if random.happens(300) { writeDefinition() }
        if random.happens(30) { followTrades() }
        if random.happens(80) { read() }
        try upgradeStopped()
        try watchReads()
    }

    private func isTurning(_ gateway: SimulatedGateway) -> Bool {
        gatewayPausedUntil[ObjectIdentifier(gateway), default: 0] <= step
    }

    // MARK: Clients

    /// A client sends something new, or again what it has no answer for.
    private func act() {
        for index in operations.indices {
            if case .again(let time) = operations[index].state, time <= now, random.happens(500) { send(index) }
        }
        let account = 1 + random.below(venue.accounts)
        let own = operations.filter { $0.account == account }
        guard own.filter({ $0.state == .waiting }).count < 4 else { return }
        let placed = own.compactMap { operation -> Operation.Placed? in
            guard case .place(let terms) = operation.kind else { return nil }
            return Operation.Placed(key: operation.key, terms: terms)
        }
        operations.append(
            Operation.random(
                operations.count, account: account, placed: placed.suffix(8), held: heldWithdrawals.suffix(6), &random))
        send(operations.count - 1)
        if random.happens(100), let last = placed.last {
            addOperation(.query(target: last.key, instrument: last.terms.instrument), account: account)
        }
    }

    func addOperation(_ kind: Operation.Kind, account: Int) {
        let key = ASCIIText("o\(operations.count)") ?? ASCIIText()
        operations.append(Operation(kind: kind, account: account, key: key))
        send(operations.count - 1)
    }

    /// Sends an operation once more, signed anew with a later timestamp.
    private func send(_ index: Int) {
        guard !gateways.isEmpty else { return }
        let gateway = gateways[random.below(gateways.count)]
        let token = nextToken
        nextToken += 1
        let timestamp = now + History.wallClockOffset
        let attempt = operations[index].attempts.count
        operations[index].attempts.append(Operation.Attempt(token: token, timestamp: timestamp))
        operations[index].state = .waiting
        tokens[token] = (index, attempt)
        owners[token] = ObjectIdentifier(gateway)
        let destination = venue.orders(ofAccount: operations[index].account)
        let record = operations[index].record(at: timestamp)
        if let origin = gateway.submit(record, to: destination, token: token, isOperator: false) {
            operations[index].attempts[attempt].origin = origin
        } else {
            take(token, .shed)
        }
    }

    /// Takes an answer, whoever it is for.
    func take(_ token: UInt64, _ answer: Answer) {
        owners[token] = nil
        if beginningTokens.remove(token) != nil { return }
        guard let (index, attempt) = tokens[token] else {
            do { try venueOperator.answered(token, answer) } catch {
                violation = violation ?? Violation("\(error)")
            }
            return
        }
        guard operations[index].attempts[attempt].answer == nil else {
            violation = violation ?? Violation("operation \(operations[index].key) was answered twice")
            return
        }
        operations[index].attempts[attempt].answer = answer
        switch answer {
        case .unknown, .shed:
            if case .unknown = answer { events[.outcomeUnknown] += 1 } else { events[.shed] += 1 }
            let mayTryAgain = operations[index].attempts.count < Operation.maximumAttempts
            operations[index].state = mayTryAgain ? .again(at: now + Int64(random.below(200))) : .abandoned
        case .execution: operations[index].state = .resolved
        case .event(let event):
            operations[index].state = .resolved
            take(event, index, operations[index].attempts[attempt].timestamp)
        }
    }

    private func take(_ event: AccountEvent, _ index: Int, _ timestamp: Int64) {
        if let withdrawal = event.withdrawal, withdrawal.status == .held {
            heldWithdrawals.append((operations[index].account, withdrawal.withdrawalId))
        }
        if event.marker != nil, event.orderId.rawValue == 0, case .query(let target, _) = operations[index].kind {
            events[.orderNotFound] += 1
            notFound.append((operations[index].account, target, timestamp))
        }
    }

    // MARK: Operators

    /// An operator changes a definition, or the reconciler looks what is not confirmed.
    private func operate() {
        if random.happens(500) {
            venueOperator.reconcile()
        } else if random.happens(400) {
            venueOperator.reopen(&random)
        } else {
            let subjects = VenueOperator.Subject.allCases
            let subject = subjects[random.below(subjects.count)]
            venueOperator.change(subject, &random)
            // Another operator changes it at the same time.
            if random.happens(400) { venueOperator.change(subject, &random) }
        }
    }

    /// Sends a waiting definition through some gateway: operators' changes arrive in any order.
    func writeDefinition() {
        let living = gateways.filter { !$0.hasEnded }
        guard !living.isEmpty, let write = venueOperator.takeWrite(&random) else { return }
        let gateway = living[random.below(living.count)]
        let token = nextToken
        nextToken += 1
        let record = venueOperator.record(of: write)
        guard gateway.submit(record, to: write.destination, token: token, isOperator: true) != nil else { return }
        venueOperator.sent(write, token: token)
        owners[token] = ObjectIdentifier(gateway)
    }

    /// An owner of `orders` appends the last trade's price that it knows of, an old one now and then.
    private func followTrades() {
        let owners = replicas.indices.filter { replicas[$0].kind == .orderService && pausedUntil[$0] <= step }
        guard !owners.isEmpty else { return }
        let process = replicas[owners[random.below(owners.count)]].process
        let number = Int64(random.below(20))
        process?.append(
            ReferencePrice(
                instrument: InstrumentID(UInt32(1 + random.below(venue.instruments))),
                price: Price((VenueShape.middlePrice + Int64(number % 5 - 2) * VenueShape.tick) / VenueShape.tick),
                tradeId: TradeID(number)))
    }
}
