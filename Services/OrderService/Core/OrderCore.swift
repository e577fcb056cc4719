import Records
import TradingCore

/// Takes what the order checks say; every record goes to the `ledger` partition of the same number. What it is handed is lent for the call.
public protocol OrderSink {
    mutating func ledger(_ record: LedgerRecord)
    /// Takes a `LedgerRecord.submitOrder`; most records are one.
    mutating func submit(_ order: borrowing KeptRecord<SubmitOrder>)
    /// Takes a `LedgerRecord.cancelOrder`; most others are one.
    mutating func cancel(_ cancel: borrowing KeptRecord<CancelOrder>)
}

extension OrderSink {
    public mutating func submit(_ order: borrowing KeptRecord<SubmitOrder>) { ledger(.submitOrder(order.value)) }
    public mutating func cancel(_ cancel: borrowing KeptRecord<CancelOrder>) { ledger(.cancelOrder(cancel.value)) }
}

/// The state machine of order-service: one `orders` partition.
///
/// It checks every command against the reference data and limits that it was told in its inbox, turns client units into ticks and lots, and
/// hands on to `ledger` either the command or a refusal. It decides nothing about balances or open orders.
public struct OrderCore: ~Copyable {
    public let partition: Int
    /// The newest behaviour that this release knows.
    public static let newestLogicVersion: UInt32 = 1

    public internal(set) var logicVersion: UInt32 = 1
    /// Orders accepted into the line so far.
    var orderCount: Int64 = 0
    var venue = VenueDefinition()
    var reference = ReferenceTables()

    /// Where orders and cancels of the inbox are decoded.
    @usableFromInline let incomingOrder = KeptRecord(PlaceOrder())
    @usableFromInline let incomingCancel = KeptRecord(CancelOrder())
    /// The order that was passed last, and why the last record that was not passed was refused: made in place and handed on from there.
    @usableFromInline let passed = KeptRecord(SubmitOrder())
    @usableFromInline let refused = KeptRecord(Refusal())

    /// A partition without any reference data.
    public init(partition: Int) {
        precondition(partition >= 0 && partition < OrderNumbering.partitions, "a partition is below 1,024")
        self.partition = partition
    }

    /// Applies one record.
    public mutating func apply(
        _ record: OrdersRecord, _ context: RecordContext, to sink: inout some OrderSink
    ) throws(InvariantViolation) {
        switch record {
        case .placeOrder(let order): return apply(KeptRecord(order), context, to: &sink)
        case .cancelOrder(let cancel): return apply(KeptRecord(cancel), context, to: &sink)
        default: break
        }
        if let (account, instrument) = OrderCore.unstorable(record) {
            return sink.ledger(.refusal(OrderCore.unstorable(account, instrument)))
        }
        switch record {
        case .placeOrder, .cancelOrder, .tick: break
        case .cancelAll(let cancel): cancelAll(cancel, context, &sink)
        case .amendOrder(let amend): self.amend(amend, context, &sink)
        case .marker(let marker): sink.ledger(.marker(marker))
        case .deposit(let deposit): self.deposit(deposit, &sink)
        case .requestWithdrawal(let request): requestWithdrawal(request, context, &sink)
        case .resolveWithdrawal(let resolution): sink.ledger(.resolveWithdrawal(resolution))
        case .asset(let definition): define(definition, &sink)
        case .instrument(let definition): define(definition, context, &sink)
        case .account(let definition): define(definition, &sink)
        case .feeSchedule(let definition): define(definition, &sink)
        case .venue(let definition): define(definition, &sink)
        case .raiseLogicVersion(let raise): raiseLogicVersion(raise, &sink)
        case .referencePrice(let price): take(price, context)
        }
    }

    /// Applies an order where it stands, as `apply` of a record does.
    @inlinable
    public mutating func apply<Sink: OrderSink>(
        _ order: borrowing KeptRecord<PlaceOrder>, _ context: RecordContext, to sink: inout Sink
    ) {
        hand(place(UnsafePointer(order.address), context), of: UnsafePointer(order.address), to: &sink)
    }

    /// Hands on what has become of an order.
    @inlinable
    @inline(__always)
    mutating func hand<Sink: OrderSink>(
        _ placement: Placement, of order: UnsafePointer<PlaceOrder>, to sink: inout Sink
    ) {
        switch placement {
        case .passed: sink.submit(passed)
        case .refused: sink.ledger(.refusal(refused.value))
        case .tested:
            sink.ledger(
                .testPassed(TestPassed(account: order.pointee.account, instrument: order.pointee.instrument)))
        }
    }

    /// Applies a cancel where it stands, as `apply` of a record does.
    @inlinable
    public mutating func apply<Sink: OrderSink>(
        _ cancel: borrowing KeptRecord<CancelOrder>, _ context: RecordContext, to sink: inout Sink
    ) {
        if passes(UnsafePointer(cancel.address), context) {
            sink.cancel(cancel)
        } else {
            sink.ledger(.refusal(refused.value))
        }
    }

    /// Applies the next record of the inbox as it stands in the log: type and payload of its envelope.
    @inlinable
    public mutating func apply<Sink: OrderSink>(
        type: UInt32, payload: RawSpan, _ context: RecordContext, to sink: inout Sink
    ) throws(InboxError) {
        // Most records are of two types, which are decoded where they are used and not by way of the union.
        switch type {
        case OrdersRecord.Number.placeOrder:
            try InboxError.read(payload, into: incomingOrder)
            let order = UnsafePointer(incomingOrder.address)
            hand(place(order, context), of: order, to: &sink)
        case OrdersRecord.Number.cancelOrder:
            try InboxError.read(payload, into: incomingCancel)
            if passes(UnsafePointer(incomingCancel.address), context) {
                sink.cancel(incomingCancel)
            } else {
                sink.ledger(.refusal(refused.value))
            }
        default:
            let record = try InboxError.read(OrdersRecord.self, type: type, payload)
            try InboxError.applying { () throws(InvariantViolation) in try apply(record, context, to: &sink) }
        }
    }

    /// The refusal of a command with a text that nobody can keep.
    static func unstorable(_ account: AccountID, _ instrument: InstrumentID) -> Refusal {
        Refusal(account: account, instrument: instrument, reason: .unreadable)
    }

    /// Answers a gateway's record whose payload nobody can read.
    public func refuseUnreadable(to sink: inout some OrderSink) {
        sink.ledger(.refusal(Refusal(reason: .unreadable)))
    }

    private mutating func raiseLogicVersion(_ raise: RaiseLogicVersion, _ sink: inout some OrderSink) {
        switch WriterKind(rawValue: UInt16(truncatingIfNeeded: raise.service)) {
        case .orderService:
            logicVersion = max(logicVersion, raise.version)
        case .ledgerService:
            sink.ledger(.raiseLogicVersion(raise))
        default:
            break
        }
    }
}

/// How an order's id is made: a counter of the partition above the partition's number.
public enum OrderNumbering {
    /// The low bits that hold the partition.
    public static let partitionBits = 10
    public static let partitions = 1 << partitionBits
    /// The greatest counter that keeps ids at 15 digits.
    public static let maximumCount: Int64 = 999_999_999_999_999 >> partitionBits

    /// The id of the partition's `count`-th order.
    @inlinable
    public static func orderID(count: Int64, partition: Int) -> OrderID {
        OrderID(count << Int64(partitionBits) | Int64(partition))
    }
}
