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

    /// What the ledger hands to the engine.
    private enum Handed {
        case submit(SubmitOrder)
        case cancel(CancelOrder)
        case amend(AmendOrder)
        case cancelAll(CancelAll)
    }

    /// What the sinks share.
    private struct Shared {
        var numbers = Numbers()
        /// What the ledger handed to the engine; applied when the ledger has returned, since settlements come back to it.
        var forEngine: [Handed] = []
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

    mutating func apply(_ command: Hour.Command, at clock: Timestamp) {
        shared.pointee.numbers.clock = clock
        let context = shared.pointee.numbers.nextOrder()
        var sink = Orders(cores: cores, shared: shared)
        switch command {
        case .place(let order): cores.orders.pointee.apply(order, context, to: &sink)
        case .cancel(let cancel): cores.orders.pointee.apply(cancel, context, to: &sink)
        case .amend(let amendment):
            unbroken { () throws(InvariantViolation) in
                try cores.orders.pointee.apply(.amendOrder(amendment), context, to: &sink)
            }
        }
        match()
    }

    mutating func prepare(_ record: OrdersRecord, at clock: Timestamp) {
        shared.pointee.numbers.clock = clock
        var sink = Orders(cores: cores, shared: shared)
        unbroken { () throws(InvariantViolation) in
            try cores.orders.pointee.apply(record, shared.pointee.numbers.nextOrder(), to: &sink)
        }
    }

    mutating func list(_ market: InstrumentDefinition, at clock: Timestamp) {
        var sink = Engine(cores: cores, shared: shared)
        let context = RecordContext(clock: clock, writer: Writer(.gateway, 0), epoch: 1, number: 1)
        unbroken { () throws(InvariantViolation) in
            try cores.engine.pointee.apply(.instrument(market), context, to: &sink)
        }
    }

    /// Hands the engine what the ledger had for it.
    private func match() {
        let count = shared.pointee.forEngine.count
        guard count > 0 else { return }
        var sink = Engine(cores: cores, shared: shared)
        for index in 0..<count {
            let context = shared.pointee.numbers.nextForEngine()
            unbroken { () throws(InvariantViolation) in
                switch shared.pointee.forEngine[index] {
                case .submit(let order): try cores.engine.pointee.apply(order, context, to: &sink)
                case .cancel(let cancel): cores.engine.pointee.apply(cancel, context, to: &sink)
                case .amend(let amendment):
                    try cores.engine.pointee.apply(.amendOrder(amendment), context, to: &sink)
                case .cancelAll(let cancel): try cores.engine.pointee.apply(.cancelAll(cancel), context, to: &sink)
                }
            }
        }
        if count == 1 {
            shared.pointee.forEngine.removeLast()
        } else {
            shared.pointee.forEngine.removeAll(keepingCapacity: true)
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

        mutating func submit(_ order: SubmitOrder, to partition: Int) {
            shared.pointee.forEngine.append(.submit(order))
        }

        mutating func cancel(_ cancel: CancelOrder, to partition: Int) {
            shared.pointee.forEngine.append(.cancel(cancel))
        }

        mutating func cancelAll(_ cancel: CancelAll, to partition: Int) {
            shared.pointee.forEngine.append(.cancelAll(cancel))
        }

        mutating func amend(_ amend: AmendOrder, to partition: Int) {
            shared.pointee.forEngine.append(.amend(amend))
        }

        mutating func accountEvent(_ event: borrowing LedgerEvent) {
            if let refusal = event.refusal { shared.pointee.refusal = refusal }
        }

        mutating func journal(_ entry: JournalEntry, _ postings: Span<Posting>) {}
    }

    private struct Engine: MatchingSink {
        let cores: Cores
        let shared: UnsafeMutablePointer<Shared>

        mutating func execution(_ execution: borrowing KeptRecord<Execution>) {
            shared.pointee.fills += execution.value.trades.count
            if let refusal = execution.value.refusal { shared.pointee.refusal = refusal }
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

        mutating func settlement(_ partition: Int, _ settlement: borrowing KeptRecord<Settlement>) {
            var sink = Ledger(shared: shared)
            unbroken { () throws(InvariantViolation) in
                try cores.ledger.pointee.apply(settlement, shared.pointee.numbers.nextSettlement(), to: &sink)
            }
        }
    }

    private struct MarketData: MarketDataSink {
        mutating func update(_ update: borrowing KeptRecord<MarketUpdate>) {}
        mutating func statistics(_ statistics: MarketStatistics) {}
        mutating func snapshot(_ snapshot: MarketSnapshot) {}
    }
}
