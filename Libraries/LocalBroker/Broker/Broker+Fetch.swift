import Network

/// A fetch that waits for more bytes or for its time to be over.
final class WaitingFetch {
    let request: FetchRequest
    let exchange: Exchange
    let partitions: [Partition]
    /// Bytes that it could have got; grows with what is shown.
    var bytes: Int
    var timer: Timer?
    private(set) var isDone = false

    init(_ request: FetchRequest, _ exchange: Exchange, _ partitions: [Partition], bytes: Int) {
        self.request = request
        self.exchange = exchange
        self.partitions = partitions
        self.bytes = bytes
    }

    /// - Returns: whether it still waited.
    func end() -> Bool {
        defer { isDone = true }
        return !isDone
    }
}

extension Broker {
    /// Fetches of one partition that may wait at once; with more the oldest is answered.
    static let maximumWaitingFetches = 1_000

    func fetch(_ request: FetchRequest, _ exchange: Exchange) {
        // Replicas fetch, too; there are none.
        var (response, bytes, isUrgent) = read(request)
        let wait = Int(min(max(request.maxWaitMs, 0), 300_000))
        if isUrgent || bytes >= Int(request.minBytes) || wait == 0 {
            return answer(&response, exchange)
        }
        let waiting = WaitingFetch(request, exchange, namedPartitions(request), bytes: bytes)
        waiting.timer = loop.schedule(afterMilliseconds: wait) { [weak self] in self?.finish(waiting) }
        for partition in waiting.partitions {
            if partition.fetches.count >= Self.maximumWaitingFetches { finish(partition.fetches[0]) }
            partition.fetches.append(waiting)
        }
    }

    /// Answers a waiting fetch with what there is.
    func finish(_ waiting: WaitingFetch) {
        guard waiting.end() else { return }
        if let timer = waiting.timer { loop.cancel(timer) }
        waiting.timer = nil
        for partition in waiting.partitions { partition.fetches.removeAll { $0 === waiting } }
        guard waiting.exchange.isOpen else { return }
        var (response, _, _) = read(waiting.request)
        answer(&response, waiting.exchange)
    }

    private func answer(_ response: inout FetchResponse, _ exchange: Exchange) {
        scratch.withUnsafeBytes { exchange.answer(response, attachments: $0) }
        scratch.removeAll(retaining: Self.retainedScratchBytes)
    }

    private func namedPartitions(_ request: FetchRequest) -> [Partition] {
        request.topics.flatMap { named in
            let topic = topic(named.topic, named.topicId)
            return named.partitions.compactMap { topic?.partition($0.partition) }
        }
    }

    /// Reads what a fetch may have now into `scratch`.
    ///
    /// - Returns: the response, the bytes in it, and whether it has something to say that does not wait.
    private func read(_ request: FetchRequest) -> (FetchResponse, Int, Bool) {
        scratch.removeAll(retaining: Self.retainedScratchBytes)
        var response = FetchResponse()
        var isUrgent = request.topics.isEmpty
        var left = Int(max(request.maxBytes, 0))
        for named in request.topics {
            let topic = topic(named.topic, named.topicId)
            var answer = FetchResponse.FetchableTopicResponse()
            answer.topic = named.topic
            answer.topicId = named.topicId
            for wanted in named.partitions {
                var part = FetchResponse.FetchableTopicResponse.PartitionData()
                part.partitionIndex = wanted.partition
                let code = fill(&part, wanted, topic, byID: named.topicId != .zero, &left)
                part.errorCode = code.rawValue
                if code != .none { isUrgent = true }
                answer.partitions.append(part)
            }
            response.responses.append(answer)
        }
        return (response, scratch.count, isUrgent)
    }

    private func fill(
        _ part: inout FetchResponse.FetchableTopicResponse.PartitionData,
        _ wanted: FetchRequest.FetchTopic.FetchPartition, _ topic: Topic?, byID: Bool, _ left: inout Int
    ) -> ErrorCode {
        part.highWatermark = -1
        part.records = .empty
        guard let topic else { return byID ? .unknownTopicID : .unknownTopicOrPartition }
        guard let partition = topic.partition(wanted.partition) else { return .unknownTopicOrPartition }
        guard wanted.currentLeaderEpoch <= 0 else { return .unknownLeaderEpoch }
        let log = partition.log
        guard wanted.fetchOffset >= log.startOffset, wanted.fetchOffset <= log.endOffset else {
            return .offsetOutOfRange
        }
        part.highWatermark = log.shownOffset
        part.lastStableOffset = log.shownOffset
        part.logStartOffset = log.startOffset
        let limit = min(Int(max(wanted.partitionMaxBytes, 0)), left)
        let start = scratch.count
        do throws(StoreError) {
            let count = try log.read(
                from: wanted.fetchOffset, maximumBytes: limit, atLeastOne: start == 0 && left > 0, into: &scratch)
            part.records = WireSlice(offset: start, count: count)
            left = max(left - count, 0)
            return .none
        } catch {
            report("reading \(partition.topic)-\(partition.index): \(error)")
            return .storageError
        }
    }

    /// Records of a partition are shown: whoever waits for them is looked at, at the end of the turn.
    func wakeFetches(of partition: Partition) {
        let bytes = partition.unshownBytes
        partition.unshownBytes = 0
        for fetch in partition.fetches {
            fetch.bytes += bytes
            if fetch.bytes >= Int(fetch.request.minBytes) { ready.append(fetch) }
        }
    }

    /// Answers the fetches that this turn has given enough.
    func finishReady() {
        for partition in shown {
            partition.isListed = false
            wakeFetches(of: partition)
        }
        shown.removeAll(keepingCapacity: true)
        for fetch in ready { finish(fetch) }
        ready.removeAll(keepingCapacity: true)
    }
}
