import Network
import Records
import TradingCore

extension Processor {
    /// Applies a frame record by record.
    func received(offset: Int64, stamp: Int64, frame: RawSpan) {
        guard phase == .running, !isDraining, offset >= next else { return }
        guard offset == next else {
            let reason = "offset \(next) was to come, offset \(offset) came"
            stop(InvariantError(.logMismatch, configuration.inbox, offset: next, reason))
            return
        }
        let began = observeFrame == nil ? 0 : MonotonicClock.nanoseconds()
        do throws(InvariantError) {
            let count = try apply(frame, offset: offset, stamp: stamp)
            metrics.framesIn += 1
            metrics.position = next
            metrics.clock = clock
            recordsSinceCapture += count
            unsavedRecords += count
            if let observeFrame { observeFrame(MonotonicClock.nanoseconds() - began, count) }
        } catch {
            stop(error)
        }
    }

    private func apply(_ frame: RawSpan, offset: Int64, stamp: Int64) throws(InvariantError) -> Int {
        guard let machine else { return 0 }
        let emitted = outputs.emitted
        var reader = FrameReader()
        var mark = RecordMark(offset: offset, stamp: stamp)
        while let item = reader.next(in: frame) {
            let position = Position(offset: offset, index: reader.index, stamp: stamp)
            switch item {
            case .record(let record) where record.header.writer.kind != nil:
                mark.identify(record.header)
                do throws(InvariantError) {
                    try consume(record.header, frame.extracting(record.payload), machine, position)
                } catch {
                    throw error.at(record.header.traceContext)
                }
            case .record(let record):
                outputs.begin(EnvelopeHeader(), origin: .none)
                setAside(
                    frame.extracting(record.payload), position, "\(record.header.writer) is no writer",
                    record.header.traceContext)
            case .unreadable(let range, let error):
                outputs.begin(EnvelopeHeader(), origin: .none)
                setAside(frame.extracting(range), position, "the envelope cannot be read: \(error)", nil)
            }
        }
        next = offset + 1
        last = mark
        let count = reader.index + 1
        metrics.recordsIn += UInt64(count)
        metrics.recordsOut += outputs.emitted &- emitted
        return count
    }

    struct Position {
        var offset: Int64
        var index: Int
        var stamp: Int64
    }

    /// One record, in the order of rule 5: sequence, logic version, clock, timers that are due, the record.
    private func consume(
        _ header: EnvelopeHeader, _ payload: RawSpan, _ machine: Machine, _ position: Position
    ) throws(InvariantError) {
        if header.number != 0 {
            guard try isNext(header, payload, position) else { return }
        }
        try checkLogicVersion(header, payload, position)
        if header.number != 0 { sequences.accept(header) }
        if position.stamp > clock { clock = position.stamp }
        let time = Timestamp(clock)
        do throws(RecordFailure) {
            if let due = machine.nextTimer, due <= time {
                outputs.begin(header, origin: .none)
                try machine.fireTimers(at: time, into: outputs)
            }
            let context = RecordContext(
                clock: time, writer: header.writer, epoch: header.epoch, number: header.number,
                origin: origin(of: header))
            outputs.begin(header, origin: context.origin)
            try apply(header, payload, context, machine, position)
        } catch {
            throw failure(error, header, position)
        }
        if let destination = outputs.tooLarge {
            throw InvariantError(
                .recordTooLarge, configuration.inbox, offset: position.offset, index: position.index,
                "a record for \(destination) is larger than a frame's \(FrameWriter.limit) bytes")
        }
        if let observeRecord, header.number != 0 { observeRecord(header, position.offset, position.index) }
    }

    private func apply(
        _ header: EnvelopeHeader, _ payload: RawSpan, _ context: RecordContext, _ machine: Machine,
        _ position: Position
    ) throws(RecordFailure) {
        do throws(RecordFailure) {
            try machine.apply(type: header.type, payload: payload, context: context, into: outputs)
        } catch {
            let reason: String
            switch error {
            case .unreadable(let text) where header.writer.kind == .gateway: reason = text
            case .poison(let text): reason = text
            case .unreadable, .broken: throw error
            }
            setAside(
                payload, position, "\(header.writer) number \(header.number): \(reason)", header.traceContext)
            machine.refuseUnreadable(context: context, into: outputs)
        }
    }

    /// Where the client's request began: what the record says, or a gateway's record itself.
    private func origin(of header: EnvelopeHeader) -> Origin {
        guard header.origin == .none, header.writer.kind == .gateway, header.number != 0 else { return header.origin }
        return Origin(
            writer: header.writer, epoch: header.epoch, number: header.number, log: configuration.inbox.rawValue)
    }

    private func isNext(
        _ header: EnvelopeHeader, _ payload: RawSpan, _ position: Position
    ) throws(InvariantError) -> Bool {
        switch sequences.judge(header, payload) {
        case .next: return true
        case .copy: metrics.duplicates += 1
        case .stale: metrics.stale += 1
        case .hole:
            metrics.holes += 1
            if !isDisturbed {
                report(
                    "\(header.writer) number \(header.number) came, \(sequences[header.writer].number + 1) is missing",
                    header.traceContext)
            }
            missed()
        case .diverged:
            guard header.writer.kind == .gateway else {
                throw InvariantError(
                    .diverged, configuration.inbox, offset: position.offset, index: position.index,
                    "\(header.writer) number \(header.number) has hash \(header.hash), which does not follow from "
                        + "number \(sequences[header.writer].number) hash \(sequences[header.writer].hash)")
            }
            sequences.close(header)
            metrics.closedEpochs += 1
            report(
                "epoch \(header.epoch) of \(header.writer) is closed: number \(header.number) does not fit",
                header.traceContext)
        }
        return false
    }

    /// Stops before a record whose logic this release does not know (rule 12).
    private func checkLogicVersion(
        _ header: EnvelopeHeader, _ payload: RawSpan, _ position: Position
    ) throws(InvariantError) {
        guard header.type == ProcessorConfiguration.raiseLogicVersionType, raisesLogicVersions else { return }
        let wanted: RaiseLogicVersion
        do throws(RecordError) { wanted = try RaiseLogicVersion(decoding: payload) } catch { return }
        guard wanted.service == UInt32(configuration.kind.rawValue), wanted.version > Machine.newestLogicVersion else {
            return
        }
        throw InvariantError(
            .unknownLogicVersion, configuration.inbox, offset: position.offset, index: position.index,
            "logic version \(wanted.version) begins here, this release knows up to \(Machine.newestLogicVersion)")
    }

    private var raisesLogicVersions: Bool {
        switch configuration.inbox.topic {
        case .orders, .ledger, .matching: true
        case .executions, .accountEvents, .marketData, .referenceData, .quarantine: false
        }
    }

    /// Writes an unreadable record to `quarantine`, with its position (rule 11).
    private func setAside(_ bytes: RawSpan, _ position: Position, _ reason: String, _ trace: TraceContext?) {
        metrics.quarantined += 1
        report(
            "set aside \(configuration.inbox) offset \(position.offset) record \(position.index): \(reason)", trace)
        let kept = bytes.extracting(0..<min(bytes.byteCount, ProcessorConfiguration.quarantinedBytes))
        let record = QuarantinedRecord(
            topic: configuration.inbox.topic.name, partition: UInt32(configuration.inbox.partition),
            offset: UInt64(position.offset), index: UInt32(position.index), reason: reason,
            bytes: kept.withUnsafeBytes { Array($0) })
        outputs.emit(ProcessorConfiguration.quarantinedType, to: ProcessorConfiguration.quarantine) {
            record.encode(into: &$0)
        }
    }

    private func failure(_ failure: RecordFailure, _ header: EnvelopeHeader, _ position: Position) -> InvariantError {
        let name = "\(header.writer) number \(header.number) type \(header.type)"
        switch failure {
        case .unreadable(let reason), .poison(let reason):
            return InvariantError(
                .unreadableRecord, configuration.inbox, offset: position.offset, index: position.index,
                "\(name) cannot be read: \(reason)")
        case .broken(let reason):
            return InvariantError(
                .brokenInvariant, configuration.inbox, offset: position.offset, index: position.index,
                "\(name): \(reason)")
        }
    }
}
