import TradingCore

/// Whether a gateway's view of balances has caught up with what executions show (rule 14). Pure: it is told of records and
/// answers.
///
/// Every numbered input of the ledger gives an `account-events` record that names it as its cause, and whatever the ledger
/// handed to an engine is named there as a forward. Every `executions` record says, for each ledger partition, the last
/// number of that ledger which the engine has applied and the last number that the engine has written to it. So a view of
/// balances is current once `account-events` has named both.
public struct ReadView: Sendable, Equatable {
    /// What is known of one ledger partition and one engine.
    struct Pair: Sendable, Equatable {
        /// From `account-events`: the engine's last number that was named as a cause,
        var named: UInt64 = 0
        /// and the ledger's last number that was forwarded to the engine.
        var forwarded: UInt64 = 0
        /// From `executions`: the ledger's last number that the engine has applied,
        var applied: UInt64 = 0
        /// and the engine's last number that was written to the ledger.
        var written: UInt64 = 0
    }

    /// What the ledger handed to an engine: the record's number in that `matching` partition.
    public struct Forward: Sendable, Equatable {
        public var matchingPartition: Int
        public var number: UInt64

        public init(matchingPartition: Int, number: UInt64) {
            self.matchingPartition = matchingPartition
            self.number = number
        }
    }

    public let ledgerPartitions: Int
    public let marketPartitions: Int
    private var pairs: [Pair]

    public init(ledgerPartitions: Int, marketPartitions: Int) {
        self.ledgerPartitions = ledgerPartitions
        self.marketPartitions = marketPartitions
        pairs = Array(repeating: Pair(), count: ledgerPartitions * marketPartitions)
    }

    private func place(_ ledger: Int, _ market: Int) -> Int? {
        guard ledger >= 0, ledger < ledgerPartitions, market >= 0, market < marketPartitions else { return nil }
        return ledger * marketPartitions + market
    }

    /// Begins at a position of `account-events` whose balances were loaded with the ledger's own numbers.
    ///
    /// - Parameter runtime: of the ledger-service checkpoint that the balances were loaded with.
    public mutating func adopt(_ runtime: RuntimeState) {
        let ledger = Int(runtime.inbox.partition)
        for entry in runtime.sequences.entries where entry.writer.kind == .matchingEngine {
            guard let place = place(ledger, entry.writer.index) else { continue }
            pairs[place].named = max(pairs[place].named, entry.number)
        }
        for mark in runtime.written where mark.destination.topic == .matching {
            guard let place = place(ledger, Int(mark.destination.partition)) else { continue }
            pairs[place].forwarded = max(pairs[place].forwarded, mark.number)
        }
    }

    /// A record of `account-events` was applied: its cause and what it forwarded.
    public mutating func sawAccountEvent(
        partition: Int, causeWriter: Writer, causeNumber: UInt64, forwards: [Forward]
    ) {
        if causeWriter.kind == .matchingEngine, let place = place(partition, causeWriter.index) {
            pairs[place].named = max(pairs[place].named, causeNumber)
        }
        for forward in forwards {
            guard let place = place(partition, forward.matchingPartition) else { continue }
            pairs[place].forwarded = max(pairs[place].forwarded, forward.number)
        }
    }

    /// A record or tick of `executions` was applied: its two marks by ledger partition.
    public mutating func sawExecutions(partition: Int, applied: [UInt64], written: [UInt64]) {
        for (ledger, number) in applied.enumerated() {
            guard let place = place(ledger, partition) else { continue }
            pairs[place].applied = max(pairs[place].applied, number)
        }
        for (ledger, number) in written.enumerated() {
            guard let place = place(ledger, partition) else { continue }
            pairs[place].written = max(pairs[place].written, number)
        }
    }

    /// Whether the balances of a ledger partition show everything that the seen executions show.
    public func isCurrent(ledgerPartition: Int) -> Bool {
        (0..<marketPartitions).allSatisfy { market in
            guard let place = place(ledgerPartition, market) else { return false }
            return pairs[place].named >= pairs[place].written && pairs[place].forwarded >= pairs[place].applied
        }
    }

    /// What executions have shown of a ledger partition until now, by engine.
    public struct Marks: Sendable, Equatable {
        var applied: [UInt64]
        var written: [UInt64]
    }

    /// What the balances of a ledger partition must show to be as new as the executions seen until now. Executions go on
    /// meanwhile: a query waits for its own marks, not for the moment at which nothing is under way.
    public func marks(ledgerPartition: Int) -> Marks {
        let places = (0..<marketPartitions).compactMap { place(ledgerPartition, $0) }
        return Marks(applied: places.map { pairs[$0].applied }, written: places.map { pairs[$0].written })
    }

    /// Whether the balances of a ledger partition show what `marks` ask for.
    public func shows(_ marks: Marks, ledgerPartition: Int) -> Bool {
        let places = (0..<marketPartitions).compactMap { place(ledgerPartition, $0) }
        return places.enumerated().allSatisfy { index, place in
            pairs[place].named >= marks.written[index] && pairs[place].forwarded >= marks.applied[index]
        }
    }

    /// Whether executions have shown what an `account-events` record followed from and led to: user events of one cause go
    /// out in order only then.
    public func executionsCover(
        partition: Int, causeWriter: Writer, causeNumber: UInt64, forwards: [Forward]
    ) -> Bool {
        if causeWriter.kind == .matchingEngine, let place = place(partition, causeWriter.index),
            pairs[place].written < causeNumber
        {
            return false
        }
        return forwards.allSatisfy { forward in
            guard let place = place(partition, forward.matchingPartition) else { return true }
            return pairs[place].applied >= forward.number
        }
    }
}

/// Puts the parts of a record that was larger than a frame together: a reader applies them all at the last.
public struct PartCollector<Message> {
    private var parts: [Message] = []

    public init() {}

    /// Whether parts wait for their last one. A position is stored only while none does.
    public var isEmpty: Bool { parts.isEmpty }

    /// - Parameters:
    ///   - part: the part's number, from 0.
    ///   - merge: puts the parts, in order, into one message.
    /// - Returns: the whole message when `message` was its last part; nil while more is to come.
    /// - Throws: when a part is missing.
    public mutating func take(
        _ message: Message, part: UInt32, moreParts: Bool, merge: ([Message]) -> Message
    ) throws(RecordFailure) -> Message? {
        guard part == UInt32(parts.count) else {
            throw .broken("part \(part) came where part \(parts.count) was to come")
        }
        if part == 0, !moreParts { return message }
        parts.append(message)
        guard !moreParts else { return nil }
        defer { parts.removeAll(keepingCapacity: true) }
        return merge(parts)
    }
}
