import TradingCore

/// "No slot" in a link between the elements of a pool.
enum Link {
    static let none: Int32 = -1
}

/// Elements by slot; a freed slot is used again. The state machine's replacement for reference types.
struct Pool<Element: BitwiseCopyable>: ~Copyable {
    private var elements = KeptList<Element>()
    private var free = KeptList<Int32>()

    /// Slots ever used.
    var count: Int { elements.count }

    var slots: Range<Int> { elements.indices }

    subscript(slot: Int) -> Element {
        _read { yield elements[slot] }
        _modify { yield &elements[slot] }
    }

    /// Where an element stands until the next `insert`: for a function that reads and changes several of its fields.
    @inline(__always)
    mutating func place(_ slot: Int) -> UnsafeMutablePointer<Element> { elements.place(slot) }

    @inline(__always)
    mutating func insert(_ element: Element) -> Int {
        if let slot = free.popLast() {
            elements[Int(slot)] = element
            return Int(slot)
        }
        elements.append(element)
        return elements.count - 1
    }

    /// The caller has already marked the element as unused.
    @inline(__always)
    mutating func release(_ slot: Int) { free.append(Int32(slot)) }
}

/// Elements in the order in which they came, in a ring: what is taken next lies where the processor has looked already.
struct Queue<Element: BitwiseCopyable>: ~Copyable {
    private var base: UnsafeMutablePointer<Element>
    private var mask = 63
    private var head = 0
    private(set) var count = 0

    init() { base = .allocate(capacity: 64) }

    deinit { base.deallocate() }

    /// The element that came `index` after the first.
    subscript(index: Int) -> Element {
        _read {
            precondition(index >= 0 && index < count, "an index is within its queue")
            yield base[(head &+ index) & mask]
        }
        _modify {
            precondition(index >= 0 && index < count, "an index is within its queue")
            yield &base[(head &+ index) & mask]
        }
    }

    @inline(__always)
    mutating func append(_ element: Element) {
        if count > mask { grow() }
        (base + ((head &+ count) & mask)).initialize(to: element)
        count += 1
    }

    @inline(__always)
    mutating func removeFirst() -> Element {
        precondition(count > 0, "an element is taken from a queue that has one")
        let first = base[head]
        head = (head &+ 1) & mask
        count -= 1
        return first
    }

    @inline(never)
    private mutating func grow() {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: (mask + 1) * 2)
        for index in 0..<count { (larger + index).initialize(to: base[(head &+ index) & mask]) }
        base.deallocate()
        base = larger
        mask = mask * 2 + 1
        head = 0
    }
}
