import Records
import TradingCore

/// The running input's `Execution`, built in place.
///
/// Its trades, ends and level changes stand on memory of their own: an array asks before every change whether it is shared, which takes a
/// quarter of an order's time. It cannot be copied and stays where it is, so lending it copies nothing.
public struct EngineEvent: ~Copyable {
    /// Everything but the four lists, which are empty in it.
    public let head: KeptRecord<Execution>
    let lists: UnsafeMutablePointer<EventLists>

    init(_ head: Execution = Execution()) {
        self.head = KeptRecord(head)
        lists = .allocate(capacity: 1)
        lists.initialize(to: EventLists())
    }

    /// Makes an event of a record in a value of its own.
    @usableFromInline
    init(part: Execution) {
        var head = part
        head.trades = []
        head.done = []
        head.levels = []
        head.preventions = []
        self.init(head)
        lists.pointee.isRare = true
        for trade in part.trades { lists.pointee.trades.append(trade) }
        for end in part.done { lists.pointee.done.append(end) }
        for level in part.levels { lists.pointee.levels.append(level) }
        for prevention in part.preventions { lists.pointee.preventions.append(prevention) }
    }

    deinit {
        lists.deinitialize(count: 1)
        lists.deallocate()
    }

    /// The trades, valid while the event is lent.
    public var trades: UnsafeBufferPointer<Trade> { lists.pointee.trades.elements }

    /// The level changes, valid while the event is lent.
    public var levels: UnsafeBufferPointer<LevelChange> { lists.pointee.levels.elements }

    /// Why the input was refused.
    public var refusal: Refusal? { lists.pointee.isRare ? head.value.refusal : nil }

    /// The record, in a value of its own.
    public var execution: Execution {
        var execution = head.value
        execution.trades = Array(trades)
        execution.done = Array(lists.pointee.done.elements)
        execution.levels = Array(levels)
        execution.preventions = Array(lists.pointee.preventions.elements)
        return execution
    }

    /// Appends the record's encoding.
    public func encode(into writer: inout RecordWriter) {
        if lists.pointee.isRare || lists.pointee.preventions.count > 0 {
            execution.encode(into: &writer)
        } else {
            encodeLists(into: &writer)
        }
    }

    /// The most bytes that the fields 5 to 8 take: of an element its own bound, a tag and a length, of the update id a tag and eight bytes.
    var listsBound: Int {
        trades.count * (Trade().fieldsBound + 2) + lists.pointee.done.count * (OrderDone().fieldsBound + 2)
            + levels.count * (LevelChange().fieldsBound + 2) + 9
    }

    /// Writes the fields 1 to 8, as the generated encoding of an `Execution` that has no others does. Most have none.
    private func encodeLists(into writer: inout RecordWriter) {
        head.encode(into: &writer)
        // The head ends in its update id, which belongs behind the lists: a tag and eight bytes.
        let first = head.value.firstUpdateId
        if first.rawValue != 0 { writer.truncate(to: writer.count - 9) }
        var cursor = writer.reserve(listsBound + RecordStore.slack)
        for trade in trades {
            RecordStore.tag(UInt8(5 << 3 | 2), &cursor)
            let body = cursor
            cursor = trade.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        for end in lists.pointee.done.elements {
            RecordStore.tag(UInt8(6 << 3 | 2), &cursor)
            let body = cursor
            cursor = end.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        for level in levels {
            RecordStore.tag(UInt8(7 << 3 | 2), &cursor)
            let body = cursor
            cursor = level.encodeFields(at: body + 1)
            RecordStore.closeDelimited(from: body, &cursor)
        }
        if first.rawValue != 0 {
            RecordStore.tag(UInt8(8 << 3 | 1), &cursor)
            RecordStore.fixed64(UInt64(bitPattern: first.rawValue), &cursor)
        }
        writer.commit(to: cursor)
    }
}

/// The lists of an event.
struct EventLists: ~Copyable {
    /// Whether the head has an amendment, a refusal or a report, or is one of several parts.
    var isRare = false
    var trades = KeptList<Trade>()
    var done = KeptList<OrderDone>()
    var levels = KeptList<LevelChange>()
    var preventions = KeptList<Prevention>()

    /// Trades, preventions, ends and level changes.
    @inline(__always)
    var count: Int { trades.count + preventions.count + done.count + levels.count }

    @inline(__always)
    mutating func clear() {
        trades.clear()
        done.clear()
        levels.clear()
        preventions.clear()
    }
}
