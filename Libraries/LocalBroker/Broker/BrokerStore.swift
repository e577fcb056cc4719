import Network

/// What is kept about a topic besides its records.
struct TopicDescription: Equatable, Sendable {
    var name: String
    var id: KafkaUUID
    var partitions: Int32
    var settings: [String: String]
}

/// The logs of all partitions in their folder, and the thread that brings them to the disk.
final class BrokerStore {
    private static let topicsFile = "topics"

    let folder: StoreFolder
    private let options: StoreOptions
    private var partitions: [Int: Partition] = [:]
    private var lastIdentifier = 0
    /// Partitions that were written to since work was last handed to the thread.
    private var dirty: [Partition] = []
    private var thread: SyncThread?

    /// Called when what was written to a partition is on the disk, up to the offset.
    var whenDurable: (Partition, Int64) -> Void = { _, _ in }
    /// Called when a partition takes no more records.
    var whenFailed: (Partition, StoreError) -> Void = { _, _ in }

    init(_ broker: BrokerOptions, on loop: EventLoop) throws(StoreError) {
        folder = try StoreFolder(path: broker.folder)
        var options = StoreOptions()
        options.sync = broker.syncs
        self.options = options
        guard broker.syncs else { return }
        // Each log has one synchronisation under way, so as many results wait at most.
        let results = loop.mailbox(of: [SyncResult].self, capacity: broker.maximumPartitions + 1) {
            [unowned self] rounds in
            for round in rounds { for result in round { take(result) } }
        }
        thread = SyncThread(results: results)
        loop.atEndOfTurn { [unowned self] in submit() }
    }

    var clusterID: String { folder.clusterID }

    // MARK: Logs

    func open(_ topic: String, _ index: Int32, _ configuration: LogConfiguration) throws(StoreError) -> Partition {
        lastIdentifier += 1
        let path = folder.folder(of: StoreFolder.Partition(topic: topic, partition: index))
        let log = try PartitionLog(
            folder: path, identifier: lastIdentifier, configuration: configuration, options: options)
        let partition = Partition(topic: topic, index: index, log: log)
        partitions[lastIdentifier] = partition
        return partition
    }

    func remove(_ partition: Partition) throws(StoreError) {
        partitions[partition.log.identifier] = nil
        try folder.remove(StoreFolder.Partition(topic: partition.topic, partition: partition.index))
    }

    // MARK: The disk

    /// What was written to the partition in this turn goes to the disk after it.
    func sync(_ partition: Partition) {
        guard !partition.isDirty else { return }
        partition.isDirty = true
        dirty.append(partition)
    }

    private func submit() {
        for partition in dirty {
            partition.isDirty = false
            if let work = partition.log.takeSyncWork() { thread?.submit(work) }
        }
        dirty.removeAll(keepingCapacity: true)
    }

    private func take(_ result: SyncResult) {
        // A topic may have been deleted meanwhile.
        guard let partition = partitions[result.log] else { return }
        switch result.outcome {
        case .success(let offset):
            partition.log.markDurable(upTo: offset)
            whenDurable(partition, offset)
        case .failure(let error):
            partition.log.markFailed(error)
            whenFailed(partition, error)
        }
    }

    /// Finishes what is under way. Called before logs are closed.
    func stopSyncing() {
        thread?.stop()
        thread = nil
    }

    // MARK: Topics

    func topics() throws(StoreError) -> [TopicDescription] {
        guard let bytes = try folder.contents(of: Self.topicsFile) else { return [] }
        return try bytes.withBytes { bytes throws(StoreError) in
            var reader = WireReader(bytes)
            do throws(WireError) {
                return try TopicDescription.readAll(&reader)
            } catch {
                throw StoreError.damaged(
                    path: "\(folder.path)/\(Self.topicsFile)", position: reader.position,
                    reason: "\(error.field) \(error.reason)")
            }
        }
    }

    func save(_ topics: [TopicDescription]) throws(StoreError) {
        var writer = WireWriter()
        writer.list(topics.sorted { $0.name < $1.name }) { $0.write(to: &$1) }
        try folder.replace(Self.topicsFile, with: writer.buffer.array())
    }
}

extension TopicDescription {
    static func readAll(_ reader: inout WireReader) throws(WireError) -> [TopicDescription] {
        var topics: [TopicDescription] = []
        for _ in 0..<(try reader.required(reader.count(compact: false, elementSize: 22, "topics"), "topics")) {
            topics.append(try TopicDescription(from: &reader))
        }
        return topics
    }

    private init(from reader: inout WireReader) throws(WireError) {
        name = try reader.required(reader.string(compact: false, "name"), "name")
        id = try reader.uuid()
        partitions = try reader.int32()
        settings = [:]
        for _ in 0..<(try reader.required(reader.count(compact: false, elementSize: 4, "settings"), "settings")) {
            let key = try reader.required(reader.string(compact: false, "setting"), "setting")
            settings[key] = try reader.required(reader.string(compact: false, key), key)
        }
    }

    fileprivate func write(to writer: inout WireWriter) {
        writer.string(name, compact: false)
        writer.uuid(id)
        writer.int32(partitions)
        writer.list(settings.sorted { $0.key < $1.key }) { setting, writer in
            writer.string(setting.key, compact: false)
            writer.string(setting.value, compact: false)
        }
    }
}

extension Topic {
    var description: TopicDescription {
        TopicDescription(name: name, id: id, partitions: Int32(partitions.count), settings: settings)
    }
}

extension KafkaUUID {
    /// None is written with a dash in front (in base64, as Kafka's tools do): they would take it for an option.
    static func random() -> KafkaUUID {
        let dash: UInt64 = 62
        var id = KafkaUUID(high: SystemRandom.uint64(), low: SystemRandom.uint64())
        while id.high >> 58 == dash { id.high = SystemRandom.uint64() }
        return id
    }

    /// 32 hexadecimal digits.
    var text: String {
        [high, low].map { half in
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}

/// Ids of idempotent producers, never given twice: a block at a time is taken in the folder before it is given out.
struct ProducerIDs {
    private static let file = "producer-ids"
    private static let block: Int64 = 1_000

    private let folder: StoreFolder
    private var following: Int64 = 0
    private var end: Int64 = 0

    init(_ folder: StoreFolder) throws(StoreError) {
        self.folder = folder
        guard let bytes = try folder.contents(of: Self.file) else { return }
        guard bytes.count == 8 else {
            throw StoreError.damaged(path: "\(folder.path)/\(Self.file)", position: 0, reason: "is not 8 bytes long")
        }
        end = bytes.withUnsafeBytes { Int64(bigEndian: $0.loadUnaligned(as: Int64.self)) }
        following = end
    }

    mutating func next() throws(StoreError) -> Int64 {
        if following == end {
            let reserved = end + Self.block
            try folder.replace(Self.file, with: withUnsafeBytes(of: reserved.bigEndian) { [UInt8]($0) })
            end = reserved
        }
        defer { following += 1 }
        return following
    }
}
