import TradingCore

/// A client of an `InMemoryCluster`. What it has submitted when it goes away stays on its way.
public final class InMemoryLog: Log {
    public let wake: LogWake
    public let cluster: InMemoryCluster
    /// Names this client in the cluster's submissions.
    public let id: UInt64
    private var sources: [(partition: TopicPartition, next: Int64, isInterrupted: Bool)] = []
    private var questions: [(requests: [InspectionRequest], token: UInt64)] = []

    /// - Parameter signals: whether `wake` is signalled; who polls by itself does without.
    public init(_ cluster: InMemoryCluster, signals: Bool = false) throws(KafkaError) {
        let wake = try LogWake()
        self.wake = wake
        self.cluster = cluster
        id = cluster.state.withLock { state in
            defer { state.nextID += 1 }
            state.clients[state.nextID] = InMemoryCluster.Client(wake: signals ? wake : nil)
            return state.nextID
        }
    }

    deinit {
        _ = cluster.state.withLock { $0.clients.removeValue(forKey: id) }
    }

    public func start(_ source: TopicPartition, at offset: Int64) {
        stop(source)
        sources.append((source, offset, false))
    }

    public func stop(_ source: TopicPartition) { sources.removeAll { $0.partition == source } }

    public func submit(_ frame: RawSpan, key: [UInt8]?, to destination: TopicPartition, token: UInt64) {
        let bytes = frame.withUnsafeBytes { Array($0) }
        cluster.state.withLock { state in
            state.submissions.append(
                InMemoryCluster.Submission(
                    id: state.nextID, client: id, destination: destination, frame: bytes, key: key, token: token))
            state.nextID += 1
        }
        if cluster.automatic { wake.signal() }
    }

    /// What is on its way stays so, but is reported as refused.
    public func purge() {
        cluster.state.withLock { state in
            for index in state.submissions.indices where state.submissions[index].client == id {
                state.notify(id, .refused(state.submissions[index].token, .purged))
                state.submissions[index].client = 0
            }
        }
    }

    public func inspect(_ requests: [InspectionRequest], token: UInt64) {
        questions.append((requests, token))
        wake.signal()
    }

    @discardableResult
    public func poll<Receiver: LogReceiver>(_ receiver: Receiver, limit: Int) -> Bool {
        let notices = cluster.state.withLock { state in
            if cluster.automatic, !state.isAway {
                let own = state.submissions.filter { $0.client == id }
                state.submissions.removeAll { $0.client == id }
                for submission in own { state.settle(submission, .acknowledged) }
            }
            defer { state.clients[id]?.notices = [] }
            return state.clients[id]?.notices ?? []
        }
        for notice in notices {
            switch notice {
            case .acknowledged(let token, let offset): receiver.acknowledged(token, offset: offset)
            case .refused(let token, let refusal): receiver.refused(token, refusal)
            case .disturbed(let reason): receiver.disturbed(reason)
            }
        }
        guard !cluster.isAway else { return !notices.isEmpty }
        let answered = answer(receiver)
        return deliver(receiver, limit) || answered || !notices.isEmpty
    }

    private func answer<Receiver: LogReceiver>(_ receiver: Receiver) -> Bool {
        guard !questions.isEmpty else { return false }
        let waiting = questions
        questions = []
        for (requests, token) in waiting {
            let inspection = cluster.state.withLock { state in
                LogInspection(
                    clusterID: state.id,
                    entries: requests.map { request in
                        let log = state.partitions[request.partition] ?? InMemoryCluster.Partition()
                        var entry = LogInspection.Entry(
                            partition: request.partition, start: log.start, end: log.end)
                        if let offset = request.offset, offset >= log.start, offset < log.end {
                            let stored = log.frames[Int(offset - log.start)]
                            entry.frame = LogInspection.Found(offset: offset, stamp: stored.stamp, bytes: stored.frame)
                        }
                        return entry
                    })
            }
            receiver.inspected(token, .success(inspection))
        }
        return true
    }

    private func deliver<Receiver: LogReceiver>(_ receiver: Receiver, _ limit: Int) -> Bool {
        var anything = false
        var left = limit
        for partition in sources.map(\.partition) {
            while left > 0, let index = sources.firstIndex(where: { $0.partition == partition }) {
                let next = sources[index].next
                guard !sources[index].isInterrupted else { break }
                let found = cluster.state.withLock { state -> (stored: InMemoryCluster.Stored?, isOutside: Bool) in
                    let log = state.partitions[partition] ?? InMemoryCluster.Partition()
                    guard next >= log.start, next <= log.end else { return (nil, true) }
                    return (next < log.end ? log.frames[Int(next - log.start)] : nil, false)
                }
                anything = anything || found.isOutside || found.stored != nil
                if found.isOutside {
                    sources[index].isInterrupted = true
                    receiver.interrupted(partition, .offsetOutOfRange)
                    break
                }
                guard let stored = found.stored else { break }
                sources[index].next = next + 1
                left -= 1
                receiver.received(partition, offset: next, stamp: stored.stamp, frame: stored.frame.span.bytes)
            }
        }
        return anything
    }
}
