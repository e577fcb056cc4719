import Records
import TradingCore

/// The running input's `AccountEvent`, built in place: most inputs list a balance, a forward or an order's id and nothing else, and an
/// `AccountEvent` of half a kilobyte would cost more than the input itself.
///
/// It cannot be copied and is one word, what it says stands elsewhere: to lend it right after it was made would else wait for its fields to be
/// written.
public struct LedgerEvent: ~Copyable {
    private let content: UnsafeMutablePointer<Content>

    private struct Content: ~Copyable {
        var balances = KeptList<Balance>()
        var forwards = KeptList<Forward>()
        var orderID = OrderID(0)
        /// Where the running part begins in the lists, and which it is.
        var start = 0
        var part: UInt32 = 0
        /// Refusals and answers; meaningful while `isSpecial`.
        var answer = AccountEvent()
        var isSpecial = false
    }

    init() {
        content = .allocate(capacity: 1)
        content.initialize(to: Content())
    }

    deinit {
        content.deinitialize(count: 1)
        content.deallocate()
    }

    /// Every balance that the input touched, as it is afterwards.
    var balances: KeptList<Balance> {
        @inline(__always)
        _read { yield content.pointee.balances }
        @inline(__always)
        _modify { yield &content.pointee.balances }
    }

    /// Everything that was handed to the engine.
    var forwards: KeptList<Forward> {
        @inline(__always)
        _read { yield content.pointee.forwards }
        @inline(__always)
        _modify { yield &content.pointee.forwards }
    }

    var orderID: OrderID {
        @inline(__always)
        get { content.pointee.orderID }
        @inline(__always)
        set { content.pointee.orderID = newValue }
    }

    /// What the event says beside balances, forwards and an order's id.
    var answer: AccountEvent {
        _read { yield content.pointee.answer }
        _modify {
            content.pointee.isSpecial = true
            yield &content.pointee.answer
        }
    }

    @inline(__always)
    mutating func clear() {
        content.pointee.balances.clear()
        content.pointee.forwards.clear()
        content.pointee.orderID = OrderID(0)
        content.pointee.start = 0
        content.pointee.part = 0
        if content.pointee.isSpecial { clearSpecial() }
    }

    @inline(never)
    private mutating func clearSpecial() {
        content.pointee.isSpecial = false
        content.pointee.answer = AccountEvent()
    }

    // MARK: Parts

    private var length: Int { max(balances.count, forwards.count) }

    private var hasMoreParts: Bool { content.pointee.start + LedgerCore.listLimit < length }

    /// Goes on to the next part, which lists what the parts before it had no room for.
    ///
    /// - Returns: false when there is none.
    @usableFromInline
    mutating func nextPart() -> Bool {
        guard hasMoreParts else { return false }
        content.pointee.start += LedgerCore.listLimit
        content.pointee.part += 1
        return true
    }

    private func listed(_ count: Int) -> Range<Int> {
        let start = content.pointee.start
        return min(start, count)..<min(start + LedgerCore.listLimit, count)
    }

    // MARK: Reading

    /// Why the input was refused.
    public var refusal: Refusal? { content.pointee.isSpecial ? content.pointee.answer.refusal : nil }

    /// Whether it answers its origin; a step on the way (an order held and handed on) does not.
    public var isAnswer: Bool { content.pointee.isSpecial && content.pointee.answer.isAnswer }

    /// The record, in a value of its own.
    public var accountEvent: AccountEvent {
        var event = content.pointee.isSpecial ? content.pointee.answer : AccountEvent()
        for index in listed(balances.count) { event.balances.append(balances[index]) }
        for index in listed(forwards.count) { event.forwards.append(forwards[index]) }
        event.orderId = orderID
        event.part = content.pointee.part
        event.moreParts = hasMoreParts
        return event
    }

    /// Appends the record's encoding.
    public func encode(into writer: inout RecordWriter) {
        if content.pointee.isSpecial || content.pointee.part > 0 || hasMoreParts {
            accountEvent.encode(into: &writer)
        } else {
            encodeLists(into: &writer)
        }
    }

    /// The most bytes that the fields 1, 2 and 9 take: of an element its own bound, a tag and a length, of the id a tag and eight bytes.
    var listsBound: Int {
        balances.count * (Balance().fieldsBound + 2) + forwards.count * (Forward().fieldsBound + 2) + 9
    }

    /// Writes the fields 1, 2 and 9, as the generated encoding of an `AccountEvent` that has no others does.
    private func encodeLists(into writer: inout RecordWriter) {
        var cursor = writer.reserve(listsBound + RecordStore.slack)
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
