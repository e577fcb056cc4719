import Messaging
import Records
import TradingCore

/// A record as every reader keeps it: copies dropped, in order.
struct Applied<Record: RecordUnion> {
    var header: EnvelopeHeader
    /// nil when a gateway's payload cannot be read.
    var record: Record?
    var offset: Int64
    /// Log time with this record's stamp.
    var clock: Int64

    /// The input that it is: unique in its partition.
    var input: Input { Input(writer: header.writer, epoch: header.epoch, number: header.number) }

    /// The input of its writer's inbox that caused it.
    var cause: Input {
        let isOwn = header.origin.writer == header.causeWriter
        return Input(
            writer: header.causeWriter, epoch: isOwn ? header.origin.epoch : 0, number: header.causeNumber)
    }
}

/// A numbered record of one partition.
struct Input: Hashable {
    var writer: Writer
    var epoch: UInt64
    var number: UInt64
}

/// Reads one partition by rule 2, without the runtime, as far as it goes, and keeps what retention deletes later.
final class LogReader<Record: RecordUnion> {
    let partition: TopicPartition
    private(set) var records: [Applied<Record>] = []
    private(set) var copies = 0
    private(set) var holes = 0
    private(set) var stale = 0
    private(set) var closedEpochs = 0
    private var table = SequenceTable()
    private var next: Int64 = 0
    private var clock: Int64 = 0

    init(_ partition: TopicPartition) { self.partition = partition }

    func advance(in cluster: InMemoryCluster) throws {
        for frame in cluster.frames(of: partition, from: next) {
            next = frame.offset + 1
            var reader = FrameReader()
            while let item = reader.next(in: frame.bytes.span.bytes) {
                guard case .record(let record) = item, record.header.writer.kind != nil else { continue }
                try take(record.header, Array(frame.bytes[record.payload]), frame)
            }
        }
    }

    private func take(_ header: EnvelopeHeader, _ payload: [UInt8], _ frame: LogInspection.Found) throws {
        guard header.number != 0 else {
            clock = max(clock, frame.stamp)
            return
        }
        switch table.judge(header, payload.span.bytes) {
        case .next:
            table.accept(header)
            clock = max(clock, frame.stamp)
            let record = try decode(header, payload)
            records.append(Applied(header: header, record: record, offset: frame.offset, clock: clock))
        case .copy: copies += 1
        case .hole: holes += 1
        case .stale: stale += 1
        case .diverged:
            guard header.writer.kind == .gateway else {
                throw Violation("\(partition) offset \(frame.offset): \(header.writer) has diverged")
            }
            table.close(header)
            closedEpochs += 1
        }
    }

    private func decode(_ header: EnvelopeHeader, _ payload: [UInt8]) throws -> Record? {
        do throws(RecordError) { return try Record(type: header.type, payload: payload) } catch {
            guard header.writer.kind == .gateway else {
                throw Violation("\(partition): a record of \(header.writer) cannot be read: \(error)")
            }
            return nil
        }
    }
}

/// Every partition as its readers keep it.
struct Logs {
    let orders: [LogReader<OrdersRecord>]
    let ledger: [LogReader<LedgerRecord>]
    let accountEvents: [LogReader<AccountEventsRecord>]
    let matching: [LogReader<MatchingRecord>]
    let executions: [LogReader<ExecutionsRecord>]
    let marketData: [LogReader<MarketDataRecord>]
    let quarantine = LogReader<QuarantineRecord>(TopicPartition(.quarantine, 0))

    init(_ venue: VenueShape) {
        let accounts = 0..<venue.accountPartitions
        let markets = 0..<venue.marketPartitions
        orders = accounts.map { LogReader(TopicPartition(.orders, $0)) }
        ledger = accounts.map { LogReader(TopicPartition(.ledger, $0)) }
        accountEvents = accounts.map { LogReader(TopicPartition(.accountEvents, $0)) }
        matching = markets.map { LogReader(TopicPartition(.matching, $0)) }
        executions = markets.map { LogReader(TopicPartition(.executions, $0)) }
        marketData = markets.map { LogReader(TopicPartition(.marketData, $0)) }
    }

    func advance(in cluster: InMemoryCluster) throws {
        for reader in orders { try reader.advance(in: cluster) }
        for reader in ledger { try reader.advance(in: cluster) }
        for reader in accountEvents { try reader.advance(in: cluster) }
        for reader in matching { try reader.advance(in: cluster) }
        for reader in executions { try reader.advance(in: cluster) }
        for reader in marketData { try reader.advance(in: cluster) }
        try quarantine.advance(in: cluster)
    }

    /// What readers dropped, and epochs that they closed.
    var dropped: (copies: Int, holes: Int, stale: Int, closedEpochs: Int) {
        var sums = (0, 0, 0, 0)
        func add<Record>(_ readers: [LogReader<Record>]) {
            for reader in readers {
                sums.0 += reader.copies
                sums.1 += reader.holes
                sums.2 += reader.stale
                sums.3 += reader.closedEpochs
            }
        }
        add(orders)
        add(ledger)
        add(accountEvents)
        add(matching)
        add(executions)
        add(marketData)
        return sums
    }
}
