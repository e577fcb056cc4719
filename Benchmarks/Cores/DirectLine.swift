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

    /// What the ledger handed to the engine last; applied when the ledger has returned, since settlements come back to it.
    private enum Handed {
        case nothing
        /// What stands in `Shared.order`.
        case order
        /// What stands in `Shared.cancel`.
        case cancel
        /// What stands in `Shared.others`.
        case others
    }

    /// What the sinks share.
    private struct Shared: ~Copyable {
        var numbers = Numbers()
        var handed = Handed.nothing
        let order = KeptRecord(SubmitOrder())
        let cancel = KeptRecord(CancelOrder())
        var others: [MatchingRecord] = []
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

    mutating func apply(_ command: borrowing Hour.Command, at clock: Timestamp) {
        shared.pointee.numbers.clock = clock
        let context = shared.pointee.numbers.nextOrder()
        var sink = Orders(cores: cores, shared: shared)
        switch command {
        case .place(let order): cores.orders.pointee.apply(order, context, to: &sink)
        case .cancel(let cancel): cores.orders.pointee.apply(cancel, context, to: &sink)
        case .amend(let amendment):
            unbroken { () throws(InvariantViolation) in
                try cores.orders.pointee.apply(.amendOrder(amendment.value), context, to: &sink)
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
        let handed = shared.pointee.handed
        shared.pointee.handed = .nothing
        var sink = Engine(cores: cores, shared: shared)
        unbroken { () throws(InvariantViolation) in
            switch handed {
            case .nothing: break
            case .order:
                let context = shared.pointee.numbers.nextForEngine()
                try cores.engine.pointee.apply(shared.pointee.order, context, to: &sink)
            case .cancel:
                let context = shared.pointee.numbers.nextForEngine()
                cores.engine.pointee.apply(shared.pointee.cancel, context, to: &sink)
            case .others:
                for record in shared.pointee.others {
                    try cores.engine.pointee.apply(record, shared.pointee.numbers.nextForEngine(), to: &sink)
                }
                shared.pointee.others.removeAll(keepingCapacity: true)
            }
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

        mutating func submit(_ order: borrowing KeptRecord<SubmitOrder>) {
            var sink = Ledger(shared: shared)
            let context = shared.pointee.numbers.nextForLedger()
            do throws(InvariantViolation) {
                try cores.ledger.pointee.apply(order, context, to: &sink)
            } catch {
                preconditionFailure(error.description)
            }
        }

        mutating func cancel(_ cancel: borrowing KeptRecord<CancelOrder>) {
            var sink = Ledger(shared: shared)
            unbroken { () throws(InvariantViolation) in
                try cores.ledger.pointee.apply(cancel, shared.pointee.numbers.nextForLedger(), to: &sink)
            }
        }
    }

    private struct Ledger: LedgerSink {
        let shared: UnsafeMutablePointer<Shared>

        mutating func submit(_ order: borrowing KeptRecord<SubmitOrder>, to partition: Int) {
            shared.pointee.order.value = order.value
            shared.pointee.handed = .order
        }

        mutating func cancel(_ cancel: borrowing KeptRecord<CancelOrder>, to partition: Int) {
            shared.pointee.cancel.value = cancel.value
            shared.pointee.handed = .cancel
        }

        mutating func cancelAll(_ cancel: CancelAll, to partition: Int) {
            shared.pointee.others.append(.cancelAll(cancel))
            shared.pointee.handed = .others
        }

        mutating func amend(_ amend: AmendOrder, to partition: Int) {
            shared.pointee.others.append(.amendOrder(amend))
            shared.pointee.handed = .others
        }

        mutating func accountEvent(_ event: borrowing LedgerEvent) {
            if event.isAnswer, let refusal = event.refusal { shared.pointee.refusal = refusal }
        }

        mutating func journal(_ entry: JournalEntry, _ postings: Span<Posting>) {}
    }

    private struct Engine: MatchingSink {
        let cores: Cores
        let shared: UnsafeMutablePointer<Shared>

        mutating func execution(_ execution: borrowing EngineEvent) {
            shared.pointee.fills += execution.trades.count
            if let refusal = execution.refusal { shared.pointee.refusal = refusal }
            let context = shared.pointee.numbers.nextExecution()
            var sink = MarketData()
            if let timer = cores.broadcaster.pointee.nextTimer, timer <= context.clock {
                cores.broadcaster.pointee.fireTimers(at: context.clock, to: &sink)
            }
            unbroken { () throws(InvariantViolation) in
                try cores.broadcaster.pointee.apply(
                    execution.head, trades: execution.trades, levels: execution.levels, context, to: &sink)
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
