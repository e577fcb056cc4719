import Records
import TradingCore

/// One thing that happened to one order, with the order as it stood right after it.
public struct OrderEvent: Sendable {
    public enum Kind: Sendable {
        case accepted
        case trade(Trade, asMaker: Bool)
        case prevented(Prevention, asMaker: Bool)
        case done(OrderDone)
        case amended(OrderAmended)
    }

    public var kind: Kind
    public var order: OrderState
    public var time: Timestamp

    /// Numbers a market's events: they only grow.
    public var execution: ExecutionID { order.execution }
}

/// Where a record stood: of a topic, the partition, and the offset of its frame.
public struct RecordPosition: Equatable, Sendable {
    public var partition: Int
    public var offset: Int64

    public init(partition: Int, offset: Int64) {
        self.partition = partition
        self.offset = offset
    }
}

extension OrdersView {
    /// Takes in all that one input of the engine did, and appends what happened to orders, in the order of execution ids.
    public mutating func apply(
        _ execution: Execution, at position: RecordPosition, time: Timestamp, to events: inout [OrderEvent]
    ) {
        if let accepted = execution.accepted {
            let order = OrderState(accepted, instrument: execution.instrument, at: time)
            insert(order, partition: position.partition, offset: position.offset)
            events.append(OrderEvent(kind: .accepted, order: order, time: time))
        }
        if var amended = execution.amended {
            // Whichever way the client named the order, it is told the id that the order had.
            if let known = order(amended.orderId) { amended.origClientOrderId = known.clientOrderID }
            let order = advance(
                amended.orderId, to: amended.executionId, partition: position.partition, offset: position.offset
            ) { $0.amend(amended, at: time) }
            if let order { events.append(OrderEvent(kind: .amended(amended), order: order, time: time)) }
        }
        var (trade, prevention, done) = (0, 0, 0)
        while true {
            let nextTrade = id(execution.trades, trade) { $0.executionId }
            let nextPrevention = id(execution.preventions, prevention) { $0.executionId }
            let nextDone = id(execution.done, done) { $0.executionId }
            let next = min(nextTrade, nextPrevention, nextDone)
            if next == .max { return }
            if next == nextTrade {
                apply(execution.trades[trade], at: position, time: time, to: &events)
                trade += 1
            } else if next == nextPrevention {
                apply(execution.preventions[prevention], at: position, time: time, to: &events)
                prevention += 1
            } else {
                apply(named(execution.done[done], in: execution), at: position, time: time, to: &events)
                done += 1
            }
        }
    }

    private func id<Element>(_ elements: [Element], _ index: Int, _ id: (Element) -> ExecutionID) -> Int64 {
        index < elements.count ? id(elements[index]).rawValue : .max
    }

    private mutating func apply(
        _ trade: Trade, at position: RecordPosition, time: Timestamp, to events: inout [OrderEvent]
    ) {
        for asMaker in [true, false] {
            let order = advance(
                asMaker ? trade.makerOrderId : trade.takerOrderId,
                to: ExecutionID(trade.executionId.rawValue + (asMaker ? 0 : 1)),
                partition: position.partition, offset: position.offset
            ) { $0.fill(trade, asMaker: asMaker, at: time) }
            guard let order else { continue }
            events.append(OrderEvent(kind: .trade(trade, asMaker: asMaker), order: order, time: time))
        }
    }

    private mutating func apply(
        _ prevention: Prevention, at position: RecordPosition, time: Timestamp, to events: inout [OrderEvent]
    ) {
        for asMaker in [true, false] {
            // A side that lost nothing and goes on has nothing to tell.
            let lost = asMaker ? prevention.makerQuantity : prevention.takerQuantity
            guard lost.rawValue > 0 || (asMaker ? prevention.makerDone : prevention.takerDone) else { continue }
            let order = advance(
                asMaker ? prevention.makerOrderId : prevention.takerOrderId,
                to: ExecutionID(prevention.executionId.rawValue + (asMaker ? 0 : 1)),
                partition: position.partition, offset: position.offset
            ) { $0.prevent(prevention, asMaker: asMaker, at: time) }
            guard let order else { continue }
            events.append(OrderEvent(kind: .prevented(prevention, asMaker: asMaker), order: order, time: time))
        }
    }

    /// A cancel of all orders comes without an id of its own; all that it ended show one that is made of where it began, so every
    /// gateway makes the same.
    private func named(_ done: OrderDone, in execution: Execution) -> OrderDone {
        guard done.reason == .canceled, done.cancelClientOrderId.isEmpty else { return done }
        let first = execution.done.first?.executionId ?? done.executionId
        var done = done
        done.cancelClientOrderId =
            ASCIIText("all-\(execution.instrument.rawValue)-\(first.rawValue)") ?? ASCIIText()
        return done
    }

    private mutating func apply(
        _ done: OrderDone, at position: RecordPosition, time: Timestamp, to events: inout [OrderEvent]
    ) {
        let order = advance(
            done.orderId, to: done.executionId, partition: position.partition, offset: position.offset
        ) { $0.end(done, at: time) }
        if let order { events.append(OrderEvent(kind: .done(done), order: order, time: time)) }
    }
}
