import TradingCore

extension GatewayWriter {
    /// Sends what is due, claims and watches the epoch, and gives up what waits too long.
    ///
    /// - Parameter now: monotonic microseconds.
    public func turn(now: Int64) {
        self.now = now
        while let outcome = registry.takeOutcome() { take(outcome) }
        switch state {
        case .ended: return
        case .claiming: if !isAsking, now >= claimAt { claim() }
        case .open:
            flush()
            watchBroker()
            watchAnswers()
            if !isAsking, now >= nextLook { look() }
        }
    }

    /// When `turn` is due though nothing arrives, because a frame waits for its interval; nil when none does.
    public var nextFrame: Int64? {
        var due: Int64?
        for channel in channels where channel.lane.inFlight == nil && channel.lane.hasPending {
            due = min(due ?? .max, channel.lastFrame + configuration.frameMicroseconds)
        }
        return due
    }

    private func flush() {
        for index in channels.indices where now - channels[index].lastFrame >= configuration.frameMicroseconds {
            send(index)
        }
    }

    private func send(_ index: Int) {
        let channel = channels[index]
        let token = UInt64(owner) << 48 | UInt64(incarnation) << 32 | UInt64(index)
        guard channel.lane.flush(to: log, token: token, now: now) else { return }
        channel.lastFrame = now
        channel.submittedAt = now
        framesOut += 1
    }

    // MARK: The broker

    private func watchBroker() {
        let away = channels.contains {
            $0.lane.inFlight != nil && now - $0.submittedAt >= configuration.awayMicroseconds
        }
        if away { isBrokerAway = true }
        guard isBrokerAway, now >= probeAt else { return }
        // With nothing in flight no acknowledgement would tell that it is back.
        probeAt = now + configuration.retryMicroseconds
        guard !channels.contains(where: { $0.lane.inFlight != nil }) else { return }
        log.inspect([InspectionRequest(TopicPartition(.orders, UInt16(0)))], token: probeToken)
    }

    private var probeToken: UInt64 { UInt64(owner) << 48 | UInt64(incarnation) << 32 | UInt64(UInt32.max) }

    func isCurrent(_ token: UInt64) -> Bool { UInt16(truncatingIfNeeded: token >> 32) == incarnation }

    public func acknowledged(_ token: UInt64, offset: Int64) {
        guard isCurrent(token) else { return }
        let channel = channels[Int(UInt32(truncatingIfNeeded: token))]
        channel.lane.acknowledge(offset: offset)
        isBrokerAway = false
        if channel.lane.destination.topic == .referenceData, !channel.facts.isEmpty {
            delegate?.written(channel.facts.removeFirst().token)
        }
        if now - channel.lastFrame >= configuration.frameMicroseconds {
            send(Int(UInt32(truncatingIfNeeded: token)))
        }
    }

    /// A refused frame leaves a hole that this gateway cannot see: a new epoch begins.
    public func refused(_ token: UInt64, _ refusal: LogRefusal) {
        guard isCurrent(token), case .open = state else { return }
        abandon("a frame was refused: \(refusal)")
    }

    public func inspected(_ token: UInt64, _ outcome: Result<LogInspection, LogUnavailable>) {
        guard isCurrent(token), token == probeToken, case .success = outcome else { return }
        isBrokerAway = false
    }

    // MARK: The epoch

    private func watchAnswers() {
        for channel in channels {
            let oldest = min(channel.requests.oldest ?? now, channel.facts.first?.since ?? now)
            guard now - oldest >= configuration.answerMicroseconds else { continue }
            abandon("a request to \(channel.lane.destination) had no answer in time")
            return
        }
    }

    /// Answers everything open with "unknown", gives up what is in flight and goes on under a new epoch.
    private func abandon(_ reason: String) {
        let open = giveUp()
        state = .claiming
        claimAt = now
        epochChanges += 1
        delegate?.unanswered(open, reason: reason)
        // Two claims under way would give this slot two epochs, and the later one would look like another process's: a
        // look's outcome comes first, then `turn` claims.
        if !isAsking { claim() }
    }

    private func giveUp() -> [UInt64] {
        var open: [UInt64] = []
        for channel in channels { open += channel.requests.removeAll() + channel.facts.map(\.token) }
        openRequests = 0
        channels = []
        incarnation &+= 1
        log.purge()
        return open
    }

    private func claim() {
        isAsking = true
        let milliseconds = UInt64(max(0, wallClock()))
        registry.claim(
            slot: configuration.slot, above: lastEpoch, milliseconds: max(milliseconds, lastEpoch.map { $0 + 1 } ?? 0))
    }

    private func look() {
        isAsking = true
        nextLook = now + configuration.lookMicroseconds
        registry.look(slot: configuration.slot)
    }

    private func take(_ outcome: SlotOutcome) {
        isAsking = false
        switch (outcome, state) {
        case (.claimed(let epoch), .claiming):
            state = .open(epoch: epoch)
            lastEpoch = epoch
            nextLook = now + configuration.lookMicroseconds
        // Between two epochs too: who claims then would take the slot back from the process that has it now.
        case (.seen(let higher), .open), (.seen(let higher), .claiming):
            guard let lastEpoch, higher > lastEpoch else { return }
            let open = giveUp()
            state = .ended(epoch: higher)
            delegate?.unanswered(open, reason: "another process has slot \(configuration.slot)")
            delegate?.slotTaken(epoch: higher)
        case (.unavailable, .claiming): claimAt = now + configuration.retryMicroseconds
        default: break
        }
    }
}
