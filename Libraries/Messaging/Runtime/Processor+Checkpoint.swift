import Records
import TradingCore

extension Processor {
    /// What the runtime knows at this moment.
    var runtimeState: RuntimeState {
        var state = RuntimeState(
            clusterID: clusterID ?? "", inbox: configuration.inbox, writer: configuration.writer, next: next,
            last: last, clock: clock, logicVersion: machine?.logicVersion ?? 0, sequences: sequences)
        for lane in outputs.lanes where lane.written.number > 0 {
            var mark = WrittenMark(
                destination: lane.destination, number: lane.written.number, hash: lane.written.hash,
                coveredOffset: lane.coveredOffset)
            if let acknowledged = lane.acknowledged {
                mark.acknowledgedOffset = acknowledged.offset
                mark.acknowledgedNumber = acknowledged.number
                mark.acknowledgedHash = acknowledged.hash
            }
            state.written.append(mark)
        }
        state.written.sort { $0.destination < $1.destination }
        return state
    }

    /// The state without what differs between replicas (offsets of acknowledgements): equal on equal inputs.
    public var fingerprint: UInt64 {
        var writer = StateWriter()
        var state = runtimeState
        for index in state.written.indices {
            state.written[index].acknowledgedOffset = -1
            state.written[index].acknowledgedNumber = 0
            state.written[index].acknowledgedHash = 0
            state.written[index].coveredOffset = -1
        }
        state.encode(into: &writer)
        machine?.encodeState(into: &writer)
        return XXH64.hash(writer.bytes.span.bytes, seed: 0)
    }

    /// Captures the state now and then, and saves it once everything that it caused is acknowledged (rule 7).
    func advanceCheckpoint() {
        liftHolds()
        if isDraining, unsavedRecords == 0, outputs.lanes.allSatisfy({ $0.isIdle }) {
            phase = .drained
            return
        }
        if candidate == nil, !isSaving, heldBack.isEmpty, recordsSinceCapture > 0, isCheckpointDue { capture() }
        guard let candidate, isAcknowledged(candidate), !isDisturbed else { return }
        self.candidate = nil
        isSaving = true
        sink.save(withAcknowledgements(candidate))
    }

    private var isCheckpointDue: Bool {
        isDraining || now - lastCheckpoint >= configuration.checkpointMilliseconds
            || recordsSinceCapture >= configuration.checkpointRecords
    }

    // MARK: Fences

    /// A frame to the own inbox was acknowledged: what the inbox causes behind it stands, whichever replica writes it, behind
    /// everything that was acknowledged when the frame left.
    func raiseFence(at offset: Int64) {
        guard let acknowledged = departed else { return }
        departed = nil
        if fences.count < ProcessorConfiguration.maximumFences {
            fences.append(Fence(offset: offset, acknowledged: acknowledged))
        }
    }

    private func passFences() {
        guard let last = fences.lastIndex(where: { $0.offset < next }) else { return }
        for (lane, offset) in zip(outputs.lanes, fences[last].acknowledged) { lane.cover(offset) }
        fences.removeFirst(last + 1)
    }

    private func capture() {
        guard let machine else { return }
        passFences()
        var writer = StateWriter()
        machine.encodeState(into: &writer)
        candidate = Checkpoint(runtime: runtimeState, state: writer.bytes)
        recordsSinceCapture = 0
        lastCheckpoint = now
    }

    /// Whether the broker has every output of the inputs that the checkpoint covers.
    private func isAcknowledged(_ checkpoint: Checkpoint) -> Bool {
        checkpoint.runtime.written.allSatisfy {
            outputs.lane(to: $0.destination).settledNumber >= $0.number
        }
    }

    /// Acknowledgements that came since the capture belong to records that it covers or to later ones; either must stand
    /// in the log from now on.
    private func withAcknowledgements(_ checkpoint: Checkpoint) -> Checkpoint {
        var checkpoint = checkpoint
        for index in checkpoint.runtime.written.indices {
            let lane = outputs.lane(to: checkpoint.runtime.written[index].destination)
            guard let acknowledged = lane.acknowledged else { continue }
            checkpoint.runtime.written[index].acknowledgedOffset = acknowledged.offset
            checkpoint.runtime.written[index].acknowledgedNumber = acknowledged.number
            checkpoint.runtime.written[index].acknowledgedHash = acknowledged.hash
        }
        return checkpoint
    }

    /// After a refusal no checkpoint is taken until what was written before has been written again (rule 3).
    private func liftHolds() {
        guard !heldBack.isEmpty || refusal != nil else { return }
        heldBack.removeAll { outputs.lane(to: $0.destination).settledNumber >= $0.number }
        if let refused = refusal, heldBack.isEmpty,
            outputs.lane(to: refused.destination).settledNumber >= refused.numbers.upperBound
        {
            refusal = nil
        }
    }

    // MARK: The sink's outcomes

    func take(_ outcome: CheckpointOutcome) {
        switch outcome {
        case .saved:
            metrics.checkpoints += 1
            metrics.checkpointedAt = now
            guard phase == .running, isSaving else { return }
            isSaving = false
            unsavedRecords = recordsSinceCapture
        case .superseded:
            guard phase == .running else { return }
            report("another replica's checkpoint is newer; loading it", nil)
            returnToCheckpoint()
        case .loaded(let checkpoint):
            guard phase == .loading else { return }
            load(checkpoint)
        case .failed(let reason):
            stop(InvariantError(.badCheckpoint, configuration.inbox, offset: next, reason))
        }
    }

    private func load(_ checkpoint: Checkpoint?) {
        do throws(InvariantError) {
            if let checkpoint { try checkBelongs(checkpoint) }
            machine = try makeMachine(from: checkpoint)
        } catch {
            stop(error)
            return
        }
        let state = checkpoint?.runtime
        outputs = Outputs(writer: configuration.writer, intervals: configuration.frameMilliseconds)
        for mark in state?.written ?? [] {
            let acknowledged =
                mark.acknowledgedOffset < 0
                ? nil
                : Lane.Acknowledged(
                    offset: mark.acknowledgedOffset, number: mark.acknowledgedNumber, hash: mark.acknowledgedHash)
            outputs.restore(
                Lane(
                    mark.destination, written: Lane.Mark(number: mark.number, hash: mark.hash),
                    acknowledged: acknowledged, coveredOffset: mark.coveredOffset,
                    interval: outputs.interval(to: mark.destination)))
        }
        sequences = state?.sequences ?? SequenceTable()
        next = state?.next ?? 0
        last = state?.last
        clock = state?.clock ?? 0
        clusterID = state?.clusterID ?? clusterID
        recordsSinceCapture = 0
        unsavedRecords = 0
        fences = []
        departed = nil
        lastCheckpoint = now
        metrics.position = next
        metrics.clock = clock
        phase = .verifying
        nextInspection = now
    }

    private func checkBelongs(_ checkpoint: Checkpoint) throws(InvariantError) {
        let state = checkpoint.runtime
        guard state.inbox == configuration.inbox, state.writer == configuration.writer else {
            throw InvariantError(
                .badCheckpoint, configuration.inbox, offset: state.next,
                "the checkpoint is of \(state.writer) on \(state.inbox)")
        }
        guard state.logicVersion <= Machine.newestLogicVersion else {
            throw InvariantError(
                .unknownLogicVersion, configuration.inbox, offset: state.next,
                "the checkpoint has logic version \(state.logicVersion), this release knows up to "
                    + "\(Machine.newestLogicVersion)")
        }
    }

    private func makeMachine(from checkpoint: Checkpoint?) throws(InvariantError) -> Machine {
        do throws(StateError) { return try makeMachine(checkpoint?.state) } catch {
            throw InvariantError(
                .badCheckpoint, configuration.inbox, offset: checkpoint?.runtime.next ?? 0, error.description)
        }
    }

    // MARK: Comparing the log (rule 8)

    func disturbed(_ reason: String) {
        guard phase == .running || phase == .verifying else { return }
        disturbedLog.note(presentExpectation)
        if disturbedLog.isFull, phase == .running {
            interrupted(.failed("disturbed too often: \(reason)"))
            return
        }
        lookSoon()
    }

    /// A record is missing: something was lost before, and where is not known.
    func missed() {
        if !isDisturbed { disturbedLog.note(presentExpectation) }
        lookSoon()
    }

    private func lookSoon() {
        disturbances &+= 1
        nextInspection = min(nextInspection, now + configuration.inspectionRetryMilliseconds)
    }

    /// What is true of the log as far as this processor has read and written it.
    var presentExpectation: LogExpectation {
        var wanted = LogExpectation(clusterID: clusterID)
        wanted.sources = [LogExpectation.Source(partition: configuration.inbox, next: next, last: last)]
        for lane in outputs.lanes {
            guard let acknowledged = lane.acknowledged else { continue }
            wanted.written.append(
                LogExpectation.Written(
                    destination: lane.destination, offset: acknowledged.offset, writer: configuration.writer,
                    epoch: 0, number: acknowledged.number, hash: acknowledged.hash))
        }
        return wanted
    }

    func inspectIfDue() {
        guard expectation == nil, now >= nextInspection else { return }
        var wanted = presentExpectation
        if let earlier = disturbedLog.expectation { wanted.add(earlier) }
        expectation = wanted
        inspectedDisturbances = disturbances
        inspectionToken &+= 1
        nextInspection = now + configuration.inspectionMilliseconds
        log.inspect(wanted.requests, token: token(UInt32(truncatingIfNeeded: inspectionToken)))
    }

    func inspected(_ token: UInt64, _ outcome: Result<LogInspection, LogUnavailable>) {
        // An answer to a question that was given up fits no other.
        guard token == self.token(UInt32(truncatingIfNeeded: inspectionToken)), let wanted = expectation else { return }
        expectation = nil
        switch outcome {
        case .failure(let error):
            report("the log could not be looked at: \(error)", nil)
            nextInspection = now + configuration.inspectionRetryMilliseconds
        case .success(let inspection):
            if let mismatch = wanted.mismatch(in: inspection) {
                stop(mismatch)
                return
            }
            clusterID = inspection.clusterID
            metrics.end = inspection.entries.first?.end ?? 0
            verifiedDisturbances = inspectedDisturbances
            if !isDisturbed { disturbedLog.clear() }
            guard phase == .verifying else { return }
            phase = .running
            nextTick = now
            log.start(configuration.inbox, at: next)
        }
    }

    /// The inbox delivers no more: the log is compared, which stops the processor or lets it read on.
    func interrupted(_ reason: LogInterruption) {
        guard phase == .running else { return }
        report("the inbox was interrupted at offset \(next): \(reason)", nil)
        log.stop(configuration.inbox)
        phase = .verifying
        expectation = nil
        disturbedLog.note(presentExpectation)
        disturbances &+= 1
        // Not at once again: a log that looks whole and still delivers nothing would be asked without pause.
        nextInspection = max(now, lastInterruption + configuration.inspectionRetryMilliseconds)
        lastInterruption = now
    }
}
