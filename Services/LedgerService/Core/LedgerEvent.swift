import Records
import TradingCore

/// The running input's `AccountEvent`, built in place: most inputs list a balance, a forward or an order's id and nothing else, and an
/// `AccountEvent` of half a kilobyte would cost more than the input itself.
public struct LedgerEvent: ~Copyable {
    /// Every balance that the input touched, as it is afterwards.
    var balances = List<Balance>()
    /// Everything that was handed to the engine.
    var forwards = List<Forward>()
    var orderID = OrderID(0)
    /// Where the running part begins in the lists, and which it is.
    private var start = 0
    private var part: UInt32 = 0
    /// Refusals and answers; meaningful while `isSpecial`. It is elsewhere, so that an event is small when it is lent.
    private let special = Special()
    private var isSpecial = false

    private final class Special {
        var answer = AccountEvent()
    }

    /// What the event says beside balances, forwards and an order's id.
    var answer: AccountEvent {
        _read { yield special.answer }
        _modify {
            isSpecial = true
            yield &special.answer
        }
    }

    @inline(__always)
    mutating func clear() {
        balances.clear()
        forwards.clear()
        orderID = OrderID(0)
        start = 0
        part = 0
        if isSpecial { clearSpecial() }
    }

    private mutating func clearSpecial() {
        isSpecial = false
        special.answer = AccountEvent()
    }

    // MARK: Parts

    private var length: Int { max(balances.count, forwards.count) }

    private var hasMoreParts: Bool { start + LedgerCore.listLimit < length }

    /// Goes on to the next part, which lists what the parts before it had no room for.
    ///
    /// - Returns: false when there is none.
    mutating func nextPart() -> Bool {
        guard hasMoreParts else { return false }
        start += LedgerCore.listLimit
        part += 1
        return true
    }

    private func listed(_ count: Int) -> Range<Int> {
        min(start, count)..<min(start + LedgerCore.listLimit, count)
    }

    // MARK: Reading

    /// Why the input was refused.
    public var refusal: Refusal? { isSpecial ? special.answer.refusal : nil }

    /// Whether it answers its origin; a step on the way (an order held and handed on) does not.
    public var isAnswer: Bool { isSpecial && special.answer.isAnswer }

    /// The record, in a value of its own.
    public var accountEvent: AccountEvent {
        var event = isSpecial ? special.answer : AccountEvent()
        for index in listed(balances.count) { event.balances.append(balances[index]) }
        for index in listed(forwards.count) { event.forwards.append(forwards[index]) }
        event.orderId = orderID
        event.part = part
        event.moreParts = hasMoreParts
        return event
    }

    /// Appends the record's encoding.
    public func encode(into writer: inout RecordWriter) {
        if isSpecial || part > 0 || hasMoreParts {
            accountEvent.encode(into: &writer)
        } else {
            encodeLists(into: &writer)
        }
    }

    /// Writes the fields 1, 2 and 9, as the generated encoding of an `AccountEvent` that has no others does.
    private func encodeLists(into writer: inout RecordWriter) {
        var cursor = writer.reserve(balances.count * 32 + forwards.count * 17 + 16 + RecordStore.slack)
        for index in balances.indices {
            RecordStore.tag(UInt8(1 << 3 | 2), &cursor)
            let body = cursor
            cursor = balances[index].encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        for index in forwards.indices {
            RecordStore.tag(UInt8(2 << 3 | 2), &cursor)
            let body = cursor
            cursor = forwards[index].encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        if orderID.rawValue != 0 {
            RecordStore.tag(UInt8(9 << 3 | 1), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: orderID.rawValue), &cursor)
        }
        writer.commit(to: cursor)
    }
}
