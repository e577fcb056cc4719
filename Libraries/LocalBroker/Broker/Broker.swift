import Network

/// The broker: topics, their logs, and who waits for what. It lives on one event loop; only the disk's flushing has a
/// thread of its own.
final class Broker {
    /// Memory for what fetches read that is kept from one to the next.
    static let retainedScratchBytes = 4 << 20

    let options: BrokerOptions
    let loop: EventLoop
    let report: (String) -> Void
    let store: BrokerStore
    var producerIDs: ProducerIDs
    var topics: [String: Topic] = [:]
    var topicsByID: [KafkaUUID: Topic] = [:]
    let groups: GroupCoordinator
    let offsets: CommittedOffsets
    /// What a fetch reads, until it is in the answer.
    var scratch = ByteBuffer(capacity: 1 << 16)
    /// Partitions of which records were shown in this turn, and the fetches that may have enough.
    var shown: [Partition] = []
    var ready: [WaitingFetch] = []
    /// The port that clients are told; known once it is listened on.
    var port: Int32 = 0

    init(_ options: BrokerOptions, on loop: EventLoop, report: @escaping (String) -> Void) throws(StoreError) {
        self.options = options
        self.loop = loop
        self.report = report
        store = try BrokerStore(options, on: loop)
        producerIDs = try ProducerIDs(store.folder)
        groups = GroupCoordinator(on: loop, report: report)
        offsets = try CommittedOffsets(store)
        for description in try store.topics() { add(try open(description)) }
        try removeOrphans()
        store.whenDurable = { [unowned self] in durable($0, upTo: $1) }
        store.whenFailed = { [unowned self] in failed($0, $1) }
        loop.atEndOfTurn { [unowned self] in finishReady() }
        loop.scheduleRepeating(everyMilliseconds: options.retentionCheckMilliseconds) { [unowned self] in retain() }
    }

    var host: String { options.advertisedHost ?? options.address }

    /// A topic by its name, or by its id where a request names it so.
    func topic(_ name: String, _ id: KafkaUUID) -> Topic? { id == .zero ? topics[name] : topicsByID[id] }

    // MARK: What is written and shown

    func recordsWritten(to partition: Partition, bytes: Int) {
        partition.unshownBytes += bytes
        if options.syncs { store.sync(partition) } else { show(partition) }
    }

    private func show(_ partition: Partition) {
        guard !partition.isListed else { return }
        partition.isListed = true
        shown.append(partition)
    }

    private func durable(_ partition: Partition, upTo offset: Int64) {
        show(partition)
        var done = 0
        while done < partition.acknowledgements.count, partition.acknowledgements[done].offset <= offset {
            done += 1
        }
        let waiting = partition.acknowledgements[..<done]
        partition.acknowledgements.removeFirst(done)
        for (_, done) in waiting { done(true) }
    }

    private func failed(_ partition: Partition, _ reason: StoreError) {
        report("\(partition.topic)-\(partition.index) takes no more records: \(reason)")
        abandon(partition)
    }

    /// What was written and is not on the disk will never be acknowledged.
    func abandon(_ partition: Partition) {
        let waiting = partition.acknowledgements
        partition.acknowledgements = []
        for (_, done) in waiting { done(false) }
    }

    // MARK: Topics

    func open(_ description: TopicDescription) throws(StoreError) -> Topic {
        let configuration = TopicSettings(description.settings, options).configuration
        var partitions: [Partition] = []
        for index in 0..<description.partitions {
            partitions.append(try store.open(description.name, index, configuration))
        }
        return Topic(
            name: description.name, id: description.id, settings: description.settings, partitions: partitions)
    }

    func add(_ topic: Topic) {
        topics[topic.name] = topic
        topicsByID[topic.id] = topic
    }

    private func retain() {
        let now = WallClock.milliseconds()
        for topic in topics.values {
            for partition in topic.partitions {
                do throws(StoreError) {
                    try partition.log.retain(now: now)
                } catch {
                    report("retention of \(partition.topic)-\(partition.index): \(error)")
                }
            }
        }
    }

    /// Closes every log, so that the next start has nothing to look through, and lets other processes have the folder.
    func close() {
        store.stopSyncing()
        for partition in topics.values.flatMap(\.partitions) + [offsets.partition] {
            do throws(StoreError) {
                try partition.log.close()
            } catch {
                report("closing \(partition.topic)-\(partition.index): \(error)")
            }
        }
        store.folder.close()
    }

    /// Folders of topics that were deleted, or never made whole, when the last process ended.
    private func removeOrphans() throws(StoreError) {
        for found in try store.folder.partitions() where found.topic != CommittedOffsets.log {
            let count = topics[found.topic]?.partitions.count ?? 0
            guard Int(found.partition) >= count else { continue }
            report("removing \(found.topic)-\(found.partition), which belongs to no topic")
            try store.folder.remove(found)
        }
    }
}
