import Messaging
import Records
import TradingCore

/// A query of balances on some gateway.
struct Read {
    var gateway: SimulatedGateway
    var account: Int
    /// The ends of the executions when the query came.
    var ends: [Int64]
    var deadline: Int64
    var number: UInt64
    /// What the balances must show; nil until the view has passed the ends.
    var marks: ReadView.Marks?
}

/// The number of each settlement in the ledgers' inboxes, by the engine's input that caused it.
struct SettledNumbers {
    private var numbers: [[[Input: UInt64]]]
    private var taken: [Int]

    init(_ venue: VenueShape) {
        numbers = Array(
            repeating: Array(repeating: [:], count: venue.marketPartitions), count: venue.accountPartitions)
        taken = Array(repeating: 0, count: venue.accountPartitions)
    }

    mutating func advance(_ logs: Logs) {
        for (partition, reader) in logs.ledger.enumerated() {
            for record in reader.records[taken[partition]...] where record.header.writer.kind == .matchingEngine {
                numbers[partition][record.header.writer.index][record.cause] = record.header.number
            }
            taken[partition] = reader.records.count
        }
    }

    func number(partition: Int, market: Int, cause: Input) -> UInt64? { numbers[partition][market][cause] }
}

extension History {
    /// Asks some gateway for balances, as of everything that the executions hold now.
    func read() {
        guard !gateways.isEmpty, reads.count < 8 else { return }
        let gateway = gateways[random.below(gateways.count)]
        let account = 1 + random.below(venue.accounts)
        let executions = (0..<venue.marketPartitions).map { TopicPartition(.executions, $0) }
        let number = nextToken
        nextToken += 1
        let ends = executions.map(cluster.end(of:))
        reads.append(Read(gateway: gateway, account: account, ends: ends, deadline: now + 2_000, number: number))
        gateway.session.follower.whenCurrent(executions, deadline: (now + 2_000) * 1_000) { [unowned self] isCurrent in
            guard let index = reads.firstIndex(where: { $0.number == number }) else { return }
            guard isCurrent else {
                reads.remove(at: index)
                return
            }
            let partition = venue.partition(ofAccount: reads[index].account)
            reads[index].marks = reads[index].gateway.view.marks(ledgerPartition: partition)
        }
    }

    /// A read is answered once the view shows its marks; then it must show every execution that was there.
    func watchReads() throws {
        for read in reads {
            let partition = venue.partition(ofAccount: read.account)
            guard let marks = read.marks, read.gateway.view.shows(marks, ledgerPartition: partition) else { continue }
            do { try check(read, partition) } catch {
                violation = violation ?? Violation("\(error)")
            }
            events[.read] += 1
            reads.removeAll { $0.number == read.number }
        }
        reads.removeAll { $0.deadline < now }
    }

    /// A view that calls itself current shows every execution that the log held when the query came.
    private func check(_ read: Read, _ partition: Int) throws {
        for reader in logs.executions { try reader.advance(in: cluster) }
        for reader in logs.ledger { try reader.advance(in: cluster) }
        settled.advance(logs)
        for market in 0..<venue.marketPartitions {
            let records = logs.executions[market].records
            var index = read.gateway.verified[partition][market]
            while index < records.count, records[index].offset < read.ends[market] {
                try check(records[index], read, partition, market)
                index += 1
            }
            read.gateway.verified[partition][market] = index
        }
    }

    private func check(
        _ applied: Applied<ExecutionsRecord>, _ read: Read, _ partition: Int, _ market: Int
    ) throws {
        guard case .execution(let execution) = applied.record else { return }
        let cause = applied.cause
        if cause.writer == Writer(.ledgerService, partition) {
            let forward = SimulatedGateway.Forwarded(partition: partition, market: market, number: cause.number)
            guard read.gateway.forwarded.contains(forward) else {
                throw Violation("a current view does not show what was handed to engine \(market) as \(cause.number)")
            }
        }
        guard let number = settled.number(partition: partition, market: market, cause: cause) else {
            guard !concerned(execution).contains(partition) else {
                throw Violation("a current view was told of a fill that is not even in the ledger's inbox")
            }
            return
        }
        let input = Input(writer: Writer(.matchingEngine, market), epoch: 0, number: number)
        guard read.gateway.named.contains(SimulatedGateway.Named(partition: partition, input: input)) else {
            throw Violation("a current view does not show settlement \(number) of engine \(market)")
        }
    }

    /// The ledger partitions whose accounts an execution moves money of.
    private func concerned(_ execution: Execution) -> Set<Int> {
        var accounts = execution.trades.flatMap { [$0.makerAccount, $0.takerAccount] }
        accounts += execution.done.map(\.account)
        accounts += execution.preventions.filter(\.makerDone).map(\.makerAccount)
        return Set(accounts.map { venue.partition(ofAccount: Int($0.rawValue)) })
    }
}
