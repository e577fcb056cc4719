import CLinux

/// A part of the loop's output of this turn.
struct OutputRange {
    var offset: Int
    var count: Int
}

/// Bytes that lie in the output of a turn once and can be sent to any number of connections in the same turn.
public struct SharedBytes: Sendable {
    let offset: Int
    public let count: Int
    let turn: UInt64
}

/// What a socket did not take, in order.
struct Backlog {
    private var bytes: [UInt8] = []
    private var start = 0

    var count: Int { bytes.count - start }

    mutating func append(_ more: UnsafeRawBufferPointer) {
        // Sent bytes in front are dropped when they are more than half, so each byte moves at most once on average.
        if start > bytes.count / 2 {
            bytes.removeFirst(start)
            start = 0
        }
        bytes.append(contentsOf: more)
    }

    mutating func removeFirst(_ count: Int) {
        start += count
        if start == bytes.count { self = Backlog() }
    }

    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start...])) }
    }
}

extension EventLoop {
    /// Output memory that is kept from turn to turn.
    static let retainedOutputBytes = 1 << 20

    /// Puts bytes into the output of this turn, for any number of connections.
    ///
    /// - Parameter fill: appends the bytes.
    /// - Returns: a reference that is valid until the end of this turn.
    public func share(_ fill: (inout ByteBuffer) -> Void) -> SharedBytes {
        let offset = output.count
        fill(&output)
        return SharedBytes(offset: offset, count: output.count - offset, turn: turn)
    }

    /// Sends what the turn has written. Sending may end connections, and their delegates may write to others: the loop
    /// goes on until nothing is left.
    func sendAll() {
        guard !unsent.isEmpty || output.count > 0 else { return }
        var index = 0
        while index < unsent.count {
            unsent[index].sendRanges()
            index += 1
        }
        unsent.removeAll(keepingCapacity: true)
        output.removeAll(retaining: Self.retainedOutputBytes)
        turn &+= 1
    }
}

extension Connection {
    /// Bytes that the socket did not take when they were sent.
    public var backlogBytes: Int { backlog.count }

    /// Bytes written and not yet taken by the socket, those of this turn included.
    public var unsentBytes: Int { backlog.count + rangeBytes }

    /// Appends bytes to what this turn sends: everything that connections write in one turn lies in one buffer of the
    /// loop, and leaves in one system call a connection at the end of the turn.
    ///
    /// - Parameter fill: appends the bytes; it must not write to any connection.
    public func write(_ fill: (inout ByteBuffer) -> Void) {
        guard isOpen, !finishing, !writingEnded else { return }
        let offset = loop.output.count
        fill(&loop.output)
        enqueue(OutputRange(offset: offset, count: loop.output.count - offset))
    }

    /// Sends bytes that others share.
    public func write(_ shared: SharedBytes) {
        precondition(shared.turn == loop.turn, "shared bytes are sent in the turn in which they were made")
        guard isOpen, !finishing, !writingEnded else { return }
        enqueue(OutputRange(offset: shared.offset, count: shared.count))
    }

    private func enqueue(_ range: OutputRange) {
        guard range.count > 0 else { return }
        rangeBytes += range.count
        // Neighbours become one: a message that goes to everybody costs no entry of its own after the first.
        if let last = ranges.last, last.offset + last.count == range.offset {
            ranges[ranges.count - 1].count += range.count
        } else {
            ranges.append(range)
        }
        guard !isListedUnsent else { return }
        isListedUnsent = true
        loop.unsent.append(self)
    }

    func sendRanges() {
        isListedUnsent = false
        guard isOpen else { return }
        if phase != .open || backlog.count > 0 || (tls != nil && ranges.count > 1) {
            moveToBacklog(skipping: 0)
            if phase == .open { flushBacklog() }
        } else {
            sendDirectly()
        }
        guard isOpen else { return }
        guard backlog.count == 0, phase == .open else { return }
        if finishing { return beginLinger() }
        if writingEnded { shutDownWriting() }
        if tellsWhenSent {
            tellsWhenSent = false
            delegate?.connectionDrained(self)
        }
    }

    private func sendDirectly() {
        let (sent, outcome) =
            ranges.count == 1
            ? send(UnsafeRawBufferPointer(start: loop.output.start + ranges[0].offset, count: ranges[0].count))
            : sendSlices()
        if case .failed(let reason) = outcome { return end(reason) }
        if sent == rangeBytes { return clearRanges() }
        moveToBacklog(skipping: sent)
        if case .ready = outcome { flushBacklog() } else { updateInterest() }
    }

    private func sendSlices() -> (count: Int, outcome: TransferOutcome) {
        let base = loop.output.start
        let sent = withUnsafeTemporaryAllocation(of: clinux_slice.self, capacity: Self.slicesPerSend) { slices in
            let count = min(ranges.count, Self.slicesPerSend)
            for index in 0..<count {
                slices[index] = clinux_slice(base: base + ranges[index].offset, count: ranges[index].count)
            }
            return clinux_send_slices(descriptor, slices.baseAddress, Int32(count))
        }
        return Self.outcome(ofSending: sent)
    }

    private static let slicesPerSend = 64

    private func clearRanges() {
        ranges.removeAll(keepingCapacity: ranges.capacity <= Self.slicesPerSend)
        rangeBytes = 0
    }

    private func moveToBacklog(skipping sent: Int) {
        var skip = sent
        loop.output.withUnsafeBytes { output in
            for range in ranges {
                let passed = min(skip, range.count)
                skip -= passed
                let start = range.offset + passed
                backlog.append(UnsafeRawBufferPointer(rebasing: output[start..<range.offset + range.count]))
            }
        }
        if backlog.count == rangeBytes - sent { lastProgress = loop.now }
        clearRanges()
    }

    func flushBacklog() {
        guard backlog.count > 0 else { return updateInterest() }
        let (sent, outcome) = backlog.withUnsafeBytes { send($0) }
        if case .failed(let reason) = outcome { return end(reason) }
        if sent > 0 {
            backlog.removeFirst(sent)
            lastProgress = loop.now
        }
        updateInterest()
        guard backlog.count == 0 else { return }
        if finishing { return beginLinger() }
        if writingEnded { shutDownWriting() }
        tellsWhenSent = false
        delegate?.connectionDrained(self)
    }
}
