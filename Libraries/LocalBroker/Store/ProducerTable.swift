/// What a log remembers of its idempotent producers: of each the epoch and the last batches, by which a batch that is
/// sent again is recognised and a missing one is noticed.
///
/// The rules are Kafka's (`ProducerAppendInfo`, `ProducerStateEntry`): a producer that is not known begins anywhere,
/// since retention may have removed what it wrote before.
struct ProducerTable {
    /// A producer has at most as many requests under way, so no older batch is sent again.
    static let batchesKept = 5

    struct Batch: Equatable {
        var firstSequence: Int32 = 0
        var lastOffsetDelta: Int32 = 0
        var baseOffset: Int64 = 0

        var lastSequence: Int32 { ProducerTable.advance(firstSequence, by: lastOffsetDelta) }
    }

    struct Producer {
        var epoch: Int16
        /// When it wrote last, in milliseconds by the clock of the append.
        var lastTime: Int64
        /// The oldest first; `count` of them are there.
        var batches: InlineArray<5, Batch>
        var count: Int

        init(epoch: Int16, lastTime: Int64) {
            self.epoch = epoch
            self.lastTime = lastTime
            batches = InlineArray(repeating: Batch())
            count = 0
        }

        mutating func add(_ batch: Batch) {
            if count == ProducerTable.batchesKept {
                for place in 1..<count { batches[place - 1] = batches[place] }
                count -= 1
            }
            batches[count] = batch
            count += 1
        }

        func holds(_ batch: Batch) -> Batch? {
            for place in 0..<count
            where batches[place].firstSequence == batch.firstSequence
                && batches[place].lastOffsetDelta == batch.lastOffsetDelta
            {
                return batches[place]
            }
            return nil
        }
    }

    /// What is to be done with a batch.
    enum Verdict: Equatable {
        case append
        /// It is in the log already.
        case duplicate(baseOffset: Int64)
    }

    private let limit: Int
    private(set) var producers: [Int64: Producer] = [:]

    init(limit: Int) { self.limit = max(limit, 1) }

    /// Sequences go up to the largest 32-bit number and begin at 0 again.
    static func advance(_ sequence: Int32, by count: Int32) -> Int32 {
        Int32(truncatingIfNeeded: (Int64(sequence) + Int64(count)) & Int64(Int32.max))
    }

    /// Whether a batch may be appended. Changes nothing.
    func check(_ batch: RecordBatch) throws(AppendRefusal) -> Verdict {
        guard let producer = producers[batch.producerID] else { return .append }
        let sequence = batch.baseSequence
        guard batch.producerEpoch >= producer.epoch else {
            throw .invalidProducerEpoch(current: producer.epoch, found: batch.producerEpoch)
        }
        guard batch.producerEpoch == producer.epoch else {
            guard sequence == 0 else { throw .outOfOrderSequence(expected: 0, found: sequence) }
            return .append
        }
        let candidate = Batch(firstSequence: sequence, lastOffsetDelta: batch.lastOffsetDelta)
        if let earlier = producer.holds(candidate) { return .duplicate(baseOffset: earlier.baseOffset) }
        guard producer.count > 0 else { return .append }
        let next = Self.advance(producer.batches[producer.count - 1].lastSequence, by: 1)
        guard sequence == next else { throw .outOfOrderSequence(expected: next, found: sequence) }
        return .append
    }

    /// Remembers a batch that has been appended at `offset`.
    mutating func add(_ batch: RecordBatch, at offset: Int64, time: Int64) {
        let added = Batch(
            firstSequence: batch.baseSequence, lastOffsetDelta: batch.lastOffsetDelta, baseOffset: offset)
        let fresh = Producer(epoch: batch.producerEpoch, lastTime: time)
        if producers[batch.producerID] == nil, producers.count >= limit { forgetOldest() }
        update(&producers[batch.producerID, default: fresh], with: added, epoch: batch.producerEpoch, time: time)
    }

    private func update(_ producer: inout Producer, with batch: Batch, epoch: Int16, time: Int64) {
        if producer.epoch != epoch { producer = Producer(epoch: epoch, lastTime: time) }
        producer.lastTime = time
        producer.add(batch)
    }

    /// Puts back what was saved.
    mutating func restore(_ id: Int64, _ producer: Producer) { producers[id] = producer }

    /// Forgets those that have written nothing since `time`.
    mutating func forget(silentSince time: Int64) {
        producers = producers.filter { $0.value.lastTime >= time }
    }

    /// Makes room for an eighth of the limit, so that a stream of new producers does not search the table each time.
    private mutating func forgetOldest() {
        let oldest = producers.sorted { ($0.value.lastTime, $0.key) < ($1.value.lastTime, $1.key) }
        for (id, _) in oldest.prefix(max(limit / 8, 1)) { producers[id] = nil }
    }
}
