import LedgerServiceCore
import MarketDataBroadcasterCore
import MatchingEngineCore
import OrderServiceCore
import Records
import TradingCore

/// Hands values over as they are.
struct DirectLine: Line, ~Copyable {
    private let cores = Cores()
    private let shared: UnsafeMutablePointer<Shared>

    /// What the sinks share.
    private struct Shared {
        var numbers = Numbers()
        /// What the ledger handed to the engine; applied when the ledger has returned, since settlements come back to it.
        var forEngine: [MatchingRecord] = []
        var fills = 0
        var refusal: Refusal?
    }

    init() {
        shared = .allocate(capacity: 1)
        shared.initialize(to: Shared())
    }

    deinit {
        cores.deallocate()
        shared.deinitialize(count: 1)
        shared.deallocate()
    }

    var fills: Int { shared.pointee.fills }
    var refusal: Refusal? { shared.pointee.refusal }

    mutating func apply(_ record: OrdersRecord, at clock: Timestamp) {
        shared.pointee.numbers.clock = clock
        var sink = Orders(cores: cores, shared: shared)
        unbroken { () throws(InvariantViolation) in
            try cores.orders.pointee.apply(record, shared.pointee.numbers.nextOrder(), to: &sink)
        }
        guard !shared.pointee.forEngine.isEmpty else { return }
        for index in shared.pointee.forEngine.indices { match(shared.pointee.forEngine[index]) }
        shared.pointee.forEngine.removeAll(keepingCapacity: true)
    }

    mutating func list(_ market: InstrumentDefinition, at clock: Timestamp) {
        var sink = Engine(cores: cores, shared: shared)
        let context = RecordContext(clock: clock, writer: Writer(.gateway, 0), epoch: 1, number: 1)
        unbroken { () throws(InvariantViolation) in
            try cores.engine.pointee.apply(.instrument(market), context, to: &sink)
        }
    }

    private func match(_ record: MatchingRecord) {
        var sink = Engine(cores: cores, shared: shared)
        unbroken { () throws(InvariantViolation) in
            try cores.engine.pointee.apply(record, shared.pointee.numbers.nextForEngine(), to: &sink)
        }
    }

    private struct Orders: OrderSink {
        let cores: Cores
        let shared: UnsafeMutablePointer<Shared>

        mutating func ledger(_ record: LedgerRecord) {
            var sink = Ledger(shared: shared)
            unbroken { () throws(InvariantViolation) in
                try cores.ledger.pointee.apply(record, shared.pointee.numbers.nextForLedger(), to: &sink)
            }
        }
    }

    private struct Ledger: LedgerSink {
        let shared: UnsafeMutablePointer<Shared>

        mutating func matching(_ partition: Int, _ record: MatchingRecord) {
            shared.pointee.forEngine.append(record)
        }

        mutating func accountEvent(_ event: AccountEvent) {
            if let refusal = event.refusal { shared.pointee.refusal = refusal }
        }

        mutating func journal(_ entry: JournalEntry, _ postings: Span<Posting>) {}
    }

    private struct Engine: MatchingSink {
        let cores: Cores
        let shared: UnsafeMutablePointer<Shared>

        mutating func execution(_ execution: Execution) {
            shared.pointee.fills += execution.trades.count
            if let refusal = execution.refusal { shared.pointee.refusal = refusal }
            let context = shared.pointee.numbers.nextExecution()
            var sink = MarketData()
            if let timer = cores.broadcaster.pointee.nextTimer, timer <= context.clock {
                cores.broadcaster.pointee.fireTimers(at: context.clock, to: &sink)
            }
            unbroken { () throws(InvariantViolation) in
                try cores.broadcaster.pointee.apply(execution, context, to: &sink)
            }
        }

        mutating func tick(_ tick: EngineTick) {}

        mutating func settlement(_ partition: Int, _ settlement: Settlement) {
            var sink = Ledger(shared: shared)
            unbroken { () throws(InvariantViolation) in
                try cores.ledger.pointee.apply(
                    .settlement(settlement), shared.pointee.numbers.nextSettlement(), to: &sink)
            }
        }
    }

    private struct MarketData: MarketDataSink {
        mutating func update(_ update: MarketUpdate) {}
        mutating func statistics(_ statistics: MarketStatistics) {}
        mutating func snapshot(_ snapshot: MarketSnapshot) {}
    }
}
