import LedgerServiceCore
import MarketDataBroadcasterCore
import MatchingEngineCore
import OrderServiceCore
import Records
import TradingCore

/// The four cores behind one another.
///
/// They stand at fixed places because each is used from inside the sink of the one before it.
struct Cores {
    let orders: UnsafeMutablePointer<OrderCore>
    let ledger: UnsafeMutablePointer<LedgerCore>
    let engine: UnsafeMutablePointer<MatchingCore>
    let broadcaster: UnsafeMutablePointer<BroadcasterCore>

    init() {
        orders = .allocate(capacity: 1)
        orders.initialize(to: OrderCore(partition: 0))
        ledger = .allocate(capacity: 1)
        ledger.initialize(to: LedgerCore(partition: 0))
        engine = .allocate(capacity: 1)
        engine.initialize(to: MatchingCore(partition: 0))
        broadcaster = .allocate(capacity: 1)
        broadcaster.initialize(to: BroadcasterCore(partition: 0))
    }

    func deallocate() {
        orders.deinitialize(count: 1)
        orders.deallocate()
        ledger.deinitialize(count: 1)
        ledger.deallocate()
        engine.deinitialize(count: 1)
        engine.deallocate()
        broadcaster.deinitialize(count: 1)
        broadcaster.deallocate()
    }
}

/// The numbers that the runtime would give: every record has the next one of its writer.
struct Numbers {
    var clock = Hour.start
    private var gateway: UInt64 = 0
    private var orderService: UInt64 = 0
    private var ledgerService: UInt64 = 0
    private var settlements: UInt64 = 0
    private var executions: UInt64 = 0

    mutating func nextOrder() -> RecordContext {
        gateway += 1
        return RecordContext(clock: clock, writer: Writer(rawValue: 1 << 16), epoch: 1, number: gateway)
    }

    mutating func nextForLedger() -> RecordContext {
        orderService += 1
        return RecordContext(clock: clock, writer: Writer(rawValue: 2 << 16), number: orderService)
    }

    mutating func nextForEngine() -> RecordContext {
        ledgerService += 1
        return RecordContext(clock: clock, writer: Writer(rawValue: 3 << 16), number: ledgerService)
    }

    mutating func nextSettlement() -> RecordContext {
        settlements += 1
        return RecordContext(clock: clock, writer: Writer(rawValue: 4 << 16), number: settlements)
    }

    mutating func nextExecution() -> RecordContext {
        executions += 1
        return RecordContext(clock: clock, writer: Writer(rawValue: 4 << 16), number: executions)
    }
}

/// A way in which records pass from core to core.
protocol Line: ~Copyable {
    init()
    mutating func apply(_ command: borrowing Hour.Command, at clock: Timestamp)
    mutating func prepare(_ record: OrdersRecord, at clock: Timestamp)
    /// Lists the market with the engine, as the operator API does.
    mutating func list(_ market: InstrumentDefinition, at clock: Timestamp)
    var fills: Int { get }
    /// The first refusal: none is expected.
    var refusal: Refusal? { get }
}

/// A core's broken invariant ends the benchmark: its figures would mean nothing.
func unbroken<Value>(_ work: () throws(InvariantViolation) -> Value) -> Value {
    do throws(InvariantViolation) {
        return try work()
    } catch {
        preconditionFailure(error.description)
    }
}
